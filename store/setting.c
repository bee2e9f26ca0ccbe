/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/setting.h"

#include "store/internal.h"

#include <string.h>

enum err setting_change_put(
	struct store *store, const char *path, const char *value, const char *actor)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SETTING_CHANGE_PUT);

	if (strlen(path) >= SETTING_PATH_BYTES || strlen(value) >= SETTING_VALUE_BYTES)
		return ERR_TOO_BIG;
	bind_text(stmt, 1, path);
	bind_text(stmt, 2, value);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	bind_text(stmt, 4, actor);
	return stmt_write(store, stmt);
}

enum err setting_change_drop(struct store *store, const char *path)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SETTING_CHANGE_DROP);
	enum err err;

	bind_text(stmt, 1, path);
	err = stmt_write(store, stmt);
	return err || sqlite3_changes(store->db) ? err : ERR_NOT_FOUND;
}

enum err setting_change_list(struct store *store, setting_change_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SETTING_CHANGE_LIST);
	enum err err;

	while (!(err = stmt_row(store, stmt))) {
		struct setting_change change = {.changed_ms = sqlite3_column_int64(stmt, 2)};

		copy_column(stmt, 0, change.path, sizeof(change.path));
		copy_column(stmt, 1, change.value, sizeof(change.value));
		copy_column(stmt, 3, change.actor, sizeof(change.actor));
		fn(arg, &change);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
