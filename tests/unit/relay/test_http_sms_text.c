/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How gateways write what they bring. */
#include "daemon/relay/http_sms_text.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define BAD "\xef\xbf\xbd"

static void assert_decoded(
	const char *text, size_t bytes, const char *charset, const char *expected)
{
	CLEAN_BUF out;

	buf_init(&out, 4096);
	assert_int_equal(http_sms_decode(text, bytes, charset, &out), ERR_OK);
	assert_string_equal(buf_text(&out), expected);
	assert_true(str_is_utf8(buf_text(&out), out.len));
}

#define DECODED(text, charset, expected) assert_decoded(text, sizeof(text) - 1, charset, expected)

static void test_character_sets(void **state)
{
	(void)state;
	DECODED("", "UTF-8", "");
	DECODED("Cháy", "UTF-8", "Cháy");
	DECODED("Cháy", "", "Cháy");
	DECODED("Cháy", "x-unknown", "Cháy");
	DECODED("\0C\x1e\xad\xd8\x3d\xdd\x25", "UTF-16BE", "Cậ🔥");
	DECODED("\0C\x1e\xad", "utf-16", "Cậ");
	DECODED("\0C", "UCS-2", "C");
	DECODED("C\0\xad\x1e", "UTF-16LE", "Cậ");
	DECODED("\xff\xfe"
		"C\0",
		"UTF-16", "C");
	DECODED("\xfe\xff\0C", "UTF-16", "C");
	DECODED("caf\xe9\x80", "ISO-8859-1", "café" BAD);
}

static void test_no_byte_costs_a_message(void **state)
{
	(void)state;
	DECODED("a\xff"
		"b\xc3",
		"UTF-8", "a" BAD "b" BAD);
	DECODED("a\0b", "UTF-8", "a" BAD "b");
	DECODED("\xed\xa0\xbd", "UTF-8", BAD BAD BAD);
	DECODED("\xf4\x90\x80\x80", "UTF-8", BAD BAD BAD BAD);
	DECODED("\xd8\x3d\0a", "UTF-16BE", BAD "a");
	DECODED("\xdd\x25\0a", "UTF-16BE", BAD "a");
	DECODED("\0a\0", "UTF-16BE", "a" BAD);
	DECODED("\0a\xd8\x3d", "UTF-16BE", "a" BAD);
	DECODED("\0\0\0a", "UTF-16BE", BAD "a");
}

static void test_a_limit_is_kept(void **state)
{
	CLEAN_BUF out;

	(void)state;
	buf_init(&out, 4);
	assert_int_equal(http_sms_decode("abcde", 5, "UTF-8", &out), ERR_TOO_BIG);
	assert_int_equal(http_sms_decode("\xe9\xe9\xe9", 3, "ISO-8859-1", &out), ERR_TOO_BIG);
}

static void test_times(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{"1795331109", INT64_C(1795331109000)},
		{"1795331109123", INT64_C(1795331109123)},
		{"2026-11-22 07:05:09", INT64_C(1795331109000)},
		{"2026-11-22T07:05:09Z", INT64_C(1795331109000)},
		{"2026-11-22T07:05:09.5Z", INT64_C(1795331109000)},
		{"2026-11-22T14:05:09+07:00", INT64_C(1795331109000)},
		{"2026-11-22T14:05:09.123+0700", INT64_C(1795331109000)},
		{"2026-11-22T02:05:09-05:00", INT64_C(1795331109000)},
		{"", 0},
		{"yesterday", 0},
		{"-5", 0},
		{"2026-11-22", 0},
		{"2026-13-22 07:05:09", 0},
		{"99999999999999999999", 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (http_sms_time_ms(cases[i].text) != cases[i].ms)
			fail_msg("%s: %lld", cases[i].text,
				(long long)http_sms_time_ms(cases[i].text));
	}
}

static void test_kinds_of_reports(void **state)
{
	static const char *const unknown[] = {"", "0", "3", "12", "32", "01", "deliver", " 1"};
	enum outbox_told told = OUTBOX_TOLD_FAILED;

	(void)state;
	assert_int_equal(http_sms_status_of("1", &told), ERR_OK);
	assert_int_equal(told, OUTBOX_TOLD_DELIVERED);
	assert_int_equal(http_sms_status_of("8", &told), ERR_OK);
	assert_int_equal(told, OUTBOX_TOLD_ACCEPTED);
	assert_int_equal(http_sms_status_of("16", &told), ERR_OK);
	assert_int_equal(told, OUTBOX_TOLD_FAILED);
	assert_int_equal(http_sms_status_of("DELIVRD", &told), ERR_OK);
	assert_int_equal(told, OUTBOX_TOLD_DELIVERED);
	for (size_t i = 0; i < ARRAY_LEN(unknown); i++)
		assert_int_equal(http_sms_status_of(unknown[i], &told), ERR_INVALID);
	assert_int_equal(told, OUTBOX_TOLD_DELIVERED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_character_sets),
		cmocka_unit_test(test_no_byte_costs_a_message),
		cmocka_unit_test(test_a_limit_is_kept),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_kinds_of_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
