/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dispatcher: what is claimed when, and what becomes of it. */
#include "tests/unit/relay/dispatch_fixture.h"

static void test_claim_is_committed_before_the_channel_sees_it(void **state)
{
	struct dispatch_fixture f;
	int64_t id;

	(void)state;
	start(&f, 1);
	id = queue(&f, "+84900000001", LANE_ANSWER);
	assert_ok(dispatch_tick(f.dispatch, &f.next_ms));
	assert_int_equal(f.count, 0);
	end_turn(&f.s);
	assert_int_equal(f.count, 1);
	assert_int_equal(f.sends[0]->outbox_id, id);
	assert_string_equal(f.sends[0]->address, "+84900000001");
	assert_string_equal(f.sends[0]->text, "xin chao");
	assert_int_equal(row_of(&f, id).state, OUTBOX_CLAIMED);
	assert_int_equal(row_of(&f, id).attempts, 1);
	answer(&f, 0, SEND_SENT, ERR_OK);
	assert_int_equal(row_of(&f, id).state, OUTBOX_SENT);
	assert_false(row_of(&f, id).is_final);
	finish(&f);
}

static void test_a_failed_commit_sends_nothing(void **state)
{
	struct dispatch_fixture f;
	int64_t id;

	(void)state;
	start(&f, 1);
	id = queue(&f, "+84900000001", LANE_ANSWER);
	assert_ok(dispatch_tick(f.dispatch, &f.next_ms));
	turn_abort(f.s.store, ERR_DISK_FULL);
	assert_int_equal(f.count, 0);
	assert_int_equal(row_of(&f, id).state, OUTBOX_QUEUED);
	assert_int_equal(row_of(&f, id).attempts, 0);
	assert_int_equal(dispatch_in_flight(f.dispatch), 0);
	tick(&f);
	assert_int_equal(f.count, 1);
	finish(&f);
}

static void test_lanes_go_in_order_and_room_is_kept(void **state)
{
	struct dispatch_fixture f;
	int64_t low, high;

	(void)state;
	start(&f, 1);
	low = queue(&f, "+84900000001", LANE_BULLETIN);
	high = queue(&f, "+84900000002", LANE_ALARM);
	tick(&f);
	assert_int_equal(f.count, 1);
	assert_int_equal(f.sends[0]->outbox_id, high);
	tick(&f);
	assert_int_equal(f.count, 1);
	answer(&f, 0, SEND_SENT, ERR_OK);
	tick(&f);
	assert_int_equal(f.count, 2);
	assert_int_equal(f.sends[1]->outbox_id, low);
	finish(&f);
}

static void test_one_recipient_one_at_a_time_in_order_through_a_retry(void **state)
{
	struct dispatch_fixture f;
	int64_t first, second, other;

	(void)state;
	start(&f, 8);
	first = queue(&f, "+84900000001", LANE_ANSWER);
	second = queue(&f, "+84900000001", LANE_ANSWER);
	other = queue(&f, "+84900000002", LANE_ANSWER);
	tick(&f);
	assert_int_equal(f.count, 2);
	assert_int_equal(f.sends[0]->outbox_id, first);
	assert_int_equal(f.sends[1]->outbox_id, other);
	answer(&f, 0, SEND_RETRY, ERR_NETWORK);
	tick(&f);
	assert_int_equal(f.count, 2);
	assert_true(row_of(&f, first).due_ms > f.s.clock.wall);
	clock_virtual_advance(&f.s.clock, MINUTE_MS);
	tick(&f);
	assert_int_equal(f.count, 3);
	assert_int_equal(f.sends[2]->outbox_id, first);
	answer(&f, 2, SEND_SENT, ERR_OK);
	tick(&f);
	assert_int_equal(f.sends[3]->outbox_id, second);
	finish(&f);
}

static void test_refused_is_final_and_erased(void **state)
{
	struct dispatch_fixture f;
	struct buf text;
	int64_t id;

	(void)state;
	start(&f, 1);
	id = queue(&f, "+84900000001", LANE_ANSWER);
	tick(&f);
	answer(&f, 0, SEND_REFUSED, ERR_RECIPIENT);
	assert_int_equal(row_of(&f, id).state, OUTBOX_FAILED);
	assert_int_equal(row_of(&f, id).error, ERR_RECIPIENT);
	buf_init(&text, 100);
	assert_err(outbox_text(f.s.store, id, &text), ERR_NOT_FOUND);
	finish(&f);
}

static void test_standby_goes_when_the_main_channel_is_down(void **state)
{
	struct dispatch_fixture f;
	struct channel group = {
		.ops = &fake_ops, .kind = CHANNEL_ZALO_GROUP, .capacity = 0, .is_reachable = true};
	struct party party;
	int64_t main_id, standby;

	(void)state;
	start(&f, 1);
	dispatch_add(f.dispatch, &group);
	assert_ok(party_get(f.s.store, PARTY_ZALO_GROUP, "4000", &party));
	assert_ok(outbox_add(f.s.store,
		&(struct outbox_new){.channel = CHANNEL_ZALO_GROUP,
			.lane = LANE_ALARM,
			.kind = OUTBOX_KIND_RELAY,
			.party_id = party.id,
			.due_ms = f.s.clock.wall,
			.expires_ms = f.s.clock.wall + DAY_MS,
			.text = "tin bao"},
		&main_id));
	standby = queue_full(&f, "+84900009001", LANE_ALARM, 2 * MINUTE_MS, main_id);
	tick(&f);
	assert_int_equal(f.count, 0);
	group.is_reachable = false;
	tick(&f);
	assert_int_equal(f.count, 1);
	assert_int_equal(f.sends[0]->outbox_id, standby);
	finish(&f);
}

static void test_expired_in_the_queue(void **state)
{
	struct dispatch_fixture f;
	int64_t id;

	(void)state;
	start(&f, 0);
	id = queue(&f, "+84900000001", LANE_ANSWER);
	tick(&f);
	assert_true(f.next_ms <= f.s.clock.wall + DAY_MS);
	clock_virtual_advance(&f.s.clock, DAY_MS + 1);
	tick(&f);
	assert_int_equal(row_of(&f, id).state, OUTBOX_EXPIRED);
	f.channel.capacity = 1;
	tick(&f);
	assert_int_equal(f.count, 0);
	finish(&f);
}

static void test_missing_report_is_no_failure(void **state)
{
	struct dispatch_fixture f;
	int64_t id;

	(void)state;
	start(&f, 1);
	id = queue(&f, "+84900000001", LANE_ANSWER);
	tick(&f);
	answer(&f, 0, SEND_SENT, ERR_OK);
	clock_virtual_advance(&f.s.clock, 4 * DAY_MS);
	tick(&f);
	assert_int_equal(row_of(&f, id).state, OUTBOX_SENT);
	assert_true(row_of(&f, id).is_final);
	finish(&f);
}

static void test_a_channel_that_can_not_begin_is_tried_later(void **state)
{
	struct dispatch_fixture f;
	int64_t id;

	(void)state;
	start(&f, 1);
	f.refuse = ERR_BUSY;
	id = queue(&f, "+84900000001", LANE_ANSWER);
	tick(&f);
	assert_int_equal(row_of(&f, id).state, OUTBOX_QUEUED);
	assert_int_equal(row_of(&f, id).error, ERR_BUSY);
	f.refuse = ERR_OK;
	clock_virtual_advance(&f.s.clock, MINUTE_MS);
	tick(&f);
	assert_int_equal(f.count, 1);
	finish(&f);
}

static void test_attempts_end(void **state)
{
	struct dispatch_fixture f;
	int64_t id;

	(void)state;
	start(&f, 1);
	f.refuse = ERR_MODEM;
	id = queue(&f, "+84900000001", LANE_ANSWER);
	for (int i = 0; i < 200 && !row_of(&f, id).is_final; i++) {
		tick(&f);
		clock_virtual_advance(&f.s.clock, 10 * MINUTE_MS);
	}
	assert_true(row_of(&f, id).is_final);
	assert_true(row_of(&f, id).attempts <= 30);
	finish(&f);
}

static void test_references_of_long_messages_follow_one_another(void **state)
{
	struct dispatch_fixture f;
	struct party one, other;
	int ref = -1;

	(void)state;
	start(&f, 1);
	assert_ok(party_get(f.s.store, PARTY_PHONE, "+84900000001", &one));
	assert_ok(party_get(f.s.store, PARTY_PHONE, "+84900000002", &other));
	for (int i = 1; i <= 300; i++) {
		assert_ok(party_next_ref(f.s.store, one.id, &ref));
		assert_int_equal(ref, i & 0xff);
	}
	assert_ok(party_next_ref(f.s.store, other.id, &ref));
	assert_int_equal(ref, 1);
	end_turn(&f.s);
	dispatch_free(f.dispatch);
	f.dispatch = NULL;
	store_close(f.s.store);
	store_fixture_open(&f.s);
	assert_ok(party_next_ref(f.s.store, one.id, &ref));
	assert_int_equal(ref, 301 & 0xff);
	finish(&f);
}

/* An hour of trouble is over: nobody who is on duty waits half an hour more. */
static void test_an_alarm_is_tried_every_minute_until_it_expires(void **state)
{
	struct dispatch_fixture f;
	int64_t first, second;

	(void)state;
	start(&f, 8);
	tick(&f);
	first = queue(&f, "+84900000001", LANE_ALARM);
	second = queue(&f, "+84900000001", LANE_ALARM);
	tick(&f);
	for (int i = 0; i < 60; i++) {
		assert_int_equal(f.count, i + 1);
		answer(&f, i, SEND_RETRY, ERR_MODEM);
		assert_int_equal(row_of(&f, first).state, OUTBOX_QUEUED);
		assert_true(row_of(&f, first).due_ms - f.s.clock.wall <= 75 * SECOND_MS);
		assert_int_equal(row_of(&f, second).attempts, 0);
		clock_virtual_advance(&f.s.clock, 75 * SECOND_MS);
		tick(&f);
	}
	answer(&f, 60, SEND_SENT, ERR_OK);
	tick(&f);
	assert_int_equal(row_of(&f, second).state, OUTBOX_CLAIMED);
	finish(&f);
}

/* Half an hour of back-off was right while there was no network. What waits for another reason goes
 * on waiting. */
static void test_a_channel_that_returns_is_used_at_once(void **state)
{
	struct dispatch_fixture f;
	int64_t tried, quota, planned;

	(void)state;
	start(&f, 8);
	tried = queue(&f, "+84900000001", LANE_ANSWER);
	quota = queue(&f, "+84900000002", LANE_ANSWER);
	planned = queue_full(&f, "+84900000003", LANE_ANSWER, 10 * HOUR_MS, 0);
	tick(&f);
	f.channel.is_deaf = true;
	answer_later(&f, 0, ERR_NETWORK, HOUR_MS);
	answer_later(&f, 1, ERR_QUOTA, HOUR_MS);
	tick(&f);
	clock_virtual_advance(&f.s.clock, 10 * MINUTE_MS);
	tick(&f);
	assert_int_equal(f.count, 2);
	f.channel.is_deaf = false;
	tick(&f);
	assert_int_equal(f.count, 3);
	assert_int_equal(row_of(&f, tried).state, OUTBOX_CLAIMED);
	assert_int_equal(row_of(&f, quota).state, OUTBOX_QUEUED);
	assert_int_equal(row_of(&f, planned).state, OUTBOX_QUEUED);
	/* A blink is no outage: each would cost an attempt. */
	answer_later(&f, 2, ERR_NETWORK, HOUR_MS);
	f.channel.is_reachable = false;
	tick(&f);
	clock_virtual_advance(&f.s.clock, 10 * SECOND_MS);
	f.channel.is_reachable = true;
	tick(&f);
	assert_int_equal(f.count, 3);
	finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_claim_is_committed_before_the_channel_sees_it),
		cmocka_unit_test(test_a_failed_commit_sends_nothing),
		cmocka_unit_test(test_lanes_go_in_order_and_room_is_kept),
		cmocka_unit_test(test_one_recipient_one_at_a_time_in_order_through_a_retry),
		cmocka_unit_test(test_refused_is_final_and_erased),
		cmocka_unit_test(test_standby_goes_when_the_main_channel_is_down),
		cmocka_unit_test(test_expired_in_the_queue),
		cmocka_unit_test(test_missing_report_is_no_failure),
		cmocka_unit_test(test_a_channel_that_can_not_begin_is_tried_later),
		cmocka_unit_test(test_attempts_end),
		cmocka_unit_test(test_references_of_long_messages_follow_one_another),
		cmocka_unit_test(test_an_alarm_is_tried_every_minute_until_it_expires),
		cmocka_unit_test(test_a_channel_that_returns_is_used_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
