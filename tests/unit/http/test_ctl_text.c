/* SPDX-License-Identifier: GPL-2.0-or-later */
/* No byte that a terminal acts on leaves text_escape(), whatever goes in. */
#include "daemon/base/rng.h"
#include "daemon/base/str.h"
#include "daemon/ctl/show.h"
#include "daemon/ctl/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void assert_escaped(const char *text, bool keeps_lines, const char *wanted)
{
	CLEAN_BUF out;

	buf_init(&out, 4096);
	assert_int_equal(text_escape(text, keeps_lines, &out), ERR_OK);
	assert_string_equal(buf_text(&out), wanted);
}

static void test_escape(void **state)
{
	(void)state;
	assert_escaped("", false, "");
	assert_escaped("Cháy nhà ở ấp 3 đấy!", false, "Cháy nhà ở ấp 3 đấy!");
	assert_escaped("\x1b]0;x\x07", false, "\\u001b]0;x\\u0007");
	assert_escaped("a\nb\tc\r", false, "a\\u000ab\\u0009c\\u000d");
	assert_escaped("a\nb\tc\r", true, "a\nb\\u0009c\\u000d");
	assert_escaped("\x7f", true, "\\u007f");
	assert_escaped("\xc2\x9b"
		       "31m",
		true, "\\u009b31m"); /* CSI as one character */
	assert_escaped("\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8f", true, "\\u202e\\u2066\\u200f");
	assert_escaped("\xe2\x80\xa8", true, "\\u2028");
	assert_escaped("\xf3\xa0\x81\x81", true, "\\udb40\\udc41"); /* a tag character */
	assert_escaped("\xf0\x9f\x94\xa5", true, "\xf0\x9f\x94\xa5");
	assert_escaped("a\x9b\xff\xc3", true, "a\\u009b\\u00ff\\u00c3"); /* no UTF-8 */
	assert_escaped("\xed\xa0\x80", true, "\\u00ed\\u00a0\\u0080");
}

static void test_escape_is_bounded(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 8);
	assert_int_equal(text_escape("\x1b\x1b", false, &out), ERR_TOO_BIG);
	buf_done(&out);
}

static void test_anything_is_safe(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 7);
	for (int round = 0; round < 2000; round++) {
		char text[33] = {0};
		CLEAN_BUF out;

		for (size_t i = 0; i < sizeof(text) - 1; i++)
			text[i] = (char)(1 + rng_below(&rng, 255));
		buf_init(&out, 4096);
		assert_int_equal(text_escape(text, false, &out), ERR_OK);
		assert_true(str_is_utf8(buf_text(&out), out.len));
		for (size_t i = 0; i < out.len; i++) {
			unsigned char c = (unsigned char)out.data[i];

			assert_true(c >= 0x20 && c != 0x7f);
			/* U+0080..U+009F begin with C2 and go on with 80..9F. */
			assert_false(c == 0xc2 && (unsigned char)out.data[i + 1] < 0xa0);
		}
	}
}

static void test_columns(void **state)
{
	(void)state;
	assert_int_equal(text_columns(""), 0);
	assert_int_equal(text_columns("ấp 3"), 4);
	assert_int_equal(text_columns("người gửi #7"), 12);
}

static char *shown(void (*show)(FILE *out, const json_t *body), const json_t *body)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	show(out, body);
	fclose(out);
	return text;
}

static void assert_shows(
	void (*show)(FILE *out, const json_t *body), const char *json, const char *wanted)
{
	json_t *body = json_loads(json, 0, NULL);
	char *text;

	assert_non_null(body);
	text = shown(show, body);
	if (!strstr(text, wanted))
		print_error("%s\n", text);
	assert_non_null(strstr(text, wanted));
	assert_null(strchr(text, 0x1b));
	assert_null(strstr(text, "\xc2\x9b"));
	free(text);
	json_decref(body);
}

static void test_show_is_safe(void **state)
{
	static const char report[] =
		"{\"number\":12,\"year\":2026,\"code\":\"\\u001b[2J\",\"state\":\"open\","
		"\"source\":\"\\u001b[2J\",\"from\":\"\\u009b2J\",\"dialogue\":[{\"kind\":"
		"\"received\",\"at\":\"2026-11-22T14:05:09+07:00\",\"text\":"
		"\"a\\u001b[31m\\nb\\u009bc\",\"outbox_id\":0,\"outbox_state\":null}]}";

	(void)state;
	assert_shows(show_report, report, "    a\\u001b[31m\n    b\\u009bc\n");
	assert_shows(show_report, report, "Report (tin báo) 12/2026");
	assert_shows(show_report, report, "  2026-11-22 14:05:09  report (người dân báo):");
	assert_shows(show_json, report, "\"a\\u001B[31m\\nb\\u009bc\"");
	assert_shows(show_reports,
		"{\"reports\":[{\"report\":\"2026-1\",\"code\":\"\\u001b[2J\"}]}", "\\u001b[2J");
	assert_shows(show_inbox, "{\"inbox\":[],\"next_before\":null}", "Nothing here yet");
	assert_shows(show_outbox, "{\"outbox\":[{\"id\":7}],\"next_before\":7}", "--before 7");
	assert_shows(show_status, "{\"version\":\"\\u001b\",\"problems\":[]}", "All is well");
	assert_shows(show_status,
		"{\"problems\":[{\"code\":\"X\",\"severity\":\"alarm\",\"subject\":\"modem0\","
		"\"message\":\"m\",\"message_vi\":\"v\",\"advice\":\"a\",\"advice_vi\":\"\\u001b\"}]}",
		"  !! X modem0\n     v\n     → \\u001b\n");
	/* Anything else than what the API promises is shown as far as it goes. */
	assert_shows(show_report, "{}", "Dialogue");
	assert_shows(show_status, "[]", "binhyend");
	assert_shows(show_inbox, "{\"inbox\":7}", "Nothing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_escape_is_bounded),
		cmocka_unit_test(test_anything_is_safe),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_show_is_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
