/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a message looks like for Kannel, and what HTTP and Kannel say about it. */
#include "daemon/relay/http_sms_profile.h"

#include "daemon/base/str.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define PHONE "+84900000012"

static const struct http_sms_message plain = {.outbox_id = 7,
	.to = PHONE,
	.text = "Da nhan",
	.report_url = "http://127.0.0.1:8014/http_sms/report?id=7&attempt=1&proof=ab",
	.validity_ms = 90 * MINUTE_MS};

static const char *header(const struct http_sms_request *request, const char *name)
{
	for (size_t i = 0; i < request->count; i++) {
		size_t len = strlen(name);

		if (str_starts(request->headers[i], name) && request->headers[i][len] == ':')
			return request->headers[i] + len + (request->headers[i][len + 1] ? 2 : 1);
	}
	return NULL;
}

static void build(const struct config_http_sms *config, const char *password,
	const struct http_sms_message *message, struct http_sms_request *request)
{
	struct http_sms_account account = {config, password};

	http_sms_request_init(request);
	assert_int_equal(http_sms_kannel_build(&account, message, request), ERR_OK);
	assert_null(request->headers[request->count]);
}

static void test_headers_and_body(void **state)
{
	struct config_http_sms config = {.username = "u", .from = "1414"};
	struct http_sms_request request;

	(void)state;
	build(&config, "secret", &plain, &request);
	assert_string_equal(buf_text(&request.body), "Da nhan");
	assert_string_equal(header(&request, "Content-Type"), "text/plain; charset=UTF-8");
	assert_string_equal(header(&request, "Expect"), "");
	assert_string_equal(header(&request, "X-Kannel-Username"), "u");
	assert_string_equal(header(&request, "X-Kannel-Password"), "secret");
	assert_string_equal(header(&request, "X-Kannel-From"), "1414");
	assert_string_equal(header(&request, "X-Kannel-To"), PHONE);
	assert_string_equal(header(&request, "X-Kannel-Coding"), "0");
	assert_string_equal(header(&request, "X-Kannel-Validity"), "90");
	assert_string_equal(header(&request, "X-Kannel-DLR-Mask"), "31");
	assert_string_equal(header(&request, "X-Kannel-DLR-Url"),
		"http://127.0.0.1:8014/http_sms/report?id=7&attempt=1&proof=ab&status=%d");
	http_sms_request_done(&request);
}

static void test_what_is_not_known_is_left_out(void **state)
{
	struct config_http_sms config = {0};
	struct http_sms_message message = plain;
	struct http_sms_request request;

	(void)state;
	message.report_url = "";
	build(&config, "", &message, &request);
	assert_null(header(&request, "X-Kannel-Username"));
	assert_null(header(&request, "X-Kannel-Password"));
	assert_null(header(&request, "X-Kannel-From"));
	assert_null(header(&request, "X-Kannel-DLR-Mask"));
	assert_null(header(&request, "X-Kannel-DLR-Url"));
	http_sms_request_done(&request);
}

static void test_coding_validity_and_percent(void **state)
{
	struct config_http_sms config = {0};
	struct http_sms_message message = plain;
	struct http_sms_request request;

	(void)state;
	message.text = "Đã nhận";
	message.validity_ms = -5;
	message.report_url = "https://p.example/a%20b/x?y=1";
	build(&config, "", &message, &request);
	assert_string_equal(buf_text(&request.body), "Đã nhận");
	assert_string_equal(header(&request, "X-Kannel-Coding"), "2");
	assert_string_equal(header(&request, "X-Kannel-Validity"), "1");
	assert_string_equal(
		header(&request, "X-Kannel-DLR-Url"), "https://p.example/a%%20b/x?y=1&status=%d");
	http_sms_request_done(&request);
	message.validity_ms = 30 * DAY_MS;
	message.text = "{}[]~ €";
	build(&config, "", &message, &request);
	assert_string_equal(header(&request, "X-Kannel-Validity"), "4320");
	assert_string_equal(header(&request, "X-Kannel-Coding"), "0");
	http_sms_request_done(&request);
}

static void test_a_line_break_makes_no_header(void **state)
{
	struct config_http_sms config = {0};
	struct http_sms_account account = {&config, "a\r\nX-Kannel-To: 1"};
	struct http_sms_request request;

	(void)state;
	http_sms_request_init(&request);
	assert_int_equal(http_sms_kannel_build(&account, &plain, &request), ERR_INVALID);
	http_sms_request_done(&request);
}

/* ---- answers ----------------------------------------------------------------------------------
 */

static struct http_sms_verdict judge(int status, const char *body, int attempt)
{
	struct http_sms_reply reply = {
		.status = status, .body = body, .body_bytes = strlen(body), .reason = ""};
	struct http_sms_verdict verdict;

	http_sms_kannel_judge(&reply, attempt, &verdict);
	return verdict;
}

static void test_every_status(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum send_result result;
		enum err err;
		bool is_stop, is_hold;
	} cases[] = {
		{202, "0: Accepted for delivery", SEND_SENT, ERR_OK, false, false},
		{202, "3: Queued for later delivery", SEND_SENT, ERR_OK, false, false},
		{200, "", SEND_SENT, ERR_OK, false, false},
		{301, "", SEND_RETRY, ERR_CONFIG, true, true},
		{400, "Empty receiver number", SEND_REFUSED, ERR_REFUSED, false, false},
		{400, "Number(s) has/have been denied by white- and/or black-lists.", SEND_REFUSED,
			ERR_RECIPIENT, false, false},
		{401, "", SEND_RETRY, ERR_AUTH, true, true},
		{403, "Authorization failed for sendsms", SEND_RETRY, ERR_AUTH, true, true},
		{403, "Not routable. Do not try again.", SEND_REFUSED, ERR_RECIPIENT, false, false},
		{404, "", SEND_RETRY, ERR_CONFIG, true, true},
		{408, "", SEND_RETRY, ERR_TIMEOUT, false, true},
		{413, "", SEND_REFUSED, ERR_REFUSED, false, false},
		{429, "", SEND_RETRY, ERR_RATE, false, true},
		{500, "Sending failed.", SEND_RETRY, ERR_BUSY, false, true},
		{502, "", SEND_IN_DOUBT, ERR_IN_DOUBT, false, true},
		{503, "Temporal failure, try again later.", SEND_RETRY, ERR_BUSY, false, true},
		{504, "", SEND_IN_DOUBT, ERR_IN_DOUBT, false, true},
		{100, "", SEND_IN_DOUBT, ERR_PROTOCOL, false, false},
		{999, "", SEND_IN_DOUBT, ERR_PROTOCOL, false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct http_sms_verdict verdict = judge(cases[i].status, cases[i].body, 1);

		if (verdict.outcome.result != cases[i].result ||
			verdict.outcome.err != cases[i].err)
			fail_msg("%d: %d %s", cases[i].status, verdict.outcome.result,
				err_name(verdict.outcome.err));
		assert_int_equal(verdict.is_stop, cases[i].is_stop);
		assert_int_equal(verdict.hold_ms > 0, cases[i].is_hold);
		assert_false(verdict.is_away);
		assert_non_null(verdict.text);
	}
}

static void test_500_is_not_tried_for_ever(void **state)
{
	(void)state;
	for (int attempt = 1; attempt < 6; attempt++) {
		assert_int_equal(judge(500, "", attempt).outcome.result,
			attempt < HTTP_SMS_ERROR_TRIES ? SEND_RETRY : SEND_IN_DOUBT);
		assert_int_equal(judge(503, "", attempt).outcome.result, SEND_RETRY);
	}
}

static void test_silence(void **state)
{
	struct http_sms_reply reply = {.err = ERR_TIMEOUT, .reason = "no answer in time"};
	struct http_sms_verdict verdict;

	(void)state;
	http_sms_kannel_judge(&reply, 1, &verdict);
	assert_int_equal(verdict.outcome.result, SEND_RETRY);
	assert_int_equal(verdict.outcome.err, ERR_TIMEOUT);
	assert_true(verdict.is_away);
	reply.may_have_left = true;
	http_sms_kannel_judge(&reply, 1, &verdict);
	assert_int_equal(verdict.outcome.result, SEND_IN_DOUBT);
	assert_string_equal(verdict.text, "no answer in time");
	/* A status that came before the connection broke is no answer. */
	reply.status = 202;
	http_sms_kannel_judge(&reply, 1, &verdict);
	assert_int_equal(verdict.outcome.result, SEND_IN_DOUBT);
}

static void test_a_stop_holds_the_channel_and_not_the_message(void **state)
{
	struct http_sms_verdict verdict = judge(403, "Authorization failed for sendsms", 1);

	(void)state;
	assert_true(verdict.is_stop);
	assert_int_equal(verdict.hold_ms, 10 * MINUTE_MS);
	assert_int_equal(verdict.outcome.result, SEND_RETRY);
	assert_int_equal(verdict.outcome.retry_after_ms, SECOND_MS);
}

static void test_retry_after(void **state)
{
	struct http_sms_reply reply = {.status = 503, .body = "", .retry_after_ms = 90 * SECOND_MS};
	struct http_sms_verdict verdict;

	(void)state;
	http_sms_judge(&reply, 1, &verdict);
	assert_int_equal(verdict.hold_ms, 90 * SECOND_MS);
	assert_int_equal(verdict.outcome.retry_after_ms, 90 * SECOND_MS);
	reply.retry_after_ms = 30 * DAY_MS;
	http_sms_judge(&reply, 1, &verdict);
	assert_int_equal(verdict.hold_ms, HOUR_MS);
	reply.status = 202;
	http_sms_judge(&reply, 1, &verdict);
	assert_int_equal(verdict.hold_ms, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers_and_body),
		cmocka_unit_test(test_what_is_not_known_is_left_out),
		cmocka_unit_test(test_coding_validity_and_percent),
		cmocka_unit_test(test_a_line_break_makes_no_header),
		cmocka_unit_test(test_every_status),
		cmocka_unit_test(test_500_is_not_tried_for_ever),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_a_stop_holds_the_channel_and_not_the_message),
		cmocka_unit_test(test_retry_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
