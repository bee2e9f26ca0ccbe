/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/event_seal_private.h"
#include "store/internal.h"

#include <string.h>
#include <time.h>

#define SCRUB_AGAIN_MS	 MINUTE_MS
#define CHECKPOINT_PAGES 1000 /* 4 MB of log, some twenty messages */
#define ROUNDS_MAX	 1000 /* a callback that defers anew each time is a bug */

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int run(struct store *store, enum stmt_id id)
{
	CLEAN_STMT *stmt = stmt_get(store, id);

	return sqlite3_step(stmt);
}

enum err turn_read_begin(struct store *store)
{
	int rc;

	CHECK(!store->turn.is_reading);
	if (store->turn.is_begun)
		return ERR_OK;
	rc = run(store, STMT_BEGIN_READ);
	if (rc != SQLITE_DONE)
		return store_fail(store, rc, NULL);
	store->turn.is_reading = true;
	return ERR_OK;
}

void turn_read_end(struct store *store)
{
	if (!store->turn.is_reading)
		return;
	store->turn.is_reading = false;
	/* Some errors end it by themselves. Nothing was written: either verb only lets go of it. */
	if (!sqlite3_get_autocommit(store->db) && run(store, STMT_COMMIT) != SQLITE_DONE)
		run(store, STMT_ROLLBACK);
}

enum err turn_need(struct store *store)
{
	int rc;

	if (store->turn.dead)
		return store->turn.dead;
	if (store->turn.is_begun)
		return ERR_OK;
	/* Not by raising the read to a write: what another process wrote since it began would make
	 * that fail until the read is over. */
	turn_read_end(store);
	rc = run(store, STMT_BEGIN);
	if (rc != SQLITE_DONE)
		return store_fail(store, rc, NULL);
	store->turn.is_begun = true;
	if (store->turn.begun && !store->turn.dead) {
		enum err err = store->turn.begun(store->turn.begun_arg);

		if (err && !store->turn.dead)
			store->turn.dead = err;
	}
	return store->turn.dead;
}

void turn_on_begin(struct store *store, enum err (*fn)(void *arg), void *arg)
{
	store->turn.begun = fn;
	store->turn.begun_arg = arg;
}

enum err turn_defer(struct store *store, turn_fn fn, void *arg)
{
	struct deferred_list *list = &store->turn.waiting;

	if (list->count == TURN_DEFER_MAX)
		return ERR_TOO_BIG;
	if (list->count == list->size) {
		size_t size = list->size ? 2 * list->size : 64;
		struct deferred *items = reallocarray(list->items, size, sizeof(*items));

		if (!items)
			return ERR_NOMEM;
		list->items = items;
		list->size = size;
	}
	list->items[list->count++] = (struct deferred){fn, arg};
	return ERR_OK;
}

static void list_forget(struct deferred_list *list, const void *arg)
{
	for (size_t i = 0; list && i < list->count; i++) {
		if (list->items[i].arg == arg)
			list->items[i].fn = NULL;
	}
}

void turn_forget(struct store *store, void *arg)
{
	list_forget(&store->turn.waiting, arg);
	list_forget(store->turn.running, arg);
}

bool turn_is_open(struct store *store)
{
	return store->turn.is_begun || store->turn.waiting.count;
}

/* Takes the list away first: the callbacks may defer for the next round. */
static void call_deferred(struct store *store, enum err committed)
{
	struct deferred_list list = store->turn.waiting;

	/* Within a call no turn may end: its list would be lost to turn_forget(). */
	CHECK(!store->turn.running);
	store->turn.waiting = (struct deferred_list){0};
	store->turn.running = &list;
	for (size_t i = 0; i < list.count; i++) {
		if (list.items[i].fn)
			list.items[i].fn(list.items[i].arg, committed);
	}
	store->turn.running = NULL;
	free(list.items);
}

static void rollback(struct store *store)
{
	if (store->turn.is_begun && !sqlite3_get_autocommit(store->db))
		run(store, STMT_ROLLBACK);
	store->turn.is_begun = false;
	store->turn.has_events = false;
	store->turn.dead = ERR_OK;
	store->turn.savepoints = 0;
}

static enum err commit(struct store *store, struct errbuf *eb)
{
	struct turn_stats *stats = &store->turn.stats;
	int64_t begin_us;
	enum err err;
	int rc;

	CHECK(store->turn.savepoints == 0);
	if (store->turn.dead) {
		err = errbuf_set(eb, store->turn.dead, "the turn was rolled back: %s",
			err_en(store->turn.dead));
		rollback(store);
		stats->failures++;
		return err;
	}
	if (!store->turn.is_begun)
		return ERR_OK;
	if (store->turn.has_events) {
		err = event_seal_head(store);
		if (err) {
			errbuf_set(eb, err, "sealing the end of the log: %s", err_en(err));
			rollback(store);
			stats->failures++;
			return err;
		}
	}
	begin_us = now_us();
	rc = run(store, STMT_COMMIT);
	if (rc != SQLITE_DONE) {
		err = errbuf_set(eb, sqlite_err(rc), "commit: %s", sqlite3_errmsg(store->db));
		rollback(store);
		stats->failures++;
		return err;
	}
	store->turn.is_begun = false;
	store->turn.has_events = false;
	stats->commits++;
	stats->last_commit_us = now_us() - begin_us;
	if (stats->last_commit_us > stats->max_commit_us)
		stats->max_commit_us = stats->last_commit_us;
	return ERR_OK;
}

/* Calls what was deferred after the first `kept`. */
static void refuse_deferred(struct store *store, size_t kept, enum err why)
{
	struct deferred_list *waiting = &store->turn.waiting, list = {0};
	size_t count = waiting->count - kept;

	if (!count)
		return;
	/* They may defer anew. */
	list.items = calloc(count, sizeof(*list.items));
	if (!list.items) {
		/* They hear of it with all the others: the turn can't be committed. */
		store->turn.dead = ERR_NOMEM;
		return;
	}
	list.count = count;
	memcpy(list.items, &waiting->items[kept], count * sizeof(*list.items));
	waiting->count = kept;
	CHECK(!store->turn.running);
	store->turn.running = &list;
	for (size_t i = 0; i < count; i++) {
		if (list.items[i].fn)
			list.items[i].fn(list.items[i].arg, why);
	}
	store->turn.running = NULL;
	free(list.items);
}

enum err turn_try(struct store *store, enum err (*fn)(void *arg), void *arg)
{
	size_t kept = store->turn.waiting.count;
	enum err err = store_savepoint_begin(store);

	if (err)
		return err;
	err = fn(arg);
	if (!err)
		return store_savepoint_release(store);
	store_savepoint_rollback(store);
	refuse_deferred(store, kept, err);
	return err;
}

/* Somebody who reads (a backup, a search) keeps the log: then it is tried again, but not each turn.
 */
static void scrub(struct store *store)
{
	int64_t now_ms = clock_mono_ms(store->clock);
	int rc;

	if (!store->turn.wants_scrub || now_ms < store->turn.scrub_due_ms)
		return;
	sqlite3_busy_timeout(store->db, 0);
	rc = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(store->db, STORE_BUSY_MS);
	store->turn.wants_scrub = rc != SQLITE_OK;
	store->turn.scrub_due_ms = now_ms + SCRUB_AGAIN_MS;
	if (rc)
		log_info("store", "scrub=%s", err_name(sqlite_err(rc)));
}

static int note_pages(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct store *store = arg;

	(void)db;
	if (strcmp(name, "main") == 0)
		store->turn.wal_pages = pages;
	return SQLITE_OK;
}

void turn_watch_log(struct store *store)
{
	sqlite3_wal_hook(store->db, note_pages, store);
}

/*
 * Here and not by SQLite within the commit: whoever waits for his answer does not wait for the
 * pages of twenty others to reach the database. What keeps the log long (a reader, a full disk) is
 * no harm and tried again after the next commit; only what was written and then not synced is, for
 * the disk tells that once: the log, from which a start recovers it all, must not be given up then.
 */
static enum err checkpoint(struct store *store, struct errbuf *eb)
{
	int rc;

	if (store->turn.wal_pages < CHECKPOINT_PAGES)
		return ERR_OK;
	store->turn.wal_pages = 0;
	rc = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	if (rc == SQLITE_IOERR_FSYNC)
		return errbuf_set(eb, sqlite_err(rc), "checkpoint: %s", sqlite3_errmsg(store->db));
	return ERR_OK;
}

enum err turn_fold(struct store *store, bool *ret_is_whole, struct errbuf *eb)
{
	int frames = 0, folded = 0, rc;

	CHECK(!turn_is_open(store));
	rc = sqlite3_wal_checkpoint_v2(
		store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &frames, &folded);
	if (rc == SQLITE_IOERR_FSYNC)
		return errbuf_set(eb, sqlite_err(rc), "checkpoint: %s", sqlite3_errmsg(store->db));
	*ret_is_whole = rc == SQLITE_OK && frames == folded;
	return ERR_OK;
}

void turn_scrub(struct store *store)
{
	store->turn.wants_scrub = true;
	store->turn.scrub_due_ms = INT64_MIN;
}

enum err turn_end(struct store *store, struct errbuf *eb)
{
	CHECK(!store->turn.is_reading);
	for (int round = 0; turn_is_open(store); round++) {
		enum err err = commit(store, eb);

		CHECK(round < ROUNDS_MAX);
		call_deferred(store, err);
		if (err)
			return err;
	}
	scrub(store);
	return checkpoint(store, eb);
}

void turn_abort(struct store *store, enum err why)
{
	rollback(store);
	call_deferred(store, why);
}

struct turn_stats turn_stats(struct store *store)
{
	return store->turn.stats;
}

void turn_free(struct turn *turn)
{
	for (int verb = 0; verb < SAVEPOINT_VERBS; verb++) {
		for (int depth = 0; depth < SAVEPOINTS_MAX; depth++)
			sqlite3_finalize(turn->verbs[verb][depth]);
	}
	free(turn->waiting.items);
	turn->waiting = (struct deferred_list){0};
}

/* Two of them are around every message: parsed anew each time they would cost as much as a row. */
static enum err run_savepoint(struct store *store, enum savepoint_verb verb, int depth)
{
	static const char *const words[] = {[SAVEPOINT_SET] = "SAVEPOINT",
		[SAVEPOINT_RELEASE] = "RELEASE",
		[SAVEPOINT_UNDO] = "ROLLBACK TO"};
	sqlite3_stmt **stmt = &store->turn.verbs[verb][depth];
	char sql[48];
	int rc = SQLITE_OK;

	if (!*stmt) {
		snprintf(sql, sizeof(sql), "%s s%d", words[verb], depth);
		rc = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
	}
	if (!rc) {
		rc = sqlite3_step(*stmt);
		sqlite3_reset(*stmt);
	}
	return rc == SQLITE_DONE ? ERR_OK : store_fail(store, rc, NULL);
}

enum err store_savepoint_begin(struct store *store)
{
	enum err err = turn_need(store);

	CHECK(store->turn.savepoints < SAVEPOINTS_MAX);
	if (!err)
		err = run_savepoint(store, SAVEPOINT_SET, store->turn.savepoints);
	if (!err)
		store->turn.savepoints++;
	return err;
}

enum err store_savepoint_release(struct store *store)
{
	CHECK(store->turn.savepoints > 0);
	store->turn.savepoints--;
	if (!store->turn.dead)
		store->turn.dead = run_savepoint(store, SAVEPOINT_RELEASE, store->turn.savepoints);
	return store->turn.dead;
}

void store_savepoint_rollback(struct store *store)
{
	enum err err;

	CHECK(store->turn.savepoints > 0);
	store->turn.savepoints--;
	if (store->turn.dead)
		return;
	err = run_savepoint(store, SAVEPOINT_UNDO, store->turn.savepoints);
	if (!err)
		err = run_savepoint(store, SAVEPOINT_RELEASE, store->turn.savepoints);
	/* What can't be undone alone must not be committed with the others. */
	if (err)
		store->turn.dead = err;
}
