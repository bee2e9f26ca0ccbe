/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of residents as a spreadsheet saves it: CSV in UTF-8, separated by commas, semicolons or
 * tabs, with a first row that names the columns phone, name, place and, if wanted, role (also in
 * Vietnamese). Everything that is wrong is told with its row and column, and without the cell.
 */
#ifndef BINHYEN_CTL_RESIDENT_CSV_H
#define BINHYEN_CTL_RESIDENT_CSV_H

#include "daemon/base/err.h"

#include <jansson.h>
#include <stddef.h>

#define RESIDENT_CSV_BYTES_MAX (8 * 1024 * 1024)
#define RESIDENT_CSV_ROWS_MAX  50000 /* a commune has some 20,000 people */
#define RESIDENT_FAULTS_MAX    50    /* told; all are counted */

struct resident_csv {
	json_t *rows;	/* owned: [{"row":12,"phone","name","place","role"}] */
	json_t *faults; /* owned: [{"row":12,"message"}] */
	int fault_count;
	int mended; /* numbers whose leading 0 the spreadsheet had dropped */
};
/* ERR_OK also with faults; ERR_NOMEM. Free with resident_csv_done. */
MUST_CHECK
enum err resident_csv_read(const char *data, size_t len, struct resident_csv *ret_csv);
void resident_csv_done(struct resident_csv *csv);

#endif
