/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is kept beside the log: faults that were found, the heads of days, the settings of the last
 * start. */
#include "store/event_seal.h"
#include "daemon/base/catalogue.h"
#include "store/internal.h"

#include <string.h>

static const struct {
	const char *text, *words;
} faults[] = {
#define X(name, text, words) [EVENT_FAULT_##name] = {text, words},
	EVENT_FAULT_TABLE(X)
#undef X
};

const char *event_fault_text(enum event_fault fault)
{
	return faults[fault].text;
}

const char *event_fault_en(enum event_fault fault)
{
	return faults[fault].words;
}

const char *event_fault_vi(enum event_fault fault)
{
	return catalogue_find(faults[fault].words);
}

static enum err fault_find(struct store *store, const struct event_finding *finding)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FAULT_FIND);

	bind_text(stmt, 1, event_fault_text(finding->fault));
	sqlite3_bind_int64(stmt, 2, finding->event_id);
	return stmt_row(store, stmt);
}

enum err event_fault_add(struct store *store, const struct event_finding *finding)
{
	/* One that is known opens no turn. */
	enum err err = fault_find(store, finding);

	if (err != ERR_NOT_FOUND)
		return err ? err : ERR_EXISTS;
	CLEAN_STMT *stmt = stmt_get(store, STMT_FAULT_ADD);

	bind_text(stmt, 1, event_fault_text(finding->fault));
	sqlite3_bind_int64(stmt, 2, finding->event_id);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

static void read_fault(sqlite3_stmt *stmt, struct event_fault_row *row)
{
	const char *kind = (const char *)sqlite3_column_text(stmt, 1);

	*row = (struct event_fault_row){.id = sqlite3_column_int64(stmt, 0),
		.event_id = sqlite3_column_int64(stmt, 2),
		.found_ms = sqlite3_column_int64(stmt, 3),
		.seen_ms = sqlite3_column_int64(stmt, 4)};
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		if (str_eq(faults[i].text, kind))
			row->fault = (enum event_fault)i;
	}
	copy_column(stmt, 5, row->seen_by, sizeof(row->seen_by));
}

enum err event_fault_list(
	struct store *store, int64_t before_id, int limit, event_fault_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FAULT_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	while (!(err = stmt_row(store, stmt))) {
		struct event_fault_row row;

		read_fault(stmt, &row);
		fn(arg, &row);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err event_fault_count(struct store *store, int64_t *ret_count)
{
	return stmt_count(store, STMT_FAULT_COUNT, NULL, ret_count);
}

static enum err fault_seen_ms(struct store *store, int64_t id, int64_t *ret_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_FAULT_LOAD);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_int64(store, stmt, ret_ms);
}

enum err event_fault_seen(struct store *store, int64_t id, const char *actor)
{
	int64_t seen_ms = 0;
	enum err err = fault_seen_ms(store, id, &seen_ms);

	if (!err && seen_ms)
		err = ERR_STATE;
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_FAULT_SEEN);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	bind_text(stmt, 3, actor);
	return stmt_write(store, stmt);
}

enum err event_day_add(struct store *store, const struct event_day *day)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DAY_ADD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, day->day);
	sqlite3_bind_int64(stmt, 2, day->head.id);
	sqlite3_bind_blob(stmt, 3, day->head.hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 4, day->closed_ms);
	bind_id(stmt, 5, day->outbox_id);
	err = stmt_write_one(store, stmt);
	return err == ERR_NOT_FOUND ? ERR_EXISTS : err;
}

static enum err read_day(struct store *store, sqlite3_stmt *stmt, struct event_day *ret_day)
{
	struct event_day day = {0};
	enum err err = stmt_row(store, stmt);

	if (err)
		return err;
	day.day = sqlite3_column_int64(stmt, 0);
	day.head.id = sqlite3_column_int64(stmt, 1);
	memcpy(day.head.hash, sqlite3_column_blob(stmt, 2), VAULT_HASH_BYTES);
	day.closed_ms = sqlite3_column_int64(stmt, 3);
	day.outbox_id = sqlite3_column_int64(stmt, 4);
	*ret_day = day;
	return ERR_OK;
}

enum err event_day_load(struct store *store, int64_t day, struct event_day *ret_day)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DAY_LOAD);

	sqlite3_bind_int64(stmt, 1, day);
	return read_day(store, stmt, ret_day);
}

enum err event_day_last(struct store *store, struct event_day *ret_day)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DAY_LAST);

	return read_day(store, stmt, ret_day);
}

enum err setting_seen(struct store *store, const char *path, const char *value, bool *ret_changed)
{
	uint8_t hash[VAULT_HASH_BYTES];
	bool is_same = false, is_known;
	enum err err;

	vault_hash(store->vault, VAULT_HASH_CONTENT, value, strlen(value), hash);
	{
		CLEAN_STMT *find = stmt_get(store, STMT_SETTING_FIND);

		bind_text(find, 1, path);
		err = stmt_row(store, find);
		is_known = !err;
		is_same = !err && memcmp(sqlite3_column_blob(find, 0), hash, sizeof(hash)) == 0;
	}
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_changed = is_known && !is_same;
	if (is_same)
		return ERR_OK;
	CLEAN_STMT *stmt = stmt_get(store, STMT_SETTING_SET);

	bind_text(stmt, 1, path);
	sqlite3_bind_blob(stmt, 2, hash, sizeof(hash), SQLITE_STATIC);
	return stmt_write(store, stmt);
}
