/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A SIM card that stays full is told of once, one that a backlog fills is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/relay/modem_fill.h"

#define START 5000
#define AFTER 600000

static void test_what_stays_is_told_once(void **state)
{
	struct modem_fill fill = {0};

	(void)state;
	assert_false(modem_fill_tells(&fill, 21, 30, AFTER, START));
	assert_false(modem_fill_tells(&fill, 30, 30, AFTER, START + AFTER - 1));
	assert_true(modem_fill_tells(&fill, 21, 30, AFTER, START + AFTER));
	assert_false(modem_fill_tells(&fill, 30, 30, AFTER, START + 3 * AFTER));
}

static void test_a_backlog_is_not(void **state)
{
	struct modem_fill fill = {0};

	(void)state;
	assert_false(modem_fill_tells(&fill, 30, 30, AFTER, START));
	assert_false(modem_fill_tells(&fill, 20, 30, AFTER, START + AFTER - 1));
	assert_false(modem_fill_tells(&fill, 30, 30, AFTER, START + AFTER));
	assert_false(modem_fill_tells(&fill, 30, 30, AFTER, START + 2 * AFTER - 1));
	assert_true(modem_fill_tells(&fill, 30, 30, AFTER, START + 2 * AFTER));
}

static void test_told_again_after_it_was_emptied(void **state)
{
	struct modem_fill fill = {.since_ms = START, .is_told = true};

	(void)state;
	assert_false(modem_fill_tells(&fill, 0, 30, AFTER, START + 1));
	assert_false(modem_fill_tells(&fill, 30, 30, AFTER, START + 2));
	assert_true(modem_fill_tells(&fill, 30, 30, AFTER, START + 2 + AFTER));
}

static void test_sizes_that_no_modem_says(void **state)
{
	struct modem_fill fill = {0};

	(void)state;
	assert_false(modem_fill_tells(&fill, -1, -1, AFTER, START));
	assert_false(modem_fill_tells(&fill, 3, 0, AFTER, START + AFTER));
	assert_int_equal(fill.since_ms, 0);
}

/* Each time that it connects it does not know for a moment. */
static void test_what_is_not_known_changes_nothing(void **state)
{
	struct modem_fill fill = {0};

	(void)state;
	assert_false(modem_fill_tells(&fill, 30, 30, AFTER, START));
	assert_false(modem_fill_tells(&fill, -1, -1, AFTER, START + 1));
	assert_true(modem_fill_tells(&fill, 30, 30, AFTER, START + AFTER));
	assert_false(modem_fill_tells(&fill, -1, -1, AFTER, START + AFTER + 1));
	assert_false(modem_fill_tells(&fill, 30, 30, AFTER, START + 3 * AFTER));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_stays_is_told_once),
		cmocka_unit_test(test_a_backlog_is_not),
		cmocka_unit_test(test_told_again_after_it_was_emptied),
		cmocka_unit_test(test_sizes_that_no_modem_says),
		cmocka_unit_test(test_what_is_not_known_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
