/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/escrow.h"
#include "tests/unit/store/support.h"

/* 2027-01-01T00:00:00+07:00: the register begins anew at midnight in Vietnam. */
#define NEW_YEAR_MS INT64_C(1798736400000)

static struct report add_report(struct store_fixture *f, int64_t received_ms, const char *text)
{
	struct report report;

	assert_ok(report_add(f->store,
		&(struct report_new){.party_id = party_of(f, RESIDENT),
			.source = "modem",
			.received_ms = received_ms,
			.sent_ms = received_ms - 3000,
			.text = text},
		&report));
	return report;
}

static void assert_same_report(const struct report *a, const struct report *b)
{
	assert_int_equal(a->id, b->id);
	assert_int_equal(a->year, b->year);
	assert_int_equal(a->number, b->number);
	assert_string_equal(a->code, b->code);
	assert_int_equal(a->party_id, b->party_id);
	assert_string_equal(a->source, b->source);
	assert_string_equal(a->category, b->category);
	assert_string_equal(a->urgency, b->urgency);
	assert_string_equal(a->hamlet, b->hamlet);
	assert_string_equal(a->state, b->state);
	assert_int_equal(a->received_ms, b->received_ms);
	assert_int_equal(a->sent_ms, b->sent_ms);
	assert_int_equal(a->is_incomplete, b->is_incomplete);
}

static void test_a_report_is_written_whole(void **state)
{
	struct store_fixture *f = *state;
	struct report report = add_report(f, FIXTURE_WALL_MS, "x"), loaded;

	assert_int_equal(report.year, 2026);
	assert_int_equal(report.number, 1);
	assert_int_equal(strlen(report.code), REPORT_CODE_LEN);
	assert_string_equal(report.source, "modem");
	assert_string_equal(report.category, "other");
	assert_string_equal(report.urgency, "normal");
	assert_string_equal(report.hamlet, "");
	assert_string_equal(report.state, "open");
	assert_int_equal(report.sent_ms, FIXTURE_WALL_MS - 3000);
	assert_false(report.is_incomplete);
	assert_ok(report_load(f->store, report.id, &loaded));
	assert_same_report(&report, &loaded);
	assert_err(report_load(f->store, report.id + 1, &loaded), ERR_NOT_FOUND);
}

static void test_numbers_have_no_gaps(void **state)
{
	struct store_fixture *f = *state;

	for (int i = 1; i <= 12; i++) {
		struct report report;

		assert_ok(store_savepoint_begin(f->store));
		report = add_report(f, FIXTURE_WALL_MS, "x");
		if (i % 3 == 0) {
			store_savepoint_rollback(f->store);
			report = add_report(f, FIXTURE_WALL_MS, "x");
		} else {
			assert_ok(store_savepoint_release(f->store));
		}
		assert_int_equal(report.number, i);
		if (i % 4 == 0) {
			end_turn(f);
			add_report(f, FIXTURE_WALL_MS, "lost");
			turn_abort(f->store, ERR_DISK_FULL);
		}
	}
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT max(number) - count(*) FROM report"), 0);
	assert_int_equal(raw_int(f->path, "SELECT count(DISTINCT code) FROM report"), 12);
}

/* Once there are officers: of five digits, one after the other in no order, and each given once. */
static void test_numbers_are_drawn(void **state)
{
	struct store_fixture *f = *state;
	struct report before = add_report(f, FIXTURE_WALL_MS, "x"), r[40], moved, found;
	struct keypair *escrow;
	int ups = 0;

	assert_ok(keypair_new(&escrow));
	assert_int_equal(before.entry_no, 1);
	assert_ok(escrow_claim(f->store, keypair_public(escrow)));
	for (int i = 0; i < 40; i++) {
		r[i] = add_report(f, FIXTURE_WALL_MS, "x");
		assert_in_range(r[i].number, 10000, 99999);
		assert_int_equal(r[i].entry_no, 0);
		ups += i && r[i].number > r[i - 1].number;
		for (int j = 0; j < i; j++)
			assert_int_not_equal(r[i].number, r[j].number);
	}
	assert_in_range(ups, 1, 38);
	/* What its sender was told stays its own. */
	assert_ok(report_rebook(f->store, r[0].id, REPORT_BOOK_CHIEF));
	assert_ok(report_load(f->store, r[0].id, &moved));
	assert_in_range(moved.number, 10000, 99999);
	assert_err(report_find(f->store, REPORT_BOOK_REGISTER, 2026, r[0].number, &found),
		ERR_NOT_FOUND);
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM report_left"), 1);
	keypair_free(escrow);
}

static void enter(struct store_fixture *f, int64_t to_ms)
{
	int64_t after_id = 0;

	do
		assert_ok(report_enter(f->store, to_ms, &after_id));
	while (after_id);
}

static void test_the_register_has_no_gaps(void **state)
{
	struct store_fixture *f = *state;
	static const int entries[] = {2, 0, 3, 5, 4};
	struct report r[5], is;
	struct keypair *escrow;

	assert_ok(keypair_new(&escrow));
	add_report(f, FIXTURE_WALL_MS, "x");
	assert_ok(escrow_claim(f->store, keypair_public(escrow)));
	for (int i = 0; i < 5; i++)
		r[i] = add_report(f, i == 4 ? FIXTURE_WALL_MS : FIXTURE_WALL_MS + i, "x");
	assert_ok(report_confine(f->store, r[1].id, true));
	enter(f, FIXTURE_WALL_MS + 3);
	assert_ok(report_confine(f->store, r[2].id, true));
	enter(f, FIXTURE_WALL_MS + 9);
	for (int i = 0; i < 5; i++) {
		assert_ok(report_load(f->store, r[i].id, &is));
		assert_int_equal(is.entry_no, entries[i]);
	}
	/* It turned out to be none: the next number. */
	assert_ok(report_confine(f->store, r[1].id, false));
	enter(f, FIXTURE_WALL_MS + 9);
	assert_ok(report_load(f->store, r[1].id, &is));
	assert_int_equal(is.entry_no, 6);
	keypair_free(escrow);
}

/* So many that one call does not look at all of them: some of them confined, some of another time.
 */
static void test_numbers_are_given_some_at_a_time(void **state)
{
	enum { MANY = 2 * REPORT_ENTER_ROWS + 3 };
	struct store_fixture *f = *state;
	static struct report r[MANY];
	struct keypair *escrow;
	int64_t after_id = 0;
	int calls = 0, next = 1;

	assert_ok(keypair_new(&escrow));
	assert_ok(escrow_claim(f->store, keypair_public(escrow)));
	for (int i = 0; i < MANY; i++) {
		r[i] = add_report(f, i % 5 ? FIXTURE_WALL_MS : FIXTURE_WALL_MS + DAY_MS, "x");
		if (i % 7 == 0)
			assert_ok(report_confine(f->store, r[i].id, true));
	}
	do {
		assert_ok(report_enter(f->store, FIXTURE_WALL_MS + 1, &after_id));
		end_turn(f);
		calls++;
		/* Who comes meanwhile is the last one. */
		if (calls == 1)
			r[0] = add_report(f, FIXTURE_WALL_MS, "x");
	} while (after_id);
	assert_int_equal(calls, 3);
	for (int i = 1; i <= MANY; i++) {
		bool is_entered = i == MANY || (i % 5 && i % 7);
		struct report is;

		assert_ok(report_load(f->store, r[i % MANY].id, &is));
		assert_int_equal(is.entry_no, is_entered ? next++ : 0);
	}
	/* Nothing is left: that is no write. */
	assert_ok(report_enter(f->store, FIXTURE_WALL_MS + 2 * DAY_MS, &after_id));
	keypair_free(escrow);
}

static void test_the_year_changes_at_midnight_in_vietnam(void **state)
{
	struct store_fixture *f = *state;
	struct report report;

	add_report(f, NEW_YEAR_MS - 2, "x");
	report = add_report(f, NEW_YEAR_MS - 1, "x");
	assert_int_equal(report.year, 2026);
	assert_int_equal(report.number, 2);
	report = add_report(f, NEW_YEAR_MS, "x");
	assert_int_equal(report.year, 2027);
	assert_int_equal(report.number, 1);
	/* A straggler of the old year still gets a number of its year. */
	report = add_report(f, NEW_YEAR_MS - 1, "x");
	assert_int_equal(report.year, 2026);
	assert_int_equal(report.number, 3);
	report = add_report(f, NEW_YEAR_MS + DAY_MS, "x");
	assert_int_equal(report.number, 2);
}

static void test_found_by_number_and_year(void **state)
{
	struct store_fixture *f = *state;
	struct report old = add_report(f, NEW_YEAR_MS - 1, "x"), found;
	struct report old_second = add_report(f, NEW_YEAR_MS - 1, "x");
	struct report new = add_report(f, NEW_YEAR_MS, "x");

	assert_ok(report_find(f->store, REPORT_BOOK_REGISTER, 2026, 1, &found));
	assert_same_report(&found, &old);
	assert_ok(report_find(f->store, REPORT_BOOK_REGISTER, 2027, 1, &found));
	assert_same_report(&found, &new);
	assert_ok(report_find(f->store, REPORT_BOOK_REGISTER, 0, 1, &found));
	assert_same_report(&found, &new);
	assert_ok(report_find(f->store, REPORT_BOOK_REGISTER, 0, 2, &found));
	assert_same_report(&found, &old_second);
	assert_err(report_find(f->store, REPORT_BOOK_REGISTER, 2027, 2, &found), ERR_NOT_FOUND);
	assert_err(report_find(f->store, REPORT_BOOK_REGISTER, 0, 3, &found), ERR_NOT_FOUND);
	assert_err(report_find(f->store, REPORT_BOOK_REGISTER, 0, 0, &found), ERR_NOT_FOUND);
}

static void test_codes_differ(void **state)
{
	struct store_fixture *f = *state;

	for (int i = 0; i < 500; i++)
		add_report(f, FIXTURE_WALL_MS, "x");
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT count(DISTINCT code) FROM report"), 500);
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM report WHERE length(code) <> 6"), 0);
}

struct report_page {
	int64_t ids[8];
	int count;
};

static void keep_id(void *arg, const struct report *report)
{
	struct report_page *page = arg;

	assert_true(page->count < 8);
	page->ids[page->count++] = report->id;
}

static void test_lists_newest_first(void **state)
{
	struct store_fixture *f = *state;
	struct report_page page = {.count = 0};
	int64_t ids[4];

	for (int i = 0; i < 4; i++)
		ids[i] = add_report(f, FIXTURE_WALL_MS, "x").id;
	assert_ok(report_list(f->store, 0, 2, keep_id, &page));
	assert_int_equal(page.count, 2);
	assert_int_equal(page.ids[0], ids[3]);
	assert_int_equal(page.ids[1], ids[2]);
	assert_ok(report_list(f->store, ids[2], 8, keep_id, &page));
	assert_int_equal(page.count, 4);
	assert_int_equal(page.ids[2], ids[1]);
	assert_int_equal(page.ids[3], ids[0]);
}

static void test_states_are_counted(void **state)
{
	struct store_fixture *f = *state;
	struct report report = add_report(f, FIXTURE_WALL_MS, "x");
	int64_t count;

	add_report(f, FIXTURE_WALL_MS, "x");
	assert_ok(report_set_state(f->store, report.id, "answered"));
	assert_ok(report_load(f->store, report.id, &report));
	assert_string_equal(report.state, "answered");
	assert_ok(report_count(f->store, NULL, &count));
	assert_int_equal(count, 2);
	assert_ok(report_count(f->store, "open", &count));
	assert_int_equal(count, 1);
	assert_ok(report_count(f->store, "closed", &count));
	assert_int_equal(count, 0);
}

struct dialogue {
	struct report_entry entries[8];
	char texts[8][64];
	int count;
};

static void keep_entry(void *arg, const struct report_entry *entry)
{
	struct dialogue *d = arg;

	assert_true(d->count < 8);
	d->entries[d->count] = *entry;
	snprintf(d->texts[d->count], sizeof(d->texts[0]), "%s", entry->text);
	d->count++;
}

static void test_the_dialogue_is_kept_in_order(void **state)
{
	struct store_fixture *f = *state;
	struct report report = add_report(f, FIXTURE_WALL_MS, "Cháy nhà"), other;
	struct dialogue d = {.count = 0};
	int64_t sent;

	other = add_report(f, FIXTURE_WALL_MS, "Mất trộm");
	sent = queue(f, message_to(party_of(f, RESIDENT), LANE_ANSWER));
	assert_ok(report_entry_add(
		f->store, report.id, REPORT_ENTRY_AMENDED, FIXTURE_WALL_MS + 1, 0, "ở ấp 3"));
	assert_ok(report_entry_add(f->store, report.id, REPORT_ENTRY_ANSWER, FIXTURE_WALL_MS + 2,
		sent, "Đã cử người đến."));
	assert_ok(report_entries(f->store, &key_holder_box, report.id, keep_entry, &d));
	assert_int_equal(d.count, 3);
	assert_int_equal(d.entries[0].kind, REPORT_ENTRY_RECEIVED);
	assert_int_equal(d.entries[0].at_ms, FIXTURE_WALL_MS);
	assert_int_equal(d.entries[0].outbox_id, 0);
	assert_string_equal(d.texts[0], "Cháy nhà");
	assert_int_equal(d.entries[1].kind, REPORT_ENTRY_AMENDED);
	assert_string_equal(d.texts[1], "ở ấp 3");
	assert_int_equal(d.entries[2].kind, REPORT_ENTRY_ANSWER);
	assert_int_equal(d.entries[2].outbox_id, sent);
	assert_string_equal(d.texts[2], "Đã cử người đến.");
	d.count = 0;
	assert_ok(report_entries(f->store, &key_holder_box, other.id, keep_entry, &d));
	assert_int_equal(d.count, 1);
	assert_string_equal(d.texts[0], "Mất trộm");
}

static void test_texts_have_a_bound(void **state)
{
	static char text[64 * 1024 + 2];
	struct store_fixture *f = *state;
	struct report report = add_report(f, FIXTURE_WALL_MS, "");

	memset(text, 'a', 64 * 1024);
	assert_ok(report_entry_add(
		f->store, report.id, REPORT_ENTRY_AMENDED, FIXTURE_WALL_MS, 0, text));
	text[64 * 1024] = 'a';
	assert_err(report_entry_add(
			   f->store, report.id, REPORT_ENTRY_AMENDED, FIXTURE_WALL_MS, 0, text),
		ERR_TOO_BIG);
}

/* Entries that were moved to another report do not open. */
static void test_a_moved_text_is_refused(void **state)
{
	struct store_fixture *f = *state;
	struct report report = add_report(f, FIXTURE_WALL_MS, "x");
	struct dialogue d = {.count = 0};

	add_report(f, FIXTURE_WALL_MS, "y");
	end_turn(f);
	assert_int_equal(
		raw_exec(f->path,
			"UPDATE report_entry SET text = (SELECT text FROM report_entry WHERE id = 2) WHERE id = 1"),
		SQLITE_OK);
	assert_err(report_entries(f->store, &key_holder_box, report.id, keep_entry, &d),
		ERR_WRONG_KEY);
	assert_int_equal(d.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_report_is_written_whole),
		STORE_TEST(test_numbers_have_no_gaps),
		STORE_TEST(test_numbers_are_drawn),
		STORE_TEST(test_the_register_has_no_gaps),
		STORE_TEST(test_numbers_are_given_some_at_a_time),
		STORE_TEST(test_the_year_changes_at_midnight_in_vietnam),
		STORE_TEST(test_found_by_number_and_year),
		STORE_TEST(test_codes_differ),
		STORE_TEST(test_lists_newest_first),
		STORE_TEST(test_states_are_counted),
		STORE_TEST(test_the_dialogue_is_kept_in_order),
		STORE_TEST(test_texts_have_a_bound),
		STORE_TEST(test_a_moved_text_is_refused),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
