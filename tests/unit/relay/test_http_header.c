/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/http_header.h"

#include "daemon/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NOON_MS INT64_C(1700049600000) /* Wed, 15 Nov 2023 12:00:00 GMT */

static void test_numbers(void **state)
{
	static const char *const none[] = {"", " ", "-1", "+1", "1.5", "0x10", "12a", "2147483648",
		"99999999999999999999999", "4000, 3999", "\xff"};

	(void)state;
	assert_int_equal(http_header_number(NULL), -1);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(http_header_number(none[i]), -1);
	assert_int_equal(http_header_number("0"), 0);
	assert_int_equal(http_header_number("4000"), 4000);
	assert_int_equal(http_header_number("2147483647"), 2147483647);
}

static void test_dates(void **state)
{
	static const char *const none[] = {"", "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT",
		"Wed, 15 Nov 1923 12:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "\xff\xfe"};

	(void)state;
	assert_int_equal(http_header_date_ms(NULL), 0);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(http_header_date_ms(none[i]), 0);
	assert_int_equal(http_header_date_ms("Wed, 15 Nov 2023 12:00:00 GMT"), NOON_MS);
	assert_int_equal(http_header_date_ms("Wednesday, 15-Nov-23 12:00:00 GMT"), NOON_MS);
	assert_int_equal(http_header_date_ms("Wed Nov 15 12:00:00 2023"), NOON_MS);
}

static void test_retry_after(void **state)
{
	(void)state;
	assert_int_equal(http_header_retry_after_ms(NULL, NOON_MS), 0);
	assert_int_equal(http_header_retry_after_ms("soon", NOON_MS), 0);
	assert_int_equal(http_header_retry_after_ms("0", NOON_MS), 0);
	assert_int_equal(http_header_retry_after_ms("120", NOON_MS), 120000);
	assert_int_equal(
		http_header_retry_after_ms("Wed, 15 Nov 2023 12:02:00 GMT", NOON_MS), 120000);
	assert_int_equal(http_header_retry_after_ms("Wed, 15 Nov 2023 11:02:00 GMT", NOON_MS), 0);
	/* Nobody is sent away for years. */
	assert_int_equal(http_header_retry_after_ms("2147483647", NOON_MS), DAY_MS);
	assert_int_equal(
		http_header_retry_after_ms("Sun, 15 Nov 2026 12:02:00 GMT", NOON_MS), DAY_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_retry_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
