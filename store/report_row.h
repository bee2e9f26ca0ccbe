/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the files of store/ that read rows of REPORT_COLUMNS. */
#ifndef BINHYEN_STORE_REPORT_ROW_H
#define BINHYEN_STORE_REPORT_ROW_H

#include "store/internal.h"
#include "store/report.h"

/* The row that the statement stands on. */
void report_read(sqlite3_stmt *stmt, struct report *ret_report);
/* Gives every row that the bound statement finds. */
MUST_CHECK
enum err report_give_all(struct store *store, sqlite3_stmt *stmt, report_fn fn, void *arg);

#endif
