/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/buf.h"

#include <stdint.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void test_empty(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_string_equal(buf_text(&b), "");
	assert_null(buf_take(&b));
	buf_reset(&b);
	buf_drop(&b, 0);
	buf_wipe(&b);
	buf_done(&b);
	assert_int_equal(buf_add(&b, "", 0), ERR_OK);
	assert_string_equal(b.data, "");
	buf_done(&b);
}

/* Up to the maximum and not one byte more; what is there stays as it was. */
static void test_maximum(void **state)
{
	struct buf b;

	(void)state;
	for (size_t max = 0; max < 300; max++) {
		buf_init(&b, max);
		for (size_t i = 0; i < max; i++)
			assert_int_equal(buf_add(&b, "x", 1), ERR_OK);
		assert_int_equal(buf_add(&b, "y", 1), ERR_TOO_BIG);
		assert_int_equal(buf_adds(&b, "yyy"), ERR_TOO_BIG);
		assert_int_equal(buf_addf(&b, "%d", 7), ERR_TOO_BIG);
		assert_int_equal(buf_add(&b, "y", SIZE_MAX), ERR_TOO_BIG);
		assert_int_equal(b.len, max);
		assert_int_equal(strspn(buf_text(&b), "x"), max);
		assert_true(b.size <= max + 1);
		buf_done(&b);
	}
}

static void test_all_or_nothing(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 5);
	assert_int_equal(buf_adds(&b, "abc"), ERR_OK);
	assert_int_equal(buf_adds(&b, "def"), ERR_TOO_BIG);
	assert_string_equal(buf_text(&b), "abc");
	assert_int_equal(buf_addf(&b, "%s%d", "d", 5), ERR_OK);
	assert_string_equal(buf_text(&b), "abcd5");
	buf_done(&b);
}

static void test_drop_and_reset(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	assert_int_equal(buf_add(&b, "one\0two", 7), ERR_OK);
	buf_drop(&b, 4);
	assert_int_equal(b.len, 3);
	assert_string_equal(buf_text(&b), "two");
	buf_drop(&b, 3);
	assert_string_equal(buf_text(&b), "");
	assert_int_equal(buf_adds(&b, "three"), ERR_OK);
	buf_reset(&b);
	assert_int_equal(b.len, 0);
	assert_string_equal(buf_text(&b), "");
	buf_done(&b);
}

static void test_take(void **state)
{
	struct buf b;
	char *text;

	(void)state;
	buf_init(&b, 100);
	assert_int_equal(buf_adds(&b, "mine"), ERR_OK);
	text = buf_take(&b);
	assert_string_equal(text, "mine");
	free(text);
	assert_int_equal(b.len, 0);
	assert_int_equal(b.max, 100);
	assert_int_equal(buf_adds(&b, "again"), ERR_OK);
	buf_wipe(&b);
	assert_null(b.data);
	assert_int_equal(b.max, 100);
}

static enum err fill(const char *text)
{
	CLEAN_BUF b;

	buf_init(&b, 3);
	return buf_adds(&b, text);
}

/* The leak checker of the asan build is the judge. */
static void test_cleanup(void **state)
{
	(void)state;
	assert_int_equal(fill("abc"), ERR_OK);
	assert_int_equal(fill("abcd"), ERR_TOO_BIG);
}

static void test_markup(void **state)
{
	CLEAN_BUF b = {0};

	(void)state;
	buf_init(&b, 64);
	assert_int_equal(buf_add_markup(&b, "a<b>&\"ô\""), ERR_OK);
	assert_string_equal(buf_text(&b), "a&lt;b&gt;&amp;&quot;ô&quot;");
	assert_int_equal(buf_add_markup(&b, "&&&&&&&&&&&&&&&&"), ERR_TOO_BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_maximum),
		cmocka_unit_test(test_all_or_nothing),
		cmocka_unit_test(test_drop_and_reset),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_cleanup),
		cmocka_unit_test(test_markup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
