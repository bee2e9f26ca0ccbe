/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/refusal.h"

#include "store/internal.h"
#include "store/resident_hash.h"

/* Told no more exactly than that: otherwise the moment would say which message of which
 * correspondent it was. */
#define SINCE_MS (30 * DAY_MS)

#define X(name, text) [REFUSAL_##name] = text,
static const char *const kind_texts[] = {REFUSAL_KIND_TABLE(X)};
#undef X

static void hash_of(struct store *store, enum refusal_address kind, const char *address,
	uint8_t ret_hash[VAULT_HASH_BYTES])
{
	if (kind == REFUSAL_PHONE)
		resident_phone_hash(store, address, ret_hash);
	else
		resident_zalo_hash(store, address, ret_hash);
}

enum err refusal_put(struct store *store, enum refusal_address kind, const char *address,
	enum refusal_kind why, const char *topic, bool *ret_is_new)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REFUSAL_PUT);
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err;

	hash_of(store, kind, address, hash);
	sqlite3_bind_blob(stmt, 1, hash, sizeof(hash), SQLITE_STATIC);
	bind_text(stmt, 2, topic);
	bind_text(stmt, 3, kind_texts[why]);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock) / SINCE_MS * SINCE_MS);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_is_new = sqlite3_changes(store->db) > 0;
	return err;
}

enum err refusal_end(struct store *store, enum refusal_address kind, const char *address,
	enum refusal_kind why, const char *topic, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REFUSAL_END);
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err;

	hash_of(store, kind, address, hash);
	sqlite3_bind_blob(stmt, 1, hash, sizeof(hash), SQLITE_STATIC);
	bind_text(stmt, 2, kind_texts[why]);
	bind_text(stmt, 3, topic);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_count = sqlite3_changes(store->db);
	return err;
}

enum err refusal_of(struct store *store, enum refusal_address kind, const char *address,
	const char *topic, bool *ret_refuses)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REFUSAL_OF);
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err;

	hash_of(store, kind, address, hash);
	sqlite3_bind_blob(stmt, 1, hash, sizeof(hash), SQLITE_STATIC);
	bind_text(stmt, 2, topic);
	err = stmt_row(store, stmt);
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_refuses = !err;
	return ERR_OK;
}

enum err refusal_counts(
	struct store *store, int64_t *ret_all, int64_t *ret_topic, int64_t *ret_blocked)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REFUSAL_COUNTS);
	enum err err = stmt_row(store, stmt);

	if (err)
		return err;
	*ret_all = sqlite3_column_int64(stmt, 0);
	*ret_topic = sqlite3_column_int64(stmt, 1);
	*ret_blocked = sqlite3_column_int64(stmt, 2);
	return ERR_OK;
}

static enum err copy(struct store *store, const char *from, const char *to)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REFUSAL_COPY);
	uint8_t before[VAULT_HASH_BYTES], after[VAULT_HASH_BYTES];

	resident_phone_hash(store, from, before);
	resident_phone_hash(store, to, after);
	sqlite3_bind_blob(stmt, 1, before, sizeof(before), SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 2, after, sizeof(after), SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err refusal_move(struct store *store, const char *from, const char *to)
{
	int64_t ended;
	enum err err = copy(store, from, to);

	return err ? err : refusal_end(store, REFUSAL_PHONE, from, REFUSAL_ASKED, NULL, &ended);
}
