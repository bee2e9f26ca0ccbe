/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/event.h"
#include "store/internal.h"

#include <string.h>

struct event_row {
	int64_t id, at_ms;
	const char *kind, *subject, *actor, *data;
};

/* hash = BLAKE2b(previous hash, id, time, kind, subject, actor, data), each behind its length;
 * before the first: zeros. */
static void link_hash(const uint8_t before[VAULT_HASH_BYTES], const struct event_row *row,
	uint8_t ret_hash[VAULT_HASH_BYTES])
{
	char id[24], at[24];
	struct vault_piece pieces[] = {{before, VAULT_HASH_BYTES}, {id, 0}, {at, 0},
		{row->kind, strlen(row->kind)}, {row->subject, strlen(row->subject)},
		{row->actor, strlen(row->actor)}, {row->data, strlen(row->data)}};

	pieces[1].len = (size_t)snprintf(id, sizeof(id), "%lld", (long long)row->id);
	pieces[2].len = (size_t)snprintf(at, sizeof(at), "%lld", (long long)row->at_ms);
	vault_digest(pieces, ARRAY_LEN(pieces), ret_hash);
}

static enum err load_head(struct store *store, int64_t *ret_id, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_EVENT_HEAD);
	enum err err = stmt_row(store, stmt);

	*ret_id = 0;
	memset(ret_hash, 0, VAULT_HASH_BYTES);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	*ret_id = sqlite3_column_int64(stmt, 0);
	if (sqlite3_column_bytes(stmt, 1) != VAULT_HASH_BYTES)
		return ERR_CORRUPT;
	memcpy(ret_hash, sqlite3_column_blob(stmt, 1), VAULT_HASH_BYTES);
	return ERR_OK;
}

enum err event_add(struct store *store, const char *kind, const char *subject, const char *actor,
	const char *data)
{
	struct event_row row = {.at_ms = clock_wall_ms(store->clock),
		.kind = kind,
		.subject = subject,
		.actor = actor,
		.data = data};
	uint8_t before[VAULT_HASH_BYTES], hash[VAULT_HASH_BYTES];
	enum err err;

	if (strlen(data) > EVENT_DATA_MAX)
		return ERR_TOO_BIG;
	/* First of all: whoever hears of the turn's begin may add an event of his own. */
	err = turn_need(store);
	if (!err)
		err = load_head(store, &row.id, before);
	if (err)
		return err;
	row.id++;
	link_hash(before, &row, hash);
	CLEAN_STMT *stmt = stmt_get(store, STMT_EVENT_ADD);

	sqlite3_bind_int64(stmt, 1, row.id);
	sqlite3_bind_int64(stmt, 2, row.at_ms);
	bind_text(stmt, 3, kind);
	bind_text(stmt, 4, subject);
	bind_text(stmt, 5, actor);
	bind_text(stmt, 6, data);
	sqlite3_bind_blob(stmt, 7, hash, sizeof(hash), SQLITE_STATIC);
	return stmt_write(store, stmt);
}

static const char *column(sqlite3_stmt *stmt, int index)
{
	const char *text = (const char *)sqlite3_column_text(stmt, index);

	return text ? text : "";
}

enum err event_verify(struct store *store, int64_t *ret_count, int64_t *ret_bad_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_EVENT_WALK);
	uint8_t before[VAULT_HASH_BYTES] = {0}, hash[VAULT_HASH_BYTES];
	int64_t count = 0;
	enum err err;

	while (!(err = stmt_row(store, stmt))) {
		struct event_row row = {.id = sqlite3_column_int64(stmt, 0),
			.at_ms = sqlite3_column_int64(stmt, 1),
			.kind = column(stmt, 2),
			.subject = column(stmt, 3),
			.actor = column(stmt, 4),
			.data = column(stmt, 5)};

		link_hash(before, &row, hash);
		if (row.id != count + 1 || sqlite3_column_bytes(stmt, 6) != VAULT_HASH_BYTES ||
			memcmp(hash, sqlite3_column_blob(stmt, 6), VAULT_HASH_BYTES) != 0) {
			*ret_bad_id = row.id;
			return ERR_CORRUPT;
		}
		memcpy(before, hash, sizeof(before));
		count++;
	}
	if (err != ERR_NOT_FOUND)
		return err;
	*ret_count = count;
	return ERR_OK;
}
