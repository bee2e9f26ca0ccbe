/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading rows of the outbox, for outbox.c, outbox_list.c, outbox_part.c and outbox_piece.c. */
#ifndef BINHYEN_STORE_OUTBOX_ROW_H
#define BINHYEN_STORE_OUTBOX_ROW_H

#include "store/internal.h"
#include "store/outbox.h"

/* Columns as in OUTBOX_COLUMNS. */
void outbox_read_row(sqlite3_stmt *stmt, struct outbox_row *row);
/* The first row behind `after_id` of a statement that takes channel and id; NOT_FOUND at the end. A
 * row at a time, so that whoever is given it may move it. */
MUST_CHECK
enum err outbox_row_after(struct store *store, enum stmt_id stmt_id, enum channel_kind channel,
	int64_t after_id, struct outbox_row *ret_row);
enum err err_from_name(const char *name);

#endif
