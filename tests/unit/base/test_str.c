/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/str.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void test_copy(void **state)
{
	char dst[5] = "????";

	(void)state;
	assert_int_equal(str_copy(dst, sizeof(dst), "abcd"), ERR_OK);
	assert_string_equal(dst, "abcd");
	assert_int_equal(str_copy(dst, sizeof(dst), "abcde"), ERR_TOO_BIG);
	assert_string_equal(dst, "");
	assert_int_equal(str_copy(dst, sizeof(dst), ""), ERR_OK);
	dst[0] = '!';
	assert_int_equal(str_copy(dst, 0, ""), ERR_TOO_BIG);
	assert_int_equal(dst[0], '!');
}

static void test_to_int64(void **state)
{
	static const char *const bad[] = {NULL, "", " 1", "1 ", "+1", "0x1", "1.0", "1e3", "-",
		"--1", "- 1", "9223372036854775808", "-9223372036854775809", "a"};
	int64_t value = 77;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(str_to_int64(bad[i], INT64_MIN, INT64_MAX, &value), ERR_INVALID);
		assert_int_equal(value, 77);
	}
	assert_int_equal(str_to_int64("9223372036854775807", INT64_MIN, INT64_MAX, &value), ERR_OK);
	assert_true(value == INT64_MAX);
	assert_int_equal(
		str_to_int64("-9223372036854775808", INT64_MIN, INT64_MAX, &value), ERR_OK);
	assert_true(value == INT64_MIN);
	assert_int_equal(str_to_int64("007", 7, 7, &value), ERR_OK);
	assert_int_equal(value, 7);
	assert_int_equal(str_to_int64("6", 7, 9, &value), ERR_INVALID);
	assert_int_equal(str_to_int64("10", 7, 9, &value), ERR_INVALID);
	assert_int_equal(value, 7);
}

static void test_compare(void **state)
{
	(void)state;
	assert_true(str_eq("a", "a"));
	assert_false(str_eq("a", "A"));
	assert_true(str_eq(NULL, NULL));
	assert_false(str_eq(NULL, ""));
	assert_false(str_eq("", NULL));
	assert_true(str_starts("abc", "ab"));
	assert_true(str_starts("abc", ""));
	assert_false(str_starts("ab", "abc"));
	assert_null(str_dup(NULL));
}

static void test_hex(void **state)
{
	char hex[9];

	(void)state;
	str_hex("\x00\x7f\x80\xff", 4, hex);
	assert_string_equal(hex, "007f80ff");
	str_hex("", 0, hex);
	assert_string_equal(hex, "");
}

/* The malformed sequences of Kuhn's "UTF-8 decoder capability and stress test", by kind. */
static void test_utf8_cases(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		bool is_valid;
	} cases[] = {
		{"", 0, true},
		{"chay nha", 8, true},
		{"ch\xc3\xa1y nh\xc3\xa0", 10, true},
		{"\xc2\x80", 2, true},
		{"\xe0\xa0\x80", 3, true},
		{"\xed\x9f\xbf", 3, true},
		{"\xee\x80\x80", 3, true},
		{"\xef\xbf\xbf", 3, true},
		{"\xf0\x90\x80\x80", 4, true},
		{"\xf4\x8f\xbf\xbf", 4, true},
		{"a\0b", 3, false},		    /* NUL */
		{"\x80", 1, false},		    /* continuation alone */
		{"\xbf", 1, false},		    /* continuation alone */
		{"\xc3", 1, false},		    /* cut */
		{"\xe1\xba", 2, false},		    /* cut */
		{"\xf0\x9f\x98", 3, false},	    /* cut */
		{"\xc3 ", 2, false},		    /* continuation missing */
		{"\xc0\x80", 2, false},		    /* overlong NUL */
		{"\xc0\xaf", 2, false},		    /* overlong '/' */
		{"\xc1\xbf", 2, false},		    /* overlong */
		{"\xe0\x80\xaf", 3, false},	    /* overlong */
		{"\xe0\x9f\xbf", 3, false},	    /* overlong */
		{"\xf0\x80\x80\xaf", 4, false},	    /* overlong */
		{"\xf0\x8f\xbf\xbf", 4, false},	    /* overlong */
		{"\xed\xa0\x80", 3, false},	    /* first surrogate */
		{"\xed\xbf\xbf", 3, false},	    /* last surrogate */
		{"\xf4\x90\x80\x80", 4, false},	    /* past U+10FFFF */
		{"\xf5\x80\x80\x80", 4, false},	    /* never a first byte */
		{"\xf8\x88\x80\x80\x80", 5, false}, /* five bytes */
		{"\xfe", 1, false},
		{"\xff", 1, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (str_is_utf8(cases[i].text, cases[i].len) != cases[i].is_valid)
			fail_msg("case %zu", i);
	}
}

static size_t encode(uint32_t code, char text[4])
{
	if (code < 0x80) {
		text[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		text[0] = (char)(0xc0 | code >> 6);
		text[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		text[0] = (char)(0xe0 | code >> 12);
		text[1] = (char)(0x80 | (code >> 6 & 0x3f));
		text[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	text[0] = (char)(0xf0 | code >> 18);
	text[1] = (char)(0x80 | (code >> 12 & 0x3f));
	text[2] = (char)(0x80 | (code >> 6 & 0x3f));
	text[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* Every code point there can be, and every one that the encoding could also write. */
static void test_utf8_every_code_point(void **state)
{
	char text[4];

	(void)state;
	for (uint32_t code = 1; code < 0x200000; code++) {
		size_t len = encode(code, text);
		bool is_valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);

		if (str_is_utf8(text, len) != is_valid)
			fail_msg("U+%04X", code);
		if (len > 1 && str_is_utf8(text, len - 1))
			fail_msg("U+%04X cut", code);
	}
}

static void test_distance(void **state)
{
	static const struct {
		const char *a, *b;
		int max, is;
	} cases[] = {{"", "", 2, 0}, {"", "ab", 2, 2}, {"dong y", "dong y", 0, 0},
		{"dong y", "donng y", 2, 1}, {"dong y", "dogn y", 2, 1}, {"dong y", "dang i", 2, 2},
		{"ca", "abc", 3, 3}, {"abcdef", "ghijkl", 6, 6}, {"abcdef", "ghijkl", 2, 3},
		{"a", "abcd", 2, 3}};
	char longest[STR_DISTANCE_MAX], too_long[STR_DISTANCE_MAX + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int ways[] = {str_distance(cases[i].a, cases[i].b, cases[i].max),
			str_distance(cases[i].b, cases[i].a, cases[i].max)};

		if (ways[0] != cases[i].is || ways[1] != cases[i].is)
			fail_msg("%s, %s: %d and %d", cases[i].a, cases[i].b, ways[0], ways[1]);
	}
	memset(longest, 'a', sizeof(longest));
	longest[STR_DISTANCE_MAX - 1] = 0;
	memset(too_long, 'a', sizeof(too_long));
	too_long[STR_DISTANCE_MAX] = 0;
	assert_int_equal(str_distance(longest, longest, 1), 0);
	assert_int_equal(str_distance(longest, longest + 1, 1), 1);
	assert_int_equal(str_distance(too_long, too_long, 1), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_to_int64),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_utf8_cases),
		cmocka_unit_test(test_utf8_every_code_point),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
