/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/zalo_state.h"
#include "store/internal.h"

#include <string.h>

static enum err open_token(struct store *store, sqlite3_stmt *stmt, int column, const char *place,
	int64_t generation, char token[ZALO_TOKEN_MAX])
{
	struct buf text;
	enum err err;

	buf_init(&text, ZALO_TOKEN_MAX - 1);
	err = vault_unseal(store->vault, place, generation, sqlite3_column_blob(stmt, column),
		(size_t)sqlite3_column_bytes(stmt, column), &text);
	if (!err)
		err = str_copy(token, ZALO_TOKEN_MAX, buf_text(&text));
	buf_wipe(&text);
	return err;
}

enum err zalo_token_load(
	struct store *store, const char *app_id, const char *oa_id, struct zalo_token *ret_token)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_TOKEN_LOAD);
	struct zalo_token *t;
	enum err err;

	bind_text(stmt, 1, app_id);
	bind_text(stmt, 2, oa_id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	t = calloc(1, sizeof(*t));
	if (!t)
		return ERR_NOMEM;
	t->generation = sqlite3_column_int64(stmt, 0);
	t->issued_ms = sqlite3_column_int64(stmt, 3);
	t->expires_ms = sqlite3_column_int64(stmt, 4);
	t->attempt_ms = sqlite3_column_int64(stmt, 5);
	t->refresh_expires_ms = sqlite3_column_int64(stmt, 6);
	t->told = sqlite3_column_int(stmt, 7);
	err = open_token(store, stmt, 1, "zalo_token.access", t->generation, t->access);
	if (!err)
		err = open_token(store, stmt, 2, "zalo_token.refresh", t->generation, t->refresh);
	if (!err)
		*ret_token = *t;
	explicit_bzero(t, sizeof(*t));
	free(t);
	return err;
}

/* 0 when there is none yet. */
static enum err newest_generation(
	struct store *store, const char *app_id, const char *oa_id, int64_t *ret_generation)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_TOKEN_LOAD);
	enum err err;

	bind_text(stmt, 1, app_id);
	bind_text(stmt, 2, oa_id);
	err = stmt_row(store, stmt);
	*ret_generation = err ? 0 : sqlite3_column_int64(stmt, 0);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err insert_token(struct store *store, const char *app_id, const char *oa_id,
	const struct zalo_token *token, int64_t generation)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_TOKEN_ADD);
	CLEAN_BUF access = {0};
	CLEAN_BUF refresh = {0};
	enum err err;

	buf_init(&access, ZALO_TOKEN_MAX + VAULT_SEAL_EXTRA_BYTES);
	buf_init(&refresh, ZALO_TOKEN_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(store->vault, "zalo_token.access", generation, token->access,
		strlen(token->access), &access);
	if (!err)
		err = vault_seal(store->vault, "zalo_token.refresh", generation, token->refresh,
			strlen(token->refresh), &refresh);
	if (err)
		return err;
	bind_text(stmt, 1, app_id);
	bind_text(stmt, 2, oa_id);
	sqlite3_bind_int64(stmt, 3, generation);
	sqlite3_bind_blob(stmt, 4, access.data, (int)access.len, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 5, refresh.data, (int)refresh.len, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 6, token->issued_ms);
	sqlite3_bind_int64(stmt, 7, token->expires_ms);
	sqlite3_bind_int64(stmt, 8, token->attempt_ms);
	sqlite3_bind_int64(stmt, 9, token->refresh_expires_ms);
	return stmt_write(store, stmt);
}

enum err zalo_token_save(
	struct store *store, const char *app_id, const char *oa_id, const struct zalo_token *token)
{
	CLEAN_STMT *prune = stmt_get(store, STMT_TOKEN_PRUNE);
	int64_t newest;
	enum err err = newest_generation(store, app_id, oa_id, &newest);

	if (!err)
		err = insert_token(store, app_id, oa_id, token, newest + 1);
	if (err)
		return err;
	bind_text(prune, 1, app_id);
	bind_text(prune, 2, oa_id);
	sqlite3_bind_int64(prune, 3, newest);
	return stmt_write(store, prune);
}

/* Sets one value of the newest pair. */
static enum err update_newest(
	struct store *store, enum stmt_id id, const char *app_id, const char *oa_id, int64_t value)
{
	CLEAN_STMT *stmt = stmt_get(store, id);
	int64_t newest;
	enum err err = newest_generation(store, app_id, oa_id, &newest);

	if (err)
		return err;
	if (!newest)
		return ERR_NOT_FOUND;
	bind_text(stmt, 1, app_id);
	bind_text(stmt, 2, oa_id);
	sqlite3_bind_int64(stmt, 3, newest);
	sqlite3_bind_int64(stmt, 4, value);
	return stmt_write(store, stmt);
}

enum err zalo_token_attempt(
	struct store *store, const char *app_id, const char *oa_id, int64_t attempt_ms)
{
	return update_newest(store, STMT_TOKEN_ATTEMPT, app_id, oa_id, attempt_ms);
}

enum err zalo_token_told(struct store *store, const char *app_id, const char *oa_id, int told)
{
	return update_newest(store, STMT_TOKEN_TOLD, app_id, oa_id, told);
}

enum err zalo_cursor_load(struct store *store, const char *name, struct zalo_cursor *ret_cursor)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CURSOR_LOAD);
	enum err err;

	bind_text(stmt, 1, name);
	err = stmt_row(store, stmt);
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_cursor = (struct zalo_cursor){0};
	if (!err)
		*ret_cursor = (struct zalo_cursor){sqlite3_column_int64(stmt, 0),
			sqlite3_column_int64(stmt, 1), sqlite3_column_int64(stmt, 2)};
	return ERR_OK;
}

enum err zalo_cursor_save(struct store *store, const char *name, const struct zalo_cursor *cursor)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CURSOR_SAVE);

	bind_text(stmt, 1, name);
	sqlite3_bind_int64(stmt, 2, cursor->floor_ms);
	sqlite3_bind_int64(stmt, 3, cursor->top_ms);
	sqlite3_bind_int64(stmt, 4, cursor->offset);
	return stmt_write(store, stmt);
}
