/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/internal.h"

#include <string.h>

const struct stmt_text stmt_texts[STMT_COUNT] = {
#define X(name, heat, sql) [STMT_##name] = {#name, STMT_##heat, sql},
	STATEMENT_TABLE(X)
#undef X
};

enum err statements_prepare(struct store *store, struct errbuf *eb)
{
	for (int i = 0; i < STMT_COUNT; i++) {
		int rc = sqlite3_prepare_v3(store->db, stmt_texts[i].sql, -1,
			SQLITE_PREPARE_PERSISTENT, &store->statements[i], NULL);

		if (rc) {
			enum err err = store_fail(store, rc, eb);

			return errbuf_wrap(eb, err, "statement %s", stmt_texts[i].name);
		}
	}
	return ERR_OK;
}

void statements_finalize(struct store *store)
{
	for (int i = 0; i < STMT_COUNT; i++) {
		sqlite3_finalize(store->statements[i]);
		store->statements[i] = NULL;
	}
}

sqlite3_stmt *stmt_get(struct store *store, enum stmt_id id)
{
	sqlite3_stmt *stmt = store->statements[id];

	/* A statement in use by an outer function would lose its place. */
	CHECK(!sqlite3_stmt_busy(stmt));
	sqlite3_reset(stmt);
	return stmt;
}

void stmt_clean(sqlite3_stmt **stmt)
{
	if (!*stmt)
		return;
	sqlite3_reset(*stmt);
	sqlite3_clear_bindings(*stmt);
}

enum err stmt_write(struct store *store, sqlite3_stmt *stmt)
{
	enum err err = turn_need(store);
	int rc;

	if (err)
		return err;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_DONE)
		return ERR_OK;
	return store_fail(store, rc, NULL);
}

enum err stmt_row(struct store *store, sqlite3_stmt *stmt)
{
	int rc = sqlite3_step(stmt);

	if (rc == SQLITE_ROW)
		return ERR_OK;
	return rc == SQLITE_DONE ? ERR_NOT_FOUND : store_fail(store, rc, NULL);
}

enum err stmt_write_one(struct store *store, sqlite3_stmt *stmt)
{
	enum err err = stmt_write(store, stmt);

	return err || sqlite3_changes(store->db) ? err : ERR_NOT_FOUND;
}

enum err stmt_int64(struct store *store, sqlite3_stmt *stmt, int64_t *ret_value)
{
	enum err err = stmt_row(store, stmt);

	if (!err)
		*ret_value = sqlite3_column_int64(stmt, 0);
	return err;
}

enum err stmt_time(struct store *store, sqlite3_stmt *stmt, int64_t *ret_ms)
{
	enum err err = stmt_row(store, stmt);

	if (!err)
		*ret_ms = sqlite3_column_type(stmt, 0) == SQLITE_NULL
				  ? INT64_MAX
				  : sqlite3_column_int64(stmt, 0);
	return err;
}

enum err stmt_count(struct store *store, enum stmt_id id, const char *state, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, id);

	if (state)
		bind_text(stmt, 1, state);
	return stmt_int64(store, stmt, ret_count);
}

enum err stmt_open_sealed(
	struct store *store, enum stmt_id stmt_id, const char *purpose, int64_t id, struct buf *out)
{
	CLEAN_STMT *stmt = stmt_get(store, stmt_id);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	if (!sqlite3_column_bytes(stmt, 0))
		return ERR_NOT_FOUND;
	return vault_unseal(store->vault, purpose, id, sqlite3_column_blob(stmt, 0),
		(size_t)sqlite3_column_bytes(stmt, 0), out);
}

int text_index(const char *const *texts, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(texts[i], text))
			return (int)i;
	}
	return 0;
}

void bind_text(sqlite3_stmt *stmt, int index, const char *text)
{
	sqlite3_bind_text(stmt, index, text, -1, SQLITE_STATIC);
}

void bind_id(sqlite3_stmt *stmt, int index, int64_t id)
{
	if (id)
		sqlite3_bind_int64(stmt, index, id);
	else
		sqlite3_bind_null(stmt, index);
}

void copy_column(sqlite3_stmt *stmt, int column, char *dst, size_t dst_bytes)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	snprintf(dst, dst_bytes, "%s", text ? text : "");
}
