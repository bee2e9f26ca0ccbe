/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a table may be told to who reads no report. A whole and its parts are told, but no part
 * of so few that one could say who they are, and none that could be had by subtraction:
 *
 *   1. a part of 1 to FIGURES_SMALL - 1 is hidden;
 *   2. with it so many more, smallest first and equal ones together, that at least two are hidden,
 *      that they are not all the same, and that they make at least FIGURES_SMALL together, since
 *      the whole tells their sum; parts of none are hidden last;
 *   3. all of them, where anything is hidden and the whole is no more than there are parts: it
 *      could be one in each.
 *
 * Equal parts are treated alike, wherever they stand: whoever knows this rule can exchange the
 * hidden parts among themselves and gets the same table. So none of them is known, except where the
 * whole has one part only. Pure: a test looks at every small table as one who knows the rule.
 *
 * The rule holds for one whole. Wholes that overlap (a month and its weeks, the year until
 * yesterday and until today) could be subtracted from each other, so that parts are told of one
 * scale only: figures.h.
 */
#ifndef BINHYEN_DESK_SMALL_CELLS_H
#define BINHYEN_DESK_SMALL_CELLS_H

#include <stdint.h>

#define FIGURES_SMALL  5
#define FIGURES_HIDDEN (-1)

/* cells: the parts of a whole that is told, 0 or more each; those that are FIGURES_HIDDEN already
 * were hidden for a reason of their own. */
void figures_hide(int64_t *const cells[], int count);

#endif
