/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every move that there is, against a table written down here once more by hand, and what a move
 * writes. */
#include "tests/unit/store/support.h"

enum { Q, C, S, T, I, D, F, E, X, STATES }; /* T = SENT, X = CANCELLED */

static const enum outbox_state states[STATES] = {OUTBOX_QUEUED, OUTBOX_CLAIMED, OUTBOX_SUBMITTED,
	OUTBOX_SENT, OUTBOX_IN_DOUBT, OUTBOX_DELIVERED, OUTBOX_FAILED, OUTBOX_EXPIRED,
	OUTBOX_CANCELLED};

/* From the row to the column. */
static const char allowed[STATES][STATES + 1] = {
	/*      QCSTIDFEX */
	[Q] = "-+-+-++++",
	[C] = "+-++++++-",
	[S] = "+--+++++-",
	[T] = "---+-++--",
	[I] = "+--+-++++",
	[D] = "---------",
	[F] = "---------",
	[E] = "---------",
	[X] = "---------",
};

/* How each state is come to by allowed moves. */
static const int way_to[STATES][4] = {
	[Q] = {Q},
	[C] = {C, Q},
	[S] = {C, S, Q},
	[T] = {C, T, Q},
	[I] = {C, I, Q},
	[D] = {C, S, D, Q},
	[F] = {F, Q},
	[E] = {E, Q},
	[X] = {X, Q},
};

static int64_t row_in(struct store_fixture *f, int state)
{
	int64_t id = queue(f, message_to(party_of(f, RESIDENT), LANE_ANSWER));

	for (int i = 0; i < 4 && way_to[state][i] != Q; i++)
		assert_ok(move_to(f, id, states[way_to[state][i]]));
	assert_state(f, id, states[state]);
	return id;
}

static bool is_always_final(int state)
{
	return state == D || state == F || state == E || state == X;
}

static void test_moves_are_those_of_the_table(void **state)
{
	struct store_fixture *f = *state;

	for (int from = 0; from < STATES; from++) {
		for (int to = 0; to < STATES; to++) {
			int64_t id = row_in(f, from);
			enum err expected = allowed[from][to] == '+' ? ERR_OK : ERR_STATE;
			enum err err = move_to(f, id, states[to]);

			if (err != expected)
				print_error("%s to %s: %s\n", outbox_state_text(states[from]),
					outbox_state_text(states[to]), err_name(err));
			assert_err(err, expected);
			assert_state(f, id, states[err ? from : to]);
		}
	}
	end_turn(f);
}

static void test_a_row_is_final_or_has_a_deadline(void **state)
{
	struct store_fixture *f = *state;

	for (int s = 0; s < STATES; s++) {
		struct outbox_row row = load(f, row_in(f, s));

		assert_int_equal(row.is_final, is_always_final(s));
		assert_int_equal(row.deadline_ms > 0, !is_always_final(s));
	}
	end_turn(f);
	assert_int_equal(
		raw_int(f->path,
			"SELECT count(*) FROM outbox WHERE (is_final = 1) = (final_ms = 0)"),
		0);
}

static void test_the_schema_refuses_rows_without_a_deadline(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = row_in(f, C);

	end_turn(f);
	/* Also when our own check were missing. */
	assert_int_equal(
		raw_exec(f->path, "UPDATE outbox SET deadline_ms = NULL"), SQLITE_CONSTRAINT);
	assert_int_equal(raw_exec(f->path, "UPDATE outbox SET is_final = 1"), SQLITE_CONSTRAINT);
	assert_int_equal(raw_exec(f->path,
				 "UPDATE outbox SET is_final = 1, deadline_ms = NULL, body = NULL"),
		SQLITE_CONSTRAINT);
	assert_int_equal(
		raw_exec(f->path,
			"UPDATE outbox SET state = 'FAILED', is_final = 1, deadline_ms = NULL"),
		SQLITE_CONSTRAINT);
	assert_state(f, id, OUTBOX_CLAIMED);
}

static void test_final_rows_lose_their_words(void **state)
{
	struct store_fixture *f = *state;
	CLEAN_BUF text = {0};

	buf_init(&text, OUTBOX_BODY_MAX);
	for (int s = 0; s < STATES; s++) {
		int64_t id = row_in(f, s);

		if (!is_always_final(s))
			assert_true(outbox_says(f, id, "Da nhan"));
		else
			assert_err(outbox_text(f->store, id, &text), ERR_NOT_FOUND);
	}
	end_turn(f);
	assert_int_equal(
		raw_int(f->path,
			"SELECT count(*) FROM outbox WHERE is_final = 1 AND body NOT NULL"),
		0);
}

static void test_sent_ends_when_no_report_will_come(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = row_in(f, C);
	CLEAN_BUF text = {0};
	struct outbox_row row;

	clock_virtual_advance(&f->clock, 5);
	assert_ok(outbox_move(f->store, id,
		&(struct outbox_move){
			.to = OUTBOX_SENT, .is_final = true, .external_id = "m-1", .via = "4000"}));
	row = load(f, id);
	assert_true(row.is_final);
	assert_int_equal(row.state, OUTBOX_SENT);
	assert_int_equal(row.deadline_ms, 0);
	assert_int_equal(row.sent_ms, FIXTURE_WALL_MS + 5);
	assert_string_equal(row.external_id, "m-1");
	assert_string_equal(row.via, "4000");
	buf_init(&text, OUTBOX_BODY_MAX);
	assert_err(outbox_text(f->store, id, &text), ERR_NOT_FOUND);
	for (int to = 0; to < STATES; to++) {
		if (states[to] != OUTBOX_DELIVERED)
			assert_err(move_to(f, id, states[to]), ERR_STATE);
	}
	/* It comes after all. */
	assert_ok(move_to(f, id, OUTBOX_DELIVERED));
	assert_int_equal(load(f, id).sent_ms, FIXTURE_WALL_MS + 5);
	assert_string_equal(load(f, id).external_id, "m-1");
	for (int to = 0; to < STATES; to++)
		assert_err(move_to(f, id, states[to]), ERR_STATE);
}

static void test_only_sent_may_be_called_final(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = row_in(f, C);

	assert_ok(outbox_move(f->store, id,
		&(struct outbox_move){.to = OUTBOX_SUBMITTED,
			.is_final = true,
			.deadline_ms = f->clock.wall + 1}));
	assert_false(load(f, id).is_final);
}

static void test_a_move_keeps_what_it_does_not_say(void **state)
{
	struct store_fixture *f = *state;
	int64_t id = row_in(f, C);
	struct outbox_row row;

	assert_ok(outbox_move(f->store, id,
		&(struct outbox_move){.to = OUTBOX_SUBMITTED,
			.via = "sim-a",
			.external_id = "m-1",
			.deadline_ms = f->clock.wall + 1}));
	clock_virtual_advance(&f->clock, 10);
	assert_ok(outbox_move(f->store, id,
		&(struct outbox_move){.to = OUTBOX_SENT,
			.error = ERR_TIMEOUT,
			.deadline_ms = f->clock.wall + 1}));
	clock_virtual_advance(&f->clock, 10);
	assert_ok(outbox_move(f->store, id, &(struct outbox_move){.to = OUTBOX_DELIVERED}));
	row = load(f, id);
	assert_string_equal(row.via, "sim-a");
	assert_string_equal(row.external_id, "m-1");
	/* The time of the first word that it went. */
	assert_int_equal(row.sent_ms, FIXTURE_WALL_MS + 10);
	assert_int_equal(row.due_ms, FIXTURE_WALL_MS);
	assert_err(row.error, ERR_OK);
}

static void test_every_error_is_kept_by_its_name(void **state)
{
#define X(name, cls, vi, en) ERR_##name,
	static const enum err errors[] = {ERR_TABLE(X)};
#undef X
	struct store_fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		int64_t id = row_in(f, C);

		assert_ok(outbox_move(f->store, id,
			&(struct outbox_move){.to = OUTBOX_FAILED, .error = errors[i]}));
		assert_err(load(f, id).error, errors[i]);
	}
}

static void test_a_row_that_is_not_there_can_not_move(void **state)
{
	assert_err(move_to(*state, 4711, OUTBOX_CLAIMED), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_moves_are_those_of_the_table),
		STORE_TEST(test_a_row_is_final_or_has_a_deadline),
		STORE_TEST(test_the_schema_refuses_rows_without_a_deadline),
		STORE_TEST(test_final_rows_lose_their_words),
		STORE_TEST(test_sent_ends_when_no_report_will_come),
		STORE_TEST(test_only_sent_may_be_called_final),
		STORE_TEST(test_a_move_keeps_what_it_does_not_say),
		STORE_TEST(test_every_error_is_kept_by_its_name),
		STORE_TEST(test_a_row_that_is_not_there_can_not_move),
	};

	return cmocka_run_group_tests_name("outbox_state", tests, NULL, NULL);
}
