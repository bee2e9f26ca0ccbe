/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Goes through the whole log, a piece at a time, on a connection of its own that only reads: in a
 * thread beside the loop, or on a file that no daemon has open (a backup). Each piece is a short
 * read, so that it never keeps the journal from being folded in.
 */
#ifndef BINHYEN_STORE_EVENT_WALK_H
#define BINHYEN_STORE_EVENT_WALK_H

#include "store/event_seal.h"

struct event_walk;

/* vault: borrowed. NOT_FOUND: no such file; WRONG_KEY: sealed with another box key; CORRUPT: no
 * database of ours. */
MUST_CHECK
enum err event_walk_open(const char *path, const struct vault *vault, struct event_walk **ret_walk,
	struct errbuf *eb);
/* The next `rows` rows. *ret_is_done: the end was reached or a fault was found. An error is one of
 * reading. */
MUST_CHECK
enum err event_walk_step(struct event_walk *walk, int rows, bool *ret_is_done);

struct event_walk_result {
	struct event_finding finding;
	struct event_head last; /* of what was good */
	int64_t keyed_from;	/* the first row whose hash is keyed; INT64_MAX none */
};
struct event_walk_result event_walk_result(const struct event_walk *walk);
/* NULL is fine. */
void event_walk_close(struct event_walk *walk);

#endif
