/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/inbox.h"
#include "store/envelope.h"
#include "store/internal.h"
#include "store/report_key.h"

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

struct standing {
	enum inbox_state state;
	enum inbox_kind kind;
	int64_t report_id;
};

static enum err load_standing(struct store *store, int64_t id, struct standing *ret)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_INBOX_STATE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	ret->state = (enum inbox_state)text_index(
		state_texts, ARRAY_LEN(state_texts), (const char *)sqlite3_column_text(stmt, 0));
	ret->kind = (enum inbox_kind)text_index(
		kind_texts, ARRAY_LEN(kind_texts), (const char *)sqlite3_column_text(stmt, 1));
	ret->report_id = sqlite3_column_int64(stmt, 2);
	return ERR_OK;
}

/* What the box key sealed until now, sealed to the report. */
static enum err seal_anew(struct store *store, int64_t id, int64_t report_id, struct buf *out)
{
	struct buf raw;
	enum err err;

	buf_init(&raw, INBOX_BODY_MAX);
	err = inbox_body(store, id, &raw);
	if (!err)
		err = report_seal(store, report_id, "inbox.body", id, raw.data, raw.len, out);
	buf_wipe(&raw);
	return err;
}

enum err inbox_move(
	struct store *store, int64_t id, enum inbox_state to, int64_t report_id, const char *reason)
{
	struct standing from;
	CLEAN_BUF kept = {0};
	enum err err = load_standing(store, id, &from);

	if (err)
		return err;
	if (!allowed[from.state][to])
		return ERR_STATE;
	buf_init(&kept, ENVELOPE_BYTES_MAX(INBOX_BODY_MAX));
	if (to == INBOX_HANDLED && from.kind == INBOX_KIND_OTHER && report_id)
		err = seal_anew(store, id, report_id, &kept);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_INBOX_MOVE);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, inbox_state_text(to));
	bind_id(stmt, 3, report_id);
	bind_text(stmt, 4, reason);
	if (kept.len)
		sqlite3_bind_blob(stmt, 5, kept.data, (int)kept.len, SQLITE_STATIC);
	else
		sqlite3_bind_null(stmt, 5);
	return stmt_write(store, stmt);
}

enum err inbox_raw(
	struct store *store, const struct key_holder *holder, int64_t id, struct buf *out)
{
	struct standing row;
	struct keypair *pair;
	enum err err = load_standing(store, id, &row);

	if (!err && (row.state != INBOX_HANDLED || !row.report_id))
		err = ERR_NOT_FOUND;
	if (!err)
		err = report_key_open(store, holder, row.report_id, &pair);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_INBOX_BODY);

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err && sqlite3_column_type(stmt, 0) == SQLITE_NULL)
		err = ERR_NOT_FOUND;
	if (!err)
		err = envelope_open(pair, "inbox.body", id, sqlite3_column_blob(stmt, 0),
			(size_t)sqlite3_column_bytes(stmt, 0), out);
	keypair_free(pair);
	return err;
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
