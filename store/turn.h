/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One turn of the loop, one transaction. The first write after turn_end() begins it (BEGIN
 * IMMEDIATE); turn_end() commits it before the loop sleeps. Whatever tells the outside that
 * something is safe is put on the turn's list and called only after the commit, in order, with
 * ERR_OK, or, when the commit failed and the turn was rolled back, with the reason: then it must
 * tell the outside nothing, or that it failed.
 *
 * The callbacks may write (that is the next transaction) and may defer again; turn_end() goes on
 * until nothing is left. They may not end or abort a turn themselves.
 */
#ifndef BINHYEN_STORE_TURN_H
#define BINHYEN_STORE_TURN_H

#include "store/store.h"

typedef void (*turn_fn)(void *arg, enum err committed);

/* Queues fn for after the commit of what was written so far in this turn. ERR_NOMEM, ERR_TOO_BIG
 * past TURN_DEFER_MAX. */
#define TURN_DEFER_MAX 65536 /* a turn that reads 2 MB of lines defers at most some 10,000 */
MUST_CHECK
enum err turn_defer(struct store *store, turn_fn fn, void *arg);

/*
 * Called as the first thing within each turn's transaction, before what began it is written; it may
 * write, but not by the statement that began the turn, which is bound already: add events
 * (event_add begins its turn before it binds anything) and use statements of its own. An error is
 * the end of the turn. NULL: nobody.
 */
void turn_on_begin(struct store *store, enum err (*fn)(void *arg), void *arg);

/* Drops every queued call of `arg` (its owner is going away). */
void turn_forget(struct store *store, void *arg);

/*
 * Commits and calls. ERR_OK also when there was nothing to do. DISK_FULL, READ_ONLY, BUSY: rolled
 * back, try again later. IO: the disk lied or failed; the caller must exit and let start-up recover
 * (fsync errors are reported only once).
 */
MUST_CHECK
enum err turn_end(struct store *store, struct errbuf *eb);

/* Has anything been written or deferred since the last turn_end()? */
bool turn_is_open(struct store *store);

/* Once this turn is committed, what it erased goes out of the write-ahead log too: at once, or as
 * soon as nobody reads the database. */
void turn_scrub(struct store *store);

/* Between turns: writes the log into the database now. *ret_is_whole: all of it, so that the file
 * is the whole state until the next turn; false: somebody reads an older one. ERR_IO as for
 * turn_end(). */
MUST_CHECK
enum err turn_fold(struct store *store, bool *ret_is_whole, struct errbuf *eb);

/*
 * Does fn within the open turn, so that it is committed together with what was written before it,
 * which outlives its failure: then what fn wrote is undone, what it deferred is called with the
 * reason at once, and the reason is returned. Where the transaction itself is lost nothing can be
 * kept; the next turn_end() says so.
 */
MUST_CHECK
enum err turn_try(struct store *store, enum err (*fn)(void *arg), void *arg);

/*
 * What is read between the two is of one state of the database, whoever writes to it meanwhile.
 * Within a turn that has written already they do nothing, and a write between them ends the read:
 * what is read after it is of the turn. For what is read within one call of the loop and never for
 * longer: a read that stays open keeps the write-ahead log from being emptied, and no turn may end
 * within one.
 */
MUST_CHECK
enum err turn_read_begin(struct store *store);
void turn_read_end(struct store *store);

/* Undoes all since the last turn_end() and calls the deferred with `why`. */
void turn_abort(struct store *store, enum err why);

struct turn_stats {
	int64_t commits;
	int64_t failures;
	int64_t last_commit_us; /* duration of the last COMMIT, microseconds */
	int64_t max_commit_us;
};
struct turn_stats turn_stats(struct store *store);

#endif
