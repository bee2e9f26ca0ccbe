/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Within desk/feed*.c: what an item becomes as a bulletin. */
#ifndef BINHYEN_DESK_FEED_PRIVATE_H
#define BINHYEN_DESK_FEED_PRIVATE_H

#include "daemon/desk/desk_private.h"
#include "daemon/desk/feed.h"
#include "store/bulletin.h"

struct feed_taking {
	struct desk *desk;
	const struct desk_feed *feed;
	struct desk_feed_taken *taken;
	struct errbuf *eb;
	int64_t now_ms;
	bool is_first; /* nothing of this source was ever read */
	int drafts;    /* made of this document */
};

/* A bulletin that went out, and what the next one does to it. */
struct feed_reference {
	int64_t bulletin_id; /* 0 none */
	enum bulletin_refers how;
};

/* feed_audience.c: whom an alert is for, by the areas that it names ("A; B"): places of the commune
 * if each of them is one, else everybody. An officer looks at it before anything goes out. */
MUST_CHECK
enum err feed_audience(struct store *store, const char *areas, struct buf *out);

/* feed_bulletin.c */
MUST_CHECK
enum err feed_bulletin_make(struct feed_taking *t, const struct feed_item *item,
	const struct feed_reference *reference, int64_t *ret_bulletin_id);

enum feed_fate {
	FEED_RENEWED,  /* written anew */
	FEED_APART,    /* an officer has his hand on it, or it went out: another one is due */
	FEED_UNWANTED, /* thrown away, or over: nobody asked for more */
};
/* known->bulletin_version is that of the new words. *ret_reference: with APART, what went out. */
MUST_CHECK
enum err feed_bulletin_renew(struct feed_taking *t, const struct feed_item *item,
	struct feed_known *known, enum feed_fate *ret_fate, struct feed_reference *ret_reference);

/* What has not gone out never will. *ret_reference is set when it did, and still counts. */
MUST_CHECK
enum err feed_bulletin_close(struct feed_taking *t, int64_t bulletin_id, enum bulletin_refers how,
	struct feed_reference *ret_reference);

#endif
