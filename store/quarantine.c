/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/internal.h"

#define QUARANTINE_RAW_MAX (256 * 1024) /* no channel reads a larger message */

enum err quarantine_add(struct store *store, const char *channel, const char *reason,
	const void *raw, size_t raw_bytes, int64_t *ret_id)
{
	int64_t id = store_next_id(store, ID_QUARANTINE);
	CLEAN_STMT *stmt = stmt_get(store, STMT_QUARANTINE_ADD);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, QUARANTINE_RAW_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(store->vault, "quarantine.raw", id, raw, raw_bytes, &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	bind_text(stmt, 3, channel);
	bind_text(stmt, 4, reason);
	sqlite3_bind_blob(stmt, 5, sealed.data, (int)sealed.len, SQLITE_STATIC);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_id = id;
	return err;
}

enum err quarantine_count(struct store *store, int64_t *ret_count)
{
	return stmt_count(store, STMT_QUARANTINE_COUNT, NULL, ret_count);
}
