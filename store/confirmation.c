/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/confirmation.h"

#include "store/internal.h"

#include <string.h>

static void hash_of(struct store *store, const struct confirmation_text *entry,
	uint8_t ret_hash[VAULT_HASH_BYTES])
{
	vault_hash(store->vault, VAULT_HASH_CONTENT, entry->text, entry->bytes, ret_hash);
}

enum err confirmation_put(struct store *store, const struct confirmation_text *entry,
	int64_t checked_day, const char *actor)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CONFIRMED_PUT);
	uint8_t hash[VAULT_HASH_BYTES];

	hash_of(store, entry, hash);
	bind_text(stmt, 1, entry->code);
	sqlite3_bind_blob(stmt, 2, hash, sizeof(hash), SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, checked_day);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	bind_text(stmt, 5, actor);
	return stmt_write(store, stmt);
}

enum err confirmation_drop(struct store *store, const char *code)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CONFIRMED_DROP);
	enum err err;

	bind_text(stmt, 1, code);
	err = stmt_write(store, stmt);
	return err || sqlite3_changes(store->db) ? err : ERR_NOT_FOUND;
}

enum err confirmation_find(struct store *store, const struct confirmation_text *entry,
	struct confirmation *ret_confirmation)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CONFIRMED_FIND);
	struct confirmation found = {0};
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err;

	bind_text(stmt, 1, entry->code);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	hash_of(store, entry, hash);
	found.is_same = memcmp(sqlite3_column_blob(stmt, 0), hash, sizeof(hash)) == 0;
	found.checked_day = sqlite3_column_int64(stmt, 1);
	found.confirmed_ms = sqlite3_column_int64(stmt, 2);
	copy_column(stmt, 3, found.actor, sizeof(found.actor));
	*ret_confirmation = found;
	return ERR_OK;
}
