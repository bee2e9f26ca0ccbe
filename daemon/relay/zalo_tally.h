/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * While bulletins go out, the list of recent messages fills with our own, and to read past them
 * costs a call for every ten. They need not be read: they are counted. Messages to users get
 * numbers in the order in which they were known to have gone. At a moment when none is under way,
 * those up to `known` lie below all later ones, and exactly sent - known of ours lie above:
 *
 *     0            newest of the list
 *     ┊            sent - known messages of ours, and what others wrote: strangers
 *     offset + 2 ─ the first that is no newer than `known`, if there is no stranger
 *     ┊            read before
 *
 * One page there tells how many strangers there are; only if there are any is the list read from
 * above, until they are found. That the list keeps to this is nowhere promised, so it is never what
 * a cursor rests on: once the bulletins are gone all of it is read (zalo_poll.c). No loop, no
 * clock.
 */
#ifndef BINHYEN_RELAY_ZALO_TALLY_H
#define BINHYEN_RELAY_ZALO_TALLY_H

#include "daemon/relay/zalo_rows.h"

#define ZALO_TALLY_MAX	4096 /* of ours that are known again: a minute of the fastest account */
#define ZALO_TALLY_LAP	2    /* rows above the boundary on the page that is looked at */
#define ZALO_TALLY_MOST (ZALO_TALLY_MAX - 64) /* some must lie below the boundary */

struct zalo_tally {
	uint64_t digest[ZALO_TALLY_MAX]; /* of message ids, by number */
	uint64_t edge; /* of the newest row, whosever, when the list was last read */
	int64_t sent;  /* numbers 1 to sent have gone */
	int64_t known; /* whatever is no newer than this one was read; -1 never */
	int64_t mark;  /* becomes `known` when what is under way is over */
	int64_t begun; /* calls that may have put a message there */
	int64_t mark_begun;
	int64_t wanted; /* strangers to be found */
	int64_t found;
	bool is_top; /* nothing of ours was met yet: what lies there may have come meanwhile */
};

void zalo_tally_init(struct zalo_tally *tally);
/* A call that may put a message into the list begins; and it has. */
void zalo_tally_begin(struct zalo_tally *tally);
void zalo_tally_sent(struct zalo_tally *tally, const char *message_id);
/* How many of ours are newer than what was read; -1 = they can't be counted. */
int64_t zalo_tally_new(const struct zalo_tally *tally);

/* Nothing is on its way: a page from the top (zalo_tally_base) or at the offset is read next. */
void zalo_tally_mark(struct zalo_tally *tally);
int64_t zalo_tally_offset(const struct zalo_tally *tally);
/* The first page from the top, of a reading that will go on down to what was read before: all is
 * known up to the mark, unless something went out meanwhile. */
void zalo_tally_base(struct zalo_tally *tally, const struct zalo_rows *rows);

enum zalo_sight {
	SIGHT_CLEAN,   /* no stranger but on this page */
	SIGHT_DIRTY,   /* read from the top */
	SIGHT_BLURRED, /* something went out meanwhile: look again */
};
/* The page at the offset, before its rows are sorted; on_page counts its bad rows too. */
enum zalo_sight zalo_tally_look(
	struct zalo_tally *tally, const struct zalo_rows *rows, size_t on_page);
/* A page from the top downwards, which may overlap the one before. True: nothing unread lies below
 * it. */
bool zalo_tally_dig(struct zalo_tally *tally, const struct zalo_rows *rows, size_t on_page);

#endif
