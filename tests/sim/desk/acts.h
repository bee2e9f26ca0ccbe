/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can happen in a commune, each done to the box and to the model. What can't be done just now
 * (nobody has written yet) is left out. */
#ifndef BINHYEN_TESTS_SIM_DESK_ACTS_H
#define BINHYEN_TESTS_SIM_DESK_ACTS_H

#include "tests/sim/desk/compare.h"

typedef void (*act_fn)(struct history *h);
struct act {
	const char *name;
	act_fn fn;
	int weight;
};
/* Ends with name NULL. */
extern const struct act acts_of_residents[], acts_on_reports[], acts_of_law[], acts_of_staff[],
	acts_of_time[];

/* Choices, all from the random numbers of the act. */
int choose_below(struct history *h, int bound);
bool choose_one_in(struct history *h, int of);
int choose_report(struct history *h); /* NOBODY: there is none */
/* Who works on it: mostly one who reads it. NOBODY: the office, or nobody may. *ret_may: somebody
 * may. */
int choose_actor(struct history *h, int report, bool *ret_may);

/* An officer sits down at the desk, does something in a savepoint of its own, and stands up. */
struct deed {
	struct history *h;
	int by;
	char actor[48];
	struct key_holder holder;
	struct errbuf eb;
};
void deed_begin(struct deed *d, struct history *h, int by);
/* Ends it; `err` must be what the model says. True when it was done. */
bool deed_end(struct deed *d, const char *what, enum err err, enum err expected);

#endif
