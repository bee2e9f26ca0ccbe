/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wall clock jumped: every time that something waits for jumps along, so that what had an hour
 * left still has one. What has happened keeps the time that was written beside it.
 */
#ifndef BINHYEN_STORE_REBASE_H
#define BINHYEN_STORE_REBASE_H

#include "store/store.h"

/* Rows of the outbox that are not final (due, deadline, expiry, the claim by whose age a doubt is
 * settled) and their segments, acts with groups likewise, alarms and deliveries, what the caps
 * count, long messages that wait for parts, conversations in the menu and what is left of them;
 * legal time goes on as if nothing had been set. */
MUST_CHECK
enum err store_rebase(struct store *store, int64_t by_ms);
/* The latest time that this store knew to have passed when it was opened, 0 in a new one. */
int64_t store_last_ms(struct store *store);

#endif
