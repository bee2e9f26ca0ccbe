/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables as spreadsheets of different countries and years save them. */
#include "daemon/base/base.h"
#include "daemon/base/str.h"
#include "daemon/desk/csv_table.h"
#include "daemon/desk/resident_import.h"
#include "daemon/desk/roster_csv.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define ROWS 8

static const struct csv_column columns[] = {
	{"phone", {"phone", "sodienthoai", "sdt"}, true},
	{"name", {"name", "hoten", "hovaten"}, true},
	{"place", {"place", "diaban"}, false},
};

struct result {
	struct csv_faults faults;
	struct csv_table table;
	char cells[ROWS][3][CSV_CELL_BYTES];
	int lines[ROWS];
	int count;
};

static enum err keep_row(void *arg, char *cells[CSV_COLUMNS_MAX])
{
	struct result *r = arg;

	assert_true(r->count < ROWS);
	for (int c = 0; c < 3; c++)
		assert_int_equal(str_copy(r->cells[r->count][c], CSV_CELL_BYTES, cells[c]), ERR_OK);
	r->lines[r->count++] = r->faults.row;
	return ERR_OK;
}

static void read_bytes(struct result *r, const char *data, size_t len)
{
	*r = (struct result){.count = 0};
	assert_int_equal(csv_faults_init(&r->faults), ERR_OK);
	r->table = (struct csv_table){.columns = columns,
		.count = 3,
		.rows_max = ROWS - 1,
		.row = keep_row,
		.arg = r,
		.faults = &r->faults};
	assert_int_equal(csv_table_read(&r->table, data, len), ERR_OK);
}

static void read_text(struct result *r, const char *text)
{
	read_bytes(r, text, strlen(text));
}

static const char *fault_text(const struct result *r, const char *key)
{
	const char *text = json_string_value(
		json_object_get(json_array_get(r->faults.list, 0), key));

	return text ? text : "";
}

static void test_a_table_of_a_vietnamese_spreadsheet(void **state)
{
	struct result r;

	(void)state;
	read_text(&r, "\xef\xbb\xbfSTT;Họ và tên;Số điện thoại;Địa bàn\r\n"
		      "1;  chủ hộ 12 ;0900001001;thon-3\r\n\r\n"
		      "2;\"chủ hộ \"\"13\"\"; nhà\";0900001002;\r\n;;;\r\n");
	assert_int_equal(r.faults.count, 0);
	assert_int_equal(r.count, 2);
	assert_string_equal(r.cells[0][1], "chủ hộ 12");
	assert_string_equal(r.cells[0][0], "0900001001");
	assert_string_equal(r.cells[1][1], "chủ hộ \"13\"; nhà");
	assert_string_equal(r.cells[1][2], "");
	assert_int_equal(r.lines[1], 4);
	csv_faults_done(&r.faults);
}

static void test_delimiters(void **state)
{
	static const char *const texts[] = {
		"phone,name\n1,a\n",
		"phone;name\n1;a\n",
		"phone\tname\n1\ta\n",
		"sep=;\nphone;name\n1;a\n",
		"\n\n\"SĐT\",\"Ghi, chú; x\",\"hoten\"\n1,x,a\n",
		"phone,name\r1,a\r",
		"PHONE , Name\n1,a",
	};
	struct result r;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		read_text(&r, texts[i]);
		if (r.faults.count || r.count != 1)
			fail_msg("%s: %s", texts[i], fault_text(&r, "message"));
		assert_string_equal(r.cells[0][0], "1");
		assert_string_equal(r.cells[0][1], "a");
		csv_faults_done(&r.faults);
	}
}

static void test_encodings(void **state)
{
	/* Windows-1258: "Họ tên" with the marks behind their letters, and đ. */
	static const char cp1258[] =
		"S\xf4\xec \xf0i\xea\xf2n thoa\xf2i;Ho\xf2 t\xean\r\n0900001001;\xd0\xf4\xec Lu\xde\r\n";
	static const char head[] = "phone\tname\n0900001001\tL";
	char utf16[128] = "\xff\xfe";
	size_t len = 2;
	struct result r;

	(void)state;
	read_text(&r, cp1258);
	assert_int_equal(r.faults.count, 0);
	assert_string_equal(r.cells[0][1], "Đố Lũ");
	csv_faults_done(&r.faults);
	for (const char *at = head; *at; at++) {
		utf16[len++] = *at;
		utf16[len++] = 0;
	}
	memcpy(utf16 + len, "\x69\x01", 2); /* ũ */
	len += 2;
	read_bytes(&r, utf16, len);
	assert_int_equal(r.faults.count, 0);
	assert_string_equal(r.cells[0][1], "Lũ");
	csv_faults_done(&r.faults);
	read_bytes(&r, utf16 + 2, len - 2);
	assert_int_equal(r.count, 1);
	csv_faults_done(&r.faults);
}

static void is_refused(const char *data, size_t len, int row, const char *column, const char *words)
{
	struct result r;

	read_bytes(&r, data, len);
	assert_int_equal(r.faults.count, 1);
	assert_int_equal(
		json_integer_value(json_object_get(json_array_get(r.faults.list, 0), "row")), row);
	assert_string_equal(fault_text(&r, "column"), column);
	if (!strstr(fault_text(&r, "message"), words))
		fail_msg("\"%s\" does not say %s", fault_text(&r, "message"), words);
	assert_true(fault_text(&r, "message_vi")[0]);
	csv_faults_done(&r.faults);
}
#define REFUSED(text, row, column, words) is_refused(text, sizeof(text) - 1, row, column, words)

static void test_faults_say_what_to_do(void **state)
{
	(void)state;
	REFUSED("", 1, "", "empty");
	REFUSED("\n\n", 3, "", "empty");
	REFUSED("phone\n1\n", 1, "name", "no such column");
	REFUSED("phone,name,SDT\n1,a,2\n", 1, "phone", "two such columns");
	REFUSED("phone,name\n1,\"a\n", 2, "", "quotation mark");
	REFUSED("PK\x03\x04\x14\x00\x06", 1, "", "no CSV");
	REFUSED("\xff\xd8\xff\xe0\x00\x10JFIF", 1, "", "no CSV");
	REFUSED("\xff\xfe"
		"a",
		1, "", "no CSV");
}

static void test_limits(void **state)
{
	char text[4096] = "phone,name\n";
	size_t len = strlen(text);
	struct result r;

	(void)state;
	memset(text + len, 'x', 300);
	len += 300;
	len += (size_t)snprintf(text + len, sizeof(text) - len, ",a\n");
	is_refused(text, len, 2, "phone", "too long");
	len = strlen("phone,name\n");
	for (int i = 0; i < ROWS; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%d,a\n", i);
	read_bytes(&r, text, len);
	assert_int_equal(r.count, ROWS - 1);
	assert_int_equal(r.faults.count, 1);
	assert_non_null(strstr(fault_text(&r, "message"), "too many rows"));
	csv_faults_done(&r.faults);
}

static void test_phones(void **state)
{
	static const struct {
		const char *text, *phone;
		bool is_mended;
	} phones[] = {
		{"0900001001", "+84900001001", false},
		{"0900 001 001", "+84900001001", false},
		{"'0900001001", "+84900001001", false},
		{"+84-900-001-001", "+84900001001", false},
		{"84900001001", "+84900001001", false},
		{"0084 900001001", "+84900001001", false},
		{"900001001", "+84900001001", true},
		{"(090) 000.1001", "+84900001001", false},
		{"01110001001", NULL, false},
		{"090000100", NULL, false},
		{"113", NULL, false},
		{"Viettel", NULL, false},
		{"", NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(phones); i++) {
		char phone[MSISDN_BYTES] = "?";
		bool is_mended = false;
		enum err err = resident_phone(phones[i].text, phone, &is_mended);

		if (err != (phones[i].phone ? ERR_OK : ERR_INVALID) ||
			(!err && (!str_eq(phone, phones[i].phone) ||
					 is_mended != phones[i].is_mended)))
			fail_msg("%s: %s %d", phones[i].text, phone, is_mended);
	}
}

/* Numbers of eleven digits, as they are today: the operator's part is another. */
static void test_old_phones(void **state)
{
	static const struct {
		const char *text, *head;
	} phones[] = {{"01680001001", "+8438"}, {"1680001001", "+8438"}, {"841680001001", "+8438"},
		{"+84 168 000 1001", "+8438"}, {"0199 000 1001", "+8459"},
		{"01200001001", "+8470"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(phones); i++) {
		char phone[MSISDN_BYTES] = "";
		bool is_mended = false;

		assert_int_equal(resident_phone(phones[i].text, phone, &is_mended), ERR_OK);
		assert_true(is_mended);
		if (!str_starts(phone, phones[i].head) || !str_eq(phone + 5, "0001001"))
			fail_msg("%s: %s", phones[i].text, phone);
	}
}

static void test_roles(void **state)
{
	static const struct {
		const char *text, *role;
	} roles[] = {{"", "member"}, {"Chủ hộ", "household_head"},
		{"household_head", "household_head"}, {"TRƯỞNG THÔN", "head"},
		{"truongthon", "head"}, {"Tổ trưởng dân phố", "head"},
		{"Bí thư chi bộ", "secretary"}, {"left", "left"}, {"Đã chuyển đi", "left"},
		{"volunteer", "volunteer"}, {"kẻ lạ", NULL}, {"?", NULL}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		char role[RESIDENT_ROLE_BYTES] = "";
		enum err err = resident_role(roles[i].text, role);

		if (err != (roles[i].role ? ERR_OK : ERR_INVALID) ||
			(!err && !str_eq(role, roles[i].role)))
			fail_msg("%s: %s", roles[i].text, role);
	}
}

static void test_a_roster(void **state)
{
	static const char text[] = "Ngày;Từ;Đến;Cán bộ;Thay cho\nT2;07:00;19:00;truc.ban;'-\n";
	struct roster_csv csv;
	const json_t *row;

	(void)state;
	assert_int_equal(roster_csv_read(text, strlen(text), &csv), ERR_OK);
	assert_int_equal(csv.faults.count, 0);
	row = json_array_get(csv.rows, 0);
	assert_string_equal(json_string_value(json_object_get(row, "day")), "T2");
	assert_string_equal(json_string_value(json_object_get(row, "rank")), "");
	assert_string_equal(json_string_value(json_object_get(row, "instead_of")), "-");
	assert_int_equal(json_integer_value(json_array_get(csv.lines, 0)), 2);
	roster_csv_done(&csv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_table_of_a_vietnamese_spreadsheet),
		cmocka_unit_test(test_delimiters),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_faults_say_what_to_do),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_phones),
		cmocka_unit_test(test_old_phones),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_a_roster),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
