/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may have gone out, and may not. */
#include "tests/unit/relay/dispatch_fixture.h"

static void test_doubt_is_not_tried_again(void **state)
{
	struct dispatch_fixture f;
	int64_t id;

	(void)state;
	start(&f, 1);
	id = queue(&f, "+84900000001", LANE_ANSWER);
	tick(&f);
	answer(&f, 0, SEND_IN_DOUBT, ERR_TIMEOUT);
	assert_int_equal(row_of(&f, id).state, OUTBOX_IN_DOUBT);
	for (int i = 0; i < 100; i++) {
		clock_virtual_advance(&f.s.clock, HOUR_MS);
		tick(&f);
	}
	assert_int_equal(f.count, 1);
	assert_int_equal(row_of(&f, id).state, OUTBOX_FAILED);
	assert_int_equal(row_of(&f, id).error, ERR_IN_DOUBT);
	finish(&f);
}

static void test_an_overdue_claim_is_in_doubt_and_a_late_yes_ends_it(void **state)
{
	struct dispatch_fixture f;
	int64_t id;

	(void)state;
	start(&f, 1);
	id = queue(&f, "+84900000001", LANE_ANSWER);
	tick(&f);
	clock_virtual_advance(&f.s.clock, HOUR_MS);
	tick(&f);
	assert_int_equal(f.cancelled, 1);
	assert_int_equal(row_of(&f, id).state, OUTBOX_IN_DOUBT);
	assert_int_equal(dispatch_in_flight(f.dispatch), 1);
	answer(&f, 0, SEND_SENT, ERR_OK);
	assert_int_equal(row_of(&f, id).state, OUTBOX_SENT);
	assert_int_equal(dispatch_in_flight(f.dispatch), 0);
	finish(&f);
}

static int64_t alarm_in_doubt(struct dispatch_fixture *f)
{
	int64_t id = queue_kind(f, "+84900009001", LANE_ALARM, OUTBOX_KIND_ALARM, 0, 0);

	tick(f);
	answer(f, f->count - 1, SEND_IN_DOUBT, ERR_TIMEOUT);
	return id;
}

static void test_an_alarm_in_doubt_is_said_once_again(void **state)
{
	struct dispatch_fixture f;
	struct outbox_listing rows;
	int64_t id;

	(void)state;
	start(&f, 1);
	id = alarm_in_doubt(&f);
	clock_virtual_advance(&f.s.clock, 2 * MINUTE_MS - 1);
	tick(&f);
	assert_int_equal(f.count, 1);
	clock_virtual_advance(&f.s.clock, 1);
	tick(&f);
	assert_int_equal(f.count, 2);
	assert_string_equal(f.sends[1]->text, "(nhac lai) xin chao");
	assert_int_equal(f.sends[1]->lane, LANE_ALARM);
	assert_int_equal(row_of(&f, f.sends[1]->outbox_id).repeat_of, id);
	assert_int_equal(row_of(&f, id).state, OUTBOX_IN_DOUBT);
	/* Once: also when nobody knows of the second one, and over all deadlines. */
	answer(&f, 1, SEND_IN_DOUBT, ERR_TIMEOUT);
	for (int i = 0; i < 100; i++) {
		clock_virtual_advance(&f.s.clock, HOUR_MS);
		tick(&f);
	}
	assert_int_equal(f.count, 2);
	rows = list_outbox(&f.s);
	assert_int_equal(rows.count, 2);
	for (int i = 0; i < rows.count; i++)
		assert_int_equal(rows.rows[i].state, OUTBOX_FAILED);
	finish(&f);
}

static void test_a_late_yes_spares_the_second_alarm(void **state)
{
	struct dispatch_fixture f;
	struct outbox_listing rows;
	int64_t id;

	(void)state;
	start(&f, 1);
	id = alarm_in_doubt(&f);
	f.channel.capacity = 0;
	clock_virtual_advance(&f.s.clock, 2 * MINUTE_MS);
	tick(&f);
	rows = list_outbox(&f.s);
	assert_int_equal(rows.count, 2);
	assert_ok(outbox_move(f.s.store, id, &(struct outbox_move){.to = OUTBOX_DELIVERED}));
	end_turn(&f.s);
	assert_int_equal(row_of(&f, rows.rows[1].id).state, OUTBOX_CANCELLED);
	f.channel.capacity = 1;
	tick(&f);
	assert_int_equal(f.count, 1);
	finish(&f);
}

static void test_a_restart_leaves_an_alarm_its_two_minutes(void **state)
{
	struct dispatch_fixture f;
	int64_t id, count;

	(void)state;
	start(&f, 1);
	id = queue_kind(&f, "+84900009001", LANE_ALARM, OUTBOX_KIND_ALARM, 0, 0);
	tick(&f);
	assert_ok(outbox_recover(f.s.store, &count));
	end_turn(&f.s);
	assert_int_equal(count, 1);
	assert_true(row_of(&f, id).deadline_ms == f.s.clock.wall + 2 * MINUTE_MS);
	finish(&f);
}

static void test_a_person_settles_a_doubt(void **state)
{
	struct dispatch_fixture f;
	struct outbox_listing rows;
	struct errbuf eb = {0};
	int64_t ids[3];

	(void)state;
	start(&f, 1);
	for (int i = 0; i < 3; i++) {
		ids[i] = queue(&f, "+84900000001", LANE_ANSWER);
		assert_err(dispatch_settle_by_hand(f.s.store, ids[i], "sent", "officer:test", &eb),
			ERR_STATE);
		tick(&f);
		answer(&f, i, SEND_IN_DOUBT, ERR_TIMEOUT);
	}
	assert_err(dispatch_settle_by_hand(f.s.store, 999, "sent", "x", &eb), ERR_NOT_FOUND);
	assert_err(dispatch_settle_by_hand(f.s.store, ids[0], "maybe", "x", &eb), ERR_INVALID);
	assert_ok(dispatch_settle_by_hand(f.s.store, ids[0], "sent", "x", &eb));
	assert_ok(dispatch_settle_by_hand(f.s.store, ids[1], "failed", "x", &eb));
	assert_ok(dispatch_settle_by_hand(f.s.store, ids[2], "again", "x", &eb));
	end_turn(&f.s);
	assert_int_equal(row_of(&f, ids[0]).state, OUTBOX_SENT);
	assert_true(row_of(&f, ids[0]).is_final);
	assert_int_equal(row_of(&f, ids[1]).state, OUTBOX_FAILED);
	assert_int_equal(row_of(&f, ids[2]).state, OUTBOX_FAILED);
	rows = list_outbox(&f.s);
	assert_int_equal(rows.count, 4);
	tick(&f);
	assert_int_equal(f.count, 4);
	assert_string_equal(f.sends[3]->text, "xin chao");
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doubt_is_not_tried_again),
		cmocka_unit_test(test_an_overdue_claim_is_in_doubt_and_a_late_yes_ends_it),
		cmocka_unit_test(test_an_alarm_in_doubt_is_said_once_again),
		cmocka_unit_test(test_a_late_yes_spares_the_second_alarm),
		cmocka_unit_test(test_a_restart_leaves_an_alarm_its_two_minutes),
		cmocka_unit_test(test_a_person_settles_a_doubt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
