/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "daemon/relay/zalo_group_parse.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static json_t *load(const char *text)
{
	json_t *json = NULL;

	assert_int_equal(zalo_json_load(text, strlen(text), &json), ERR_OK);
	return json;
}

static int64_t date(const char *text)
{
	json_t *json = load(text);
	int64_t ms = zalo_group_date(json);

	json_decref(json);
	return ms;
}

static void test_dates_in_every_form(void **state)
{
	const int64_t day_ms = INT64_C(1798650000000); /* 2026-12-31 00:00 in Vietnam */

	(void)state;
	assert_int_equal(date("\"31/12/2026\""), day_ms);
	assert_int_equal(date("\"23:59 31/12/2026\""), day_ms);
	assert_int_equal(date("\"31-12-2026 23:59:00\""), day_ms);
	assert_int_equal(date("\"2026-12-31T23:59:00\""), day_ms);
	assert_int_equal(date("1798650000000"), day_ms);
	assert_int_equal(date("\"1798650000000\""), day_ms);
	assert_int_equal(date("\"1798650000\""), day_ms);
	for (size_t i = 0; i < 9; i++) {
		static const char *const bad[] = {"\"\"", "null", "\"31/02/2026\"", "\"0\"", "-5",
			"\"12:30\"", "\"1/2\"", "\"31/12/26\"", "\"never\""};

		assert_int_equal(date(bad[i]), 0);
	}
}

static void test_a_group_is_read_from_both_forms(void **state)
{
	json_t *whole = load(
		"{\"group_info\":{\"group_id\":9007199254740995001,\"name\":\"Thôn 3\","
		"\"status\":\"disabled\",\"total_member\":\"5\",\"max_member\":50,"
		"\"auto_delete_date\":\"31/12/2026\"},\"asset_info\":{\"asset_id\":\"a\","
		"\"asset_type\":\"gmf50\",\"valid_through\":\"1\",\"auto_renew\":\"true\"},"
		"\"group_setting\":{\"lock_send_msg\":1,\"join_appr\":\"false\"}}");
	json_t *flat = load("{\"group_id\":\"7\",\"name\":\"x\",\"status\":\"enabled\"}");
	struct desk_group_told told;

	(void)state;
	assert_int_equal(zalo_group_told(whole, &told), ERR_OK);
	assert_string_equal(told.group_id, "9007199254740995001");
	assert_true(told.is_disabled && told.has_status && told.has_asset && told.is_renewed);
	assert_int_equal(told.members, 5);
	assert_int_equal(told.look.on[ZALO_SWITCH_LOCK], 1);
	assert_int_equal(told.look.on[ZALO_SWITCH_APPR], 0);
	assert_int_equal(told.look.on[ZALO_SWITCH_HISTORY], -1);
	assert_true(told.dissolves_ms > 0 && told.expires_ms == 0);
	assert_int_equal(zalo_group_told(flat, &told), ERR_OK);
	assert_true(!told.is_disabled && told.has_status && !told.has_asset);
	assert_int_equal(told.members, -1);
	assert_int_equal(zalo_group_told(NULL, &told), ERR_INVALID);
	json_decref(whole);
	json_decref(flat);
}

static void test_pages_and_rows(void **state)
{
	json_t *page = load("{\"total\":\"2\",\"members\":[{\"oa_id\":\"1\"},{\"user_id\":"
			    "9007199254740993001,\"name\":\"A\"},{\"user_id\":\"a b\"}]}");
	json_t *none = load("{\"offset\":0}");
	struct zalo_group_page read;
	struct zalo_group_row row;

	(void)state;
	assert_int_equal(zalo_group_page(page, "members", &read), ERR_OK);
	assert_int_equal(read.total, 2);
	assert_int_equal(zalo_group_row(json_array_get(read.rows, 0), &row), ERR_NOT_FOUND);
	assert_int_equal(zalo_group_row(json_array_get(read.rows, 1), &row), ERR_OK);
	assert_string_equal(row.user_id, "9007199254740993001");
	assert_int_equal(zalo_group_row(json_array_get(read.rows, 2), &row), ERR_INVALID);
	assert_int_equal(zalo_group_page(none, "members", &read), ERR_PROTOCOL);
	assert_int_equal(zalo_group_page(NULL, "members", &read), ERR_PROTOCOL);
	json_decref(page);
	json_decref(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates_in_every_form),
		cmocka_unit_test(test_a_group_is_read_from_both_forms),
		cmocka_unit_test(test_pages_and_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
