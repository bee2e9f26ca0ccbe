/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ladder on a clock that only moves when it is moved: who is rung when, exactly once, whatever
 * happens in between. */
#include "tests/unit/desk/support.h"

#include "daemon/base/rng.h"
#include "daemon/desk/alarm.h"
#include "store/event.h"
#include "store/officer.h"
#include "store/rebase.h"

#define OFFICERS 5

static const char *const logins[OFFICERS] = {"chief", "deputy", "an", "binh", "clerk"};
static const enum officer_role roles[OFFICERS] = {
	OFFICER_CHIEF, OFFICER_DEPUTY, OFFICER_DUTY, OFFICER_AREA, OFFICER_CLERK};

struct ladder {
	struct desk_fixture f;
	int64_t officers[OFFICERS], parties[OFFICERS];
};

static void phone_of(int officer, char phone[16])
{
	snprintf(phone, 16, "+8490000910%d", officer);
}

static void open_desk(struct ladder *l)
{
	static const char *const phones[] = {DUTY_PHONE};

	assert_ok(desk_new(&(struct desk_options){.store = l->f.s.store,
				   .has_modem = true,
				   .duty_phones = phones,
				   .duty_phone_count = 1},
		&l->f.desk));
}

static void add_officers(struct ladder *l)
{
	for (int i = 0; i < OFFICERS; i++) {
		struct party party;
		char phone[16];

		phone_of(i, phone);
		assert_ok(officer_add(l->f.s.store,
			&(struct officer_new){.login = logins[i],
				.name = "Nguyễn Văn An",
				.role = roles[i],
				.phone = phone},
			&l->officers[i]));
		assert_ok(party_get(l->f.s.store, PARTY_PHONE, phone, &party));
		l->parties[i] = party.id;
	}
}

/* an first, binh after him, all day and every day. */
static void add_roster(struct ladder *l)
{
	struct duty_shift shifts[14];

	for (int i = 0; i < 14; i++)
		shifts[i] = (struct duty_shift){.officer_id = l->officers[i < 7 ? 2 : 3],
			.weekday = 1 + i % 7,
			.minutes = 1440,
			.rank = i < 7 ? 1 : 2};
	assert_ok(duty_replace(l->f.s.store, shifts, 14, 0));
}

static int setup(void **state)
{
	static struct ladder l;

	memset(&l, 0, sizeof(l));
	store_fixture_init(&l.f.s);
	open_desk(&l);
	add_officers(&l);
	add_roster(&l);
	end_turn(&l.f.s);
	*state = &l;
	return 0;
}

static int teardown(void **state)
{
	struct ladder *l = *state;

	finish(&l->f);
	return 0;
}

static void restart(struct ladder *l)
{
	desk_free(l->f.desk);
	store_close(l->f.s.store);
	store_fixture_open(&l->f.s);
	open_desk(l);
}

static void tick(struct ladder *l)
{
	int64_t next_ms;

	assert_ok(alarm_tick(l->f.desk, &next_ms));
	end_turn(&l->f.s);
}

static void pass(struct ladder *l, int64_t ms)
{
	clock_virtual_advance(&l->f.s.clock, ms);
	tick(l);
}

static struct report danger_from(struct ladder *l, const char *phone)
{
	return open_guessed(&l->f, PARTY_PHONE, phone, "chay nha",
		&(struct report_guess){.category = "fire", .is_danger = true});
}

static struct report danger(struct ladder *l)
{
	return danger_from(l, RESIDENT);
}

/* How many alarms were put into the outbox for an officer. */
static int rung(struct ladder *l, int officer)
{
	struct outbox_listing list = list_outbox(&l->f.s);
	int count = 0;

	for (int i = 0; i < list.count; i++) {
		const struct outbox_row *row = &list.rows[i];

		count += row->party_id == l->parties[officer] && row->lane == LANE_ALARM &&
			 row->kind == OUTBOX_KIND_ALARM;
	}
	return count;
}

static void assert_rung(struct ladder *l, int chief, int deputy, int an, int binh, int clerk)
{
	const int expected[OFFICERS] = {chief, deputy, an, binh, clerk};

	for (int i = 0; i < OFFICERS; i++) {
		if (rung(l, i) != expected[i])
			fail_msg("%s was rung %d times, expected %d", logins[i], rung(l, i),
				expected[i]);
	}
}

/* All that is due leaves. */
static void send_all(struct ladder *l)
{
	struct outbox_listing list = list_outbox(&l->f.s);

	for (int i = 0; i < list.count; i++) {
		if (list.rows[i].state != OUTBOX_QUEUED || list.rows[i].due_ms > l->f.s.clock.wall)
			continue;
		assert_ok(outbox_move(l->f.s.store, list.rows[i].id,
			&(struct outbox_move){.to = OUTBOX_SENT, .is_final = true}));
	}
	end_turn(&l->f.s);
}

static struct alarm alarm_of(struct ladder *l, const struct report *report)
{
	struct alarm alarm;

	assert_ok(alarm_of_report(l->f.s.store, report->id, &alarm));
	return alarm;
}

static enum err answer(struct ladder *l, int64_t party_id, int number, bool is_back)
{
	enum err err = alarm_answered(l->f.desk, party_id, false,
		&(struct alarm_answer){.number = number, .is_back = is_back, .note = ""});

	end_turn(&l->f.s);
	return err;
}

static int saying(struct ladder *l, int64_t party_id, const char *words)
{
	struct outbox_listing list = list_outbox(&l->f.s);
	int count = 0;

	for (int i = 0; i < list.count; i++)
		count += list.rows[i].party_id == party_id && !list.rows[i].is_final &&
			 outbox_says(&l->f.s, list.rows[i].id, words);
	return count;
}

static void test_it_climbs_after_two_five_and_ten_minutes(void **state)
{
	struct ladder *l = *state;
	struct report report = danger(l);

	assert_rung(l, 0, 0, 1, 0, 0);
	pass(l, 2 * MINUTE_MS - 1);
	assert_rung(l, 0, 0, 1, 0, 0);
	pass(l, 1);
	assert_rung(l, 0, 0, 1, 1, 0);
	tick(l);
	assert_rung(l, 0, 0, 1, 1, 0);
	/* The roster has no next: who leads. */
	pass(l, 3 * MINUTE_MS - 1);
	assert_rung(l, 0, 0, 1, 1, 0);
	pass(l, 1);
	assert_rung(l, 1, 1, 1, 1, 0);
	pass(l, 5 * MINUTE_MS);
	assert_rung(l, 1, 1, 1, 1, 1);
	assert_int_equal(alarm_of(l, &report).state, ALARM_UNANSWERED);
	pass(l, HOUR_MS);
	assert_rung(l, 1, 1, 1, 1, 1);
	/* Late is better than never. */
	send_all(l);
	assert_ok(answer(l, l->parties[2], alarm_of(l, &report).number, false));
	assert_int_equal(alarm_of(l, &report).state, ALARM_TAKEN);
}

static void test_an_answer_ends_it_and_the_others_are_told(void **state)
{
	struct ladder *l = *state;
	struct report report = danger(l);
	int number = alarm_of(l, &report).number;

	send_all(l);
	pass(l, 2 * MINUTE_MS);
	assert_rung(l, 0, 0, 1, 1, 0);
	/* binh's message has not left: it never will. an's has: he is told who has it. */
	assert_ok(answer(l, l->parties[3], number, false));
	assert_int_equal(alarm_of(l, &report).state, ALARM_TAKEN);
	assert_string_equal(alarm_of(l, &report).taken_by, "officer:binh");
	assert_int_equal(saying(l, l->parties[3], "KHAN"), 0);
	assert_int_equal(saying(l, l->parties[3], "da ghi nhan"), 1);
	assert_int_equal(saying(l, l->parties[2], "da co nguoi nhan: Nguyen Van An"), 1);
	pass(l, DAY_MS / 2);
	assert_rung(l, 0, 0, 1, 1, 0);
	/* The other one answers as well: he learns that somebody was faster. */
	assert_ok(answer(l, l->parties[2], number, false));
	assert_int_equal(saying(l, l->parties[2], "truoc do"), 1);
	assert_string_equal(alarm_of(l, &report).taken_by, "officer:binh");
}

static void test_only_who_was_rung_can_answer(void **state)
{
	struct ladder *l = *state;
	struct report report = danger(l);
	int number = alarm_of(l, &report).number;
	struct party resident;

	assert_ok(party_get(l->f.s.store, PARTY_PHONE, RESIDENT, &resident));
	assert_err(answer(l, resident.id, number, false), ERR_NOT_FOUND);
	/* An officer, but not rung by this one. */
	assert_err(answer(l, l->parties[4], number, false), ERR_NOT_FOUND);
	assert_int_equal(alarm_of(l, &report).state, ALARM_RINGING);
	/* Back means nothing before somebody has it. */
	assert_ok(answer(l, l->parties[2], number, true));
	assert_int_equal(alarm_of(l, &report).state, ALARM_RINGING);
}

/* Who forges an officer's number has to guess, and is stopped. */
static void test_guessing_is_stopped(void **state)
{
	struct ladder *l = *state;
	struct report report = danger(l);
	int number = alarm_of(l, &report).number;

	for (int i = 0; i < 5; i++)
		assert_ok(answer(l, l->parties[2], number == 100 ? 101 : 100, false));
	assert_int_equal(saying(l, l->parties[2], "khong co bao dong"), 4);
	assert_int_equal(saying(l, l->parties[2], "tra loi sai"), 1);
	assert_err(answer(l, l->parties[2], number, false), ERR_NOT_FOUND);
	assert_int_equal(alarm_of(l, &report).state, ALARM_RINGING);
	pass(l, HOUR_MS + 1);
	assert_ok(answer(l, l->parties[2], number, false));
	assert_int_equal(alarm_of(l, &report).state, ALARM_TAKEN);
}

static void test_who_did_not_answer_takes_it_back(void **state)
{
	struct ladder *l = *state;
	struct report report = danger(l);
	int number = alarm_of(l, &report).number;

	send_all(l);
	pass(l, 2 * MINUTE_MS);
	send_all(l);
	assert_ok(answer(l, l->parties[2], number, false));
	assert_int_equal(saying(l, l->parties[2], "HUY"), 1);
	/* Not for another one to take back. */
	assert_ok(answer(l, l->parties[3], number, true));
	assert_int_equal(alarm_of(l, &report).state, ALARM_TAKEN);
	assert_ok(answer(l, l->parties[2], number, true));
	assert_int_equal(alarm_of(l, &report).state, ALARM_RINGING);
	assert_int_equal(saying(l, l->parties[3], "thuc ra chua co ai nhan"), 1);
	/* It climbs on: who leads was rung at once, then everybody. */
	assert_rung(l, 1, 1, 1, 2, 0);
	pass(l, 3 * MINUTE_MS);
	assert_rung(l, 1, 1, 1, 2, 1);
}

static void test_the_office_takes_it_report_by_report(void **state)
{
	struct ladder *l = *state;
	struct errbuf eb = {0};
	struct report one = danger_from(l, "+84900000021"), two = danger_from(l, "+84900000022");
	struct desk_answered done;

	/* Both are in one alarm: nothing had left. */
	assert_int_equal(alarm_of(l, &one).id, alarm_of(l, &two).id);
	assert_rung(l, 0, 0, 1, 0, 0);
	assert_ok(
		desk_report_answer(l->f.desk, one.id, "Da cu nguoi", "officer:chief", &done, &eb));
	end_turn(&l->f.s);
	assert_int_equal(alarm_of(l, &one).state, ALARM_RINGING);
	assert_ok(desk_report_rate(l->f.desk, two.id, NULL, "normal", "officer:chief", &eb));
	end_turn(&l->f.s);
	assert_int_equal(alarm_of(l, &one).state, ALARM_TAKEN);
	assert_string_equal(alarm_of(l, &one).taken_by, "officer:chief");
	pass(l, HOUR_MS);
	assert_rung(l, 0, 0, 1, 0, 0);
	assert_err(
		alarm_acknowledge(l->f.desk, alarm_of(l, &one).id, "officer:chief", ""), ERR_STATE);
}

static void test_an_officer_adds_words(void **state)
{
	struct ladder *l = *state;
	struct report report = danger(l);

	assert_ok(alarm_answered(l->f.desk, l->parties[2], false,
		&(struct alarm_answer){.number = alarm_of(l, &report).number, .note = "dang den"}));
	end_turn(&l->f.s);
	assert_int_equal(alarm_of(l, &report).state, ALARM_TAKEN);
}

/* Forty in an outage are one message to each; when it is over, the next is one of its own. */
static void test_many_in_an_outage_are_one_message(void **state)
{
	struct ladder *l = *state;
	struct report report = {.id = 0};

	for (int i = 0; i < 40; i++) {
		char phone[16];

		snprintf(phone, sizeof(phone), "+8490000%04d", 100 + i);
		report = danger_from(l, phone);
		pass(l, 5 * SECOND_MS);
	}
	pass(l, 10 * MINUTE_MS);
	assert_rung(l, 1, 1, 1, 1, 1);
	assert_int_equal(saying(l, l->parties[2], "40 tin bao"), 1);
	send_all(l);
	danger_from(l, "+84900000300");
	assert_rung(l, 1, 1, 2, 1, 1);
	assert_int_equal(alarm_of(l, &report).state, ALARM_UNANSWERED);
}

static int64_t due_of_last(struct ladder *l, int64_t party_id)
{
	struct outbox_listing list = list_outbox(&l->f.s);
	int64_t due_ms = 0;

	for (int i = 0; i < list.count; i++)
		due_ms = list.rows[i].party_id == party_id ? list.rows[i].due_ms : due_ms;
	return due_ms;
}

/* Who reports danger upon danger rings ever more seldom; another one's rings as ever. */
static void test_a_flood_does_not_delay_another(void **state)
{
	struct ladder *l = *state;
	struct report flood = {.id = 0}, real;
	int messages;

	for (int i = 0; i < 30; i++) {
		flood = danger_from(l, "+84900000666");
		send_all(l);
		pass(l, 2 * SECOND_MS);
	}
	messages = rung(l, 2);
	assert_true(messages <= 6);
	assert_true(alarm_of(l, &flood).is_noisy);
	flood = danger_from(l, "+84900000666");
	assert_true(due_of_last(l, l->parties[2]) > l->f.s.clock.wall);
	real = danger_from(l, "+84900000777");
	assert_false(alarm_of(l, &real).is_noisy);
	assert_int_not_equal(alarm_of(l, &real).id, alarm_of(l, &flood).id);
	assert_true(due_of_last(l, l->parties[2]) <= l->f.s.clock.wall + 20 * SECOND_MS);
	/* Taking the flood on takes nothing else on. */
	send_all(l);
	assert_ok(answer(l, l->parties[2], alarm_of(l, &flood).number, false));
	assert_int_equal(alarm_of(l, &real).state, ALARM_RINGING);
}

static void test_more_danger_after_it_was_taken_rings_again(void **state)
{
	struct ladder *l = *state;
	const struct report_guess guess = {.category = "fire", .is_danger = true};
	struct report report = danger(l);

	send_all(l);
	/* While it rings, more words ring nobody else. */
	assert_ok(desk_report_amend(l->f.desk, report.id, "chay lon", &guess, "chay", &report));
	end_turn(&l->f.s);
	assert_rung(l, 0, 0, 1, 0, 0);
	assert_ok(answer(l, l->parties[2], alarm_of(l, &report).number, false));
	clock_virtual_advance(&l->f.s.clock, HOUR_MS);
	assert_ok(desk_report_amend(
		l->f.desk, report.id, "co nguoi bi thuong", &guess, "thuong", &report));
	end_turn(&l->f.s);
	assert_int_equal(alarm_of(l, &report).state, ALARM_RINGING);
	assert_rung(l, 0, 0, 2, 0, 0);
}

static void test_a_jump_of_the_clock_moves_the_ladder_along(void **state)
{
	static const int64_t jumps[] = {-3653 * DAY_MS, -5 * HOUR_MS, 5 * HOUR_MS, 3653 * DAY_MS};
	struct ladder *l = *state;

	for (size_t i = 0; i < ARRAY_LEN(jumps); i++) {
		char phone[16];
		int before;
		struct report report;

		snprintf(phone, sizeof(phone), "+849000004%02zu", i);
		report = danger_from(l, phone);
		send_all(l);
		before = rung(l, 3);
		pass(l, MINUTE_MS);
		l->f.s.clock.wall += jumps[i];
		assert_ok(store_rebase(l->f.s.store, jumps[i]));
		tick(l);
		assert_int_equal(rung(l, 3), before);
		pass(l, MINUTE_MS - 1);
		assert_int_equal(rung(l, 3), before);
		pass(l, 1);
		assert_int_equal(rung(l, 3), before + 1);
		assert_ok(
			alarm_acknowledge(l->f.desk, alarm_of(l, &report).id, "officer:chief", ""));
		end_turn(&l->f.s);
		send_all(l);
	}
}

/* A report about an officer may not climb to him. */
static void test_what_is_confined_meanwhile_climbs_no_further(void **state)
{
	struct ladder *l = *state;
	struct report one = danger_from(l, "+84900000031"), two = danger_from(l, "+84900000032");
	char number[32];

	send_all(l);
	assert_int_equal(alarm_of(l, &one).id, alarm_of(l, &two).id);
	assert_ok(report_confine(l->f.s.store, one.id, true));
	end_turn(&l->f.s);
	pass(l, 2 * MINUTE_MS);
	assert_rung(l, 0, 0, 1, 1, 0);
	snprintf(number, sizeof(number), "so %d/", one.number);
	assert_int_equal(saying(l, l->parties[3], number), 0);
	assert_int_equal(saying(l, l->parties[3], "chua co ai nhan 1 tin bao"), 1);
	assert_ok(report_confine(l->f.s.store, two.id, true));
	end_turn(&l->f.s);
	pass(l, HOUR_MS);
	assert_rung(l, 0, 0, 1, 1, 0);
}

static void test_a_swap_while_it_rings(void **state)
{
	struct ladder *l = *state;
	struct duty_shift shifts[8];

	danger(l);
	assert_rung(l, 0, 0, 1, 0, 0);
	/* The next in the roster is somebody else by now. */
	for (int i = 0; i < 7; i++)
		shifts[i] = (struct duty_shift){
			.officer_id = l->officers[4], .weekday = 1 + i, .minutes = 1440, .rank = 1};
	assert_ok(duty_replace(l->f.s.store, shifts, 7, 0));
	pass(l, 2 * MINUTE_MS);
	assert_rung(l, 0, 0, 1, 0, 1);
}

static void test_without_a_roster_the_configured_phones_are_on_duty(void **state)
{
	struct ladder *l = *state;
	struct party duty;

	assert_ok(duty_replace(l->f.s.store, NULL, 0, 0));
	assert_ok(party_get(l->f.s.store, PARTY_PHONE, DUTY_PHONE, &duty));
	danger(l);
	assert_int_equal(saying(l, duty.id, "KHAN"), 1);
	assert_rung(l, 0, 0, 0, 0, 0);
	pass(l, 2 * MINUTE_MS);
	assert_rung(l, 1, 1, 0, 0, 0);
	pass(l, 3 * MINUTE_MS);
	assert_rung(l, 1, 1, 1, 1, 1);
	pass(l, 5 * MINUTE_MS);
	/* Nobody is left: the first ones once more. */
	assert_int_equal(saying(l, duty.id, "KHAN"), 2);
}

#define NOBODY "khong co ai truc"

/* A roster that has only a day to come. */
static void empty_roster(struct ladder *l)
{
	struct duty_shift shift = {.officer_id = l->officers[2],
		.day = clock_local_day(l->f.s.clock.wall) + 3,
		.minutes = 1440,
		.rank = 1};

	assert_ok(duty_replace(l->f.s.store, &shift, 1, 0));
	end_turn(&l->f.s);
}

/* How often each was told that nobody is on duty. */
static void assert_told(struct ladder *l, int chief, int deputy, int an, int binh, int clerk)
{
	const int expected[OFFICERS] = {chief, deputy, an, binh, clerk};

	for (int i = 0; i < OFFICERS; i++) {
		if (saying(l, l->parties[i], NOBODY) != expected[i])
			fail_msg("%s was told %d times, expected %d", logins[i],
				saying(l, l->parties[i], NOBODY), expected[i]);
	}
}

static void test_nobody_on_duty_is_told_once_a_gap(void **state)
{
	struct ladder *l = *state;

	empty_roster(l);
	for (int i = 0; i < 70; i++) {
		if (i % 7 == 0)
			restart(l);
		pass(l, MINUTE_MS);
	}
	assert_told(l, 1, 1, 0, 0, 0);
	l->f.s.clock.wall += 30 * DAY_MS;
	assert_ok(store_rebase(l->f.s.store, 30 * DAY_MS));
	empty_roster(l);
	pass(l, MINUTE_MS);
	assert_told(l, 1, 1, 0, 0, 0);
	/* Somebody came: the next time is another one. */
	add_roster(l);
	pass(l, MINUTE_MS);
	assert_ok(store_rebase(l->f.s.store, DAY_MS));
	empty_roster(l);
	pass(l, MINUTE_MS);
	pass(l, MINUTE_MS);
	assert_told(l, 2, 2, 0, 0, 0);
}

static void test_with_nobody_on_duty_a_danger_rings_everybody(void **state)
{
	struct ladder *l = *state;
	struct report report;

	empty_roster(l);
	report = danger(l);
	assert_rung(l, 1, 1, 1, 1, 1);
	/* The others were told; who leads is asked again. */
	pass(l, 2 * MINUTE_MS);
	assert_int_equal(saying(l, l->parties[0], "KHAN"), 2);
	assert_int_equal(saying(l, l->parties[1], "KHAN"), 2);
	assert_int_equal(saying(l, l->parties[4], "KHAN"), 1);
	assert_ok(answer(l, l->parties[4], alarm_of(l, &report).number, false));
	assert_int_equal(alarm_of(l, &report).state, ALARM_TAKEN);
}

static void drop_phone(struct ladder *l, int officer)
{
	assert_ok(officer_set_phone(l->f.s.store, l->officers[officer], ""));
	end_turn(&l->f.s);
}

static void test_where_no_chief_has_a_phone_everybody_is_told(void **state)
{
	struct ladder *l = *state;

	drop_phone(l, 0);
	empty_roster(l);
	pass(l, MINUTE_MS);
	pass(l, MINUTE_MS);
	assert_told(l, 0, 1, 1, 1, 1);
}

static void open_without_phones(struct ladder *l)
{
	desk_free(l->f.desk);
	assert_ok(desk_new(
		&(struct desk_options){.store = l->f.s.store, .has_modem = true}, &l->f.desk));
}

/* Neither a roster nor phones of the configuration: once there is a chief he is told. */
static void test_nobody_was_ever_named(void **state)
{
	struct ladder *l = *state;
	struct roster none = {.count = 0};
	bool is_nobody;

	assert_ok(duty_replace(l->f.s.store, NULL, 0, 0));
	pass(l, MINUTE_MS);
	assert_told(l, 0, 0, 0, 0, 0);
	open_without_phones(l);
	pass(l, MINUTE_MS);
	pass(l, MINUTE_MS);
	assert_told(l, 1, 1, 0, 0, 0);
	danger(l);
	assert_rung(l, 2, 2, 1, 1, 1);
	assert_ok(alarm_nobody_on_duty(l->f.desk, &none, &is_nobody));
	assert_true(is_nobody);
	/* Nobody who could mend it, nobody to tell. */
	assert_ok(officer_set_state(l->f.s.store, l->officers[0], OFFICER_REMOVED));
	assert_ok(alarm_nobody_on_duty(l->f.desk, &none, &is_nobody));
	assert_false(is_nobody);
}

/* ---- every order of things -------------------------------------------------------------------
 */

static void jump(struct ladder *l, int64_t by_ms)
{
	l->f.s.clock.wall += by_ms;
	assert_ok(store_rebase(l->f.s.store, by_ms));
	end_turn(&l->f.s);
}

/* One event at each of four moments of the ladder; nobody is rung twice, nobody after the answer,
 * and everybody in the end when there was none. */
static void run_order(struct ladder *l, unsigned order)
{
	struct report report = danger(l);
	bool is_taken = false;
	int before[OFFICERS];

	send_all(l);
	for (int step = 0; step < 4; step++) {
		unsigned what = order >> (2 * step) & 3;

		for (int i = 0; i < OFFICERS; i++)
			before[i] = rung(l, i);
		if (what == 0)
			restart(l);
		else if (what == 1)
			jump(l, step % 2 ? 30 * DAY_MS : -2 * HOUR_MS);
		else if (what == 2 && step == 2 && !is_taken) {
			assert_ok(answer(l, l->parties[2], alarm_of(l, &report).number, false));
			is_taken = true;
		} else if (what == 3) {
			/* What the turn wrote is lost with its commit, and done in the next. */
			int64_t next_ms;

			clock_virtual_advance(&l->f.s.clock, 5 * MINUTE_MS);
			assert_ok(alarm_tick(l->f.desk, &next_ms));
			turn_abort(l->f.s.store, ERR_DISK_FULL);
		}
		pass(l, 3 * MINUTE_MS);
		for (int i = 0; is_taken && i < OFFICERS; i++)
			assert_int_equal(rung(l, i), before[i]);
		send_all(l);
	}
	for (int i = 0; i < 30; i++)
		pass(l, MINUTE_MS);
	for (int i = 0; i < OFFICERS; i++) {
		if (rung(l, i) > 1 || (!is_taken && rung(l, i) != 1))
			fail_msg("order %u: %s was rung %d times", order, logins[i], rung(l, i));
	}
}

static void test_every_order_of_answer_restart_jump_and_failed_commit(void **state)
{
	(void)state;
	for (unsigned order = 0; order < 256; order += 11) {
		void *ladder;

		assert_int_equal(setup(&ladder), 0);
		run_order(ladder, order);
		assert_int_equal(teardown(&ladder), 0);
	}
}

#define ALARM_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ALARM_TEST(test_it_climbs_after_two_five_and_ten_minutes),
		ALARM_TEST(test_an_answer_ends_it_and_the_others_are_told),
		ALARM_TEST(test_only_who_was_rung_can_answer),
		ALARM_TEST(test_guessing_is_stopped),
		ALARM_TEST(test_who_did_not_answer_takes_it_back),
		ALARM_TEST(test_the_office_takes_it_report_by_report),
		ALARM_TEST(test_an_officer_adds_words),
		ALARM_TEST(test_many_in_an_outage_are_one_message),
		ALARM_TEST(test_a_flood_does_not_delay_another),
		ALARM_TEST(test_more_danger_after_it_was_taken_rings_again),
		ALARM_TEST(test_a_jump_of_the_clock_moves_the_ladder_along),
		ALARM_TEST(test_what_is_confined_meanwhile_climbs_no_further),
		ALARM_TEST(test_a_swap_while_it_rings),
		ALARM_TEST(test_without_a_roster_the_configured_phones_are_on_duty),
		ALARM_TEST(test_nobody_on_duty_is_told_once_a_gap),
		ALARM_TEST(test_with_nobody_on_duty_a_danger_rings_everybody),
		ALARM_TEST(test_where_no_chief_has_a_phone_everybody_is_told),
		ALARM_TEST(test_nobody_was_ever_named),
		cmocka_unit_test(test_every_order_of_answer_restart_jump_and_failed_commit),
	};

	return cmocka_run_group_tests_name("alarm", tests, NULL, NULL);
}
