/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/ledger_figures.h"

#include "store/internal.h"
#include "store/ledger_row.h"

enum err ledger_cells(struct store *store, int64_t delivery_id, ledger_cell_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEDGER_CELLS);
	enum err err;

	sqlite3_bind_int64(stmt, 1, delivery_id);
	while (!(err = stmt_row(store, stmt))) {
		struct ledger_cell cell = {.place_id = sqlite3_column_int64(stmt, 0),
			.state = ledger_read_state(stmt, 1),
			.is_head = sqlite3_column_int(stmt, 4),
			.count = sqlite3_column_int64(stmt, 5),
			.cost = sqlite3_column_int64(stmt, 6),
			.confirmed = sqlite3_column_int64(stmt, 7)};

		copy_column(stmt, 2, cell.channel, sizeof(cell.channel));
		copy_column(stmt, 3, cell.reason, sizeof(cell.reason));
		fn(arg, &cell);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err ledger_told_ms(struct store *store, int64_t delivery_id, int64_t n, int64_t *ret_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEDGER_TOLD);

	sqlite3_bind_int64(stmt, 1, delivery_id);
	sqlite3_bind_int64(stmt, 2, n - 1);
	return stmt_int64(store, stmt, ret_ms);
}
