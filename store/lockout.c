/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/lockout.h"

#include "store/internal.h"

#define CLOCK_BACK_MS MINUTE_MS /* what NTP may take back */

static void hash_of(struct store *store, enum lockout_kind kind, const char *who,
	uint8_t ret_hash[VAULT_HASH_BYTES])
{
	char text[160];
	int len = snprintf(
		text, sizeof(text), "login %s %s", kind == LOCKOUT_NAME ? "name" : "peer", who);

	/* A longer name is nobody's; cut off it still has its own row. */
	vault_hash(store->vault, VAULT_HASH_CONTENT, text,
		(size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1, ret_hash);
}

/* 0 and 0 for somebody who is not known, or who stayed away long enough. */
static enum err load(struct store *store, const uint8_t hash[VAULT_HASH_BYTES],
	int64_t *ret_failures, int64_t *ret_at_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_TRY_LOAD);
	enum err err;

	*ret_failures = 0;
	*ret_at_ms = 0;
	sqlite3_bind_blob(stmt, 1, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	err = stmt_row(store, stmt);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	if (sqlite3_column_int64(stmt, 1) + LOCKOUT_FORGET_MS <= clock_wall_ms(store->clock))
		return ERR_OK;
	*ret_failures = sqlite3_column_int64(stmt, 0);
	*ret_at_ms = sqlite3_column_int64(stmt, 1);
	return ERR_OK;
}

static int64_t delay_of(enum lockout_kind kind, int64_t failures)
{
	int64_t over = failures - (kind == LOCKOUT_NAME ? LOCKOUT_NAME_FREE : LOCKOUT_PEER_FREE);
	int64_t delay_ms = LOCKOUT_WAIT_MIN_MS;

	if (over < 0)
		return 0;
	for (; over > 0 && delay_ms < LOCKOUT_WAIT_MAX_MS; over--)
		delay_ms *= 2;
	return delay_ms < LOCKOUT_WAIT_MAX_MS ? delay_ms : LOCKOUT_WAIT_MAX_MS;
}

enum err lockout_wait(
	struct store *store, enum lockout_kind kind, const char *who, int64_t *ret_wait_ms)
{
	uint8_t hash[VAULT_HASH_BYTES];
	int64_t failures, at_ms, delay_ms, wait_ms;
	enum err err;

	hash_of(store, kind, who, hash);
	err = load(store, hash, &failures, &at_ms);
	if (err)
		return err;
	delay_ms = delay_of(kind, failures);
	wait_ms = at_ms + delay_ms - clock_wall_ms(store->clock);
	/* The clock went back far: nobody waits for years. The next failure is dated anew. */
	if (wait_ms > delay_ms + CLOCK_BACK_MS)
		wait_ms = 0;
	*ret_wait_ms = wait_ms > 0 ? wait_ms : 0;
	return ERR_OK;
}

static enum err prune(struct store *store, int64_t now_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_TRY_PRUNE);

	sqlite3_bind_int64(stmt, 1, now_ms - LOCKOUT_FORGET_MS);
	return stmt_write(store, stmt);
}

enum err lockout_try(
	struct store *store, enum lockout_kind kind, const char *who, int64_t *ret_failures)
{
	int64_t now_ms = clock_wall_ms(store->clock), failures, at_ms;
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err;

	hash_of(store, kind, who, hash);
	err = load(store, hash, &failures, &at_ms);
	if (!err)
		err = prune(store, now_ms);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_TRY_SAVE);

	sqlite3_bind_blob(stmt, 1, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, failures + 1);
	sqlite3_bind_int64(stmt, 3, now_ms);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_failures = failures + 1;
	return err;
}

enum err lockout_forgive(struct store *store, enum lockout_kind kind, const char *who)
{
	CLEAN_STMT *stmt = stmt_get(
		store, kind == LOCKOUT_NAME ? STMT_TRY_FORGET : STMT_TRY_ONE_LESS);
	uint8_t hash[VAULT_HASH_BYTES];

	hash_of(store, kind, who, hash);
	sqlite3_bind_blob(stmt, 1, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	return stmt_write(store, stmt);
}
