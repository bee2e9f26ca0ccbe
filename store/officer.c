/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/officer.h"

#include "store/internal.h"

#include <string.h>

/* check_superior() makes no circle; a tampered file may hold one. */
#define CHAIN_MAX 1000

static const char *const role_texts[] = {
#define X(name, text) [OFFICER_##name] = text,
	OFFICER_ROLE_TABLE(X)
#undef X
};

static const char *const state_texts[] = {
#define X(name, text) [OFFICER_##name] = ERR_WORD(text),
	OFFICER_STATE_TABLE(X)
#undef X
};

const char *officer_role_text(enum officer_role role)
{
	return role_texts[role];
}

enum err officer_role_of(const char *text, enum officer_role *ret_role)
{
	for (int i = 0; i < OFFICER_ROLE_COUNT; i++) {
		if (str_eq(role_texts[i], text)) {
			*ret_role = (enum officer_role)i;
			return ERR_OK;
		}
	}
	return ERR_INVALID;
}

const char *officer_state_text(enum officer_state state)
{
	return state_texts[state];
}

bool officer_is_login(const char *login)
{
	size_t len = strlen(login);

	return len && len < OFFICER_LOGIN_BYTES &&
	       strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-") == len;
}

static bool is_name(const char *name)
{
	size_t len = strlen(name);

	return len && len < OFFICER_NAME_BYTES && str_is_utf8(name, len);
}

static void read_officer(sqlite3_stmt *stmt, struct officer *officer)
{
	*officer = (struct officer){.id = sqlite3_column_int64(stmt, 0),
		.role = (enum officer_role)text_index(role_texts, ARRAY_LEN(role_texts),
			(const char *)sqlite3_column_text(stmt, 3)),
		.state = (enum officer_state)text_index(state_texts, ARRAY_LEN(state_texts),
			(const char *)sqlite3_column_text(stmt, 4)),
		.has_phone = sqlite3_column_int(stmt, 5),
		.superior_id = sqlite3_column_int64(stmt, 6),
		.has_key = sqlite3_column_bytes(stmt, 7) == OFFICER_KEY_BYTES,
		.created_ms = sqlite3_column_int64(stmt, 8),
		.changed_ms = sqlite3_column_int64(stmt, 9)};
	copy_column(stmt, 1, officer->login, sizeof(officer->login));
	copy_column(stmt, 2, officer->name, sizeof(officer->name));
	if (officer->has_key)
		memcpy(officer->public_key, sqlite3_column_blob(stmt, 7), OFFICER_KEY_BYTES);
}

enum err officer_load(struct store *store, int64_t id, struct officer *ret_officer)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFFICER_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		read_officer(stmt, ret_officer);
	return err;
}

enum err officer_find(struct store *store, const char *login, struct officer *ret_officer)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFFICER_FIND);
	enum err err;

	bind_text(stmt, 1, login);
	err = stmt_row(store, stmt);
	if (!err)
		read_officer(stmt, ret_officer);
	return err;
}

enum err officer_list(struct store *store, int64_t before_id, int limit, officer_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFFICER_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	while (!(err = stmt_row(store, stmt))) {
		struct officer officer;

		read_officer(stmt, &officer);
		fn(arg, &officer);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* NULL: of any. */
static enum err count(struct store *store, const char *role, const char *state, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFFICER_COUNT);

	bind_text(stmt, 1, role);
	bind_text(stmt, 2, state);
	return stmt_int64(store, stmt, ret_count);
}

enum err officer_any(struct store *store, bool *ret_any)
{
	int64_t officers;
	enum err err = count(store, NULL, NULL, &officers);

	if (!err)
		*ret_any = officers > 0;
	return err;
}

enum err officer_active(struct store *store, enum officer_role role, int64_t *ret_count)
{
	return count(store, officer_role_text(role), officer_state_text(OFFICER_ACTIVE), ret_count);
}

static enum err superior_of(struct store *store, int64_t id, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFFICER_SUPERIOR);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_int64(store, stmt, ret_id);
}

enum err officer_is_above(struct store *store, int64_t above_id, int64_t id, bool *ret_is_above)
{
	bool is_above = false;
	enum err err = superior_of(store, id, &id);

	for (int rank = 0; !err && id && !is_above; rank++) {
		is_above = id == above_id;
		err = rank < CHAIN_MAX ? superior_of(store, id, &id) : ERR_CORRUPT;
	}
	if (!err)
		*ret_is_above = is_above;
	return err;
}

/* The rows must stay a tree of OFFICER_RANKS_MAX ranks at most, with who is to be under him. */
static enum err check_superior(struct store *store, int64_t id, int64_t superior_id)
{
	enum err err = ERR_OK;

	for (int rank = 0; !err && superior_id; rank++) {
		if (superior_id == id || rank == OFFICER_RANKS_MAX)
			return ERR_INVALID;
		err = superior_of(store, superior_id, &superior_id);
	}
	return err;
}

/* Sealed into `sealed`; stays empty for "". */
static enum err seal_phone(struct store *store, int64_t id, const char *phone, struct buf *sealed)
{
	if (strlen(phone) > OFFICER_PHONE_MAX)
		return ERR_TOO_BIG;
	return phone[0]
		       ? vault_seal(store->vault, "officer.phone", id, phone, strlen(phone), sealed)
		       : ERR_OK;
}

static void bind_sealed(sqlite3_stmt *stmt, int index, const struct buf *sealed)
{
	if (sealed->len)
		sqlite3_bind_blob(stmt, index, sealed->data, (int)sealed->len, SQLITE_STATIC);
	else
		sqlite3_bind_null(stmt, index);
}

static enum err insert(struct store *store, const struct officer_new *in, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFFICER_ADD);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, OFFICER_PHONE_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = seal_phone(store, id, in->phone, &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, in->login);
	bind_text(stmt, 3, in->name);
	bind_text(stmt, 4, officer_role_text(in->role));
	bind_sealed(stmt, 5, &sealed);
	bind_id(stmt, 6, in->superior_id);
	sqlite3_bind_int64(stmt, 7, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err officer_add(struct store *store, const struct officer_new *in, int64_t *ret_id)
{
	struct officer other;
	int64_t id;
	enum err err;

	if (!officer_is_login(in->login) || !is_name(in->name))
		return ERR_INVALID;
	err = officer_find(store, in->login, &other);
	if (err != ERR_NOT_FOUND)
		return err ? err : ERR_EXISTS;
	err = check_superior(store, 0, in->superior_id);
	if (err)
		return err;
	id = store_next_id(store, ID_OFFICER);
	err = insert(store, in, id);
	if (!err)
		*ret_id = id;
	return err;
}

enum err officer_set(struct store *store, const struct officer *officer)
{
	enum err err = is_name(officer->name)
			       ? check_superior(store, officer->id, officer->superior_id)
			       : ERR_INVALID;

	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFFICER_SET);

	sqlite3_bind_int64(stmt, 1, officer->id);
	bind_text(stmt, 2, officer->name);
	bind_text(stmt, 3, officer_role_text(officer->role));
	bind_id(stmt, 4, officer->superior_id);
	sqlite3_bind_int64(stmt, 5, clock_wall_ms(store->clock));
	return stmt_write_one(store, stmt);
}

/* One after the other, so that each step's statement is free again. */
static enum err drop_places(struct store *store, int64_t id)
{
	enum err err = ERR_OK;

	while (!err) {
		int64_t place_id = 0;
		{
			CLEAN_STMT *stmt = stmt_get(store, STMT_OFFICER_PLACES);

			sqlite3_bind_int64(stmt, 1, id);
			sqlite3_bind_int64(stmt, 2, 0);
			err = stmt_int64(store, stmt, &place_id);
		}
		if (!err)
			err = officer_place_set(store, id, place_id, false);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err officer_set_state(struct store *store, int64_t id, enum officer_state state)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFFICER_SET_STATE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, officer_state_text(state));
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	err = stmt_write_one(store, stmt);
	return err || state != OFFICER_REMOVED ? err : drop_places(store, id);
}

enum err officer_set_key(
	struct store *store, int64_t id, const uint8_t public_key[OFFICER_KEY_BYTES])
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFFICER_SET_KEY);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, public_key, OFFICER_KEY_BYTES, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	return stmt_write_one(store, stmt);
}

enum err officer_drop_key(struct store *store, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFFICER_SET_KEY);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	return stmt_write_one(store, stmt);
}

enum err officer_set_phone(struct store *store, int64_t id, const char *phone)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFFICER_SET_PHONE);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, OFFICER_PHONE_MAX + VAULT_SEAL_EXTRA_BYTES);
	err = seal_phone(store, id, phone, &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	bind_sealed(stmt, 2, &sealed);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	return stmt_write_one(store, stmt);
}

enum err officer_phone(struct store *store, int64_t id, struct buf *out)
{
	return stmt_open_sealed(store, STMT_OFFICER_PHONE, "officer.phone", id, out);
}

enum err officer_place_set(struct store *store, int64_t id, int64_t place_id, bool is_his)
{
	CLEAN_STMT *stmt = stmt_get(
		store, is_his ? STMT_OFFICER_PLACE_ADD : STMT_OFFICER_PLACE_DROP);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, place_id);
	if (is_his)
		sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err officer_has_place(struct store *store, int64_t id, int64_t place_id, bool *ret_has)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OFFICER_PLACE_HAS);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, place_id);
	err = stmt_row(store, stmt);
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_has = !err;
	return ERR_OK;
}

/* The other side of each pair, in order. One row a step: fn may look at the same table. */
static enum err walk(
	struct store *store, enum stmt_id which, int64_t id, officer_place_fn fn, void *arg)
{
	int64_t other = 0;
	enum err err = ERR_OK;

	for (;;) {
		{
			CLEAN_STMT *stmt = stmt_get(store, which);

			sqlite3_bind_int64(stmt, 1, id);
			sqlite3_bind_int64(stmt, 2, other);
			err = stmt_int64(store, stmt, &other);
		}
		if (err)
			return err == ERR_NOT_FOUND ? ERR_OK : err;
		fn(arg, other);
	}
}

enum err officer_places(struct store *store, int64_t id, officer_place_fn fn, void *arg)
{
	return walk(store, STMT_OFFICER_PLACES, id, fn, arg);
}

enum err officer_of_place(struct store *store, int64_t place_id, officer_place_fn fn, void *arg)
{
	return walk(store, STMT_OFFICER_OF_PLACE, place_id, fn, arg);
}
