/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What became of a bulletin: whom it reached, by which way, how fast, at which cost. Counts of
 * people, and none of so few that one could be told who they are (small_cells.h).
 */
#ifndef BINHYEN_DESK_BULLETIN_FIGURES_H
#define BINHYEN_DESK_BULLETIN_FIGURES_H

#include "daemon/desk/small_cells.h"
#include "store/ledger_figures.h"

struct desk;

#define FIGURES_CELLS_MAX 16
#define FIGURES_PLACES_MAX \
	256 /* a commune has some 20 hamlets, and agencies, schools, enterprises */
#define FIGURES_NOT_REACHED (-1)

struct figures_channel {
	char channel[16];
	int64_t told; /* FIGURES_HIDDEN */
	int64_t cost; /* đồng; hidden with them */
};
struct figures_reason {
	char reason[LEDGER_REASON_BYTES];
	int64_t people; /* FIGURES_HIDDEN */
};
struct figures_place {
	int64_t place_id;     /* 0 none */
	int64_t people, told; /* FIGURES_HIDDEN */
};
struct bulletin_figures {
	int64_t people; /* it was for; those who are not to be told left out */
	int64_t told, under_way, in_doubt, not_told;
	int64_t skipped; /* who refused, or is blocked */
	int64_t heads, heads_confirmed;
	int64_t cost;
	/* From its start until half, nine tenths and all of `people` were told;
	 * FIGURES_NOT_REACHED. */
	int64_t half_ms, most_ms, all_ms;
	struct figures_channel channels[FIGURES_CELLS_MAX];
	int channel_count;
	struct figures_reason reasons[FIGURES_CELLS_MAX]; /* why not told, or skipped */
	int reason_count;
	struct figures_place places[FIGURES_PLACES_MAX];
	int place_count;
};
/* ERR_NOT_FOUND: it was never sent. */
MUST_CHECK
enum err desk_bulletin_figures(
	struct desk *desk, int64_t bulletin_id, struct bulletin_figures *ret_figures);

#endif
