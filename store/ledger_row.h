/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading rows of the ledger, for ledger.c and ledger_list.c. */
#ifndef BINHYEN_STORE_LEDGER_ROW_H
#define BINHYEN_STORE_LEDGER_ROW_H

#include "store/internal.h"
#include "store/ledger.h"

/* Columns as in LEDGER_COLUMNS. */
void ledger_read_row(sqlite3_stmt *stmt, struct ledger_row *row);
enum ledger_state ledger_read_state(sqlite3_stmt *stmt, int column);

#endif
