/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of the learnt weights: what is kept of it, and what is refused. */
#include "daemon/intake/guess_weights.h"

#include "daemon/base/base.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define HEAD "binhyen-guess 1\nthreshold -7\nbias 1 2 3 4 5 6 7 8 9 10 11 12 -13\n"

static enum err parse(const char *text, struct guess_weights **ret_weights, struct errbuf *eb)
{
	return guess_weights_parse(text, strlen(text), ret_weights, eb);
}

static void test_weights_are_found_by_name(void **state)
{
	struct guess_weights *weights = NULL;
	struct errbuf eb = {0};
	const struct guess_weight *of;
	size_t count;

	(void)state;
	assert_int_equal(parse(HEAD "p roi ao\tm40\nw chay\ta-12 e30\n", &weights, &eb), ERR_OK);
	assert_int_equal(weights->threshold, -7);
	assert_int_equal(weights->bias[0], 1);
	assert_int_equal(weights->bias[GUESS_HEAD_DANGER], -13);
	assert_int_equal(weights->feature_count, 2);
	of = guess_weights_of(weights, guess_weights_find(weights, "w chay"), &count);
	assert_int_equal(count, 2);
	assert_int_equal(of[0].head, 0);
	assert_int_equal(of[0].value, -12);
	assert_int_equal(of[1].head, 4);
	assert_int_equal(of[1].value, 30);
	of = guess_weights_of(weights, guess_weights_find(weights, "p roi ao"), &count);
	assert_int_equal(count, 1);
	assert_int_equal(of[0].head, GUESS_HEAD_DANGER);
	assert_int_equal(guess_weights_find(weights, "w chạy"), 2);
	guess_weights_free(weights);
}

static void test_a_bad_file_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"", "line 0"},
		{"binhyen-guess 2\n", "line 1"},
		{"binhyen-guess 1\nthreshold x\n", "line 2"},
		{"binhyen-guess 1\nthreshold 1\nbias 1 2\n", "line 3: a number is missing"},
		{"binhyen-guess 1\nthreshold 1\nbias 1 2 3 4 5 6 7 8 9 10 11 12 13 14\nw a\ta1\n",
			"too many"},
		{HEAD, "no feature"},
		{HEAD "w a\n", "name is missing"},
		{HEAD "\ta1\n", "name is missing"},
		{HEAD "w a\t\n", "no weight"},
		{HEAD "w a\tn1\n", "no category"},
		{HEAD "w a\ta1 a1\n", "out of order"},
		{HEAD "w a\tb1 a1\n", "out of order"},
		{HEAD "w a\ta10000\n", "too big"},
		{HEAD "w a\ta999999\n", "too big"},
		{HEAD "w a\ta-\n", "no number"},
		{HEAD "w a\ta1,b1\n", "something else"},
		{HEAD "w b\ta1\nw a\ta1\n", "ascending"},
		{HEAD "w a\ta1\nw a\ta1\n", "ascending"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct guess_weights *weights = NULL;
		struct errbuf eb = {0};

		assert_int_equal(parse(bad[i].text, &weights, &eb), ERR_INVALID);
		assert_null(weights);
		if (!strstr(eb.text, bad[i].why))
			fail_msg("%s: %s", bad[i].text, eb.text);
	}
}

static void test_too_many_features_are_refused(void **state)
{
	static char text[sizeof(HEAD) + (GUESS_FEATURES_MAX + 1) * 16];
	struct guess_weights *weights = NULL;
	struct errbuf eb = {0};
	size_t at = (size_t)snprintf(text, sizeof(text), "%s", HEAD);

	(void)state;
	for (int i = 0; i <= GUESS_FEATURES_MAX; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "w %06d\ta1\n", i);
	assert_int_equal(guess_weights_parse(text, at, &weights, &eb), ERR_TOO_BIG);
	assert_null(weights);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_weights_are_found_by_name),
		cmocka_unit_test(test_a_bad_file_is_refused),
		cmocka_unit_test(test_too_many_features_are_refused)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
