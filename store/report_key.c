/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/report_key.h"

#include "store/envelope.h"
#include "store/escrow.h"
#include "store/internal.h"

#include <string.h>

#define PLACE "report_key.sealed" /* of the box's copies */

const struct key_holder key_holder_box = {.id = KEY_HOLDER_BOX};

/* ---- giving and withdrawing ------------------------------------------------------------------
 */

static enum err put(
	struct store *store, int64_t report_id, int64_t holder_id, const void *sealed, size_t len)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_KEY_ADD);

	sqlite3_bind_int64(stmt, 1, report_id);
	sqlite3_bind_int64(stmt, 2, holder_id);
	sqlite3_bind_blob(stmt, 3, sealed, (int)len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err report_key_seal_to(struct store *store, int64_t report_id, const struct keypair *pair,
	int64_t holder_id, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES])
{
	uint8_t share[KEYPAIR_SHARE_BYTES];
	enum err err = keypair_share(pair, public_key, share);

	return err ? err : put(store, report_id, holder_id, share, sizeof(share));
}

enum err report_key_give(struct store *store, int64_t report_id, const struct keypair *pair,
	int64_t officer_id, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES])
{
	CHECK(officer_id > 0);
	return report_key_seal_to(store, report_id, pair, officer_id, public_key);
}

/* The box keeps it for itself, in the only way in which it can open it again. */
static enum err keep(struct store *store, int64_t report_id, const struct keypair *pair)
{
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, KEYPAIR_SECRET_BYTES + VAULT_SEAL_EXTRA_BYTES);
	err = vault_seal(store->vault, PLACE, report_id, keypair_secret(pair), KEYPAIR_SECRET_BYTES,
		&sealed);
	return err ? err : put(store, report_id, KEY_HOLDER_BOX, sealed.data, sealed.len);
}

static enum err set_public(struct store *store, int64_t report_id, const struct keypair *pair)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_KEY_PUBLIC_SET);

	sqlite3_bind_int64(stmt, 1, report_id);
	sqlite3_bind_blob(stmt, 2, keypair_public(pair), KEYPAIR_PUBLIC_BYTES, SQLITE_STATIC);
	return stmt_write_one(store, stmt);
}

enum err report_key_make(struct store *store, int64_t report_id, struct keypair **ret_pair)
{
	uint8_t escrow[KEYPAIR_PUBLIC_BYTES];
	struct keypair *pair;
	enum err err = keypair_new(&pair);

	if (err)
		return err;
	err = set_public(store, report_id, pair);
	if (!err) {
		err = escrow_public(store, escrow);
		if (!err)
			err = report_key_seal_to(store, report_id, pair, KEY_HOLDER_ESCROW, escrow);
		else if (err == ERR_NOT_FOUND)
			err = keep(store, report_id, pair);
	}
	if (err) {
		keypair_free(pair);
		return err;
	}
	*ret_pair = pair;
	return ERR_OK;
}

static enum err withdraw(struct store *store, int64_t report_id, int64_t holder_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_KEY_REMOVE);

	sqlite3_bind_int64(stmt, 1, report_id);
	sqlite3_bind_int64(stmt, 2, holder_id);
	return stmt_write(store, stmt);
}

enum err report_key_withdraw(struct store *store, int64_t report_id, int64_t officer_id)
{
	CHECK(officer_id > 0);
	return withdraw(store, report_id, officer_id);
}

enum err report_key_withdraw_all(struct store *store, int64_t officer_id, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_KEY_REMOVE_ALL);
	enum err err;

	CHECK(officer_id > 0);
	sqlite3_bind_int64(stmt, 1, officer_id);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_count = sqlite3_changes(store->db);
	return err;
}

/* ---- opening ---------------------------------------------------------------------------------
 */

static enum err open_box(const struct vault *vault, int64_t report_id, const void *sealed,
	size_t len, const uint8_t *public_key, struct keypair **ret_pair)
{
	struct keypair *pair = NULL;
	struct buf secret;
	enum err err;

	buf_init(&secret, KEYPAIR_SECRET_BYTES);
	err = vault_unseal(vault, PLACE, report_id, sealed, len, &secret);
	if (!err && secret.len != KEYPAIR_SECRET_BYTES)
		err = ERR_WRONG_KEY;
	if (!err)
		err = keypair_from_secret((const uint8_t *)secret.data, &pair);
	buf_wipe(&secret);
	if (!err && memcmp(keypair_public(pair), public_key, KEYPAIR_PUBLIC_BYTES) != 0)
		err = ERR_WRONG_KEY;
	if (err) {
		keypair_free(pair);
		return err;
	}
	*ret_pair = pair;
	return ERR_OK;
}

enum err report_key_unseal(const struct vault *vault, const struct key_holder *holder,
	int64_t report_id, const void *sealed, size_t len, const void *public_key,
	struct keypair **ret_pair)
{
	if (!sealed || !public_key)
		return ERR_WRONG_KEY;
	if (holder->id == KEY_HOLDER_BOX)
		return open_box(vault, report_id, sealed, len, public_key, ret_pair);
	if (len != KEYPAIR_SHARE_BYTES || !holder->pair)
		return ERR_WRONG_KEY;
	return keypair_take(holder->pair, sealed, public_key, ret_pair);
}

enum err report_key_open(struct store *store, const struct key_holder *holder, int64_t report_id,
	struct keypair **ret_pair)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_KEY_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	sqlite3_bind_int64(stmt, 2, holder->id);
	err = stmt_row(store, stmt);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_DENIED : err;
	return report_key_unseal(store->vault, holder, report_id, sqlite3_column_blob(stmt, 0),
		(size_t)sqlite3_column_bytes(stmt, 0), sqlite3_column_blob(stmt, 1), ret_pair);
}

enum err report_key_held(struct store *store, int64_t holder_id, int64_t report_id, bool *ret_is)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_KEY_HELD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	sqlite3_bind_int64(stmt, 2, holder_id);
	err = stmt_row(store, stmt);
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_is = !err;
	return ERR_OK;
}

enum err report_key_next(
	struct store *store, int64_t holder_id, int64_t after_id, int64_t *ret_report_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_KEY_NEXT);

	sqlite3_bind_int64(stmt, 1, holder_id);
	sqlite3_bind_int64(stmt, 2, after_id);
	return stmt_int64(store, stmt, ret_report_id);
}

enum err report_key_holders(struct store *store, int64_t report_id, report_key_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_KEY_HOLDERS);
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	while (!(err = stmt_row(store, stmt)))
		fn(arg, sqlite3_column_int64(stmt, 0));
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err report_key_hand_over(
	struct store *store, report_key_share_fn share, void *arg, int64_t *ret_report_id)
{
	uint8_t escrow[KEYPAIR_PUBLIC_BYTES];
	struct keypair *pair;
	int64_t id;
	enum err err = escrow_public(store, escrow);

	if (!err)
		err = report_key_next(store, KEY_HOLDER_BOX, 0, &id);
	if (!err)
		err = report_key_open(store, &key_holder_box, id, &pair);
	if (err)
		return err;
	err = report_key_seal_to(store, id, pair, KEY_HOLDER_ESCROW, escrow);
	if (!err)
		err = share(arg, id, pair);
	keypair_free(pair);
	if (!err)
		err = withdraw(store, id, KEY_HOLDER_BOX);
	if (!err)
		*ret_report_id = id;
	return err;
}

/* ---- sealing ---------------------------------------------------------------------------------
 */

enum err report_seal(struct store *store, int64_t report_id, const char *place, int64_t row,
	const void *data, size_t len, struct buf *out)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_KEY_PUBLIC);
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	if (sqlite3_column_bytes(stmt, 0) != KEYPAIR_PUBLIC_BYTES)
		return ERR_CORRUPT;
	return envelope_seal(sqlite3_column_blob(stmt, 0), place, row, data, len, out);
}
