/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/dossier.h"

#include "store/internal.h"

#include <string.h>

static const char *const states[DOSSIER_STATES] = {
#define X(name, text) [DOSSIER_##name] = text,
	DOSSIER_STATE_TABLE(X)
#undef X
};

const char *dossier_state_text(enum dossier_state state)
{
	return states[state];
}

static enum err hash_of(struct store *store, const char *code, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	char text[96];
	int len = snprintf(text, sizeof(text), "dossier|%s", code);

	if (len < 0 || (size_t)len >= sizeof(text))
		return ERR_TOO_BIG;
	vault_hash(store->vault, VAULT_HASH_CONTENT, text, (size_t)len, ret_hash);
	return ERR_OK;
}

static enum err find(
	struct store *store, const uint8_t hash[VAULT_HASH_BYTES], struct dossier *ret_dossier)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DOSSIER_FIND);
	enum err err;

	sqlite3_bind_blob(stmt, 1, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_dossier = (struct dossier){
		.state = (enum dossier_state)text_index(
			states, ARRAY_LEN(states), (const char *)sqlite3_column_text(stmt, 0)),
		.due_day = sqlite3_column_int64(stmt, 1),
		.changed_day = sqlite3_column_int64(stmt, 2),
		.seen_ms = sqlite3_column_int64(stmt, 3)};
	return ERR_OK;
}

enum err dossier_find(struct store *store, const char *code, struct dossier *ret_dossier)
{
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err = hash_of(store, code, hash);

	return err ? err : find(store, hash, ret_dossier);
}

static enum err put(
	struct store *store, const uint8_t hash[VAULT_HASH_BYTES], const struct dossier *in)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DOSSIER_PUT);

	sqlite3_bind_blob(stmt, 1, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	bind_text(stmt, 2, states[in->state]);
	sqlite3_bind_int64(stmt, 3, in->due_day);
	sqlite3_bind_int64(stmt, 4, in->changed_day);
	sqlite3_bind_int64(stmt, 5, in->seen_ms);
	return stmt_write(store, stmt);
}

enum err dossier_put(struct store *store, const char *code, const struct dossier *in,
	enum dossier_change *ret_change)
{
	uint8_t hash[VAULT_HASH_BYTES];
	struct dossier before;
	enum err err = hash_of(store, code, hash);
	bool is_new;

	if (err)
		return err;
	err = find(store, hash, &before);
	is_new = err == ERR_NOT_FOUND;
	if (err && !is_new)
		return err;
	err = put(store, hash, in);
	if (err)
		return err;
	*ret_change = is_new ? DOSSIER_ADDED
		      : before.state != in->state || before.due_day != in->due_day ||
				      before.changed_day != in->changed_day
			      ? DOSSIER_CHANGED
			      : DOSSIER_SAME;
	return ERR_OK;
}

enum err dossier_forget(struct store *store, int64_t before_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DOSSIER_FORGET);

	sqlite3_bind_int64(stmt, 1, before_ms);
	return stmt_write(store, stmt);
}

enum err dossier_counts(
	struct store *store, int64_t ret_counts[DOSSIER_STATES], int64_t *ret_newest_ms)
{
	CLEAN_STMT *newest = stmt_get(store, STMT_DOSSIER_NEWEST);
	CLEAN_STMT *stmt = stmt_get(store, STMT_DOSSIER_COUNTS);
	enum err err = stmt_int64(store, newest, ret_newest_ms);

	memset(ret_counts, 0, DOSSIER_STATES * sizeof(*ret_counts));
	while (!err && !(err = stmt_row(store, stmt)))
		ret_counts[text_index(states, ARRAY_LEN(states),
			(const char *)sqlite3_column_text(stmt, 0))] = sqlite3_column_int64(stmt,
			1);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
