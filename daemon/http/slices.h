/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An answer that is made in slices, some milliseconds in one turn of the loop each, so that others
 * are answered between them.
 *
 *     slices_begin ──→ slice ──→ commit ──→ slice ──→ … ──→ last slice ──→ commit ──→ the answer
 *
 * What one slice wrote is committed before the next begins, and the last one before the answer
 * leaves; a commit that fails ends it. Before each slice it is asked anew who the caller is: who
 * has logged out, or may not call this any more, is given nothing of what was made. No transaction
 * and no statement is open between two slices, so each sees the database as it is then. When the
 * client is gone, or binhyend ends, it is given up at once.
 */
#ifndef BINHYEN_HTTP_SLICES_H
#define BINHYEN_HTTP_SLICES_H

#include "daemon/base/err.h"

#include <stdbool.h>

struct http;
struct http_request;

struct slices_ops {
	/* Makes some more of it; *ret_is_done: that was the last. What it writes stays when it
	 * fails or a later one does: it writes last, and what means something by itself. */
	enum err (*step)(void *job, struct http_request *req, bool *ret_is_done, struct errbuf *eb);
	/* Fills in the answer: one http_reply_*(). */
	void (*answer)(void *job, struct http_request *req);
	void (*free)(void *job);
};

/* At a time, of one door: each holds a table of some megabytes. */
#define SLICES_AT_ONCE 2

/* Within the handler of a write. Takes over the job, also on failure: ERR_BUSY, when so many are
 * made already. */
MUST_CHECK
enum err slices_begin(
	struct http_request *req, const struct slices_ops *ops, void *job, struct errbuf *eb);

/* The request is cut off; one that has none is fine. */
void slices_forget(struct http *http, const struct http_request *req);

#endif
