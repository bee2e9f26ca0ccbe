/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/callers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

static bool calls(struct callers *callers, int n, int64_t now_ms)
{
	char from[CALLER_BYTES] = {0};

	if (n >= 0)
		snprintf(from, sizeof(from), "+8490000%04d", n);
	return callers_is_new(callers, from, now_ms);
}

static void test_a_phone_that_rings_is_one_call(void **state)
{
	struct callers callers = {0};

	(void)state;
	assert_true(calls(&callers, 1, 0));
	assert_false(calls(&callers, 1, 5000));
	assert_true(calls(&callers, 2, 5000));
	assert_false(calls(&callers, 1, CALLERS_AGAIN_MS - 1));
	assert_true(calls(&callers, 1, CALLERS_AGAIN_MS));
}

static void test_withheld_is_one_caller(void **state)
{
	struct callers callers = {0};

	(void)state;
	assert_true(calls(&callers, -1, 0));
	assert_false(calls(&callers, -1, 1));
	assert_true(calls(&callers, 1, 2));
	assert_true(calls(&callers, -1, CALLERS_AGAIN_MS));
}

static void test_the_longest_ago_is_forgotten(void **state)
{
	struct callers callers = {0};

	(void)state;
	for (int i = 0; i < CALLERS_MAX; i++)
		assert_true(calls(&callers, i, 100 - i));
	assert_true(calls(&callers, CALLERS_MAX, 200));
	assert_false(calls(&callers, 0, 201));
	assert_true(calls(&callers, CALLERS_MAX - 1, 202));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_phone_that_rings_is_one_call),
		cmocka_unit_test(test_withheld_is_one_caller),
		cmocka_unit_test(test_the_longest_ago_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
