/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers of Zalo in every shape that the pages show, and in some that they do not. */
#include "daemon/base/clock.h"
#include "daemon/relay/zalo_doctor.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define NOW_MS INT64_C(1795331109000) /* 2026-11-22 in Vietnam */

static json_t *parse(const char *text)
{
	json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);

	assert_non_null(json);
	return json;
}

static const char *member(const json_t *findings, size_t i, const char *key)
{
	const char *text = json_string_value(json_object_get(json_array_get(findings, i), key));

	assert_non_null(text);
	return text;
}

static void assert_finding(
	const json_t *findings, size_t i, const char *check, const char *level, const char *says)
{
	assert_string_equal(member(findings, i, "check"), check);
	assert_string_equal(member(findings, i, "level"), level);
	if (!strstr(member(findings, i, "message_vi"), says))
		fail_msg("\"%s\" does not say \"%s\"", member(findings, i, "message_vi"), says);
}

static void test_group_and_dates(void **state)
{
	static const struct {
		const char *until, *level;
	} rows[] = {
		{"31/12/2099", NULL},
		{"22/11/2026", "warning"}, /* good until its midnight */
		{"21/11/2026", "alarm"},
		{"21/12/2026", "warning"},
		{"23/12/2026", NULL},
		{"2026-11-21", NULL}, /* not understood: nothing is said about it */
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *data = json_pack("{s:{s:s, s:s}, s:{s:s}}", "group_info", "status",
			"enabled", "total_member", "12", "asset_info", "valid_through",
			rows[i].until);
		json_t *findings = json_array();

		zalo_finding_group(findings, data, NOW_MS);
		assert_finding(findings, 0, "group", "ok", "12 thành viên");
		assert_int_equal(json_array_size(findings), rows[i].level ? 2 : 1);
		if (rows[i].level)
			assert_finding(findings, 1, "group", rows[i].level, rows[i].until);
		json_decref(findings);
		json_decref(data);
	}
}

static void test_account(void **state)
{
	json_t *findings = json_array();
	json_t *data = parse(
		"{\"oaid\":24681357902468135,\"name\":\"CA xã\",\"is_verified\":\"true\","
		"\"oa_type\":\"4\",\"num_follower\":\"15\",\"linked_ZCA\":\"z\"}");

	(void)state;
	zalo_finding_account(findings, data, "24681357902468135");
	assert_int_equal(json_array_size(findings), 1);
	assert_finding(findings, 0, "account", "ok", "cơ quan nhà nước, 15 người");
	json_array_clear(findings);
	zalo_finding_account(findings, data, "1");
	assert_finding(findings, 0, "account", "alarm", "24681357902468135");
	json_decref(data);
	json_decref(findings);
}

/* None of it may end the daemon, and each finding is whole. */
static void test_what_nobody_promised(void **state)
{
	static const char *const odd[] = {"null", "1", "\"x\"", "[]", "{}", "[1,null,{}]",
		"{\"total\":[],\"oa_id\":{},\"name\":7,\"group_info\":3,\"asset_info\":[]}",
		"[{\"remain\":\"x\",\"total\":9},{\"status\":1,\"valid_through\":2}]"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		json_t *findings = json_array(), *data = parse(odd[i]);

		zalo_finding_account(findings, data, "1");
		zalo_finding_people(findings, data);
		zalo_finding_quota(findings, data);
		zalo_finding_assets(findings, data, NOW_MS);
		zalo_finding_group(findings, data, NOW_MS);
		zalo_finding_zns(findings, data);
		zalo_finding_group(findings, NULL, NOW_MS);
		for (size_t j = 0; j < json_array_size(findings); j++)
			assert_true(member(findings, j, "message_vi")[0]);
		json_decref(data);
		json_decref(findings);
	}
}

static void test_refusals(void **state)
{
	static const int64_t codes[] = {-32, -224, -235, 404, 987654321};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		const struct zalo_answer answer = {.is_envelope = true, .code = codes[i]};
		json_t *findings = json_array();
		char code[24];

		snprintf(code, sizeof(code), "(mã %lld)", (long long)codes[i]);
		zalo_finding_refused(findings, "x", "thử", ZALO_LEVEL_ALARM, &answer);
		assert_finding(findings, 0, "x", "alarm", code);
		assert_true(member(findings, 0, "advice_vi")[0]);
		json_decref(findings);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_group_and_dates),
		cmocka_unit_test(test_account),
		cmocka_unit_test(test_what_nobody_promised),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
