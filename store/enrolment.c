/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/enrolment.h"

#include "store/internal.h"
#include "store/resident_hash.h"

#include <string.h>

#define NAME_MAX_BYTES 512

static const char *const states[] = {[ENROLMENT_WAITING] = "WAITING",
	[ENROLMENT_ACCEPTED] = "ACCEPTED",
	[ENROLMENT_DECLINED] = "DECLINED"};

const char *enrolment_state_text(enum enrolment_state state)
{
	return states[state];
}

static int64_t today(struct store *store)
{
	return clock_local_day(clock_wall_ms(store->clock));
}

/* ---- consent ---------------------------------------------------------------------------------
 */

enum err consent_put(struct store *store, int64_t resident_id, int version, enum consent_way way)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CONSENT_PUT);

	sqlite3_bind_int64(stmt, 1, resident_id);
	sqlite3_bind_int(stmt, 2, version);
	bind_text(stmt, 3, way == CONSENT_PHONE ? "phone" : "office");
	sqlite3_bind_int64(stmt, 4, today(store));
	return stmt_write(store, stmt);
}

enum err consent_of(struct store *store, int64_t resident_id, int *ret_version)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CONSENT_OF);
	enum err err;

	sqlite3_bind_int64(stmt, 1, resident_id);
	err = stmt_row(store, stmt);
	if (!err)
		*ret_version = sqlite3_column_int(stmt, 0);
	return err;
}

/* ---- who asks --------------------------------------------------------------------------------
 */

static void read_row(sqlite3_stmt *stmt, struct enrolment *ret_enrolment)
{
	*ret_enrolment = (struct enrolment){.id = sqlite3_column_int64(stmt, 0),
		.state = (enum enrolment_state)text_index(
			states, ARRAY_LEN(states), (const char *)sqlite3_column_text(stmt, 1)),
		.place_id = sqlite3_column_int64(stmt, 2),
		.version = sqlite3_column_int(stmt, 3),
		.day = sqlite3_column_int64(stmt, 4),
		.is_move = sqlite3_column_int(stmt, 5),
		.asked_day = sqlite3_column_int64(stmt, 6)};
}

static enum err find(
	struct store *store, const uint8_t hash[VAULT_HASH_BYTES], struct enrolment *ret_enrolment)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROLMENT_FIND);
	enum err err;

	sqlite3_bind_blob(stmt, 1, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	err = stmt_row(store, stmt);
	if (!err)
		read_row(stmt, ret_enrolment);
	return err;
}

struct sealed {
	struct buf phone, name, said, zalo;
};

static void sealed_done(struct sealed *sealed)
{
	buf_done(&sealed->phone);
	buf_done(&sealed->name);
	buf_done(&sealed->said);
	buf_done(&sealed->zalo);
}

static enum err seal(
	struct store *store, int64_t id, const struct enrolment_new *in, struct sealed *sealed)
{
	const char *zalo = in->zalo ? in->zalo : "";
	enum err err;

	buf_init(&sealed->phone, 256);
	buf_init(&sealed->name, NAME_MAX_BYTES);
	buf_init(&sealed->said, 256);
	buf_init(&sealed->zalo, 256);
	err = vault_seal(
		store->vault, "enrolment.phone", id, in->phone, strlen(in->phone), &sealed->phone);
	if (!err)
		err = vault_seal(store->vault, "enrolment.name", id, in->name, strlen(in->name),
			&sealed->name);
	if (!err)
		err = vault_seal(store->vault, "enrolment.said", id, in->said, strlen(in->said),
			&sealed->said);
	if (!err)
		err = vault_seal(
			store->vault, "enrolment.zalo", id, zalo, strlen(zalo), &sealed->zalo);
	return err;
}

static void bind_sealed(sqlite3_stmt *stmt, int first, const struct sealed *sealed)
{
	const struct buf *parts[] = {&sealed->phone, &sealed->name, &sealed->said, &sealed->zalo};

	for (int i = 0; i < 4; i++)
		sqlite3_bind_blob(
			stmt, first + i, parts[i]->data, (int)parts[i]->len, SQLITE_STATIC);
}

static enum err add(struct store *store, int64_t id, const uint8_t hash[VAULT_HASH_BYTES],
	const struct enrolment_new *in, const struct sealed *sealed)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROLMENT_ADD);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, hash, VAULT_HASH_BYTES, SQLITE_STATIC);
	bind_id(stmt, 3, in->place_id);
	sqlite3_bind_int(stmt, 4, in->version);
	sqlite3_bind_int64(stmt, 5, today(store));
	bind_sealed(stmt, 6, sealed);
	sqlite3_bind_int(stmt, 10, in->is_move);
	return stmt_write(store, stmt);
}

static enum err set(struct store *store, int64_t id, const struct enrolment_new *in,
	const struct sealed *sealed)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROLMENT_SET);

	sqlite3_bind_int64(stmt, 1, id);
	bind_id(stmt, 2, in->place_id);
	sqlite3_bind_int(stmt, 3, in->version);
	sqlite3_bind_int64(stmt, 4, today(store));
	bind_sealed(stmt, 5, sealed);
	/* Who corrects what he wrote takes nothing back. */
	if (!in->zalo || !in->zalo[0])
		sqlite3_bind_null(stmt, 8);
	sqlite3_bind_int(stmt, 9, in->is_move);
	return stmt_write_one(store, stmt);
}

enum err enrolment_put(
	struct store *store, const struct enrolment_new *in, int64_t *ret_id, bool *ret_is_new)
{
	uint8_t hash[VAULT_HASH_BYTES];
	struct sealed sealed = {0};
	struct enrolment known;
	int64_t id;
	enum err err;

	resident_phone_hash(store, in->phone, hash);
	err = find(store, hash, &known);
	if (err && err != ERR_NOT_FOUND)
		return err;
	id = err ? store_next_id(store, ID_ENROLMENT) : known.id;
	*ret_is_new = err == ERR_NOT_FOUND;
	err = seal(store, id, in, &sealed);
	if (!err)
		err = *ret_is_new ? add(store, id, hash, in, &sealed) : set(store, id, in, &sealed);
	sealed_done(&sealed);
	if (!err)
		*ret_id = id;
	return err;
}

enum err enrolment_load(struct store *store, int64_t id, struct enrolment *ret_enrolment)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROLMENT_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		read_row(stmt, ret_enrolment);
	return err;
}

enum err enrolment_next(struct store *store, int64_t after_id, struct enrolment *ret_enrolment)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROLMENT_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, after_id);
	err = stmt_row(store, stmt);
	if (!err)
		read_row(stmt, ret_enrolment);
	return err;
}

enum err enrolment_count(struct store *store, int64_t *ret_waiting)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROLMENT_COUNT);

	return stmt_int64(store, stmt, ret_waiting);
}

enum err enrolment_words(struct store *store, int64_t id, struct enrolment_words *ret_words)
{
	struct enrolment_words words;
	enum err err;

	buf_init(&words.phone, 64);
	buf_init(&words.name, NAME_MAX_BYTES);
	buf_init(&words.said, 256);
	buf_init(&words.zalo, 256);
	err = stmt_open_sealed(store, STMT_ENROLMENT_PHONE, "enrolment.phone", id, &words.phone);
	if (!err)
		err = stmt_open_sealed(
			store, STMT_ENROLMENT_NAME, "enrolment.name", id, &words.name);
	if (!err)
		err = stmt_open_sealed(
			store, STMT_ENROLMENT_SAID, "enrolment.said", id, &words.said);
	if (!err)
		err = stmt_open_sealed(
			store, STMT_ENROLMENT_ZALO, "enrolment.zalo", id, &words.zalo);
	/* From before there was such a column. */
	if (err == ERR_NOT_FOUND && words.phone.len)
		err = ERR_OK;
	if (err) {
		enrolment_words_free(&words);
		return err;
	}
	*ret_words = words;
	return ERR_OK;
}

void enrolment_words_free(struct enrolment_words *words)
{
	buf_wipe(&words->phone);
	buf_wipe(&words->name);
	buf_wipe(&words->said);
	buf_wipe(&words->zalo);
}

enum err enrolment_decide(
	struct store *store, int64_t id, enum enrolment_state state, int64_t officer_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROLMENT_DECIDE);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, states[state]);
	bind_id(stmt, 3, officer_id);
	turn_scrub(store);
	return stmt_write_one(store, stmt);
}

enum err enrolment_forget(struct store *store, const char *phone)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROLMENT_FORGET);
	uint8_t hash[VAULT_HASH_BYTES];

	resident_phone_hash(store, phone, hash);
	sqlite3_bind_blob(stmt, 1, hash, sizeof(hash), SQLITE_STATIC);
	return stmt_write(store, stmt);
}

enum err enrolment_asked(struct store *store, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROLMENT_ASKED);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, clock_local_day(clock_wall_ms(store->clock)));
	err = stmt_write(store, stmt);
	return err || sqlite3_changes(store->db) ? err : ERR_NOT_FOUND;
}

enum err enrolment_move(struct store *store, int64_t from_id, int64_t to_id, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ENROLMENT_MOVE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, from_id);
	sqlite3_bind_int64(stmt, 2, to_id);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_count = sqlite3_changes(store->db);
	return err;
}
