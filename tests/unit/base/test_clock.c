/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/clock.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define NEW_YEAR_2026_MS INT64_C(1767200400000) /* 2026-01-01T00:00:00+07:00 */

static void test_virtual(void **state)
{
	struct clock_virtual v;

	(void)state;
	clock_virtual_init(&v, 1000);
	assert_int_equal(clock_wall_ms(&v.clock), 1000);
	assert_int_equal(clock_mono_ms(&v.clock), 0);
	clock_virtual_advance(&v, 500);
	assert_int_equal(clock_wall_ms(&v.clock), 1500);
	assert_int_equal(clock_mono_ms(&v.clock), 500);
	/* Somebody sets the clock back: durations do not see it. */
	v.wall = 10;
	clock_virtual_advance(&v, 1);
	assert_int_equal(clock_wall_ms(&v.clock), 11);
	assert_int_equal(clock_mono_ms(&v.clock), 501);
}

static void test_system(void **state)
{
	struct clock *clock = clock_system();
	int64_t before = clock_mono_ms(clock);

	(void)state;
	assert_ptr_equal(clock, clock_system());
	assert_true(clock_mono_ms(clock) >= before);
	assert_true(clock_wall_ms(clock) > NEW_YEAR_2026_MS - 10 * 365 * DAY_MS);
}

/* A report of New Year's Eve in Vietnam has the number of the old year, whatever UTC says. */
static void test_local_year(void **state)
{
	(void)state;
	assert_int_equal(clock_local_year(NEW_YEAR_2026_MS - 1), 2025);
	assert_int_equal(clock_local_year(NEW_YEAR_2026_MS), 2026);
	assert_int_equal(clock_local_year(NEW_YEAR_2026_MS + VIETNAM_OFFSET_MS), 2026);
	assert_int_equal(clock_local_year(0), 1970);
}

/* The zone of the machine does not matter. */
static void test_format(void **state)
{
	static const char *const zones[] = {"UTC", "Asia/Ho_Chi_Minh", "America/New_York"};
	char text[CLOCK_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
		setenv("TZ", zones[i], 1);
		clock_format(NEW_YEAR_2026_MS - 1, text);
		assert_string_equal(text, "2025-12-31T23:59:59+07:00");
		clock_format(0, text);
		assert_string_equal(text, "1970-01-01T07:00:00+07:00");
		/* 29 February */
		clock_format(INT64_C(1709182800000), text);
		assert_string_equal(text, "2024-02-29T12:00:00+07:00");
	}
}

/* Wrong clocks exist; none of them may write past the text. */
static void test_format_of_absurd_times(void **state)
{
	static const int64_t times[] = {INT64_MIN / 2, -DAY_MS * 365 * 100, -1,
		INT64_C(253402300800000) /* the year 10000 */, INT64_MAX / 2};
	char text[CLOCK_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		clock_format(times[i], text);
		assert_true(strnlen(text, sizeof(text)) < sizeof(text));
	}
}

static void test_short_forms(void **state)
{
	char date[CLOCK_DATE_BYTES], moment[CLOCK_MOMENT_BYTES];

	(void)state;
	clock_format_date(NEW_YEAR_2026_MS - 1, date);
	assert_string_equal(date, "31/12/2025");
	clock_format_moment(NEW_YEAR_2026_MS - 1, moment);
	assert_string_equal(moment, "23:59 31/12");
	clock_format_date(INT64_MAX / 2, date);
	assert_true(strnlen(date, sizeof(date)) < sizeof(date));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_virtual),
		cmocka_unit_test(test_system),
		cmocka_unit_test(test_local_year),
		cmocka_unit_test(test_short_forms),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_format_of_absurd_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
