/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/roster_csv.h"

#include "daemon/base/str.h"

#include <string.h>

#define COLUMNS 6

static const struct csv_column columns[COLUMNS] = {
	{"day", {"day", "ngay", "thu"}, true},
	{"from", {"from", "tu", "tugio"}, true},
	{"to", {"to", "den", "dengio"}, true},
	{"officer", {"officer", "canbo", "nguoitruc"}, true},
	{"rank", {"rank", "thutu"}, false},
	{"instead_of", {"insteadof", "thaycho", "thay"}, false},
};

static enum err take_row(void *arg, char *cells[CSV_COLUMNS_MAX])
{
	struct roster_csv *csv = arg;
	json_t *row = json_object();

	for (int c = 0; row && c < COLUMNS; c++) {
		/* "-" is nobody, which an export keeps from a spreadsheet's formulas. */
		const char *cell = str_eq(cells[c], "'-") ? "-" : cells[c];

		if (json_object_set_new(row, columns[c].name, json_string(cell))) {
			json_decref(row);
			row = NULL;
		}
	}
	if (!row || json_array_append_new(csv->rows, row) ||
		json_array_append_new(csv->lines, json_integer(csv->faults.row)))
		return ERR_NOMEM;
	return ERR_OK;
}

enum err roster_csv_read(const char *data, size_t len, struct roster_csv *ret_csv)
{
	struct roster_csv csv = {.rows = json_array(), .lines = json_array()};
	struct csv_table table = {.columns = columns,
		.count = COLUMNS,
		.rows_max = ROSTER_CSV_ROWS_MAX,
		.row = take_row,
		.arg = &csv,
		.faults = &csv.faults};
	enum err err = csv_faults_init(&csv.faults);

	if (!err && (!csv.rows || !csv.lines))
		err = ERR_NOMEM;
	if (!err)
		err = csv_table_read(&table, data, len);
	if (err) {
		roster_csv_done(&csv);
		return err;
	}
	*ret_csv = csv;
	return ERR_OK;
}

void roster_csv_done(struct roster_csv *csv)
{
	json_decref(csv->rows);
	json_decref(csv->lines);
	csv_faults_done(&csv->faults);
	*csv = (struct roster_csv){0};
}
