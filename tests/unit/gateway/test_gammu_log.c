/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/gammu_log.h"
#include "daemon/base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void test_lines(void **state)
{
	static const struct {
		const char *text;
		enum gammu_log_what what;
		int number;
	} cases[] = {
		{"3 \"OK\"", GAMMU_LOG_OK, -1},
		{"12 \"ERROR\"", GAMMU_LOG_ERROR, -1},
		{"2 \"+CMS ERROR: 38\"", GAMMU_LOG_CMS, 38},
		{"2 \"+CME ERROR: 515\"", GAMMU_LOG_CME, 515},
		{"2 \"+CME ERROR: SIM busy\"", GAMMU_LOG_CME, -1},
		{"2 \"+CMGS: 0\"", GAMMU_LOG_CMGS, 0},
		{"2 \"+CMGS:255\"", GAMMU_LOG_CMGS, 255},
		{"2 \"+CMGS: 99999999999999999999\"", GAMMU_LOG_CMGS, -1},
		{"", GAMMU_LOG_OTHER, -1},
		{"\n", GAMMU_LOG_OTHER, -1},
		{"1", GAMMU_LOG_OTHER, -1},
		{"1 ", GAMMU_LOG_OTHER, -1},
		{"1 \"", GAMMU_LOG_OTHER, -1},
		{"1 \"AT+CMGS=20\"", GAMMU_LOG_OTHER, -1},
		{"1 \"OKAY\"", GAMMU_LOG_OTHER, -1},
		/* what others say in passing */
		{"CMS Error 38: \"Network out of order\"", GAMMU_LOG_OTHER, -1},
		{"OK", GAMMU_LOG_OTHER, -1},
		{"\"OK\"", GAMMU_LOG_OTHER, -1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int number = 7;

		assert_int_equal(gammu_log_read(cases[i].text, &number), cases[i].what);
		assert_int_equal(number, cases[i].number);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
