/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/modem_off.h"

#include "store/internal.h"

enum err modem_off_set(struct store *store, const char *name, const char *usb_path)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFF_SET);

	bind_text(stmt, 1, name);
	bind_text(stmt, 2, usb_path);
	return stmt_write(store, stmt);
}

enum err modem_off_clear(struct store *store, const char *name)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFF_CLEAR);

	bind_text(stmt, 1, name);
	return stmt_write(store, stmt);
}

enum err modem_off_get(struct store *store, const char *name, char *ret_path, size_t path_bytes)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFF_GET);
	enum err err;

	bind_text(stmt, 1, name);
	err = stmt_row(store, stmt);
	if (!err)
		copy_column(stmt, 0, ret_path, path_bytes);
	return err;
}
