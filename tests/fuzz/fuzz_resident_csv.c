/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of residents from anybody's spreadsheet: whatever is read is a clean row, and is told
 * once. */
#include "daemon/base/str.h"
#include "daemon/ctl/resident_csv.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cell(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	CHECK(text && text[0] && strlen(text) < 300 && text[0] != '=' && text[0] != '@');
	CHECK(!strchr(" \t\n", text[0]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct resident_csv csv;
	json_int_t last = 1;
	const json_t *row;
	size_t i;

	CHECK(!resident_csv_read((const char *)data, size, &csv));
	CHECK(json_array_size(csv.faults) <= RESIDENT_FAULTS_MAX);
	CHECK((size_t)csv.fault_count >= json_array_size(csv.faults));
	json_array_foreach (csv.rows, i, row) {
		json_int_t number = json_integer_value(json_object_get(row, "row"));

		CHECK(number > last);
		last = number;
		check_cell(row, "phone");
		check_cell(row, "name");
		check_cell(row, "place");
		check_cell(row, "role");
	}
	resident_csv_done(&csv);
	return 0;
}
