/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network's time in every dress, and times that nobody told. */
#include "gateway/at_clock.h"
#include "daemon/base/clock_trust.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define NOON_MS INT64_C(1795350896000) /* 2026-11-22T12:34:56Z */

static void check(const char *line, int64_t expected_ms)
{
	int64_t ms = 0;

	assert_int_equal(at_clock_parse(line, &ms), ERR_OK);
	assert_int_equal(ms, expected_ms);
}

static void test_forms(void **state)
{
	(void)state;
	check("+CCLK: \"26/11/22,19:34:56+28\"", NOON_MS);
	check("+CCLK:26/11/22,19:34:56+28", NOON_MS);
	check("+CCLK: \"2026/11/22,12:34:56+00\"", NOON_MS);
	check("+CTZE: \"+28\",0,\"2026/11/22,19:34:56\"", NOON_MS);
	check("+CTZE: +28,0,2026/11/22,19:34:56", NOON_MS);
	check("+CTZEU: \"+28\",0,\"2026/11/22,12:34:56\"", NOON_MS);
	check("+QLTS: \"2026/11/22,12:34:56+28,0\"", NOON_MS);
	check("^NWTIME: 26/11/22,12:34:56+28,00", NOON_MS);
	check("^NWTIME: \"26/11/22,12:34:56+28,00\"", NOON_MS);
	check("*PSUTTZ: 2026,11,22,12,34,56,\"+28\",0", NOON_MS);
	check("*PSUTTZ: 26, 11, 22, 12, 34, 56, \"+28\", 0", NOON_MS);
}

static void test_zones(void **state)
{
	(void)state;
	check("+CCLK: \"26/11/22,07:34:56-20\"", NOON_MS);
	check("+CCLK: \"26/11/23,02:34:56+56\"", NOON_MS);
	/* over midnight and new year */
	check("+CCLK: \"27/01/01,06:59:59+28\"", INT64_C(1798761599000));
	check("+CCLK: \"28/02/29,07:00:00+28\"", INT64_C(1835395200000));
}

static void test_never_set(void **state)
{
	static const char *const lines[] = {"+CCLK: \"80/01/06,00:01:02+00\"",
		"+CCLK: \"70/01/01,00:00:12+00\"", "+CCLK: \"04/01/01,00:20:31+00\"",
		"+CCLK: \"00/01/01,00:00:00+00\"", "+CCLK: \"15/01/01,00:00:00+28\"",
		"+CCLK: \"1980/01/06,00:00:00+00\"", "^NWTIME: 90/01/06,00:00:00+00,00",
		"+QLTS: \"1970/01/01,00:00:00+00,0\"", "+CCLK: \"9999/12/31,23:59:59+00\""};
	int64_t ms = 5;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		assert_int_equal(at_clock_parse(lines[i], &ms), ERR_INVALID);
	/* the last moment before the floor, and the floor */
	assert_int_equal(at_clock_parse("+CCLK: \"26/01/01,06:59:59+28\"", &ms), ERR_INVALID);
	assert_int_equal(ms, 5);
	check("+CCLK: \"26/01/01,07:00:00+28\"", CLOCK_FLOOR_MS);
}

static void test_impossible(void **state)
{
	static const char *const lines[] = {"+CCLK: \"26/13/22,19:34:56+28\"",
		"+CCLK: \"26/00/22,19:34:56+28\"", "+CCLK: \"26/06/31,19:34:56+28\"",
		"+CCLK: \"27/02/29,19:34:56+28\"", "+CCLK: \"26/11/22,24:00:00+28\"",
		"+CCLK: \"26/11/22,19:60:56+28\"", "+CCLK: \"26/11/22,19:34:60+28\"",
		"+CCLK: \"26/11/22,19:34:56+57\"", "+CCLK: \"26/11/22,19:34:56-49\""};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		assert_int_equal(at_clock_parse(lines[i], &ms), ERR_INVALID);
}

static void test_no_time(void **state)
{
	static const char *const lines[] = {"", "+CCLK:", "+CCLK: \"\"", "+QLTS: \"\"",
		"+CCLK: \"26/11/22,19:34:56\"", "+CCLK: \"26/11/22,19:34:56+\"",
		"+CCLK: \"26/11/22\"", "+CCLK: \"26-11-22,19:34:56+28\"",
		"+CCLK: \"00026/11/22,19:34:56+28\"", "+CCLK: \"26/11/22,19:34:56+28\",x",
		"+CTZE: \"+28\",0", "+CTZV: \"+28\"", "+CTZV: 28,0",
		"CCLK: \"26/11/22,19:34:56+28\"", "*PSUTTZ: 2026,11,22,12,34,56"};
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		assert_int_equal(at_clock_parse(lines[i], &ms), ERR_PROTOCOL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_forms),
		cmocka_unit_test(test_zones), cmocka_unit_test(test_never_set),
		cmocka_unit_test(test_impossible), cmocka_unit_test(test_no_time)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
