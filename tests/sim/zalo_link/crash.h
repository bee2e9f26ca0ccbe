/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a daemon does while it dies everywhere (crash.c). */
#ifndef BINHYEN_SIM_ZALO_LINK_CRASH_H
#define BINHYEN_SIM_ZALO_LINK_CRASH_H

#include "tests/sim/zalo_link/world.h"

struct crash_scene {
	const char *name;
	bool has_groups;
	int64_t life_ms, recover_ms; /* the first life, and each one after a death */
	int least;		     /* points; with fewer nothing was done */
	/* Once in each life, and up to that time (monotonic). */
	void (*begin)(struct world *w, bool is_first);
	void (*live)(struct world *w, int64_t until_ms);
	/* What is wrong in the end, said on stderr. */
	int (*check)(struct world *w, const char *when);
};
extern const struct crash_scene crash_sends, crash_groups;

#endif
