/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/desk/support.h"

#include "daemon/base/str.h"

static const struct report_guess fire = {.category = "fire", .is_danger = true};
static const struct report_guess noise = {.category = "order"};

static struct report loaded(struct desk_fixture *f, int64_t id)
{
	struct report report;

	assert_ok(report_load(f->s.store, id, &report));
	return report;
}

static void test_danger_is_answered_with_the_numbers_and_rings_at_once(void **state)
{
	struct desk_fixture f;
	struct outbox_listing l;
	struct report report;

	(void)state;
	start(&f, true, true, false);
	report = open_guessed(&f, PARTY_PHONE, RESIDENT, "Cháy nhà ở ấp 3", &fire);
	assert_string_equal(report.category, "fire");
	assert_string_equal(report.urgency, "danger");
	l = list_outbox(&f.s);
	assert_int_equal(l.count, 3);
	assert_int_equal(l.rows[0].kind, OUTBOX_KIND_RECEIPT);
	assert_true(outbox_says(&f.s, l.rows[0].id, "NGUY HIEM xin goi ngay 113"));
	assert_true(outbox_says(&f.s, l.rows[0].id, report.code));
	assert_true(outbox_says(&f.s, l.rows[1].id, "cháy, nổ"));
	assert_true(outbox_says(&f.s, l.rows[1].id, "NGUY HIỂM"));
	assert_int_equal(l.rows[2].kind, OUTBOX_KIND_ALARM);
	assert_int_equal(l.rows[2].standby_for, 0);
	assert_int_equal(l.rows[2].due_ms, FIXTURE_WALL_MS);
	assert_true(outbox_says(&f.s, l.rows[2].id, "KHAN"));
	assert_false(outbox_says(&f.s, l.rows[2].id, "chay"));
	finish(&f);
}

static void test_a_guess_without_danger_changes_nothing_but_the_category(void **state)
{
	struct desk_fixture f;
	struct outbox_listing l;
	struct report report;

	(void)state;
	start(&f, true, true, false);
	report = open_guessed(&f, PARTY_PHONE, RESIDENT, "karaoke", &noise);
	assert_string_equal(report.category, "order");
	assert_string_equal(report.urgency, "normal");
	l = list_outbox(&f.s);
	assert_int_equal(l.rows[2].standby_for, l.rows[1].id);
	assert_false(outbox_says(&f.s, l.rows[0].id, "NGUY HIEM xin"));
	finish(&f);
}

/* The words that tell of it came with the last part. */
static void test_danger_seen_late_is_told_then(void **state)
{
	struct desk_fixture f;
	struct outbox_listing l;
	struct report report;

	(void)state;
	start(&f, true, false, false);
	report = open_guessed(&f, PARTY_PHONE, RESIDENT, "ở ấp 3", &noise);
	assert_int_equal(list_outbox(&f.s).count, 2);
	assert_ok(desk_report_amend(
		f.desk, report.id, "ở ấp 3 cháy nhà", &fire, "cháy nhà", &report));
	end_turn(&f.s);
	l = list_outbox(&f.s);
	assert_int_equal(l.count, 4);
	assert_true(outbox_says(&f.s, l.rows[2].id, "NGUY HIEM xin goi ngay 113"));
	assert_true(outbox_says(&f.s, l.rows[3].id, "KHAN"));
	assert_string_equal(loaded(&f, report.id).category, "fire");
	/* Once is enough, and a guess takes no danger back. */
	assert_ok(desk_report_amend(
		f.desk, report.id, "ở ấp 3 cháy nhà", &fire, "cháy nhà", &report));
	assert_ok(desk_report_amend(f.desk, report.id, "ở ấp 3 hát", &noise, "hát", &report));
	end_turn(&f.s);
	assert_int_equal(list_outbox(&f.s).count, 4);
	assert_string_equal(loaded(&f, report.id).urgency, "danger");
	finish(&f);
}

static void test_an_officer_has_the_last_word(void **state)
{
	struct desk_fixture f;
	struct report_guess guess;
	struct report report;
	struct errbuf eb = {0};
	CLEAN_BUF words = {0};

	(void)state;
	start(&f, true, false, false);
	report = open_guessed(&f, PARTY_PHONE, RESIDENT, "cháy hàng", &fire);
	assert_int_equal(report.decided_ms, 0);
	assert_ok(desk_report_rate(f.desk, report.id, "suggestion", "normal", "officer:1", &eb));
	end_turn(&f.s);
	report = loaded(&f, report.id);
	assert_string_equal(report.category, "suggestion");
	assert_string_equal(report.urgency, "normal");
	assert_int_equal(report.decided_ms, FIXTURE_WALL_MS);
	assert_ok(desk_report_amend(f.desk, report.id, "cháy hàng rồi", &fire, "cháy", &report));
	end_turn(&f.s);
	assert_string_equal(loaded(&f, report.id).category, "suggestion");
	assert_string_equal(loaded(&f, report.id).urgency, "normal");
	buf_init(&words, REPORT_GUESS_WORDS_MAX);
	assert_ok(report_guess_load(f.s.store, &key_holder_box, report.id, &guess, &words));
	assert_string_equal(guess.category, "fire");
	assert_true(guess.is_danger);
	assert_string_equal(buf_text(&words), "cháy");
	finish(&f);
}

static void test_an_officer_who_sees_a_danger_rings(void **state)
{
	struct desk_fixture f;
	struct outbox_listing l;
	struct errbuf eb = {0};
	struct report report;

	(void)state;
	start(&f, true, false, false);
	report = open_guessed(&f, PARTY_PHONE, RESIDENT, "a", &noise);
	assert_ok(desk_report_rate(f.desk, report.id, NULL, "danger", "officer:1", &eb));
	assert_ok(desk_report_rate(f.desk, report.id, "crime", NULL, "officer:1", &eb));
	end_turn(&f.s);
	l = list_outbox(&f.s);
	assert_int_equal(l.count, 3);
	assert_true(outbox_says(&f.s, l.rows[2].id, "KHAN"));
	assert_string_equal(loaded(&f, report.id).category, "crime");
	assert_string_equal(loaded(&f, report.id).urgency, "danger");
	finish(&f);
}

static void test_unknown_codes_are_refused(void **state)
{
	struct desk_fixture f;
	struct errbuf eb = {0};
	struct report report;

	(void)state;
	start(&f, true, false, false);
	report = open_report(&f, PARTY_PHONE, RESIDENT, "a");
	assert_err(
		desk_report_rate(f.desk, report.id, "cháy", NULL, "officer:1", &eb), ERR_INVALID);
	assert_non_null(strstr(eb.text, "social_evil"));
	assert_err(
		desk_report_rate(f.desk, report.id, NULL, "high", "officer:1", &eb), ERR_INVALID);
	assert_err(desk_report_rate(f.desk, 99, "fire", NULL, "officer:1", &eb), ERR_NOT_FOUND);
	assert_int_equal(loaded(&f, report.id).decided_ms, 0);
	finish(&f);
}

struct counted {
	int rows;
	int64_t reports, missed, false_alarms;
};

static void count_row(void *arg, const struct report_guess_count *count)
{
	struct counted *counted = arg;

	counted->rows++;
	counted->reports += count->reports;
	counted->missed += count->danger_missed;
	counted->false_alarms += count->danger_false;
	if (str_eq(count->guessed, "order"))
		assert_string_equal(count->decided, "crime");
	else
		assert_string_equal(count->decided, "fire");
}

static void test_corrections_are_counted(void **state)
{
	struct desk_fixture f;
	struct counted counted = {0};
	struct errbuf eb = {0};

	(void)state;
	start(&f, true, false, false);
	for (int i = 0; i < 3; i++) {
		struct report a = open_guessed(&f, PARTY_PHONE, RESIDENT, "a", &noise);
		struct report b = open_guessed(&f, PARTY_PHONE, RESIDENT, "b", &fire);

		open_guessed(&f, PARTY_PHONE, RESIDENT, "undecided", &fire);
		assert_ok(desk_report_rate(f.desk, a.id, "crime", "danger", "officer:1", &eb));
		assert_ok(desk_report_rate(
			f.desk, b.id, "fire", i ? "danger" : "normal", "officer:1", &eb));
	}
	assert_ok(report_guess_counts(f.s.store, REPORT_GUESS_ALL, count_row, &counted));
	assert_int_equal(counted.rows, 2);
	assert_int_equal(counted.reports, 6);
	assert_int_equal(counted.missed, 3);
	assert_int_equal(counted.false_alarms, 1);
	end_turn(&f.s);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_danger_is_answered_with_the_numbers_and_rings_at_once),
		cmocka_unit_test(test_a_guess_without_danger_changes_nothing_but_the_category),
		cmocka_unit_test(test_danger_seen_late_is_told_then),
		cmocka_unit_test(test_an_officer_has_the_last_word),
		cmocka_unit_test(test_an_officer_who_sees_a_danger_rings),
		cmocka_unit_test(test_unknown_codes_are_refused),
		cmocka_unit_test(test_corrections_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
