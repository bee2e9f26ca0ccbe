/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages that go in several pieces, and finding a message by what the other side calls it. */
#include "store/outbox_row.h"

enum err outbox_piece_sent(struct store *store, int64_t outbox_id, const struct outbox_piece *piece,
	const char *external_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PIECE_SENT);

	if (piece->number < 1 || piece->number > 255 || piece->end_at < 0)
		return ERR_INVALID;
	sqlite3_bind_int64(stmt, 1, outbox_id);
	sqlite3_bind_int(stmt, 2, piece->number);
	sqlite3_bind_int64(stmt, 3, piece->end_at);
	bind_text(stmt, 4, external_id);
	sqlite3_bind_int64(stmt, 5, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err outbox_piece_last(struct store *store, int64_t outbox_id, struct outbox_piece *ret_piece)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PIECE_LAST);
	struct outbox_piece piece = {0};
	enum err err;

	sqlite3_bind_int64(stmt, 1, outbox_id);
	err = stmt_row(store, stmt);
	if (err && err != ERR_NOT_FOUND)
		return err;
	if (!err)
		piece = (struct outbox_piece){
			sqlite3_column_int(stmt, 0), sqlite3_column_int64(stmt, 1)};
	*ret_piece = piece;
	return ERR_OK;
}

enum err outbox_find_external(struct store *store, const char *external_id, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_EXTERNAL);

	bind_text(stmt, 1, external_id);
	return stmt_int64(store, stmt, ret_id);
}

/* A row at a time, since fn may write. */
enum err outbox_unreported(struct store *store, enum channel_kind channel, int64_t after_id,
	int limit, outbox_row_fn fn, void *arg)
{
	struct outbox_row row = {.id = after_id};
	enum err err = ERR_OK;

	for (int i = 0; !err && i < limit; i++) {
		err = outbox_row_after(store, STMT_OUTBOX_UNREPORTED, channel, row.id, &row);
		if (!err)
			fn(arg, &row);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
