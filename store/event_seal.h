/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What vouches for the end of the log. A chain shows that a row was altered, left out, put in or
 * moved, not that its end was cut off. So:
 *
 *  - each turn that adds events also seals the id and hash of the last one in the database, which
 *    shows rows that were cut off or added;
 *  - the file PATH.head beside the database holds the same, sealed, a few minutes old at most,
 * which shows that an older copy of the whole database was put back;
 *  - each day's last hash is told to a second person, which shows both, and also a chain that was
 *    made anew by somebody who has the box key.
 *
 * Can't be noticed: that the database and PATH.head were both put back to an older state before the
 * next daily hash was told, and what was cut off since PATH.head was written together with the
 * older seal. Nobody who has the box key is stopped by any of it but the last.
 *
 * The checks of opening take a few look-ups, however long the log is.
 */
#ifndef BINHYEN_STORE_EVENT_SEAL_H
#define BINHYEN_STORE_EVENT_SEAL_H

#include "store/event.h"

/* name, text in the database, words for the log and for the officer */
/* The words are translated by the catalogue of errors (ERR_WORD). */
#define EVENT_FAULT_TABLE(X) \
	X(NONE, "none", ERR_WORD("nothing")) \
	X(ALTERED, "altered", ERR_WORD("a row was altered, put in, left out or moved")) \
	X(CUT, "cut", ERR_WORD("rows were cut off the end")) \
	X(ADDED, "added", ERR_WORD("rows were added behind the end")) \
	X(SEAL, "seal", ERR_WORD("the seal of the last row is missing or false")) \
	X(OLDER, "older", ERR_WORD("an older copy of the database was put back")) \
	X(ANCHOR, "anchor", ERR_WORD("the file beside the database is missing or false"))
enum event_fault {
#define X(name, text, words) EVENT_FAULT_##name,
	EVENT_FAULT_TABLE(X)
#undef X
};
const char *event_fault_text(enum event_fault fault); /* "cut" */
const char *event_fault_en(enum event_fault fault);
const char *event_fault_vi(enum event_fault fault);

struct event_finding {
	enum event_fault fault;
	int64_t event_id; /* the first row that is not what it was, or where the end should be */
};

/* What opening found; NONE when all is well. */
struct event_finding event_opened(const struct store *store);

/* Remembers a finding. ERR_EXISTS when it is known already. */
MUST_CHECK
enum err event_fault_add(struct store *store, const struct event_finding *finding);
struct event_fault_row {
	int64_t id, event_id, found_ms, seen_ms; /* seen 0 = nobody has looked after it */
	enum event_fault fault;
	char seen_by[32];
};
typedef void (*event_fault_fn)(void *arg, const struct event_fault_row *row);
/* Newest first. */
MUST_CHECK
enum err event_fault_list(
	struct store *store, int64_t before_id, int limit, event_fault_fn fn, void *arg);
/* How many nobody has looked after. */
MUST_CHECK
enum err event_fault_count(struct store *store, int64_t *ret_count);
/* ERR_NOT_FOUND; ERR_STATE when somebody has. */
MUST_CHECK
enum err event_fault_seen(struct store *store, int64_t id, const char *actor);

/* The chain was found good up to here; the last such place (id 0 = never). */
MUST_CHECK
enum err event_verified(struct store *store, const struct event_head *head);
MUST_CHECK
enum err event_verified_last(struct store *store, struct event_head *ret_head);

/*
 * PATH.head. _make: its bytes for the last committed row, and that row. _write: puts them on the
 * disk, in any thread. _done: notes, once, that there is such a file; a turn of its own is not
 * needed.
 */
struct event_anchor {
	char path[300];
	char text[256];
	int64_t event_id;
};
MUST_CHECK
enum err event_anchor_make(struct store *store, struct event_anchor *ret_anchor);
MUST_CHECK
enum err event_anchor_write(const struct event_anchor *anchor);
MUST_CHECK
enum err event_anchor_done(struct store *store);

/* The last row of a day that is over (days since 1970 in Vietnam). */
struct event_day {
	int64_t day, closed_ms, outbox_id; /* 0 = told nobody */
	struct event_head head;		   /* at_ms is not kept: 0 */
};
/* ERR_EXISTS when that day is closed. */
MUST_CHECK
enum err event_day_add(struct store *store, const struct event_day *day);
/* ERR_NOT_FOUND. */
MUST_CHECK
enum err event_day_load(struct store *store, int64_t day, struct event_day *ret_day);
/* The newest one; ERR_NOT_FOUND. */
MUST_CHECK
enum err event_day_last(struct store *store, struct event_day *ret_day);

/* Of the settings of the last start: the hash of one's value is kept; *ret_changed: it was another.
 * The first start changes nothing. */
MUST_CHECK
enum err setting_seen(struct store *store, const char *path, const char *value, bool *ret_changed);

#endif
