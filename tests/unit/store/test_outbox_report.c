/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports that name the row and the attempt, in every state that the row may be in by then. */
#include "tests/unit/store/support.h"

static int64_t queue_http(struct store_fixture *f)
{
	struct outbox_new out = message_to(party_of(f, RESIDENT), LANE_ANSWER);

	out.channel = CHANNEL_HTTP_SMS;
	return queue(f, out);
}

static void claim(struct store_fixture *f, int64_t id)
{
	struct outbox_row row;
	int count = 0;

	assert_ok(
		outbox_claim(f->store, CHANNEL_HTTP_SMS, LANE_ANSWER, MINUTE_MS, &row, 1, &count));
	assert_int_equal(count, 1);
	assert_int_equal(row.id, id);
}

/* A row that was claimed `attempts` times and is in this state now. */
static int64_t tried(struct store_fixture *f, int attempts, enum outbox_state state)
{
	int64_t id = queue_http(f);

	for (int i = 1; i <= attempts; i++) {
		claim(f, id);
		if (i < attempts || state == OUTBOX_QUEUED)
			assert_ok(outbox_move(f->store, id,
				&(struct outbox_move){.to = OUTBOX_QUEUED,
					.error = ERR_BUSY,
					.due_ms = f->clock.wall,
					.deadline_ms = f->clock.wall + DAY_MS}));
	}
	if (state != OUTBOX_QUEUED && state != OUTBOX_CLAIMED)
		assert_ok(move_to(f, id, state));
	assert_state(f, id, state);
	return id;
}

static void told(struct store_fixture *f, int64_t id, int attempt, enum outbox_told what)
{
	assert_ok(outbox_report(f->store, CHANNEL_HTTP_SMS, id, attempt, what));
}

static const enum outbox_state open_states[] = {
	OUTBOX_QUEUED, OUTBOX_CLAIMED, OUTBOX_SUBMITTED, OUTBOX_SENT, OUTBOX_IN_DOUBT};

static void test_delivered_ends_it_wherever_it_is(void **state)
{
	struct store_fixture *f = *state;

	for (int attempt = 0; attempt <= 2; attempt++) {
		for (size_t i = 0; i < ARRAY_LEN(open_states); i++) {
			int64_t id = tried(f, 2, open_states[i]);

			told(f, id, attempt, OUTBOX_TOLD_DELIVERED);
			assert_state(f, id, OUTBOX_DELIVERED);
			assert_true(load(f, id).is_final);
		}
	}
	end_turn(f);
}

static void test_failed_counts_for_the_attempt_under_way(void **state)
{
	struct store_fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(open_states); i++) {
		int64_t id = tried(f, 2, open_states[i]);

		told(f, id, 1, OUTBOX_TOLD_FAILED);
		assert_state(f, id, open_states[i]);
		told(f, id, 2, OUTBOX_TOLD_FAILED);
		/* One that waits for its next attempt goes on. */
		assert_state(f, id, i ? OUTBOX_FAILED : OUTBOX_QUEUED);
		if (!i)
			assert_ok(move_to(f, id, OUTBOX_CANCELLED));
		else
			assert_int_equal(load(f, id).error, ERR_RECIPIENT);
	}
	end_turn(f);
}

static void test_accepted_ends_a_doubt_and_spares_an_attempt(void **state)
{
	struct store_fixture *f = *state;
	static const enum outbox_state after[] = {
		OUTBOX_SENT, OUTBOX_CLAIMED, OUTBOX_SUBMITTED, OUTBOX_SENT, OUTBOX_SENT};

	for (size_t i = 0; i < ARRAY_LEN(open_states); i++) {
		int64_t id = tried(f, 1, open_states[i]);

		told(f, id, 1, OUTBOX_TOLD_ACCEPTED);
		assert_state(f, id, after[i]);
		assert_false(load(f, id).is_final);
		told(f, id, 1, OUTBOX_TOLD_DELIVERED);
	}
	end_turn(f);
}

static void test_a_repeated_report_changes_nothing(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = tried(f, 1, OUTBOX_SENT);

	told(f, id, 1, OUTBOX_TOLD_DELIVERED);
	told(f, id, 1, OUTBOX_TOLD_FAILED);
	told(f, id, 1, OUTBOX_TOLD_ACCEPTED);
	told(f, id, 1, OUTBOX_TOLD_DELIVERED);
	assert_state(f, id, OUTBOX_DELIVERED);
	end_turn(f);
}

static void test_one_that_nobody_counted_on(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = tried(f, 1, OUTBOX_CLAIMED);

	assert_ok(outbox_move(
		f->store, id, &(struct outbox_move){.to = OUTBOX_SENT, .is_final = true}));
	told(f, id, 1, OUTBOX_TOLD_FAILED);
	told(f, id, 1, OUTBOX_TOLD_ACCEPTED);
	assert_state(f, id, OUTBOX_SENT);
	told(f, id, 1, OUTBOX_TOLD_DELIVERED);
	assert_state(f, id, OUTBOX_DELIVERED);
	end_turn(f);
}

static void test_what_is_not_ours(void **state)
{
	struct store_fixture *f = *state;
	int64_t modem = queue(f, message_to(party_of(f, OTHER), LANE_ANSWER));
	int64_t fresh = queue_http(f);

	assert_err(outbox_report(f->store, CHANNEL_HTTP_SMS, 999, 1, OUTBOX_TOLD_DELIVERED),
		ERR_NOT_FOUND);
	assert_err(outbox_report(f->store, CHANNEL_HTTP_SMS, modem, 1, OUTBOX_TOLD_DELIVERED),
		ERR_NOT_FOUND);
	/* Never tried, or not that often: whoever says so is mistaken. */
	assert_err(outbox_report(f->store, CHANNEL_HTTP_SMS, fresh, 0, OUTBOX_TOLD_DELIVERED),
		ERR_STATE);
	claim(f, fresh);
	assert_err(outbox_report(f->store, CHANNEL_HTTP_SMS, fresh, 2, OUTBOX_TOLD_DELIVERED),
		ERR_STATE);
	assert_err(outbox_report(f->store, CHANNEL_HTTP_SMS, fresh, -1, OUTBOX_TOLD_DELIVERED),
		ERR_STATE);
	assert_state(f, fresh, OUTBOX_CLAIMED);
	assert_state(f, modem, OUTBOX_QUEUED);
	end_turn(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_delivered_ends_it_wherever_it_is),
		STORE_TEST(test_failed_counts_for_the_attempt_under_way),
		STORE_TEST(test_accepted_ends_a_doubt_and_spares_an_attempt),
		STORE_TEST(test_a_repeated_report_changes_nothing),
		STORE_TEST(test_one_that_nobody_counted_on),
		STORE_TEST(test_what_is_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
