/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Delivery reports and what they are about. */
#include "tests/unit/store/support.h"

#define SIM_A "452010000000001"
#define SIM_B "452010000000002"

/* A message of `total` segments with references from `tp_mr` up, all taken by the network. */
static int64_t send_parts(struct store_fixture *f, const char *phone, int total, int tp_mr)
{
	int64_t id = queue(f, message_to(party_of(f, phone), LANE_ANSWER));

	assert_ok(move_to(f, id, OUTBOX_CLAIMED));
	for (int i = 0; i < total; i++)
		assert_ok(outbox_part_sent(
			f->store, id, i + 1, total, SIM_A, (tp_mr + i) & 0xff, f->clock.wall));
	assert_ok(outbox_move(f->store, id,
		&(struct outbox_move){.to = OUTBOX_SENT,
			.via = SIM_A,
			.deadline_ms = f->clock.wall + 3 * DAY_MS}));
	return id;
}

static enum err report_by(struct store_fixture *f, const char *sim, const char *phone, int tp_mr,
	bool is_delivered, int64_t *ret_id)
{
	return outbox_part_report(
		f->store, sim, tp_mr, party_of(f, phone), is_delivered, f->clock.wall, ret_id);
}

static void assert_reported(struct store_fixture *f, int tp_mr, bool is_delivered, int64_t expected)
{
	int64_t id = -1;

	assert_ok(report_by(f, SIM_A, RESIDENT, tp_mr, is_delivered, &id));
	assert_int_equal(id, expected);
}

static void assert_unmatched(struct store_fixture *f, const char *sim, const char *phone, int tp_mr)
{
	int64_t id = -1;

	assert_err(report_by(f, sim, phone, tp_mr, true, &id), ERR_NOT_FOUND);
	assert_int_equal(id, -1);
}

static void test_a_report_delivers(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = send_parts(f, RESIDENT, 1, 12);

	assert_reported(f, 12, true, id);
	assert_state(f, id, OUTBOX_DELIVERED);
	end_turn(f);
	assert_int_equal(
		raw_int(f->path,
			"SELECT count(*) FROM outbox_part WHERE state = 'DELIVERED' AND done_ms > 0"),
		1);
}

static void test_a_report_of_failure_fails(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = send_parts(f, RESIDENT, 1, 12);

	assert_reported(f, 12, false, id);
	assert_state(f, id, OUTBOX_FAILED);
	assert_err(load(f, id).error, ERR_RECIPIENT);
}

static void test_the_same_report_again_changes_nothing(void **state)
{
	struct store_fixture *f = *state;
	int64_t old = send_parts(f, RESIDENT, 1, 12), id;

	clock_virtual_advance(&f->clock, SECOND_MS);
	id = send_parts(f, RESIDENT, 1, 12);
	assert_reported(f, 12, true, id);
	assert_reported(f, 12, true, id);
	assert_reported(f, 12, false, id);
	assert_state(f, id, OUTBOX_DELIVERED);
	assert_state(f, old, OUTBOX_SENT);
}

static void test_the_newest_of_a_reference_that_wrapped(void **state)
{
	struct store_fixture *f = *state;
	int64_t ids[3];

	for (int i = 0; i < 3; i++) {
		ids[i] = send_parts(f, RESIDENT, 1, 255);
		clock_virtual_advance(&f->clock, HOUR_MS);
	}
	assert_reported(f, 255, true, ids[2]);
	assert_state(f, ids[0], OUTBOX_SENT);
	assert_state(f, ids[1], OUTBOX_SENT);
	assert_state(f, ids[2], OUTBOX_DELIVERED);
}

static void test_others_and_other_sims_are_not_meant(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = send_parts(f, RESIDENT, 1, 12), other, found;

	assert_unmatched(f, SIM_A, OTHER, 12);
	assert_unmatched(f, SIM_B, RESIDENT, 12);
	assert_unmatched(f, SIM_A, RESIDENT, 13);
	assert_state(f, id, OUTBOX_SENT);
	/* The same reference to another recipient. */
	other = send_parts(f, OTHER, 1, 12);
	assert_ok(report_by(f, SIM_A, OTHER, 12, true, &found));
	assert_int_equal(found, other);
	assert_state(f, id, OUTBOX_SENT);
}

static void test_a_report_is_too_late_after_a_week(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = send_parts(f, RESIDENT, 1, 12), late = send_parts(f, RESIDENT, 1, 13);

	clock_virtual_advance(&f->clock, 7 * DAY_MS);
	assert_reported(f, 12, true, id);
	clock_virtual_advance(&f->clock, 1);
	assert_unmatched(f, SIM_A, RESIDENT, 13);
	assert_state(f, late, OUTBOX_SENT);
}

static void test_all_segments_must_arrive_in_any_order(void **state)
{
	static const int order[] = {1, 0, 2};
	struct store_fixture *f = *state;
	/* The references wrap within the message. */
	int64_t id = send_parts(f, RESIDENT, 3, 255);

	for (int i = 0; i < 3; i++) {
		assert_state(f, id, OUTBOX_SENT);
		assert_reported(f, (255 + order[i]) & 0xff, true, id);
	}
	assert_state(f, id, OUTBOX_DELIVERED);
}

static void test_one_lost_segment_fails_the_message(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = send_parts(f, RESIDENT, 3, 10);

	assert_reported(f, 10, true, id);
	assert_reported(f, 12, false, id);
	assert_state(f, id, OUTBOX_FAILED);
	assert_reported(f, 11, true, id);
	assert_state(f, id, OUTBOX_FAILED);
}

static int64_t claim_one(struct store_fixture *f)
{
	int64_t id = queue(f, message_to(party_of(f, RESIDENT), LANE_ANSWER));

	assert_ok(move_to(f, id, OUTBOX_CLAIMED));
	return id;
}

static void test_a_report_between_two_segments_waits_for_the_rest(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = claim_one(f);

	assert_ok(outbox_part_sent(f->store, id, 1, 2, SIM_A, 10, f->clock.wall));
	assert_reported(f, 10, true, id);
	assert_state(f, id, OUTBOX_CLAIMED);
	assert_ok(outbox_part_sent(f->store, id, 2, 2, SIM_A, 11, f->clock.wall));
	assert_ok(move_to(f, id, OUTBOX_SENT));
	assert_reported(f, 11, true, id);
	assert_state(f, id, OUTBOX_DELIVERED);
}

static void test_a_segment_that_failed_early_is_remembered(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = claim_one(f);

	assert_ok(outbox_part_sent(f->store, id, 1, 2, SIM_A, 10, f->clock.wall));
	assert_reported(f, 10, false, id);
	assert_state(f, id, OUTBOX_CLAIMED);
	assert_ok(outbox_part_sent(f->store, id, 2, 2, SIM_A, 11, f->clock.wall));
	assert_ok(move_to(f, id, OUTBOX_SENT));
	assert_reported(f, 11, true, id);
	assert_state(f, id, OUTBOX_FAILED);
}

static void test_what_is_sent_again_awaits_its_own_report(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = claim_one(f);

	assert_ok(outbox_part_sent(f->store, id, 1, 1, SIM_A, 10, f->clock.wall));
	assert_reported(f, 10, false, id);
	assert_ok(move_to(f, id, OUTBOX_QUEUED));
	assert_ok(move_to(f, id, OUTBOX_CLAIMED));
	assert_ok(outbox_part_sent(f->store, id, 1, 1, SIM_B, 200, f->clock.wall));
	assert_ok(move_to(f, id, OUTBOX_SENT));
	assert_unmatched(f, SIM_A, RESIDENT, 10);
	assert_ok(report_by(f, SIM_B, RESIDENT, 200, true, &id));
	assert_state(f, id, OUTBOX_DELIVERED);
}

static int64_t leave_in_doubt(struct store_fixture *f, const char *via)
{
	int64_t id = claim_one(f);

	assert_ok(outbox_move(f->store, id,
		&(struct outbox_move){.to = OUTBOX_IN_DOUBT,
			.error = ERR_TIMEOUT,
			.via = via,
			.deadline_ms = f->clock.wall + DAY_MS}));
	return id;
}

static void test_a_report_settles_a_doubt(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = leave_in_doubt(f, SIM_A);

	assert_unmatched(f, SIM_B, RESIDENT, 77);
	assert_unmatched(f, SIM_A, OTHER, 77);
	assert_state(f, id, OUTBOX_IN_DOUBT);
	assert_reported(f, 77, true, id);
	assert_state(f, id, OUTBOX_DELIVERED);
	id = leave_in_doubt(f, SIM_A);
	assert_reported(f, 78, false, id);
	assert_state(f, id, OUTBOX_FAILED);
}

static void test_a_doubt_without_a_sim_is_of_any(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = leave_in_doubt(f, NULL);

	assert_reported(f, 77, true, id);
	assert_state(f, id, OUTBOX_DELIVERED);
}

static void test_a_doubt_among_several_stays(void **state)
{
	struct store_fixture *f = *state;
	int64_t one = leave_in_doubt(f, SIM_A), two = leave_in_doubt(f, SIM_A);

	assert_unmatched(f, SIM_A, RESIDENT, 77);
	assert_state(f, one, OUTBOX_IN_DOUBT);
	assert_state(f, two, OUTBOX_IN_DOUBT);
	assert_ok(move_to(f, two, OUTBOX_FAILED));
	assert_reported(f, 77, true, one);
}

static void test_a_doubt_beside_one_under_way_stays(void **state)
{
	struct store_fixture *f = *state;
	int64_t doubt = leave_in_doubt(f, SIM_A), flying = claim_one(f);

	assert_unmatched(f, SIM_A, RESIDENT, 77);
	assert_ok(move_to(f, flying, OUTBOX_SUBMITTED));
	assert_unmatched(f, SIM_A, RESIDENT, 77);
	assert_ok(move_to(f, flying, OUTBOX_SENT));
	assert_reported(f, 77, true, doubt);
}

static void test_a_known_reference_goes_before_a_doubt(void **state)
{
	struct store_fixture *f = *state;
	int64_t doubt = leave_in_doubt(f, SIM_A), sent = send_parts(f, RESIDENT, 1, 12);

	assert_reported(f, 12, true, sent);
	assert_state(f, doubt, OUTBOX_IN_DOUBT);
}

/* The answer to the last segment was lost, all the same the network had it. */
static void test_reports_of_all_segments_settle_a_doubt(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = claim_one(f);

	for (int part = 1; part <= 2; part++)
		assert_ok(outbox_part_sent(f->store, id, part, 2, SIM_A, part, f->clock.wall));
	assert_ok(move_to(f, id, OUTBOX_IN_DOUBT));
	assert_reported(f, 1, true, id);
	assert_state(f, id, OUTBOX_IN_DOUBT);
	assert_reported(f, 2, true, id);
	assert_state(f, id, OUTBOX_DELIVERED);
}

static void test_delivery_cancels_what_stands_by(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = leave_in_doubt(f, SIM_A), standby;
	struct outbox_new out = message_to(party_of(f, OTHER), LANE_ANSWER);

	out.standby_for = id;
	standby = queue(f, out);
	assert_reported(f, 77, true, id);
	assert_state(f, standby, OUTBOX_CANCELLED);
}

static void test_parts_have_bounds(void **state)
{
	static const int bad[][3] = {{0, 1, 0}, {2, 1, 0}, {1, 256, 0}, {1, 1, -1}, {1, 1, 256}};
	struct store_fixture *f = *state;
	int64_t id = claim_one(f);

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_err(outbox_part_sent(f->store, id, bad[i][0], bad[i][1], SIM_A, bad[i][2],
				   f->clock.wall),
			ERR_INVALID);
	assert_ok(outbox_part_sent(f->store, id, 255, 255, SIM_A, 255, f->clock.wall));
}

/* A message of that many segments of which the first `known` were answered, and then silence. */
static int64_t doubt_after(struct store_fixture *f, int segments, int known, int tp_mr)
{
	int64_t id = queue(f, message_to(party_of(f, RESIDENT), LANE_ANSWER));
	struct outbox_row row = load(f, id);

	row.segments = segments;
	assert_ok(outbox_claim_row(f->store, &row, HOUR_MS));
	for (int i = 0; i < known; i++)
		assert_ok(outbox_part_sent(
			f->store, id, i + 1, segments, SIM_A, (tp_mr + i) & 0xff, f->clock.wall));
	assert_ok(outbox_move(f->store, id,
		&(struct outbox_move){.to = OUTBOX_IN_DOUBT,
			.via = SIM_A,
			.deadline_ms = f->clock.wall + 2 * DAY_MS}));
	assert_int_equal(load(f, id).segments, segments);
	return id;
}

static void test_one_report_of_two_leaves_the_doubt(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = doubt_after(f, 2, 1, 255);

	/* The second segment's reference is not known; the first one's is. */
	assert_reported(f, 0, true, id);
	assert_state(f, id, OUTBOX_IN_DOUBT);
	assert_reported(f, 0, true, id);
	assert_state(f, id, OUTBOX_IN_DOUBT);
	assert_reported(f, 255, true, id);
	assert_state(f, id, OUTBOX_DELIVERED);
}

static void test_the_first_segment_is_not_the_message(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = doubt_after(f, 3, 0, 0);

	assert_reported(f, 40, true, id);
	assert_reported(f, 40, true, id);
	assert_state(f, id, OUTBOX_IN_DOUBT);
	assert_reported(f, 41, true, id);
	assert_state(f, id, OUTBOX_IN_DOUBT);
	assert_reported(f, 42, true, id);
	assert_state(f, id, OUTBOX_DELIVERED);
	assert_unmatched(f, SIM_A, RESIDENT, 43);
}

static void test_a_failed_segment_in_doubt_fails_the_message(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = doubt_after(f, 2, 1, 10);

	assert_reported(f, 10, true, id);
	assert_reported(f, 11, false, id);
	assert_state(f, id, OUTBOX_FAILED);
}

static void test_more_reports_than_segments_are_about_something_else(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = doubt_after(f, 2, 2, 10);

	assert_unmatched(f, SIM_A, RESIDENT, 12);
	assert_state(f, id, OUTBOX_IN_DOUBT);
	assert_reported(f, 10, true, id);
	assert_reported(f, 11, true, id);
	assert_state(f, id, OUTBOX_DELIVERED);
}

static void test_a_late_answer_ends_the_doubt_of_the_last_segment(void **state)
{
	struct store_fixture *f = *state;
	int64_t one = doubt_after(f, 1, 0, 0), last, first;

	assert_ok(outbox_part_late(f->store, one, 1, SIM_A, 7));
	assert_state(f, one, OUTBOX_SENT);
	assert_reported(f, 7, true, one);
	assert_state(f, one, OUTBOX_DELIVERED);
	last = doubt_after(f, 2, 1, 10);
	assert_ok(outbox_part_late(f->store, last, 2, SIM_A, 11));
	assert_state(f, last, OUTBOX_SENT);
	/* Of three segments the first was taken; nobody ever sent the others. */
	first = doubt_after(f, 3, 0, 0);
	assert_ok(outbox_part_late(f->store, first, 1, SIM_A, 20));
	assert_state(f, first, OUTBOX_IN_DOUBT);
	assert_reported(f, 20, true, first);
	assert_state(f, first, OUTBOX_IN_DOUBT);
	assert_err(outbox_part_late(f->store, 999, 1, SIM_A, 1), ERR_NOT_FOUND);
}

static void test_a_late_answer_after_its_report(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = doubt_after(f, 2, 1, 10);

	assert_reported(f, 11, true, id);
	assert_ok(outbox_part_late(f->store, id, 2, SIM_A, 11));
	assert_state(f, id, OUTBOX_SENT);
	assert_reported(f, 10, true, id);
	assert_state(f, id, OUTBOX_DELIVERED);
}

static void test_two_messages_to_one_recipient_across_the_wrap(void **state)
{
	struct store_fixture *f = *state;
	int64_t first = send_parts(f, RESIDENT, 2, 254), second;

	clock_virtual_advance(&f->clock, SECOND_MS);
	second = send_parts(f, RESIDENT, 2, 0);
	assert_reported(f, 0, true, second);
	assert_reported(f, 255, true, first);
	assert_reported(f, 254, true, first);
	assert_state(f, first, OUTBOX_DELIVERED);
	assert_state(f, second, OUTBOX_SENT);
	assert_reported(f, 1, false, second);
	assert_state(f, second, OUTBOX_FAILED);
	/* 256 segments later the same references are the newer messages'. */
	clock_virtual_advance(&f->clock, HOUR_MS);
	first = send_parts(f, RESIDENT, 2, 254);
	assert_reported(f, 254, true, first);
	assert_reported(f, 255, true, first);
	assert_state(f, first, OUTBOX_DELIVERED);
}

static void test_what_is_not_there_is_said(void **state)
{
	struct store_fixture *f = *state;

	assert_err(outbox_part_sent(f->store, 999, 1, 1, SIM_A, 1, f->clock.wall), ERR_NOT_FOUND);
	assert_err(report_set_state(f->store, 999, "answered"), ERR_NOT_FOUND);
	assert_err(party_touch(f->store, 999, f->clock.wall), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_report_delivers),
		STORE_TEST(test_a_report_of_failure_fails),
		STORE_TEST(test_the_same_report_again_changes_nothing),
		STORE_TEST(test_the_newest_of_a_reference_that_wrapped),
		STORE_TEST(test_others_and_other_sims_are_not_meant),
		STORE_TEST(test_a_report_is_too_late_after_a_week),
		STORE_TEST(test_all_segments_must_arrive_in_any_order),
		STORE_TEST(test_one_lost_segment_fails_the_message),
		STORE_TEST(test_a_report_between_two_segments_waits_for_the_rest),
		STORE_TEST(test_a_segment_that_failed_early_is_remembered),
		STORE_TEST(test_what_is_sent_again_awaits_its_own_report),
		STORE_TEST(test_a_report_settles_a_doubt),
		STORE_TEST(test_a_doubt_without_a_sim_is_of_any),
		STORE_TEST(test_a_doubt_among_several_stays),
		STORE_TEST(test_a_doubt_beside_one_under_way_stays),
		STORE_TEST(test_a_known_reference_goes_before_a_doubt),
		STORE_TEST(test_reports_of_all_segments_settle_a_doubt),
		STORE_TEST(test_delivery_cancels_what_stands_by),
		STORE_TEST(test_one_report_of_two_leaves_the_doubt),
		STORE_TEST(test_the_first_segment_is_not_the_message),
		STORE_TEST(test_a_failed_segment_in_doubt_fails_the_message),
		STORE_TEST(test_more_reports_than_segments_are_about_something_else),
		STORE_TEST(test_a_late_answer_ends_the_doubt_of_the_last_segment),
		STORE_TEST(test_a_late_answer_after_its_report),
		STORE_TEST(test_two_messages_to_one_recipient_across_the_wrap),
		STORE_TEST(test_parts_have_bounds),
		STORE_TEST(test_what_is_not_there_is_said),
	};

	return cmocka_run_group_tests_name("outbox_part", tests, NULL, NULL);
}
