/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A duty roster from a spreadsheet (csv_table.h): the columns day, from, to, officer and, if
 * wanted, rank and instead_of, also by their Vietnamese names. What a cell means roster_text.h
 * decides.
 */
#ifndef BINHYEN_DESK_ROSTER_CSV_H
#define BINHYEN_DESK_ROSTER_CSV_H

#include "daemon/desk/csv_table.h"

#define ROSTER_CSV_BYTES_MAX (512 * 1024) /* five hundred rows have 30 KB */
#define ROSTER_CSV_ROWS_MAX  500	  /* a roster has no more shifts */

struct roster_csv {
	json_t *rows;  /* owned: [{"day","from","to","rank","officer","instead_of"}] */
	json_t *lines; /* owned: the row of the file in which each of them stands */
	struct csv_faults faults;
};
/* ERR_OK also with faults; ERR_NOMEM. Free with roster_csv_done. */
MUST_CHECK
enum err roster_csv_read(const char *data, size_t len, struct roster_csv *ret_csv);
void roster_csv_done(struct roster_csv *csv);

#endif
