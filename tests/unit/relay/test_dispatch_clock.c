/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A wall clock that jumps. */
#include "tests/unit/relay/dispatch_fixture.h"

/* Ten years forth and back: what waits has as long to wait as before, and nothing fires twice. */
static void jump_and_check(struct dispatch_fixture *f, int64_t by_ms)
{
	int64_t soon, sent, doubt, events, now_ms = f->s.clock.wall;
	int due;

	soon = queue_full(f, "+84900000001", LANE_ANSWER, HOUR_MS, 0);
	sent = queue(f, "+84900000002", LANE_ANSWER);
	doubt = queue(f, "+84900000003", LANE_ANSWER);
	tick(f);
	answer(f, f->count - 2, SEND_SENT, ERR_OK);
	answer(f, f->count - 1, SEND_IN_DOUBT, ERR_TIMEOUT);
	due = f->count;
	events = count_events(f);
	f->s.clock.wall += by_ms;
	tick(f);
	tick(f);
	assert_int_equal(count_events(f), events + 1);
	assert_int_equal(f->count, due);
	assert_int_equal(row_of(f, soon).state, OUTBOX_QUEUED);
	assert_true(row_of(f, soon).due_ms == now_ms + by_ms + HOUR_MS);
	assert_true(row_of(f, soon).expires_ms == now_ms + by_ms + DAY_MS);
	assert_int_equal(row_of(f, sent).state, OUTBOX_SENT);
	assert_false(row_of(f, sent).is_final);
	assert_int_equal(row_of(f, doubt).state, OUTBOX_IN_DOUBT);
	clock_virtual_advance(&f->s.clock, HOUR_MS - 1);
	tick(f);
	assert_int_equal(f->count, due);
	clock_virtual_advance(&f->s.clock, 1);
	tick(f);
	assert_int_equal(f->count, due + 1);
	answer(f, due, SEND_SENT, ERR_OK);
	clock_virtual_advance(&f->s.clock, 4 * DAY_MS);
	tick(f);
	tick(f);
	assert_true(row_of(f, soon).is_final);
	assert_true(row_of(f, sent).is_final);
	assert_int_equal(row_of(f, doubt).state, OUTBOX_FAILED);
}

static void test_a_jump_of_the_clock_fires_and_skips_nothing(void **state)
{
	static const int64_t years = 3653 * DAY_MS;
	struct dispatch_fixture f;

	(void)state;
	start(&f, 8);
	tick(&f);
	jump_and_check(&f, years);
	jump_and_check(&f, -years);
	jump_and_check(&f, -years);
	jump_and_check(&f, 2 * HOUR_MS);
	assert_int_equal(dispatch_jumps(f.dispatch).count, 4);
	assert_true(dispatch_jumps(f.dispatch).last_ms == 2 * HOUR_MS);
	finish(&f);
}

static void test_a_small_step_is_left_alone(void **state)
{
	struct dispatch_fixture f;
	int64_t id, due_ms;

	(void)state;
	start(&f, 8);
	tick(&f);
	id = queue_full(&f, "+84900000001", LANE_ANSWER, 2 * HOUR_MS, 0);
	due_ms = row_of(&f, id).due_ms;
	f.s.clock.wall += 9 * SECOND_MS;
	tick(&f);
	f.s.clock.wall -= 8 * SECOND_MS;
	tick(&f);
	assert_true(row_of(&f, id).due_ms == due_ms);
	assert_int_equal(dispatch_jumps(f.dispatch).count, 0);
	finish(&f);
}

/* A box whose battery died wakes up years ago: its queue must not wait for years. */
static void test_a_clock_that_went_back_while_the_box_was_off(void **state)
{
	struct dispatch_fixture f;
	int64_t id, failed;

	(void)state;
	start(&f, 8);
	tick(&f);
	failed = queue(&f, "+84900000002", LANE_ANSWER);
	tick(&f);
	answer(&f, 0, SEND_REFUSED, ERR_RECIPIENT);
	assert_int_equal(row_of(&f, failed).state, OUTBOX_FAILED);
	id = queue_full(&f, "+84900000001", LANE_ANSWER, HOUR_MS, 0);
	end_turn(&f.s);
	dispatch_free(f.dispatch);
	store_close(f.s.store);
	f.s.clock.wall -= 3653 * DAY_MS;
	f.s.clock.mono = 0;
	store_fixture_open(&f.s);
	assert_ok(dispatch_new(
		&(struct dispatch_options){
			.store = f.s.store, .seed = 1, .wake = count_wake, .wake_arg = &f},
		&f.dispatch));
	dispatch_add(f.dispatch, &f.channel);
	/* As binhyend does before it claims anything. */
	assert_ok(event_add(f.s.store, "daemon.started", "", "system", "{}"));
	tick(&f);
	assert_true(row_of(&f, id).due_ms == f.s.clock.wall + HOUR_MS);
	clock_virtual_advance(&f.s.clock, HOUR_MS);
	tick(&f);
	assert_int_equal(f.count, 2);
	/* The network sets it right again. */
	f.s.clock.wall += 3653 * DAY_MS;
	tick(&f);
	assert_int_equal(row_of(&f, id).state, OUTBOX_CLAIMED);
	finish(&f);
}

/* The message itself is what wakes the box after its clock was set. */
static void test_what_is_written_after_a_jump_stays_where_it_is(void **state)
{
	static const int64_t jumps[] = {400 * DAY_MS, -400 * DAY_MS, 5 * HOUR_MS, -MINUTE_MS};
	struct dispatch_fixture f;

	(void)state;
	start(&f, 8);
	tick(&f);
	for (size_t i = 0; i < ARRAY_LEN(jumps); i++) {
		int64_t before = queue_full(&f, "+84900000001", LANE_ANSWER, 7 * DAY_MS, 0), after;
		int64_t due_ms = row_of(&f, before).due_ms;

		f.s.clock.wall += jumps[i];
		after = queue(&f, "+84900000002", LANE_ALARM);
		assert_true(row_of(&f, after).due_ms == f.s.clock.wall);
		assert_true(row_of(&f, before).due_ms == due_ms + jumps[i]);
		tick(&f);
		assert_true(row_of(&f, before).due_ms == due_ms + jumps[i]);
		assert_int_equal(row_of(&f, after).state, OUTBOX_CLAIMED);
		assert_int_equal(f.count, (int)i + 1);
		answer(&f, (int)i, SEND_SENT, ERR_OK);
	}
	assert_int_equal(dispatch_jumps(f.dispatch).count, (int)ARRAY_LEN(jumps));
	finish(&f);
}

static void test_a_jump_that_was_not_committed_is_seen_again(void **state)
{
	struct dispatch_fixture f;
	int64_t id, due_ms, events;

	(void)state;
	start(&f, 8);
	tick(&f);
	id = queue_full(&f, "+84900000001", LANE_ANSWER, HOUR_MS, 0);
	due_ms = row_of(&f, id).due_ms;
	end_turn(&f.s);
	events = count_events(&f);
	f.s.clock.wall -= 2 * DAY_MS;
	assert_ok(dispatch_check_clock(f.dispatch));
	turn_abort(f.s.store, ERR_DISK_FULL);
	assert_int_equal(dispatch_jumps(f.dispatch).count, 0);
	assert_true(row_of(&f, id).due_ms == due_ms);
	/* Another one before the disk has room again: both count. */
	f.s.clock.wall -= HOUR_MS;
	tick(&f);
	assert_true(row_of(&f, id).due_ms == due_ms - 2 * DAY_MS - HOUR_MS);
	assert_int_equal(count_events(&f), events + 1);
	assert_int_equal(dispatch_jumps(f.dispatch).count, 1);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_jump_of_the_clock_fires_and_skips_nothing),
		cmocka_unit_test(test_a_small_step_is_left_alone),
		cmocka_unit_test(test_a_clock_that_went_back_while_the_box_was_off),
		cmocka_unit_test(test_what_is_written_after_a_jump_stays_where_it_is),
		cmocka_unit_test(test_a_jump_that_was_not_committed_is_seen_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
