/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/escrow.h"

#include "store/internal.h"
#include "store/vault.h"

#include <string.h>

enum err escrow_public(struct store *store, uint8_t ret_public[KEYPAIR_PUBLIC_BYTES])
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ESCROW_LOAD);
	enum err err = stmt_row(store, stmt);

	if (err)
		return err;
	if (sqlite3_column_bytes(stmt, 0) != KEYPAIR_PUBLIC_BYTES)
		return ERR_CORRUPT;
	memcpy(ret_public, sqlite3_column_blob(stmt, 0), KEYPAIR_PUBLIC_BYTES);
	return ERR_OK;
}

/* What nothing can be sealed to would lose every report from now on. */
static enum err check_public(const uint8_t public_key[KEYPAIR_PUBLIC_BYTES])
{
	CLEAN_BUF trial = {0};

	buf_init(&trial, KEYPAIR_SEAL_EXTRA_BYTES);
	return keypair_seal(public_key, "", 0, &trial);
}

enum err escrow_claim(struct store *store, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES])
{
	uint8_t there[KEYPAIR_PUBLIC_BYTES];
	enum err err = escrow_public(store, there);

	if (err != ERR_NOT_FOUND)
		return err ? err : ERR_EXISTS;
	err = check_public(public_key);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_ESCROW_SET);

	sqlite3_bind_blob(stmt, 1, public_key, KEYPAIR_PUBLIC_BYTES, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

static enum err run(struct store *store, enum stmt_id id, const uint8_t *public_key)
{
	CLEAN_STMT *stmt = stmt_get(store, id);

	if (public_key)
		sqlite3_bind_blob(stmt, 1, public_key, KEYPAIR_PUBLIC_BYTES, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err escrow_replace(struct store *store, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES])
{
	uint8_t there[KEYPAIR_PUBLIC_BYTES];
	enum err err = escrow_public(store, there);

	if (!err)
		err = check_public(public_key);
	if (!err)
		err = run(store, STMT_ESCROW_OLD_ADD, there);
	if (!err)
		err = run(store, STMT_ESCROW_CHANGE, public_key);
	if (!err)
		err = run(store, STMT_ESCROW_UNCHECKED, NULL);
	return err ? err : run(store, STMT_WANTING_ALL, NULL);
}

enum err escrow_is_known(
	struct store *store, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], bool *ret_is)
{
	uint8_t there[KEYPAIR_PUBLIC_BYTES];
	enum err err = escrow_public(store, there);

	if (err)
		return err;
	*ret_is = vault_is_same(there, public_key, sizeof(there));
	if (*ret_is)
		return ERR_OK;
	CLEAN_STMT *stmt = stmt_get(store, STMT_ESCROW_OLD);

	sqlite3_bind_blob(stmt, 1, public_key, KEYPAIR_PUBLIC_BYTES, SQLITE_STATIC);
	err = stmt_row(store, stmt);
	*ret_is = !err;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- wanting ---------------------------------------------------------------------------------
 */

enum err escrow_wanting_next(
	struct store *store, int64_t officer_id, int64_t after_id, int64_t *ret_report_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_WANTING_NEXT);

	sqlite3_bind_int64(stmt, 1, officer_id);
	sqlite3_bind_int64(stmt, 2, after_id);
	return stmt_int64(store, stmt, ret_report_id);
}

enum err escrow_fill(struct store *store, int64_t report_id, const struct keypair *pair)
{
	uint8_t escrow[KEYPAIR_PUBLIC_BYTES];
	enum err err = escrow_public(store, escrow);

	if (!err)
		err = report_key_seal_to(store, report_id, pair, KEY_HOLDER_ESCROW, escrow);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_WANTING_REMOVE);

	sqlite3_bind_int64(stmt, 1, report_id);
	turn_scrub(store);
	return stmt_write(store, stmt);
}

enum err escrow_settle(struct store *store, bool *ret_is)
{
	enum err err;

	*ret_is = false;
	{
		CLEAN_STMT *stmt = stmt_get(store, STMT_WANTING_ANY);

		err = stmt_row(store, stmt);
	}
	if (err != ERR_NOT_FOUND)
		return err;
	*ret_is = true;
	return run(store, STMT_ESCROW_OLD_CLEAR, NULL);
}

/* ---- checked ---------------------------------------------------------------------------------
 */

enum err escrow_set_checked(struct store *store)
{
	return run(store, STMT_ESCROW_CHECKED_SET, NULL);
}

enum err escrow_is_checked(struct store *store, bool *ret_is)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ESCROW_CHECKED);
	enum err err = stmt_row(store, stmt);

	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_is = !err;
	return ERR_OK;
}
