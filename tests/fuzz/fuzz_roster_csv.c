/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A roster from anybody's spreadsheet: every row that is read has all its cells, and is told of
 * once.
 */
#include "daemon/base/str.h"
#include "daemon/desk/roster_csv.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"day", "from", "to", "rank", "officer", "instead_of"};
	struct roster_csv csv;
	const json_t *row;
	size_t i;

	CHECK(!roster_csv_read((const char *)data, size, &csv));
	CHECK(json_array_size(csv.faults.list) <= CSV_FAULTS_MAX);
	CHECK(json_array_size(csv.rows) <= ROSTER_CSV_ROWS_MAX);
	CHECK(json_array_size(csv.rows) == json_array_size(csv.lines));
	json_array_foreach (csv.rows, i, row) {
		for (size_t c = 0; c < ARRAY_LEN(names); c++) {
			const char *text = json_string_value(json_object_get(row, names[c]));

			CHECK(text && strlen(text) < CSV_CELL_BYTES);
			CHECK(!text[0] || !strchr(" \t\n", text[0]));
		}
	}
	roster_csv_done(&csv);
	return 0;
}
