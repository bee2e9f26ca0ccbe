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

enum err zalo_token_back(struct store *store, const char *app_id, const char *oa_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_TOKEN_BACK);
	int64_t newest;
	enum err err = newest_generation(store, app_id, oa_id, &newest);

	if (err)
		return err;
	bind_text(stmt, 1, app_id);
	bind_text(stmt, 2, oa_id);
	sqlite3_bind_int64(stmt, 3, newest);
	err = stmt_write(store, stmt);
	return !err && !sqlite3_changes(store->db) ? ERR_NOT_FOUND : err;
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
	if (err)
		return ERR_OK;
	ret_cursor->floor_ms = sqlite3_column_int64(stmt, 0);
	ret_cursor->top_ms = sqlite3_column_int64(stmt, 1);
	ret_cursor->offset = sqlite3_column_int64(stmt, 2);
	ret_cursor->edge_ms = sqlite3_column_int64(stmt, 3);
	copy_column(stmt, 4, ret_cursor->edge_id, sizeof(ret_cursor->edge_id));
	ret_cursor->covered_ms = sqlite3_column_int64(stmt, 5);
	return ERR_OK;
}

enum err zalo_cursor_save(struct store *store, const char *name, const struct zalo_cursor *cursor)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CURSOR_SAVE);

	bind_text(stmt, 1, name);
	sqlite3_bind_int64(stmt, 2, cursor->floor_ms);
	sqlite3_bind_int64(stmt, 3, cursor->top_ms);
	sqlite3_bind_int64(stmt, 4, cursor->offset);
	sqlite3_bind_int64(stmt, 5, cursor->edge_ms);
	bind_text(stmt, 6, cursor->edge_id);
	sqlite3_bind_int64(stmt, 7, cursor->covered_ms);
	return stmt_write(store, stmt);
}

/* ---- gaps ------------------------------------------------------------------------------------
 */

enum err zalo_gap_add(struct store *store, const char *list, int64_t from_ms, int64_t to_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_GAP_ADD);

	bind_text(stmt, 1, list);
	sqlite3_bind_int64(stmt, 2, from_ms);
	sqlite3_bind_int64(stmt, 3, to_ms);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err zalo_gap_list(struct store *store, int64_t before_id, int limit, zalo_gap_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_GAP_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	while (!(err = stmt_row(store, stmt))) {
		struct zalo_gap gap = {.id = sqlite3_column_int64(stmt, 0),
			.from_ms = sqlite3_column_int64(stmt, 2),
			.to_ms = sqlite3_column_int64(stmt, 3),
			.noted_ms = sqlite3_column_int64(stmt, 4),
			.seen_ms = sqlite3_column_int64(stmt, 5)};

		copy_column(stmt, 1, gap.list, sizeof(gap.list));
		copy_column(stmt, 6, gap.seen_by, sizeof(gap.seen_by));
		fn(arg, &gap);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err zalo_gap_count(struct store *store, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_GAP_COUNT);

	return stmt_int64(store, stmt, ret_count);
}

static enum err gap_seen_ms(struct store *store, int64_t id, int64_t *ret_seen_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_GAP_LOAD);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_int64(store, stmt, ret_seen_ms);
}

enum err zalo_gap_seen(struct store *store, int64_t id, const char *actor)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_GAP_SEEN);
	int64_t seen_ms;
	enum err err = gap_seen_ms(store, id, &seen_ms);

	if (err)
		return err;
	if (seen_ms)
		return ERR_STATE;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	bind_text(stmt, 3, actor);
	return stmt_write(store, stmt);
}
