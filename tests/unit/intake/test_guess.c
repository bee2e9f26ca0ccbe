/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guess against texts with known answers (guess/README.md): tuned.tsv and second.tsv were
 * looked at while it was made, unseen.tsv was written and labelled before that and is only counted.
 * A line is "CATEGORY or two\tD or -\ttext".
 */
#include "daemon/intake/guess.h"

#include "daemon/base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define LINE_MAX_BYTES 8192

struct score {
	int texts, category_right;
	int danger, danger_found;
	int calm, false_alarms;
};

static bool names_category(const char *labels, const char *code)
{
	size_t len = strlen(code);

	for (const char *at = labels; *at; at += strcspn(at, "|"), at += *at == '|') {
		if (strncmp(at, code, len) == 0 && (at[len] == '|' || !at[len]))
			return true;
	}
	return false;
}

static void tell_miss(
	const char *labels, const char *danger, const char *text, const struct guess *guess)
{
	print_message("%s %s -> %s %d (%s%s%s): %s\n", labels, danger,
		category_code(guess->category), guess->danger,
		guess->word_count ? guess->words[0] : "", guess->word_count > 1 ? ", " : "",
		guess->word_count > 1 ? guess->words[1] : "", text);
}

static void judge_line(struct score *score, char *line, bool tells)
{
	char *labels = line, *danger, *text, *rest = NULL;
	struct guess guess;
	bool is_danger, is_right;

	labels = strtok_r(line, "\t", &rest);
	danger = strtok_r(NULL, "\t", &rest);
	text = strtok_r(NULL, "\n", &rest);
	assert_non_null(text);
	is_danger = str_eq(danger, "D");
	assert_true(is_danger || str_eq(danger, "-"));
	guess_text(text, &guess);
	is_right = names_category(labels, category_code(guess.category));
	score->texts++;
	score->category_right += is_right;
	if (is_danger) {
		score->danger++;
		score->danger_found += guess.is_danger;
	} else {
		score->calm++;
		score->false_alarms += guess.is_danger;
	}
	if (tells && (!is_right || guess.is_danger != is_danger))
		tell_miss(labels, danger, text, &guess);
}

static struct score judge_file(const char *name, bool tells)
{
	char path[512], line[LINE_MAX_BYTES];
	struct score score = {0};
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", GUESS_TEXTS, name);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (line[0] != '#' && line[0] != '\n')
			judge_line(&score, line, tells);
	}
	fclose(file);
	print_message("%s: category %d of %d, danger %d of %d, false alarms %d of %d\n", name,
		score.category_right, score.texts, score.danger_found, score.danger,
		score.false_alarms, score.calm);
	return score;
}

struct wanted {
	int category_pct, danger_pct, false_pct;
};

static void check_score(const struct score *score, struct wanted wanted)
{
	assert_true(score->texts >= 200);
	assert_true(score->danger >= 40);
	assert_true(score->category_right * 100 >= score->texts * wanted.category_pct);
	assert_true(score->danger_found * 100 >= score->danger * wanted.danger_pct);
	assert_true(score->false_alarms * 100 <= score->calm * wanted.false_pct);
}

static const struct wanted target = {.category_pct = 80, .danger_pct = 97, .false_pct = 10};

static void test_tuned_half(void **state)
{
	struct score tuned = judge_file("tuned.tsv", true);
	struct score second = judge_file("second.tsv", true);

	(void)state;
	check_score(&tuned, target);
	check_score(&second, target);
}

/* Only counted, never shown: what is looked at is tuned for sooner or later. */
static void test_unseen_half(void **state)
{
	struct score score = judge_file("unseen.tsv", false);

	(void)state;
	assert_true(score.texts >= 300 && score.danger >= 60);
	check_score(&score, target);
}

static struct guess guessed(const char *text)
{
	struct guess guess;

	guess_text(text, &guess);
	return guess;
}

static void test_the_reason_is_told(void **state)
{
	struct guess guess = guessed("chay nha o xom 3, khoi den");

	(void)state;
	assert_int_equal(guess.category, CATEGORY_FIRE);
	assert_true(guess.is_danger);
	assert_int_equal(guess.word_count, 2);
	assert_string_equal(guess.words[0], "cháy nhà");
	assert_string_equal(guess.words[1], "khói đen");
}

static void test_what_was_learnt_gives_reasons_too(void **state)
{
	struct guess guess = guessed("thang be lot xuong ho sau nha, may dua nho khoc qua");
	bool is_fall_told = false;

	(void)state;
	assert_true(guess.is_danger);
	assert_false(guess.rings);
	assert_in_range(guess.word_count, 1, GUESS_WORDS_MAX);
	for (int i = 0; i < guess.word_count; i++)
		is_fall_told |= strstr(guess.words[i], "lọt") || strstr(guess.words[i], "hồ") ||
				strstr(guess.words[i], "hố");
	assert_true(is_fall_told);
}

/* The longest text is cut, and judged within the same memory. */
static void test_a_long_text_is_judged(void **state)
{
	char *text = calloc(1, 200001);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < 20000; i++)
		memcpy(text + 10 * i, "chay nha, ", 10);
	assert_true(guessed(text).is_danger);
	free(text);
}

static void test_marks_may_be_missing(void **state)
{
	static const char *const texts[][2] = {
		{"nó cầm dao đứng trước cửa", "no cam dao dung truoc cua"},
		{"khói đen phía chợ", "khoi den phia cho"},
		{"bé rơi xuống ao", "be roi xuong ao"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		assert_true(guessed(texts[i][0]).is_danger);
		assert_true(guessed(texts[i][1]).is_danger);
	}
}

static void test_what_only_sounds_dangerous_is_calm(void **state)
{
	static const char *const texts[] = {"diễn tập chữa cháy hôm qua", "xin hỏi giấy phép PCCC",
		"bán bếp gas", "dien tap chua chay hom qua", "xin hoi giay phep pccc",
		"ban bep gas"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_false(guessed(texts[i]).is_danger);
}

/* What is written when a report is known already: where, who, how long still, and thanks. */
static void test_what_follows_is_calm(void **state)
{
	static const char *const texts[] = {"van chua thay ai den", "vẫn chưa thấy ai tới anh ơi",
		"cam on cac anh nhieu", "em cảm ơn, giờ yên rồi", "nha so 27 duong lien thon",
		"số 27 đường liên thôn, cổng sắt", "gan cay xang, canh quan pho",
		"xe mau trang bien so 1234", "hôm nay vẫn như hôm qua",
		"em la nguoi nhan tin luc sang", "khi nao thi co ket qua", "ho ve het roi anh",
		"toi gui them hai tam hinh", "tắt hẳn rồi, không ai bị sao"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (guessed(texts[i]).is_danger)
			fail_msg("%s", texts[i]);
	}
}

static void test_danger_needs_no_keyword(void **state)
{
	static const char *const texts[] = {"co nguoi nam im giua duong khong nhuc nhich",
		"no cam dao duoi theo vo", "nuoc len toi noc nha roi",
		"bà cụ nằm dưới sàn, gọi không thưa", "thang be chim roi chua thay noi len",
		"em đứng trên thành cầu, xin lỗi mẹ"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (!guessed(texts[i]).is_danger)
			fail_msg("%s", texts[i]);
	}
}

static void test_longer_words_go_first(void **state)
{
	(void)state;
	assert_true(guessed("phòng cháy chữa cháy").danger < 0);
	assert_true(guessed("cháy").is_danger && guessed("cháy").rings);
	assert_int_equal(guessed("chạy").danger, 0);
	assert_false(guessed("chạy").rings);
	assert_true(guessed("cháy cháy cháy").danger == guessed("cháy").danger);
}

static void test_what_says_nothing_is_other(void **state)
{
	static const char *const texts[] = {
		"", " ", "?", "\xff\xfe", "qwkx zzqv", "1", "<1.1>", "12 3 2024", "36 115 3"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct guess guess = guessed(texts[i]);

		assert_int_equal(guess.category, CATEGORY_OTHER);
		assert_false(guess.is_danger);
		assert_int_equal(guess.word_count, 0);
	}
}

static void test_a_bad_dictionary_is_refused(void **state)
{
	static const struct {
		const char *json, *why;
	} bad[] = {
		{"{", "line 1"},
		{"{}", "category_threshold"},
		{"{\"category_threshold\":2,\"danger_threshold\":3,\"always_threshold\":5}",
			"no \"words\""},
		{"{\"category_threshold\":2,\"danger_threshold\":3}", "always_threshold"},
		{"{\"category_threshold\":2,\"danger_threshold\":3,\"always_threshold\":5,\"words\":[{\"words\":\"a\",\"always\":1}]}",
			"true or false"},
		{"{\"category_threshold\":2,\"danger_threshold\":3,\"always_threshold\":5,\"words\":[{\"words\":\"a\"}],\"classes\":[{\"words\":\"a\"}]}",
			"a class must have"},
		{"{\"category_threshold\":2,\"danger_threshold\":3,\"always_threshold\":5,\"words\":[{\"words\":\"a\"}],\"classes\":[{\"class\":\"a+b\",\"words\":\"a\"}]}",
			"name of a class"},
		{"{\"category_threshold\":0,\"danger_threshold\":3}", "1 to 20"},
		{"{\"category_threshold\":2,\"danger_threshold\":3,\"always_threshold\":5,\"words\":[{\"fire\":1}]}",
			"no \"words\""},
		{"{\"category_threshold\":2,\"danger_threshold\":3,\"always_threshold\":5,\"words\":[{\"words\":\"a\",\"house\":1}]}",
			"no category"},
		{"{\"category_threshold\":2,\"danger_threshold\":3,\"always_threshold\":5,\"words\":[{\"words\":\"a\",\"fire\":21}]}",
			"-20 to 20"},
		{"{\"category_threshold\":2,\"danger_threshold\":3,\"always_threshold\":5,\"words\":[{\"words\":\"a | \"}]}",
			"empty"},
		{"{\"category_threshold\":2,\"danger_threshold\":3,\"always_threshold\":5,\"words\":[{\"words\":\"?\"}]}",
			"syllables"},
		{"{\"category_threshold\":2,\"danger_threshold\":3,\"always_threshold\":5,\"words\":[{\"words\":\"a\"}],\"short\":{\"a b\":\"c\"}}",
			"not one word"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct guess_words *words = NULL;
		struct errbuf eb = {0};

		assert_int_equal(guess_words_parse(bad[i].json, strlen(bad[i].json), &words, &eb),
			ERR_INVALID);
		assert_null(words);
		if (!strstr(eb.text, bad[i].why))
			fail_msg("%s: %s", bad[i].json, eb.text);
	}
}

/* An argument is a pattern of what is left out: "*unseen*" while the guess is worked on. */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_tuned_half),
		cmocka_unit_test(test_unseen_half), cmocka_unit_test(test_the_reason_is_told),
		cmocka_unit_test(test_what_was_learnt_gives_reasons_too),
		cmocka_unit_test(test_a_long_text_is_judged),
		cmocka_unit_test(test_marks_may_be_missing),
		cmocka_unit_test(test_what_only_sounds_dangerous_is_calm),
		cmocka_unit_test(test_what_follows_is_calm),
		cmocka_unit_test(test_danger_needs_no_keyword),
		cmocka_unit_test(test_longer_words_go_first),
		cmocka_unit_test(test_what_says_nothing_is_other),
		cmocka_unit_test(test_a_bad_dictionary_is_refused)};

	if (argc > 1)
		cmocka_set_skip_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
