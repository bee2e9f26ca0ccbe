/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/party_channel.h"

#include "store/internal.h"

enum err party_channel_load(struct store *store, int64_t party_id, enum channel_kind channel,
	struct party_channel *ret_known)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_CHANNEL_LOAD);
	struct party_channel known = {.left = -1};
	enum err err;

	sqlite3_bind_int64(stmt, 1, party_id);
	bind_text(stmt, 2, channel_kind_text(channel));
	err = stmt_row(store, stmt);
	if (err && err != ERR_NOT_FOUND)
		return err;
	if (!err)
		known = (struct party_channel){.heard_ms = sqlite3_column_int64(stmt, 0),
			.asked_ms = sqlite3_column_int64(stmt, 1),
			.closed_ms = sqlite3_column_int64(stmt, 2),
			.until_ms = sqlite3_column_int64(stmt, 3),
			.code = sqlite3_column_int64(stmt, 4),
			.left = sqlite3_column_int64(stmt, 5),
			.left_ms = sqlite3_column_int64(stmt, 6)};
	*ret_known = known;
	return ERR_OK;
}

enum err party_channel_save(struct store *store, int64_t party_id, enum channel_kind channel,
	const struct party_channel *known)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_CHANNEL_SAVE);

	sqlite3_bind_int64(stmt, 1, party_id);
	bind_text(stmt, 2, channel_kind_text(channel));
	sqlite3_bind_int64(stmt, 3, known->heard_ms);
	sqlite3_bind_int64(stmt, 4, known->asked_ms);
	sqlite3_bind_int64(stmt, 5, known->closed_ms);
	sqlite3_bind_int64(stmt, 6, known->until_ms);
	sqlite3_bind_int64(stmt, 7, known->code);
	sqlite3_bind_int64(stmt, 8, known->left);
	sqlite3_bind_int64(stmt, 9, known->left_ms);
	return stmt_write(store, stmt);
}
