/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static enum err parse(const char *text, struct line *ret_line)
{
	struct errbuf eb = {0};

	return line_parse(text, strlen(text), ret_line, &eb);
}

/* Writes, reads, writes again: both texts are the same. */
static void check_round(const struct line *line, const char *expected)
{
	CLEAN_BUF first;
	CLEAN_BUF second;
	struct errbuf eb = {0};
	struct line back;

	buf_init(&first, LINE_MAX_BYTES);
	buf_init(&second, LINE_MAX_BYTES);
	assert_int_equal(line_format(line, &first), ERR_OK);
	if (expected)
		assert_string_equal(buf_text(&first), expected);
	assert_int_equal(first.data[first.len - 1], '\n');
	assert_int_equal(line_parse(first.data, first.len - 1, &back, &eb), ERR_OK);
	assert_int_equal(back.type, line->type);
	assert_int_equal(line_format(&back, &second), ERR_OK);
	assert_string_equal(buf_text(&first), buf_text(&second));
}

static void test_round_trips(void **state)
{
	struct line listed = {
		.type = LINE_LISTED, .listed = {.mem = "ME", .count = LINE_SLOTS_MAX}};
	struct line sms = {.type = LINE_SMS,
		.sms = {.mem = "SM",
			.slot = 0,
			.from = "+84900001234",
			.from_type = "international",
			.scts_ms = 1795315403000,
			.dcs = 8,
			.coding = "ucs2",
			.msg_class = -1,
			.ref = 7,
			.ref_bits = 8,
			.total = 3,
			.seq = 2,
			.text = "a\"b\\c\nđ\x01"}};

	(void)state;
	for (int i = 0; i < LINE_SLOTS_MAX; i++)
		listed.listed.slots[i] = 99999;
	check_round(&sms,
		"{\"t\":\"sms\",\"mem\":\"SM\",\"slot\":0,\"from\":\"+84900001234\",\"from_type\":"
		"\"international\",\"scts\":1795315403000,\"dcs\":8,\"coding\":\"ucs2\",\"class\":-"
		"1,\"ref\":7,\"ref_bits\":8,\"total\":3,\"seq\":2,\"text\":\"a\\\"b\\\\c\\nđ\\u0001"
		"\"}\n");
	check_round(&listed, NULL);
	check_round(&(struct line){.type = LINE_HELLO, .hello = {.version = 1, .driver = "gammu"}},
		NULL);
	check_round(&(struct line){.type = LINE_FREED, .freed = {"SM", 3, true}},
		"{\"t\":\"freed\",\"mem\":\"SM\",\"slot\":3,\"ok\":true}\n");
	check_round(&(struct line){.type = LINE_SENT, .sent = {INT64_MAX, 39, 255}},
		"{\"t\":\"sent\",\"id\":9223372036854775807,\"part\":39,\"mr\":255}\n");
	check_round(&(struct line){.type = LINE_LATE, .sent = {1, 1, 0}}, NULL);
	check_round(&(struct line){.type = LINE_FAILED, .failed = {5, 1, "cms", 38, false}},
		"{\"t\":\"failed\",\"id\":5,\"part\":1,\"kind\":\"cms\",\"code\":38,\"in_doubt\":"
		"false}\n");
	check_round(&(struct line){.type = LINE_REPORT,
			    .report = {"", -1, 9, "+84900001234", "delivered", 1, 2}},
		NULL);
	check_round(&(struct line){.type = LINE_CALL, .call = {""}},
		"{\"t\":\"call\",\"from\":\"\"}\n");
	check_round(
		&(struct line){.type = LINE_STATE,
			.state = {"ready", -1, "home", "45299", 1, 30, -1, -1, 1795350896000, ""}},
		"{\"t\":\"state\",\"phase\":\"ready\",\"signal\":-1,\"network\":\"home\",\"operator\":"
		"\"45299\",\"sim_used\":1,\"sim_size\":30,\"me_used\":-1,\"me_size\":-1,\"time\":"
		"1795350896000,\"error\":\"\"}\n");
	check_round(&(struct line){.type = LINE_PONG, .ping = {-3}}, "{\"t\":\"pong\",\"n\":-3}\n");
	check_round(&(struct line){.type = LINE_PING, .ping = {4}}, NULL);
	check_round(&(struct line){.type = LINE_JOURNAL}, "{\"t\":\"journal\"}\n");
	check_round(&(struct line){.type = LINE_SAID, .said = {63, "> AT+CSQ"}},
		"{\"t\":\"said\",\"left\":63,\"text\":\"> AT+CSQ\"}\n");
	check_round(&(struct line){.type = LINE_STORED, .stored = {"SM", 0}}, NULL);
	check_round(&(struct line){.type = LINE_SEND,
			    .send = {1, 1, 2, 255, "+84900001234", "xin chào", "ucs2", true, 60}},
		NULL);
	check_round(&(struct line){.type = LINE_QUIT}, "{\"t\":\"quit\"}\n");
}

static void test_ussd_has_two_directions(void **state)
{
	struct line line;

	(void)state;
	check_round(&(struct line){.type = LINE_USSD, .ussd = {-1, "*101#", ""}},
		"{\"t\":\"ussd\",\"code\":\"*101#\"}\n");
	check_round(&(struct line){.type = LINE_USSD, .ussd = {0, "TK: 5000d", "+CUSD: 0"}},
		"{\"t\":\"ussd\",\"status\":0,\"text\":\"TK: 5000d\",\"raw\":\"+CUSD: 0\"}\n");
	assert_int_equal(parse("{\"t\":\"ussd\",\"code\":\"*101#\"}", &line), ERR_OK);
	assert_int_equal(line.ussd.status, -1);
	assert_string_equal(line.ussd.text, "*101#");
}

static void test_unknown_keys_are_ignored(void **state)
{
	struct line line;

	(void)state;
	assert_int_equal(
		parse("{\"later\":{\"a\":[1,{}]},\"t\":\"ping\",\"n\":2,\"x\":null}", &line),
		ERR_OK);
	assert_int_equal(line.ping.n, 2);
}

static void test_bad_lines(void **state)
{
	static const char *const bad[] = {
		"",
		"null",
		"[]",
		"{}",
		"{\"t\":5}",
		"{\"t\":\"nothing\"}",
		"{\"t\":\"ping\"}",
		"{\"t\":\"ping\",\"n\":\"2\"}",
		"{\"t\":\"ping\",\"n\":2.0}",
		"{\"t\":\"ping\",\"n\":9223372036854775808}",
		"{\"t\":\"ping\",\"n\":1,\"n\":2}",
		"{\"t\":\"ping\",\"n\":1} x",
		"{\"t\":\"ping\",\"n\":1",
		"{\"t\":\"stored\",\"mem\":\"SIMM\",\"slot\":1}",
		"{\"t\":\"stored\",\"mem\":\"SM\",\"slot\":-1}",
		"{\"t\":\"stored\",\"mem\":\"SM\",\"slot\":100000}",
		"{\"t\":\"stored\",\"mem\":null,\"slot\":1}",
		"{\"t\":\"stored\",\"mem\":\"S\\u0000\",\"slot\":1}",
		"{\"t\":\"stored\",\"mem\":\"\xff\",\"slot\":1}",
		"{\"t\":\"freed\",\"mem\":\"SM\",\"slot\":1,\"ok\":1}",
		"{\"t\":\"listed\",\"mem\":\"SM\",\"slots\":{}}",
		"{\"t\":\"listed\",\"mem\":\"SM\",\"slots\":[\"1\"]}",
		"{\"t\":\"failed\",\"id\":1,\"part\":1,\"kind\":\"odd\",\"code\":1,\"in_doubt\":true}",
		"{\"t\":\"sent\",\"id\":1,\"part\":1,\"mr\":256}",
	};
	struct line line = {.type = LINE_QUIT};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(parse(bad[i], &line), ERR_PROTOCOL);
		assert_int_equal(line.type, LINE_QUIT);
	}
}

static void test_bounds(void **state)
{
	static char text[LINE_MAX_BYTES + 2];
	struct errbuf eb = {0};
	struct line line;
	size_t at;

	(void)state;
	/* too long by one */
	memset(text, ' ', sizeof(text));
	text[snprintf(text, sizeof(text), "{\"t\":\"quit\"}")] = ' ';
	assert_int_equal(line_parse(text, LINE_MAX_BYTES - 1, &line, &eb), ERR_OK);
	assert_int_equal(line_parse(text, LINE_MAX_BYTES, &line, &eb), ERR_PROTOCOL);
	/* nested to the end of the line */
	memset(text, '[', sizeof(text));
	assert_int_equal(line_parse(text, LINE_MAX_BYTES - 1, &line, &eb), ERR_PROTOCOL);
	/* brackets inside a string are text */
	at = (size_t)snprintf(text, sizeof(text), "{\"t\":\"quit\",\"x\":\"\\\"[[[[[[[[[[[[[[[\"}");
	assert_int_equal(line_parse(text, at, &line, &eb), ERR_OK);
	/* one slot too many */
	at = (size_t)snprintf(text, sizeof(text), "{\"t\":\"listed\",\"mem\":\"SM\",\"slots\":[0");
	for (int i = 0; i < LINE_SLOTS_MAX; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, ",%d", i);
	at += (size_t)snprintf(text + at, sizeof(text) - at, "]}");
	assert_int_equal(line_parse(text, at, &line, &eb), ERR_PROTOCOL);
}

static void test_errors_do_not_quote(void **state)
{
	const char *text = "{\"t\":\"call\",\"from\":+84900001234}";
	struct errbuf eb = {0};
	struct line line;

	(void)state;
	assert_int_equal(line_parse(text, strlen(text), &line, &eb), ERR_PROTOCOL);
	assert_null(strstr(eb.text, "900001234"));
}

static void test_format_refuses(void **state)
{
	struct line line = {.type = LINE_CALL, .call = {"\xed\xa0\x80"}};
	CLEAN_BUF out;

	(void)state;
	buf_init(&out, LINE_MAX_BYTES);
	assert_int_equal(buf_adds(&out, "before"), ERR_OK);
	assert_int_equal(line_format(&line, &out), ERR_INVALID);
	memset(line.call.from, 'a', sizeof(line.call.from)); /* no terminator */
	assert_int_equal(line_format(&line, &out), ERR_INVALID);
	assert_string_equal(buf_text(&out), "before");
	out.max = 10;
	assert_int_equal(line_format(&(struct line){.type = LINE_QUIT}, &out), ERR_TOO_BIG);
	assert_string_equal(buf_text(&out), "before");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_ussd_has_two_directions),
		cmocka_unit_test(test_unknown_keys_are_ignored),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_errors_do_not_quote),
		cmocka_unit_test(test_format_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
