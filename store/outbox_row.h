/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading rows of the outbox, for outbox.c, outbox_list.c and outbox_part.c. */
#ifndef BINHYEN_STORE_OUTBOX_ROW_H
#define BINHYEN_STORE_OUTBOX_ROW_H

#include "store/internal.h"
#include "store/outbox.h"

/* Columns as in OUTBOX_COLUMNS. */
void outbox_read_row(sqlite3_stmt *stmt, struct outbox_row *row);
enum err err_from_name(const char *name);

#endif
