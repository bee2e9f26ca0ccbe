/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/login.h"

#include "store/internal.h"
#include "store/officer.h"

#include <ctype.h>
#include <string.h>

enum err login_load(struct store *store, int64_t officer_id, struct login *ret_login)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LOGIN_LOAD);
	struct login login = {.officer_id = officer_id};
	enum err err;

	sqlite3_bind_int64(stmt, 1, officer_id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	sqlite3_bind_int(stmt, 3, LOGIN_CODE_TRIES);
	err = stmt_row(store, stmt);
	if (err == ERR_NOT_FOUND) {
		*ret_login = login;
		return ERR_OK;
	}
	if (err)
		return err;
	login.has_key = sqlite3_column_bytes(stmt, 0) == KEYPAIR_WRAPPED_BYTES;
	if (login.has_key)
		memcpy(login.wrapped, sqlite3_column_blob(stmt, 0), KEYPAIR_WRAPPED_BYTES);
	login.has_totp = sqlite3_column_int(stmt, 1);
	login.totp_step = sqlite3_column_int64(stmt, 2);
	login.has_code = sqlite3_column_int(stmt, 3);
	login.last_ms = sqlite3_column_int64(stmt, 4);
	*ret_login = login;
	return ERR_OK;
}

/* The row is made when he has none. data NULL: none any more; number: of the statements that take
 * one. */
static enum err set_blob(struct store *store, enum stmt_id which, int64_t officer_id,
	const void *data, size_t len, int64_t number)
{
	CLEAN_STMT *stmt = stmt_get(store, which);

	sqlite3_bind_int64(stmt, 1, officer_id);
	if (data)
		sqlite3_bind_blob(stmt, 2, data, (int)len, SQLITE_STATIC);
	if (sqlite3_bind_parameter_count(stmt) > 2)
		sqlite3_bind_int64(stmt, 3, number);
	return stmt_write(store, stmt);
}

enum err login_set_key(struct store *store, int64_t officer_id, const struct keypair *pair,
	const uint8_t wrapped[KEYPAIR_WRAPPED_BYTES])
{
	enum err err = officer_set_key(store, officer_id, keypair_public(pair));

	return err ? err
		   : set_blob(store, STMT_LOGIN_SET_KEY, officer_id, wrapped, KEYPAIR_WRAPPED_BYTES,
			     0);
}

enum err login_drop_key(struct store *store, int64_t officer_id)
{
	enum err err = officer_drop_key(store, officer_id);

	return err ? err : set_blob(store, STMT_LOGIN_SET_KEY, officer_id, NULL, 0, 0);
}

enum err login_set_totp(struct store *store, int64_t officer_id,
	const uint8_t secret[TOTP_SECRET_BYTES], int64_t step)
{
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, TOTP_SECRET_BYTES + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(
		store->vault, "officer_login.totp", officer_id, secret, TOTP_SECRET_BYTES, &sealed);
	return err ? err
		   : set_blob(
			     store, STMT_LOGIN_SET_TOTP, officer_id, sealed.data, sealed.len, step);
}

enum err login_drop_totp(struct store *store, int64_t officer_id)
{
	return set_blob(store, STMT_LOGIN_SET_TOTP, officer_id, NULL, 0, 0);
}

enum err login_totp(struct store *store, int64_t officer_id, uint8_t ret_secret[TOTP_SECRET_BYTES])
{
	struct buf secret;
	enum err err;

	buf_init(&secret, TOTP_SECRET_BYTES);
	err = stmt_open_sealed(store, STMT_LOGIN_TOTP, "officer_login.totp", officer_id, &secret);
	if (!err && secret.len != TOTP_SECRET_BYTES)
		err = ERR_CORRUPT;
	if (!err)
		memcpy(ret_secret, secret.data, TOTP_SECRET_BYTES);
	buf_wipe(&secret);
	return err;
}

enum err login_used(struct store *store, int64_t officer_id, int64_t step)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LOGIN_USED);

	sqlite3_bind_int64(stmt, 1, officer_id);
	sqlite3_bind_int64(stmt, 2, step);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	return stmt_write_one(store, stmt);
}

/* ---- one-time codes --------------------------------------------------------------------------
 */

/* Bound to the officer: the code of one is nothing for another. */
static void code_hash(struct store *store, int64_t officer_id, const char *code,
	uint8_t ret_hash[VAULT_HASH_BYTES])
{
	char text[LOGIN_CODE_BYTES + 48];
	int len = snprintf(text, sizeof(text), "officer code %lld %s", (long long)officer_id, code);

	vault_hash(store->vault, VAULT_HASH_CONTENT, text, (size_t)len, ret_hash);
	explicit_bzero(text, sizeof(text));
}

enum err login_code_new(struct store *store, int64_t officer_id, int64_t expires_ms,
	char ret_code[LOGIN_CODE_BYTES])
{
	char code[LOGIN_CODE_BYTES];
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err;

	vault_random_code(code, LOGIN_CODE_BYTES - 1);
	code_hash(store, officer_id, code, hash);
	err = set_blob(store, STMT_LOGIN_SET_CODE, officer_id, hash, sizeof(hash), expires_ms);
	if (!err)
		memcpy(ret_code, code, LOGIN_CODE_BYTES);
	explicit_bzero(code, sizeof(code));
	return err;
}

enum err login_code_drop(struct store *store, int64_t officer_id)
{
	return set_blob(store, STMT_LOGIN_SET_CODE, officer_id, NULL, 0, 0);
}

void login_code_clean(const char *typed, char ret_code[LOGIN_CODE_BYTES])
{
	size_t len = 0;

	for (; *typed; typed++) {
		if (strchr(" -.", *typed))
			continue;
		if (len == LOGIN_CODE_BYTES - 1 || !isalnum((unsigned char)*typed)) {
			len = 0;
			break;
		}
		ret_code[len++] = (char)toupper((unsigned char)*typed);
	}
	ret_code[len] = 0;
}

static enum err code_stored(struct store *store, int64_t officer_id,
	uint8_t ret_hash[VAULT_HASH_BYTES], bool *ret_is_good)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LOGIN_CODE);
	enum err err;

	*ret_is_good = false;
	memset(ret_hash, 0, VAULT_HASH_BYTES);
	sqlite3_bind_int64(stmt, 1, officer_id);
	err = stmt_row(store, stmt);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	if (sqlite3_column_bytes(stmt, 0) != VAULT_HASH_BYTES)
		return ERR_OK;
	memcpy(ret_hash, sqlite3_column_blob(stmt, 0), VAULT_HASH_BYTES);
	*ret_is_good = sqlite3_column_int64(stmt, 1) > clock_wall_ms(store->clock) &&
		       sqlite3_column_int(stmt, 2) < LOGIN_CODE_TRIES;
	return ERR_OK;
}

enum err login_code_check(struct store *store, int64_t officer_id, const char *code)
{
	uint8_t given[VAULT_HASH_BYTES], right[VAULT_HASH_BYTES];
	char clean[LOGIN_CODE_BYTES];
	bool is_good, is_equal;
	enum err err = code_stored(store, officer_id, right, &is_good);

	if (err)
		return err;
	login_code_clean(code, clean);
	code_hash(store, officer_id, clean, given);
	is_equal = vault_is_same(given, right, sizeof(given));
	explicit_bzero(clean, sizeof(clean));
	if (is_good && is_equal)
		return ERR_OK;
	CLEAN_STMT *stmt = stmt_get(store, STMT_LOGIN_CODE_TRIED);

	sqlite3_bind_int64(stmt, 1, officer_id);
	err = stmt_write(store, stmt);
	return err ? err : ERR_DENIED;
}

enum err login_some(struct store *store, uint32_t pick, uint8_t ret_wrapped[KEYPAIR_WRAPPED_BYTES])
{
	int64_t count = 0;
	enum err err;
	{
		CLEAN_STMT *stmt = stmt_get(store, STMT_LOGIN_COUNT);

		err = stmt_int64(store, stmt, &count);
	}
	if (err || !count)
		return err ? err : ERR_NOT_FOUND;
	CLEAN_STMT *stmt = stmt_get(store, STMT_LOGIN_SOME);

	sqlite3_bind_int64(stmt, 1, (int64_t)pick % count);
	err = stmt_row(store, stmt);
	if (!err && sqlite3_column_bytes(stmt, 0) != KEYPAIR_WRAPPED_BYTES)
		err = ERR_CORRUPT;
	if (!err)
		memcpy(ret_wrapped, sqlite3_column_blob(stmt, 0), KEYPAIR_WRAPPED_BYTES);
	return err;
}
