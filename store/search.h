/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking for words in all that somebody may read. Everything is sealed, so everything is opened,
 * newest first: in a thread of its own, on a connection of its own that only reads. What an entry's
 * key costs to find (two operations on the curve, some 150 us) is spent once: the search brings
 * such keys home, sealed by one that only the reader has, and search_keep() puts them beside the
 * entries; from then on an entry costs some microseconds.
 *
 * search_new() and search_keep() belong to the loop, search_run() to any one thread at a time.
 */
#ifndef BINHYEN_STORE_SEARCH_H
#define BINHYEN_STORE_SEARCH_H

#include "store/report_key.h"

#define SEARCH_HITS_MAX	 200	/* reports of one answer */
#define SEARCH_LEARN_MAX 100000 /* keys that one search brings home: 9 MB while it runs */

struct search;

struct search_options {
	struct store *store;		 /* borrowed until search_free() */
	const struct key_holder *reader; /* copied with his pair */
	/* Are the words in this text? NULL: only bring keys home. Called by search_run(). */
	bool (*matches)(void *arg, const char *text);
	void *arg;
	int limit; /* hits, up to SEARCH_HITS_MAX */
};
MUST_CHECK
enum err search_new(const struct search_options *options, struct search **ret_search);
void search_free(struct search *search); /* NULL is fine */

/* ERR_BUSY, IO, NOMEM: what was found until then is there. */
MUST_CHECK
enum err search_run(struct search *search);
/* From another thread: search_run() returns soon. */
void search_stop(struct search *search);

struct search_hit {
	int64_t report_id;
	int64_t entry_id; /* the newest of the report that has the words */
	int64_t at_ms;
};
/* Newest first; borrowed. */
const struct search_hit *search_hits(const struct search *search, int *ret_count);
/* Did it end before the oldest entry: at its limit of hits, or stopped? */
bool search_is_cut(const struct search *search);
/* Entries that could not be opened: damaged. */
int64_t search_damaged(const struct search *search);

/* Stores the next `limit` keys that it brought home; ERR_NOT_FOUND: none is left. Keys of what was
 * erased or withdrawn meanwhile are left out. */
MUST_CHECK
enum err search_keep(struct search *search, int limit);

#endif
