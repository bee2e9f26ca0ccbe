/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table as a spreadsheet saves it, read row by row: CSV separated by commas, semicolons or tabs,
 * in UTF-8 (with or without its mark), UTF-16 ("Unicode text" of Excel) or Windows-1258, with a
 * first row that names the columns in any order, in English or Vietnamese, with or without marks.
 * Cells come as NFC without the blanks around them. Whatever is wrong is told with its row and
 * column in both languages, never with what stands in the cell. Pure.
 */
#ifndef BINHYEN_DESK_CSV_TABLE_H
#define BINHYEN_DESK_CSV_TABLE_H

#include "daemon/base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define CSV_COLUMNS_MAX 8
#define CSV_TITLES_MAX	8
#define CSV_CELL_BYTES	256  /* a longer cell is a fault */
#define CSV_FAULTS_MAX	1000 /* told; all are counted */

/* titles: letters only, without marks and capitals ("sodienthoai"); NULL ends them. */
struct csv_column {
	const char *name; /* in messages and for code */
	const char *titles[CSV_TITLES_MAX];
	bool is_required;
};

struct csv_faults {
	json_t *list; /* owned: [{"row","column","message","message_vi"}]; "column" may be missing
		       */
	int count;
	int row; /* which is being read, from 1, as the spreadsheet numbers them */
	bool is_row_bad;
	enum err err; /* NOMEM */
};
MUST_CHECK
enum err csv_faults_init(struct csv_faults *faults);
void csv_faults_done(struct csv_faults *faults);
/* In the row that is being read, a message as those of errbuf_set; column NULL: of the whole row or
 * file. */
void csv_fault(struct csv_faults *faults, const char *column, const char *fmt, ...)
	PRINTF_LIKE(3, 4);
void csv_vfault(struct csv_faults *faults, const char *column, const char *fmt, va_list ap)
	PRINTF_LIKE(3, 0);

struct csv_table {
	const struct csv_column *columns;
	int count; /* of columns */
	int rows_max;
	/* A row that has text; cells[i] of columns[i], "" when it is empty or the column is not
	 * there. They may be written to. What it returns ends the reading. */
	enum err (*row)(void *arg, char *cells[CSV_COLUMNS_MAX]);
	void *arg;
	struct csv_faults *faults;
	bool has[CSV_COLUMNS_MAX]; /* set: the first row names this column */
};
/* ERR_OK also with faults. After a row with a fault of the table itself (a quotation mark is
 * missing) nothing more is read. */
MUST_CHECK
enum err csv_table_read(struct csv_table *table, const char *data, size_t len);

/* A word of a title, a role, a hamlet's name: letters and digits without marks and capitals. */
void csv_fold(const char *text, char *folded, size_t bytes);

#endif
