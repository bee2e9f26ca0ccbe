/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/small_cells.h"

#include <stdbool.h>

/* What is hidden when all from 1 to `upto` are. */
struct hidden {
	int cells;
	int64_t sum;
	int64_t least, most;
	int others;   /* hidden before, of unknown size */
	int64_t next; /* the smallest that is left; 0 none */
	int64_t whole;
};

static struct hidden hidden_upto(int64_t *const cells[], int count, int64_t upto)
{
	struct hidden h = {.cells = 0};

	for (int i = 0; i < count; i++) {
		int64_t cell = *cells[i];

		if (cell == FIGURES_HIDDEN)
			h.others++;
		else
			h.whole += cell;
		if (cell > upto && (!h.next || cell < h.next))
			h.next = cell;
		if (cell <= 0 || cell > upto)
			continue;
		h.least = !h.cells || cell < h.least ? cell : h.least;
		h.most = cell > h.most ? cell : h.most;
		h.sum += cell;
		h.cells++;
	}
	return h;
}

static bool is_safe(const struct hidden *h)
{
	if (h->others)
		return h->others + h->cells > 1;
	return h->cells > 1 && h->least < h->most && h->sum >= FIGURES_SMALL;
}

void figures_hide(int64_t *const cells[], int count)
{
	int64_t upto = FIGURES_SMALL - 1;
	struct hidden h = hidden_upto(cells, count, upto);
	bool has_none;

	if (!h.cells && !h.others)
		return;
	while (!is_safe(&h) && h.next) {
		upto = h.next;
		h = hidden_upto(cells, count, upto);
	}
	/* One in each part: there is no other table in which all are hidden, unless those of the
	 * same whole are treated alike. */
	has_none = !is_safe(&h) || (!h.others && h.whole <= count);
	upto = has_none ? INT64_MAX : upto;
	for (int i = 0; i < count; i++) {
		if (*cells[i] <= upto && (*cells[i] > 0 || has_none))
			*cells[i] = FIGURES_HIDDEN;
	}
}
