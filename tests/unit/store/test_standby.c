/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A row that stands by goes out only if the one it stands by for did not. */
#include "tests/unit/store/support.h"

struct pair {
	int64_t main_id, standby_id;
};

/* To the group at once; to a phone two minutes later if need be. */
static struct pair queue_pair(struct store_fixture *f)
{
	struct outbox_new out = message_to(party_of(f, RESIDENT), LANE_ALARM);
	struct pair pair;

	out.channel = CHANNEL_ZALO_GROUP;
	pair.main_id = queue(f, out);
	out.channel = CHANNEL_MODEM;
	out.party_id = party_of(f, OFFICER);
	out.standby_for = pair.main_id;
	out.due_ms += 2 * MINUTE_MS;
	pair.standby_id = queue(f, out);
	assert_int_equal(load(f, pair.standby_id).standby_for, pair.main_id);
	return pair;
}

static int claimable(struct store_fixture *f)
{
	struct outbox_row rows[8];
	int count;

	assert_ok(outbox_claim(f->store, CHANNEL_MODEM, LANE_ALARM, MINUTE_MS, rows, 8, &count));
	return count;
}

static void test_it_waits_for_its_time(void **state)
{
	struct store_fixture *f = *state;

	queue_pair(f);
	assert_int_equal(claimable(f), 0);
	clock_virtual_advance(&f->clock, 2 * MINUTE_MS);
	assert_int_equal(claimable(f), 1);
}

static void test_it_is_cancelled_when_the_main_one_went(void **state)
{
	static const enum outbox_state ends[] = {OUTBOX_SENT, OUTBOX_DELIVERED};
	struct store_fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct pair pair = queue_pair(f), other = queue_pair(f);

		assert_ok(move_to(f, pair.main_id, OUTBOX_CLAIMED));
		assert_ok(move_to(f, pair.main_id, OUTBOX_SUBMITTED));
		assert_state(f, pair.standby_id, OUTBOX_QUEUED);
		assert_ok(move_to(f, pair.main_id, ends[i]));
		assert_state(f, pair.standby_id, OUTBOX_CANCELLED);
		assert_true(load(f, pair.standby_id).is_final);
		assert_state(f, other.standby_id, OUTBOX_QUEUED);
	}
}

static void test_all_that_stand_by_are_cancelled(void **state)
{
	struct store_fixture *f = *state;
	struct pair pair = queue_pair(f);
	struct outbox_new out = message_to(party_of(f, OTHER), LANE_ALARM);
	int64_t second;

	out.standby_for = pair.main_id;
	second = queue(f, out);
	assert_ok(move_to(f, pair.main_id, OUTBOX_CLAIMED));
	assert_ok(move_to(f, pair.main_id, OUTBOX_SENT));
	assert_state(f, pair.standby_id, OUTBOX_CANCELLED);
	assert_state(f, second, OUTBOX_CANCELLED);
}

static void test_it_is_hurried_when_the_main_one_failed(void **state)
{
	static const enum outbox_state ends[] = {OUTBOX_FAILED, OUTBOX_EXPIRED};
	struct store_fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct pair pair = queue_pair(f), other = queue_pair(f);

		clock_virtual_advance(&f->clock, 5 * SECOND_MS);
		assert_ok(move_to(f, pair.main_id, ends[i]));
		assert_state(f, pair.standby_id, OUTBOX_QUEUED);
		assert_int_equal(load(f, pair.standby_id).due_ms, f->clock.wall);
		assert_true(load(f, other.standby_id).due_ms > f->clock.wall);
		assert_int_equal(claimable(f), 1);
		assert_ok(move_to(f, pair.standby_id, OUTBOX_SENT));
	}
}

static void test_it_is_not_put_off_when_the_main_one_fails_late(void **state)
{
	struct store_fixture *f = *state;
	struct pair pair = queue_pair(f);
	int64_t due_ms = load(f, pair.standby_id).due_ms;

	clock_virtual_advance(&f->clock, 10 * MINUTE_MS);
	assert_ok(move_to(f, pair.main_id, OUTBOX_FAILED));
	assert_int_equal(load(f, pair.standby_id).due_ms, due_ms);
}

static void test_under_way_it_is_left_alone(void **state)
{
	struct store_fixture *f = *state;
	struct pair pair = queue_pair(f);

	assert_ok(move_to(f, pair.standby_id, OUTBOX_CLAIMED));
	assert_ok(move_to(f, pair.main_id, OUTBOX_CLAIMED));
	assert_ok(move_to(f, pair.main_id, OUTBOX_SENT));
	assert_state(f, pair.standby_id, OUTBOX_CLAIMED);
}

static void test_in_doubt_changes_nothing(void **state)
{
	struct store_fixture *f = *state;
	struct pair pair = queue_pair(f);
	int64_t due_ms = load(f, pair.standby_id).due_ms;

	assert_ok(move_to(f, pair.main_id, OUTBOX_CLAIMED));
	assert_ok(move_to(f, pair.main_id, OUTBOX_IN_DOUBT));
	assert_state(f, pair.standby_id, OUTBOX_QUEUED);
	assert_int_equal(load(f, pair.standby_id).due_ms, due_ms);
}

static void test_all_of_a_channel_that_is_down_go_now(void **state)
{
	struct store_fixture *f = *state;
	struct pair one = queue_pair(f), two = queue_pair(f);
	struct outbox_new out = message_to(party_of(f, OTHER), LANE_ALARM);
	int64_t by_user, plain;

	out.channel = CHANNEL_ZALO_USER;
	out.due_ms += HOUR_MS / 2;
	plain = queue(f, out);
	out.channel = CHANNEL_MODEM;
	out.standby_for = plain;
	by_user = queue(f, out);
	clock_virtual_advance(&f->clock, SECOND_MS);
	assert_ok(outbox_release_standby(f->store, CHANNEL_ZALO_GROUP, f->clock.wall));
	assert_int_equal(load(f, one.standby_id).due_ms, f->clock.wall);
	assert_int_equal(load(f, two.standby_id).due_ms, f->clock.wall);
	assert_int_equal(load(f, one.main_id).due_ms, FIXTURE_WALL_MS);
	assert_int_equal(load(f, by_user).due_ms, out.due_ms);
	assert_int_equal(load(f, plain).due_ms, out.due_ms);
	/* Once more changes nothing: what is due already is not touched. */
	clock_virtual_advance(&f->clock, SECOND_MS);
	assert_ok(outbox_release_standby(f->store, CHANNEL_ZALO_GROUP, f->clock.wall));
	assert_int_equal(load(f, one.standby_id).due_ms, f->clock.wall - SECOND_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_it_waits_for_its_time),
		STORE_TEST(test_it_is_cancelled_when_the_main_one_went),
		STORE_TEST(test_all_that_stand_by_are_cancelled),
		STORE_TEST(test_it_is_hurried_when_the_main_one_failed),
		STORE_TEST(test_it_is_not_put_off_when_the_main_one_fails_late),
		STORE_TEST(test_under_way_it_is_left_alone),
		STORE_TEST(test_in_doubt_changes_nothing),
		STORE_TEST(test_all_of_a_channel_that_is_down_go_now),
	};

	return cmocka_run_group_tests_name("standby", tests, NULL, NULL);
}
