/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/inbox.h"
#include "store/internal.h"

#include <string.h>

struct slot_state {
	int64_t generation; /* 0 = never used */
	bool holds_this;    /* this very message, not seen deleted */
};

static void bind_slot(sqlite3_stmt *stmt, const char *owner, const char *memory, int slot)
{
	bind_text(stmt, 1, owner);
	bind_text(stmt, 2, memory);
	sqlite3_bind_int(stmt, 3, slot);
}

static enum err slot_load(struct store *store, const char *owner, const char *memory, int slot,
	const uint8_t hash[VAULT_HASH_BYTES], struct slot_state *ret_state)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SLOT_FIND);
	enum err err;

	bind_slot(stmt, owner, memory, slot);
	err = stmt_row(store, stmt);
	*ret_state = (struct slot_state){0};
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	ret_state->generation = sqlite3_column_int64(stmt, 0);
	ret_state->holds_this = !sqlite3_column_int(stmt, 2) &&
				sqlite3_column_bytes(stmt, 1) == VAULT_HASH_BYTES &&
				memcmp(sqlite3_column_blob(stmt, 1), hash, VAULT_HASH_BYTES) == 0;
	return ERR_OK;
}

enum err sim_slot_take(struct store *store, const char *owner, const char *memory, int slot,
	const uint8_t hash[32], int64_t *ret_generation)
{
	struct slot_state state;
	enum err err = slot_load(store, owner, memory, slot, hash, &state);

	if (err)
		return err;
	if (state.holds_this)
		return ERR_EXISTS;
	CLEAN_STMT *stmt = stmt_get(store, STMT_SLOT_SET);

	bind_slot(stmt, owner, memory, slot);
	sqlite3_bind_int64(stmt, 4, state.generation + 1);
	sqlite3_bind_blob(stmt, 5, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_generation = state.generation + 1;
	return err;
}

/* A generation that was once given out under either name is never given out again. */
enum err sim_slot_rename(struct store *store, const char *from, const char *to)
{
	CLEAN_STMT *copy = stmt_get(store, STMT_SLOT_COPY);
	CLEAN_STMT *leave = stmt_get(store, STMT_SLOT_LEAVE);
	enum err err;

	bind_text(copy, 1, from);
	bind_text(copy, 2, to);
	err = stmt_write(store, copy);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	bind_text(leave, 1, from);
	return stmt_write(store, leave);
}

enum err sim_slot_freed(struct store *store, const char *owner, const char *memory, int slot)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SLOT_FREE);

	bind_slot(stmt, owner, memory, slot);
	return stmt_write(store, stmt);
}
