/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/ussd_text.h"
#include "daemon/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void decodes(const char *raw, const char *coding, const char *expected)
{
	const char *how = "";
	char text[USSD_TEXT_BYTES];

	ussd_text_decode(raw, strlen(raw), USSD_DCS_UNKNOWN, text, &how);
	assert_string_equal(text, expected);
	assert_string_equal(how, coding);
}

static void test_codings(void **state)
{
	(void)state;
	decodes("TK goc: 25.000d\r\nHSD 1/1", "plain", "TK goc: 25.000d\nHSD 1/1");
	decodes("Số dư: 25.000đ", "plain", "Số dư: 25.000đ");
	decodes("005300D40020006400B0", "ucs2", "SÔ d°");
	decodes("D83DDE000041004200430044004500460047004800490050005100520053", "ucs2",
		"\xf0\x9f\x98\x80"
		"ABCDEFGHIPQRS");
	/* "hellohello" of 3GPP TS 23.038 §6.1.2 examples, and its octets. */
	decodes("E8329BFD4697D9EC37", "gsm7", "hellohello");
	decodes("68656C6C6F68656C6C6F", "8bit", "hellohello");
	/* Digits are what they are: a balance, a code of a card. */
	decodes("12345678901234", "plain", "12345678901234");
	decodes("", "plain", "");
	decodes("ABC", "plain", "ABC");
}

/* Whatever comes: within bounds, and UTF-8 when the input was. */
static void test_any_hex_is_survived(void **state)
{
	static const char digits[] = "0123456789ABCDEF";
	char raw[1025];
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		size_t len = (size_t)round % (sizeof(raw) - 1);
		char text[USSD_TEXT_BYTES];
		const char *how;

		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525u + 1013904223u;
			raw[i] = digits[seed >> 28];
		}
		raw[len] = 0;
		ussd_text_decode(raw, len, round % 256, text, &how);
		assert_true(str_is_utf8(text, strlen(text)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codings),
		cmocka_unit_test(test_any_hex_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
