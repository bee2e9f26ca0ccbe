/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/inbox.h"
#include "store/internal.h"

#include <string.h>

static const char *const state_texts[] = {
#define X(name) [INBOX_##name] = #name,
	INBOX_STATE_TABLE(X)
#undef X
};

static const char *const kind_texts[] = {
#define X(name, text) [INBOX_KIND_##name] = text,
	INBOX_KIND_TABLE(X)
#undef X
};

/* What may follow what; a state that is not named here is final. */
static const bool allowed[ARRAY_LEN(state_texts)][ARRAY_LEN(state_texts)] = {
	[INBOX_NEW] = {[INBOX_WAITING] = true, [INBOX_HANDLED] = true, [INBOX_IGNORED] = true},
	[INBOX_WAITING] = {[INBOX_HANDLED] = true, [INBOX_IGNORED] = true},
};

const char *inbox_state_text(enum inbox_state state)
{
	return state_texts[state];
}

const char *inbox_kind_text(enum inbox_kind kind)
{
	return kind_texts[kind];
}

enum err inbox_find(struct store *store, const char *channel, const char *external_id,
	int64_t *ret_id, int64_t *ret_report_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_INBOX_FIND);
	enum err err;

	bind_text(stmt, 1, channel);
	bind_text(stmt, 2, external_id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_id = sqlite3_column_int64(stmt, 0);
	*ret_report_id = sqlite3_column_int64(stmt, 1);
	return ERR_OK;
}

static enum err insert(struct store *store, const struct inbox_new *in, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_INBOX_ADD);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, INBOX_BODY_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(store->vault, "inbox.body", id, in->body, in->body_bytes, &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, in->channel);
	bind_text(stmt, 3, in->external_id);
	bind_text(stmt, 4, inbox_kind_text(in->kind));
	sqlite3_bind_int64(stmt, 5, in->party_id);
	sqlite3_bind_int64(stmt, 6, in->received_ms);
	sqlite3_bind_int64(stmt, 7, in->sent_ms);
	sqlite3_bind_blob(stmt, 8, sealed.data, (int)sealed.len, SQLITE_STATIC);
	if (in->hash)
		sqlite3_bind_blob(stmt, 9, in->hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err inbox_add(struct store *store, const struct inbox_new *in, int64_t *ret_id)
{
	int64_t id, report_id;
	enum err err;

	if (!in->external_id[0] || strlen(in->external_id) >= INBOX_EXTERNAL_ID_MAX)
		return ERR_INVALID;
	if (in->body_bytes > INBOX_BODY_MAX)
		return ERR_TOO_BIG;
	err = inbox_find(store, in->channel, in->external_id, &id, &report_id);
	if (!err) {
		*ret_id = id;
		return ERR_EXISTS;
	}
	if (err != ERR_NOT_FOUND)
		return err;
	id = store_next_id(store, ID_INBOX);
	err = insert(store, in, id);
	if (!err)
		*ret_id = id;
	return err;
}

static enum err load_state(struct store *store, int64_t id, enum inbox_state *ret_state)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_INBOX_STATE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		*ret_state = (enum inbox_state)text_index(state_texts, ARRAY_LEN(state_texts),
			(const char *)sqlite3_column_text(stmt, 0));
	return err;
}

enum err inbox_move(
	struct store *store, int64_t id, enum inbox_state to, int64_t report_id, const char *reason)
{
	enum inbox_state from;
	enum err err = load_state(store, id, &from);

	if (err)
		return err;
	if (!allowed[from][to])
		return ERR_STATE;
	CLEAN_STMT *stmt = stmt_get(store, STMT_INBOX_MOVE);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, inbox_state_text(to));
	bind_id(stmt, 3, report_id);
	bind_text(stmt, 4, reason);
	return stmt_write(store, stmt);
}

enum err inbox_body(struct store *store, int64_t id, struct buf *out)
{
	return stmt_open_sealed(store, STMT_INBOX_BODY, "inbox.body", id, out);
}

static void read_row(sqlite3_stmt *stmt, struct inbox_row *row)
{
	*row = (struct inbox_row){0};
	row->id = sqlite3_column_int64(stmt, 0);
	copy_column(stmt, 1, row->channel, sizeof(row->channel));
	row->kind = (enum inbox_kind)text_index(
		kind_texts, ARRAY_LEN(kind_texts), (const char *)sqlite3_column_text(stmt, 2));
	row->state = (enum inbox_state)text_index(
		state_texts, ARRAY_LEN(state_texts), (const char *)sqlite3_column_text(stmt, 3));
	row->party_id = sqlite3_column_int64(stmt, 4);
	row->received_ms = sqlite3_column_int64(stmt, 5);
	row->sent_ms = sqlite3_column_int64(stmt, 6);
	row->report_id = sqlite3_column_int64(stmt, 7);
	row->part_no = sqlite3_column_int(stmt, 8);
	row->part_total = sqlite3_column_int(stmt, 9);
}

enum err inbox_list(struct store *store, int64_t before_id, int limit, inbox_row_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_INBOX_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	while (!(err = stmt_row(store, stmt))) {
		struct inbox_row row;

		read_row(stmt, &row);
		fn(arg, &row);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err inbox_count(struct store *store, enum inbox_state state, int64_t *ret_count)
{
	return stmt_count(store, STMT_INBOX_COUNT, inbox_state_text(state), ret_count);
}
