/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When the power of a modem is cycled and when a person is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/base/clock.h"
#include "daemon/relay/modem_ladder.h"

#define AFTER (45 * SECOND_MS)
#define START (1000 * SECOND_MS)

static struct ladder down(void)
{
	struct ladder l = {.after_ms = AFTER};

	ladder_down(&l, START);
	return l;
}

static void test_the_first_rungs_have_their_time(void **state)
{
	struct ladder l = down();

	(void)state;
	assert_int_equal(ladder_next(&l, START + AFTER - 1), LADDER_WAIT);
	assert_int_equal(ladder_next(&l, START + AFTER), LADDER_POWER);
	assert_int_equal(ladder_next(&l, START + AFTER), LADDER_WAIT);
	/* Told again that it is down: nothing begins anew. */
	ladder_down(&l, START + AFTER);
	assert_int_equal(l.attempts, 1);
}

static void test_one_that_works_is_left_alone(void **state)
{
	struct ladder l = {.after_ms = AFTER};

	(void)state;
	assert_int_equal(ladder_next(&l, START), LADDER_WAIT);
	ladder_down(&l, START);
	ladder_works(&l, START + AFTER - 1);
	assert_int_equal(ladder_next(&l, START + DAY_MS), LADDER_WAIT);
}

static void test_a_person_is_told_once(void **state)
{
	struct ladder l = down();
	int64_t at = START + AFTER;
	int alarms = 0;

	(void)state;
	assert_int_equal(ladder_next(&l, at), LADDER_POWER);
	assert_int_equal(ladder_next(&l, at + 89 * SECOND_MS), LADDER_WAIT);
	assert_int_equal(ladder_next(&l, at + 90 * SECOND_MS), LADDER_ALARM);
	for (int i = 0; i < 3 * 24 * 60; i++)
		alarms += ladder_next(&l, at + 90 * SECOND_MS + i * MINUTE_MS) == LADDER_ALARM;
	assert_int_equal(alarms, 0);
}

static void test_attempts_grow_rare_and_never_end(void **state)
{
	const int64_t gaps[] = {
		5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS, 6 * HOUR_MS, 6 * HOUR_MS};
	struct ladder l = down();
	int64_t at = START + AFTER;

	(void)state;
	assert_int_equal(ladder_next(&l, at), LADDER_POWER);
	assert_int_equal(ladder_next(&l, at + 2 * MINUTE_MS), LADDER_ALARM);
	for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
		assert_int_equal(ladder_next(&l, at + gaps[i] - 1), LADDER_WAIT);
		at += gaps[i];
		assert_int_equal(ladder_next(&l, at), LADDER_POWER);
	}
}

static void test_one_that_comes_and_goes_does_not_begin_anew(void **state)
{
	struct ladder l = down();
	int64_t at = START + AFTER;

	(void)state;
	assert_int_equal(ladder_next(&l, at), LADDER_POWER);
	ladder_works(&l, at + 20 * SECOND_MS);
	ladder_down(&l, at + 79 * SECOND_MS);
	assert_int_equal(ladder_next(&l, at + 79 * SECOND_MS + AFTER), LADDER_ALARM);
	assert_int_equal(ladder_next(&l, at + 5 * MINUTE_MS), LADDER_POWER);
	/* After a minute of work it does. */
	ladder_works(&l, at + 6 * MINUTE_MS);
	ladder_down(&l, at + 7 * MINUTE_MS);
	assert_int_equal(ladder_next(&l, at + 7 * MINUTE_MS + AFTER), LADDER_POWER);
	assert_int_equal(l.attempts, 1);
}

static void test_no_power_brings_a_sim(void **state)
{
	struct ladder l = down();
	int64_t at = START + AFTER;

	(void)state;
	l.is_needless = true;
	assert_int_equal(ladder_next(&l, at), LADDER_WAIT);
	assert_int_equal(ladder_next(&l, at + 90 * SECOND_MS), LADDER_ALARM);
	assert_int_equal(ladder_next(&l, at + DAY_MS), LADDER_WAIT);
	/* Something else is wrong with it now. */
	l.is_needless = false;
	assert_int_equal(ladder_next(&l, at + DAY_MS), LADDER_POWER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_rungs_have_their_time),
		cmocka_unit_test(test_one_that_works_is_left_alone),
		cmocka_unit_test(test_a_person_is_told_once),
		cmocka_unit_test(test_attempts_grow_rare_and_never_end),
		cmocka_unit_test(test_one_that_comes_and_goes_does_not_begin_anew),
		cmocka_unit_test(test_no_power_brings_a_sim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
