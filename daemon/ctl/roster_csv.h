/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A duty roster as a spreadsheet saves it: CSV in UTF-8, separated by commas, semicolons or tabs,
 * with a first row that names the columns day, from, to, rank, officer, instead_of (also in
 * Vietnamese). What a cell means the daemon decides; what is no table is told with its row.
 */
#ifndef BINHYEN_CTL_ROSTER_CSV_H
#define BINHYEN_CTL_ROSTER_CSV_H

#include "daemon/base/err.h"

#include <jansson.h>
#include <stddef.h>

#define ROSTER_CSV_BYTES_MAX (1024 * 1024)
#define ROSTER_CSV_ROWS_MAX  500 /* the daemon takes no more */
#define ROSTER_FAULTS_MAX    50	 /* told; all are counted */

struct roster_csv {
	json_t *rows;	/* owned: [{"day","from","to","rank","officer","instead_of"}] */
	json_t *lines;	/* owned: the row of the file in which each of them stands */
	json_t *faults; /* owned: [{"row":12,"message"}] */
	int fault_count;
};
/* ERR_OK also with faults; ERR_NOMEM. Free with roster_csv_done. */
MUST_CHECK
enum err roster_csv_read(const char *data, size_t len, struct roster_csv *ret_csv);
void roster_csv_done(struct roster_csv *csv);

#endif
