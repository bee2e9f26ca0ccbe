/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who goes when, and what may become of a row. Reports of delivery: test_outbox_part.c; rows that
 * stand by: test_standby.c. */
#include "tests/unit/store/support.h"

#define CLAIM_MS (2 * MINUTE_MS)

struct claimed {
	struct outbox_row rows[16];
	int count;
};

static struct claimed claim(struct store_fixture *f, enum lane lane, int limit)
{
	struct claimed c;

	c.count = -1;
	assert_ok(outbox_claim(f->store, CHANNEL_MODEM, lane, CLAIM_MS, c.rows, limit, &c.count));
	return c;
}

static int64_t queue_to(struct store_fixture *f, const char *phone, enum lane lane)
{
	return queue(f, message_to(party_of(f, phone), lane));
}

static void test_a_new_row_waits_with_a_deadline(void **state)
{
	struct store_fixture *f = *state;
	struct outbox_new out = message_to(party_of(f, RESIDENT), LANE_URGENT);
	struct outbox_row row;
	CLEAN_BUF text = {0};

	out.kind = OUTBOX_KIND_RECEIPT;
	out.due_ms = FIXTURE_WALL_MS + 5;
	row = load(f, queue(f, out));
	assert_int_equal(row.channel, CHANNEL_MODEM);
	assert_int_equal(row.lane, LANE_URGENT);
	assert_int_equal(row.kind, OUTBOX_KIND_RECEIPT);
	assert_int_equal(row.state, OUTBOX_QUEUED);
	assert_false(row.is_final);
	assert_int_equal(row.party_id, out.party_id);
	assert_int_equal(row.report_id, 0);
	assert_int_equal(row.standby_for, 0);
	assert_int_equal(row.due_ms, out.due_ms);
	assert_int_equal(row.deadline_ms, out.expires_ms);
	assert_int_equal(row.expires_ms, out.expires_ms);
	assert_int_equal(row.created_ms, FIXTURE_WALL_MS);
	assert_int_equal(row.attempts, 0);
	assert_err(row.error, ERR_OK);
	assert_string_equal(row.external_id, "");
	buf_init(&text, OUTBOX_BODY_MAX);
	assert_ok(outbox_text(f->store, row.id, &text));
	assert_string_equal(buf_text(&text), out.text);
}

static void test_texts_have_bounds(void **state)
{
	static char text[OUTBOX_BODY_MAX + 2];
	struct store_fixture *f = *state;
	struct outbox_new out = message_to(party_of(f, RESIDENT), LANE_ANSWER);
	int64_t id = -1;

	out.text = "";
	assert_err(outbox_add(f->store, &out, &id), ERR_INVALID);
	memset(text, 'a', OUTBOX_BODY_MAX + 1);
	out.text = text;
	assert_err(outbox_add(f->store, &out, &id), ERR_TOO_BIG);
	assert_int_equal(id, -1);
	text[OUTBOX_BODY_MAX] = 0;
	id = queue(f, out);
	assert_true(outbox_says(f, id, "aaaa"));
	assert_err(outbox_text(f->store, id + 1, &(struct buf){.max = 1}), ERR_NOT_FOUND);
	assert_err(outbox_load(f->store, id + 1, &(struct outbox_row){0}), ERR_NOT_FOUND);
}

static void test_a_claim_counts_and_sets_its_deadline(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = queue_to(f, RESIDENT, LANE_ANSWER);
	struct claimed c;
	struct outbox_row row;

	clock_virtual_advance(&f->clock, 7);
	c = claim(f, LANE_ANSWER, 16);
	assert_int_equal(c.count, 1);
	row = load(f, id);
	assert_int_equal(row.state, OUTBOX_CLAIMED);
	assert_int_equal(row.attempts, 1);
	assert_int_equal(row.claimed_ms, FIXTURE_WALL_MS + 7);
	assert_int_equal(row.deadline_ms, FIXTURE_WALL_MS + 7 + CLAIM_MS);
	assert_int_equal(c.rows[0].id, id);
	assert_int_equal(c.rows[0].state, OUTBOX_CLAIMED);
	assert_int_equal(c.rows[0].attempts, 1);
	assert_int_equal(c.rows[0].claimed_ms, row.claimed_ms);
	assert_int_equal(c.rows[0].deadline_ms, row.deadline_ms);
	assert_int_equal(claim(f, LANE_ANSWER, 16).count, 0);
}

static void test_a_claim_that_was_not_committed_never_was(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = queue_to(f, RESIDENT, LANE_ANSWER);

	end_turn(f);
	assert_int_equal(claim(f, LANE_ANSWER, 16).count, 1);
	turn_abort(f->store, ERR_DISK_FULL);
	assert_state(f, id, OUTBOX_QUEUED);
	assert_int_equal(load(f, id).attempts, 0);
	assert_int_equal(claim(f, LANE_ANSWER, 16).count, 1);
}

static void test_claims_go_by_due_time_then_age(void **state)
{
	static const int64_t due_s[] = {30, 10, 20, 10};
	struct store_fixture *f = *state;
	int64_t ids[4];
	struct claimed c;

	for (int i = 0; i < 4; i++) {
		char phone[16];
		struct outbox_new out;

		snprintf(phone, sizeof(phone), "+8490000100%d", i);
		out = message_to(party_of(f, phone), LANE_ANSWER);
		out.due_ms += due_s[i] * SECOND_MS;
		ids[i] = queue(f, out);
	}
	assert_int_equal(claim(f, LANE_ANSWER, 16).count, 0);
	clock_virtual_advance(&f->clock, 20 * SECOND_MS);
	c = claim(f, LANE_ANSWER, 2);
	assert_int_equal(c.count, 2);
	assert_int_equal(c.rows[0].id, ids[1]);
	assert_int_equal(c.rows[1].id, ids[3]);
	c = claim(f, LANE_ANSWER, 16);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.rows[0].id, ids[2]);
	clock_virtual_advance(&f->clock, 10 * SECOND_MS);
	assert_int_equal(claim(f, LANE_ANSWER, 16).rows[0].id, ids[0]);
}

static void test_lanes_and_channels_are_apart(void **state)
{
	struct store_fixture *f = *state;
	struct outbox_new zalo = message_to(party_of(f, OTHER), LANE_ALARM);
	int64_t bulletin = queue_to(f, RESIDENT, LANE_BULLETIN);
	struct claimed c;

	zalo.channel = CHANNEL_ZALO_GROUP;
	queue(f, zalo);
	assert_int_equal(claim(f, LANE_ALARM, 16).count, 0);
	assert_int_equal(claim(f, LANE_ANSWER, 16).count, 0);
	c = claim(f, LANE_BULLETIN, 16);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.rows[0].id, bulletin);
	assert_ok(outbox_claim(
		f->store, CHANNEL_ZALO_GROUP, LANE_ALARM, CLAIM_MS, c.rows, 16, &c.count));
	assert_int_equal(c.count, 1);
	assert_int_equal(c.rows[0].channel, CHANNEL_ZALO_GROUP);
}

static void test_one_in_flight_per_recipient_and_channel(void **state)
{
	struct store_fixture *f = *state;
	int64_t first = queue_to(f, RESIDENT, LANE_ANSWER);
	int64_t second = queue_to(f, RESIDENT, LANE_ANSWER);
	int64_t alarm = queue_to(f, RESIDENT, LANE_ALARM);
	int64_t other = queue_to(f, OTHER, LANE_ANSWER);
	struct outbox_new zalo = message_to(party_of(f, RESIDENT), LANE_ANSWER);
	struct claimed c;

	zalo.channel = CHANNEL_ZALO_USER;
	queue(f, zalo);
	c = claim(f, LANE_ANSWER, 16);
	assert_int_equal(c.count, 2);
	assert_int_equal(c.rows[0].id, first);
	assert_int_equal(c.rows[1].id, other);
	/* Busy in all lanes of this channel, free on another. */
	assert_int_equal(claim(f, LANE_ALARM, 16).count, 0);
	assert_ok(outbox_claim(
		f->store, CHANNEL_ZALO_USER, LANE_ANSWER, CLAIM_MS, c.rows, 16, &c.count));
	assert_int_equal(c.count, 1);
	assert_ok(move_to(f, first, OUTBOX_SUBMITTED));
	assert_int_equal(claim(f, LANE_ANSWER, 16).count, 0);
	assert_ok(move_to(f, first, OUTBOX_SENT));
	assert_int_equal(claim(f, LANE_ALARM, 16).rows[0].id, alarm);
	assert_int_equal(claim(f, LANE_ANSWER, 16).count, 0);
	assert_ok(move_to(f, alarm, OUTBOX_IN_DOUBT));
	assert_int_equal(claim(f, LANE_ANSWER, 16).rows[0].id, second);
}

static void test_a_row_that_waits_for_its_retry_holds_those_behind_it(void **state)
{
	struct store_fixture *f = *state;
	int64_t first = queue_to(f, RESIDENT, LANE_ANSWER);
	int64_t second = queue_to(f, RESIDENT, LANE_ANSWER);
	int64_t other_lane = queue_to(f, RESIDENT, LANE_URGENT);
	struct claimed c;

	assert_int_equal(claim(f, LANE_ANSWER, 16).rows[0].id, first);
	assert_ok(outbox_move(f->store, first,
		&(struct outbox_move){.to = OUTBOX_QUEUED,
			.error = ERR_NETWORK,
			.due_ms = f->clock.wall + MINUTE_MS,
			.deadline_ms = load(f, first).expires_ms}));
	assert_err(load(f, first).error, ERR_NETWORK);
	assert_int_equal(claim(f, LANE_ANSWER, 16).count, 0);
	/* Order is promised within a lane only. */
	c = claim(f, LANE_URGENT, 16);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.rows[0].id, other_lane);
	assert_ok(move_to(f, other_lane, OUTBOX_FAILED));
	clock_virtual_advance(&f->clock, MINUTE_MS);
	c = claim(f, LANE_ANSWER, 16);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.rows[0].id, first);
	assert_int_equal(c.rows[0].attempts, 2);
	assert_ok(move_to(f, first, OUTBOX_FAILED));
	assert_int_equal(claim(f, LANE_ANSWER, 16).rows[0].id, second);
}

static void test_a_row_of_later_does_not_hold_those_behind_it(void **state)
{
	struct store_fixture *f = *state;
	struct outbox_new later = message_to(party_of(f, RESIDENT), LANE_ANSWER);
	int64_t now_id;

	later.due_ms += 10 * MINUTE_MS;
	queue(f, later);
	now_id = queue_to(f, RESIDENT, LANE_ANSWER);
	assert_int_equal(claim(f, LANE_ANSWER, 16).rows[0].id, now_id);
}

static void test_the_expired_are_not_claimed_and_hold_nobody(void **state)
{
	struct store_fixture *f = *state;
	struct outbox_new brief = message_to(party_of(f, RESIDENT), LANE_ANSWER);
	int64_t old, next;
	struct outbox_row row;
	struct claimed c;

	brief.expires_ms = FIXTURE_WALL_MS + MINUTE_MS;
	old = queue(f, brief);
	next = queue_to(f, RESIDENT, LANE_ANSWER);
	clock_virtual_advance(&f->clock, MINUTE_MS);
	c = claim(f, LANE_ANSWER, 16);
	assert_int_equal(c.count, 1);
	assert_int_equal(c.rows[0].id, next);
	assert_ok(outbox_overdue(f->store, f->clock.wall, &row));
	assert_int_equal(row.id, old);
	assert_ok(outbox_move(
		f->store, old, &(struct outbox_move){.to = OUTBOX_EXPIRED, .error = ERR_EXPIRED}));
	assert_err(outbox_overdue(f->store, f->clock.wall, &row), ERR_NOT_FOUND);
}

static void test_next_due_and_next_deadline(void **state)
{
	struct store_fixture *f = *state;
	struct outbox_new out = message_to(party_of(f, RESIDENT), LANE_ANSWER);
	int64_t ms, id;

	assert_ok(outbox_next_due(f->store, CHANNEL_MODEM, &ms));
	assert_int_equal(ms, INT64_MAX);
	assert_ok(outbox_next_deadline(f->store, &ms));
	assert_int_equal(ms, INT64_MAX);
	out.due_ms += 50;
	id = queue(f, out);
	out.due_ms += 50;
	out.lane = LANE_ALARM;
	queue(f, out);
	assert_ok(outbox_next_due(f->store, CHANNEL_MODEM, &ms));
	assert_int_equal(ms, FIXTURE_WALL_MS + 50);
	assert_ok(outbox_next_due(f->store, CHANNEL_ZALO_USER, &ms));
	assert_int_equal(ms, INT64_MAX);
	clock_virtual_advance(&f->clock, 50);
	assert_int_equal(claim(f, LANE_ANSWER, 16).count, 1);
	assert_ok(outbox_next_due(f->store, CHANNEL_MODEM, &ms));
	assert_int_equal(ms, FIXTURE_WALL_MS + 100);
	assert_ok(outbox_next_deadline(f->store, &ms));
	assert_int_equal(ms, FIXTURE_WALL_MS + 50 + CLAIM_MS);
	assert_ok(move_to(f, id, OUTBOX_FAILED));
	assert_ok(outbox_next_deadline(f->store, &ms));
	assert_int_equal(ms, out.expires_ms);
}

static void test_the_oldest_deadline_is_overdue_first(void **state)
{
	struct store_fixture *f = *state;
	struct outbox_new out = message_to(party_of(f, RESIDENT), LANE_ANSWER);
	struct outbox_row row;
	int64_t late, early;

	late = queue(f, out);
	out.expires_ms -= MINUTE_MS;
	early = queue(f, out);
	assert_err(outbox_overdue(f->store, out.expires_ms - 1, &row), ERR_NOT_FOUND);
	assert_ok(outbox_overdue(f->store, out.expires_ms + HOUR_MS, &row));
	assert_int_equal(row.id, early);
	assert_ok(outbox_move(f->store, early, &(struct outbox_move){.to = OUTBOX_EXPIRED}));
	assert_ok(outbox_overdue(f->store, out.expires_ms + HOUR_MS, &row));
	assert_int_equal(row.id, late);
}

static void test_what_was_under_way_is_in_doubt_at_the_next_start(void **state)
{
	static const char *const phones[] = {RESIDENT, OTHER, OFFICER, "+84900007777"};
	struct store_fixture *f = *state;
	int64_t ids[4], count = -1;

	for (int i = 0; i < 4; i++)
		ids[i] = queue_to(f, phones[i], LANE_ANSWER);
	assert_int_equal(claim(f, LANE_ANSWER, 3).count, 3);
	assert_ok(move_to(f, ids[1], OUTBOX_SUBMITTED));
	assert_ok(move_to(f, ids[2], OUTBOX_SENT));
	end_turn(f);
	close_store(f);
	store_fixture_open(f);
	assert_ok(outbox_recover(f->store, &count));
	assert_int_equal(count, 2);
	end_turn(f);
	for (int i = 0; i < 2; i++) {
		struct outbox_row row = load(f, ids[i]);

		assert_int_equal(row.state, OUTBOX_IN_DOUBT);
		assert_err(row.error, ERR_IN_DOUBT);
		assert_true(row.deadline_ms > f->clock.wall);
		assert_true(outbox_says(f, ids[i], "Da nhan"));
	}
	assert_state(f, ids[2], OUTBOX_SENT);
	assert_state(f, ids[3], OUTBOX_QUEUED);
	assert_ok(outbox_recover(f->store, &count));
	assert_int_equal(count, 0);
	/* Never a blind second try. */
	assert_int_equal(claim(f, LANE_ANSWER, 16).count, 1);
}

struct doubts {
	struct store_fixture *f;
	int64_t ids[8];
	int count;
};

static void settle_doubt(void *arg, const struct outbox_row *row)
{
	struct doubts *d = arg;

	assert_int_equal(row->state, OUTBOX_IN_DOUBT);
	d->ids[d->count++] = row->id;
	if (row->id % 2)
		assert_ok(move_to(d->f, row->id, OUTBOX_SENT));
}

static void test_doubts_may_be_settled_while_they_are_listed(void **state)
{
	struct store_fixture *f = *state;
	struct doubts d = {.f = f};

	for (int i = 0; i < 5; i++) {
		char phone[16];
		int64_t id;

		snprintf(phone, sizeof(phone), "+8490000200%d", i);
		id = queue_to(f, phone, LANE_ANSWER);
		assert_int_equal(claim(f, LANE_ANSWER, 1).rows[0].id, id);
		assert_ok(move_to(f, id, OUTBOX_IN_DOUBT));
	}
	assert_ok(outbox_in_doubt(f->store, CHANNEL_ZALO_USER, 8, settle_doubt, &d));
	assert_int_equal(d.count, 0);
	assert_ok(outbox_in_doubt(f->store, CHANNEL_MODEM, 4, settle_doubt, &d));
	assert_int_equal(d.count, 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(d.ids[i], i + 1);
	d.count = 0;
	assert_ok(outbox_in_doubt(f->store, CHANNEL_MODEM, 8, settle_doubt, &d));
	assert_int_equal(d.count, 3);
	assert_int_equal(d.ids[0], 2);
	assert_int_equal(d.ids[1], 4);
	assert_int_equal(d.ids[2], 5);
}

static void test_listing_and_counting(void **state)
{
	struct store_fixture *f = *state;
	struct outbox_listing page = {.count = 0};
	int64_t count;

	for (int i = 0; i < 5; i++)
		queue_to(f, RESIDENT, LANE_ANSWER);
	assert_ok(outbox_list(f->store, 4, 2, outbox_listing_add, &page));
	assert_int_equal(page.count, 2);
	assert_int_equal(page.rows[0].id, 2);
	assert_int_equal(page.rows[1].id, 3);
	assert_int_equal(list_outbox(f).count, 5);
	assert_ok(outbox_count(f->store, OUTBOX_QUEUED, &count));
	assert_int_equal(count, 5);
	assert_ok(outbox_count(f->store, OUTBOX_SENT, &count));
	assert_int_equal(count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_new_row_waits_with_a_deadline),
		STORE_TEST(test_texts_have_bounds),
		STORE_TEST(test_a_claim_counts_and_sets_its_deadline),
		STORE_TEST(test_a_claim_that_was_not_committed_never_was),
		STORE_TEST(test_claims_go_by_due_time_then_age),
		STORE_TEST(test_lanes_and_channels_are_apart),
		STORE_TEST(test_one_in_flight_per_recipient_and_channel),
		STORE_TEST(test_a_row_that_waits_for_its_retry_holds_those_behind_it),
		STORE_TEST(test_a_row_of_later_does_not_hold_those_behind_it),
		STORE_TEST(test_the_expired_are_not_claimed_and_hold_nobody),
		STORE_TEST(test_next_due_and_next_deadline),
		STORE_TEST(test_the_oldest_deadline_is_overdue_first),
		STORE_TEST(test_what_was_under_way_is_in_doubt_at_the_next_start),
		STORE_TEST(test_doubts_may_be_settled_while_they_are_listed),
		STORE_TEST(test_listing_and_counting),
	};

	return cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
}
