/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/envelope.h"
#include "store/internal.h"
#include "store/report.h"

#include <string.h>

#define REPORT_TEXT_MAX (64 * 1024) /* 255 parts of 160 characters; intake lets no more through */

static const char *const entry_texts[] = {
#define X(name, text) [REPORT_ENTRY_##name] = text,
	REPORT_ENTRY_TABLE(X)
#undef X
};

const char *report_entry_text(enum report_entry_kind kind)
{
	return entry_texts[kind];
}

enum err report_entry_add(struct store *store, int64_t report_id, enum report_entry_kind kind,
	int64_t at_ms, int64_t outbox_id, const char *text)
{
	int64_t id = store_next_id(store, ID_REPORT_ENTRY);
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENTRY_ADD);
	CLEAN_BUF sealed = {0};
	enum err err;

	if (strlen(text) > REPORT_TEXT_MAX)
		return ERR_TOO_BIG;
	buf_init(&sealed, ENVELOPE_BYTES_MAX(REPORT_TEXT_MAX));
	err = report_seal(store, report_id, "report_entry.text", id, text, strlen(text), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, report_id);
	bind_text(stmt, 3, report_entry_text(kind));
	sqlite3_bind_int64(stmt, 4, at_ms);
	bind_id(stmt, 5, outbox_id);
	sqlite3_bind_blob(stmt, 6, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

static enum err give_entry(
	const struct keypair *pair, sqlite3_stmt *stmt, report_entry_fn fn, void *arg)
{
	const char *kind = (const char *)sqlite3_column_text(stmt, 1);
	struct report_entry entry = {.id = sqlite3_column_int64(stmt, 0),
		.at_ms = sqlite3_column_int64(stmt, 2),
		.outbox_id = sqlite3_column_int64(stmt, 3)};
	CLEAN_BUF text = {0};
	enum err err;

	for (size_t i = 0; i < ARRAY_LEN(entry_texts); i++) {
		if (str_eq(entry_texts[i], kind))
			entry.kind = (enum report_entry_kind)i;
	}
	buf_init(&text, REPORT_TEXT_MAX);
	err = envelope_open(pair, "report_entry.text", entry.id, sqlite3_column_blob(stmt, 4),
		(size_t)sqlite3_column_bytes(stmt, 4), &text);
	if (!err) {
		entry.text = buf_text(&text);
		fn(arg, &entry);
	}
	buf_wipe(&text);
	return err;
}

enum err report_entries(struct store *store, const struct key_holder *holder, int64_t report_id,
	report_entry_fn fn, void *arg)
{
	struct keypair *pair;
	enum err err = report_key_open(store, holder, report_id, &pair);

	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENTRY_LIST);

	sqlite3_bind_int64(stmt, 1, report_id);
	while (!err && !(err = stmt_row(store, stmt)))
		err = give_entry(pair, stmt, fn, arg);
	keypair_free(pair);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
