/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A commune's own words: they add to the guess and take nothing back, and a file that is wrong is
 * refused with the reason. */
#include "daemon/intake/guess_own.h"

#include "daemon/base/base.h"
#include "daemon/base/str.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define OWN \
	"{\"words\": [{\"words\": \"ngầm Bản Lốc | qua ngầm\", \"category\": \"traffic\", \"danger\": true}," \
	" {\"words\": \"bãi vàng\", \"category\": \"crime\"}]}"

static enum err parse(const char *json, struct guess_own **ret_own, struct errbuf *eb)
{
	return guess_own_parse(json, strlen(json), "own.json", ret_own, eb);
}

static struct guess guessed(const char *text)
{
	struct guess guess;

	guess_text(text, &guess);
	return guess;
}

static void test_they_add(void **state)
{
	struct guess_own *own = NULL;
	struct errbuf eb = {0};
	struct guess guess;

	(void)state;
	assert_int_equal(parse(OWN, &own, &eb), ERR_OK);
	assert_false(guessed("nguoi o ngam ban loc").is_danger);
	guess_own_use(own);
	guess = guessed("nguoi o ngam ban loc");
	assert_true(guess.is_danger && guess.rings);
	assert_int_equal(guess.category, CATEGORY_TRAFFIC);
	assert_true(guess.word_count > 0);
	assert_string_equal(guess.words[0], "ngầm Bản Lốc");
	guess = guessed("ho lai ra bãi vàng");
	assert_int_equal(guess.category, CATEGORY_CRIME);
	assert_false(guess.is_danger);
	/* What is about officials stays so: it is kept from them. */
	guess = guessed("công an xã nhận tiền của chủ bãi vàng");
	assert_int_equal(guess.category, CATEGORY_CONDUCT);
	guess_own_use(NULL);
	assert_false(guessed("nguoi o ngam ban loc").is_danger);
	guess_own_free(own);
}

/* With words of all kinds beside it, a danger stays one. */
static void test_no_danger_is_taken_back(void **state)
{
	static const char *const texts[] = {"chay nha o bai vang, cuu voi",
		"có người bị chém ở bãi vàng", "tai nạn chết người qua bãi vàng",
		"lũ cuốn mất người ở bãi vàng"};
	struct guess_own *own = NULL;
	struct errbuf eb = {0};

	(void)state;
	assert_int_equal(parse(OWN, &own, &eb), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		assert_true(guessed(texts[i]).is_danger);
		guess_own_use(own);
		assert_true(guessed(texts[i]).is_danger);
		guess_own_use(NULL);
	}
	guess_own_free(own);
}

static void test_what_is_wrong_is_told(void **state)
{
	static const struct {
		const char *json, *said;
	} files[] = {
		{"", "own.json: line 1"},
		{"{\"words\": [{\"words\": \"a\", \"danger\": true}]", "own.json: line 1"},
		{"{}", "it must be {\"words\": [...]}"},
		{"{\"words\": []}", "must be a list of entries"},
		{"{\"words\": [], \"short\": {}}", "it must be {\"words\": [...]}"},
		{"{\"words\": [3]}", "words[0]: \"words\" must be a text"},
		{"{\"words\": [{\"words\": \"a\"}]}",
			"words[0]: \"category\" or \"danger\" is missing"},
		{"{\"words\": [{\"words\": \"cháy\", \"danger\": false}]}",
			"they take nothing back"},
		{"{\"words\": [{\"words\": \"cháy\", \"danger\": -4}]}", "they take nothing back"},
		{"{\"words\": [{\"words\": \"a\", \"category\": \"cat\"}]}",
			"one of the categories"},
		{"{\"words\": [{\"words\": \"a\", \"danger\": true, \"fire\": 3}]}", "only"},
		{"{\"words\": [{\"words\": \"a | \", \"danger\": true}]}", "own.json"},
		{"{\"words\": [{\"words\": \"a b c d e f g h i\", \"danger\": true}]}",
			"1 to 8 syllables"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct guess_own *own = NULL;
		struct errbuf eb = {0};

		assert_int_equal(parse(files[i].json, &own, &eb), ERR_CONFIG);
		assert_null(own);
		if (!strstr(eb.text, files[i].said))
			fail_msg("%s: %s", files[i].json, eb.text);
	}
}

static void test_a_file_that_is_not_there(void **state)
{
	struct guess_own *own = NULL;
	struct errbuf eb = {0};

	(void)state;
	assert_int_equal(guess_own_load("", &own, &eb), ERR_OK);
	assert_null(own);
	assert_int_not_equal(guess_own_load("/nowhere/own.json", &own, &eb), ERR_OK);
	assert_non_null(strstr(eb.text, "/nowhere/own.json"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_they_add),
		cmocka_unit_test(test_no_danger_is_taken_back),
		cmocka_unit_test(test_what_is_wrong_is_told),
		cmocka_unit_test(test_a_file_that_is_not_there),
	};

	return cmocka_run_group_tests_name("guess_own", tests, NULL, NULL);
}
