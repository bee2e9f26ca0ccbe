/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/syllable.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct syllable one(const char *text)
{
	struct syllable s[2];

	assert_int_equal(syllables_cut(text, s, 2), 1);
	return s[0];
}

static enum syllable_fit fit(const char *written, const char *word)
{
	struct syllable a = one(written), b = one(word);

	return syllable_fit(&a, &b);
}

static void test_marks(void **state)
{
	(void)state;
	assert_int_equal(fit("cháy", "cháy"), SYLLABLE_FULL);
	assert_int_equal(fit("CHÁY", "cháy"), SYLLABLE_FULL);
	assert_int_equal(fit("cha\xcc\x81y", "cháy"), SYLLABLE_FULL);
	assert_int_equal(fit("chay", "cháy"), SYLLABLE_BARE);
	assert_int_equal(fit("chạy", "cháy"), SYLLABLE_NONE);
	assert_int_equal(fit("lưa", "lửa"), SYLLABLE_BARE);
	assert_int_equal(fit("lủa", "lửa"), SYLLABLE_BARE);
	assert_int_equal(fit("lúa", "lửa"), SYLLABLE_NONE);
	assert_int_equal(fit("lừa", "lửa"), SYLLABLE_NONE);
	assert_int_equal(fit("dao", "đạo"), SYLLABLE_BARE);
	assert_int_equal(fit("đao", "dao"), SYLLABLE_NONE);
	assert_int_equal(fit("hoà", "hòa"), SYLLABLE_FULL);
}

static void test_misspellings(void **state)
{
	(void)state;
	assert_int_equal(fit("chộm", "trộm"), SYLLABLE_SOUND);
	assert_int_equal(fit("chom", "trộm"), SYLLABLE_SOUND);
	assert_int_equal(fit("nửa", "lửa"), SYLLABLE_SOUND);
	assert_int_equal(fit("sì", "xì"), SYLLABLE_SOUND);
	assert_int_equal(fit("dết", "giết"), SYLLABLE_SOUND);
	assert_int_equal(fit("ma", "má"), SYLLABLE_BARE);
	assert_int_equal(fit("đỗ", "đổ"), SYLLABLE_SOUND);
	assert_int_equal(fit("trâm", "trộm"), SYLLABLE_NONE);
	assert_int_equal(fit("căn", "cân"), SYLLABLE_NONE);
	assert_int_equal(fit("nhà", "là"), SYLLABLE_NONE);
	assert_int_equal(fit("ngà", "là"), SYLLABLE_NONE);
}

static void test_held_letters(void **state)
{
	(void)state;
	assert_string_equal(one("cháyyyyy").letters, "chay");
	assert_string_equal(one("cứuuuuu").letters, "cuu");
	assert_int_equal(fit("cứuuuu", "cứu"), SYLLABLE_FULL);
	assert_string_equal(one("1000000").letters, "1000000");
}

static void test_cutting(void **state)
{
	struct syllable s[8];
	char text[4001];

	(void)state;
	assert_int_equal(syllables_cut("", s, 8), 0);
	assert_int_equal(syllables_cut(" .,!? \n", s, 8), 0);
	assert_int_equal(syllables_cut("Cháy nhà,số 12!gấp", s, 8), 5);
	assert_string_equal(s[2].letters, "so");
	assert_string_equal(s[3].letters, "12");
	assert_int_equal(syllables_cut("a b c d e f g h i k", s, 8), 8);
	assert_string_equal(s[7].letters, "h");
	assert_int_equal(syllables_cut("a \xff b", s, 8), 1);
	memset(text, 'b', 4000);
	text[4000] = 0;
	assert_int_equal(syllables_cut(text, s, 8), 8);
	assert_int_equal(syllables_cut("a\xcc\x81\xcc\x81\xcc\x81\xcc\x81", s, 8), 1);
	assert_int_equal(syllables_cut("\xcc\x81", s, 8), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_marks),
		cmocka_unit_test(test_misspellings), cmocka_unit_test(test_held_letters),
		cmocka_unit_test(test_cutting)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
