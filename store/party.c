/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/party.h"
#include "store/internal.h"
#include "store/recipient.h"

#include <string.h>

static const char *const kind_texts[] = {
#define X(name, text) [PARTY_##name] = text,
	PARTY_KIND_TABLE(X)
#undef X
};

static const char *const state_texts[] = {[PARTY_ACTIVE] = "active",
	[PARTY_STOPPED] = "stopped",
	[PARTY_BLOCKED] = "blocked",
	[PARTY_ARCHIVED] = "archived"};

const char *party_kind_text(enum party_kind kind)
{
	return kind_texts[kind];
}

static void read_party(sqlite3_stmt *stmt, struct party *ret_party)
{
	ret_party->id = sqlite3_column_int64(stmt, 0);
	ret_party->kind = (enum party_kind)text_index(
		kind_texts, ARRAY_LEN(kind_texts), (const char *)sqlite3_column_text(stmt, 1));
	ret_party->state = (enum party_state)text_index(
		state_texts, ARRAY_LEN(state_texts), (const char *)sqlite3_column_text(stmt, 2));
	ret_party->created_ms = sqlite3_column_int64(stmt, 3);
	ret_party->last_in_ms = sqlite3_column_int64(stmt, 4);
	ret_party->is_anonymous = sqlite3_column_int(stmt, 5);
	ret_party->has_marks = sqlite3_column_int(stmt, 6);
}

static enum err find_hash(struct store *store, enum party_kind kind,
	const uint8_t hash[VAULT_HASH_BYTES], struct party *ret_party)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_FIND);
	enum err err;

	bind_text(stmt, 1, party_kind_text(kind));
	sqlite3_bind_blob(stmt, 2, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	err = stmt_row(store, stmt);
	if (!err)
		read_party(stmt, ret_party);
	return err;
}

static enum err party_add(struct store *store, enum party_kind kind, const char *address,
	enum vault_hash_use use, struct party *ret_party)
{
	struct party party = {.id = store_next_id(store, ID_PARTY),
		.kind = kind,
		.state = PARTY_ACTIVE,
		.created_ms = clock_wall_ms(store->clock),
		.is_anonymous = use == VAULT_HASH_ANONYMOUS};
	uint8_t hash[VAULT_HASH_BYTES];
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_ADD);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, PARTY_ADDRESS_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(
		store->vault, "party.address", party.id, address, strlen(address), &sealed);
	if (err)
		return err;
	vault_hash(store->vault, use, address, strlen(address), hash);
	sqlite3_bind_int64(stmt, 1, party.id);
	bind_text(stmt, 2, party_kind_text(kind));
	sqlite3_bind_blob(stmt, 3, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 4, sealed.data, (int)sealed.len, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 5, party.created_ms);
	sqlite3_bind_int(stmt, 6, party.is_anonymous);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_party = party;
	return err;
}

static enum err find(struct store *store, enum party_kind kind, const char *address,
	enum vault_hash_use use, struct party *ret_party)
{
	size_t len = strlen(address);
	uint8_t hash[VAULT_HASH_BYTES];

	if (!len || len >= PARTY_ADDRESS_MAX)
		return ERR_INVALID;
	vault_hash(store->vault, use, address, len, hash);
	return find_hash(store, kind, hash, ret_party);
}

enum err party_find(
	struct store *store, enum party_kind kind, const char *address, struct party *ret_party)
{
	return find(store, kind, address, VAULT_HASH_PARTY, ret_party);
}

enum err party_get(
	struct store *store, enum party_kind kind, const char *address, struct party *ret_party)
{
	enum err err = party_find(store, kind, address, ret_party);

	return err == ERR_NOT_FOUND ? party_add(store, kind, address, VAULT_HASH_PARTY, ret_party)
				    : err;
}

enum err party_find_anonymous(
	struct store *store, enum party_kind kind, const char *address, struct party *ret_party)
{
	return find(store, kind, address, VAULT_HASH_ANONYMOUS, ret_party);
}

enum err party_get_anonymous(
	struct store *store, enum party_kind kind, const char *address, struct party *ret_party)
{
	enum err err = party_find_anonymous(store, kind, address, ret_party);

	return err == ERR_NOT_FOUND
		       ? party_add(store, kind, address, VAULT_HASH_ANONYMOUS, ret_party)
		       : err;
}

enum err party_next_forgotten(struct store *store, int64_t after_id, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_FORGOTTEN);

	sqlite3_bind_int64(stmt, 1, after_id);
	return stmt_int64(store, stmt, ret_id);
}

enum err party_forget(struct store *store, int64_t id)
{
	CLEAN_STMT *channels = stmt_get(store, STMT_PARTY_FORGET_CHANNELS);
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_FORGET);
	uint8_t nobody[VAULT_HASH_BYTES];
	enum err err;

	sqlite3_bind_int64(channels, 1, id);
	err = stmt_write(store, channels);
	if (err)
		return err;
	vault_random(nobody, sizeof(nobody));
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, nobody, sizeof(nobody), SQLITE_STATIC);
	return stmt_write_one(store, stmt);
}

enum err party_load(struct store *store, int64_t id, struct party *ret_party)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		read_party(stmt, ret_party);
	return err;
}

enum err party_touch(struct store *store, int64_t id, int64_t in_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_TOUCH);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, in_ms);
	return stmt_write_one(store, stmt);
}

enum err party_set_marks(struct store *store, int64_t id, bool has_marks)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_MARKS_SET);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int(stmt, 2, has_marks);
	return stmt_write_one(store, stmt);
}

enum err party_next_ref(struct store *store, int64_t id, int *ret_ref)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_REF);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	int ref = (sqlite3_column_int(stmt, 0) + 1) & 0xff;
	CLEAN_STMT *next = stmt_get(store, STMT_PARTY_REF_SET);

	sqlite3_bind_int64(next, 1, id);
	sqlite3_bind_int(next, 2, ref);
	err = stmt_write(store, next);
	if (!err)
		*ret_ref = ref;
	return err;
}

enum err party_address(struct store *store, int64_t id, struct buf *out)
{
	struct party party;
	enum err err = party_load(store, id, &party);

	if (err || party.state == PARTY_ARCHIVED)
		return err ? err : ERR_NOT_FOUND;
	if (party.kind == PARTY_RESIDENT || party.kind == PARTY_RESIDENT_ZALO)
		return recipient_address(store, &party, out);
	return stmt_open_sealed(store, STMT_PARTY_ADDRESS, "party.address", id, out);
}

enum err party_find_hidden_of(struct store *store, int64_t id, struct party *ret_party)
{
	CLEAN_BUF address = {0};
	struct party party;
	enum err err = party_load(store, id, &party);

	if (err)
		return err;
	buf_init(&address, PARTY_ADDRESS_MAX);
	err = party_address(store, id, &address);
	if (!err)
		err = party_find_anonymous(store, party.kind, buf_text(&address), ret_party);
	buf_wipe(&address);
	return err;
}

enum err party_invited(struct store *store, int64_t id, int64_t *ret_at_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_INVITED);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_int64(store, stmt, ret_at_ms);
}

enum err party_set_invited(struct store *store, int64_t id, int64_t at_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PARTY_INVITED_SET);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, at_ms);
	return stmt_write(store, stmt);
}
