/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define ROW(src, time, id, rest) \
	"{\"src\":" src ",\"time\":" time ",\"message_id\":" id \
	",\"from_id\":9007199254740993001,\"to_id\":\"77\"" rest "}"

struct fixture {
	struct zalo_rows rows;
	size_t bad;
	size_t on_page;
};

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct fixture));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	zalo_rows_clear(&f->rows);
	free(f);
	return 0;
}

static void count_bad(void *arg, const json_t *json)
{
	struct fixture *f = arg;

	assert_non_null(json);
	f->bad++;
}

static enum err add(struct fixture *f, const char *text)
{
	CLEAN_JSON *json = NULL;

	assert_int_equal(zalo_json_load(text, strlen(text), &json), ERR_OK);
	return zalo_rows_add(&f->rows, json, count_bad, f, &f->on_page);
}

static void test_fields_of_a_row(void **state)
{
	struct fixture *f = *state;
	const struct zalo_row *row = f->rows.row;

	assert_int_equal(add(f, "[" ROW("1", "1700000000000", "\"m1\"",
					",\"type\":\"text\",\"message\":\"ch\xc3\xa1y\"") "]"),
		ERR_OK);
	assert_int_equal(f->rows.count, 1);
	assert_int_equal(f->on_page, 1);
	assert_false(row->is_ours);
	assert_true(row->is_text);
	assert_int_equal(row->time_ms, 1700000000000);
	assert_string_equal(row->message_id, "m1");
	assert_string_equal(row->from_id, "9007199254740993001");
	assert_string_equal(row->to_id, "77");
	assert_string_equal(row->text, "ch\xc3\xa1y");
	assert_int_equal(f->rows.oldest_ms, 1700000000000);
	assert_int_equal(f->rows.newest_ms, 1700000000000);
}

static void test_strings_for_numbers(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(add(f, "[" ROW("\"0\"", "\"1700000000000\"", "12345", "") "]"), ERR_OK);
	assert_true(f->rows.row[0].is_ours);
	assert_string_equal(f->rows.row[0].message_id, "12345");
	assert_string_equal(f->rows.row[0].text, "");
	assert_false(f->rows.row[0].is_text);
}

static void test_other_types_keep_what_words_they_have(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(add(f, "[" ROW("1", "1700000000001", "\"a\"",
					",\"type\":\"link\",\"description\":\"xem\"") "," ROW("1",
					"1700000000002", "\"b\"",
					",\"type\":\"photo\",\"url\":\"http://x\"") "," ROW("1",
					"1700000000003", "\"c\"",
					",\"type\":\"hologram\",\"message\":\"m\"") "]"),
		ERR_OK);
	assert_int_equal(f->rows.count, 3);
	assert_string_equal(f->rows.row[0].text, "xem");
	assert_string_equal(f->rows.row[1].text, "");
	assert_string_equal(f->rows.row[2].text, "m");
	for (size_t i = 0; i < 3; i++)
		assert_false(f->rows.row[i].is_text);
}

static void test_bad_rows_are_handed_out_and_move_no_time(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
		add(f, "[1,null,{},[]," ROW("2", "1700000000000", "\"a\"", "") "," ROW("1", "0",
			       "\"a\"", "") "," ROW("1", "99999999999999", "\"a\"", "") "," ROW("1",
			       "1700000000000", "\"\"", "") "," ROW("1", "1700000000000", "null",
			       "") ","
				   "{\"src\":1,\"time\":1700000000000,\"message_id\":\"a\"}]"),
		ERR_OK);
	assert_int_equal(f->rows.count, 0);
	assert_int_equal(f->bad, 10);
	assert_int_equal(f->on_page, 10);
	assert_int_equal(f->rows.oldest_ms, INT64_MAX);
	assert_int_equal(f->rows.newest_ms, 0);
}

static void test_empty_pages(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(add(f, "[]"), ERR_OK);
	assert_int_equal(f->on_page, 0);
	assert_int_equal(add(f, "null"), ERR_OK);
	assert_int_equal(add(f, "{}"), ERR_OK);
	assert_int_equal(zalo_rows_add(&f->rows, NULL, count_bad, f, &f->on_page), ERR_OK);
	assert_int_equal(f->on_page, 0);
	assert_int_equal(add(f, "{\"rows\":[]}"), ERR_PROTOCOL);
	assert_int_equal(add(f, "\"none\""), ERR_PROTOCOL);
}

static void test_sorted_and_once(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(add(f, "[" ROW("1", "1700000000002", "\"c\"", "") "," ROW(
					"1", "1700000000001", "\"b\"", "") "]"),
		ERR_OK);
	assert_int_equal(add(f, "[" ROW("1", "1700000000001", "\"b\"", "") "," ROW(
					"1", "1700000000001", "\"a\"", "") "]"),
		ERR_OK);
	assert_int_equal(f->rows.newest_ms, 1700000000001);
	zalo_rows_sort(&f->rows);
	assert_int_equal(f->rows.count, 3);
	assert_string_equal(f->rows.row[0].message_id, "a");
	assert_string_equal(f->rows.row[1].message_id, "b");
	assert_string_equal(f->rows.row[2].message_id, "c");
}

static void test_a_page_that_does_not_fit(void **state)
{
	struct fixture *f = *state;
	json_t *page = json_array();
	size_t on_page = 5;

	for (int i = 0; i <= ZALO_ROWS_MAX; i++)
		json_array_append_new(page, json_object());
	assert_int_equal(zalo_rows_add(&f->rows, page, count_bad, f, &on_page), ERR_TOO_BIG);
	assert_int_equal(f->bad, 0);
	assert_int_equal(on_page, 5);
	json_decref(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_fields_of_a_row, setup, teardown),
		cmocka_unit_test_setup_teardown(test_strings_for_numbers, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_other_types_keep_what_words_they_have, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_bad_rows_are_handed_out_and_move_no_time, setup, teardown),
		cmocka_unit_test_setup_teardown(test_empty_pages, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sorted_and_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_page_that_does_not_fit, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
