/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/sms_use.h"

#include "store/internal.h"

#include <string.h>

static enum err prune(struct store *store, const char *sim)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_USE_PRUNE);

	bind_text(stmt, 1, sim);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock) - SMS_USE_KEEP_MS);
	return stmt_write(store, stmt);
}

enum err sms_use_add(struct store *store, const struct sms_use_new *use)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_USE_ADD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, use->outbox_id);
	bind_text(stmt, 2, use->sim);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	sqlite3_bind_int(stmt, 4, use->segments);
	sqlite3_bind_blob(stmt, 5, use->content, VAULT_HASH_BYTES, SQLITE_STATIC);
	err = stmt_write(store, stmt);
	return err ? err : prune(store, use->sim);
}

enum err sms_use_settle(struct store *store, int64_t outbox_id, int segments)
{
	CLEAN_STMT *stmt = stmt_get(store, segments ? STMT_USE_CLOSE : STMT_USE_FORGET);

	sqlite3_bind_int64(stmt, 1, outbox_id);
	if (segments) {
		sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
		sqlite3_bind_int(stmt, 3, segments);
	}
	return stmt_write(store, stmt);
}

enum err sms_use_recover(struct store *store)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_USE_RECOVER);

	sqlite3_bind_int64(stmt, 1, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err sms_use_shift(struct store *store, int64_t by_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_USE_SHIFT);

	sqlite3_bind_int64(stmt, 1, by_ms);
	return stmt_write(store, stmt);
}

static bool is_same(sqlite3_stmt *stmt, const uint8_t *content)
{
	return !content ||
	       (sqlite3_column_bytes(stmt, 2) == VAULT_HASH_BYTES &&
		       memcmp(sqlite3_column_blob(stmt, 2), content, VAULT_HASH_BYTES) == 0);
}

/* At most one row a modem is open, or a few while the claims of one turn wait for their commit. */
static enum err walk_open(struct store *store, const char *sim, const uint8_t *content,
	sms_use_fn fn, void *arg, bool *ret_goes_on)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_USE_OPEN);
	enum err err;

	bind_text(stmt, 1, sim);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	while (*ret_goes_on && !(err = stmt_row(store, stmt))) {
		if (is_same(stmt, content))
			*ret_goes_on = fn(
				arg, sqlite3_column_int64(stmt, 0), sqlite3_column_int(stmt, 1));
	}
	return !*ret_goes_on || err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err sms_use_walk(struct store *store, const char *sim, const uint8_t *content,
	int64_t since_ms, sms_use_fn fn, void *arg)
{
	bool goes_on = true;
	enum err err = walk_open(store, sim, content, fn, arg, &goes_on);

	if (err || !goes_on)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, content ? STMT_USE_OF_CONTENT : STMT_USE_OF_SIM);

	bind_text(stmt, 1, sim);
	sqlite3_bind_int64(stmt, 2, since_ms);
	if (content)
		sqlite3_bind_blob(stmt, 3, content, VAULT_HASH_BYTES, SQLITE_STATIC);
	while (goes_on && !(err = stmt_row(store, stmt)))
		goes_on = fn(arg, sqlite3_column_int64(stmt, 0), sqlite3_column_int(stmt, 1));
	return !goes_on || err == ERR_NOT_FOUND ? ERR_OK : err;
}
