/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/recipient.h"

#include "store/internal.h"
#include "store/resident_hash.h"

#include <string.h>

struct hashes {
	uint8_t phone[VAULT_HASH_BYTES], zalo[VAULT_HASH_BYTES];
	bool has_zalo;
};

static enum err load_hashes(struct store *store, int64_t resident_id, struct hashes *hashes)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_HASHES);
	enum err err;

	sqlite3_bind_int64(stmt, 1, resident_id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	memcpy(hashes->phone, sqlite3_column_blob(stmt, 0), VAULT_HASH_BYTES);
	hashes->has_zalo = sqlite3_column_bytes(stmt, 1) == VAULT_HASH_BYTES;
	if (hashes->has_zalo)
		memcpy(hashes->zalo, sqlite3_column_blob(stmt, 1), VAULT_HASH_BYTES);
	return ERR_OK;
}

static enum err find(struct store *store, enum party_kind kind,
	const uint8_t hash[VAULT_HASH_BYTES], int64_t *ret_party_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_FIND);

	bind_text(stmt, 1, party_kind_text(kind));
	sqlite3_bind_blob(stmt, 2, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	return stmt_int64(store, stmt, ret_party_id);
}

static enum err add(struct store *store, enum party_kind kind, const uint8_t hash[VAULT_HASH_BYTES],
	int64_t *ret_party_id)
{
	int64_t id = store_next_id(store, ID_PARTY);
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_ADD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, party_kind_text(kind));
	sqlite3_bind_blob(stmt, 3, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 4, "", 0, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 5, clock_wall_ms(store->clock));
	sqlite3_bind_int(stmt, 6, 0);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_party_id = id;
	return err;
}

enum err recipient_party(
	struct store *store, int64_t resident_id, enum party_kind kind, int64_t *ret_party_id)
{
	struct hashes hashes;
	const uint8_t *hash = kind == PARTY_RESIDENT ? hashes.phone : hashes.zalo;
	enum err err = load_hashes(store, resident_id, &hashes);

	if (err || (kind != PARTY_RESIDENT && !hashes.has_zalo))
		return err ? err : ERR_NOT_FOUND;
	err = find(store, kind, hash, ret_party_id);
	return err == ERR_NOT_FOUND ? add(store, kind, hash, ret_party_id) : err;
}

enum err recipient_at(struct store *store, const char *phone, int64_t *ret_party_id)
{
	uint8_t hash[VAULT_HASH_BYTES];

	resident_phone_hash(store, phone, hash);
	return find(store, PARTY_RESIDENT, hash, ret_party_id);
}

enum err recipient_phone(struct store *store, int64_t resident_id, struct buf *out)
{
	return stmt_open_sealed(store, STMT_RESIDENT_PHONE, "resident.phone", resident_id, out);
}

/* He was seen in a group before his user id was kept with him. */
static enum err zalo_as_seen(struct store *store, int64_t resident_id, struct buf *out)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_ZALO_SEEN);
	enum err err;

	sqlite3_bind_int64(stmt, 1, resident_id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	return vault_unseal(store->vault, "group_person.user_id", sqlite3_column_int64(stmt, 0),
		sqlite3_column_blob(stmt, 1), (size_t)sqlite3_column_bytes(stmt, 1), out);
}

enum err recipient_zalo(struct store *store, int64_t resident_id, struct buf *out)
{
	enum err err = stmt_open_sealed(
		store, STMT_RESIDENT_ZALO, "resident.zalo", resident_id, out);

	return err == ERR_NOT_FOUND ? zalo_as_seen(store, resident_id, out) : err;
}

enum err recipient_writer(
	struct store *store, int64_t resident_id, uint8_t ret_writer[VAULT_HASH_BYTES])
{
	CLEAN_BUF user_id = {0};
	enum err err;

	buf_init(&user_id, PARTY_ADDRESS_MAX);
	err = recipient_zalo(store, resident_id, &user_id);
	if (!err)
		vault_hash(store->vault, VAULT_HASH_PARTY, user_id.data, user_id.len, ret_writer);
	buf_wipe(&user_id);
	return err;
}

enum err recipient_standing(struct store *store, const uint8_t writer[VAULT_HASH_BYTES],
	struct recipient_standing *ret_standing)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_WRITER_STANDING);
	struct recipient_standing standing = {.wrote_ms = 0};
	enum err err;

	sqlite3_bind_blob(stmt, 1, writer, VAULT_HASH_BYTES, SQLITE_STATIC);
	err = stmt_row(store, stmt);
	if (err && err != ERR_NOT_FOUND)
		return err;
	if (!err)
		standing = (struct recipient_standing){.wrote_ms = sqlite3_column_int64(stmt, 0),
			.heard_ms = sqlite3_column_int64(stmt, 1),
			.closed_ms = sqlite3_column_int64(stmt, 2),
			.until_ms = sqlite3_column_int64(stmt, 3)};
	*ret_standing = standing;
	return ERR_OK;
}

enum err recipient_resident(struct store *store, int64_t party_id, int64_t *ret_resident_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_OF_PARTY);

	sqlite3_bind_int64(stmt, 1, party_id);
	return stmt_int64(store, stmt, ret_resident_id);
}

enum err recipient_address(struct store *store, const struct party *party, struct buf *out)
{
	int64_t resident_id;
	enum err err = recipient_resident(store, party->id, &resident_id);

	if (err)
		return err;
	return party->kind == PARTY_RESIDENT ? recipient_phone(store, resident_id, out)
					     : recipient_zalo(store, resident_id, out);
}

static enum err forget(
	struct store *store, enum party_kind kind, const uint8_t hash[VAULT_HASH_BYTES])
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_PARTY_FORGET);

	bind_text(stmt, 1, party_kind_text(kind));
	sqlite3_bind_blob(stmt, 2, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err recipient_move(struct store *store, const char *from, const char *to)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_PARTY_MOVE);
	uint8_t before[VAULT_HASH_BYTES], after[VAULT_HASH_BYTES];
	enum err err;

	resident_phone_hash(store, from, before);
	resident_phone_hash(store, to, after);
	err = forget(store, PARTY_RESIDENT, after);
	if (err)
		return err;
	bind_text(stmt, 1, party_kind_text(PARTY_RESIDENT));
	sqlite3_bind_blob(stmt, 2, before, sizeof(before), SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 3, after, sizeof(after), SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err recipient_forget(struct store *store, int64_t resident_id)
{
	struct hashes hashes;
	int64_t lists = 0;
	enum err err;

	{
		CLEAN_STMT *stmt = stmt_get(store, STMT_RESIDENT_LISTS);

		sqlite3_bind_int64(stmt, 1, resident_id);
		err = stmt_int64(store, stmt, &lists);
	}
	if (err || lists)
		return err;
	err = load_hashes(store, resident_id, &hashes);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	err = forget(store, PARTY_RESIDENT, hashes.phone);
	if (!err && hashes.has_zalo)
		err = forget(store, PARTY_RESIDENT_ZALO, hashes.zalo);
	return err;
}
