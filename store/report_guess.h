/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was guessed of a report, and how often officers thought otherwise. */
#ifndef BINHYEN_STORE_REPORT_GUESS_H
#define BINHYEN_STORE_REPORT_GUESS_H

#include "daemon/base/buf.h"
#include "store/store.h"

#define REPORT_GUESS_WORDS_MAX 1024 /* bytes of the words that decided */

struct report_guess {
	char category[16];
	bool is_danger;
};

/* Writes or replaces the guess of a report. words: dictionary words that decided, ", " between
 * them,
 * "" none; sealed. */
MUST_CHECK
enum err report_guess_set(struct store *store, int64_t report_id, const struct report_guess *guess,
	const char *words);
/* ERR_NOT_FOUND for a report that nobody guessed (entered by an officer). words may be NULL, then
 * so may holder; ERR_DENIED: the words are not his to read. */
struct key_holder;
MUST_CHECK
enum err report_guess_load(struct store *store, const struct key_holder *holder, int64_t report_id,
	struct report_guess *ret_guess, struct buf *words);

/* Of the decided reports: how many were guessed as one thing and decided as another. */
struct report_guess_count {
	const char *guessed, *decided; /* category codes, borrowed for the call */
	int64_t reports;
	int64_t danger_missed; /* urgency "danger" by the officer, not by the guess */
	int64_t danger_false;  /* by the guess, not by the officer */
};
typedef void (*report_guess_fn)(void *arg, const struct report_guess_count *count);
/* Without the confined ones whose key `holder_id` does not hold. */
#define REPORT_GUESS_ALL (-1)
MUST_CHECK
enum err report_guess_counts(struct store *store, int64_t holder_id, report_guess_fn fn, void *arg);

#endif
