/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define ZWSP "\xe2\x80\x8b"

static void assert_prepared(enum channel_kind kind, const char *text, const char *expected)
{
	CLEAN_BUF out;

	buf_init(&out, 4 * OUTBOX_BODY_MAX);
	assert_int_equal(zalo_text_prepare(kind, text, &out), ERR_OK);
	assert_string_equal(buf_text(&out), expected);
}

static void test_mentions_are_defused_in_groups(void **state)
{
	(void)state;
	assert_prepared(
		CHANNEL_ZALO_GROUP, "x [@1] [@2][[@", "x [" ZWSP "@1] [" ZWSP "@2][[" ZWSP "@");
	assert_prepared(CHANNEL_ZALO_GROUP, "[ @1] a@b", "[ @1] a@b");
	assert_prepared(CHANNEL_ZALO_USER, "x [@1]", "x [@1]");
}

static void test_composed(void **state)
{
	(void)state;
	assert_prepared(CHANNEL_ZALO_USER, "cha\xcc\x81y", "ch\xc3\xa1y");
}

static void test_what_is_no_text(void **state)
{
	CLEAN_BUF out = {0};

	(void)state;
	buf_init(&out, 4);
	assert_int_equal(zalo_text_prepare(CHANNEL_ZALO_USER, "", &out), ERR_INVALID);
	assert_int_equal(zalo_text_prepare(CHANNEL_ZALO_USER, "\xff", &out), ERR_INVALID);
	assert_int_equal(zalo_text_prepare(CHANNEL_ZALO_USER, "12345", &out), ERR_TOO_BIG);
}

static void test_equality_survives_the_way(void **state)
{
	(void)state;
	assert_true(zalo_text_equal("cha\xcc\x81y", "ch\xc3\xa1y"));
	assert_true(zalo_text_equal("[" ZWSP "@1] x", "[@1] x"));
	assert_true(zalo_text_equal(" x \n", "x"));
	assert_true(zalo_text_equal("", " "));
	assert_false(zalo_text_equal("x y", "xy"));
	assert_false(zalo_text_equal("x", "X"));
	assert_false(zalo_text_equal("\xff", "\xff"));
}

static void test_queries(void **state)
{
	CLEAN_BUF out;

	(void)state;
	buf_init(&out, 1024);
	assert_int_equal(zalo_text_query(NULL, 20, 10, &out), ERR_OK);
	assert_string_equal(buf_text(&out), "?data=%7B%22offset%22%3A20%2C%22count%22%3A10%7D");
	buf_reset(&out);
	assert_int_equal(zalo_text_query("9007199254740993001", 0, 10, &out), ERR_OK);
	assert_string_equal(buf_text(&out),
		"?data=%7B%22user_id%22%3A%229007199254740993001%22%2C%22offset%22%3A0%2C"
		"%22count%22%3A10%7D");
	buf_reset(&out);
	assert_int_equal(zalo_text_escape("a-._~ \xc3\xa1&", 9, &out), ERR_OK);
	assert_string_equal(buf_text(&out), "a-._~%20%C3%A1%26");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mentions_are_defused_in_groups),
		cmocka_unit_test(test_composed),
		cmocka_unit_test(test_what_is_no_text),
		cmocka_unit_test(test_equality_survives_the_way),
		cmocka_unit_test(test_queries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
