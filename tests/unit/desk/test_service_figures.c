/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told of what residents ask, and what is not. */
#include "tests/unit/desk/support.h"

#include "daemon/desk/service_figures.h"
#include "store/procedure_tally.h"

static void ask(struct desk_fixture *f, enum service_door door, const char *what,
	enum service_outcome outcome, int times)
{
	for (int i = 0; i < times; i++)
		assert_ok(service_tally_add(f->s.store, door, what, outcome));
}

static const struct service_line *topic(const struct service_figures *f, const char *what)
{
	for (int i = 0; i < f->topic_count; i++) {
		if (strcmp(f->topics[i].name, what) == 0)
			return &f->topics[i];
	}
	fail_msg("%s is not told", what);
	return NULL;
}

static struct service_figures *figures(struct desk_fixture *f, int days)
{
	struct service_figures *figures = calloc(1, sizeof(*figures));

	assert_non_null(figures);
	assert_ok(desk_service_figures(f->desk, days, figures));
	return figures;
}

static void test_what_is_told(void **state)
{
	struct service_figures *told;
	struct desk_fixture f;

	(void)state;
	start(&f, true, false, false);
	ask(&f, SERVICE_SMS, SERVICE_MENU, SERVICE_ASKED, 30);
	ask(&f, SERVICE_SMS, "search", SERVICE_ASKED, 20);
	ask(&f, SERVICE_SMS, "search", SERVICE_ANSWERED, 12);
	ask(&f, SERVICE_SMS, "search", SERVICE_PERSON, 8);
	ask(&f, SERVICE_ZALO, "status", SERVICE_ASKED, 7);
	ask(&f, SERVICE_ZALO, "status", SERVICE_ANSWERED, 7);
	told = figures(&f, 1);
	assert_int_equal(told->sums[SERVICE_ASKED], 27);
	assert_int_equal(told->sums[SERVICE_ANSWERED], 19);
	assert_int_equal(told->sums[SERVICE_PERSON], 8);
	assert_int_equal(told->doors[SERVICE_SMS].counts[SERVICE_ASKED], 20);
	assert_int_equal(told->doors[SERVICE_USSD].counts[SERVICE_ASKED], 0);
	assert_int_equal(told->topic_count, 3);
	assert_string_equal(told->topics[0].name, SERVICE_MENU);
	assert_string_equal(told->topics[1].name, "search");
	assert_int_equal(topic(told, "status")->counts[SERVICE_ANSWERED], 7);
	free(told);
	finish(&f);
}

/* The same rows once by door, once by what was asked, and once altogether. */
static void test_sums_agree(void **state)
{
	static const char *const whats[] = {"search", "procedures", "status", "poll", "stay"};
	int64_t by_door[SERVICE_OUTCOMES] = {0}, by_topic[SERVICE_OUTCOMES] = {0};
	struct service_figures *told;
	struct desk_fixture f;

	(void)state;
	start(&f, true, false, false);
	ask(&f, SERVICE_USSD, SERVICE_MENU, SERVICE_ASKED, 9);
	for (size_t i = 0; i < ARRAY_LEN(whats); i++) {
		for (int door = 0; door < SERVICE_DOORS; door++) {
			int times = 5 + (int)i * 3 + door;

			ask(&f, (enum service_door)door, whats[i], SERVICE_ASKED, 2 * times);
			ask(&f, (enum service_door)door, whats[i], SERVICE_ANSWERED, times);
			ask(&f, (enum service_door)door, whats[i], SERVICE_PERSON, times);
		}
	}
	told = figures(&f, 1);
	for (int at = 0; at < SERVICE_OUTCOMES; at++) {
		for (int door = 0; door < SERVICE_DOORS; door++)
			by_door[at] += told->doors[door].counts[at];
		for (int i = 0; i < told->topic_count; i++) {
			/* Who opens a menu asks for nothing yet. */
			if (strcmp(told->topics[i].name, SERVICE_MENU) != 0)
				by_topic[at] += told->topics[i].counts[at];
		}
		assert_int_equal(by_door[at], told->sums[at]);
		assert_int_equal(by_topic[at], told->sums[at]);
	}
	assert_int_equal(told->sums[SERVICE_ASKED],
		told->sums[SERVICE_ANSWERED] + told->sums[SERVICE_PERSON]);
	free(told);
	finish(&f);
}

/* 20 asked and 17 answered: the other three are told by neither. */
static void test_a_few_are_not_told(void **state)
{
	const struct service_line *line;
	struct service_figures *told;
	struct desk_fixture f;

	(void)state;
	start(&f, true, false, false);
	ask(&f, SERVICE_SMS, "search", SERVICE_ASKED, 20);
	ask(&f, SERVICE_SMS, "search", SERVICE_ANSWERED, 17);
	ask(&f, SERVICE_SMS, "search", SERVICE_PERSON, 3);
	ask(&f, SERVICE_SMS, "stay", SERVICE_ASKED, 40);
	ask(&f, SERVICE_SMS, "stay", SERVICE_ANSWERED, 40);
	told = figures(&f, 1);
	line = topic(told, "search");
	assert_int_equal(line->counts[SERVICE_PERSON], FIGURES_HIDDEN);
	assert_true(line->counts[SERVICE_ANSWERED] == FIGURES_HIDDEN ||
		    line->counts[SERVICE_ASKED] == FIGURES_HIDDEN);
	assert_int_equal(told->sums[SERVICE_PERSON], FIGURES_HIDDEN);
	assert_int_equal(told->doors[SERVICE_SMS].counts[SERVICE_PERSON], FIGURES_HIDDEN);
	free(told);
	finish(&f);
}

static void want(struct desk_fixture *f, const char *code, int times)
{
	for (int i = 0; i < times; i++)
		assert_ok(procedure_tally_add(f->s.store, code));
}

static void test_entries(void **state)
{
	struct service_figures *told;
	struct desk_fixture f;

	(void)state;
	start(&f, true, false, false);
	want(&f, "cap-can-cuoc", 9);
	want(&f, "dang-ky-xe", 11);
	want(&f, "ho-chieu", 2);
	want(&f, "", 5);
	told = figures(&f, 30);
	assert_int_equal(told->entry_count, 3);
	assert_string_equal(told->entries[0].code, "dang-ky-xe");
	assert_int_equal(told->entries[0].asked, 11);
	assert_string_equal(told->entries[2].code, "ho-chieu");
	assert_int_equal(told->entries[2].asked, FIGURES_HIDDEN);
	/* The smallest of the others goes with it. */
	assert_int_equal(told->missed, FIGURES_HIDDEN);
	free(told);
	finish(&f);
}

static void test_days(void **state)
{
	struct service_figures *told;
	struct desk_fixture f;

	(void)state;
	start(&f, true, false, false);
	ask(&f, SERVICE_USSD, "contact", SERVICE_ASKED, 6);
	clock_virtual_advance(&f.s.clock, DAY_MS);
	ask(&f, SERVICE_USSD, "contact", SERVICE_ASKED, 5);
	told = figures(&f, 1);
	assert_int_equal(told->sums[SERVICE_ASKED], 5);
	free(told);
	told = figures(&f, 2);
	assert_int_equal(told->sums[SERVICE_ASKED], 11);
	free(told);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_told),
		cmocka_unit_test(test_sums_agree),
		cmocka_unit_test(test_a_few_are_not_told),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
