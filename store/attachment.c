/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/attachment.h"
#include "store/envelope.h"
#include "store/internal.h"
#include "store/report_key.h"

#include <string.h>

static const char *const kind_texts[] = {
#define X(name, text) [ATTACHMENT_##name] = text,
	ATTACHMENT_KIND_TABLE(X)
#undef X
};

static const char *const state_texts[] = {
#define X(name) [ATTACHMENT_##name] = #name,
	ATTACHMENT_STATE_TABLE(X)
#undef X
};

const char *attachment_kind_text(enum attachment_kind kind)
{
	return kind_texts[kind];
}

const char *attachment_state_text(enum attachment_state state)
{
	return state_texts[state];
}

/* ---- writing ---------------------------------------------------------------------------------
 */

static enum err seal_text(
	struct store *store, const char *place, int64_t id, const char *text, struct buf *out)
{
	buf_init(out, ATTACHMENT_URL_MAX + VAULT_SEAL_EXTRA_BYTES);
	return vault_seal(store->vault, place, id, text, strlen(text), out);
}

#define KEYED_MAX ENVELOPE_BYTES_MAX(ATTACHMENT_NAME_BYTES)

/* For who reads the report it came with; what came without one stays the box's. */
static enum err seal_for_report(struct store *store, int64_t report_id, const char *place,
	int64_t id, const void *data, size_t len, struct buf *out)
{
	buf_init(out, KEYED_MAX);
	return report_id ? report_seal(store, report_id, place, id, data, len, out)
			 : vault_seal(store->vault, place, id, data, len, out);
}

/* pair: of the report; NULL when there is none. */
static enum err open_for_report(struct store *store, const struct keypair *pair, const char *place,
	int64_t id, const void *sealed, size_t len, struct buf *out)
{
	return pair ? envelope_open(pair, place, id, sealed, len, out)
		    : vault_unseal(store->vault, place, id, sealed, len, out);
}

static void bind_sealed(sqlite3_stmt *stmt, int index, const struct buf *sealed)
{
	if (sealed->len)
		sqlite3_bind_blob(stmt, index, sealed->data, (int)sealed->len, SQLITE_STATIC);
	else
		sqlite3_bind_null(stmt, index);
}

enum err attachment_add(struct store *store, int64_t inbox_id, int64_t report_id,
	const struct attachment_new *in, int64_t *ret_id)
{
	int64_t id = store_next_id(store, ID_ATTACHMENT), now_ms = clock_wall_ms(store->clock);
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_ADD);
	CLEAN_BUF name = {0};
	CLEAN_BUF source = {0};
	enum err err = ERR_OK;

	if (strlen(in->url) > ATTACHMENT_URL_MAX || strlen(in->name) >= ATTACHMENT_NAME_BYTES ||
		strlen(in->md5) >= ATTACHMENT_MD5_HEX)
		return ERR_TOO_BIG;
	if (in->name[0])
		err = seal_for_report(
			store, report_id, "attachment.name", id, in->name, strlen(in->name), &name);
	if (!err && !in->reason)
		err = seal_text(store, "attachment.source", id, in->url, &source);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, inbox_id);
	bind_id(stmt, 3, report_id);
	bind_text(stmt, 4, attachment_kind_text(in->kind));
	bind_text(stmt, 5, state_texts[in->reason ? ATTACHMENT_FAILED : ATTACHMENT_WAITING]);
	sqlite3_bind_int64(stmt, 6, now_ms);
	sqlite3_bind_int64(stmt, 7, in->reason ? now_ms : 0);
	bind_text(stmt, 8, in->reason ? in->reason : "");
	bind_text(stmt, 9, in->md5);
	sqlite3_bind_int64(stmt, 10, in->bytes);
	bind_sealed(stmt, 11, &name);
	bind_sealed(stmt, 12, &source);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_id = id;
	return err;
}

/* A statement that moves one row of a certain state: none moved is ERR_STATE. */
static enum err move(struct store *store, sqlite3_stmt *stmt)
{
	enum err err = stmt_write(store, stmt);

	return err || sqlite3_changes(store->db) ? err : ERR_STATE;
}

static enum err report_of(struct store *store, int64_t id, int64_t *ret_report_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_KEY);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		*ret_report_id = sqlite3_column_int64(stmt, 2);
	return err;
}

enum err attachment_stored(struct store *store, int64_t id, int64_t bytes, const char *mime,
	const struct media_file *file)
{
	CLEAN_BUF key = {0};
	int64_t report_id;
	enum err err = report_of(store, id, &report_id);

	if (!err)
		err = seal_for_report(
			store, report_id, "attachment.key", id, file->key, sizeof(file->key), &key);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_STORE);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	sqlite3_bind_int64(stmt, 3, bytes);
	bind_text(stmt, 4, mime);
	bind_text(stmt, 5, file->name);
	bind_sealed(stmt, 6, &key);
	return move(store, stmt);
}

enum err attachment_refile(struct store *store, int64_t id, const struct media_file *file)
{
	CLEAN_BUF key = {0};
	int64_t report_id;
	enum err err = report_of(store, id, &report_id);

	if (!err)
		err = seal_for_report(
			store, report_id, "attachment.key", id, file->key, sizeof(file->key), &key);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_REFILE);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, file->name);
	bind_sealed(stmt, 3, &key);
	return move(store, stmt);
}

enum err attachment_retry(
	struct store *store, int64_t id, int64_t due_ms, const char *reason, bool is_gone)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_RETRY);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, due_ms);
	bind_text(stmt, 3, reason);
	sqlite3_bind_int(stmt, 4, is_gone);
	return move(store, stmt);
}

enum err attachment_failed(struct store *store, int64_t id, const char *reason)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_FAIL);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	bind_text(stmt, 3, reason);
	return move(store, stmt);
}

enum err attachment_soon(struct store *store, int64_t now_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_SOON);

	sqlite3_bind_int64(stmt, 1, now_ms);
	return stmt_write(store, stmt);
}

/* ---- reading ---------------------------------------------------------------------------------
 */

/* pair: of the report; NULL: the name of what came with one is not read. */
static enum err read_name(struct store *store, const struct keypair *pair, sqlite3_stmt *stmt,
	int column, struct attachment *a)
{
	struct buf name;
	enum err err;

	if (sqlite3_column_type(stmt, column) == SQLITE_NULL || (a->report_id && !pair))
		return ERR_OK;
	buf_init(&name, ATTACHMENT_NAME_BYTES - 1);
	err = open_for_report(store, pair, "attachment.name", a->id,
		sqlite3_column_blob(stmt, column), (size_t)sqlite3_column_bytes(stmt, column),
		&name);
	if (!err)
		err = str_copy(a->name, sizeof(a->name), buf_text(&name));
	buf_wipe(&name);
	return err;
}

static enum err read_row(
	struct store *store, const struct keypair *pair, sqlite3_stmt *stmt, struct attachment *a)
{
	*a = (struct attachment){0};
	a->id = sqlite3_column_int64(stmt, 0);
	a->inbox_id = sqlite3_column_int64(stmt, 1);
	a->report_id = sqlite3_column_int64(stmt, 2);
	a->kind = (enum attachment_kind)text_index(
		kind_texts, ARRAY_LEN(kind_texts), (const char *)sqlite3_column_text(stmt, 3));
	a->state = (enum attachment_state)text_index(
		state_texts, ARRAY_LEN(state_texts), (const char *)sqlite3_column_text(stmt, 4));
	a->created_ms = sqlite3_column_int64(stmt, 5);
	a->due_ms = sqlite3_column_int64(stmt, 6);
	a->done_ms = sqlite3_column_int64(stmt, 7);
	a->attempts = sqlite3_column_int(stmt, 8);
	a->gone = sqlite3_column_int(stmt, 9);
	copy_column(stmt, 10, a->reason, sizeof(a->reason));
	copy_column(stmt, 11, a->md5, sizeof(a->md5));
	a->bytes = sqlite3_column_int64(stmt, 12);
	copy_column(stmt, 13, a->mime, sizeof(a->mime));
	copy_column(stmt, 14, a->file, sizeof(a->file));
	return read_name(store, pair, stmt, 15, a);
}

enum err attachment_load(struct store *store, int64_t id, struct attachment *ret_attachment)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_LOAD);
	struct attachment a;
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		err = read_row(store, NULL, stmt, &a);
	if (!err)
		*ret_attachment = a;
	return err;
}

enum err attachment_url(struct store *store, int64_t id, struct buf *out)
{
	return stmt_open_sealed(store, STMT_ATTACHMENT_SOURCE, "attachment.source", id, out);
}

static enum err give_rows(struct store *store, const struct keypair *pair, sqlite3_stmt *stmt,
	attachment_fn fn, void *arg)
{
	enum err err;

	while (!(err = stmt_row(store, stmt))) {
		struct attachment a;

		err = read_row(store, pair, stmt, &a);
		if (err)
			return err;
		fn(arg, &a);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err attachment_of_report(struct store *store, const struct key_holder *holder,
	int64_t report_id, attachment_fn fn, void *arg)
{
	struct keypair *pair = NULL;
	enum err err = holder ? report_key_open(store, holder, report_id, &pair) : ERR_OK;

	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_OF_REPORT);

	sqlite3_bind_int64(stmt, 1, report_id);
	err = give_rows(store, pair, stmt, fn, arg);
	keypair_free(pair);
	return err;
}

static enum err open_key(struct store *store, const struct keypair *pair, int64_t id,
	sqlite3_stmt *stmt, struct media_file *ret_file)
{
	struct media_file file = {.name = ""};
	struct buf key;
	enum err err;

	buf_init(&key, MEDIA_KEY_BYTES);
	err = open_for_report(store, pair, "attachment.key", id, sqlite3_column_blob(stmt, 1),
		(size_t)sqlite3_column_bytes(stmt, 1), &key);
	if (!err && key.len != MEDIA_KEY_BYTES)
		err = ERR_WRONG_KEY;
	if (!err) {
		memcpy(file.key, key.data, MEDIA_KEY_BYTES);
		copy_column(stmt, 0, file.name, sizeof(file.name));
		*ret_file = file;
	}
	buf_wipe(&key);
	explicit_bzero(&file, sizeof(file));
	return err;
}

enum err attachment_file(struct store *store, const struct key_holder *holder, int64_t id,
	struct media_file *ret_file)
{
	struct keypair *pair = NULL;
	int64_t report_id;
	enum err err = report_of(store, id, &report_id);

	if (!err && report_id)
		err = report_key_open(store, holder, report_id, &pair);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_KEY);

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err && sqlite3_column_type(stmt, 0) == SQLITE_NULL)
		err = ERR_NOT_FOUND;
	if (!err)
		err = open_key(store, pair, id, stmt, ret_file);
	keypair_free(pair);
	return err;
}

enum err attachment_due(struct store *store, int64_t now_ms, int limit, attachment_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_DUE);

	sqlite3_bind_int64(stmt, 1, now_ms);
	sqlite3_bind_int(stmt, 2, limit);
	return give_rows(store, NULL, stmt, fn, arg);
}

enum err attachment_next(struct store *store, int64_t *ret_due_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_NEXT);

	return stmt_time(store, stmt, ret_due_ms);
}

enum err attachment_of_file(struct store *store, const char *file, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_FILE);

	bind_text(stmt, 1, file);
	return stmt_int64(store, stmt, ret_id);
}

enum err attachment_next_file(
	struct store *store, int64_t after_id, int64_t *ret_id, char file[MEDIA_NAME_BYTES])
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_FILES);
	enum err err;

	sqlite3_bind_int64(stmt, 1, after_id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_id = sqlite3_column_int64(stmt, 0);
	copy_column(stmt, 1, file, MEDIA_NAME_BYTES);
	return ERR_OK;
}

enum err attachment_of_inbox(struct store *store, int64_t inbox_id, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ATTACHMENT_OF_INBOX);

	sqlite3_bind_int64(stmt, 1, inbox_id);
	return stmt_int64(store, stmt, ret_count);
}

enum err attachment_sums(struct store *store, int64_t since_ms, struct attachment_sums *ret_sums)
{
	CLEAN_STMT *bytes = stmt_get(store, STMT_ATTACHMENT_BYTES);
	CLEAN_STMT *waiting = stmt_get(store, STMT_ATTACHMENT_WAITING);
	CLEAN_STMT *failed = stmt_get(store, STMT_ATTACHMENT_FAILED);
	struct attachment_sums sums;
	enum err err = stmt_int64(store, bytes, &sums.stored_bytes);

	if (!err)
		err = stmt_int64(store, waiting, &sums.waiting);
	sqlite3_bind_int64(failed, 1, since_ms);
	if (!err)
		err = stmt_int64(store, failed, &sums.failed);
	if (!err)
		*ret_sums = sums;
	return err;
}
