/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Figures of the register and of the plan's targets, as they are printed and shown to people who
 * read no report: counts over time by hamlet and by category, where what is so small that it would
 * tell of a person is hidden (small_cells.h; the commune's totals are told).
 *
 * By hamlet and category only whole months are told, and the running one until today: days, weeks
 * and months that are cut short could be taken from the month they are of, and what is hidden in
 * one of them would be the rest. No other table tells how many reports a hamlet had.
 */
#ifndef BINHYEN_DESK_FIGURES_H
#define BINHYEN_DESK_FIGURES_H

#include "daemon/desk/bulletin_figures.h"
#include "daemon/desk/category.h"
#include "store/figures.h"

#define FIGURES_PERIODS_MAX 62 /* two months of days, five years of months: a plot's width */

enum figures_by { FIGURES_BY_DAY, FIGURES_BY_WEEK, FIGURES_BY_MONTH };

struct figures_row {
	char code[PLACE_CODE_BYTES];	     /* of a category or a hamlet; "" unknown */
	int64_t counts[FIGURES_PERIODS_MAX]; /* FIGURES_HIDDEN: too few, or no whole month */
};
struct figures {
	int periods;
	int64_t days[FIGURES_PERIODS_MAX + 1]; /* each begins there and ends before the next */
	int64_t reports[FIGURES_PERIODS_MAX], answered[FIGURES_PERIODS_MAX];
	struct figures_row categories[CATEGORY_COUNT];
	struct figures_row hamlets[FIGURES_PLACES_MAX];
	int hamlet_count;
};
/* From from_day to to_day, both included, days since 1970-01-01 in Vietnam; weeks begin on Monday,
 * the first and last period may be cut short. ERR_INVALID: the other way round; ERR_TOO_BIG: more
 * periods than fit. */
MUST_CHECK
enum err desk_figures(struct desk *desk, int64_t from_day, int64_t to_day, enum figures_by by,
	struct figures *ret_figures);

#endif
