/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ledger of a delivery in numbers. */
#ifndef BINHYEN_STORE_LEDGER_FIGURES_H
#define BINHYEN_STORE_LEDGER_FIGURES_H

#include "store/ledger.h"

struct ledger_cell {
	int64_t place_id;
	enum ledger_state state;
	char channel[16];
	char reason[LEDGER_REASON_BYTES];
	bool is_head;
	int64_t count, cost, confirmed;
};
typedef void (*ledger_cell_fn)(void *arg, const struct ledger_cell *cell);
/* All rows in cells, by place. Reads the whole ledger: on a person's demand. */
MUST_CHECK
enum err ledger_cells(struct store *store, int64_t delivery_id, ledger_cell_fn fn, void *arg);
/* When the n-th (from 1) of those who were told was told; ERR_NOT_FOUND: they are fewer. */
MUST_CHECK
enum err ledger_told_ms(struct store *store, int64_t delivery_id, int64_t n, int64_t *ret_ms);

#endif
