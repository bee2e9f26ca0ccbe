/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table from anybody's spreadsheet: whatever is read has clean cells, rows count upwards, and
 * each fault is told. Phones and roles are whatever stands in a cell. */
#include "daemon/base/str.h"
#include "daemon/desk/csv_table.h"
#include "daemon/desk/resident_import.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROWS_MAX 100

static const struct csv_column columns[] = {
	{"phone", {"phone", "sodienthoai", "sdt"}, true},
	{"name", {"name", "hoten", "hovaten"}, true},
	{"role", {"role", "vaitro"}, false},
};

struct rows {
	struct csv_faults faults;
	int count, last;
};

static enum err take_row(void *arg, char *cells[CSV_COLUMNS_MAX])
{
	struct rows *rows = arg;
	char phone[MSISDN_BYTES], role[RESIDENT_ROLE_BYTES];
	bool is_mended;

	CHECK(++rows->count <= ROWS_MAX);
	CHECK(rows->faults.row > rows->last);
	rows->last = rows->faults.row;
	for (int c = 0; c < CSV_COLUMNS_MAX; c++) {
		size_t len = strlen(cells[c]);

		CHECK(len < CSV_CELL_BYTES && str_is_utf8(cells[c], len));
		CHECK(!len ||
			(!strchr(" \t\n", cells[c][0]) && !strchr(" \t\n", cells[c][len - 1])));
	}
	if (!resident_phone(cells[0], phone, &is_mended))
		CHECK(phone[0] == '+' && strlen(phone) > 8);
	if (!resident_role(cells[2], role))
		CHECK(role[0]);
	return ERR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rows rows = {.count = 0};
	struct csv_table table = {.columns = columns,
		.count = ARRAY_LEN(columns),
		.rows_max = ROWS_MAX,
		.row = take_row,
		.arg = &rows,
		.faults = &rows.faults};

	CHECK(!csv_faults_init(&rows.faults));
	CHECK(!csv_table_read(&table, (const char *)data, size));
	CHECK(json_array_size(rows.faults.list) <= CSV_FAULTS_MAX);
	CHECK((size_t)rows.faults.count >= json_array_size(rows.faults.list));
	CHECK(rows.count || rows.faults.count || table.has[0]);
	csv_faults_done(&rows.faults);
	return 0;
}
