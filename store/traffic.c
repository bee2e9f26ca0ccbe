/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/traffic.h"

#include "store/internal.h"

static enum err prune(struct store *store, const char *name, int64_t today)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_TRAFFIC_PRUNE);

	bind_text(stmt, 1, name);
	sqlite3_bind_int64(stmt, 2, today - TRAFFIC_KEEP_DAYS);
	return stmt_write(store, stmt);
}

enum err traffic_add(struct store *store, const char *name, const struct traffic *more)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_TRAFFIC_ADD);
	int64_t today = clock_local_day(clock_wall_ms(store->clock));
	enum err err;

	bind_text(stmt, 1, name);
	sqlite3_bind_int64(stmt, 2, today);
	sqlite3_bind_int64(stmt, 3, more->up_bytes);
	sqlite3_bind_int64(stmt, 4, more->down_bytes);
	err = stmt_write(store, stmt);
	return err ? err : prune(store, name, today);
}

enum err traffic_since(struct store *store, const char *name, int64_t day, struct traffic *ret_sum)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_TRAFFIC_SUM);
	enum err err;

	bind_text(stmt, 1, name);
	sqlite3_bind_int64(stmt, 2, day);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_sum = (struct traffic){sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1)};
	return ERR_OK;
}
