/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/report_link.h"
#include "store/event.h"
#include "tests/unit/store/support.h"

static struct report report_of(
	struct store_fixture *f, const char *phone, const char *category, const char *hamlet)
{
	struct report_guess guess = {.is_danger = false};
	struct report report;

	assert_ok(str_copy(guess.category, sizeof(guess.category), category));
	assert_ok(report_add(f->store,
		&(struct report_new){.party_id = party_of(f, phone),
			.source = "modem",
			.received_ms = f->clock.wall,
			.text = "Mat trom",
			.guess = &guess,
			.guess_words = "",
			.hamlet = hamlet},
		&report));
	return report;
}

struct found {
	int64_t ids[16];
	int count;
};

static void keep(void *arg, const struct report *report)
{
	struct found *found = arg;

	assert_true(found->count < 16);
	found->ids[found->count++] = report->id;
}

static void test_merged_ones_point_to_the_main_one(void **state)
{
	struct store_fixture *f = *state;
	struct report a = report_of(f, RESIDENT, "crime", "thon-3");
	struct report b = report_of(f, OTHER, "crime", "thon-3"), loaded;
	struct found found = {.count = 0};

	assert_ok(report_merge(f->store, b.id, a.id));
	assert_ok(report_merged(f->store, a.id, keep, &found));
	assert_int_equal(found.count, 1);
	assert_int_equal(found.ids[0], b.id);
	assert_ok(report_load(f->store, b.id, &loaded));
	assert_int_equal(loaded.merged_into, a.id);
	assert_int_equal(loaded.number, 2);
	assert_ok(report_merge(f->store, b.id, 0));
	found.count = 0;
	assert_ok(report_merged(f->store, a.id, keep, &found));
	assert_int_equal(found.count, 0);
	assert_err(report_merge(f->store, 99, a.id), ERR_NOT_FOUND);
}

struct links {
	struct report_link rows[8];
	int count;
};

static void keep_link(void *arg, const struct report_link *link)
{
	struct links *links = arg;

	assert_true(links->count < 8);
	links->rows[links->count++] = *link;
}

static void test_links_are_seen_from_both_ends(void **state)
{
	struct store_fixture *f = *state;
	struct report a = report_of(f, RESIDENT, "crime", "");
	struct report b = report_of(f, RESIDENT, "crime", "");
	struct links links = {.count = 0};

	assert_ok(report_link_add(f->store, b.id, a.id, REPORT_LINK_FOLLOWS));
	assert_ok(report_link_add(f->store, b.id, a.id, REPORT_LINK_FOLLOWS));
	assert_ok(report_links(f->store, a.id, keep_link, &links));
	assert_int_equal(links.count, 1);
	assert_int_equal(links.rows[0].other_id, b.id);
	assert_int_equal(links.rows[0].kind, REPORT_LINK_FOLLOWS);
	assert_true(links.rows[0].is_back);
	links.count = 0;
	assert_ok(report_links(f->store, b.id, keep_link, &links));
	assert_int_equal(links.count, 1);
	assert_false(links.rows[0].is_back);
	assert_ok(report_link_remove(f->store, b.id, a.id, REPORT_LINK_FOLLOWS));
	assert_err(report_link_remove(f->store, b.id, a.id, REPORT_LINK_FOLLOWS), ERR_NOT_FOUND);
}

static void test_near_is_same_matter_place_and_time(void **state)
{
	struct store_fixture *f = *state;
	struct report same, other;
	struct report old = report_of(f, OTHER, "crime", "thon-3");
	struct found found = {.count = 0};

	clock_virtual_advance(&f->clock, 5 * HOUR_MS);
	same = report_of(f, OTHER, "crime", "thon-3");
	report_of(f, OTHER, "fire", "thon-3");
	report_of(f, OTHER, "crime", "thon-4");
	other = report_of(f, OTHER, "crime", "thon-3");
	assert_ok(report_set_state(f->store, other.id, "closed"));
	clock_virtual_advance(&f->clock, HOUR_MS);
	other = report_of(f, RESIDENT, "crime", "thon-3");
	assert_ok(report_near(f->store, &other, 3 * HOUR_MS, 16, keep, &found));
	assert_int_equal(found.count, 1);
	assert_int_equal(found.ids[0], same.id);
	found.count = 0;
	assert_ok(report_near(f->store, &other, 12 * HOUR_MS, 16, keep, &found));
	assert_int_equal(found.count, 2);
	assert_int_equal(found.ids[1], old.id);
}

static void test_of_party_by_code_and_by_period(void **state)
{
	struct store_fixture *f = *state;
	struct report a = report_of(f, RESIDENT, "crime", ""), b, loaded;
	struct report_span span = {FIXTURE_WALL_MS, 0, FIXTURE_WALL_MS + DAY_MS};
	struct found found = {.count = 0};
	bool is_end = false;

	clock_virtual_advance(&f->clock, DAY_MS);
	report_of(f, OTHER, "crime", "");
	b = report_of(f, RESIDENT, "crime", "");
	assert_ok(report_of_party(f->store, a.party_id, 8, keep, &found));
	assert_int_equal(found.count, 2);
	assert_int_equal(found.ids[0], b.id);
	assert_ok(report_find_code(f->store, a.code, &loaded));
	assert_int_equal(loaded.id, a.id);
	assert_err(report_find_code(f->store, "222222", &loaded), ERR_NOT_FOUND);
	found.count = 0;
	assert_ok(report_span(f->store, &span, 2, keep, &found, &is_end));
	assert_int_equal(found.count, 1);
	assert_int_equal(found.ids[0], a.id);
	assert_true(is_end);
	/* One by one, from the first moment on, and of the same moment in the order of their ids.
	 */
	span = (struct report_span){FIXTURE_WALL_MS, 0, FIXTURE_WALL_MS + DAY_MS + 1};
	for (int64_t id = a.id; id <= b.id; id++) {
		found.count = 0;
		assert_ok(report_span(f->store, &span, 1, keep, &found, &is_end));
		assert_int_equal(found.count, 1);
		assert_int_equal(found.ids[0], id);
		assert_false(is_end);
	}
	assert_ok(report_span(f->store, &span, 1, keep, &found, &is_end));
	assert_int_equal(found.count, 1);
	assert_true(is_end);
	assert_ok(report_set_heard(f->store, a.id, 5));
	assert_ok(report_set_told(f->store, a.id, 6));
	assert_ok(report_set_hamlet(f->store, a.id, "thon-9"));
	assert_ok(report_load(f->store, a.id, &loaded));
	assert_int_equal(loaded.heard_ms, 5);
	assert_int_equal(loaded.told_ms, 6);
	assert_string_equal(loaded.hamlet, "thon-9");
}

static void count_event(void *arg, const struct event_seen *event)
{
	assert_string_equal(event->actor, "system");
	*(int *)arg += str_eq(event->kind, "report.received");
}

static void test_events_of_one_subject(void **state)
{
	struct store_fixture *f = *state;
	int count = 0;

	assert_ok(event_add(f->store, "report.received", "report/1", "system", "{}"));
	assert_ok(event_add(f->store, "report.received", "report/11", "system", "{}"));
	assert_ok(event_add(f->store, "report.rated", "report/1", "system", "{}"));
	assert_ok(event_of_subject(f->store, "report/1", count_event, &count));
	assert_int_equal(count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_merged_ones_point_to_the_main_one),
		STORE_TEST(test_links_are_seen_from_both_ends),
		STORE_TEST(test_near_is_same_matter_place_and_time),
		STORE_TEST(test_of_party_by_code_and_by_period),
		STORE_TEST(test_events_of_one_subject),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
