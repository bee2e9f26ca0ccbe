/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/audience.h"

#include "store/internal.h"

#include <string.h>

/* ---- drawing ---------------------------------------------------------------------------------
 */

static enum err clear(struct store *store)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DRAW_CLEAR);

	return stmt_write(store, stmt);
}

static enum err check_names(struct store *store, const char *rule)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DRAW_MISSING);
	int64_t missing;
	enum err err;

	bind_text(stmt, 1, rule);
	err = stmt_int64(store, stmt, &missing);
	return !err && missing ? ERR_NOT_FOUND : err;
}

static enum err draw(
	struct store *store, enum stmt_id which, const struct audience_drawing *drawing)
{
	CLEAN_STMT *stmt = stmt_get(store, which);

	bind_text(stmt, 1, drawing->rule);
	bind_text(stmt, 2, drawing->topic);
	sqlite3_bind_int(stmt, 3, drawing->to_refusers);
	sqlite3_bind_int(stmt, 4, drawing->heads_only);
	return stmt_write(store, stmt);
}

static enum err read_counts(struct store *store, struct audience_counts *ret_counts)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DRAW_COUNTS);
	enum err err = stmt_row(store, stmt);

	if (!err)
		*ret_counts = (struct audience_counts){.people = sqlite3_column_int64(stmt, 0),
			.heads = sqlite3_column_int64(stmt, 1),
			.on_zalo = sqlite3_column_int64(stmt, 2),
			.refused = sqlite3_column_int64(stmt, 3),
			.topic = sqlite3_column_int64(stmt, 4),
			.blocked = sqlite3_column_int64(stmt, 5)};
	return err;
}

enum err audience_draw(struct store *store, const struct audience_drawing *drawing,
	struct audience_counts *ret_counts)
{
	enum err err = check_names(store, drawing->rule);

	if (!err)
		err = clear(store);
	if (!err)
		err = draw(store, STMT_DRAW_REGISTRY, drawing);
	if (!err)
		err = draw(store, STMT_DRAW_LISTS, drawing);
	if (!err)
		err = draw(store, STMT_DRAW_REACHED, drawing);
	if (!err)
		err = draw(store, STMT_DRAW_REFUSERS, drawing);
	if (!err)
		err = draw(store, STMT_DRAW_MEMBERS, drawing);
	return err ? err : read_counts(store, ret_counts);
}

enum err audience_places(struct store *store, audience_place_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DRAW_PLACES);
	enum err err;

	while (!(err = stmt_row(store, stmt)))
		fn(arg, &(struct audience_place_count){.place_id = sqlite3_column_int64(stmt, 0),
				.people = sqlite3_column_int64(stmt, 1),
				.on_zalo = sqlite3_column_int64(stmt, 2)});
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err audience_groups(struct store *store, const char *rule, audience_group_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DRAW_GROUPS);
	enum err err;

	bind_text(stmt, 1, rule);
	while (!(err = stmt_row(store, stmt)))
		fn(arg, sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1));
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- saved audiences -------------------------------------------------------------------------
 */

static bool is_code(const char *code)
{
	size_t len = strlen(code);

	return len && len < AUDIENCE_CODE_BYTES &&
	       strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static bool is_name(const char *name)
{
	size_t len = strlen(name);

	return len && len < AUDIENCE_NAME_BYTES && str_is_utf8(name, len);
}

static enum err insert(struct store *store, const struct audience *audience, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_AUDIENCE_ADD);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, audience->code);
	bind_text(stmt, 3, audience->name);
	bind_text(stmt, 4, audience->rule);
	sqlite3_bind_int64(stmt, 5, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

static enum err update(struct store *store, const struct audience *audience)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_AUDIENCE_SET);

	sqlite3_bind_int64(stmt, 1, audience->id);
	bind_text(stmt, 2, audience->name);
	bind_text(stmt, 3, audience->rule);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	return stmt_write_one(store, stmt);
}

enum err audience_save(struct store *store, const struct audience *audience, int64_t *ret_id)
{
	int64_t id = audience->id;
	enum err err;

	if (!is_code(audience->code) || !is_name(audience->name))
		return ERR_INVALID;
	if (!id)
		id = store_next_id(store, ID_AUDIENCE);
	err = audience->id ? update(store, audience) : insert(store, audience, id);
	if (!err)
		*ret_id = id;
	return err;
}

static void read_audience(sqlite3_stmt *stmt, struct audience *audience)
{
	*audience = (struct audience){.id = sqlite3_column_int64(stmt, 0),
		.members = sqlite3_column_int64(stmt, 4),
		.created_ms = sqlite3_column_int64(stmt, 5),
		.changed_ms = sqlite3_column_int64(stmt, 6)};
	copy_column(stmt, 1, audience->code, sizeof(audience->code));
	copy_column(stmt, 2, audience->name, sizeof(audience->name));
	copy_column(stmt, 3, audience->rule, sizeof(audience->rule));
}

enum err audience_find(struct store *store, const char *code, struct audience *ret_audience)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_AUDIENCE_FIND);
	enum err err;

	bind_text(stmt, 1, code);
	err = stmt_row(store, stmt);
	if (!err)
		read_audience(stmt, ret_audience);
	return err;
}

enum err audience_list(struct store *store, int64_t before_id, int limit, audience_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_AUDIENCE_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	while (!(err = stmt_row(store, stmt))) {
		struct audience audience;

		read_audience(stmt, &audience);
		fn(arg, &audience);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* resident_id 0: of nobody in particular. */
static enum err write_by(struct store *store, enum stmt_id which, int64_t id, int64_t resident_id)
{
	CLEAN_STMT *stmt = stmt_get(store, which);

	sqlite3_bind_int64(stmt, 1, id);
	if (resident_id)
		sqlite3_bind_int64(stmt, 2, resident_id);
	return stmt_write(store, stmt);
}

enum err audience_remove(struct store *store, int64_t id)
{
	enum err err = write_by(store, STMT_AUDIENCE_REMOVE, id, 0);

	return err || sqlite3_changes(store->db) ? err : ERR_NOT_FOUND;
}

enum err audience_join(struct store *store, int64_t id, int64_t resident_id, bool *ret_is_new)
{
	enum err err = write_by(store, STMT_AUDIENCE_JOIN, id, resident_id);

	if (!err)
		*ret_is_new = sqlite3_changes(store->db) > 0;
	return err;
}

enum err audience_leave(struct store *store, int64_t id, int64_t resident_id)
{
	enum err err = write_by(store, STMT_AUDIENCE_LEAVE, id, resident_id);

	return err || sqlite3_changes(store->db) ? err : ERR_NOT_FOUND;
}

enum err audience_empty(struct store *store, int64_t id)
{
	return write_by(store, STMT_AUDIENCE_EMPTY, id, 0);
}
