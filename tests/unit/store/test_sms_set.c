/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of a long SMS: in any order, again, with a reference that was used before, or never. */
#include "tests/unit/store/support.h"

#define GAP " [...] "

static int next_external_id;

/* A part as intake hands it over: inbox row first. */
static struct sms_set take(struct store_fixture *f, const char *phone,
	const struct sms_concat *concat, const char *text)
{
	struct sms_set set;
	char external_id[16];
	int64_t id;

	snprintf(external_id, sizeof(external_id), "%d", ++next_external_id);
	assert_ok(inbox_add(f->store,
		&(struct inbox_new){.channel = "modem",
			.external_id = external_id,
			.kind = INBOX_KIND_PART,
			.party_id = party_of(f, phone),
			.received_ms = f->clock.wall,
			.body = text,
			.body_bytes = strlen(text)},
		&id));
	assert_ok(sms_set_add(
		f->store, id, (int64_t[2]){party_of(f, phone)}, concat, text, f->clock.wall, &set));
	return set;
}

static struct sms_set take_part(
	struct store_fixture *f, int ref, int total, int seq, const char *text)
{
	return take(f, RESIDENT, &(struct sms_concat){ref, 8, total, seq}, text);
}

static void assert_text(struct store_fixture *f, int64_t set_id, const char *expected)
{
	CLEAN_BUF text = {0};

	buf_init(&text, INBOX_BODY_MAX);
	assert_ok(sms_set_text(f->store, set_id, GAP, &text));
	assert_string_equal(buf_text(&text), expected);
}

static int64_t report_of(struct store_fixture *f)
{
	struct report report;

	assert_ok(report_add(f->store,
		&(struct report_new){.party_id = party_of(f, RESIDENT),
			.source = "modem",
			.received_ms = f->clock.wall,
			.text = "x"},
		&report));
	return report.id;
}

static void test_three_parts_in_every_order(void **state)
{
	static const int orders[][3] = {
		{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}};
	static const char *const words[] = {"mot ", "hai ", "ba"};
	struct store_fixture *f = *state;

	for (int i = 0; i < 6; i++) {
		struct sms_set set;

		for (int p = 0; p < 3; p++) {
			int seq = orders[i][p];

			set = take_part(f, i, 3, seq, words[seq - 1]);
			assert_false(set.is_repeat);
			assert_int_equal(set.have, p + 1);
			assert_int_equal(set.total, 3);
			assert_int_equal(set.report_id, 0);
			assert_int_equal(set.party_id, party_of(f, RESIDENT));
		}
		assert_text(f, set.id, "mot hai ba");
		assert_ok(sms_set_close(f->store, set.id, report_of(f), true));
	}
	end_turn(f);
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM inbox WHERE state = 'HANDLED'"), 18);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox WHERE body NOT NULL"), 0);
	assert_int_equal(
		raw_int(f->path,
			"SELECT count(*) FROM inbox i JOIN sms_set s ON s.id = i.set_id WHERE i.report_id = s.report_id"),
		18);
}

static void test_parts_survive_a_restart(void **state)
{
	struct store_fixture *f = *state;
	struct sms_set set = take_part(f, 7, 2, 2, "hai");
	int64_t id = set.id;

	end_turn(f);
	close_store(f);
	store_fixture_open(f);
	set = take_part(f, 7, 2, 1, "mot ");
	assert_int_equal(set.id, id);
	assert_int_equal(set.have, 2);
	assert_text(f, id, "mot hai");
}

static void test_a_part_that_comes_again_is_ignored(void **state)
{
	struct store_fixture *f = *state;
	struct sms_set set = take_part(f, 7, 2, 1, "mot "), again = take_part(f, 7, 2, 1, "mot ");
	int64_t count;

	assert_true(again.is_repeat);
	assert_int_equal(again.id, set.id);
	assert_int_equal(again.have, 1);
	assert_ok(inbox_count(f->store, INBOX_IGNORED, &count));
	assert_int_equal(count, 1);
	assert_ok(inbox_count(f->store, INBOX_WAITING, &count));
	assert_int_equal(count, 1);
	set = take_part(f, 7, 2, 2, "hai");
	assert_int_equal(set.have, 2);
	assert_text(f, set.id, "mot hai");
}

static void test_other_words_under_a_used_number_are_another_message(void **state)
{
	struct store_fixture *f = *state;
	struct sms_set one = take_part(f, 7, 2, 1, "A1"), two = take_part(f, 7, 2, 1, "B1");

	assert_false(two.is_repeat);
	assert_int_not_equal(one.id, two.id);
	/* What comes next belongs to the newest that lacks it. */
	two = take_part(f, 7, 2, 2, "B2");
	assert_text(f, two.id, "B1B2");
	assert_ok(sms_set_close(f->store, two.id, report_of(f), true));
	one = take_part(f, 7, 2, 2, "A2");
	assert_int_equal(one.have, 2);
	assert_text(f, one.id, "A1A2");
}

static void test_a_reference_is_free_again_after_its_message(void **state)
{
	struct store_fixture *f = *state;
	struct sms_set first, second;

	take_part(f, 7, 2, 1, "same ");
	first = take_part(f, 7, 2, 2, "words");
	assert_ok(sms_set_close(f->store, first.id, report_of(f), true));
	take_part(f, 7, 2, 1, "same ");
	second = take_part(f, 7, 2, 2, "words");
	assert_int_not_equal(first.id, second.id);
	assert_false(second.is_repeat);
	assert_text(f, second.id, "same words");
}

static void test_sender_bits_and_total_tell_sets_apart(void **state)
{
	struct store_fixture *f = *state;
	int64_t ids[5];

	ids[0] = take(f, RESIDENT, &(struct sms_concat){7, 8, 3, 1}, "a").id;
	ids[1] = take(f, OTHER, &(struct sms_concat){7, 8, 3, 2}, "b").id;
	ids[2] = take(f, RESIDENT, &(struct sms_concat){7, 16, 3, 2}, "c").id;
	ids[3] = take(f, RESIDENT, &(struct sms_concat){7, 8, 4, 2}, "d").id;
	ids[4] = take(f, RESIDENT, &(struct sms_concat){8, 8, 3, 2}, "e").id;
	for (int i = 0; i < 5; i++) {
		for (int j = 0; j < i; j++)
			assert_int_not_equal(ids[i], ids[j]);
	}
}

static void test_as_many_parts_as_there_can_be(void **state)
{
	struct store_fixture *f = *state;
	struct sms_set set = {0};
	CLEAN_BUF expected = {0};
	char words[16];

	buf_init(&expected, INBOX_BODY_MAX);
	for (int seq = 255; seq >= 1; seq--) {
		snprintf(words, sizeof(words), "<%d>", seq);
		set = take(f, RESIDENT, &(struct sms_concat){65535, 16, 255, seq}, words);
		assert_int_equal(set.have, 256 - seq);
	}
	for (int seq = 1; seq <= 255; seq++)
		assert_ok(buf_addf(&expected, "<%d>", seq));
	assert_text(f, set.id, buf_text(&expected));
	assert_ok(sms_set_close(f->store, set.id, report_of(f), true));
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox WHERE body NOT NULL"), 0);
}

static void test_gaps_are_marked_once_each(void **state)
{
	struct store_fixture *f = *state;
	struct sms_set set = take_part(f, 7, 6, 5, "5");

	assert_text(f, set.id, GAP "5" GAP);
	take_part(f, 7, 6, 2, "2");
	assert_text(f, set.id, GAP "2" GAP "5" GAP);
	take_part(f, 7, 6, 1, "1");
	take_part(f, 7, 6, 6, "6");
	assert_text(f, set.id, "12" GAP "56");
}

static void test_an_incomplete_set_is_handed_over_and_amended(void **state)
{
	struct store_fixture *f = *state;
	struct sms_set set = take_part(f, 7, 3, 1, "1"), overdue;
	int64_t report_id, count;

	assert_err(sms_set_overdue(f->store, f->clock.wall, &overdue), ERR_NOT_FOUND);
	clock_virtual_advance(&f->clock, 10 * MINUTE_MS);
	assert_ok(sms_set_overdue(f->store, f->clock.wall, &overdue));
	assert_int_equal(overdue.id, set.id);
	assert_int_equal(overdue.have, 1);
	assert_int_equal(overdue.first_ms, FIXTURE_WALL_MS);
	report_id = report_of(f);
	assert_ok(sms_set_close(f->store, set.id, report_id, false));
	assert_err(sms_set_overdue(f->store, INT64_MAX, &overdue), ERR_NOT_FOUND);
	/* What still comes finds the report, and the words that came before. */
	set = take_part(f, 7, 3, 3, "3");
	assert_int_equal(set.report_id, report_id);
	assert_int_equal(set.have, 2);
	assert_text(f, set.id, "1" GAP "3");
	set = take_part(f, 7, 3, 1, "1");
	assert_true(set.is_repeat);
	set = take_part(f, 7, 3, 2, "2");
	assert_int_equal(set.have, 3);
	assert_text(f, set.id, "123");
	assert_ok(sms_set_close(f->store, set.id, report_id, true));
	assert_ok(inbox_count(f->store, INBOX_WAITING, &count));
	assert_int_equal(count, 0);
	assert_ok(inbox_count(f->store, INBOX_HANDLED, &count));
	assert_int_equal(count, 3);
}

static void test_the_oldest_is_overdue_first(void **state)
{
	struct store_fixture *f = *state;
	struct sms_set first = take_part(f, 1, 2, 1, "a"), overdue;

	clock_virtual_advance(&f->clock, SECOND_MS);
	take_part(f, 2, 2, 1, "b");
	assert_err(sms_set_overdue(f->store, first.first_ms, &overdue), ERR_NOT_FOUND);
	assert_ok(sms_set_overdue(f->store, INT64_MAX, &overdue));
	assert_int_equal(overdue.id, first.id);
}

static void test_a_set_is_not_matched_after_a_week(void **state)
{
	struct store_fixture *f = *state;
	struct sms_set old = take_part(f, 7, 2, 1, "a"), set;

	assert_ok(sms_set_close(f->store, old.id, report_of(f), false));
	clock_virtual_advance(&f->clock, 7 * DAY_MS);
	set = take_part(f, 7, 2, 1, "a");
	assert_int_equal(set.id, old.id);
	assert_true(set.is_repeat);
	clock_virtual_advance(&f->clock, 1);
	set = take_part(f, 7, 2, 2, "b");
	assert_int_not_equal(set.id, old.id);
	assert_int_equal(set.report_id, 0);
	assert_int_equal(set.have, 1);
}

static void test_impossible_parts_are_refused(void **state)
{
	static const struct sms_concat bad[] = {{1, 8, 1, 1}, {1, 8, 256, 1}, {1, 8, 2, 0},
		{1, 8, 2, 3}, {1, 7, 2, 1}, {1, 0, 2, 1}, {1, 8, 0, 0}, {1, 8, -2, -3}};
	struct store_fixture *f = *state;
	int64_t id = add_inbox(f, "x", "x"), count;
	struct sms_set set;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_err(sms_set_add(f->store, id, (int64_t[2]){party_of(f, RESIDENT)}, &bad[i],
				   "x", f->clock.wall, &set),
			ERR_INVALID);
	assert_ok(inbox_count(f->store, INBOX_NEW, &count));
	assert_int_equal(count, 1);
}

static void look_at_part(void *arg, const struct inbox_row *row)
{
	int *seen = arg;

	assert_int_equal(row->kind, INBOX_KIND_PART);
	assert_int_equal(row->part_no, 2);
	assert_int_equal(row->part_total, 3);
	++*seen;
}

static void test_the_list_shows_parts(void **state)
{
	struct store_fixture *f = *state;
	int seen = 0;

	take_part(f, 7, 3, 2, "b");
	assert_ok(inbox_list(f->store, 0, 8, look_at_part, &seen));
	assert_int_equal(seen, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_three_parts_in_every_order),
		STORE_TEST(test_parts_survive_a_restart),
		STORE_TEST(test_a_part_that_comes_again_is_ignored),
		STORE_TEST(test_other_words_under_a_used_number_are_another_message),
		STORE_TEST(test_a_reference_is_free_again_after_its_message),
		STORE_TEST(test_sender_bits_and_total_tell_sets_apart),
		STORE_TEST(test_as_many_parts_as_there_can_be),
		STORE_TEST(test_gaps_are_marked_once_each),
		STORE_TEST(test_an_incomplete_set_is_handed_over_and_amended),
		STORE_TEST(test_the_oldest_is_overdue_first),
		STORE_TEST(test_a_set_is_not_matched_after_a_week),
		STORE_TEST(test_impossible_parts_are_refused),
		STORE_TEST(test_the_list_shows_parts),
	};

	return cmocka_run_group_tests_name("sms_set", tests, NULL, NULL);
}
