/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static json_t *load(const char *text)
{
	json_t *json = NULL;

	assert_int_equal(zalo_json_load(text, strlen(text), &json), ERR_OK);
	return json;
}

static void assert_text(const char *text, const char *expected)
{
	CLEAN_JSON *json = load(text);

	assert_string_equal(zalo_json_text(json, "a"), expected);
}

static void test_ids_keep_their_digits(void **state)
{
	static const char *const texts[] = {"{\"a\":9007199254740993001}",
		"{\"a\":\"9007199254740993001\"}", "{\"a\":92233720368547758079999}", "{\"a\":17}"};
	static const char *const ids[] = {
		"9007199254740993001", "9007199254740993001", "92233720368547758079999", "17"};
	char id[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		CLEAN_JSON *json = load(texts[i]);

		assert_int_equal(zalo_json_id(json_object_get(json, "a"), id, sizeof(id)), ERR_OK);
		assert_string_equal(id, ids[i]);
	}
}

static void test_ids_are_plain(void **state)
{
	static const char *const texts[] = {"{\"a\":\"\"}", "{\"a\":\"1 2\"}", "{\"a\":\"1/2\"}",
		"{\"a\":1.5}", "{\"a\":null}", "{\"a\":[1]}", "{}", "{\"a\":\"12345678\"}"};
	char id[8] = "same";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		CLEAN_JSON *json = load(texts[i]);

		assert_int_equal(
			zalo_json_id(json_object_get(json, "a"), id, sizeof(id)), ERR_INVALID);
	}
}

static void test_integers_in_both_forms(void **state)
{
	CLEAN_JSON *json = load("{\"n\":1700000000000,\"s\":\"90000\",\"m\":\"-5\",\"x\":\"5x\","
				"\"r\":1.5,\"e\":\"\"}");
	int64_t value = 7;

	(void)state;
	assert_int_equal(zalo_json_int(json_object_get(json, "n"), &value), ERR_OK);
	assert_int_equal(value, 1700000000000);
	assert_int_equal(zalo_json_int(json_object_get(json, "s"), &value), ERR_OK);
	assert_int_equal(value, 90000);
	assert_int_equal(zalo_json_int(json_object_get(json, "m"), &value), ERR_OK);
	assert_int_equal(value, -5);
	assert_int_equal(zalo_json_int(json_object_get(json, "x"), &value), ERR_INVALID);
	assert_int_equal(zalo_json_int(json_object_get(json, "r"), &value), ERR_INVALID);
	assert_int_equal(zalo_json_int(json_object_get(json, "e"), &value), ERR_INVALID);
	assert_int_equal(zalo_json_int(json_object_get(json, "none"), &value), ERR_INVALID);
	assert_int_equal(value, -5);
}

/* One resident's odd characters must not cost the others their messages. */
static void test_odd_characters_are_replaced(void **state)
{
	(void)state;
	assert_text("{\"a\":\"x\xff\xc3y\"}", "x\xef\xbf\xbd\xef\xbf\xbdy");
	assert_text("{\"a\":\"x\\ud800y\"}", "x\xef\xbf\xbdy");
	assert_text("{\"a\":\"x\\udc00\\ud83d\\ude00\"}", "x\xef\xbf\xbd\xf0\x9f\x98\x80");
	assert_text("{\"a\":\"x\\ud800\\u0041\"}", "x\xef\xbf\xbd"
						   "A");
	assert_text("{\"a\":\"x\\u0000y\"}", "x\xef\xbf\xbdy");
	assert_text("{\"a\":\"x\ty\nz\"}", "x y z");
	assert_text("{\"a\":\"\\\"1234567890123456789\\\\\"}", "\"1234567890123456789\\");
	assert_text("{\"a\":\"ch\xc3\xa1y nh\xc3\xa0\"}", "ch\xc3\xa1y nh\xc3\xa0");
}

static void test_a_nul_byte_is_replaced(void **state)
{
	static const char text[] = "{\"a\":\"x\0y\"}";
	json_t *json = NULL;

	(void)state;
	assert_int_equal(zalo_json_load(text, sizeof(text) - 1, &json), ERR_OK);
	assert_string_equal(zalo_json_text(json, "a"), "x y");
	json_decref(json);
}

/* The text need not be terminated: a sanitizer sees a step beyond. */
static void test_nothing_is_read_beyond_the_end(void **state)
{
	static const char *const texts[] = {
		"17", "\"a", "\"\\", "\"\\u12", "\"\\ud800\\", "\"\xe2\x80"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		size_t len = strlen(texts[i]);
		char *exact = malloc(len);
		json_t *json = NULL;
		enum err err;

		assert_non_null(exact);
		memcpy(exact, texts[i], len);
		err = zalo_json_load(exact, len, &json);
		assert_int_equal(err, i ? ERR_PROTOCOL : ERR_OK);
		json_decref(json);
		free(exact);
	}
}

static void test_what_is_no_json(void **state)
{
	static const char *const texts[] = {"", " ", "<html>", "{\"a\":", "{\"a\":\"x",
		"{\"a\":\"\\", "{\"a\":\"\\u12", "{}}", "\"\\ud8"};
	json_t *json = (json_t *)state;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		assert_int_equal(zalo_json_load(texts[i], strlen(texts[i]), &json), ERR_PROTOCOL);
		assert_ptr_equal(json, state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids_keep_their_digits),
		cmocka_unit_test(test_ids_are_plain),
		cmocka_unit_test(test_integers_in_both_forms),
		cmocka_unit_test(test_odd_characters_are_replaced),
		cmocka_unit_test(test_a_nul_byte_is_replaced),
		cmocka_unit_test(test_nothing_is_read_beyond_the_end),
		cmocka_unit_test(test_what_is_no_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
