/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A slot read again is one message, two equal texts are two. */
#include "tests/unit/store/support.h"

#define IMSI  "452010000000001"
#define IMSI2 "452010000000002"

static const uint8_t words_a[32] = {1}, words_b[32] = {2};

static int64_t taken(struct store_fixture *f, int slot, const uint8_t hash[32])
{
	int64_t generation = -1;

	assert_ok(sim_slot_take(f->store, IMSI, "SM", slot, hash, &generation));
	return generation;
}

static void assert_known(struct store_fixture *f, int slot, const uint8_t hash[32])
{
	int64_t generation = -1;

	assert_err(sim_slot_take(f->store, IMSI, "SM", slot, hash, &generation), ERR_EXISTS);
	assert_int_equal(generation, -1);
}

static void test_a_slot_read_again_is_known(void **state)
{
	struct store_fixture *f = *state;

	assert_int_equal(taken(f, 1, words_a), 1);
	assert_known(f, 1, words_a);
	end_turn(f);
	close_store(f);
	store_fixture_open(f);
	assert_known(f, 1, words_a);
}

static void test_an_equal_text_in_another_slot_is_another(void **state)
{
	struct store_fixture *f = *state;
	int64_t generation;

	assert_int_equal(taken(f, 1, words_a), 1);
	assert_int_equal(taken(f, 2, words_a), 1);
	assert_ok(sim_slot_take(f->store, IMSI, "ME", 1, words_a, &generation));
	assert_ok(sim_slot_take(f->store, IMSI2, "SM", 1, words_a, &generation));
	assert_known(f, 1, words_a);
	assert_known(f, 2, words_a);
}

static void test_a_freed_slot_takes_an_equal_text(void **state)
{
	struct store_fixture *f = *state;

	assert_int_equal(taken(f, 1, words_a), 1);
	assert_ok(sim_slot_freed(f->store, IMSI, "SM", 1));
	assert_int_equal(taken(f, 1, words_a), 2);
	assert_known(f, 1, words_a);
	assert_ok(sim_slot_freed(f->store, IMSI, "SM", 1));
	assert_int_equal(taken(f, 1, words_b), 3);
}

/* Its deletion was not seen, but other words lie there now: it must have been deleted. */
static void test_other_words_in_a_slot_are_another(void **state)
{
	struct store_fixture *f = *state;

	assert_int_equal(taken(f, 1, words_a), 1);
	assert_int_equal(taken(f, 1, words_b), 2);
	assert_known(f, 1, words_b);
	assert_int_equal(taken(f, 1, words_a), 3);
}

static void test_a_lost_turn_knows_nothing(void **state)
{
	struct store_fixture *f = *state;

	taken(f, 1, words_a);
	turn_abort(f->store, ERR_DISK_FULL);
	assert_int_equal(taken(f, 1, words_a), 1);
	end_turn(f);
	/* Deleted, and the word of it was lost with the turn: still the same message. */
	assert_ok(sim_slot_freed(f->store, IMSI, "SM", 1));
	turn_abort(f->store, ERR_DISK_FULL);
	assert_known(f, 1, words_a);
}

static void test_freeing_what_was_never_taken_is_nothing(void **state)
{
	struct store_fixture *f = *state;

	assert_ok(sim_slot_freed(f->store, IMSI, "SM", 9));
	assert_int_equal(taken(f, 9, words_a), 1);
}

static int64_t taken_by(struct store_fixture *f, const char *owner, const uint8_t hash[32])
{
	int64_t generation = 0;
	enum err err = sim_slot_take(f->store, owner, "SM", 1, hash, &generation);

	return err == ERR_EXISTS ? 0 : generation;
}

/* The card tells its number at last: what lies in it is known still, and no generation of either
 * name comes a second time, for that would be the name of a message that we have. */
static void test_slots_get_the_name_of_their_card(void **state)
{
	struct store_fixture *f = *state;

	assert_int_equal(taken_by(f, "m", words_a), 1);
	assert_int_equal(taken_by(f, "m", words_b), 2);
	assert_ok(sim_slot_rename(f->store, "m", IMSI));
	assert_int_equal(taken_by(f, IMSI, words_b), 0);
	assert_int_equal(taken_by(f, IMSI, words_a), 3);
	assert_int_equal(taken_by(f, "m", words_b), 3);
}

static void test_a_card_known_from_elsewhere(void **state)
{
	struct store_fixture *f = *state;

	for (int i = 0; i < 3; i++)
		assert_int_not_equal(taken_by(f, IMSI, i % 2 ? words_b : words_a), 0);
	assert_int_equal(taken_by(f, "m", words_b), 1);
	assert_ok(sim_slot_rename(f->store, "m", IMSI));
	assert_int_equal(taken_by(f, IMSI, words_b), 0);
	assert_int_equal(taken_by(f, IMSI, words_a), 4);
	/* What was seen deleted is not carried over. */
	assert_int_equal(taken_by(f, "n", words_b), 1);
	assert_ok(sim_slot_freed(f->store, "n", "SM", 1));
	assert_ok(sim_slot_rename(f->store, "n", IMSI));
	assert_int_equal(taken_by(f, IMSI, words_a), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_slot_read_again_is_known),
		STORE_TEST(test_an_equal_text_in_another_slot_is_another),
		STORE_TEST(test_a_freed_slot_takes_an_equal_text),
		STORE_TEST(test_other_words_in_a_slot_are_another),
		STORE_TEST(test_a_lost_turn_knows_nothing),
		STORE_TEST(test_freeing_what_was_never_taken_is_nothing),
		STORE_TEST(test_slots_get_the_name_of_their_card),
		STORE_TEST(test_a_card_known_from_elsewhere),
	};

	return cmocka_run_group_tests_name("sim_slot", tests, NULL, NULL);
}
