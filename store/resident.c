/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/resident.h"

#include "store/backup.h"
#include "store/internal.h"
#include "store/recipient.h"
#include "store/resident_hash.h"

#include <string.h>

/* The day's beginning: a finer time could be compared with that of the message by which somebody
 * came into the registry. */
static int64_t day_ms(struct store *store)
{
	return clock_local_day(clock_wall_ms(store->clock)) * DAY_MS - VIETNAM_OFFSET_MS;
}

/* Phones, Zalo ids and households share a subkey but not a form: "p", "z" and "h" keep them apart.
 */
static void hash_of(
	struct store *store, char form, const char *address, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	char text[96];
	int len = snprintf(text, sizeof(text), "%c%s", form, address);

	CHECK(len > 0 && (size_t)len < sizeof(text));
	vault_hash(store->vault, VAULT_HASH_RESIDENT, text, (size_t)len, ret_hash);
	explicit_bzero(text, sizeof(text));
}

void resident_zalo_hash(
	struct store *store, const char *user_id, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	hash_of(store, 'z', user_id, ret_hash);
}

void resident_phone_hash(struct store *store, const char *phone, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	hash_of(store, 'p', phone, ret_hash);
}

static enum err find(struct store *store, enum stmt_id which, const uint8_t hash[VAULT_HASH_BYTES],
	int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, which);

	sqlite3_bind_blob(stmt, 1, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	return stmt_int64(store, stmt, ret_id);
}

enum err resident_find(struct store *store, const char *phone, int64_t *ret_id)
{
	uint8_t hash[VAULT_HASH_BYTES];

	hash_of(store, 'p', phone, hash);
	return find(store, STMT_RESIDENT_FIND, hash, ret_id);
}

enum err resident_of_zalo(struct store *store, const char *user_id, int64_t *ret_id)
{
	uint8_t hash[VAULT_HASH_BYTES];

	hash_of(store, 'z', user_id, hash);
	return find(store, STMT_RESIDENT_OF_ZALO, hash, ret_id);
}

/* user_id NULL: none any more. */
static enum err set_zalo(struct store *store, int64_t id, const uint8_t *hash, const char *user_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_SET_ZALO);
	CLEAN_BUF sealed = {0};
	enum err err = ERR_OK;

	buf_init(&sealed, 256);
	if (user_id)
		err = vault_seal(
			store->vault, "resident.zalo", id, user_id, strlen(user_id), &sealed);
	if (err)
		return err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, hash, hash ? VAULT_HASH_BYTES : 0, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, day_ms(store));
	sqlite3_bind_blob(stmt, 4, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err resident_set_zalo(struct store *store, int64_t id, const char *user_id)
{
	uint8_t hash[VAULT_HASH_BYTES];
	int64_t other;
	enum err err;

	hash_of(store, 'z', user_id, hash);
	err = find(store, STMT_RESIDENT_OF_ZALO, hash, &other);
	if (!err && other == id)
		return ERR_OK;
	if (!err)
		err = set_zalo(store, other, NULL, NULL);
	else if (err == ERR_NOT_FOUND)
		err = ERR_OK;
	return err ? err : set_zalo(store, id, hash, user_id);
}

enum err resident_has_zalo(struct store *store, int64_t id, bool *ret_has)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_HAS_ZALO);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		*ret_has = sqlite3_column_int(stmt, 0);
	return err;
}

static enum err add(struct store *store, const struct resident_new *in, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_ADD);
	int64_t id = store_next_id(store, ID_RESIDENT);
	uint8_t hash[VAULT_HASH_BYTES];
	CLEAN_BUF phone = {0};
	CLEAN_BUF name = {0};
	enum err err;

	buf_init(&phone, 256);
	buf_init(&name, 512);
	hash_of(store, 'p', in->phone, hash);
	err = vault_seal(store->vault, "resident.phone", id, in->phone, strlen(in->phone), &phone);
	if (!err)
		err = vault_seal(
			store->vault, "resident.name", id, in->name, strlen(in->name), &name);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, hash, sizeof(hash), SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 3, phone.data, (int)phone.len, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 4, name.data, (int)name.len, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 5, day_ms(store));
	err = stmt_write(store, stmt);
	if (!err)
		*ret_id = id;
	return err;
}

static enum err open_name(
	struct store *store, sqlite3_stmt *stmt, int column, int64_t id, struct buf *out)
{
	return vault_unseal(store->vault, "resident.name", id, sqlite3_column_blob(stmt, column),
		(size_t)sqlite3_column_bytes(stmt, column), out);
}

static enum err has_name(struct store *store, int64_t id, const char *name, bool *ret_has)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_NAME);
	struct buf old;
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	buf_init(&old, 512);
	err = open_name(store, stmt, 0, id, &old);
	if (!err)
		*ret_has = str_eq(buf_text(&old), name);
	buf_wipe(&old);
	return err;
}

static enum err set_name(struct store *store, int64_t id, const char *name)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_SET_NAME);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, 512);
	err = vault_seal(store->vault, "resident.name", id, name, strlen(name), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, sealed.data, (int)sealed.len, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, day_ms(store));
	return stmt_write(store, stmt);
}

/* ERR_NOT_FOUND: not on that list. */
static enum err role_at(
	struct store *store, int64_t id, int64_t place_id, char role[RESIDENT_ROLE_BYTES])
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_ROLE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, place_id);
	err = stmt_row(store, stmt);
	if (!err)
		copy_column(stmt, 0, role, RESIDENT_ROLE_BYTES);
	return err;
}

static enum err household_at(
	struct store *store, int64_t id, int64_t place_id, int64_t *ret_household_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_HOUSEHOLD);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, place_id);
	return stmt_int64(store, stmt, ret_household_id);
}

static enum err household_add(struct store *store, int64_t place_id, const char *label,
	const uint8_t hash[VAULT_HASH_BYTES], int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_HOUSEHOLD_ADD);
	int64_t id = store_next_id(store, ID_HOUSEHOLD);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, 256);
	err = vault_seal(store->vault, "household.label", id, label, strlen(label), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, place_id);
	sqlite3_bind_blob(stmt, 3, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 4, sealed.data, (int)sealed.len, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 5, day_ms(store));
	err = stmt_write(store, stmt);
	if (!err)
		*ret_id = id;
	return err;
}

static enum err household_get(
	struct store *store, int64_t place_id, const char *label, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_HOUSEHOLD_FIND);
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err;

	hash_of(store, 'h', label, hash);
	sqlite3_bind_int64(stmt, 1, place_id);
	sqlite3_bind_blob(stmt, 2, hash, sizeof(hash), SQLITE_STATIC);
	err = stmt_int64(store, stmt, ret_id);
	return err == ERR_NOT_FOUND ? household_add(store, place_id, label, hash, ret_id) : err;
}

/* One in which nobody is left is forgotten. */
static enum err household_prune(struct store *store, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_HOUSEHOLD_PRUNE);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_write(store, stmt);
}

static enum err put_role(
	struct store *store, int64_t id, const struct resident_new *in, int64_t household_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_PUT);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, in->place_id);
	bind_text(stmt, 3, in->role);
	sqlite3_bind_int64(stmt, 4, day_ms(store));
	bind_id(stmt, 5, household_id);
	return stmt_write(store, stmt);
}

/* *is_moved: he lives with others than before. Who is on the list in his role and household already
 * costs no write: nearly all of a list that is imported again. */
static enum err put_at(struct store *store, int64_t id, const struct resident_new *in,
	bool has_role, bool *is_moved)
{
	int64_t before_id = 0, household_id;
	enum err err = household_at(store, id, in->place_id, &before_id);

	if (err == ERR_NOT_FOUND)
		err = ERR_OK;
	household_id = in->household ? 0 : before_id;
	if (!err && in->household && in->household[0])
		err = household_get(store, in->place_id, in->household, &household_id);
	if (err)
		return err;
	*is_moved = household_id != before_id;
	if (!has_role || *is_moved)
		err = put_role(store, id, in, household_id);
	return !err && before_id && *is_moved ? household_prune(store, before_id) : err;
}

enum err resident_put(
	struct store *store, const struct resident_new *in, enum resident_change *ret_change)
{
	enum resident_change change = RESIDENT_SAME;
	char role[RESIDENT_ROLE_BYTES] = "";
	bool is_same_name = true, has_role = false, is_moved = false;
	int64_t id = 0;
	enum err err = resident_find(store, in->phone, &id);

	if (err == ERR_NOT_FOUND)
		err = add(store, in, &id);
	else if (!err)
		err = has_name(store, id, in->name, &is_same_name);
	if (!err && !is_same_name) {
		change = RESIDENT_CHANGED;
		err = set_name(store, id, in->name);
	}
	if (err)
		return err;
	err = role_at(store, id, in->place_id, role);
	if (err == ERR_NOT_FOUND)
		change = RESIDENT_ADDED;
	has_role = !err && str_eq(role, in->role);
	if (!err && !has_role)
		change = RESIDENT_CHANGED;
	if (!err || err == ERR_NOT_FOUND)
		err = put_at(store, id, in, has_role, &is_moved);
	if (!err)
		*ret_change = change == RESIDENT_SAME && is_moved ? RESIDENT_CHANGED : change;
	return err;
}

static enum err forget(struct store *store, int64_t id)
{
	enum err err = recipient_forget(store, id);

	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_FORGET);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_write(store, stmt);
}

enum err resident_leave(struct store *store, const char *phone, int64_t place_id)
{
	int64_t id, household_id = 0;
	enum err err = resident_find(store, phone, &id);

	if (!err)
		err = household_at(store, id, place_id, &household_id);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_LEAVE);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, place_id);
	err = stmt_write(store, stmt);
	if (!err && household_id)
		err = household_prune(store, household_id);
	return err ? err : forget(store, id);
}

static enum err prune_households(struct store *store)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_HOUSEHOLD_PRUNE_ALL);

	return stmt_write(store, stmt);
}

enum err resident_forget(struct store *store, const char *phone)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_LEAVE_ALL);
	int64_t id;
	enum err err = resident_find(store, phone, &id);

	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_write(store, stmt);
	turn_scrub(store);
	if (!err)
		err = backup_erased(store);
	if (!err)
		err = prune_households(store);
	return err ? err : forget(store, id);
}

enum err resident_is_at(struct store *store, int64_t id, int64_t place_id, bool *ret_is_at)
{
	char role[RESIDENT_ROLE_BYTES];
	enum err err = role_at(store, id, place_id, role);

	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_is_at = !err;
	return ERR_OK;
}

/* One row a step, so that the statement is free while a name is compared. */
static enum err next_named(struct store *store, int64_t place_id, int64_t *id, struct buf *ret_name)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_NAMED);
	enum err err;

	sqlite3_bind_int64(stmt, 1, place_id);
	sqlite3_bind_int64(stmt, 2, *id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*id = sqlite3_column_int64(stmt, 0);
	buf_reset(ret_name);
	return open_name(store, stmt, 1, *id, ret_name);
}

enum err resident_is_named(struct store *store, int64_t place_id,
	bool (*equal)(void *arg, const char *name), void *arg, bool *ret_is_named)
{
	bool is_named = false;
	struct buf name;
	int64_t id = 0;
	enum err err = ERR_OK;

	buf_init(&name, 512);
	while (!is_named && !(err = next_named(store, place_id, &id, &name)))
		is_named = equal(arg, buf_text(&name));
	buf_wipe(&name);
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_is_named = is_named;
	return ERR_OK;
}

enum err resident_count(struct store *store, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_COUNT);

	return stmt_int64(store, stmt, ret_count);
}
