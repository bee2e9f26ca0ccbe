/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/identity.h"

#include "store/envelope.h"
#include "store/internal.h"

#include <string.h>

#define PLACE "identity_reveal.reason"

enum err reveal_add(struct store *store, int64_t report_id, const char *actor, const char *reason,
	int64_t until_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REVEAL_ADD);
	int64_t id = store_next_id(store, ID_REVEAL);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, ENVELOPE_BYTES_MAX(REVEAL_REASON_MAX));
	err = report_seal(store, report_id, PLACE, id, reason, strlen(reason), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, report_id);
	bind_text(stmt, 3, actor);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	sqlite3_bind_int64(stmt, 5, until_ms);
	sqlite3_bind_blob(stmt, 6, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err reveal_open(
	struct store *store, int64_t report_id, const char *actor, int64_t *ret_until_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REVEAL_OPEN);

	sqlite3_bind_int64(stmt, 1, report_id);
	bind_text(stmt, 2, actor);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	return stmt_int64(store, stmt, ret_until_ms);
}

enum err reveal_list(struct store *store, int64_t before_id, int limit, reveal_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REVEAL_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	while (!(err = stmt_row(store, stmt))) {
		struct reveal reveal = {.id = sqlite3_column_int64(stmt, 0),
			.report_id = sqlite3_column_int64(stmt, 1),
			.at_ms = sqlite3_column_int64(stmt, 3),
			.until_ms = sqlite3_column_int64(stmt, 4),
			.told_ms = sqlite3_column_int64(stmt, 5)};

		copy_column(stmt, 2, reveal.actor, sizeof(reveal.actor));
		fn(arg, &reveal);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err reveal_reason(struct store *store, const struct key_holder *holder,
	const struct reveal *reveal, struct buf *reason)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REVEAL_REASON);
	struct keypair *pair;
	enum err err;

	sqlite3_bind_int64(stmt, 1, reveal->id);
	err = stmt_row(store, stmt);
	if (err || !sqlite3_column_bytes(stmt, 0))
		return err;
	err = report_key_open(store, holder, reveal->report_id, &pair);
	if (err)
		return err;
	err = envelope_open(pair, PLACE, reveal->id, sqlite3_column_blob(stmt, 0),
		(size_t)sqlite3_column_bytes(stmt, 0), reason);
	keypair_free(pair);
	return err;
}

enum err reveal_count_of(struct store *store, const char *actor, int64_t since_ms,
	const struct reveal_overseer *who, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REVEAL_COUNT);

	bind_text(stmt, 1, actor);
	sqlite3_bind_int64(stmt, 2, since_ms);
	sqlite3_bind_int64(stmt, 3, who->officer_id);
	sqlite3_bind_int(stmt, 4, who->knows_register);
	return stmt_int64(store, stmt, ret_count);
}

enum err reveal_untold(struct store *store, int64_t before_ms, const struct reveal_overseer *who,
	int64_t *ret_count, int64_t *ret_last_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REVEAL_UNTOLD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_ms);
	sqlite3_bind_int64(stmt, 2, who->officer_id);
	sqlite3_bind_int(stmt, 3, who->knows_register);
	err = stmt_row(store, stmt);
	if (!err) {
		*ret_count = sqlite3_column_int64(stmt, 0);
		*ret_last_id = sqlite3_column_int64(stmt, 1);
	}
	return err;
}

enum err reveal_set_told(struct store *store, int64_t last_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REVEAL_TOLD);

	sqlite3_bind_int64(stmt, 1, last_id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}
