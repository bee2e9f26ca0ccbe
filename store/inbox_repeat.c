/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages that came a second time from the network itself (inbox.h). */
#include "store/inbox.h"
#include "store/internal.h"

#define REPEAT_MS (7 * DAY_MS)	   /* the longest a service centre keeps trying */
#define TWIN_MS	  (20 * SECOND_MS) /* a centre waits longer than that for a lost acknowledgement */

enum err inbox_find_repeat(
	struct store *store, const struct inbox_new *in, struct inbox_repeat *ret_repeat)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_INBOX_SAME);
	enum err err;

	if (!in->hash || in->sent_ms <= 0)
		return ERR_NOT_FOUND;
	sqlite3_bind_int64(stmt, 1, in->party_id);
	sqlite3_bind_int64(stmt, 2, in->sent_ms);
	sqlite3_bind_blob(stmt, 3, in->hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 4, in->received_ms - REPEAT_MS);
	sqlite3_bind_int64(stmt, 5, in->received_ms - TWIN_MS);
	/* What seems to come from the future came before our clock was set back. */
	sqlite3_bind_int64(stmt, 6, in->received_ms);
	sqlite3_bind_int64(stmt, 7, in->other_party_id);
	err = stmt_row(store, stmt);
	if (!err)
		*ret_repeat = (struct inbox_repeat){
			sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1)};
	return err;
}

enum err inbox_find_repeated_part(struct store *store, int64_t inbox_id, int64_t other_party_id,
	const struct sms_concat *concat, const uint8_t hash[VAULT_HASH_BYTES], int64_t now_ms,
	struct inbox_repeat *ret_repeat)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SET_DONE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, inbox_id);
	sqlite3_bind_int(stmt, 2, concat->seq);
	sqlite3_bind_blob(stmt, 3, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	sqlite3_bind_int(stmt, 4, concat->ref);
	sqlite3_bind_int(stmt, 5, concat->ref_bits);
	sqlite3_bind_int(stmt, 6, concat->total);
	sqlite3_bind_int64(stmt, 7, now_ms - REPEAT_MS);
	sqlite3_bind_int64(stmt, 8, other_party_id);
	err = stmt_row(store, stmt);
	if (!err)
		*ret_repeat = (struct inbox_repeat){
			sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1)};
	return err;
}
