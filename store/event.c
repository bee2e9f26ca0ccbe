/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/event.h"

#include "store/event_chain.h"
#include "store/event_seal.h"

#include <string.h>

/* hash = keyed BLAKE2b(previous hash, id, time, kind, subject, actor, data), each behind its
 * length; before the first: zeros. Without the key in rows of before it was so. */
void event_link(const struct vault *vault, int64_t keyed_from,
	const uint8_t before[VAULT_HASH_BYTES], const struct event *row,
	uint8_t ret_hash[VAULT_HASH_BYTES])
{
	char id[24], at[24];
	struct vault_piece pieces[] = {{before, VAULT_HASH_BYTES}, {id, 0}, {at, 0},
		{row->kind, strlen(row->kind)}, {row->subject, strlen(row->subject)},
		{row->actor, strlen(row->actor)}, {row->data, strlen(row->data)}};

	pieces[1].len = (size_t)snprintf(id, sizeof(id), "%lld", (long long)row->id);
	pieces[2].len = (size_t)snprintf(at, sizeof(at), "%lld", (long long)row->at_ms);
	if (row->id >= keyed_from)
		vault_link(vault, pieces, ARRAY_LEN(pieces), ret_hash);
	else
		vault_digest(pieces, ARRAY_LEN(pieces), ret_hash);
}

static const char *column(sqlite3_stmt *stmt, int index)
{
	const char *text = (const char *)sqlite3_column_text(stmt, index);

	return text ? text : "";
}

bool event_read(sqlite3_stmt *stmt, struct event *ret_row)
{
	*ret_row = (struct event){.id = sqlite3_column_int64(stmt, 0),
		.at_ms = sqlite3_column_int64(stmt, 1),
		.kind = column(stmt, 2),
		.subject = column(stmt, 3),
		.actor = column(stmt, 4),
		.data = column(stmt, 5)};
	if (sqlite3_column_bytes(stmt, 6) != VAULT_HASH_BYTES)
		return false;
	memcpy(ret_row->hash, sqlite3_column_blob(stmt, 6), VAULT_HASH_BYTES);
	return true;
}

bool event_check_next(struct event_check *check, sqlite3_stmt *stmt)
{
	uint8_t hash[VAULT_HASH_BYTES];
	struct event row;

	if (!event_read(stmt, &row) || row.id != check->last.id + 1)
		return false;
	event_link(check->vault, check->keyed_from, check->last.hash, &row, hash);
	if (memcmp(hash, row.hash, sizeof(hash)) != 0)
		return false;
	check->last.id = row.id;
	check->last.at_ms = row.at_ms;
	memcpy(check->last.hash, hash, sizeof(hash));
	return true;
}

static enum err read_head(struct store *store, sqlite3_stmt *stmt, struct event_head *ret_head)
{
	struct event_head head = {0};
	enum err err = stmt_row(store, stmt);

	if (err)
		return err;
	head.id = sqlite3_column_int64(stmt, 0);
	head.at_ms = sqlite3_column_int64(stmt, 1);
	if (sqlite3_column_bytes(stmt, 2) != VAULT_HASH_BYTES)
		return ERR_CORRUPT;
	memcpy(head.hash, sqlite3_column_blob(stmt, 2), VAULT_HASH_BYTES);
	*ret_head = head;
	return ERR_OK;
}

enum err event_last(struct store *store, struct event_head *ret_head)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_EVENT_HEAD);
	enum err err = read_head(store, stmt, ret_head);

	if (err != ERR_NOT_FOUND)
		return err;
	*ret_head = (struct event_head){0};
	return ERR_OK;
}

enum err event_place(struct store *store, int64_t id, struct event_head *ret_head)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_EVENT_PLACE);

	sqlite3_bind_int64(stmt, 1, id);
	return read_head(store, stmt, ret_head);
}

enum err event_add(struct store *store, const char *kind, const char *subject, const char *actor,
	const char *data)
{
	struct event row = {.at_ms = clock_wall_ms(store->clock),
		.kind = kind,
		.subject = subject,
		.actor = actor,
		.data = data};
	struct event_head before;
	enum err err;

	if (strlen(data) > EVENT_DATA_MAX)
		return ERR_TOO_BIG;
	/* First of all: whoever hears of the turn's begin may add an event of his own. */
	err = turn_need(store);
	if (!err)
		err = event_last(store, &before);
	if (err)
		return err;
	row.id = before.id + 1;
	event_link(store->vault, 0, before.hash, &row, row.hash);
	CLEAN_STMT *stmt = stmt_get(store, STMT_EVENT_ADD);

	sqlite3_bind_int64(stmt, 1, row.id);
	sqlite3_bind_int64(stmt, 2, row.at_ms);
	bind_text(stmt, 3, kind);
	bind_text(stmt, 4, subject);
	bind_text(stmt, 5, actor);
	bind_text(stmt, 6, data);
	sqlite3_bind_blob(stmt, 7, row.hash, sizeof(row.hash), SQLITE_STATIC);
	store->turn.has_events = true;
	return stmt_write(store, stmt);
}

static enum err walk(struct store *store, struct event_check *check, int64_t *ret_bad_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_EVENT_AFTER);
	enum err err;

	sqlite3_bind_int64(stmt, 1, INT64_MIN);
	sqlite3_bind_int64(stmt, 2, -1);
	while (!(err = stmt_row(store, stmt))) {
		if (event_check_next(check, stmt))
			continue;
		*ret_bad_id = sqlite3_column_int64(stmt, 0);
		return ERR_CORRUPT;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err event_verify(struct store *store, int64_t *ret_count, int64_t *ret_bad_id)
{
	struct event_check check = {.vault = store->vault, .keyed_from = store->keyed_from};
	enum err err = walk(store, &check, ret_bad_id);

	if (!err)
		*ret_count = check.last.id;
	return err;
}

static enum err give(struct store *store, sqlite3_stmt *stmt, event_row_fn fn, void *arg)
{
	enum err err;

	while (!(err = stmt_row(store, stmt))) {
		struct event row;

		(void)event_read(stmt, &row);
		fn(arg, &row);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err event_list(struct store *store, int64_t before_id, int limit, event_row_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_EVENT_BEFORE);

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	return give(store, stmt, fn, arg);
}

enum err event_list_after(
	struct store *store, int64_t after_id, int limit, event_row_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_EVENT_AFTER);

	sqlite3_bind_int64(stmt, 1, after_id);
	sqlite3_bind_int(stmt, 2, limit);
	return give(store, stmt, fn, arg);
}

void event_digits(const uint8_t hash[VAULT_HASH_BYTES], char ret_digits[EVENT_DIGITS_BYTES])
{
	snprintf(ret_digits, EVENT_DIGITS_BYTES, "%02X%02X %02X%02X %02X%02X %02X%02X", hash[0],
		hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]);
}
