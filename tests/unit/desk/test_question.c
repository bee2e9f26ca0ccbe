/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of a report by its code: who may have it, what wrong codes cost, and that nobody can
 * tell by the work done which codes exist. */
#include "daemon/desk/question.h"
#include "store/internal.h"
#include "store/report_code.h"
#include "tests/unit/desk/support.h"

#define STRANGER "+84900000099"

struct ask_fixture {
	struct desk_fixture f;
	struct report report;
	char pin[8];
	struct party resident, stranger;
};

static void begin(struct ask_fixture *t)
{
	struct errbuf eb = {0};

	start(&t->f, true, false, false);
	t->report = open_report(&t->f, PARTY_PHONE, RESIDENT, "ong Nam ban ma tuy");
	assert_ok(party_get(t->f.s.store, PARTY_PHONE, RESIDENT, &t->resident));
	assert_ok(party_get(t->f.s.store, PARTY_PHONE, STRANGER, &t->stranger));
	assert_ok(desk_report_pin(t->f.desk, t->report.id, "officer:test", t->pin, &eb));
	end_turn(&t->f.s);
}

static bool ask(struct ask_fixture *t, int64_t party_id, const char *code, const char *pin)
{
	bool is_known = false;

	assert_ok(desk_ask(t->f.desk,
		&(struct desk_question){.party_id = party_id, .code = code, .pin = pin},
		&is_known));
	end_turn(&t->f.s);
	return is_known;
}

/* Replies to somebody, and what the last one says. */
static int replies(struct ask_fixture *t, int64_t party_id, char last[1024])
{
	struct outbox_listing l = list_outbox(&t->f.s);
	CLEAN_BUF text = {0};
	int count = 0;

	last[0] = 0;
	for (int i = 0; i < l.count; i++) {
		if (l.rows[i].party_id != party_id || l.rows[i].kind != OUTBOX_KIND_ANSWER)
			continue;
		count++;
		buf_done(&text);
		buf_init(&text, OUTBOX_BODY_MAX);
		assert_ok(outbox_text(t->f.s.store, l.rows[i].id, &text));
		snprintf(last, 1024, "%s", buf_text(&text));
		/* It may be to somebody else than who reported. */
		assert_int_equal(l.rows[i].report_id, 0);
	}
	return count;
}

static void test_from_the_same_phone_the_code_is_enough(void **state)
{
	struct ask_fixture t;
	char last[1024];

	(void)state;
	begin(&t);
	assert_true(ask(&t, t.resident.id, t.report.code, ""));
	assert_int_equal(replies(&t, t.resident.id, last), 1);
	assert_non_null(strstr(last, t.report.code));
	assert_non_null(strstr(last, "da tiep nhan"));
	/* Phones are shared. */
	assert_null(strstr(last, "ma tuy"));
	assert_null(strstr(last, "toi pham"));
	assert_ok(report_set_state(t.f.s.store, t.report.id, "closed"));
	assert_true(ask(&t, t.resident.id, t.report.code, ""));
	assert_int_equal(replies(&t, t.resident.id, last), 2);
	assert_non_null(strstr(last, "da giai quyet xong"));
	finish(&t.f);
}

static void test_from_another_phone_it_takes_the_pin(void **state)
{
	struct ask_fixture t;
	char refused[1024], last[1024];

	(void)state;
	begin(&t);
	assert_false(ask(&t, t.stranger.id, t.report.code, ""));
	assert_int_equal(replies(&t, t.stranger.id, refused), 1);
	assert_null(strstr(refused, t.report.code));
	/* The same words whether it is the code or the PIN that is wrong. */
	assert_false(ask(&t, t.stranger.id, "222222", t.pin));
	assert_int_equal(replies(&t, t.stranger.id, last), 2);
	assert_string_equal(last, refused);
	assert_true(ask(&t, t.stranger.id, t.report.code, t.pin));
	assert_int_equal(replies(&t, t.stranger.id, last), 3);
	assert_non_null(strstr(last, t.report.code));
	finish(&t.f);
}

static void test_a_pin_for_the_phone_that_wrote(void **state)
{
	struct ask_fixture t;
	char last[1024];
	bool is_known;

	(void)state;
	begin(&t);
	assert_ok(desk_ask(t.f.desk,
		&(struct desk_question){.party_id = t.stranger.id,
			.code = t.report.code,
			.pin = "",
			.wants_pin = true},
		&is_known));
	assert_false(is_known);
	assert_ok(desk_ask(t.f.desk,
		&(struct desk_question){.party_id = t.resident.id,
			.code = t.report.code,
			.pin = "",
			.wants_pin = true},
		&is_known));
	assert_true(is_known);
	assert_int_equal(replies(&t, t.resident.id, last), 1);
	/* It replaces the one of before. */
	assert_false(ask(&t, t.stranger.id, t.report.code, t.pin));
	memcpy(t.pin, strstr(last, " la ") + 4, REPORT_PIN_LEN);
	assert_true(ask(&t, t.stranger.id, t.report.code, t.pin));
	finish(&t.f);
}

static void wait_for(struct ask_fixture *t, int64_t ms)
{
	clock_virtual_advance(&t->f.s.clock, ms);
}

static void restart(struct ask_fixture *t)
{
	static const char *const phones[] = {DUTY_PHONE};

	desk_free(t->f.desk);
	store_close(t->f.s.store);
	store_fixture_open(&t->f.s);
	assert_ok(desk_new(&(struct desk_options){.store = t->f.s.store,
				   .has_modem = true,
				   .duty_phones = phones,
				   .duty_phone_count = 1},
		&t->f.desk));
}

static void test_wrong_codes_cost_time(void **state)
{
	struct ask_fixture t;

	(void)state;
	begin(&t);
	for (int i = 0; i < 4; i++)
		assert_false(ask(&t, t.stranger.id, "222222", "000000"));
	/* Locked for a minute: even what is right is refused, and costs nothing more. */
	for (int i = 0; i < 20; i++)
		assert_false(ask(&t, t.stranger.id, t.report.code, t.pin));
	restart(&t);
	wait_for(&t, MINUTE_MS - 1);
	assert_false(ask(&t, t.stranger.id, t.report.code, t.pin));
	wait_for(&t, 1);
	assert_true(ask(&t, t.stranger.id, t.report.code, t.pin));
	assert_false(ask(&t, t.stranger.id, "222222", "000000"));
	wait_for(&t, MINUTE_MS);
	assert_false(ask(&t, t.stranger.id, t.report.code, t.pin));
	wait_for(&t, MINUTE_MS);
	assert_true(ask(&t, t.stranger.id, t.report.code, t.pin));
	/* Who wrote it is kept waiting by nobody. */
	assert_true(ask(&t, t.resident.id, t.report.code, ""));
	/* A clock that was years ahead locks for a day at most. */
	assert_false(ask(&t, t.stranger.id, "222222", "000000"));
	t.f.s.clock.wall -= 3000 * DAY_MS;
	assert_false(ask(&t, t.stranger.id, t.report.code, t.pin));
	t.f.s.clock.wall += DAY_MS;
	assert_true(ask(&t, t.stranger.id, t.report.code, t.pin));
	finish(&t.f);
}

static void test_many_phones_on_one_code(void **state)
{
	struct ask_fixture t;
	struct party other;
	char phone[20];

	(void)state;
	begin(&t);
	for (int i = 0; i < 6; i++) {
		snprintf(phone, sizeof(phone), "+8490000%04d", 1000 + i);
		assert_ok(party_get(t.f.s.store, PARTY_PHONE, phone, &other));
		assert_false(ask(&t, other.id, t.report.code, "000000"));
	}
	assert_false(ask(&t, t.stranger.id, t.report.code, t.pin));
	wait_for(&t, MINUTE_MS);
	assert_true(ask(&t, t.stranger.id, t.report.code, t.pin));
	/* Ten wrong ones in all end the PIN, whatever time they take. */
	for (int i = 0; i < 4; i++) {
		wait_for(&t, DAY_MS);
		snprintf(phone, sizeof(phone), "+8490000%04d", 2000 + i);
		assert_ok(party_get(t.f.s.store, PARTY_PHONE, phone, &other));
		assert_false(ask(&t, other.id, t.report.code, "000000"));
	}
	wait_for(&t, DAY_MS);
	assert_false(ask(&t, t.stranger.id, t.report.code, t.pin));
	finish(&t.f);
}

static void test_replies_are_limited_and_questions_are_not(void **state)
{
	struct ask_fixture t;
	char last[1024];

	(void)state;
	begin(&t);
	for (int i = 0; i < 12; i++)
		assert_true(ask(&t, t.resident.id, t.report.code, ""));
	assert_int_equal(replies(&t, t.resident.id, last), DESK_SAID_MAX);
	wait_for(&t, HOUR_MS);
	assert_true(ask(&t, t.resident.id, t.report.code, ""));
	assert_int_equal(replies(&t, t.resident.id, last), DESK_SAID_MAX + 1);
	finish(&t.f);
}

static void test_answers_of_a_quiet_report_wait_for_the_pin(void **state)
{
	struct ask_fixture t;
	struct desk_answered done;
	struct errbuf eb = {0};
	struct report report;
	char last[1024], pin[8];

	(void)state;
	begin(&t);
	assert_ok(desk_report_open(t.f.desk,
		&(struct report_new){.party_id = t.resident.id,
			.source = "modem",
			.received_ms = FIXTURE_WALL_MS,
			.text = "x",
			.is_quiet = true},
		&report));
	assert_ok(desk_report_answer(
		t.f.desk, report.id, "Hen o tru so.", "officer:test", &done, &eb));
	assert_int_equal(done.sent, 0);
	assert_int_equal(done.held, 1);
	assert_ok(desk_report_pin(t.f.desk, report.id, "officer:test", pin, &eb));
	assert_true(ask(&t, t.stranger.id, report.code, pin));
	assert_int_equal(replies(&t, t.stranger.id, last), 2);
	assert_string_equal(last, "Hen o tru so.");
	/* Once. */
	assert_true(ask(&t, t.stranger.id, report.code, pin));
	assert_int_equal(replies(&t, t.stranger.id, last), 3);
	assert_non_null(strstr(last, report.code));
	/* The phone it came from is told nothing, whatever it asks. */
	assert_true(ask(&t, t.resident.id, report.code, ""));
	assert_false(ask(&t, t.resident.id, "222222", ""));
	assert_int_equal(replies(&t, t.resident.id, last), 0);
	finish(&t.f);
}

/* What the store was made to do. */
struct work {
	char sql[64][48];
	int count;
	int pages; /* written to the log by the commit */
};

static int note_statement(unsigned type, void *arg, void *stmt, void *unused)
{
	struct work *work = arg;

	(void)type;
	(void)unused;
	if (work->count < 64)
		snprintf(
			work->sql[work->count++], sizeof(work->sql[0]), "%.47s", sqlite3_sql(stmt));
	return 0;
}

/* Six others try the code, so that it is locked. */
static void lock_code(struct ask_fixture *t, const char *code)
{
	for (int i = 0; i < 6; i++) {
		struct party party;
		char phone[20];

		snprintf(phone, sizeof(phone), "+8490000%04d", 4000 + i);
		assert_ok(party_get(t->f.s.store, PARTY_PHONE, phone, &party));
		assert_false(ask(t, party.id, code, "000000"));
	}
}

static struct work work_of(struct ask_fixture *t, const char *code, const char *pin, bool is_locked)
{
	struct work work = {.count = 0};
	sqlite3 *db = t->f.s.store->db;
	int before, after, most;

	/* Each by a new stranger, who has been here once: his rows are as everybody's. */
	static int number;
	char phone[20];
	struct party party;

	snprintf(phone, sizeof(phone), "+8490000%04d", 3000 + number++);
	assert_ok(party_get(t->f.s.store, PARTY_PHONE, phone, &party));
	assert_false(ask(t, party.id, "333333", ""));
	wait_for(t, 2 * DAY_MS);
	if (is_locked)
		lock_code(t, code);
	end_turn(&t->f.s);
	sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_WRITE, &before, &most, 0);
	sqlite3_trace_v2(db, SQLITE_TRACE_STMT, note_statement, &work);
	(void)ask(t, party.id, code, pin);
	sqlite3_trace_v2(db, 0, NULL, NULL);
	sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_WRITE, &after, &most, 0);
	work.pages = after - before;
	return work;
}

static void assert_same_work(const struct work *a, const struct work *b)
{
	for (int i = 0; a->count != b->count && i < 64; i++)
		print_error("%s | %s\n", i < a->count ? a->sql[i] : "-",
			i < b->count ? b->sql[i] : "-");
	assert_int_equal(a->count, b->count);
	for (int i = 0; i < a->count; i++)
		assert_string_equal(a->sql[i], b->sql[i]);
	/* A page more or less is where a row came to lie, not what was asked. */
	assert_true(abs(a->pages - b->pages) <= 1);
}

static void test_the_work_tells_nothing(void **state)
{
	struct ask_fixture t;
	struct report without;
	struct work no_code, no_pin, pinless, right, wrong_pin, locked;

	(void)state;
	begin(&t);
	without = open_report(&t.f, PARTY_PHONE, RESIDENT, "x");
	no_code = work_of(&t, "222222", "000000", false);
	assert_true(no_code.count > 10);
	right = work_of(&t, t.report.code, t.pin, false);
	assert_same_work(&no_code, &right);
	wrong_pin = work_of(&t, t.report.code, "000000", false);
	assert_same_work(&no_code, &wrong_pin);
	no_pin = work_of(&t, t.report.code, "", false);
	assert_same_work(&no_code, &no_pin);
	pinless = work_of(&t, without.code, "000000", false);
	assert_same_work(&no_code, &pinless);
	/* Locked by code, and right: as wrong as any. */
	locked = work_of(&t, t.report.code, t.pin, true);
	assert_same_work(&no_code, &locked);
	finish(&t.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_from_the_same_phone_the_code_is_enough),
		cmocka_unit_test(test_from_another_phone_it_takes_the_pin),
		cmocka_unit_test(test_a_pin_for_the_phone_that_wrote),
		cmocka_unit_test(test_wrong_codes_cost_time),
		cmocka_unit_test(test_many_phones_on_one_code),
		cmocka_unit_test(test_replies_are_limited_and_questions_are_not),
		cmocka_unit_test(test_answers_of_a_quiet_report_wait_for_the_pin),
		cmocka_unit_test(test_the_work_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
