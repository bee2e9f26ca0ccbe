/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/slots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define AGAIN 20000

static int setup(void **state)
{
	static struct slots slots;

	*state = &slots;
	return slots_init(&slots) ? -1 : 0;
}

static int teardown(void **state)
{
	slots_done(*state);
	return 0;
}

static void delete_next(struct slots *slots, int64_t now_ms)
{
	struct slot *slot = slots_next_deletable(slots);

	assert_non_null(slot);
	slots_freed(slots, slot, true, now_ms);
}

static void test_told_stored_freed(void **state)
{
	struct slots *slots = *state;

	assert_true(slots_tell(slots, "SM", 0, 0, AGAIN));
	assert_null(slots_next_deletable(slots));
	assert_false(slots_answer(slots, "ME", 0, 1)); /* another slot of that number */
	assert_true(slots_answer(slots, "SM", 0, 1));
	assert_string_equal(slots_next_deletable(slots)->mem, "SM");
	assert_int_equal(slots_next_deletable(slots)->slot, 0);
	assert_false(slots_tell(slots, "SM", 0, 50000, AGAIN)); /* about to go */
	delete_next(slots, 2);
	assert_null(slots_next_deletable(slots));
	assert_true(slots_tell(slots, "SM", 0, 3, AGAIN)); /* the next message in it */
}

static void test_repeated_until_stored(void **state)
{
	struct slots *slots = *state;

	assert_true(slots_tell(slots, "SM", 1, 0, AGAIN));
	assert_false(slots_tell(slots, "SM", 1, AGAIN - 1, AGAIN));
	assert_true(slots_tell(slots, "SM", 1, AGAIN, AGAIN));
	assert_true(slots_answer(slots, "SM", 1, AGAIN));
}

static void test_nothing_told_nothing_deleted(void **state)
{
	struct slots *slots = *state;

	assert_false(slots_answer(slots, "SM", 1, 0));
	assert_true(slots_tell(slots, "SM", 1, 0, AGAIN));
	assert_true(slots_answer(slots, "SM", 1, 1));
	assert_false(slots_answer(slots, "SM", 1, 2));
	delete_next(slots, 3);
	assert_false(slots_answer(slots, "SM", 1, 4));
	assert_null(slots_next_deletable(slots));
}

/* The one that loses a message: told twice, answered twice, the second answer arriving after the
 * slot was freed and filled anew. */
static void test_an_old_answer_deletes_nothing_new(void **state)
{
	struct slots *slots = *state;

	assert_true(slots_tell(slots, "SM", 5, 0, AGAIN));
	assert_true(slots_tell(slots, "SM", 5, AGAIN, AGAIN));
	assert_true(slots_answer(slots, "SM", 5, AGAIN + 1));
	delete_next(slots, AGAIN + 2);
	assert_true(slots_tell(slots, "SM", 5, AGAIN + 3, AGAIN));
	assert_false(slots_answer(slots, "SM", 5, AGAIN + 4));
	assert_null(slots_next_deletable(slots));
	assert_true(slots_answer(slots, "SM", 5, AGAIN + 5));
}

/* The daemon answered one of two tellings only (a commit failed): the slot must not lag behind for
 * ever. */
static void test_missing_answers_heal(void **state)
{
	struct slots *slots = *state;
	int64_t now = 3 * AGAIN;

	assert_true(slots_tell(slots, "SM", 5, 0, AGAIN));
	assert_true(slots_tell(slots, "SM", 5, AGAIN, AGAIN));
	assert_true(slots_answer(slots, "SM", 5, AGAIN + 1));
	delete_next(slots, AGAIN + 2);
	/* soon after: told twice before it goes, but it goes */
	assert_true(slots_tell(slots, "SM", 5, now, AGAIN));
	assert_false(slots_answer(slots, "SM", 5, now + 1));
	assert_true(slots_tell(slots, "SM", 5, now + AGAIN, AGAIN));
	assert_true(slots_answer(slots, "SM", 5, now + AGAIN + 1));
	delete_next(slots, now + AGAIN + 2);
	/* long after: at once */
	now += AGAIN + 2 + SLOTS_ANSWER_MS;
	assert_true(slots_tell(slots, "SM", 5, now, AGAIN));
	assert_true(slots_answer(slots, "SM", 5, now + 1));
}

static void test_a_failed_deletion_is_told_again(void **state)
{
	struct slots *slots = *state;

	assert_true(slots_tell(slots, "SM", 2, 0, AGAIN));
	assert_true(slots_answer(slots, "SM", 2, 1));
	slots_freed(slots, slots_next_deletable(slots), false, 2);
	assert_null(slots_next_deletable(slots));
	assert_true(slots_tell(slots, "SM", 2, AGAIN, AGAIN));
	assert_true(slots_answer(slots, "SM", 2, AGAIN + 1));
}

static void test_another_sim(void **state)
{
	struct slots *slots = *state;

	assert_true(slots_tell(slots, "SM", 1, 0, AGAIN));
	assert_true(slots_tell(slots, "SM", 2, 0, AGAIN));
	assert_true(slots_answer(slots, "SM", 2, 1));
	slots_forget(slots, 2);
	assert_null(slots_next_deletable(slots));
	assert_true(slots_tell(slots, "SM", 1, 3, AGAIN));
	assert_false(slots_answer(slots, "SM", 1, 4)); /* was on its way */
	assert_true(slots_answer(slots, "SM", 1, 5));
}

static void test_full_table(void **state)
{
	struct slots *slots = *state;

	for (int i = 0; i < SLOTS_MAX; i++)
		assert_true(slots_tell(slots, "ME", i, 0, AGAIN));
	assert_false(slots_tell(slots, "ME", SLOTS_MAX, 0, AGAIN));
	assert_true(slots_answer(slots, "ME", 7, 1));
	delete_next(slots, 2);
	assert_true(slots_tell(slots, "ME", SLOTS_MAX, 3, AGAIN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_told_stored_freed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_repeated_until_stored, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing_told_nothing_deleted, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_an_old_answer_deletes_nothing_new, setup, teardown),
		cmocka_unit_test_setup_teardown(test_missing_answers_heal, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_failed_deletion_is_told_again, setup, teardown),
		cmocka_unit_test_setup_teardown(test_another_sim, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full_table, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
