/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/word_list.h"
#include "daemon/base/str.h"
#include "daemon/desk/escrow.h"
#include "tests/lib/store_fixture.h"

#include <ctype.h>

static const uint8_t secret[KEYPAIR_SEED_BYTES] = {
	0x00, 0xff, 3, 14, 15, 92, 65, 35, 89, 79, 32, 38, 46, 26, 43, 0x80};

struct sheet {
	char text[ESCROW_TEXT_MAX + 1];
	char words[ESCROW_WORDS][WORD_LIST_WORD_MAX + 1];
};

static void sheet_of(const uint8_t *bytes, struct sheet *sheet)
{
	char copy[ESCROW_TEXT_MAX + 1], *rest = copy, *word;
	struct buf text;
	int count = 0;

	buf_init(&text, ESCROW_TEXT_MAX);
	assert_ok(escrow_words(bytes, &text));
	assert_ok(str_copy(sheet->text, sizeof(sheet->text), buf_text(&text)));
	assert_ok(str_copy(copy, sizeof(copy), buf_text(&text)));
	while ((word = strsep(&rest, " "))) {
		assert_true(count < ESCROW_WORDS);
		assert_ok(str_copy(sheet->words[count++], WORD_LIST_WORD_MAX + 1, word));
	}
	assert_int_equal(count, ESCROW_WORDS);
	buf_done(&text);
}

static void join(const struct sheet *sheet, int count, char text[512])
{
	text[0] = 0;
	for (int i = 0; i < count; i++) {
		size_t len = strlen(text);

		snprintf(text + len, 512 - len, "%s ", sheet->words[i]);
	}
}

static void reads(const char *typed)
{
	uint8_t found[KEYPAIR_SEED_BYTES];
	struct errbuf eb = {0};
	int wrong = -1;

	assert_ok(escrow_secret(typed, found, &wrong, &eb));
	assert_memory_equal(found, secret, sizeof(secret));
	assert_int_equal(wrong, 0);
}

/* The word at fault, 0 when it can't be told. */
static int fault(const char *typed)
{
	uint8_t found[KEYPAIR_SEED_BYTES] = {0}, none[KEYPAIR_SEED_BYTES] = {0};
	struct errbuf eb = {0};
	int wrong = -1;

	assert_err(escrow_secret(typed, found, &wrong, &eb), ERR_INVALID);
	assert_true(eb.text[0]);
	assert_memory_equal(found, none, sizeof(none));
	return wrong;
}

static void test_the_list_is_sorted_and_whole(void **state)
{
	char word[WORD_LIST_WORD_MAX + 1], before[WORD_LIST_WORD_MAX + 1] = "";
	int index;

	(void)state;
	for (int i = 0; i < WORD_LIST_COUNT; i++) {
		word_list_word(i, word);
		assert_true(strcmp(before, word) < 0);
		assert_true(strlen(word) >= 2);
		assert_int_equal(strspn(word, "abcdeghiklmnopqrstuvxy"), strlen(word));
		assert_ok(word_list_find(word, strlen(word), &index));
		assert_int_equal(index, i);
		memcpy(before, word, sizeof(before));
	}
	assert_err(word_list_find("an", 1, &index), ERR_NOT_FOUND);
	assert_err(word_list_find("xyz", 3, &index), ERR_NOT_FOUND);
	assert_err(word_list_find("", 0, &index), ERR_NOT_FOUND);
}

/* Letters that look alike written by hand do not tell two words apart. */
static void test_the_list_has_no_look_alikes(void **state)
{
	static const char from[] = "vuleqyo", to[] = "nnicgga";
	static char folded[WORD_LIST_COUNT][WORD_LIST_WORD_MAX + 1];

	(void)state;
	for (int i = 0; i < WORD_LIST_COUNT; i++) {
		word_list_word(i, folded[i]);
		for (char *c = folded[i]; *c; c++) {
			const char *hit = strchr(from, *c);

			*c = hit ? to[hit - from] : *c;
		}
		for (int k = 0; k < i; k++)
			assert_string_not_equal(folded[k], folded[i]);
	}
}

static void test_words_are_the_secret(void **state)
{
	struct sheet sheet;

	(void)state;
	sheet_of(secret, &sheet);
	reads(sheet.text);
	for (int i = 0; i < 200; i++) {
		uint8_t drawn[KEYPAIR_SEED_BYTES], found[KEYPAIR_SEED_BYTES];
		struct errbuf eb = {0};
		int wrong;

		vault_random(drawn, sizeof(drawn));
		sheet_of(drawn, &sheet);
		assert_ok(escrow_secret(sheet.text, found, &wrong, &eb));
		assert_memory_equal(found, drawn, sizeof(drawn));
	}
}

/* As people copy a sheet: numbered lines, capitals, marks, dashes. */
static void test_habits_of_writing_do_not_matter(void **state)
{
	struct sheet sheet;
	char text[512] = "", marked[512];
	size_t at = 0;

	(void)state;
	sheet_of(secret, &sheet);
	for (int i = 0; i < ESCROW_WORDS; i++) {
		size_t len = strlen(text);

		snprintf(text + len, sizeof(text) - len, "%d. %c%s\r\n", i + 1,
			toupper((unsigned char)sheet.words[i][0]), sheet.words[i] + 1);
	}
	reads(text);
	snprintf(text, sizeof(text), "\t  %s \n\n ", sheet.text);
	for (char *c = text; (c = strchr(c, ' ')); c++)
		*c = "-,;/"[(c - text) % 4];
	reads(text);
	for (const char *c = sheet.text; *c; c++) {
		const char *as = *c == 'a'   ? "ạ"
				 : *c == 'e' ? "Ế"
				 : *c == 'o' ? "ở"
				 : *c == 'd' ? "Đ"
					     : NULL;

		at += (size_t)snprintf(
			marked + at, sizeof(marked) - at, as ? "%s" : "%.1s", as ? as : c);
	}
	reads(marked);
}

static void test_a_word_that_is_none_is_told(void **state)
{
	struct sheet sheet;

	(void)state;
	for (int i = 0; i < ESCROW_WORDS; i++) {
		char text[512];

		sheet_of(secret, &sheet);
		snprintf(sheet.words[i], sizeof(sheet.words[i]), "zw");
		join(&sheet, ESCROW_WORDS, text);
		assert_int_equal(fault(text), i + 1);
	}
}

/* Also when what was written instead is a word of the list. */
static void test_one_other_word_is_told(void **state)
{
	(void)state;
	for (int i = 0; i < ESCROW_WORDS; i++) {
		for (int other = 0; other < WORD_LIST_COUNT; other += 41) {
			char text[512], word[WORD_LIST_WORD_MAX + 1];
			struct sheet sheet;

			sheet_of(secret, &sheet);
			word_list_word(other, word);
			if (str_eq(word, sheet.words[i]))
				continue;
			memcpy(sheet.words[i], word, sizeof(word));
			join(&sheet, ESCROW_WORDS, text);
			assert_int_equal(fault(text), i + 1);
		}
	}
}

static void test_neighbours_in_the_wrong_order_are_told(void **state)
{
	(void)state;
	for (int i = 0; i + 1 < ESCROW_WORDS; i++) {
		char text[512], word[WORD_LIST_WORD_MAX + 1];
		struct sheet sheet;

		sheet_of(secret, &sheet);
		memcpy(word, sheet.words[i], sizeof(word));
		memcpy(sheet.words[i], sheet.words[i + 1], sizeof(word));
		memcpy(sheet.words[i + 1], word, sizeof(word));
		join(&sheet, ESCROW_WORDS, text);
		assert_int_equal(fault(text), i + 1);
	}
}

static void test_a_word_too_few_or_too_many_is_told(void **state)
{
	struct sheet sheet;
	char text[512];

	(void)state;
	sheet_of(secret, &sheet);
	for (int count = 0; count < ESCROW_WORDS; count++) {
		join(&sheet, count, text);
		assert_int_equal(fault(text), 0);
	}
	snprintf(text, sizeof(text), "%s %s", sheet.text, sheet.words[0]);
	assert_int_equal(fault(text), 0);
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	assert_int_equal(fault(text), 1);
	assert_int_equal(fault("\xff\xfe"), 0);
}

/* Two wrong words are never taken for the secret: the hash lets one in four of those through that
 * the check words let through, and those are one in a million. */
static void test_two_other_words_are_no_secret(void **state)
{
	struct sheet sheet;

	(void)state;
	for (int i = 0; i < 300; i++) {
		uint8_t found[KEYPAIR_SEED_BYTES];
		struct errbuf eb = {0};
		char text[512];
		int wrong;

		sheet_of(secret, &sheet);
		word_list_word((i * 37) % WORD_LIST_COUNT, sheet.words[i % 7]);
		word_list_word((i * 53 + 5) % WORD_LIST_COUNT, sheet.words[7 + i % 8]);
		join(&sheet, ESCROW_WORDS, text);
		if (!str_eq(text, sheet.text) && !escrow_secret(text, found, &wrong, &eb))
			assert_memory_equal(found, secret, sizeof(secret));
	}
}

static void test_a_new_secret_comes_back_as_its_pair(void **state)
{
	struct keypair *drawn, *read, *other;
	struct errbuf eb = {0};
	struct buf words;
	int wrong;

	(void)state;
	buf_init(&words, ESCROW_TEXT_MAX);
	assert_ok(escrow_new(&words, &drawn));
	assert_ok(escrow_read(buf_text(&words), &read, &wrong, &eb));
	assert_memory_equal(keypair_public(drawn), keypair_public(read), KEYPAIR_PUBLIC_BYTES);
	buf_reset(&words);
	assert_ok(escrow_new(&words, &other));
	assert_memory_not_equal(keypair_public(drawn), keypair_public(other), KEYPAIR_PUBLIC_BYTES);
	buf_wipe(&words);
	keypair_free(drawn);
	keypair_free(read);
	keypair_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_list_is_sorted_and_whole),
		cmocka_unit_test(test_the_list_has_no_look_alikes),
		cmocka_unit_test(test_words_are_the_secret),
		cmocka_unit_test(test_habits_of_writing_do_not_matter),
		cmocka_unit_test(test_a_word_that_is_none_is_told),
		cmocka_unit_test(test_one_other_word_is_told),
		cmocka_unit_test(test_neighbours_in_the_wrong_order_are_told),
		cmocka_unit_test(test_a_word_too_few_or_too_many_is_told),
		cmocka_unit_test(test_two_other_words_are_no_secret),
		cmocka_unit_test(test_a_new_secret_comes_back_as_its_pair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
