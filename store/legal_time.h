/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The time by which legal clocks run (design.md §7): the wall clock less what it has jumped since
 * it was last known to be right. A jump (rebase.h) therefore neither fires nor skips anything; once
 * the clock is known to be right, legal time is the wall clock again, and what began meanwhile
 * moves with it (report_clock.h).
 */
#ifndef BINHYEN_STORE_LEGAL_TIME_H
#define BINHYEN_STORE_LEGAL_TIME_H

#include "daemon/base/buf.h"
#include "store/store.h"

struct legal_time {
	int64_t skew_ms; /* wall clock minus legal time */
	int64_t told_ms; /* when officers were last told of clocks; 0 never */
};
MUST_CHECK
enum err legal_time_load(struct store *store, struct legal_time *ret_time);
MUST_CHECK
enum err legal_time_save(struct store *store, const struct legal_time *time);

/* A record of the law is kept, once; the same one again gets the same id. */
MUST_CHECK
enum err regime_record_keep(struct store *store, const char *class, int64_t from_day,
	const char *body, int64_t *ret_id);
MUST_CHECK
enum err regime_record_body(struct store *store, int64_t id, struct buf *out);

#endif
