/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/menu_session.h"

#include "store/internal.h"

#include <string.h>

#define PLACE "menu_session.state"

enum err menu_session_load(
	struct store *store, int64_t party_id, struct menu_session *ret_session, struct buf *out)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_MENU_SESSION_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, party_id);
	err = stmt_row(store, stmt);
	if (!err)
		err = vault_unseal(store->vault, PLACE, party_id, sqlite3_column_blob(stmt, 3),
			(size_t)sqlite3_column_bytes(stmt, 3), out);
	if (err)
		return err;
	*ret_session = (struct menu_session){.party_id = party_id,
		.updated_ms = sqlite3_column_int64(stmt, 0),
		.is_live = sqlite3_column_int(stmt, 1) != 0,
		.has_draft = sqlite3_column_int(stmt, 2) != 0};
	return ERR_OK;
}

enum err menu_session_save(
	struct store *store, const struct menu_session *session, const char *state)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_MENU_SESSION_SAVE);
	CLEAN_BUF sealed = {0};
	enum err err;

	if (strlen(state) > MENU_STATE_MAX)
		return ERR_TOO_BIG;
	buf_init(&sealed, MENU_STATE_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(store->vault, PLACE, session->party_id, state, strlen(state), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, session->party_id);
	sqlite3_bind_int64(stmt, 2, session->updated_ms);
	sqlite3_bind_int(stmt, 3, session->is_live);
	sqlite3_bind_int(stmt, 4, session->has_draft);
	sqlite3_bind_blob(stmt, 5, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

/* The message that begins it may be in the inbox already. */
struct menu_mark menu_session_mark(struct store *store)
{
	return (struct menu_mark){
		.inbox_id = store->next_id[ID_INBOX] - 1, .outbox_id = store->next_id[ID_OUTBOX]};
}

enum err menu_session_hide(
	struct store *store, const struct menu_mark *since, int64_t party_id, int64_t to_id)
{
	static const enum stmt_id ids[] = {
		STMT_MENU_HIDE_SET, STMT_MENU_HIDE_INBOX, STMT_MENU_HIDE_OUTBOX};
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < ARRAY_LEN(ids); i++) {
		CLEAN_STMT *stmt = stmt_get(store, ids[i]);

		sqlite3_bind_int64(stmt, 1, i == 2 ? since->outbox_id : since->inbox_id);
		sqlite3_bind_int64(stmt, 2, party_id);
		sqlite3_bind_int64(stmt, 3, to_id);
		err = stmt_write(store, stmt);
	}
	return err;
}

enum err menu_session_end(struct store *store, int64_t party_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_MENU_SESSION_END);

	sqlite3_bind_int64(stmt, 1, party_id);
	return stmt_write(store, stmt);
}

enum err menu_session_prune(struct store *store, int64_t before_ms, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_MENU_SESSION_PRUNE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_ms);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_count = sqlite3_changes(store->db);
	return err;
}

enum err menu_session_count(struct store *store, int64_t *ret_count, int64_t *ret_drafts)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_MENU_SESSION_COUNT);
	enum err err = stmt_row(store, stmt);

	if (err)
		return err;
	*ret_count = sqlite3_column_int64(stmt, 0);
	*ret_drafts = sqlite3_column_int64(stmt, 1);
	return ERR_OK;
}
