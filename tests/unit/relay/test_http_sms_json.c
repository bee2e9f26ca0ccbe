/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The JSON template with its fields, and answers as the configuration describes them. */
#include "daemon/relay/http_sms_profile.h"

#include "daemon/base/str.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct config_http_sms config_of(const char *body)
{
	struct config_http_sms config = {.is_json = true, .username = "xa", .from = "CONGAN"};

	assert_int_equal(str_copy(config.json.body, sizeof(config.json.body), body), ERR_OK);
	return config;
}

static enum err build(
	const struct config_http_sms *config, const char *text, struct http_sms_request *request)
{
	struct http_sms_account account = {config, "k\"ey"};
	struct http_sms_message message = {.outbox_id = INT64_MAX,
		.to = "+84900000012",
		.text = text,
		.report_url = "http://127.0.0.1:1/r?id=1&proof=2"};

	http_sms_request_init(request);
	return http_sms_json_build(&account, &message, request);
}

static void assert_body(const char *template, const char *text, const char *expected)
{
	struct config_http_sms config = config_of(template);
	struct http_sms_request request;

	assert_int_equal(build(&config, text, &request), ERR_OK);
	assert_string_equal(buf_text(&request.body), expected);
	assert_string_equal(request.headers[1], "Content-Type: application/json");
	http_sms_request_done(&request);
}

static void test_fields(void **state)
{
	(void)state;
	assert_body("{\"a\": \"{to}{text}\"}", "b", "{\"a\":\"+84900000012b\"}");
	assert_body("{\"a\": [\"x{to}x\", {\"b\": \"{text}\"}], \"n\": 1, \"z\": null}", "t",
		"{\"a\":[\"x+84900000012x\",{\"b\":\"t\"}],\"n\":1,\"z\":null}");
	assert_body("{\"a\": \"{id} {from} {username} {password} {report_url}\"}", "t",
		"{\"a\":\"9223372036854775807 CONGAN xa k\\\"ey http://127.0.0.1:1/r?id=1&proof=2\"}");
	assert_body("{\"a\": \"{ {} {tex {nothing} {{to}}\"}", "t",
		"{\"a\":\"{ {} {tex {nothing} {+84900000012}\"}");
}

static void test_a_text_stays_in_its_place(void **state)
{
	(void)state;
	assert_body("{\"a\": \"{text}\", \"b\": \"{to}\"}", "\",\"b\":\"1\"}",
		"{\"a\":\"\\\",\\\"b\\\":\\\"1\\\"}\",\"b\":\"+84900000012\"}");
	/* What a text says is no field. */
	assert_body("{\"a\": \"{text}\"}", "{password}{to}", "{\"a\":\"{password}{to}\"}");
	assert_body("{\"a\": \"{text}\"}", "Đã\nnhận \\", "{\"a\":\"Đã\\nnhận \\\\\"}");
}

static void test_headers(void **state)
{
	struct config_http_sms config = config_of("{\"a\": \"{to}{text}\"}");
	struct http_sms_request request;

	(void)state;
	config.json.header_count = 2;
	snprintf(config.json.headers[0], sizeof(config.json.headers[0]),
		"X-Key: {password}/{username}");
	snprintf(config.json.headers[1], sizeof(config.json.headers[1]), "X-B: {text}");
	assert_int_equal(build(&config, "secret words", &request), ERR_OK);
	assert_int_equal(request.count, 4);
	assert_string_equal(request.headers[2], "X-Key: k\"ey/xa");
	assert_string_equal(request.headers[3], "X-B: {text}");
	assert_null(request.headers[4]);
	http_sms_request_done(&request);
}

static void test_what_can_not_be_put_so(void **state)
{
	struct config_http_sms config = config_of("{\"a\": \"{to}{text}\"}");
	struct http_sms_request request;

	(void)state;
	assert_int_equal(build(&config, "a\xff", &request), ERR_INVALID);
	http_sms_request_done(&request);
}

/* ---- answers ----------------------------------------------------------------------------------
 */

static const struct config_http_json answers = {.ok_path = "data.0.code",
	.ok_value = "100",
	.retry_values = {"99", "busy"},
	.retry_value_count = 2,
	.id_path = "data.0.id"};

static void assert_verdict(const struct config_http_json *config, int status, const char *body,
	enum send_result result, enum err err, const char *id)
{
	struct http_sms_reply reply = {
		.status = status, .body = body, .body_bytes = strlen(body), .reason = ""};
	struct http_sms_verdict verdict;

	http_sms_json_judge(config, &reply, 1, &verdict);
	if (verdict.outcome.result != result || verdict.outcome.err != err)
		fail_msg("%s: %d %s", body, verdict.outcome.result, err_name(verdict.outcome.err));
	if (id)
		assert_string_equal(verdict.outcome.external_id, id);
	else
		assert_null(verdict.outcome.external_id);
}

static void test_yes_no_and_later(void **state)
{
	(void)state;
	assert_verdict(&answers, 200, "{\"data\":[{\"code\":100,\"id\":\"a-1\"}]}", SEND_SENT,
		ERR_OK, "a-1");
	assert_verdict(&answers, 201, "{\"data\":[{\"code\":\"100\",\"id\":9007199254740993001}]}",
		SEND_SENT, ERR_OK, "9007199254740993001");
	assert_verdict(&answers, 200, "{\"data\":[{\"code\":\"100\"}]}", SEND_SENT, ERR_OK, NULL);
	assert_verdict(&answers, 200, "{\"data\":[{\"code\":\"100\",\"id\":\"a b\"}]}", SEND_SENT,
		ERR_OK, NULL);
	assert_verdict(&answers, 200, "{\"data\":[{\"code\":99}]}", SEND_RETRY, ERR_BUSY, NULL);
	assert_verdict(
		&answers, 200, "{\"data\":[{\"code\":\"busy\"}]}", SEND_RETRY, ERR_BUSY, NULL);
	assert_verdict(&answers, 200, "{\"data\":[{\"code\":1000,\"id\":\"a\"}]}", SEND_REFUSED,
		ERR_REFUSED, NULL);
	assert_verdict(
		&answers, 200, "{\"data\":[{\"code\":null}]}", SEND_REFUSED, ERR_REFUSED, NULL);
}

static void test_garbage_is_in_doubt(void **state)
{
	static const char *const bodies[] = {"", "ok", "{", "[]", "{}", "null", "{\"data\":[]}",
		"{\"data\":{\"0\":{\"cod\":100}}}", "{\"data\":[{\"code\":{}}]}",
		"{\"data\":[{\"code\":1.5}]}", "<html>\xff</html>"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		assert_verdict(&answers, 200, bodies[i], SEND_IN_DOUBT, ERR_PROTOCOL, NULL);
}

static void test_status_alone(void **state)
{
	static const struct config_http_json none = {.body = ""};
	static const struct config_http_json only_id = {.id_path = "id"};

	(void)state;
	assert_verdict(&none, 200, "whatever", SEND_SENT, ERR_OK, NULL);
	assert_verdict(&only_id, 200, "{\"id\":5}", SEND_SENT, ERR_OK, "5");
	assert_verdict(&only_id, 200, "whatever", SEND_SENT, ERR_OK, NULL);
	/* Its body says nothing more. */
	assert_verdict(&answers, 503, "{\"data\":[{\"code\":100}]}", SEND_RETRY, ERR_BUSY, NULL);
	assert_verdict(&answers, 403, "", SEND_RETRY, ERR_AUTH, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_a_text_stays_in_its_place),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_what_can_not_be_put_so),
		cmocka_unit_test(test_yes_no_and_later),
		cmocka_unit_test(test_garbage_is_in_doubt),
		cmocka_unit_test(test_status_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
