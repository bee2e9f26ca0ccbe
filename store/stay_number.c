/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Identity numbers of a notice that is not whole yet. Each is sealed as it comes, to the key that
 * the words will be sealed to; only the public half of it is at hand from then on, so that even the
 * box can't read a number again. Whether it is one that was said before is told by a hash that is
 * keyed with what the running daemon drew at its start: twelve digits could be tried through
 * otherwise.
 */
#include "store/envelope.h"
#include "store/internal.h"
#include "store/stay_private.h"

#include <string.h>

#define DIGITS_MAX 32

/* Binds a number to its notice and its place there. */
static int64_t row_of(int64_t id, int number)
{
	return id * 128 + number;
}

enum err stay_draft_key(
	struct store *store, int64_t id, uint8_t ret_public_key[KEYPAIR_PUBLIC_BYTES])
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_DRAFT_KEY);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		memcpy(ret_public_key, sqlite3_column_blob(stmt, 0), KEYPAIR_PUBLIC_BYTES);
	return err;
}

static enum err set_key(
	struct store *store, int64_t id, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES])
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_DRAFT_KEY_SET);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, public_key, KEYPAIR_PUBLIC_BYTES, SQLITE_STATIC);
	return stmt_write_one(store, stmt);
}

static void hash_of(
	struct store *store, int64_t id, const char *digits, uint8_t ret_hash[VAULT_HASH_BYTES])
{
	char text[sizeof(store->run_salt) + 24 + DIGITS_MAX];
	size_t len = sizeof(store->run_salt);

	memcpy(text, store->run_salt, len);
	len += (size_t)snprintf(
		text + len, sizeof(text) - len, "%lld|%.31s", (long long)id, digits);
	vault_hash(store->vault, VAULT_HASH_PIN, text, len, ret_hash);
	explicit_bzero(text, sizeof(text));
}

static enum err find(
	struct store *store, int64_t id, const uint8_t hash[VAULT_HASH_BYTES], int64_t *ret_number)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_NUMBER_FIND);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	return stmt_int64(store, stmt, ret_number);
}

enum err stay_number_count(struct store *store, int64_t id, int *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_NUMBER_COUNT);
	int64_t count;
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_int64(store, stmt, &count);
	if (!err)
		*ret_count = (int)count;
	return err;
}

static enum err add(struct store *store, int64_t id, int number,
	const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], const char *digits,
	const uint8_t hash[VAULT_HASH_BYTES])
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_NUMBER_ADD);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, ENVELOPE_BYTES_MAX(DIGITS_MAX));
	err = envelope_seal(public_key, "stay_number.sealed", row_of(id, number), digits,
		strnlen(digits, DIGITS_MAX), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int(stmt, 2, number);
	sqlite3_bind_blob(stmt, 3, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 4, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

/* The key of the draft; *ret_pair: new with this number. */
static enum err key_of(struct store *store, int64_t id, uint8_t public_key[KEYPAIR_PUBLIC_BYTES],
	struct keypair **ret_pair)
{
	enum err err = stay_draft_key(store, id, public_key);

	*ret_pair = NULL;
	if (err != ERR_NOT_FOUND)
		return err;
	err = keypair_new(ret_pair);
	if (err)
		return err;
	memcpy(public_key, keypair_public(*ret_pair), KEYPAIR_PUBLIC_BYTES);
	return set_key(store, id, public_key);
}

enum err stay_number_add(struct store *store, int64_t id, const char *digits, int *ret_number,
	struct keypair **ret_pair)
{
	uint8_t hash[VAULT_HASH_BYTES], public_key[KEYPAIR_PUBLIC_BYTES];
	struct keypair *pair = NULL;
	int64_t known = 0;
	int count = 0;
	enum err err;

	hash_of(store, id, digits, hash);
	err = find(store, id, hash, &known);
	if (!err) {
		*ret_number = (int)known;
		*ret_pair = NULL;
	}
	if (err != ERR_NOT_FOUND)
		return err;
	err = stay_number_count(store, id, &count);
	if (!err && count >= STAY_NUMBERS_MAX)
		err = ERR_TOO_BIG;
	if (!err)
		err = key_of(store, id, public_key, &pair);
	if (!err)
		err = add(store, id, count + 1, public_key, digits, hash);
	if (err) {
		keypair_free(pair);
		return err;
	}
	*ret_number = count + 1;
	*ret_pair = pair;
	return ERR_OK;
}

enum err stay_number_open(
	struct store *store, const struct keypair *pair, int64_t id, int number, struct buf *out)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_STAY_NUMBER_AT);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int(stmt, 2, number);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	return envelope_open(pair, "stay_number.sealed", row_of(id, number),
		sqlite3_column_blob(stmt, 0), (size_t)sqlite3_column_bytes(stmt, 0), out);
}
