/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/report_code.h"
#include "store/internal.h"

#include <string.h>

#define HELD_TEXT_MAX (64 * 1024)

static const char *const scope_texts[] = {
#define X(name, text) [CODE_SCOPE_##name] = text,
	CODE_SCOPE_TABLE(X)
#undef X
};

/* Bound to the report, so that a hash that is moved to another row fits nothing. */
static void pin_hash(
	struct store *store, int64_t report_id, const char *pin, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	char text[64];
	int len = snprintf(text, sizeof(text), "%lld|%.32s", (long long)report_id, pin);

	vault_hash(store->vault, VAULT_HASH_PIN, text, (size_t)len, ret_hash);
	explicit_bzero(text, sizeof(text));
}

enum err report_pin_draw(struct store *store, int64_t report_id, char ret_pin[REPORT_PIN_LEN + 1])
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PIN_SET);
	char pin[REPORT_PIN_LEN + 1];
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err;

	vault_random_digits(pin, REPORT_PIN_LEN);
	pin_hash(store, report_id, pin, hash);
	sqlite3_bind_int64(stmt, 1, report_id);
	sqlite3_bind_blob(stmt, 2, hash, sizeof(hash), SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	err = stmt_write(store, stmt);
	if (!err)
		memcpy(ret_pin, pin, sizeof(pin));
	explicit_bzero(pin, sizeof(pin));
	return err;
}

struct pin_row {
	uint8_t hash[VAULT_HASH_BYTES];
	int64_t report_id; /* 0: nobody's, which no PIN fits */
	int tries;
};

static enum err pin_load(struct store *store, int64_t report_id, struct pin_row *ret_row)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PIN_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	err = stmt_row(store, stmt);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_CORRUPT : err;
	memcpy(ret_row->hash, sqlite3_column_blob(stmt, 0), VAULT_HASH_BYTES);
	ret_row->tries = sqlite3_column_int(stmt, 1);
	ret_row->report_id = sqlite3_column_int64(stmt, 2);
	return ERR_OK;
}

enum err report_pin_check(
	struct store *store, int64_t report_id, const char *pin, int tries_max, bool *ret_fits)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PIN_TRIES);
	uint8_t given[VAULT_HASH_BYTES];
	struct pin_row row = {.report_id = 0};
	bool is_same;
	enum err err = pin_load(store, report_id, &row);

	if (err)
		return err;
	pin_hash(store, report_id, pin, given);
	is_same = vault_is_same(given, row.hash, sizeof(given));
	is_same = is_same & (row.tries < tries_max) & (row.report_id != 0);
	/* One that was not even given costs the PIN nothing: else anybody could end it. */
	sqlite3_bind_int64(stmt, 1, row.report_id);
	sqlite3_bind_int(stmt, 2, row.tries + (!is_same & (strlen(pin) == REPORT_PIN_LEN)));
	err = stmt_write(store, stmt);
	if (!err)
		*ret_fits = is_same;
	return err;
}

static void bind_guard(
	struct store *store, sqlite3_stmt *stmt, enum code_scope scope, const char *key)
{
	uint8_t hash[VAULT_HASH_BYTES];

	vault_hash(store->vault, VAULT_HASH_PIN, key, strlen(key), hash);
	bind_text(stmt, 1, scope_texts[scope]);
	sqlite3_bind_blob(stmt, 2, hash, sizeof(hash), SQLITE_TRANSIENT);
}

enum err code_guard_load(
	struct store *store, enum code_scope scope, const char *key, struct code_guard *ret_guard)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_GUARD_LOAD);
	struct code_guard guard = {0};
	enum err err;

	bind_guard(store, stmt, scope, key);
	err = stmt_row(store, stmt);
	if (err && err != ERR_NOT_FOUND)
		return err;
	if (!err)
		guard = (struct code_guard){.wrong = sqlite3_column_int(stmt, 0),
			.last_ms = sqlite3_column_int64(stmt, 1),
			.until_ms = sqlite3_column_int64(stmt, 2),
			.said = sqlite3_column_int(stmt, 3),
			.said_ms = sqlite3_column_int64(stmt, 4)};
	*ret_guard = guard;
	return ERR_OK;
}

enum err code_guard_save(
	struct store *store, enum code_scope scope, const char *key, const struct code_guard *guard)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_GUARD_SAVE);

	bind_guard(store, stmt, scope, key);
	sqlite3_bind_int(stmt, 3, guard->wrong);
	sqlite3_bind_int64(stmt, 4, guard->last_ms);
	sqlite3_bind_int64(stmt, 5, guard->until_ms);
	sqlite3_bind_int(stmt, 6, guard->said);
	sqlite3_bind_int64(stmt, 7, guard->said_ms);
	return stmt_write(store, stmt);
}

enum err code_guard_prune(struct store *store, int64_t before_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_GUARD_PRUNE);

	sqlite3_bind_int64(stmt, 1, before_ms);
	return stmt_write(store, stmt);
}

enum err report_held_add(struct store *store, int64_t report_id, const char *text)
{
	int64_t id = store_next_id(store, ID_REPORT_HELD);
	CLEAN_STMT *stmt = stmt_get(store, STMT_HELD_ADD);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, HELD_TEXT_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(store->vault, "report_held.text", id, text, strlen(text), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, report_id);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	sqlite3_bind_blob(stmt, 4, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err report_held_count(struct store *store, int64_t report_id, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_HELD_COUNT);

	sqlite3_bind_int64(stmt, 1, report_id);
	return stmt_int64(store, stmt, ret_count);
}

static enum err held_open(struct store *store, int64_t report_id, int64_t *ret_id, struct buf *out)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_HELD_NEXT);
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_id = sqlite3_column_int64(stmt, 0);
	return vault_unseal(store->vault, "report_held.text", *ret_id, sqlite3_column_blob(stmt, 1),
		(size_t)sqlite3_column_bytes(stmt, 1), out);
}

enum err report_held_take(struct store *store, int64_t report_id, struct buf *out)
{
	int64_t id = 0;
	enum err err = held_open(store, report_id, &id, out);

	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_HELD_REMOVE);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_write_one(store, stmt);
}
