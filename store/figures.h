/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts for the yearly review. Of reports only those of the register that anybody may know of are
 * counted: the same figures for everybody, and no trace of a complaint about an officer, also
 * before there are officers to keep it from. */
#ifndef BINHYEN_STORE_FIGURES_H
#define BINHYEN_STORE_FIGURES_H

#include "store/place.h"

/* Reports of a hamlet ("" unknown) and a category. Texts are borrowed for the call. */
struct report_cell {
	const char *hamlet, *category;
	int64_t reports, answered; /* answered: not open any more */
};
typedef void (*report_cell_fn)(void *arg, const struct report_cell *cell);
/* Received from from_ms on and before to_ms. */
MUST_CHECK
enum err report_cells(
	struct store *store, int64_t from_ms, int64_t to_ms, report_cell_fn fn, void *arg);

/* A place and who of it is in the registry. on_zalo: households with somebody who is there. */
struct place_cell {
	const char *code, *name;
	enum place_kind kind;
	int64_t people, households, on_zalo;
};
typedef void (*place_cell_fn)(void *arg, const struct place_cell *cell);
MUST_CHECK
enum err place_cells(struct store *store, place_cell_fn fn, void *arg);

#endif
