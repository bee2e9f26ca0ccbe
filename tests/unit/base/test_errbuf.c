/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a message says in Vietnamese: of whole messages, of their arguments, and of hostile ones. */
#include "daemon/base/catalogue.h"
#include "daemon/base/err.h"
#include "daemon/base/str.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* Every message is found by itself, and each is whole UTF-8. */
static void test_the_catalogue_is_sorted(void **state)
{
	const char *translation, *message;
	size_t count = 0;

	(void)state;
	for (; (message = catalogue_at(count, &translation)); count++) {
		assert_ptr_equal(catalogue_find(message), translation);
		assert_true(str_is_utf8(translation, strlen(translation)));
		assert_true(translation[0]);
	}
	assert_true(count > 500);
	assert_null(catalogue_find(""));
	assert_null(catalogue_find("there is no such message"));
	assert_null(catalogue_find("\xff"));
}

static void test_both_texts(void **state)
{
	struct errbuf eb = {0};

	(void)state;
	errbuf_set(&eb, ERR_NOT_FOUND, "there is no bulletin %lld", 12LL);
	assert_string_equal(eb.text, "there is no bulletin 12");
	assert_string_equal(eb.vi, "không có bản tin 12");
	errbuf_set(&eb, ERR_TOO_BIG, "\"%s\" is longer than %zu bytes", "note", (size_t)99);
	assert_string_equal(eb.vi, "mục “ghi chú” dài quá 99 byte; hãy rút ngắn");
	/* Without a translation nothing of the former one stays. */
	errbuf_set(&eb, ERR_IO, "nobody translates %d", 1);
	assert_string_equal(eb.text, "nobody translates 1");
	assert_string_equal(eb.vi, "");
	assert_string_equal(errbuf_vi(&eb, ERR_IO), err_vi(ERR_IO));
	assert_string_equal(errbuf_en(NULL, ERR_IO), err_en(ERR_IO));
	assert_string_equal(errbuf_vi(NULL, ERR_IO), err_vi(ERR_IO));
}

static void test_arguments_in_another_order(void **state)
{
	struct errbuf eb = {0};

	(void)state;
	errbuf_set(&eb, ERR_INVALID, "%s (%s) must be a number from %d to %d %s", "a.b", "Trực", -1,
		20, "phút");
	assert_string_equal(eb.text, "a.b (Trực) must be a number from -1 to 20 phút");
	assert_string_equal(eb.vi, "“Trực” (a.b): nhập số nguyên từ -1 đến 20 phút");
}

static void test_words_are_translated_too(void **state)
{
	struct errbuf eb = {0};

	(void)state;
	errbuf_set(&eb, ERR_STATE, "only a draft is submitted; it is %s", "APPROVED");
	assert_string_equal(eb.text, "only a draft is submitted; it is APPROVED");
	assert_string_equal(eb.vi, "chỉ trình duyệt được bản nháp; bản tin này: đã duyệt");
	errbuf_say(&eb, ERR_INVALID, "nothing was pasted");
	assert_string_equal(eb.vi, "chưa dán gì");
	errbuf_say(&eb, ERR_INVALID, "100%s of nothing");
	assert_string_equal(eb.text, "100%s of nothing");
	assert_string_equal(eb.vi, "");
	assert_int_equal(errbuf_say(NULL, ERR_INVALID, "nothing was pasted"), ERR_INVALID);
}

static void test_wrapping(void **state)
{
	struct errbuf eb = {0};

	(void)state;
	assert_int_equal(errbuf_kind(NULL, ERR_IO), ERR_IO);
	errbuf_wrap(&eb, errbuf_kind(&eb, ERR_DISK_FULL), "the register");
	assert_string_equal(eb.text, "the register: disk full");
	assert_string_equal(
		eb.vi, "chưa lập được sổ, hãy thử lại sau: đĩa đầy, hãy giải phóng chỗ");
	/* What was said in English only is left out, and so is all where the outer part is. */
	errbuf_set(&eb, ERR_IO, "nobody translates this");
	errbuf_wrap(&eb, ERR_IO, "the register");
	assert_string_equal(eb.text, "the register: nobody translates this");
	assert_string_equal(eb.vi, "chưa lập được sổ, hãy thử lại sau");
	errbuf_wrap(&eb, ERR_IO, "nor this");
	assert_string_equal(eb.vi, "");
}

/* What a client wrote is an argument and no format, and it may be cut in the middle of a letter. */
static void test_hostile_arguments(void **state)
{
	static const char *const hostile[] = {"%s%n%d", "100%", "%1$s", "\xc3", "\xff\xfe",
		"ầầầầầầầầầầầầầầầầầ", "aầầầầầầầầầầầầầầầầầ", "aaầầầầầầầầầầầầầầầầầ", "", "\n\"\\"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		struct errbuf eb = {0};

		errbuf_set(&eb, ERR_NOT_FOUND, "there is no report %.31s", hostile[i]);
		assert_true(str_is_utf8(eb.text, strlen(eb.text)));
		assert_true(str_is_utf8(eb.vi, strlen(eb.vi)));
		assert_true(str_starts(eb.vi, "không có tin "));
		assert_true(strlen(eb.vi) <= strlen("không có tin ") + 31);
	}
}

static void check_long(const char *words)
{
	struct errbuf eb = {0};

	errbuf_set(&eb, ERR_NOT_FOUND, "there is no bulletin %s", words);
	assert_true(strlen(eb.text) >= sizeof(eb.text) - 4);
	assert_true(strlen(eb.vi) >= sizeof(eb.vi) - 4);
	assert_true(str_is_utf8(eb.text, strlen(eb.text)));
	assert_true(str_is_utf8(eb.vi, strlen(eb.vi)));
	errbuf_wrap(&eb, ERR_IO, "the register");
	assert_true(str_is_utf8(eb.text, strlen(eb.text)));
	assert_true(str_is_utf8(eb.vi, strlen(eb.vi)));
}

static void test_too_long(void **state)
{
	static const char letter[] = "ầ";
	char words[4096];

	(void)state;
	for (size_t first = 0; first < 3; first++) {
		memset(words, 'a', first);
		for (size_t at = first; at < sizeof(words); at++)
			words[at] = letter[(at - first) % 3];
		words[sizeof(words) - 1] = 0;
		check_long(words);
	}
}

/* The text that stood there before may be an argument of the one that replaces it. */
static void test_its_own_text_is_an_argument(void **state)
{
	struct errbuf eb = {0};

	(void)state;
	errbuf_set(&eb, ERR_IO, "inner");
	errbuf_set(&eb, ERR_IO, "outer (%s)", eb.text);
	assert_string_equal(eb.text, "outer (inner)");
}

static void test_mending(void **state)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{"", ""},
		{"plain", "plain"},
		{"chữ", "chữ"},
		{"ch\xe1\xbb", "ch"},
		{"ch\xe1", "ch"},
		{"\xc3(", "?("},
		{"a\xff\xfe z", "a?? z"},
		{"\xed\xa0\x80.", "???."},
		{"\xf0\x9f\x98", ""},
		{"\xc0\xaf", "??"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[16];

		snprintf(text, sizeof(text), "%s", cases[i].from);
		str_utf8_mend(text);
		assert_string_equal(text, cases[i].to);
		assert_true(str_is_utf8(text, strlen(text)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_catalogue_is_sorted),
		cmocka_unit_test(test_both_texts),
		cmocka_unit_test(test_arguments_in_another_order),
		cmocka_unit_test(test_words_are_translated_too),
		cmocka_unit_test(test_wrapping),
		cmocka_unit_test(test_hostile_arguments),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_its_own_text_is_an_argument),
		cmocka_unit_test(test_mending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
