/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/group_person.h"

#include "store/internal.h"
#include "store/resident_hash.h"

#include <string.h>

static const char *const state_texts[] = {
#define X(name) [GROUP_PERSON_##name] = #name,
	GROUP_PERSON_STATE_TABLE(X)
#undef X
};

const char *group_person_state_text(enum group_person_state state)
{
	return state_texts[state];
}

static void read_person(sqlite3_stmt *stmt, struct group_person *p)
{
	char state[16];

	*p = (struct group_person){.id = sqlite3_column_int64(stmt, 0),
		.group_id = sqlite3_column_int64(stmt, 1),
		.state = GROUP_PERSON_GONE,
		.is_confirmed = sqlite3_column_int(stmt, 3),
		.first_ms = sqlite3_column_int64(stmt, 4),
		.seen_ms = sqlite3_column_int64(stmt, 5),
		.asked_ms = sqlite3_column_int64(stmt, 6),
		.has_name = sqlite3_column_type(stmt, 7) != SQLITE_NULL};
	copy_column(stmt, 2, state, sizeof(state));
	for (int i = 0; i < GROUP_PERSON_STATE_COUNT; i++) {
		if (str_eq(state_texts[i], state))
			p->state = (enum group_person_state)i;
	}
}

static enum err find(struct store *store, int64_t group_id, const uint8_t hash[VAULT_HASH_BYTES],
	struct group_person *ret_person)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_FIND);
	enum err err;

	sqlite3_bind_int64(stmt, 1, group_id);
	sqlite3_bind_blob(stmt, 2, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	err = stmt_row(store, stmt);
	if (!err)
		read_person(stmt, ret_person);
	return err;
}

static enum err add(struct store *store, const char *user_id, const uint8_t hash[VAULT_HASH_BYTES],
	const struct group_person *person)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_ADD);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, 256);
	err = vault_seal(store->vault, "group_person.user_id", person->id, user_id, strlen(user_id),
		&sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, person->id);
	sqlite3_bind_int64(stmt, 2, person->group_id);
	sqlite3_bind_blob(stmt, 3, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	sqlite3_bind_blob(stmt, 4, sealed.data, (int)sealed.len, SQLITE_STATIC);
	sqlite3_bind_null(stmt, 5);
	bind_text(stmt, 6, group_person_state_text(person->state));
	sqlite3_bind_int64(stmt, 7, person->first_ms);
	return stmt_write(store, stmt);
}

enum err group_person_get(struct store *store, int64_t group_id, const char *user_id,
	enum group_person_state first, struct group_person *ret_person, bool *ret_is_new)
{
	uint8_t hash[VAULT_HASH_BYTES];
	struct group_person person;
	enum err err;

	if (!user_id[0] || strlen(user_id) >= ZALO_USER_ID_BYTES)
		return ERR_INVALID;
	resident_zalo_hash(store, user_id, hash);
	err = find(store, group_id, hash, &person);
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_is_new = err == ERR_NOT_FOUND;
	if (*ret_is_new) {
		int64_t now_ms = clock_wall_ms(store->clock);

		person = (struct group_person){.id = store_next_id(store, ID_GROUP_PERSON),
			.group_id = group_id,
			.state = first,
			.first_ms = now_ms,
			.seen_ms = now_ms};
		err = add(store, user_id, hash, &person);
		if (err)
			return err;
	}
	*ret_person = person;
	return ERR_OK;
}

enum err group_person_load(struct store *store, int64_t id, struct group_person *ret_person)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		read_person(stmt, ret_person);
	return err;
}

enum err group_person_save(struct store *store, const struct group_person *person)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_MOVE);

	sqlite3_bind_int64(stmt, 1, person->id);
	bind_text(stmt, 2, group_person_state_text(person->state));
	sqlite3_bind_int(stmt, 3, person->is_confirmed);
	sqlite3_bind_int64(stmt, 4, person->seen_ms);
	sqlite3_bind_int64(stmt, 5, person->asked_ms);
	return stmt_write(store, stmt);
}

enum err group_person_user(struct store *store, int64_t id, struct buf *out)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_USER);
	uint8_t hash[VAULT_HASH_BYTES];
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		err = vault_unseal(store->vault, "group_person.user_id", id,
			sqlite3_column_blob(stmt, 0), (size_t)sqlite3_column_bytes(stmt, 0), out);
	if (err)
		return err;
	/* Rights are given by this id: it must be the one that was looked up. */
	resident_zalo_hash(store, buf_text(out), hash);
	if (sqlite3_column_bytes(stmt, 1) != VAULT_HASH_BYTES ||
		memcmp(hash, sqlite3_column_blob(stmt, 1), VAULT_HASH_BYTES) != 0)
		return ERR_WRONG_KEY;
	return ERR_OK;
}

enum err group_person_set_name(struct store *store, int64_t id, const char *name)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_NAME);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, 2 * GROUP_PERSON_NAME_MAX);
	err = vault_seal(store->vault, "group_person.name", id, name, strlen(name), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err group_person_name(struct store *store, int64_t id, struct buf *out)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err && sqlite3_column_type(stmt, 7) == SQLITE_NULL)
		err = ERR_NOT_FOUND;
	return err ? err
		   : vault_unseal(store->vault, "group_person.name", id,
			     sqlite3_column_blob(stmt, 7), (size_t)sqlite3_column_bytes(stmt, 7),
			     out);
}

enum err group_person_unseen(
	struct store *store, int64_t group_id, enum group_person_state state, int64_t since_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_UNSEEN);

	sqlite3_bind_int64(stmt, 1, group_id);
	bind_text(stmt, 2, group_person_state_text(state));
	sqlite3_bind_int64(stmt, 3, since_ms);
	/* Seen later than now: by a clock that was ahead. */
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err group_person_list(struct store *store, int64_t group_id, enum group_person_state state,
	int64_t after_id, int limit, group_person_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, group_id);
	bind_text(stmt, 2, group_person_state_text(state));
	sqlite3_bind_int64(stmt, 3, after_id);
	sqlite3_bind_int(stmt, 4, limit);
	while (!(err = stmt_row(store, stmt))) {
		struct group_person person;

		read_person(stmt, &person);
		person.is_listed = sqlite3_column_int(stmt, 8);
		person.has_role = sqlite3_column_int(stmt, 9);
		fn(arg, &person);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err group_person_unasked(struct store *store, int64_t group_id, enum group_person_state state,
	int64_t asked_before_ms, struct group_person *ret_person)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_UNASKED);
	enum err err;

	sqlite3_bind_int64(stmt, 1, group_id);
	bind_text(stmt, 2, group_person_state_text(state));
	sqlite3_bind_int64(stmt, 3, asked_before_ms);
	err = stmt_row(store, stmt);
	if (!err)
		read_person(stmt, ret_person);
	return err;
}

enum err group_person_ask_again(struct store *store, int64_t place_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_ASK_AGAIN);

	sqlite3_bind_int64(stmt, 1, place_id);
	return stmt_write(store, stmt);
}

enum err group_person_counts(struct store *store, int64_t group_id, enum group_person_state state,
	int64_t *ret_count, int64_t *ret_strangers)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_COUNTS);
	enum err err;

	sqlite3_bind_int64(stmt, 1, group_id);
	bind_text(stmt, 2, group_person_state_text(state));
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_count = sqlite3_column_int64(stmt, 0);
	*ret_strangers = sqlite3_column_int64(stmt, 1);
	return ERR_OK;
}

enum err group_requests_open(struct store *store, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_REQUESTS);

	return stmt_int64(store, stmt, ret_count);
}

enum err group_missing_counts(struct store *store, int64_t group_id, int64_t place_id,
	int64_t *ret_missing, int64_t *ret_unknown)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_MISSING_COUNT);
	enum err err;

	sqlite3_bind_int64(stmt, 1, group_id);
	sqlite3_bind_int64(stmt, 2, place_id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_missing = sqlite3_column_int64(stmt, 0);
	*ret_unknown = sqlite3_column_int64(stmt, 1);
	return ERR_OK;
}

enum err group_missing_list(struct store *store, int64_t group_id, int64_t place_id,
	int64_t after_id, int limit, group_missing_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PERSON_MISSING);
	enum err err;

	sqlite3_bind_int64(stmt, 1, group_id);
	sqlite3_bind_int64(stmt, 2, place_id);
	sqlite3_bind_int64(stmt, 3, after_id);
	sqlite3_bind_int(stmt, 4, limit);
	while (!(err = stmt_row(store, stmt)))
		fn(arg, sqlite3_column_int64(stmt, 0), !sqlite3_column_int(stmt, 1));
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
