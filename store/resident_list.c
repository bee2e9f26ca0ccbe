/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/resident_list.h"

#include "store/internal.h"
#include "store/recipient.h"

#include <string.h>

/* A sealed column as text; "" when it is NULL. */
static enum err open_text(struct store *store, const char *what, int64_t id, sqlite3_stmt *stmt,
	int column, char *ret_text, size_t bytes)
{
	struct buf text;
	enum err err;

	ret_text[0] = 0;
	if (sqlite3_column_type(stmt, column) == SQLITE_NULL)
		return ERR_OK;
	buf_init(&text, 1024);
	err = vault_unseal(store->vault, what, id, sqlite3_column_blob(stmt, column),
		(size_t)sqlite3_column_bytes(stmt, column), &text);
	if (!err)
		err = str_copy(ret_text, bytes, buf_text(&text));
	buf_wipe(&text);
	return err;
}

static enum err open_tail(struct store *store, sqlite3_stmt *stmt, struct resident_row *row)
{
	char phone[64];
	enum err err = open_text(store, "resident.phone", row->id, stmt, 1, phone, sizeof(phone));
	size_t len = strlen(phone), skip = len > 3 ? len - 3 : 0;

	snprintf(row->tail, sizeof(row->tail), "%.3s", phone + skip);
	explicit_bzero(phone, sizeof(phone));
	return err;
}

static enum err read_row(struct store *store, sqlite3_stmt *stmt, struct resident_row *ret_row)
{
	struct resident_row row = {
		.id = sqlite3_column_int64(stmt, 0), .on_zalo = sqlite3_column_int(stmt, 4)};
	enum err err = open_tail(store, stmt, &row);

	copy_column(stmt, 3, row.role, sizeof(row.role));
	copy_column(stmt, 7, row.consent, sizeof(row.consent));
	if (!err)
		err = open_text(
			store, "resident.name", row.id, stmt, 2, row.name, sizeof(row.name));
	if (!err)
		err = open_text(store, "household.label", sqlite3_column_int64(stmt, 5), stmt, 6,
			row.household, sizeof(row.household));
	if (!err)
		*ret_row = row;
	return err;
}

static sqlite3_stmt *listed(struct store *store, int64_t place_id, int64_t from_id, int limit)
{
	sqlite3_stmt *stmt = stmt_get(store, STMT_RESIDENT_LISTED);

	sqlite3_bind_int64(stmt, 1, place_id);
	sqlite3_bind_int64(stmt, 2, from_id);
	sqlite3_bind_int(stmt, 3, limit);
	return stmt;
}

enum err resident_list(struct store *store, int64_t place_id, int64_t after_id, int limit,
	resident_row_fn fn, void *arg)
{
	CLEAN_STMT *stmt = listed(store, place_id, after_id + 1, limit);
	enum err err;

	while (!(err = stmt_row(store, stmt))) {
		struct resident_row row;

		err = read_row(store, stmt, &row);
		if (err)
			return err;
		fn(arg, &row);
		explicit_bzero(&row, sizeof(row));
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err resident_row_load(
	struct store *store, int64_t place_id, int64_t id, struct resident_row *ret_row)
{
	CLEAN_STMT *stmt = listed(store, place_id, id, 1);
	enum err err = stmt_row(store, stmt);

	if (!err && sqlite3_column_int64(stmt, 0) != id)
		err = ERR_NOT_FOUND;
	return err ? err : read_row(store, stmt, ret_row);
}

/* ---- who had a number shown -------------------------------------------------------------------
 */

enum err resident_shown_add(struct store *store, int64_t resident_id, int64_t place_id,
	const char *actor, const char *reason)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_SHOWN_ADD);
	int64_t id = store_next_id(store, ID_RESIDENT_SHOWN);
	CLEAN_BUF sealed = {0};
	enum err err;

	if (strlen(reason) > RESIDENT_REASON_MAX)
		return ERR_TOO_BIG;
	buf_init(&sealed, 1024);
	err = vault_seal(
		store->vault, "resident_shown.reason", id, reason, strlen(reason), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, resident_id);
	sqlite3_bind_int64(stmt, 3, place_id);
	bind_text(stmt, 4, actor);
	sqlite3_bind_int64(stmt, 5, clock_wall_ms(store->clock));
	sqlite3_bind_blob(stmt, 6, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err resident_shown_count(
	struct store *store, const char *actor, int64_t since_ms, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_SHOWN_COUNT);

	bind_text(stmt, 1, actor);
	sqlite3_bind_int64(stmt, 2, since_ms);
	return stmt_int64(store, stmt, ret_count);
}

enum err resident_shown_list(
	struct store *store, int64_t before_id, int limit, resident_shown_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_SHOWN_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	while (!(err = stmt_row(store, stmt))) {
		struct resident_shown shown = {.id = sqlite3_column_int64(stmt, 0),
			.place_id = sqlite3_column_int64(stmt, 1),
			.at_ms = sqlite3_column_int64(stmt, 3),
			.is_forgotten = sqlite3_column_type(stmt, 4) == SQLITE_NULL};

		copy_column(stmt, 2, shown.actor, sizeof(shown.actor));
		err = open_text(store, "resident_shown.reason", shown.id, stmt, 4, shown.reason,
			sizeof(shown.reason));
		if (err)
			return err;
		fn(arg, &shown);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
