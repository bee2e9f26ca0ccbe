/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/place.h"

#include "store/internal.h"

static const char *const kind_texts[] = {
#define X(name, text) [PLACE_##name] = text,
	PLACE_KIND_TABLE(X)
#undef X
};

const char *place_kind_text(enum place_kind kind)
{
	return kind_texts[kind];
}

enum err place_kind_of(const char *text, enum place_kind *ret_kind)
{
	for (int i = 0; i < PLACE_KIND_COUNT; i++) {
		if (str_eq(kind_texts[i], text)) {
			*ret_kind = (enum place_kind)i;
			return ERR_OK;
		}
	}
	return ERR_INVALID;
}

static enum err insert(struct store *store, const struct place *place, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PLACE_ADD);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, place->code);
	bind_text(stmt, 3, place->name);
	bind_text(stmt, 4, place_kind_text(place->kind));
	bind_id(stmt, 5, place->parent_id);
	sqlite3_bind_int64(stmt, 6, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

static enum err update(struct store *store, const struct place *place)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PLACE_SET);

	sqlite3_bind_int64(stmt, 1, place->id);
	bind_text(stmt, 2, place->name);
	bind_text(stmt, 3, place_kind_text(place->kind));
	bind_id(stmt, 4, place->parent_id);
	return stmt_write(store, stmt);
}

enum err place_save(struct store *store, const struct place *place, int64_t *ret_id)
{
	int64_t id = place->id ? place->id : store_next_id(store, ID_PLACE);
	enum err err = place->id ? update(store, place) : insert(store, place, id);

	if (!err)
		*ret_id = id;
	return err;
}

static void read_place(sqlite3_stmt *stmt, struct place *place)
{
	char kind[16];

	*place = (struct place){.id = sqlite3_column_int64(stmt, 0),
		.parent_id = sqlite3_column_int64(stmt, 4),
		.created_ms = sqlite3_column_int64(stmt, 5),
		.closed_ms = sqlite3_column_int64(stmt, 6)};
	copy_column(stmt, 1, place->code, sizeof(place->code));
	copy_column(stmt, 2, place->name, sizeof(place->name));
	copy_column(stmt, 3, kind, sizeof(kind));
	if (place_kind_of(kind, &place->kind))
		place->kind = PLACE_AGENCY; /* the schema allows no other word */
}

enum err place_find(struct store *store, const char *code, struct place *ret_place)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PLACE_FIND);
	enum err err;

	bind_text(stmt, 1, code);
	err = stmt_row(store, stmt);
	if (!err)
		read_place(stmt, ret_place);
	return err;
}

enum err place_find_open(struct store *store, const char *code, struct place *ret_place)
{
	struct place place;
	enum err err = place_find(store, code, &place);

	if (!err && place.closed_ms)
		err = ERR_NOT_FOUND;
	if (!err)
		*ret_place = place;
	return err;
}

enum err place_load(struct store *store, int64_t id, struct place *ret_place)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PLACE_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		read_place(stmt, ret_place);
	return err;
}

enum err place_list(struct store *store, int64_t before_id, int limit, place_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PLACE_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	while (!(err = stmt_row(store, stmt))) {
		struct place place;

		read_place(stmt, &place);
		fn(arg, &place);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err place_counts(struct store *store, int64_t id, int64_t *ret_residents, int64_t *ret_on_zalo)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PLACE_COUNTS);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_residents = sqlite3_column_int64(stmt, 0);
	*ret_on_zalo = sqlite3_column_int64(stmt, 1);
	return ERR_OK;
}

/* ---- the end of one --------------------------------------------------------------------------
 */

static enum err count_of(struct store *store, enum stmt_id which, int64_t id, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, which);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_int64(store, stmt, ret_count);
}

static enum err count_bulletins(struct store *store, const char *code, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PLACE_BULLETINS_COUNT);

	bind_text(stmt, 1, code);
	return stmt_int64(store, stmt, ret_count);
}

enum err place_ties(struct store *store, const struct place *place, struct place_ties *ret_ties)
{
	struct place_ties ties = {0};
	enum err err = count_of(store, STMT_PLACE_BELOW_COUNT, place->id, &ties.below);

	if (!err)
		err = count_of(store, STMT_PLACE_GROUPS_COUNT, place->id, &ties.groups);
	if (!err)
		err = count_bulletins(store, place->code, &ties.bulletins);
	if (!err)
		*ret_ties = ties;
	return err;
}

/* ?2: where to, or when. */
static enum err change(
	struct store *store, enum stmt_id which, int64_t id, int64_t second, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, which);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, second);
	err = stmt_write(store, stmt);
	if (!err && ret_count)
		*ret_count = sqlite3_changes(store->db);
	return err;
}

/* Two households of the same name in two hamlets are not the same: the one that can't move keeps
 * its place, and its people stay together. Who was on both lists is on one then. */
enum err place_move(
	struct store *store, int64_t from_id, int64_t into_id, struct place_moved *ret_moved)
{
	struct place_moved moved = {0};
	enum err err = change(store, STMT_PLACE_HOUSEHOLDS_MOVE, from_id, into_id, NULL);

	if (!err)
		err = change(store, STMT_PLACE_RESIDENTS_MOVE, from_id, into_id, &moved.residents);
	if (!err) {
		CLEAN_STMT *stmt = stmt_get(store, STMT_PLACE_RESIDENTS_DROP);

		sqlite3_bind_int64(stmt, 1, from_id);
		err = stmt_write(store, stmt);
	}
	if (!err) {
		CLEAN_STMT *stmt = stmt_get(store, STMT_HOUSEHOLD_PRUNE_ALL);

		err = stmt_write(store, stmt);
	}
	if (!err)
		err = change(store, STMT_PLACE_BELOW_MOVE, from_id, into_id, &moved.below);
	if (!err)
		*ret_moved = moved;
	return err;
}

enum err place_close(struct store *store, int64_t id, int64_t into_id)
{
	int64_t now_ms = clock_wall_ms(store->clock);
	enum err err = change(store, STMT_PLACE_ROLES_END, id, now_ms, NULL);

	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_PLACE_CLOSE);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, now_ms);
	bind_id(stmt, 3, into_id);
	return stmt_write(store, stmt);
}

/* ---- roles -----------------------------------------------------------------------------------
 */

static enum err role_end(struct store *store, int64_t place_id, int64_t person_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ROLE_END);

	sqlite3_bind_int64(stmt, 1, place_id);
	sqlite3_bind_int64(stmt, 2, person_id);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err place_role_get(
	struct store *store, int64_t place_id, int64_t person_id, enum place_role *ret_role)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ROLE_OF);
	enum err err;

	sqlite3_bind_int64(stmt, 1, place_id);
	sqlite3_bind_int64(stmt, 2, person_id);
	err = stmt_row(store, stmt);
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_role = PLACE_ROLE_NONE;
	if (!err)
		*ret_role = str_eq((const char *)sqlite3_column_text(stmt, 0), "head")
				    ? PLACE_ROLE_HEAD
				    : PLACE_ROLE_DEPUTY;
	return ERR_OK;
}

enum err place_role_set(
	struct store *store, int64_t place_id, int64_t person_id, enum place_role role)
{
	enum place_role now;
	int64_t head_id;
	enum err err = place_role_get(store, place_id, person_id, &now);

	if (err || now == role)
		return err;
	if (role == PLACE_ROLE_HEAD) {
		err = place_head(store, place_id, &head_id);
		if (err != ERR_NOT_FOUND)
			return err ? err : ERR_EXISTS;
		err = ERR_OK;
	}
	if (now != PLACE_ROLE_NONE)
		err = role_end(store, place_id, person_id);
	if (err || role == PLACE_ROLE_NONE)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_ROLE_ADD);

	sqlite3_bind_int64(stmt, 1, place_id);
	bind_text(stmt, 2, role == PLACE_ROLE_HEAD ? "head" : "deputy");
	sqlite3_bind_int64(stmt, 3, person_id);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err place_head(struct store *store, int64_t place_id, int64_t *ret_person_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ROLE_HEAD);

	sqlite3_bind_int64(stmt, 1, place_id);
	return stmt_int64(store, stmt, ret_person_id);
}
