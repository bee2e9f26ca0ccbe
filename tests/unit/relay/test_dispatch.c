/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dispatcher with one channel that does what the test says, on a virtual clock. */
#include "daemon/relay/dispatch.h"
#include "store/event.h"
#include "tests/lib/store_fixture.h"

#define SENDS_MAX 80

struct dispatch_fixture {
	struct store_fixture s;
	struct dispatch *dispatch;
	struct channel channel;
	struct send *sends[SENDS_MAX]; /* in the order in which they were given */
	int count;
	int cancelled;
	int wakes;
	enum err refuse; /* what send() answers */
	int64_t next_ms;
	/* The gate. */
	struct gate_answer gate; /* for every row but */
	int64_t free_id;
	int asked, withdrawn;
	int64_t room;
};

static struct dispatch_fixture *current;

static int fake_send(struct channel *channel, struct send *req)
{
	(void)channel;
	if (current->refuse)
		return (int)current->refuse;
	assert_true(current->count < SENDS_MAX);
	current->sends[current->count++] = req;
	return ERR_OK;
}

static void fake_cancel(struct channel *channel, struct send *req)
{
	(void)channel;
	(void)req;
	current->cancelled++;
}

static void fake_close(struct channel *channel, channel_close_cb cb)
{
	cb(channel);
}

static const struct channel_ops fake_ops = {fake_send, fake_cancel, fake_close};

static enum err fake_admit(
	struct channel *channel, struct send *req, struct gate_answer *ret_answer)
{
	(void)channel;
	current->asked++;
	if (req->outbox_id != current->free_id)
		*ret_answer = current->gate;
	return ERR_OK;
}

static void fake_withdraw(struct channel *channel, struct send *req)
{
	(void)channel;
	(void)req;
	current->withdrawn++;
}

static int64_t fake_room(struct channel *channel, enum lane lane, int64_t until_ms)
{
	(void)channel;
	(void)lane;
	(void)until_ms;
	return current->room;
}

static const struct channel_gate fake_gate = {fake_admit, fake_withdraw, fake_room};

static void count_wake(void *arg)
{
	((struct dispatch_fixture *)arg)->wakes++;
}

static void start(struct dispatch_fixture *f, unsigned capacity)
{
	memset(f, 0, sizeof(*f));
	current = f;
	store_fixture_init(&f->s);
	assert_ok(dispatch_new(
		&(struct dispatch_options){
			.store = f->s.store, .seed = 1, .wake = count_wake, .wake_arg = f},
		&f->dispatch));
	f->channel = (struct channel){.ops = &fake_ops,
		.kind = CHANNEL_MODEM,
		.capacity = capacity,
		.is_reachable = true};
	dispatch_add(f->dispatch, &f->channel);
}

static void finish(struct dispatch_fixture *f)
{
	dispatch_free(f->dispatch);
	store_fixture_done(&f->s);
}

static void tick(struct dispatch_fixture *f)
{
	assert_ok(dispatch_tick(f->dispatch, &f->next_ms));
	end_turn(&f->s);
}

static int64_t queue_kind(struct dispatch_fixture *f, const char *number, enum lane lane,
	enum outbox_kind kind, int64_t delay_ms, int64_t standby_for)
{
	struct party party;
	int64_t id;

	assert_ok(party_get(f->s.store, PARTY_PHONE, number, &party));
	assert_ok(outbox_add(f->s.store,
		&(struct outbox_new){.channel = CHANNEL_MODEM,
			.lane = lane,
			.kind = kind,
			.party_id = party.id,
			.standby_for = standby_for,
			.due_ms = f->s.clock.wall + delay_ms,
			.expires_ms = f->s.clock.wall + DAY_MS,
			.text = "xin chao"},
		&id));
	end_turn(&f->s);
	return id;
}

static int64_t queue_full(struct dispatch_fixture *f, const char *number, enum lane lane,
	int64_t delay_ms, int64_t standby_for)
{
	return queue_kind(f, number, lane, OUTBOX_KIND_ANSWER, delay_ms, standby_for);
}

static int64_t queue(struct dispatch_fixture *f, const char *number, enum lane lane)
{
	return queue_full(f, number, lane, 0, 0);
}

static void answer(struct dispatch_fixture *f, int index, enum send_result result, enum err err)
{
	struct send *req = f->sends[index];

	req->done(
		req, &(struct send_outcome){.result = result, .err = err, .report_expected = true});
	end_turn(&f->s);
}

static struct outbox_row row_of(struct dispatch_fixture *f, int64_t id)
{
	struct outbox_row row;

	assert_ok(outbox_load(f->s.store, id, &row));
	return row;
}

static int64_t count_events(struct dispatch_fixture *f)
{
	int64_t count, bad;

	assert_ok(event_verify(f->s.store, &count, &bad));
	return count;
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_claim_is_committed_before_the_channel_sees_it),
		cmocka_unit_test(test_a_failed_commit_sends_nothing),
		cmocka_unit_test(test_lanes_go_in_order_and_room_is_kept),
		cmocka_unit_test(test_one_recipient_one_at_a_time_in_order_through_a_retry),
		cmocka_unit_test(test_doubt_is_not_tried_again),
		cmocka_unit_test(test_an_overdue_claim_is_in_doubt_and_a_late_yes_ends_it),
		cmocka_unit_test(test_refused_is_final_and_erased),
		cmocka_unit_test(test_standby_goes_when_the_main_channel_is_down),
		cmocka_unit_test(test_expired_in_the_queue),
		cmocka_unit_test(test_missing_report_is_no_failure),
		cmocka_unit_test(test_a_channel_that_can_not_begin_is_tried_later),
		cmocka_unit_test(test_attempts_end),
		cmocka_unit_test(test_an_alarm_in_doubt_is_said_once_again),
		cmocka_unit_test(test_a_late_yes_spares_the_second_alarm),
		cmocka_unit_test(test_a_restart_leaves_an_alarm_its_two_minutes),
		cmocka_unit_test(test_a_person_settles_a_doubt),
		cmocka_unit_test(test_references_of_long_messages_follow_one_another),
		cmocka_unit_test(test_an_alarm_is_tried_every_minute_until_it_expires),
		cmocka_unit_test(test_a_jump_of_the_clock_fires_and_skips_nothing),
		cmocka_unit_test(test_what_is_written_after_a_jump_stays_where_it_is),
		cmocka_unit_test(test_a_jump_that_was_not_committed_is_seen_again),
		cmocka_unit_test(test_a_small_step_is_left_alone),
		cmocka_unit_test(test_a_clock_that_went_back_while_the_box_was_off),
		cmocka_unit_test(test_a_lane_waits_for_room_without_polling),
		cmocka_unit_test(test_a_held_row_lets_the_others_go_but_not_to_its_recipient),
		cmocka_unit_test(test_what_the_caps_make_impossible_is_told_once),
		cmocka_unit_test(test_room_is_given_back_when_the_claim_fails),
		cmocka_unit_test(test_a_busy_gate_opens_with_the_next_tick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
