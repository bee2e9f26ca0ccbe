/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/utf16.h"
#include "daemon/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void check(const char *units, size_t count, const char *expected)
{
	char text[64];

	utf16_to_utf8((const unsigned char *)units, count, text, sizeof(text));
	assert_string_equal(text, expected);
	assert_true(str_is_utf8(text, strlen(text)));
}

static void test_decode(void **state)
{
	(void)state;
	check("", 0, "");
	check("\x00"
	      "A\x01\x11\x1e\xa5",
		3, "Ađấ");
	check("\xd8\x3d\xde\x00", 2, "😀");
	/* halves of pairs, alone, at the end, in the wrong order */
	check("\xd8\x3d", 1, "\xef\xbf\xbd");
	check("\xde\x00\x00"
	      "A",
		2,
		"\xef\xbf\xbd"
		"A");
	check("\xd8\x3d\x00"
	      "A",
		2,
		"\xef\xbf\xbd"
		"A");
	check("\xd8\x3d\xd8\x3d\xde\x00", 3, "\xef\xbf\xbd😀");
	check("\x00"
	      "A\x00\x00\x00"
	      "B",
		3, "AB");
	check("\xff\xff", 1, "\xef\xbf\xbf");
}

static void test_decode_stops_in_time(void **state)
{
	char text[8];

	(void)state;
	memset(text, 'x', sizeof(text));
	utf16_to_utf8((const unsigned char *)"\x1e\xa5\x1e\xa5\x1e\xa5", 3, text, 7);
	assert_string_equal(text, "ấấ");
	assert_int_equal(text[7], 'x');
	utf16_to_utf8((const unsigned char *)"\x00"
					     "A",
		1, text, 1);
	assert_string_equal(text, "");
}

static void test_encode(void **state)
{
	unsigned char units[10];
	size_t count = 99;

	(void)state;
	assert_int_equal(utf16_from_utf8("Ađ😀", units, 4, &count), ERR_OK);
	assert_int_equal(count, 4);
	assert_memory_equal(units,
		"\x00"
		"A\x01\x11\xd8\x3d\xde\x00\x00\x00",
		10);
	assert_int_equal(utf16_len(units, 10), 4);
	assert_int_equal(utf16_len(units, 3), 3);
	count = 99;
	assert_int_equal(utf16_from_utf8("Ađ😀", units, 3, &count), ERR_TOO_BIG);
	assert_int_equal(count, 99);
	assert_int_equal(utf16_from_utf8("", units, 4, &count), ERR_OK);
	assert_int_equal(count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test(test_decode_stops_in_time),
		cmocka_unit_test(test_encode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
