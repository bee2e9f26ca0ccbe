/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one SQLite file of the commune, owned by binhyend, its only writer. WAL, synchronous=FULL,
 * STRICT tables. Everything below store/ speaks in rows and enums; sqlite3.h and sodium.h are seen
 * nowhere else.
 *
 * Writing happens in turns (turn.h): the first write of a turn opens the transaction by itself,
 * turn_end() commits it.
 */
#ifndef BINHYEN_STORE_STORE_H
#define BINHYEN_STORE_STORE_H

#include "daemon/base/clock.h"
#include "daemon/base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct store;
struct vault;

struct store_options {
	const char *path;    /* database file; its folder must exist; copied */
	struct vault *vault; /* borrowed for the life of the store */
	struct clock *clock; /* borrowed likewise */
};

/*
 * Opens or creates, checks the key, migrates (after a backup beside the file:
 * <path>.before-<version>), verifies the pragmas by reading them back, runs quick_check, prepares
 * every statement. Errors: NEWER_SCHEMA, WRONG_KEY (nothing was written), CORRUPT, READ_ONLY,
 * DISK_FULL, IO, BUSY (another binhyend has it). The file is locked exclusively against a second
 * binhyend (flock on <path>.lock), readers are free.
 */
MUST_CHECK
enum err store_open(
	const struct store_options *options, struct store **ret_store, struct errbuf *eb);

/* Ends an open turn without commit, checkpoints, closes. NULL is fine. */
void store_close(struct store *store);

struct vault *store_vault(struct store *store);
struct clock *store_clock(struct store *store);
int store_schema_version(struct store *store);

/* Sizes for `status` and the alarms. */
struct store_sizes {
	int64_t database_bytes;
	int64_t wal_bytes;
	int64_t free_bytes; /* on the file system */
};
MUST_CHECK
enum err store_sizes(struct store *store, struct store_sizes *ret_sizes);

/* Removes the copies that were made before upgrades: they hold what the box could read then. */
void store_forget_backups(struct store *store);

/*
 * A message's own room within the turn: what happens between begin and release stands or falls
 * together, without touching other messages of the turn. Rollback undoes to begin. They nest up to
 * 8 deep, last in first out. Release ends it also when it fails (then the whole turn is lost and
 * turn_end() says so): no rollback after it. What was deferred in between stays deferred.
 */
MUST_CHECK
enum err store_savepoint_begin(struct store *store);
MUST_CHECK
enum err store_savepoint_release(struct store *store);
void store_savepoint_rollback(struct store *store);

/* What could not be handled is kept raw (sealed) with the reason; count is shown and alarmed on.
 * `raw` is copied. */
MUST_CHECK
enum err quarantine_add(struct store *store, const char *channel, const char *reason,
	const void *raw, size_t raw_bytes, int64_t *ret_id);
MUST_CHECK
enum err quarantine_count(struct store *store, int64_t *ret_count);

#endif
