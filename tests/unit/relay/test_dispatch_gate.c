/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a channel keeps back until there is room. */
#include "tests/unit/relay/dispatch_fixture.h"

/* Nobody asks, and nothing is written, before the time that the gate gave. */
static void test_a_lane_waits_for_room_without_polling(void **state)
{
	struct dispatch_fixture f;
	struct dispatch_gated gated;
	int64_t first, due_ms, asked;

	(void)state;
	start(&f, 8);
	f.channel.gate = &fake_gate;
	f.room = 100;
	due_ms = f.s.clock.wall + 40 * MINUTE_MS;
	f.gate = (struct gate_answer){GATE_WAIT, due_ms};
	first = queue(&f, "+84900000001", LANE_URGENT);
	queue(&f, "+84900000002", LANE_URGENT);
	f.free_id = queue(&f, "+84900000003", LANE_BULLETIN);
	tick(&f);
	assert_int_equal(f.asked, 1);
	/* What comes after it must not take the room that it waits for. */
	assert_int_equal(f.count, 0);
	assert_true(f.next_ms == due_ms);
	dispatch_gated(f.dispatch, CHANNEL_MODEM, &gated);
	assert_true(gated.until_ms[LANE_URGENT] == due_ms);
	assert_int_equal(gated.until_ms[LANE_ANSWER], 0);
	assert_int_equal(gated.short_count, 0);
	asked = f.asked;
	clock_virtual_advance(&f.s.clock, 39 * MINUTE_MS);
	tick(&f);
	assert_int_equal(f.asked, asked);
	/* Lanes before it go on. */
	f.free_id = queue(&f, "+84900000004", LANE_ALARM);
	tick(&f);
	assert_int_equal(f.count, 1);
	assert_int_equal(f.sends[0]->outbox_id, f.free_id);
	clock_virtual_advance(&f.s.clock, MINUTE_MS);
	f.gate.result = GATE_GO;
	tick(&f);
	assert_int_equal(f.count, 4);
	assert_int_equal(f.sends[1]->outbox_id, first);
	finish(&f);
}

static void test_a_held_row_lets_the_others_go_but_not_to_its_recipient(void **state)
{
	struct dispatch_fixture f;
	int64_t held, behind;

	(void)state;
	start(&f, 8);
	f.channel.gate = &fake_gate;
	f.gate = (struct gate_answer){GATE_WAIT_ROW, f.s.clock.wall + HOUR_MS};
	held = queue(&f, "+84900000001", LANE_ANSWER);
	f.free_id = queue(&f, "+84900000002", LANE_ANSWER);
	tick(&f);
	assert_int_equal(f.count, 1);
	assert_int_equal(row_of(&f, held).state, OUTBOX_QUEUED);
	assert_int_equal(row_of(&f, held).error, ERR_RATE);
	assert_int_equal(row_of(&f, held).attempts, 0);
	assert_true(row_of(&f, held).due_ms == f.s.clock.wall + HOUR_MS);
	behind = queue(&f, "+84900000001", LANE_ANSWER);
	f.gate.result = GATE_GO;
	tick(&f);
	assert_int_equal(row_of(&f, behind).state, OUTBOX_QUEUED);
	clock_virtual_advance(&f.s.clock, HOUR_MS);
	tick(&f);
	assert_int_equal(f.count, 2);
	assert_int_equal(f.sends[1]->outbox_id, held);
	finish(&f);
}

static void test_what_the_caps_make_impossible_is_told_once(void **state)
{
	struct dispatch_fixture f;
	struct dispatch_gated gated;
	int64_t events, id;

	(void)state;
	start(&f, 8);
	f.channel.gate = &fake_gate;
	f.gate = (struct gate_answer){GATE_WAIT_ROW, INT64_MAX};
	id = queue(&f, "+84900000001", LANE_ANSWER);
	events = count_events(&f);
	tick(&f);
	tick(&f);
	assert_int_equal(count_events(&f), events + 1);
	assert_int_equal(f.asked, 1);
	dispatch_gated(f.dispatch, CHANNEL_MODEM, &gated);
	assert_int_equal(gated.short_count, 1);
	clock_virtual_advance(&f.s.clock, DAY_MS);
	tick(&f);
	assert_int_equal(row_of(&f, id).state, OUTBOX_EXPIRED);
	dispatch_gated(f.dispatch, CHANNEL_MODEM, &gated);
	assert_int_equal(gated.short_count, 0);
	/* A lane with more than there will be room for. */
	f.gate = (struct gate_answer){GATE_WAIT, f.s.clock.wall + HOUR_MS};
	f.room = 1;
	for (int i = 1; i <= 3; i++) {
		char number[16];

		snprintf(number, sizeof(number), "+8490000000%d", i);
		queue(&f, number, LANE_BULLETIN);
	}
	events = count_events(&f);
	for (int i = 0; i < 5; i++) {
		tick(&f);
		f.gate.due_ms += HOUR_MS;
		clock_virtual_advance(&f.s.clock, HOUR_MS);
	}
	assert_int_equal(count_events(&f), events + 1);
	dispatch_gated(f.dispatch, CHANNEL_MODEM, &gated);
	assert_int_equal(gated.short_count, 2);
	finish(&f);
}

static void test_room_is_given_back_when_the_claim_fails(void **state)
{
	struct dispatch_fixture f;

	(void)state;
	start(&f, 8);
	f.channel.gate = &fake_gate;
	queue(&f, "+84900000001", LANE_ANSWER);
	assert_ok(dispatch_tick(f.dispatch, &f.next_ms));
	turn_abort(f.s.store, ERR_DISK_FULL);
	assert_int_equal(f.withdrawn, 1);
	assert_int_equal(f.count, 0);
	tick(&f);
	assert_int_equal(f.count, 1);
	finish(&f);
}

static void test_a_busy_gate_opens_with_the_next_tick(void **state)
{
	struct dispatch_fixture f;

	(void)state;
	start(&f, 8);
	f.channel.gate = &fake_gate;
	f.gate.result = GATE_BUSY;
	queue(&f, "+84900000001", LANE_ANSWER);
	tick(&f);
	/* Only its expiry is left to wait for. */
	assert_true(f.next_ms == f.s.clock.wall + DAY_MS);
	f.gate.result = GATE_GO;
	tick(&f);
	assert_int_equal(f.count, 1);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_lane_waits_for_room_without_polling),
		cmocka_unit_test(test_a_held_row_lets_the_others_go_but_not_to_its_recipient),
		cmocka_unit_test(test_what_the_caps_make_impossible_is_told_once),
		cmocka_unit_test(test_room_is_given_back_when_the_claim_fails),
		cmocka_unit_test(test_a_busy_gate_opens_with_the_next_tick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
