/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A resident's number becomes another one: he keeps his row, and with it his places, roles,
 * household, consent, voice in polls and Zalo. Was the new number in the registry already, both
 * were his: what only it had goes over, and it is forgotten.
 */
#include "store/internal.h"
#include "store/recipient.h"
#include "store/resident.h"
#include "store/resident_hash.h"

#include <string.h>

/* Places that only the other one is at. */
static enum err take_places(struct store *store, int64_t id, int64_t other_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_MERGE);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, other_id);
	return stmt_write(store, stmt);
}

static enum err merge(struct store *store, int64_t id, const char *other_phone)
{
	int64_t other_id;
	enum err err = resident_find(store, other_phone, &other_id);

	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	err = take_places(store, id, other_id);
	return err ? err : resident_forget(store, other_phone);
}

static enum err set_phone(struct store *store, int64_t id, const char *phone)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_SET_PHONE);
	uint8_t hash[VAULT_HASH_BYTES];
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, 256);
	resident_phone_hash(store, phone, hash);
	err = vault_seal(store->vault, "resident.phone", id, phone, strlen(phone), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, hash, sizeof(hash), SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 3, sealed.data, (int)sealed.len, SQLITE_STATIC);
	/* The day's beginning: see resident.c. */
	sqlite3_bind_int64(
		stmt, 4, clock_local_day(clock_wall_ms(store->clock)) * DAY_MS - VIETNAM_OFFSET_MS);
	return stmt_write_one(store, stmt);
}

enum err resident_move(struct store *store, const char *from, const char *to)
{
	int64_t id;
	enum err err = resident_find(store, from, &id);

	if (err || str_eq(from, to))
		return err;
	err = merge(store, id, to);
	/* Bulletins that wait for him go to the new number. */
	if (!err)
		err = recipient_move(store, from, to);
	return err ? err : set_phone(store, id, to);
}
