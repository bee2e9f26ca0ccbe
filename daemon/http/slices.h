/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An answer that is made in slices, some milliseconds in one turn of the loop each, so that others
 * are answered between them.
 *
 *     slices_begin ──→ slice ──→ commit ──→ slice ──→ … ──→ last slice ──→ commit ──→ the answer
 *               └──→ work ──→┘                                  └──→ rest ──→ commit ──→ rest ──→ …
 *
 * What one slice wrote is committed before the next begins, and the last one before the answer
 * leaves; a commit that fails ends it. Before each slice it is asked anew who the caller is: who
 * has logged out, or may not call this any more, is given nothing of what was made. No transaction
 * and no statement is open between two slices, so each sees the database as it is then. When the
 * client is gone, or binhyend ends, it is given up at once.
 *
 * What takes long and needs no turn may go before, in a thread of the pool; and what is worth
 * keeping of it may be stored behind the answer, or without one, in slices as well.
 */
#ifndef BINHYEN_HTTP_SLICES_H
#define BINHYEN_HTTP_SLICES_H

#include "daemon/base/err.h"

#include <stdbool.h>

struct http;
struct http_request;

enum slices_kind {
	SLICES_TABLE,
	SLICES_SEARCH,
};

struct slices_ops {
	enum slices_kind kind;
	/* Makes some more of it; *ret_is_done: that was the last. What it writes stays when it
	 * fails or a later one does: it writes last, and what means something by itself. */
	enum err (*step)(void *job, struct http_request *req, bool *ret_is_done, struct errbuf *eb);
	/* Fills in the answer: one http_reply_*(). */
	void (*answer)(void *job, struct http_request *req);
	void (*free)(void *job);
	/* In a thread of the pool, before the first slice; NULL nothing. stop: it returns soon. */
	enum err (*work)(void *job);
	void (*stop)(void *job);
	/* Once the request is over, answered or not: stores some more. NULL nothing. While another
	 * job of this kind does so it is left out. */
	enum err (*rest)(void *job, bool *ret_is_done);
};

/* Of one door. A table has some megabytes, a search what it brings home. */
#define SLICES_AT_ONCE	 2
#define SEARCHES_AT_ONCE 1

/* Within the handler of a write. Takes over the job, also on failure: ERR_BUSY, when so many of its
 * kind are made already. */
MUST_CHECK
enum err slices_begin(
	struct http_request *req, const struct slices_ops *ops, void *job, struct errbuf *eb);

/* The request is cut off; one that has none is fine. */
void slices_forget(struct http *http, const struct http_request *req);

#endif
