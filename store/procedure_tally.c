/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/procedure_tally.h"

#include "store/internal.h"

enum err procedure_tally_add(struct store *store, const char *code)
{
	CLEAN_STMT *add = stmt_get(store, STMT_PROCEDURE_TALLY_ADD);
	CLEAN_STMT *prune = stmt_get(store, STMT_PROCEDURE_TALLY_PRUNE);
	int64_t today = clock_local_day(clock_wall_ms(store->clock));
	enum err err;

	sqlite3_bind_int64(add, 1, today);
	bind_text(add, 2, code);
	err = stmt_write(store, add);
	if (err)
		return err;
	sqlite3_bind_int64(prune, 1, today - PROCEDURE_TALLY_DAYS);
	return stmt_write(store, prune);
}

enum err procedure_tally_since(struct store *store, int64_t day, procedure_tally_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PROCEDURE_TALLY_SINCE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, day);
	while (!(err = stmt_row(store, stmt)))
		fn(arg, (const char *)sqlite3_column_text(stmt, 0), sqlite3_column_int64(stmt, 1));
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err procedure_told(struct store *store, const char *code, int64_t *ret_day)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PROCEDURE_TOLD);
	enum err err;

	bind_text(stmt, 1, code);
	err = stmt_row(store, stmt);
	if (!err)
		*ret_day = sqlite3_column_int64(stmt, 0);
	return err;
}

enum err procedure_told_put(struct store *store, const char *code, int64_t day)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PROCEDURE_TOLD_PUT);

	bind_text(stmt, 1, code);
	sqlite3_bind_int64(stmt, 2, day);
	return stmt_write(store, stmt);
}

enum err procedure_told_on(struct store *store, int64_t day, bool *ret_was_told)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PROCEDURE_TOLD_ON);
	enum err err;

	sqlite3_bind_int64(stmt, 1, day);
	err = stmt_row(store, stmt);
	if (!err || err == ERR_NOT_FOUND)
		*ret_was_told = !err;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
