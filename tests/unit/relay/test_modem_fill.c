/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A SIM card that stays full is told of once, one that a backlog fills is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/relay/modem_fill.h"

#define START 5000

static void test_what_stays_is_told_once(void **state)
{
	struct modem_fill fill = {0};

	(void)state;
	assert_false(modem_fill_tells(&fill, 21, 30, START));
	assert_false(modem_fill_tells(&fill, 30, 30, START + MODEM_FULL_MS - 1));
	assert_true(modem_fill_tells(&fill, 21, 30, START + MODEM_FULL_MS));
	assert_false(modem_fill_tells(&fill, 30, 30, START + 3 * MODEM_FULL_MS));
}

static void test_a_backlog_is_not(void **state)
{
	struct modem_fill fill = {0};

	(void)state;
	assert_false(modem_fill_tells(&fill, 30, 30, START));
	assert_false(modem_fill_tells(&fill, 20, 30, START + MODEM_FULL_MS - 1));
	assert_false(modem_fill_tells(&fill, 30, 30, START + MODEM_FULL_MS));
	assert_false(modem_fill_tells(&fill, 30, 30, START + 2 * MODEM_FULL_MS - 1));
	assert_true(modem_fill_tells(&fill, 30, 30, START + 2 * MODEM_FULL_MS));
}

static void test_told_again_after_it_was_emptied(void **state)
{
	struct modem_fill fill = {.since_ms = START, .is_told = true};

	(void)state;
	assert_false(modem_fill_tells(&fill, 0, 30, START + 1));
	assert_false(modem_fill_tells(&fill, 30, 30, START + 2));
	assert_true(modem_fill_tells(&fill, 30, 30, START + 2 + MODEM_FULL_MS));
}

static void test_sizes_that_no_modem_says(void **state)
{
	struct modem_fill fill = {0};

	(void)state;
	assert_false(modem_fill_tells(&fill, -1, -1, START));
	assert_false(modem_fill_tells(&fill, 3, 0, START + MODEM_FULL_MS));
	assert_int_equal(fill.since_ms, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_stays_is_told_once),
		cmocka_unit_test(test_a_backlog_is_not),
		cmocka_unit_test(test_told_again_after_it_was_emptied),
		cmocka_unit_test(test_sizes_that_no_modem_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
