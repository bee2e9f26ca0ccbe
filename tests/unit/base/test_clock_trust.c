/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/clock_trust.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NOW_MS INT64_C(1795000000000) /* November 2026 */

static struct clock_virtual v;
static struct clock_trust trust;

static int start(void **state)
{
	(void)state;
	clock_virtual_init(&v, NOW_MS);
	v.mono = 1000;
	memset(&trust, 0, sizeof(trust));
	return 0;
}

static enum clock_trust_level level(bool is_ntp)
{
	return clock_trust_level(&trust, &v.clock, is_ntp);
}

static void test_alone_until_somebody_agrees(void **state)
{
	int64_t drift_ms;

	(void)state;
	assert_false(clock_trust_drift(&trust, &v.clock, &drift_ms));
	assert_int_equal(level(false), CLOCK_ALONE);
	assert_int_equal(level(true), CLOCK_NTP);
	clock_trust_stamp(&trust, &v.clock, 0);
	assert_int_equal(level(false), CLOCK_ALONE);
	clock_trust_stamp(&trust, &v.clock, NOW_MS - 5 * SECOND_MS);
	assert_int_equal(level(false), CLOCK_NETWORK);
	assert_true(clock_trust_drift(&trust, &v.clock, &drift_ms));
	assert_true(drift_ms == -5 * SECOND_MS);
}

static void test_before_2026_is_wrong_whoever_says_so(void **state)
{
	(void)state;
	v.wall = CLOCK_FLOOR_MS - 1;
	assert_int_equal(level(true), CLOCK_WRONG);
	v.wall++;
	assert_int_equal(level(true), CLOCK_NTP);
}

static void test_no_message_comes_from_the_future(void **state)
{
	(void)state;
	clock_trust_stamp(&trust, &v.clock, NOW_MS + HOUR_MS);
	assert_int_equal(level(false), CLOCK_WRONG);
	assert_int_equal(level(true), CLOCK_NTP);
	/* A person sets it right. */
	v.wall += HOUR_MS;
	clock_trust_jumped(&trust, HOUR_MS);
	assert_int_equal(level(false), CLOCK_NETWORK);
}

/* One message may have waited for the phone to come back; all of them have not. */
static void test_late_messages_refute_only_together(void **state)
{
	(void)state;
	clock_trust_stamp(&trust, &v.clock, NOW_MS - 3 * DAY_MS);
	clock_trust_stamp(&trust, &v.clock, NOW_MS - 2 * DAY_MS);
	assert_int_equal(level(false), CLOCK_ALONE);
	clock_trust_stamp(&trust, &v.clock, NOW_MS - DAY_MS);
	assert_int_equal(level(false), CLOCK_WRONG);
	clock_trust_stamp(&trust, &v.clock, NOW_MS - SECOND_MS);
	assert_int_equal(level(false), CLOCK_NETWORK);
	for (int i = 0; i < CLOCK_STAMPS; i++)
		clock_trust_stamp(&trust, &v.clock, NOW_MS - 2 * DAY_MS);
	assert_int_equal(level(false), CLOCK_WRONG);
}

static void test_network_time_counts_at_once_and_for_a_day(void **state)
{
	(void)state;
	clock_trust_network(&trust, &v.clock, NOW_MS - DAY_MS);
	assert_int_equal(level(false), CLOCK_WRONG);
	clock_trust_network(&trust, &v.clock, NOW_MS);
	assert_int_equal(level(false), CLOCK_NETWORK);
	clock_virtual_advance(&v, DAY_MS);
	assert_int_equal(level(false), CLOCK_ALONE);
}

static void test_jumps(void **state)
{
	struct clock_last last = {0};

	(void)state;
	assert_true(clock_jump(&last, &v.clock) == 0);
	clock_virtual_advance(&v, 400 * DAY_MS);
	assert_true(clock_jump(&last, &v.clock) == 0);
	v.wall += 2 * HOUR_MS;
	assert_true(clock_jump(&last, &v.clock) == 2 * HOUR_MS);
	assert_true(clock_jump(&last, &v.clock) == 0);
	v.wall -= 3653 * DAY_MS;
	v.mono += SECOND_MS;
	assert_true(clock_jump(&last, &v.clock) == -3653 * DAY_MS - SECOND_MS);
	v.wall += CLOCK_JUMP_MS;
	assert_true(clock_jump(&last, &v.clock) == 0);
}

int main(void)
{
#define TRUST_TEST(test) cmocka_unit_test_setup(test, start)
	const struct CMUnitTest tests[] = {
		TRUST_TEST(test_alone_until_somebody_agrees),
		TRUST_TEST(test_before_2026_is_wrong_whoever_says_so),
		TRUST_TEST(test_no_message_comes_from_the_future),
		TRUST_TEST(test_late_messages_refute_only_together),
		TRUST_TEST(test_network_time_counts_at_once_and_for_a_day),
		TRUST_TEST(test_jumps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
