/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/date.h"
#include "daemon/base/str.h"

#include <time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* Against the C library, day by day. */
static void test_every_day_of_three_centuries(void **state)
{
	int64_t first = date_day((struct date){DATE_YEAR_MIN, 1, 1});
	int64_t last = date_day((struct date){DATE_YEAR_MAX, 12, 31});

	(void)state;
	assert_int_equal(date_day((struct date){1970, 1, 1}), 0);
	for (int64_t day = first; day <= last; day++) {
		struct date date = date_of_day(day);
		time_t seconds = (time_t)day * 86400;
		struct tm tm;

		gmtime_r(&seconds, &tm);
		assert_int_equal(date.year, tm.tm_year + 1900);
		assert_int_equal(date.month, tm.tm_mon + 1);
		assert_int_equal(date.day, tm.tm_mday);
		assert_int_equal(date_weekday(day), tm.tm_wday ? tm.tm_wday : 7);
		assert_int_equal(date_day(date), day);
	}
}

static void expect_months(const char *from, int months, const char *to)
{
	char text[DATE_BYTES];
	int64_t day = 0;

	assert_int_equal(date_parse(from, &day), ERR_OK);
	date_format(date_add_months(day, months), text);
	assert_string_equal(text, to);
}

static void test_months(void **state)
{
	(void)state;
	expect_months("2026-01-31", 1, "2026-02-28");
	expect_months("2028-01-31", 1, "2028-02-29");
	expect_months("2026-11-30", 3, "2027-02-28");
	expect_months("2026-12-15", 1, "2027-01-15");
	expect_months("2027-01-15", -1, "2026-12-15");
	expect_months("2027-03-31", -1, "2027-02-28");
	expect_months("2026-05-31", 0, "2026-05-31");
	expect_months("2026-05-31", 60, "2031-05-31");
}

static void test_parse(void **state)
{
	static const char *const bad[] = {"", "2026-2-17", "2026-02-30", "2026-13-01", "2026-00-01",
		"2026-02-00", "1899-12-31", "2201-01-01", "2026/02/17", "2026-02-17 ", "x026-02-17",
		"2027-02-29"};
	int64_t day = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(date_parse(bad[i], &day), ERR_INVALID);
		assert_int_equal(day, 7);
	}
	assert_int_equal(date_parse("2028-02-29", &day), ERR_OK);
	assert_int_equal(date_weekday(day), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_day_of_three_centuries),
		cmocka_unit_test(test_months),
		cmocka_unit_test(test_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
