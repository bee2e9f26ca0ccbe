/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/sms_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define OUT_MAX 65536

static void test_alphabet(void **state)
{
	static const struct {
		const char *text;
		bool is_gsm7;
	} cases[] = {
		{"", true},
		{"Bao chay o ap 3, 10:30", true},
		{"@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ ¤¡ÄÖÑÜ§¿äöñüà", true},
		{"^{}\\[~]|€\n\r", true},
		{"`", false},
		{"ç", false}, /* the table has the capital only */
		{"á", false},
		{"đ", false},
		{"\t", false},
		{"¹", false}, /* libgammu's stand-in for the escape */
		{"\xc3", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(sms_text_is_gsm7(cases[i].text), cases[i].is_gsm7);
}

/* `count` copies of `unit`, then `tail`. */
static char *repeat(const char *unit, int count, const char *tail)
{
	struct buf b;

	buf_init(&b, OUT_MAX);
	for (int i = 0; i < count; i++)
		assert_int_equal(buf_adds(&b, unit), ERR_OK);
	assert_int_equal(buf_adds(&b, tail), ERR_OK);
	return buf_take(&b);
}

static void check_size(const char *unit, int count, const char *tail, enum sms_coding coding,
	int units, int segments)
{
	CLEANUP(cleanup_free) char *text = repeat(unit, count, tail);
	struct sms_size size;

	assert_int_equal(sms_text_size(text, &size), ERR_OK);
	assert_int_equal(size.coding, coding);
	assert_int_equal(size.units, units);
	assert_int_equal(size.segments, segments);
}

static void test_size(void **state)
{
	(void)state;
	check_size("a", 0, "", SMS_CODING_GSM7, 0, 1);
	check_size("a", 160, "", SMS_CODING_GSM7, 160, 1);
	check_size("a", 161, "", SMS_CODING_GSM7, 161, 2);
	check_size("a", 159, "€", SMS_CODING_GSM7, 161, 2);
	check_size("~", 80, "", SMS_CODING_GSM7, 160, 1);
	check_size("a", 306, "", SMS_CODING_GSM7, 306, 2);
	check_size("a", 307, "", SMS_CODING_GSM7, 307, 3);
	/* 153 is odd: 76 escapes and a septet left over in each segment. */
	check_size("[", 153, "", SMS_CODING_GSM7, 306, 3);
	check_size("ố", 70, "", SMS_CODING_UCS2, 70, 1);
	check_size("ố", 71, "", SMS_CODING_UCS2, 71, 2);
	check_size("ố", 134, "", SMS_CODING_UCS2, 134, 2);
	check_size("ố", 135, "", SMS_CODING_UCS2, 135, 3);
	check_size("😀", 35, "", SMS_CODING_UCS2, 70, 1);
	/* 67 is odd: a pair never straddles. */
	check_size("😀", 67, "", SMS_CODING_UCS2, 134, 3);
	check_size("a", 39 * 153, "", SMS_CODING_GSM7, 39 * 153, 39);
	check_size("ố", 39 * 67, "", SMS_CODING_UCS2, 39 * 67, 39);
}

static void test_size_refuses(void **state)
{
	CLEANUP(cleanup_free) char *long_gsm7 = repeat("a", 39 * 153 + 1, "");
	CLEANUP(cleanup_free) char *long_ucs2 = repeat("ố", 39 * 67 + 1, "");
	struct sms_size size = {.units = 7};

	(void)state;
	assert_int_equal(sms_text_size(long_gsm7, &size), ERR_TOO_BIG);
	assert_int_equal(sms_text_size(long_ucs2, &size), ERR_TOO_BIG);
	assert_int_equal(sms_text_size("\xed\xa0\x80", &size), ERR_INVALID);
	assert_int_equal(size.units, 7);
}

struct collected {
	struct buf all;
	int calls, total;
	enum err answer;
};

static enum err collect(void *arg, int seq, int total, const char *text)
{
	struct collected *c = arg;
	struct sms_size size;

	assert_int_equal(seq, ++c->calls);
	c->total = total;
	assert_int_equal(sms_text_size(text, &size), ERR_OK);
	assert_int_equal(size.segments, 1);
	assert_int_equal(buf_adds(&c->all, text), ERR_OK);
	return c->answer;
}

static void check_split(const char *text, int segments)
{
	struct collected c = {0};

	buf_init(&c.all, OUT_MAX);
	assert_int_equal(sms_text_split(text, collect, &c), ERR_OK);
	assert_int_equal(c.calls, segments);
	assert_int_equal(c.total, segments);
	assert_string_equal(buf_text(&c.all), text);
	buf_done(&c.all);
}

static void test_split(void **state)
{
	CLEANUP(cleanup_free) char *braces = repeat("{", 153, "");
	CLEANUP(cleanup_free) char *faces = repeat("😀", 67, "");
	CLEANUP(cleanup_free) char *mixed = repeat("Nước lên nhanh ở ấp 3. ", 60, "hết");
	struct collected c = {.answer = ERR_BUSY};

	(void)state;
	check_split("", 1);
	check_split("mot", 1);
	check_split(braces, 3);
	check_split(faces, 3);
	check_split(mixed, 21);
	buf_init(&c.all, OUT_MAX);
	assert_int_equal(sms_text_split(faces, collect, &c), ERR_BUSY);
	assert_int_equal(c.calls, 1);
	buf_done(&c.all);
}

static void check_text(
	enum err (*fn)(const char *, struct buf *), const char *text, const char *expected)
{
	CLEAN_BUF out;

	buf_init(&out, OUT_MAX);
	assert_int_equal(fn(text, &out), ERR_OK);
	assert_string_equal(buf_text(&out), expected);
}

static void test_normalize(void **state)
{
	CLEAN_BUF out;

	(void)state;
	check_text(sms_text_normalize, "", "");
	check_text(sms_text_normalize, "Ti\xe1\xba\xbfng Vi\xe1\xbb\x87t", "Tiếng Việt");
	/* the same in decomposed form, as some keyboards send it */
	check_text(sms_text_normalize, "Tie\xcc\x82\xcc\x81ng Vie\xcc\xa3\xcc\x82t", "Tiếng Việt");
	check_text(sms_text_normalize, "a\r\nb\tc\x01\x7f\xc2\x85", "a\nb c");
	/* a control between letter and mark must not keep them apart */
	check_text(sms_text_normalize, "e\x02\xcc\x81", "é");
	buf_init(&out, OUT_MAX);
	assert_int_equal(sms_text_normalize("\xff", &out), ERR_INVALID);
	assert_int_equal(out.len, 0);
}

static void test_unaccent(void **state)
{
	(void)state;
	check_text(sms_text_unaccent, "Báo cháy ở Nậm Pồ đỏ", "Bao chay o Nam Po do");
	check_text(sms_text_unaccent, "ĐƯỜNG NGẬP, TỰ Ý, KỲ LẠ, ƠƠ ưỡn",
		"DUONG NGAP, TU Y, KY LA, OO uon");
	/* in the alphabet, yet Vietnamese: no half-marked words */
	check_text(sms_text_unaccent, "nhà kèm tìm trò cù É", "nha kem tim tro cu E");
	check_text(sms_text_unaccent, "niño Straße Ångström €5", "niño Straße Ångström €5");
	check_text(sms_text_unaccent, "“trích” – ‘dẫn’… 5₫ × 2", "\"trich\" - 'dan'... 5d x 2");
	check_text(sms_text_unaccent,
		"a\xc2\xa0"
		"b\xe2\x80\x8b"
		"c`",
		"a bc'");
	check_text(sms_text_unaccent, "①½ﬁ Ａ", "11/2fi A");
	check_text(sms_text_unaccent, "中文 😀", "?? ?");
	check_text(sms_text_unaccent, "o\xcc\x9b\xcc\x81", "o");
	check_text(sms_text_unaccent, "\xcc\x81", "");
}

/* The way of texts that are Vietnamese throughout gives what the tables of Unicode give; a mark
 * behind a space leads past it, and nothing remains of it without marks. */
static void test_vietnamese_alike(void **state)
{
	char text[8], with_mark[16], expected[32];

	(void)state;
	for (unsigned code = 1; code < 0x2000; code++) {
		size_t len = 0;
		CLEAN_BUF plain, out;

		if (code >= 0x800)
			text[len++] = (char)(0xe0 | code >> 12);
		if (code >= 0x80)
			text[len++] = (char)((code >= 0x800 ? 0x80 : 0xc0) | (code >> 6 & 0x3f));
		text[len++] = (char)(code >= 0x80 ? 0x80 | (code & 0x3f) : code);
		text[len] = 0;
		snprintf(with_mark, sizeof(with_mark), "%s \xcc\x81", text);
		buf_init(&plain, OUT_MAX);
		buf_init(&out, OUT_MAX);
		assert_int_equal(sms_text_unaccent(text, &plain), ERR_OK);
		assert_int_equal(sms_text_unaccent(with_mark, &out), ERR_OK);
		snprintf(expected, sizeof(expected), "%s ", buf_text(&plain));
		assert_string_equal(buf_text(&out), expected);
		buf_reset(&plain);
		buf_reset(&out);
		assert_int_equal(sms_text_normalize(text, &plain), ERR_OK);
		assert_int_equal(sms_text_normalize(with_mark, &out), ERR_OK);
		snprintf(expected, sizeof(expected), "%s \xcc\x81", buf_text(&plain));
		assert_string_equal(buf_text(&out), expected);
	}
}

static void test_unaccent_refuses(void **state)
{
	/* cut off, a lone tail, longer than need be, half a pair */
	static const char *const texts[] = {"a\xc3", "a\xe1\xba", "\xa1", "\xc1\xa1",
		"\xe0\x83\x80", "\xe0\x84\x91", "\xed\xa0\x80"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		CLEAN_BUF out;

		buf_init(&out, OUT_MAX);
		assert_int_equal(buf_adds(&out, "x"), ERR_OK);
		assert_int_equal(sms_text_unaccent(texts[i], &out), ERR_INVALID);
		assert_string_equal(buf_text(&out), "x");
	}
}

static void test_fit(void **state)
{
	CLEANUP(cleanup_free) char *wide = repeat("ố", 150, "");
	CLEANUP(cleanup_free) char *huge = repeat("ố", 39 * 70, "");
	struct sms_size size;
	CLEAN_BUF out;

	(void)state;
	buf_init(&out, OUT_MAX);
	assert_int_equal(sms_text_fit("Nước lên", 1, &out, &size), ERR_OK);
	assert_string_equal(buf_text(&out), "Nước lên");
	assert_int_equal(size.coding, SMS_CODING_UCS2);
	buf_reset(&out);
	assert_int_equal(sms_text_fit(wide, 3, &out, &size), ERR_OK);
	assert_string_equal(buf_text(&out), wide);
	assert_int_equal(size.segments, 3);
	buf_reset(&out);
	assert_int_equal(sms_text_fit(wide, 1, &out, &size), ERR_OK);
	assert_int_equal(out.len, 150);
	assert_int_equal(out.data[0], 'o');
	assert_int_equal(size.coding, SMS_CODING_GSM7);
	assert_int_equal(size.segments, 1);
	/* too long with marks, but not without */
	buf_reset(&out);
	assert_int_equal(sms_text_fit(huge, SMS_PARTS_MAX, &out, &size), ERR_OK);
	assert_int_equal(size.segments, 18);
}

static void test_limits_of_the_buffer(void **state)
{
	struct sms_size size = {.units = 7};
	CLEAN_BUF out;

	(void)state;
	buf_init(&out, 4);
	assert_int_equal(sms_text_unaccent("……", &out), ERR_TOO_BIG);
	assert_int_equal(out.len, 0);
	assert_int_equal(sms_text_fit("dài quá", 1, &out, &size), ERR_TOO_BIG);
	assert_int_equal(size.units, 7);
}

static void test_msisdn(void **state)
{
	static const struct {
		const char *in, *out; /* NULL: refused */
	} cases[] = {
		{"0900001234", "+84900001234"},
		{"090 000 1234", "+84900001234"},
		{"090.000.1234", "+84900001234"},
		{"(090) 000-1234", "+84900001234"},
		{"84900001234", "+84900001234"},
		{"+84900001234", "+84900001234"},
		{"+84 (0)90 000 1234", "+84900001234"},
		{"+84-900-001-234", "+84900001234"},
		{"0084900001234", "+84900001234"},
		{"900001234", "+84900001234"},
		{"02153000123", "+842153000123"},
		{"+4915100000000", "+4915100000000"},
		{"004915100000000", "+4915100000000"},
		{"", NULL},
		{"+", NULL},
		{"113", NULL},
		{"198", NULL},
		{"9029", NULL},
		{"19001234", NULL},
		{"18001234", NULL},
		{"01219000001", NULL}, /* withdrawn in 2018 */
		{"090000123", NULL},
		{"09000012345", NULL},
		{"+84113", NULL},
		{"Viettel", NULL},
		{"090000123a", NULL},
		{"84+900001234", NULL},
		{"++84900001234", NULL},
		{"+0900001234", NULL},
		{"000900001234", NULL},
		{"00000000000000000000000000000000", NULL},
	};
	char msisdn[MSISDN_BYTES];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(msisdn, sizeof(msisdn), "untouched");
		if (cases[i].out) {
			assert_int_equal(msisdn_normalize(cases[i].in, msisdn), ERR_OK);
			assert_string_equal(msisdn, cases[i].out);
		} else {
			assert_int_equal(msisdn_normalize(cases[i].in, msisdn), ERR_INVALID);
			assert_string_equal(msisdn, "untouched");
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alphabet),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_size_refuses),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_normalize),
		cmocka_unit_test(test_unaccent),
		cmocka_unit_test(test_vietnamese_alike),
		cmocka_unit_test(test_unaccent_refuses),
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_limits_of_the_buffer),
		cmocka_unit_test(test_msisdn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
