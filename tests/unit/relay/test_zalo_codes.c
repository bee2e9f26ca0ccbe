/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "daemon/relay/curl_err.h"
#include "daemon/relay/zalo_codes.h"
#include "daemon/relay/zalo_rows.h"
#include "store/hmac.h"
#include "store/zalo_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <string.h>
#include <cmocka.h>

#define MIDNIGHT_MS (INT64_C(1700006400000) - 7 * HOUR_MS) /* 2023-11-15 00:00 in Vietnam */

static struct send_outcome classify_body(const char *body, int status, int attempt)
{
	static char message_id[ZALO_MESSAGE_ID];
	struct zalo_answer answer = {.status = status, .may_have_left = true};
	struct send_outcome outcome;

	zalo_answer_parse(&answer, body, strlen(body));
	zalo_send_classify(
		&answer, attempt, MIDNIGHT_MS + 15000, message_id, sizeof(message_id), &outcome);
	zalo_answer_done(&answer);
	return outcome;
}

static struct send_outcome classify_code(int code, int attempt)
{
	char body[64];

	snprintf(body, sizeof(body), "{\"error\":%d,\"message\":\"x\"}", code);
	return classify_body(body, 200, attempt);
}

static struct send_outcome classify_transport(enum err err, bool may_have_left)
{
	char message_id[ZALO_MESSAGE_ID];
	struct zalo_answer answer = {.transport = err, .may_have_left = may_have_left};
	struct send_outcome outcome;

	zalo_send_classify(&answer, 1, 0, message_id, sizeof(message_id), &outcome);
	return outcome;
}

static void test_success(void **state)
{
	struct send_outcome o = classify_body(
		"{\"error\":0,\"data\":{\"message_id\":\"m-1\",\"user_id\":\"1\"}}", 200, 1);

	(void)state;
	assert_int_equal(o.result, SEND_SENT);
	assert_string_equal(o.external_id, "m-1");
	assert_false(o.report_expected);
	o = classify_body(
		"{\"error\":\"0\",\"data\":{\"message_id\":12345678901234567890123}}", 200, 1);
	assert_string_equal(o.external_id, "12345678901234567890123");
	o = classify_body("{\"error\":0,\"message\":\"Success\"}", 200, 1);
	assert_int_equal(o.result, SEND_SENT);
	assert_null(o.external_id);
}

static void test_codes(void **state)
{
	static const struct {
		int code;
		enum send_result result;
		enum err err;
	} rows[] = {
		{-32, SEND_RETRY, ERR_RATE},
		{-200, SEND_IN_DOUBT, ERR_IN_DOUBT},
		{-201, SEND_REFUSED, ERR_REFUSED},
		{-210, SEND_REFUSED, ERR_TOO_BIG},
		{-211, SEND_RETRY, ERR_QUOTA},
		{-213, SEND_REFUSED, ERR_RECIPIENT},
		{-216, SEND_RETRY, ERR_AUTH},
		{-220, SEND_RETRY, ERR_AUTH},
		{-224, SEND_RETRY, ERR_DENIED},
		{-230, SEND_REFUSED, ERR_RECIPIENT},
		{-234, SEND_RETRY, ERR_BUSY},
		{-237, SEND_REFUSED, ERR_DENIED},
		{-242, SEND_RETRY, ERR_CONFIG},
		{-403, SEND_REFUSED, ERR_RECIPIENT},
		{404, SEND_RETRY, ERR_UNSUPPORTED},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct send_outcome o = classify_code(rows[i].code, 1);

		assert_int_equal(o.result, rows[i].result);
		assert_int_equal(o.err, rows[i].err);
	}
	assert_int_equal(classify_code(-32, 1).retry_after_ms, 45000);
	assert_int_equal(classify_code(-234, 1).retry_after_ms, 6 * HOUR_MS - 15000);
}

/* Every row of the table: known by its own code, told apart by host, with words for an officer, and
 * with an outcome that fits what it says. */
static void test_the_table_is_complete(void **state)
{
	(void)state;
	assert_true(zalo_code_count > 110);
	for (size_t i = 0; i < zalo_code_count; i++) {
		const struct zalo_code *c = &zalo_codes[i];
		enum zalo_api api = c->api == ZALO_API_ANY ? ZALO_API_OA : c->api;
		struct zalo_answer answer = {.api = api,
			.status = 200,
			.is_envelope = true,
			.code = c->code,
			.may_have_left = true};
		char message_id[ZALO_MESSAGE_ID];
		struct send_outcome o;

		assert_ptr_equal(zalo_code_of(api, c->code), c);
		assert_true(c->text[0] && c->vi[0]);
		assert_true(strlen(c->vi) < OUTBOX_NOTE_MAX);
		zalo_send_classify(&answer, 1, MIDNIGHT_MS, message_id, sizeof(message_id), &o);
		assert_int_equal(o.err, c->err);
		assert_int_equal(o.result == SEND_SENT, c->action == ZALO_DONE);
		assert_int_equal(o.result == SEND_IN_DOUBT, c->action == ZALO_READ_BACK);
		assert_int_equal(o.result == SEND_REFUSED,
			c->action == ZALO_REFUSED || c->action == ZALO_OTHER_WAY);
		if (c->action != ZALO_DONE)
			assert_string_equal(o.note, c->vi);
		/* What waits for a person or a day must not be tried at once. */
		if (c->action == ZALO_STOP || c->action == ZALO_HOLD ||
			c->action == ZALO_TOMORROW || c->action == ZALO_MORNING)
			assert_true(o.retry_after_ms >= 10 * MINUTE_MS);
	}
	/* The same number means different things on the two hosts. */
	assert_int_equal(zalo_code_of(ZALO_API_OA, -100)->action, ZALO_REUPLOAD);
	assert_int_equal(zalo_code_of(ZALO_API_ZNS, -100)->action, ZALO_READ_BACK);
	assert_int_equal(zalo_code_of(ZALO_API_ZNS, -118)->action, ZALO_OTHER_WAY);
	assert_int_equal(zalo_code_of(ZALO_API_OA, -118)->action, ZALO_UNKNOWN_CODE);
	assert_int_equal(zalo_code_of(ZALO_API_ZNS, -230)->action, ZALO_UNKNOWN_CODE);
}

static void test_a_code_nobody_knows_is_not_tried_for_ever(void **state)
{
	(void)state;
	assert_int_equal(classify_code(-98765, 1).result, SEND_RETRY);
	assert_int_equal(classify_code(-98765, ZALO_UNKNOWN_TRIES).result, SEND_REFUSED);
}

static void test_no_envelope(void **state)
{
	(void)state;
	assert_int_equal(classify_body("<html>", 200, 1).result, SEND_IN_DOUBT);
	assert_int_equal(classify_body("", 200, 1).result, SEND_IN_DOUBT);
	assert_int_equal(classify_body("{\"data\":{}}", 200, 1).result, SEND_IN_DOUBT);
	assert_int_equal(classify_body("<html>", 502, 1).result, SEND_IN_DOUBT);
	assert_int_equal(classify_body("<html>", 413, 1).result, SEND_RETRY);
	assert_int_equal(classify_body("", 429, 1).result, SEND_RETRY);
	assert_int_equal(classify_body("", 429, 1).retry_after_ms, MINUTE_MS);
	/* The body counts, whatever the status. */
	assert_int_equal(classify_body("{\"error\":-230}", 500, 1).result, SEND_REFUSED);
}

static void test_transport_decides_between_retry_and_doubt(void **state)
{
	(void)state;
	assert_int_equal(classify_transport(ERR_UNREACHABLE, false).result, SEND_RETRY);
	assert_int_equal(classify_transport(ERR_TIMEOUT, false).result, SEND_RETRY);
	assert_int_equal(classify_transport(ERR_UNREACHABLE, true).result, SEND_IN_DOUBT);
	assert_int_equal(classify_transport(ERR_TIMEOUT, true).result, SEND_IN_DOUBT);
	assert_int_equal(classify_transport(ERR_TOO_BIG, true).result, SEND_IN_DOUBT);
}

static void test_morning(void **state)
{
	(void)state;
	assert_int_equal(zalo_until_morning_ms(MIDNIGHT_MS), 6 * HOUR_MS);
	assert_int_equal(zalo_until_morning_ms(MIDNIGHT_MS + 6 * HOUR_MS), DAY_MS);
	assert_int_equal(zalo_until_morning_ms(MIDNIGHT_MS + 22 * HOUR_MS), 8 * HOUR_MS);
}

static enum zalo_grant grant(int status, const char *body, struct zalo_pair *pair, json_t **root)
{
	int64_t code = 1;

	*root = NULL;
	if (zalo_json_load(body, strlen(body), root))
		*root = NULL;
	return zalo_grant_classify(status, *root, pair, &code);
}

static void test_grants(void **state)
{
	static const struct {
		int status;
		enum zalo_grant grant;
		const char *body;
	} rows[] = {
		{200, ZALO_GRANT_PAIR,
			"{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expires_in\":\"90000\"}"},
		{200, ZALO_GRANT_PAIR,
			"{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expires_in\":90000}"},
		{200, ZALO_GRANT_CONSENT, "{\"error\":-14014,\"error_name\":\"x\"}"},
		{400, ZALO_GRANT_CONSENT, "{\"error\":\"-118\"}"},
		{200, ZALO_GRANT_FAULT, "{\"error\":-14002}"},
		{200, ZALO_GRANT_FAULT,
			"{\"error\":-1,\"access_token\":\"a\",\"refresh_token\":\"r\","
			"\"expires_in\":1}"},
		{200, ZALO_GRANT_UNCLEAR, "{\"error_name\":\"x\",\"error\":\"text\"}"},
		{200, ZALO_GRANT_UNCLEAR, "{}"},
		{200, ZALO_GRANT_UNCLEAR, "[]"},
		{200, ZALO_GRANT_UNCLEAR, "<html>"},
		{500, ZALO_GRANT_UNCLEAR,
			"{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expires_in\":1}"},
		{200, ZALO_GRANT_UNCLEAR, "{\"access_token\":\"a\",\"refresh_token\":\"r\"}"},
		{200, ZALO_GRANT_UNCLEAR,
			"{\"access_token\":\"\",\"refresh_token\":\"r\",\"expires_in\":1}"},
		{200, ZALO_GRANT_UNCLEAR,
			"{\"access_token\":null,\"refresh_token\":\"r\",\"expires_in\":1}"},
		{200, ZALO_GRANT_UNCLEAR,
			"{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expires_in\":\"x\"}"},
		{200, ZALO_GRANT_UNCLEAR,
			"{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expires_in\":0}"},
		{200, ZALO_GRANT_UNCLEAR,
			"{\"access_token\":\"a\\r\\nX: y\",\"refresh_token\":\"r\","
			"\"expires_in\":1}"},
	};
	struct zalo_pair pair;
	json_t *root;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		pair.access = NULL;
		assert_int_equal(grant(rows[i].status, rows[i].body, &pair, &root), rows[i].grant);
		if (rows[i].grant == ZALO_GRANT_PAIR) {
			assert_string_equal(pair.access, "a");
			assert_string_equal(pair.refresh, "r");
			assert_int_equal(pair.life_s, 90000);
		}
		json_decref(root);
	}
}

static void test_pairs_typed_in(void **state)
{
	struct zalo_pair pair;
	json_t *json = json_pack("{s:s,s:s}", "access_token", "a", "refresh_token", "r");
	char big[ZALO_TOKEN_MAX + 1];

	(void)state;
	assert_int_equal(zalo_pair_parse(json, false, &pair), ERR_INVALID);
	assert_int_equal(zalo_pair_parse(json, true, &pair), ERR_OK);
	assert_int_equal(pair.life_s, 0);
	json_object_set_new(json, "expires_in", json_string("soon"));
	assert_int_equal(zalo_pair_parse(json, true, &pair), ERR_INVALID);
	json_object_set_new(json, "expires_in", json_string("60"));
	assert_int_equal(zalo_pair_parse(json, true, &pair), ERR_OK);
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = 0;
	json_object_set_new(json, "refresh_token", json_string(big));
	assert_int_equal(zalo_pair_parse(json, true, &pair), ERR_INVALID);
	json_decref(json);
}

static void test_proof(void **state)
{
	char hex[2 * HMAC_SHA256_BYTES + 1];
	uint8_t mac[HMAC_SHA256_BYTES];

	(void)state;
	hmac_sha256("appSecretKey", 12, "accessToken", 11, mac);
	str_hex(mac, sizeof(mac), hex);
	assert_string_equal(
		hex, "0584869ec908cfecf20763760e69c4baca98ac64aaeb6a938f47ca758dfe779f");
}

#define FAULT(...) curl_fault(&(struct curl_seen){__VA_ARGS__})

static void test_curl_faults(void **state)
{
	(void)state;
	assert_int_equal(FAULT(.code = CURLE_OK).err, ERR_OK);
	assert_int_equal(FAULT(.code = CURLE_OK).fault, NET_NONE);
	assert_int_equal(FAULT(.code = CURLE_COULDNT_RESOLVE_HOST).err, ERR_UNREACHABLE);
	assert_int_equal(FAULT(.code = CURLE_OPERATION_TIMEDOUT).err, ERR_TIMEOUT);
	assert_int_equal(FAULT(.code = CURLE_FTP_ACCEPT_FAILED).err, ERR_PROTOCOL);
	assert_non_null(strstr(
		FAULT(.code = CURLE_PEER_FAILED_VERIFICATION, .verify_result = 9).text, "behind"));
	assert_non_null(strstr(
		FAULT(.code = CURLE_PEER_FAILED_VERIFICATION, .verify_result = 10).text, "ahead"));
	assert_int_equal(FAULT(.code = CURLE_PEER_FAILED_VERIFICATION, .verify_result = 20).fault,
		NET_UNTRUSTED);
	assert_int_equal(FAULT(.code = CURLE_PEER_FAILED_VERIFICATION).fault, NET_OTHER_HOST);
	assert_int_equal(FAULT(.code = CURLE_UNSUPPORTED_PROTOCOL).err, ERR_CONFIG);
	assert_int_equal(FAULT(.code = CURLE_UNSUPPORTED_PROTOCOL, .is_connected = true).fault,
		NET_NOT_HTTP);
}

/* How far it came tells what is wrong. */
static void test_how_far_a_connection_came(void **state)
{
	(void)state;
	assert_int_equal(FAULT(.code = CURLE_OPERATION_TIMEDOUT).fault, NET_DNS_SILENT);
	assert_int_equal(FAULT(.code = CURLE_OPERATION_TIMEDOUT, .has_address = true,
				 .tried_ipv4 = true, .tried_ipv6 = true)
				 .fault,
		NET_CONNECT_SILENT);
	assert_int_equal(
		FAULT(.code = CURLE_OPERATION_TIMEDOUT, .has_address = true, .tried_ipv6 = true)
			.fault,
		NET_IPV6_ONLY);
	assert_int_equal(FAULT(.code = CURLE_OPERATION_TIMEDOUT, .has_address = true,
				 .is_connected = true, .tried_ipv4 = true)
				 .fault,
		NET_TLS_SILENT);
	assert_int_equal(FAULT(.code = CURLE_OPERATION_TIMEDOUT, .has_address = true,
				 .is_connected = true, .is_secured = true)
				 .fault,
		NET_SILENT);
	assert_int_equal(
		FAULT(.code = CURLE_COULDNT_CONNECT, .tried_ipv6 = true).fault, NET_IPV6_ONLY);
	assert_int_equal(
		FAULT(.code = CURLE_COULDNT_CONNECT, .tried_ipv4 = true, .os_errno = ENETUNREACH)
			.fault,
		NET_NO_ROUTE);
	assert_int_equal(
		FAULT(.code = CURLE_COULDNT_CONNECT, .tried_ipv4 = true, .os_errno = EHOSTUNREACH)
			.fault,
		NET_CONNECT_SILENT);
	assert_int_equal(
		FAULT(.code = CURLE_COULDNT_CONNECT, .tried_ipv4 = true, .os_errno = ECONNREFUSED)
			.fault,
		NET_REFUSED);
}

static void test_every_fault_has_its_words(void **state)
{
	(void)state;
	for (int i = NET_NONE + 1; i < NET_FAULT_COUNT; i++) {
		const struct net_fault_text *text = net_fault_text((enum net_fault)i);

		assert_true(text->code[0] && text->en[0] && text->vi[0] && text->advice_en[0] &&
			    text->advice_vi[0]);
		for (int j = NET_NONE + 1; j < i; j++)
			assert_string_not_equal(
				text->code, net_fault_text((enum net_fault)j)->code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_success),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_the_table_is_complete),
		cmocka_unit_test(test_a_code_nobody_knows_is_not_tried_for_ever),
		cmocka_unit_test(test_no_envelope),
		cmocka_unit_test(test_transport_decides_between_retry_and_doubt),
		cmocka_unit_test(test_morning),
		cmocka_unit_test(test_grants),
		cmocka_unit_test(test_pairs_typed_in),
		cmocka_unit_test(test_proof),
		cmocka_unit_test(test_curl_faults),
		cmocka_unit_test(test_how_far_a_connection_came),
		cmocka_unit_test(test_every_fault_has_its_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
