/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which slot may be deleted. A slot is told to the daemon (perhaps more than once, as long as it
 * does not answer) and `stored` frees it. The danger is a `stored` that was on its way while its
 * slot was freed and filled anew: it must not delete a message that nobody has stored. So tellings
 * and answers are counted, in order, and an answer to a telling from before the last deletion
 * counts for nothing. Pure bookkeeping: no clock and no modem.
 */
#ifndef BINHYEN_GATEWAY_SLOTS_H
#define BINHYEN_GATEWAY_SLOTS_H

#include "daemon/base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define SLOTS_MAX 1024 /* two memories of the largest size that a `listed` line can say */

/* A telling that was not answered for this long never will be; the daemon kills us sooner. */
#define SLOTS_ANSWER_MS (120 * INT64_C(1000))

struct slot {
	char mem[4];
	int slot;
	uint32_t told, answered; /* how often, ever */
	uint32_t freed_at;	 /* value of `told` when it was last freed */
	int64_t told_ms, freed_ms;
	bool is_deletable; /* answered, not yet deleted */
};

struct slots {
	struct slot *table; /* SLOTS_MAX, owned */
	int count;
	int deletable;
};

MUST_CHECK
enum err slots_init(struct slots *slots);
void slots_done(struct slots *slots);

/* May it be told now? Not within again_ms of the last time, nor while its deletion is due. Counts
 * it as told when true. False also when the table is full: it stays on the SIM. */
bool slots_tell(struct slots *slots, const char *mem, int slot, int64_t now_ms, int64_t again_ms);

/* `stored` came. True: the slot is now due for deletion. */
bool slots_answer(struct slots *slots, const char *mem, int slot, int64_t now_ms);

/* Told and not yet deleted: what the slot holds is known. */
bool slots_is_held(struct slots *slots, const char *mem, int slot);

/* How many of a memory are. */
int slots_held(const struct slots *slots, const char *mem);

/* One that is due for deletion, NULL when there is none. */
struct slot *slots_next_deletable(struct slots *slots);

/* It was deleted (or could not be: then it is told again at the next listing). */
void slots_freed(struct slots *slots, struct slot *slot, bool is_freed, int64_t now_ms);

/* After a reconnect the SIM may be another: whatever is still to be answered counts for nothing. */
void slots_forget(struct slots *slots, int64_t now_ms);

#endif
