/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/str.h"
#include "daemon/ctl/resident_csv.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static struct resident_csv read_text(const char *text)
{
	struct resident_csv csv;

	assert_int_equal(resident_csv_read(text, strlen(text), &csv), ERR_OK);
	return csv;
}

static const char *cell(const struct resident_csv *csv, size_t row, const char *key)
{
	return json_string_value(json_object_get(json_array_get(csv->rows, row), key));
}

static void test_a_table_of_a_vietnamese_spreadsheet(void **state)
{
	struct resident_csv csv = read_text(
		"\xef\xbb\xbfSTT;Họ và tên;Số điện thoại;Mã địa bàn;Vai trò\r\n"
		"1;  chủ hộ 12 ;0900001001;thon-3;household_head\r\n\r\n"
		"2;\"chủ hộ \"\"13\"\"\";900001002;thon-3;\r\n;;;;\r\n");

	(void)state;
	assert_int_equal(csv.fault_count, 0);
	assert_int_equal(json_array_size(csv.rows), 2);
	assert_string_equal(cell(&csv, 0, "name"), "chủ hộ 12");
	assert_string_equal(cell(&csv, 0, "role"), "household_head");
	assert_string_equal(cell(&csv, 1, "name"), "chủ hộ \"13\"");
	assert_string_equal(cell(&csv, 1, "phone"), "0900001002");
	assert_string_equal(cell(&csv, 1, "role"), "member");
	assert_int_equal(csv.mended, 1);
	assert_int_equal(
		json_integer_value(json_object_get(json_array_get(csv.rows, 1), "row")), 4);
	resident_csv_done(&csv);
}

static void test_guarded_cells(void **state)
{
	struct resident_csv csv = read_text("phone,name,place\n'+84900001001,A,thon-3\n"
					    "0900001002,=cmd|' /C calc'!A0,thon-3\n"
					    "0900001003,@x,thon-3\n0900001004,'-B,thon-3\n"
					    "'=0900001005,B,thon-3\n");

	(void)state;
	assert_int_equal(json_array_size(csv.rows), 1);
	assert_string_equal(cell(&csv, 0, "phone"), "+84900001001");
	assert_int_equal(csv.fault_count, 4);
	resident_csv_done(&csv);
}

static void assert_fault(const char *text, int row, const char *words)
{
	struct resident_csv csv = read_text(text);
	const json_t *fault = json_array_get(csv.faults, 0);

	assert_int_equal(csv.fault_count, 1);
	assert_int_equal(json_integer_value(json_object_get(fault, "row")), row);
	assert_non_null(strstr(json_string_value(json_object_get(fault, "message")), words));
	/* Never the cell itself. */
	assert_null(strstr(json_string_value(json_object_get(fault, "message")), "90000"));
	resident_csv_done(&csv);
}

static void test_faults_say_what_to_do(void **state)
{
	(void)state;
	assert_fault("", 1, "empty");
	assert_fault("phone,name\n0900001001,A\n", 1, "place: the first row must name");
	assert_fault("phone,phone,name,place\n", 1, "two such columns");
	assert_fault("phone,name,place\n9.00E+08,A,x\n", 2, "computed number");
	assert_fault("phone,name,place\n,A,x\n", 2, "phone: is empty");
	assert_fault("phone,name,place\n0900001001,,x\n", 2, "name: is empty");
	assert_fault("phone,name,place\n0900001001,A\n", 2, "place: is empty");
	assert_fault("phone,name,place\n0900001001,A,x\n0900001001,B,x\n", 3, "as in row 2");
	assert_fault("phone,name,place\n0900001001,\"A,x\n", 2, "quotation mark");
	assert_fault("phone,name,place\n0900001001,\xff,x\n", 1, "UTF-8");
	assert_fault("\xff\xfep", 1, "UTF-16");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_table_of_a_vietnamese_spreadsheet),
		cmocka_unit_test(test_guarded_cells),
		cmocka_unit_test(test_faults_say_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
