/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/legal_time.h"
#include "store/internal.h"

#include <string.h>

enum err legal_time_load(struct store *store, struct legal_time *ret_time)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEGAL_TIME);
	enum err err = stmt_row(store, stmt);

	if (!err)
		*ret_time = (struct legal_time){
			sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1)};
	return err;
}

enum err legal_time_save(struct store *store, const struct legal_time *time)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEGAL_TIME_SAVE);

	sqlite3_bind_int64(stmt, 1, time->skew_ms);
	sqlite3_bind_int64(stmt, 2, time->told_ms);
	return stmt_write_one(store, stmt);
}

static enum err find_record(
	struct store *store, const uint8_t hash[VAULT_HASH_BYTES], int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REGIME_FIND);

	sqlite3_bind_blob(stmt, 1, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	return stmt_int64(store, stmt, ret_id);
}

enum err regime_record_keep(
	struct store *store, const char *class, int64_t from_day, const char *body, int64_t *ret_id)
{
	const struct vault_piece piece = {body, strlen(body)};
	uint8_t hash[VAULT_HASH_BYTES];
	int64_t id;
	enum err err;

	vault_digest(&piece, 1, hash);
	err = find_record(store, hash, ret_id);
	if (err != ERR_NOT_FOUND)
		return err;
	id = store_next_id(store, ID_REGIME_RECORD);
	CLEAN_STMT *stmt = stmt_get(store, STMT_REGIME_ADD);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, class);
	sqlite3_bind_int64(stmt, 3, from_day);
	sqlite3_bind_blob(stmt, 4, hash, sizeof(hash), SQLITE_STATIC);
	bind_text(stmt, 5, body);
	sqlite3_bind_int64(stmt, 6, clock_wall_ms(store->clock));
	err = stmt_write(store, stmt);
	if (!err)
		*ret_id = id;
	return err;
}

enum err regime_record_body(struct store *store, int64_t id, struct buf *out)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REGIME_BODY);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	return err ? err : buf_adds(out, (const char *)sqlite3_column_text(stmt, 0));
}
