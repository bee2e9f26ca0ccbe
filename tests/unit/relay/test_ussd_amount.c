/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/base.h"
#include "daemon/relay/ussd_amount.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_amounts(void **state)
{
	static const struct {
		const char *text;
		int64_t dong; /* -1 none */
	} rows[] = {
		{"TK goc: 25.000d, HSD 01/01/2027", 25000},
		{"Tai khoan goc la 1,234,567 VND", 1234567},
		{"So du: 0 dong.", 0},
		{"Số dư 12.500đ", 12500},
		{"90000123: TKC 5000d", 5000},
		{"HSD 10 days", -1},
		{"Khong hop le", -1},
		{"99999999999999999999d", -1},
		{"", -1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t dong = -1;

		if (ussd_amount(rows[i].text, &dong))
			assert_int_equal(dong, rows[i].dong);
		else
			assert_int_equal(rows[i].dong, -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_amounts)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
