/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is printed: whole, safe whatever is written in it, and readable by a camera. */
#include "daemon/ctl/drawing.h"

#include "daemon/base/base.h"

#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define MODULES_MAX 177

/* The number behind `mark`; *at goes behind it. */
static int number(const char **at, const char *mark)
{
	char *end;
	long value;

	assert_int_equal(strncmp(*at, mark, strlen(mark)), 0);
	value = strtol(*at + strlen(mark), &end, 10);
	assert_true(end > *at + strlen(mark) && labs(value) < MODULES_MAX);
	*at = end;
	return (int)value;
}

/* The modules of a drawing are those of the library. */
static void check_code(const char *text)
{
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	static unsigned char drawn[MODULES_MAX][MODULES_MAX];
	CLEAN_BUF out = {0};
	const char *p;

	assert_non_null(code);
	memset(drawn, 0, sizeof(drawn));
	buf_init(&out, DRAWING_BYTES_MAX);
	assert_int_equal(qr_draw(text, &out), ERR_OK);
	p = strstr(buf_text(&out), "<path d=\"");
	assert_non_null(p);
	for (p += strlen("<path d=\""); *p == 'M';) {
		int x = number(&p, "M"), y = number(&p, " "), width = number(&p, "h");

		assert_int_equal(number(&p, "v"), 1);
		assert_int_equal(number(&p, "h"), -width);
		assert_int_equal(*p++, 'z');
		assert_true(x >= 0 && y >= 0 && y < code->width && width > 0 &&
			    x + width <= code->width);
		memset(&drawn[y][x], 1, (size_t)width);
	}
	assert_string_equal(p, "\"/></svg>");
	for (int y = 0; y < code->width; y++)
		for (int x = 0; x < code->width; x++)
			assert_int_equal(drawn[y][x], code->data[y * code->width + x] & 1);
	QRcode_free(code);
}

static void test_codes_are_what_the_library_says(void **state)
{
	char uri[DRAWING_URI_BYTES];

	(void)state;
	check_code("https://zalo.me/1234567890");
	assert_int_equal(sms_uri("+84900000123", "DK thôn 3 ", uri), ERR_OK);
	assert_string_equal(uri, "sms:+84900000123?body=DK%20th%C3%B4n%203%20");
	check_code(uri);
	assert_int_equal(sms_uri("113", NULL, uri), ERR_OK);
	assert_string_equal(uri, "sms:113");
}

#define WORDING "Khi nhắn là ông/bà đồng ý để Công an xã lưu họ tên."

static void draw(const struct commune *commune, struct buf *out)
{
	assert_null(commune_check(commune));
	buf_init(out, DRAWING_BYTES_MAX);
	assert_int_equal(poster_draw(commune, out), ERR_OK);
}

static void test_a_poster_says_what_is_known(void **state)
{
	static const char *const keywords[] = {
		">MENU<", ">TT ", ">TC ", ">AN ", ">IM ", ">LT ", ">HS ", ">DK ", ">TU CHOI<"};
	CLEAN_BUF all = {0}, less = {0};

	(void)state;
	draw(&(struct commune){.number = "0900000123",
		     .name = "Công an xã <Bình> & \"Yên\"",
		     .zalo = "1234567890",
		     .hamlet = "thôn 3",
		     .wording = WORDING},
		&all);
	assert_non_null(strstr(buf_text(&all), ">0900000123<"));
	assert_non_null(strstr(buf_text(&all), "xã &lt;Bình&gt; &amp; &quot;Yên&quot;"));
	assert_non_null(strstr(buf_text(&all), "Zalo của"));
	assert_non_null(strstr(buf_text(&all), "113"));
	/* What he may text, by the word that begins it. */
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++)
		assert_non_null(strstr(buf_text(&all), keywords[i]));
	/* Not even a receipt comes to who asks for silence. */
	assert_non_null(strstr(buf_text(&all), "kể cả tin báo đã"));
	/* The wording to which who enrols agrees. */
	assert_non_null(strstr(buf_text(&all), "ông/bà đồng ý"));
	assert_null(strstr(buf_text(&all), "http-equiv"));
	draw(&(struct commune){.number = "0900000123", .wording = WORDING}, &less);
	assert_null(strstr(buf_text(&less), "Zalo"));
}

/* A name of the longest kind still leaves everything on the sheet. */
static void test_a_long_name_fits(void **state)
{
	char name[DRAWING_NAME_BYTES];
	CLEAN_BUF out = {0};

	(void)state;
	memset(name, 'W', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	draw(
		&(struct commune){
			.number = "+84900000123456", .name = name, .zalo = "1", .wording = WORDING},
		&out);
	assert_non_null(strstr(buf_text(&out), "textLength"));
}

static void test_wrong_facts_are_refused(void **state)
{
	static const struct commune wrong[] = {
		{.number = "12"},
		{.number = "0900 000 123"},
		{.number = "1234567890123456"},
		{.number = "0900000123", .name = ""},
		{.number = "0900000123", .name = "a\nb"},
		{.number = "0900000123", .name = "\xff"},
		{.number = "0900000123", .zalo = "x"},
		{.number = "0900000123", .zalo = ""},
		{.number = "0900000123", .hamlet = ""},
		{.number = "0900000123", .url = "javascript:x"},
		{.number = "0900000123", .url = "https://a/\"><script>"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_non_null(commune_check(&wrong[i]));
	assert_null(commune_check(&(struct commune){0}));
}

static json_t *entry(const char *code, const char *text)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:[s, s], s:s, s:s, s:b, s:b}", "code", code,
		"title", "Mất thẻ <căn cước>", "branch_title", "Căn cước", "text", text, "basis",
		"Luật Căn cước, Điều 24", "<b>", "checked", "2026-11-01", "expires", "2027-06-30",
		"is_expired", 0, "is_confirmed", 0);
}

static void test_a_page_is_safe_and_warns(void **state)
{
	const struct commune commune = {
		.number = "0900000123", .zalo = "123", .url = "https://example.org/tt"};
	json_t *one = entry("cc-mat", "Một <script>alert(1)</script>\nHai");
	CLEAN_BUF out = {0};

	(void)state;
	buf_init(&out, DRAWING_BYTES_MAX);
	assert_int_equal(page_entry(&commune, one, &out), ERR_OK);
	assert_null(strstr(buf_text(&out), "<script"));
	assert_non_null(strstr(buf_text(&out), "<p>Hai</p>"));
	assert_non_null(strstr(buf_text(&out), "chưa xác nhận"));
	assert_non_null(strstr(buf_text(&out), "01/11/2026"));
	assert_non_null(strstr(buf_text(&out), "default-src 'none'"));
	assert_non_null(strstr(buf_text(&out), "<li>&lt;b&gt;</li>"));
	json_object_set_new(one, "is_expired", json_true());
	buf_reset(&out);
	assert_int_equal(page_entry(&(struct commune){0}, one, &out), ERR_OK);
	assert_non_null(strstr(buf_text(&out), "có thể đã cũ"));
	assert_null(strstr(buf_text(&out), "<figure>"));
	json_decref(one);
}

static void test_what_is_no_entry_is_refused(void **state)
{
	static const char *const codes[] = {"", "../x", "A", "a/b"};
	CLEAN_BUF out = {0};

	(void)state;
	buf_init(&out, DRAWING_BYTES_MAX);
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		json_t *one = entry(codes[i], "x");
		json_t *list = json_pack("{s:[O]}", "procedures", one);

		assert_int_equal(page_entry(&(struct commune){0}, one, &out), ERR_PROTOCOL);
		assert_int_equal(page_index(&(struct commune){0}, list, &out), ERR_PROTOCOL);
		json_decref(list);
		json_decref(one);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes_are_what_the_library_says),
		cmocka_unit_test(test_a_poster_says_what_is_known),
		cmocka_unit_test(test_a_long_name_fits),
		cmocka_unit_test(test_wrong_facts_are_refused),
		cmocka_unit_test(test_a_page_is_safe_and_warns),
		cmocka_unit_test(test_what_is_no_entry_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
