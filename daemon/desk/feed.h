/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What becomes of what an official source says: drafts of bulletins, and nothing more. An officer
 * edits them and another one approves, as with every bulletin; what nobody wants expires.
 *
 *   new            a draft, if it is fresh; what was there before we looked is only noted
 *   changed        the draft is written anew as long as nobody has touched it; else another draft
 *                  is made, which corrects the first one if that went out
 *   CAP Update     closes what it refers to and is a draft of its own, a correction of what went
 * out CAP Cancel     closes what it refers to; of what went out a recall is drafted
 *
 * To close is to throw away a draft, whoever has worked on it: its source has taken it back. Alerts
 * that are no real ones (exercise, test) or not for the public are noted and no more.
 */
#ifndef BINHYEN_DESK_FEED_H
#define BINHYEN_DESK_FEED_H

#include "daemon/desk/feed_document.h"
#include "store/feed.h"

struct desk;

#define FEED_DRAFTS_MAX 10 /* of one document: more at once is a new site, or a fault */

struct desk_feed {
	int64_t id; /* store/feed.h */
	const char *name, *category;
	bool is_alerts; /* of CAP: what is no alert by itself points to one */
};
/* is_whole: false when something was left for the next time. */
struct desk_feed_taken {
	int drafted, changed, closed, noted;
	bool is_whole;
};
/* Within a savepoint of the caller's. Adds to *taken. ERR_INVALID with the reason: the bulletins
 * don't know the category. */
MUST_CHECK
enum err desk_feed_take(struct desk *desk, const struct desk_feed *feed,
	const struct feed_document *document, struct desk_feed_taken *taken, struct errbuf *eb);

/* An index's item that points to an alert: is it new or changed? */
MUST_CHECK
enum err desk_feed_wants(struct desk *desk, const struct desk_feed *feed,
	const struct feed_item *item, bool *ret_is_wanted);
/* Its alert was taken, or never will be. */
MUST_CHECK
enum err desk_feed_followed(
	struct desk *desk, const struct desk_feed *feed, const struct feed_item *item);

#endif
