/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/question_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static bool matches(const char *typed, const char *text)
{
	struct question_words *words;
	struct errbuf eb = {0};
	bool is_match;

	assert_int_equal(question_words_new(typed, &words, &eb), ERR_OK);
	is_match = question_words_match(words, text);
	assert_int_equal(question_words_match(words, text), is_match);
	question_words_free(words);
	return is_match;
}

static void test_marks_and_case_do_not_matter(void **state)
{
	(void)state;
	assert_true(matches("chay", "Có CHÁY ở ấp 3"));
	assert_true(matches("cháy", "co chay o ap 3"));
	assert_true(matches("ĐÁNH", "nó đánh vợ"));
	assert_true(matches("  ap   chay ", "cháy ở Ấp 3"));
	assert_true(matches("đa\xcc\x81nh", "danh"));
	assert_false(matches("chay nuoc", "cháy ở ấp 3"));
	assert_false(matches("cháy", ""));
}

static void assert_refused(const char *typed)
{
	struct question_words *words = NULL;
	struct errbuf eb = {0};

	assert_int_equal(question_words_new(typed, &words, &eb), ERR_INVALID);
	assert_null(words);
	assert_string_not_equal(eb.text, "");
}

static void test_what_is_no_question(void **state)
{
	char longest[QUESTION_BYTES_MAX + 2];

	(void)state;
	assert_refused("");
	assert_refused("  \n");
	assert_refused("a");
	assert_refused("a b c");
	assert_refused("mot hai ba bon nam sau bay tam chin");
	assert_refused("\xff\xfe");
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = 0;
	assert_refused(longest);
	question_words_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_marks_and_case_do_not_matter),
		cmocka_unit_test(test_what_is_no_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
