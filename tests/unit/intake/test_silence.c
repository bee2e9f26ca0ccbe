/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who asked for silence is sent nothing, whatever he writes and whatever is done with what he
 * wrote: everything that a phone can be answered is tried on one that did not ask, too. */
#include "config/procedure.h"
#include "daemon/base/str.h"
#include "daemon/desk/delivery.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/enrolment.h"
#include "daemon/desk/place.h"
#include "daemon/desk/question.h"
#include "daemon/desk/retention.h"
#include "daemon/desk/thread.h"
#include "daemon/intake/intake.h"
#include "store/report_code.h"
#include "tests/lib/store_fixture.h"

#define LOUD	 "+84900000011"
#define HUSHED	 "+84900000012"
#define STRANGER "+84900000013"
#define USER	 "9000000000000000001"
#define CLERK	 "officer:test"

struct town {
	struct store_fixture s;
	struct procedures *procedures;
	struct desk *desk;
	struct intake *intake;
	int messages;
};

static void begin(struct town *t)
{
	struct errbuf eb = {0};
	struct place place;

	*t = (struct town){.messages = 0};
	store_fixture_init(&t->s);
	assert_ok(procedures_load("", &t->procedures, &eb));
	assert_ok(desk_new(&(struct desk_options){.store = t->s.store,
				   .has_modem = true,
				   .has_zalo = true,
				   .has_tick = true,
				   .dialogue_minutes = 30},
		&t->desk));
	assert_ok(intake_new(
		&(struct intake_options){
			.store = t->s.store, .desk = t->desk, .procedures = t->procedures},
		&t->intake));
	assert_ok(desk_place_put(t->desk,
		&(struct desk_place_new){"thon-3", "Thôn 3", "hamlet", ""}, CLERK, &place, &eb));
	end_turn(&t->s);
}

static void finish(struct town *t)
{
	intake_free(t->intake);
	desk_free(t->desk);
	procedures_free(t->procedures);
	store_fixture_done(&t->s);
}

static void receive(struct town *t, const struct inbound *in)
{
	struct inbound copy = *in;
	char id[32];

	snprintf(id, sizeof(id), "id-%d", ++t->messages);
	copy.external_id = id;
	assert_ok(intake_accept(t->intake, &copy));
	end_turn(&t->s);
}

static void text(struct town *t, const char *from, const char *words)
{
	bool is_zalo = from[0] != '+';

	receive(t, &(struct inbound){.channel = is_zalo ? "zalo_user" : "modem",
			   .kind = INBOX_KIND_TEXT,
			   .from_kind = is_zalo ? PARTY_ZALO_USER : PARTY_PHONE,
			   .from = from,
			   .text = words});
}

static void wait_for(struct town *t, int64_t ms)
{
	clock_virtual_advance(&t->s.clock, ms);
}

/* Messages of any kind for that address, as whoever it is known, that have left or will. */
static int sent(struct town *t, const char *to)
{
	struct outbox_listing l = list_outbox(&t->s);
	int count = 0;

	for (int i = 0; i < l.count; i++) {
		CLEAN_BUF address = {0};

		if (l.rows[i].state == OUTBOX_CANCELLED)
			continue;
		buf_init(&address, PARTY_ADDRESS_MAX);
		assert_ok(party_address(t->s.store, l.rows[i].party_id, &address));
		count += str_eq(buf_text(&address), to);
	}
	return count;
}

static struct report last_report(struct town *t)
{
	struct report report;
	int64_t count;

	assert_ok(report_count(t->s.store, NULL, &count));
	assert_ok(report_load(t->s.store, count, &report));
	return report;
}

/* What a phone can be answered, by itself. %s: the code of a report of its own. */
static const struct saying {
	const char *words; /* NULL: it calls */
	bool is_sms_only;
} sayings[] = {{"xe la do truoc nha van hoa", false}, {"#%s xe van con do", false},
	{"chay nha o thon 3, cuu voi", false}, {NULL, false}, {"TC %s", false},
	{"TC 222222", false}, {"TC %s 123456", false}, {"MK %s", false}, {"TT", false},
	{"TT mat can cuoc", false}, {"TT chuyen tren troi", false}, {"DK", true},
	{"DK thon 3 Tran Van B", true}, {"DK xom la Tran Van B", true}, {"TU CHOI", false},
	{"TU CHOI 3", false}, {"TU CHOI 99", false}, {"STOP", false}, {"NHAN LAI", false},
	{"NHAN LAI 3", false}};

static void say(struct town *t, const char *from, const struct saying *saying, const char *code)
{
	char words[128];

	/* So that no limit of an hour is what keeps it silent. */
	wait_for(t, 2 * HOUR_MS);
	if (!saying->words) {
		receive(t, &(struct inbound){.channel = from[0] == '+' ? "modem" : "zalo_user",
				   .kind = INBOX_KIND_CALL,
				   .from_kind = from[0] == '+' ? PARTY_PHONE : PARTY_ZALO_USER,
				   .from = from,
				   .text = ""});
		return;
	}
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(words, sizeof(words), saying->words, code);
#pragma GCC diagnostic pop
	text(t, from, words);
}

/* Who is not hushed is answered whatever he says: else the other tests would show nothing. */
static void test_everything_is_answered_to_who_asked_for_no_silence(void **state)
{
	static const char *const who[] = {LOUD, USER};

	(void)state;
	for (size_t w = 0; w < ARRAY_LEN(who); w++) {
		for (size_t i = 0; i < ARRAY_LEN(sayings); i++) {
			struct town t;
			int before;

			if (sayings[i].is_sms_only && who[w][0] != '+')
				continue;
			begin(&t);
			text(&t, who[w], "mat trom xe dap");
			before = sent(&t, who[w]);
			assert_true(before > 0);
			say(&t, who[w], &sayings[i], last_report(&t).code);
			if (sent(&t, who[w]) == before)
				fail_msg("%s: not answered", sayings[i].words);
			finish(&t);
		}
	}
}

static void check_silent(const char *from, const char *first, int64_t later_ms)
{
	struct town t;
	char code[REPORT_CODE_LEN + 1];

	begin(&t);
	text(&t, from, first);
	assert_true(last_report(&t).is_quiet);
	snprintf(code, sizeof(code), "%s", last_report(&t).code);
	wait_for(&t, later_ms);
	for (size_t i = 0; i < ARRAY_LEN(sayings); i++) {
		say(&t, from, &sayings[i], code);
		if (sent(&t, from))
			fail_msg("%s: then '%s' is answered", first, sayings[i].words);
	}
	finish(&t);
}

static void test_a_phone_that_asked_is_answered_nothing(void **state)
{
	(void)state;
	check_silent(HUSHED, "IM chong toi danh toi", 0);
	check_silent(HUSHED, "IM toi so lam", 5 * DAY_MS);
	check_silent(USER, "IM chong toi danh toi", 0);
}

/* As the hidden one he is somebody else; it is the same phone that somebody looks at. */
static void test_nor_as_the_named_one_what_was_asked_by_the_hidden_one(void **state)
{
	(void)state;
	check_silent(HUSHED, "AN IM chong toi danh toi", 0);
	check_silent(HUSHED, "AN IM chong toi danh toi", 30 * HOUR_MS);
	check_silent(USER, "AN IM ong Nam ban ma tuy", 30 * HOUR_MS);
}

/* The hidden one wrote last; the named one asked. */
static void test_nor_as_the_hidden_one_what_was_asked_by_the_named_one(void **state)
{
	struct town t;

	(void)state;
	begin(&t);
	text(&t, HUSHED, "IM chong toi danh toi");
	wait_for(&t, 30 * HOUR_MS);
	text(&t, HUSHED, "AN ong Nam ban ma tuy");
	assert_true(last_report(&t).is_anonymous);
	assert_int_equal(sent(&t, HUSHED), 0);
	/* And when the time is over he is answered again. */
	wait_for(&t, DESK_QUIET_MS);
	text(&t, HUSHED, "AN xe la do truoc nha van hoa");
	assert_int_equal(sent(&t, HUSHED), 1);
	finish(&t);
}

static void test_what_officers_do_reaches_him_not_either(void **state)
{
	struct desk_actor actor = {.name = CLERK};
	struct desk_answered done;
	struct enrolment asked;
	struct errbuf eb = {0};
	struct report loud;
	enum forget what;
	int before;
	struct town t;

	(void)state;
	begin(&t);
	/* He had spoken aloud before. */
	text(&t, HUSHED, "mat trom xe dap");
	loud = last_report(&t);
	text(&t, HUSHED, "DK thon 3 Tran Van B");
	before = sent(&t, HUSHED);
	assert_int_equal(before, 2);
	assert_ok(desk_report_answer(t.desk, loud.id, "Xe mau gi?", CLERK, &done, &eb));
	end_turn(&t.s);
	assert_int_equal(sent(&t, HUSHED), 3);
	/* Nothing of it has left when he asks for silence: it never does. */
	text(&t, HUSHED, "IM chong toi danh toi");
	assert_int_equal(sent(&t, HUSHED), 0);
	assert_ok(desk_report_answer(t.desk, loud.id, "Moi den tru so.", CLERK, &done, &eb));
	assert_int_equal(done.sent, 0);
	assert_int_equal(done.held, 1);
	assert_ok(enrolment_next(t.s.store, 0, &asked));
	assert_ok(desk_enrolment_accept(
		t.desk, asked.id, &(struct desk_enrolment_in){.role = "member"}, &actor, &eb));
	assert_ok(delivery_thank(t.desk, loud.party_id, 1));
	assert_ok(desk_forget(
		t.desk, &(struct forget_ask){.report_id = loud.id, .actor = CLERK}, &what, &eb));
	assert_ok(desk_forget(
		t.desk, &(struct forget_ask){.phone = HUSHED, .actor = CLERK}, &what, &eb));
	end_turn(&t.s);
	assert_int_equal(sent(&t, HUSHED), 0);
	finish(&t);
}

/* From another phone with the PIN, or from his own when the time is over. */
static void test_what_was_held_back_is_not_lost(void **state)
{
	struct desk_answered done;
	struct errbuf eb = {0};
	char pin[8], words[64];
	struct report loud;
	struct town t;

	(void)state;
	begin(&t);
	text(&t, HUSHED, "mat trom xe dap");
	loud = last_report(&t);
	assert_ok(desk_report_answer(t.desk, loud.id, "Xe mau gi?", CLERK, &done, &eb));
	end_turn(&t.s);
	text(&t, HUSHED, "IM chong toi danh toi");
	assert_ok(desk_report_pin(t.desk, loud.id, CLERK, pin, &eb));
	snprintf(words, sizeof(words), "TC %s %s", loud.code, pin);
	text(&t, STRANGER, words);
	assert_int_equal(sent(&t, STRANGER), 2);
	assert_ok(desk_report_answer(t.desk, loud.id, "Moi den tru so.", CLERK, &done, &eb));
	wait_for(&t, DESK_QUIET_MS);
	snprintf(words, sizeof(words), "TC %s", loud.code);
	text(&t, HUSHED, words);
	assert_int_equal(sent(&t, HUSHED), 2);
	finish(&t);
}

/* That an answer to his named report is held back would tell who the hidden one is. */
static void test_no_officer_learns_of_the_hidden_one(void **state)
{
	struct desk_answered done;
	struct errbuf eb = {0};
	struct report loud;
	struct town t;

	(void)state;
	begin(&t);
	text(&t, HUSHED, "mat trom xe dap");
	loud = last_report(&t);
	assert_ok(desk_report_answer(t.desk, loud.id, "Xe mau gi?", CLERK, &done, &eb));
	end_turn(&t.s);
	text(&t, HUSHED, "AN IM chong toi danh toi");
	/* The receipt, which says itself what it is, no more; what an officer said, still. */
	assert_int_equal(sent(&t, HUSHED), 1);
	assert_ok(desk_report_answer(t.desk, loud.id, "Moi den tru so.", CLERK, &done, &eb));
	assert_int_equal(done.sent, 1);
	assert_int_equal(done.held, 0);
	finish(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything_is_answered_to_who_asked_for_no_silence),
		cmocka_unit_test(test_a_phone_that_asked_is_answered_nothing),
		cmocka_unit_test(test_nor_as_the_named_one_what_was_asked_by_the_hidden_one),
		cmocka_unit_test(test_nor_as_the_hidden_one_what_was_asked_by_the_named_one),
		cmocka_unit_test(test_what_officers_do_reaches_him_not_either),
		cmocka_unit_test(test_what_was_held_back_is_not_lost),
		cmocka_unit_test(test_no_officer_learns_of_the_hidden_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
