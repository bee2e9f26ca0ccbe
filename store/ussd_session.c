/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/ussd_session.h"

#include "store/internal.h"

#include <string.h>

#define HISTORY "ussd_session.history"
#define ANSWER	"ussd_answer.answer"

static void hash_of(struct store *store, const char *text, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	vault_hash(store->vault, VAULT_HASH_CONTENT, text, strlen(text), ret_hash);
}

enum err ussd_session_find(struct store *store, const char *name, struct ussd_session *ret_session,
	struct buf *history)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_USSD_SESSION_FIND);
	struct ussd_session session;
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err;

	hash_of(store, name, hash);
	sqlite3_bind_blob(stmt, 1, hash, sizeof(hash), SQLITE_STATIC);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	session = (struct ussd_session){.id = sqlite3_column_int64(stmt, 0),
		.party_id = sqlite3_column_int64(stmt, 1),
		.updated_ms = sqlite3_column_int64(stmt, 2),
		.is_over = sqlite3_column_int(stmt, 3) != 0};
	err = vault_unseal(store->vault, HISTORY, session.id, sqlite3_column_blob(stmt, 4),
		(size_t)sqlite3_column_bytes(stmt, 4), history);
	if (!err)
		*ret_session = session;
	return err;
}

static enum err seal(struct store *store, const char *place, int64_t row, const char *text,
	size_t max, struct buf *out)
{
	if (strlen(text) > max)
		return ERR_TOO_BIG;
	buf_init(out, max + VAULT_SEAL_EXTRA_BYTES);
	return vault_seal(store->vault, place, row, text, strlen(text), out);
}

enum err ussd_session_add(struct store *store, const char *name, int64_t party_id, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_USSD_SESSION_ADD);
	int64_t id = store_next_id(store, ID_USSD_SESSION);
	uint8_t hash[VAULT_HASH_BYTES];
	CLEAN_BUF sealed = {0};
	enum err err = seal(store, HISTORY, id, "", USSD_HISTORY_MAX, &sealed);

	if (err)
		return err;
	hash_of(store, name, hash);
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, hash, sizeof(hash), SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, party_id);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	sqlite3_bind_blob(stmt, 5, sealed.data, (int)sealed.len, SQLITE_STATIC);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_id = id;
	return err;
}

enum err ussd_session_save(
	struct store *store, const struct ussd_session *session, const char *history)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_USSD_SESSION_SAVE);
	CLEAN_BUF sealed = {0};
	enum err err = seal(store, HISTORY, session->id, history, USSD_HISTORY_MAX, &sealed);

	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, session->id);
	sqlite3_bind_int64(stmt, 2, session->updated_ms);
	sqlite3_bind_int(stmt, 3, session->is_over);
	sqlite3_bind_blob(stmt, 4, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write_one(store, stmt);
}

enum err ussd_answer_find(struct store *store, int64_t session_id, const char *step,
	struct buf *answer, bool *ret_is_end)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_USSD_ANSWER_FIND);
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err;

	hash_of(store, step, hash);
	sqlite3_bind_int64(stmt, 1, session_id);
	sqlite3_bind_blob(stmt, 2, hash, sizeof(hash), SQLITE_STATIC);
	err = stmt_row(store, stmt);
	if (!err)
		err = vault_unseal(store->vault, ANSWER, session_id, sqlite3_column_blob(stmt, 0),
			(size_t)sqlite3_column_bytes(stmt, 0), answer);
	if (!err)
		*ret_is_end = sqlite3_column_int(stmt, 1) != 0;
	return err;
}

enum err ussd_answer_add(
	struct store *store, int64_t session_id, const char *step, const char *answer, bool is_end)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_USSD_ANSWER_ADD);
	uint8_t hash[VAULT_HASH_BYTES];
	CLEAN_BUF sealed = {0};
	enum err err = seal(store, ANSWER, session_id, answer, USSD_ANSWER_MAX, &sealed);

	if (err)
		return err;
	hash_of(store, step, hash);
	sqlite3_bind_int64(stmt, 1, session_id);
	sqlite3_bind_blob(stmt, 2, hash, sizeof(hash), SQLITE_STATIC);
	sqlite3_bind_int(stmt, 3, is_end);
	sqlite3_bind_blob(stmt, 4, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err ussd_session_prune(struct store *store, int64_t before_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_USSD_SESSION_PRUNE);

	sqlite3_bind_int64(stmt, 1, before_ms);
	return stmt_write(store, stmt);
}
