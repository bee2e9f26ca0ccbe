/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which line belongs to whom, however a modem mixes and cuts them. */
#include "gateway/at_talk.h"
#include "daemon/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

struct fixture {
	struct at_talk talk;
	char answers[2048], unasked[1024], submitted[256];
};

static void append(char *text, size_t bytes, const char *line)
{
	size_t len = strlen(text);

	snprintf(text + len, bytes - len, "%s|", line);
}

static void on_unasked(void *arg, const char *line, const char *pdu)
{
	struct fixture *f = arg;

	append(f->unasked, sizeof(f->unasked), line);
	if (pdu)
		append(f->unasked, sizeof(f->unasked), pdu);
}

static void on_submitted(void *arg, const struct at_result *result, int mr)
{
	struct fixture *f = arg;
	char text[32];

	snprintf(text, sizeof(text), "%d,%d,%d", (int)result->final, result->code, mr);
	append(f->submitted, sizeof(f->submitted), text);
}

static void on_answer(void *arg, const char *line)
{
	struct fixture *f = arg;

	append(f->answers, sizeof(f->answers), line);
}

static int setup(void **state)
{
	static const struct at_talk_ops ops = {on_unasked, on_submitted};
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	at_talk_init(&f.talk, &ops, &f);
	*state = &f;
	return 0;
}

static struct at_request request(struct fixture *f, const char *command, const char *prefix)
{
	return (struct at_request){
		.command = command, .prefix = prefix, .answer = on_answer, .arg = f};
}

static void feed(struct fixture *f, const char *text)
{
	at_talk_feed(&f->talk, text, strlen(text));
}

static void test_answer(void **state)
{
	struct fixture *f = *state;
	struct at_request r = request(f, "AT+CSQ", "+CSQ:");

	at_talk_begin(&f->talk, &r);
	feed(f, "AT+CSQ\r\r\n+CSQ: 20,99\r\n");
	assert_false(f->talk.is_done);
	feed(f, "\r\nOK\r\n");
	assert_true(f->talk.is_done);
	assert_int_equal(f->talk.result.final, AT_OK);
	assert_string_equal(f->answers, "+CSQ: 20,99|");
}

static void test_byte_by_byte(void **state)
{
	struct fixture *f = *state;
	struct at_request r = request(f, "AT+CMGL=4", "+CMGL:");
	const char *text = "\r\n+CMGL: 1,1,,23\r\n\r\n+CMTI: \"SM\",4\r\n0791AABB\r\n^RSSI: 18\r\n"
			   "+CMGL: 2,1,,23\r\n0791CCDD\r\n\r\nOK\r\n";

	r.has_pdus = true;
	at_talk_begin(&f->talk, &r);
	for (const char *p = text; *p; p++)
		at_talk_feed(&f->talk, p, 1);
	assert_true(f->talk.is_done);
	assert_string_equal(f->answers, "+CMGL: 1,1,,23|0791AABB|+CMGL: 2,1,,23|0791CCDD|");
	assert_string_equal(f->unasked, "+CMTI: \"SM\",4|");
}

/* A report between the header of a message and its PDU. */
static void test_report_inside(void **state)
{
	struct fixture *f = *state;
	struct at_request r = request(f, "AT+CMGR=1", "+CMGR:");

	r.has_pdus = true;
	at_talk_begin(&f->talk, &r);
	feed(f, "+CMGR: 1,,23\r\n+CDS: 25\r\n0791EEFF\r\n0791AABB\r\n\r\nOK\r\n");
	assert_string_equal(f->answers, "+CMGR: 1,,23|0791AABB|");
	assert_string_equal(f->unasked, "+CDS: 25|0791EEFF|");
}

static void test_any_line(void **state)
{
	struct fixture *f = *state;
	struct at_request r = request(f, "AT+CGSN", "");

	at_talk_begin(&f->talk, &r);
	feed(f, "at+cgsn\r\nRING\r\nNO CARRIER\r\n^MODE: 5\r\nSMS DONE\r\n490154203237518\r\nOK\r\n");
	assert_string_equal(f->answers, "490154203237518|");
	assert_string_equal(f->unasked, "RING|");
}

static void test_finals(void **state)
{
	static const struct {
		const char *line;
		enum at_final final;
		int code;
	} cases[] = {{"OK", AT_OK, -1}, {"ERROR", AT_ERROR, -1}, {"+CME ERROR: 10", AT_CME, 10},
		{"+CMS ERROR:321", AT_CMS, 321}, {"+CME ERROR: SIM busy", AT_CME, -1},
		{"COMMAND NOT SUPPORT", AT_ERROR, -1},
		{"+CMS ERROR: 99999999999999999999", AT_CMS, -1}};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fixture *f = *state;
		struct at_request r = request(f, "AT+CMGD=1", NULL);

		at_talk_begin(&f->talk, &r);
		feed(f, cases[i].line);
		assert_false(f->talk.is_done);
		feed(f, "\r\n");
		assert_true(f->talk.is_done);
		assert_int_equal(f->talk.result.final, cases[i].final);
		assert_int_equal(f->talk.result.code, cases[i].code);
	}
}

static void test_prompt(void **state)
{
	struct fixture *f = *state;
	struct at_request r = request(f, "AT+CMGS=20", NULL);

	r.wants_prompt = true;
	at_talk_begin(&f->talk, &r);
	feed(f, "\r\n> ");
	assert_true(f->talk.is_done);
	assert_int_equal(f->talk.result.final, AT_PROMPT);
	at_talk_end(&f->talk);
	assert_false(f->talk.has_stray_prompt);
	feed(f, "\r\n>");
	assert_true(f->talk.has_stray_prompt);
}

static void test_submitted(void **state)
{
	struct fixture *f = *state;

	at_talk_submitting(&f->talk);
	feed(f, "\r\n+CMGS: 17\r\n\r\nOK\r\n");
	at_talk_submitting(&f->talk);
	feed(f, "\r\n+CMS ERROR: 38\r\n");
	at_talk_submitting(&f->talk);
	feed(f, "\r\n+CME ERROR: 30\r\n");
	at_talk_submitting(&f->talk);
	feed(f, "\r\nERROR\r\n");
	assert_string_equal(f->submitted, "0,-1,17|2,38,-1|3,30,-1|1,-1,-1|");
	/* nobody's */
	feed(f, "OK\r\nERROR\r\n");
	assert_string_equal(f->submitted, "0,-1,17|2,38,-1|3,30,-1|1,-1,-1|");
}

/* The answer to a segment that was given up comes inside the answer to something else. */
static void test_late_submit(void **state)
{
	struct fixture *f = *state;
	struct at_request r = request(f, "AT+CSQ", "+CSQ:");

	at_talk_submitting(&f->talk);
	at_talk_begin(&f->talk, &r);
	feed(f, "\r\n+CMGS: 5\r\n\r\nOK\r\n");
	assert_false(f->talk.is_done);
	assert_string_equal(f->submitted, "0,-1,5|");
	feed(f, "\r\n+CSQ: 9,99\r\n\r\nOK\r\n");
	assert_true(f->talk.is_done);
	at_talk_submitting(&f->talk);
	at_talk_begin(&f->talk, &r);
	feed(f, "\r\n+CMS ERROR: 500\r\n");
	assert_false(f->talk.is_done);
	assert_string_equal(f->submitted, "0,-1,5|2,500,-1|");
}

/* The OK of a command that was given up is not the next one's. */
static void test_stray_ok(void **state)
{
	struct fixture *f = *state;
	struct at_request r = request(f, "AT+CSQ", "+CSQ:");

	r.must_answer = true;
	at_talk_begin(&f->talk, &r);
	feed(f, "\r\nOK\r\n");
	assert_false(f->talk.is_done);
	feed(f, "\r\n+CSQ: 9,99\r\n\r\nOK\r\n");
	assert_true(f->talk.is_done);
}

static void test_ussd_lines(void **state)
{
	struct fixture *f = *state;

	feed(f, "\r\n+CUSD: 1,\"1. Nap the\r\n2. So \"du\"\r\n\r\nVang\",15\r\n+CUSD: 2\r\n");
	assert_string_equal(f->unasked, "+CUSD: 1,\"1. Nap the\n2. So \"du\"\nVang\",15|+CUSD: 2|");
	f->unasked[0] = 0;
	/* its end got lost: what follows does not */
	feed(f, "+CUSD: 0,\"so du\r\n+CMTI: \"SM\",3\r\n");
	assert_string_equal(f->unasked, "+CUSD: 0,\"so du|+CMTI: \"SM\",3|");
	f->unasked[0] = 0;
	at_talk_feed(&f->talk, "+CUSD: 0,\"a\0b\",15\r\n", 19);
	assert_string_equal(f->unasked, "+CUSD: 0,\"a@b\",15|");
}

static void test_garbage(void **state)
{
	struct fixture *f = *state;
	struct at_request r = request(f, "AT", NULL);
	char noise[3000];

	memset(noise, 'x', sizeof(noise));
	at_talk_feed(&f->talk, noise, sizeof(noise));
	at_talk_feed(&f->talk, "\0\0\xff\xfe\r\n\0\0", 8);
	at_talk_begin(&f->talk, &r);
	feed(f, "\r\nOK\r\n");
	assert_true(f->talk.is_done);
	assert_string_equal(f->answers, "");
}

static void test_ring_hides(void **state)
{
	static const struct {
		const char *line, *kept;
	} cases[] = {{"+CSQ: 20,99", "< +CSQ: 20,99"},
		{"+CLIP: \"+84900000012\",145", "< +CLIP: <12 characters>,145"},
		{"0791480900009000F0040B914809000010F2", "< <36 hex>"},
		{"490154203237518", "< <15 hex>"}, {"+CMTI: \"SM\",12", "< +CMTI: \"SM\",12"},
		{"+COPS: 0,2,\"45204\",7", "< +COPS: 0,2,\"<5 digits>\",7"},
		{"+CUSD: 0,\"so du 5 dong\",15", "< +CUSD: <12 characters>,15"},
		{"+CUSD: 0,\"so du 5 dong", "< +CUSD: 0,<13 characters>"}};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct at_ring ring = {.count = 0};

		(void)state;
		at_ring_add(&ring, '<', cases[i].line);
		if (strstr(cases[i].line, "CUSD") && strstr(cases[i].kept, "0,") == NULL)
			assert_null(strstr(at_ring_line(&ring, 0), "dong"));
		else
			assert_string_equal(at_ring_line(&ring, 0), cases[i].kept);
	}
}

static void test_ring_is_bounded(void **state)
{
	struct at_ring ring = {.count = 0};
	char line[300];

	(void)state;
	for (int i = 0; i < 3 * AT_RING_LINES; i++) {
		snprintf(line, sizeof(line), "line %d %0200d", i % 100, 0);
		at_ring_add(&ring, '>', line);
	}
	assert_non_null(at_ring_line(&ring, AT_RING_LINES - 1));
	assert_null(at_ring_line(&ring, AT_RING_LINES));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_answer, setup),
		cmocka_unit_test_setup(test_byte_by_byte, setup),
		cmocka_unit_test_setup(test_report_inside, setup),
		cmocka_unit_test_setup(test_any_line, setup),
		cmocka_unit_test_setup(test_finals, setup),
		cmocka_unit_test_setup(test_prompt, setup),
		cmocka_unit_test_setup(test_submitted, setup),
		cmocka_unit_test_setup(test_late_submit, setup),
		cmocka_unit_test_setup(test_stray_ok, setup),
		cmocka_unit_test_setup(test_ussd_lines, setup),
		cmocka_unit_test_setup(test_garbage, setup),
		cmocka_unit_test(test_ring_hides),
		cmocka_unit_test(test_ring_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
