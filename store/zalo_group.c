/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/zalo_group.h"

#include "store/internal.h"

static const char *const state_texts[] = {
#define X(name) [ZALO_GROUP_##name] = #name,
	ZALO_GROUP_STATE_TABLE(X)
#undef X
};

static const char *const switch_texts[] = {
#define X(name, text) [ZALO_SWITCH_##name] = text,
	ZALO_SWITCH_TABLE(X)
#undef X
};

const char *zalo_group_state_text(enum zalo_group_state state)
{
	return state_texts[state];
}

const char *zalo_switch_text(enum zalo_switch which)
{
	return switch_texts[which];
}

static enum zalo_group_state state_of(const char *text)
{
	for (int i = 0; i < ZALO_GROUP_STATE_COUNT; i++) {
		if (str_eq(state_texts[i], text))
			return (enum zalo_group_state)i;
	}
	return ZALO_GROUP_ABANDONED; /* the schema allows no other word */
}

static void bind_switches(sqlite3_stmt *stmt, int first, const struct zalo_group_look *look)
{
	for (int i = 0; i < ZALO_SWITCH_COUNT; i++)
		sqlite3_bind_int(stmt, first + i, look->on[i]);
}

static void read_switches(sqlite3_stmt *stmt, int first, struct zalo_group_look *look)
{
	for (int i = 0; i < ZALO_SWITCH_COUNT; i++)
		look->on[i] = sqlite3_column_int(stmt, first + i);
}

/* By the numbers of GROUP_COLUMNS, from 1. */
static void bind_group(sqlite3_stmt *stmt, const struct zalo_group *g)
{
	sqlite3_bind_int64(stmt, 1, g->id);
	bind_id(stmt, 2, g->place_id);
	bind_id(stmt, 3, g->party_id);
	bind_text(stmt, 4, zalo_group_state_text(g->state));
	bind_text(stmt, 5, g->asset_id);
	bind_text(stmt, 6, g->asset_type);
	bind_text(stmt, 7, g->want.name);
	bind_text(stmt, 8, g->want.description);
	bind_text(stmt, 9, g->want.avatar);
	bind_text(stmt, 10, g->avatar_kept);
	bind_switches(stmt, 11, &g->want);
	sqlite3_bind_int(stmt, 15, g->is_auto_accept);
	bind_text(stmt, 16, g->is.name);
	bind_text(stmt, 17, g->is.description);
	bind_text(stmt, 18, g->is.avatar);
	bind_text(stmt, 19, g->link);
	bind_switches(stmt, 20, &g->is);
	sqlite3_bind_int(stmt, 24, g->members);
	sqlite3_bind_int(stmt, 25, g->members_max);
	sqlite3_bind_int64(stmt, 26, g->expires_ms);
	sqlite3_bind_int(stmt, 27, g->is_renewed);
	sqlite3_bind_int64(stmt, 28, g->dissolves_ms);
	sqlite3_bind_int64(stmt, 29, g->warned_for_ms);
	sqlite3_bind_int(stmt, 30, g->warned_days);
	bind_text(stmt, 31, g->drift);
	sqlite3_bind_int64(stmt, 32, g->drift_ms);
	sqlite3_bind_int(stmt, 33, g->mends);
	sqlite3_bind_int64(stmt, 34, g->mends_day);
	sqlite3_bind_int64(stmt, 35, g->refused_ms);
	sqlite3_bind_int64(stmt, 36, g->checked_ms);
	sqlite3_bind_int64(stmt, 37, g->requests_ms);
	sqlite3_bind_int64(stmt, 38, g->members_ms);
	sqlite3_bind_int(stmt, 39, g->strangers);
	sqlite3_bind_int(stmt, 40, g->missing);
	sqlite3_bind_int(stmt, 41, g->unknown);
	sqlite3_bind_int64(stmt, 42, g->created_ms);
}

static void read_texts(sqlite3_stmt *stmt, struct zalo_group *g)
{
	char state[16];

	copy_column(stmt, 3, state, sizeof(state));
	g->state = state_of(state);
	copy_column(stmt, 4, g->asset_id, sizeof(g->asset_id));
	copy_column(stmt, 5, g->asset_type, sizeof(g->asset_type));
	copy_column(stmt, 6, g->want.name, sizeof(g->want.name));
	copy_column(stmt, 7, g->want.description, sizeof(g->want.description));
	copy_column(stmt, 8, g->want.avatar, sizeof(g->want.avatar));
	copy_column(stmt, 9, g->avatar_kept, sizeof(g->avatar_kept));
	copy_column(stmt, 15, g->is.name, sizeof(g->is.name));
	copy_column(stmt, 16, g->is.description, sizeof(g->is.description));
	copy_column(stmt, 17, g->is.avatar, sizeof(g->is.avatar));
	copy_column(stmt, 18, g->link, sizeof(g->link));
	copy_column(stmt, 30, g->drift, sizeof(g->drift));
}

static void read_group(sqlite3_stmt *stmt, struct zalo_group *g)
{
	*g = (struct zalo_group){.id = sqlite3_column_int64(stmt, 0),
		.place_id = sqlite3_column_int64(stmt, 1),
		.party_id = sqlite3_column_int64(stmt, 2),
		.is_auto_accept = sqlite3_column_int(stmt, 14),
		.members = sqlite3_column_int(stmt, 23),
		.members_max = sqlite3_column_int(stmt, 24),
		.expires_ms = sqlite3_column_int64(stmt, 25),
		.is_renewed = sqlite3_column_int(stmt, 26),
		.dissolves_ms = sqlite3_column_int64(stmt, 27),
		.warned_for_ms = sqlite3_column_int64(stmt, 28),
		.warned_days = sqlite3_column_int(stmt, 29),
		.drift_ms = sqlite3_column_int64(stmt, 31),
		.mends = sqlite3_column_int(stmt, 32),
		.mends_day = sqlite3_column_int64(stmt, 33),
		.refused_ms = sqlite3_column_int64(stmt, 34),
		.checked_ms = sqlite3_column_int64(stmt, 35),
		.requests_ms = sqlite3_column_int64(stmt, 36),
		.members_ms = sqlite3_column_int64(stmt, 37),
		.strangers = sqlite3_column_int(stmt, 38),
		.missing = sqlite3_column_int(stmt, 39),
		.unknown = sqlite3_column_int(stmt, 40),
		.created_ms = sqlite3_column_int64(stmt, 41)};
	read_texts(stmt, g);
	read_switches(stmt, 10, &g->want);
	read_switches(stmt, 19, &g->is);
}

enum err zalo_group_save(struct store *store, struct zalo_group *group)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_GROUP_SAVE);

	if (!group->id) {
		group->id = store_next_id(store, ID_ZALO_GROUP);
		group->created_ms = clock_wall_ms(store->clock);
	}
	bind_group(stmt, group);
	return stmt_write(store, stmt);
}

static enum err load_by(
	struct store *store, enum stmt_id which, int64_t id, struct zalo_group *ret_group)
{
	CLEAN_STMT *stmt = stmt_get(store, which);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		read_group(stmt, ret_group);
	return err;
}

enum err zalo_group_load(struct store *store, int64_t id, struct zalo_group *ret_group)
{
	return load_by(store, STMT_GROUP_LOAD, id, ret_group);
}

enum err zalo_group_of_party(struct store *store, int64_t party_id, struct zalo_group *ret_group)
{
	return load_by(store, STMT_GROUP_OF_PARTY, party_id, ret_group);
}

enum err zalo_group_of_place(struct store *store, int64_t place_id, struct zalo_group *ret_group)
{
	return load_by(store, STMT_GROUP_OF_PLACE, place_id, ret_group);
}

enum err zalo_group_next(struct store *store, int64_t after_id, struct zalo_group *ret_group)
{
	return load_by(store, STMT_GROUP_NEXT, after_id, ret_group);
}

enum err zalo_group_of_asset(
	struct store *store, const char *asset_id, struct zalo_group *ret_group)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_GROUP_OF_ASSET);
	enum err err;

	bind_text(stmt, 1, asset_id);
	err = stmt_row(store, stmt);
	if (!err)
		read_group(stmt, ret_group);
	return err;
}

enum err zalo_group_list(
	struct store *store, int64_t before_id, int limit, zalo_group_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_GROUP_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	while (!(err = stmt_row(store, stmt))) {
		struct zalo_group group;

		read_group(stmt, &group);
		fn(arg, &group);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* ---- assets ----------------------------------------------------------------------------------
 */

enum err zalo_asset_put(struct store *store, const struct zalo_asset *asset)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ASSET_PUT);

	bind_text(stmt, 1, asset->asset_id);
	bind_text(stmt, 2, asset->type);
	sqlite3_bind_int64(stmt, 3, asset->expires_ms);
	sqlite3_bind_int(stmt, 4, asset->is_renewed);
	sqlite3_bind_int(stmt, 5, asset->is_used);
	sqlite3_bind_int64(stmt, 6, asset->seen_ms);
	sqlite3_bind_int64(stmt, 7, asset->used_by);
	return stmt_write(store, stmt);
}

enum err zalo_asset_prune(struct store *store, int64_t before_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ASSET_PRUNE);

	sqlite3_bind_int64(stmt, 1, before_ms);
	/* Seen later than now: by a clock that was ahead. */
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err zalo_asset_list(struct store *store, zalo_asset_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ASSET_LIST);
	enum err err;

	while (!(err = stmt_row(store, stmt))) {
		struct zalo_asset asset = {.expires_ms = sqlite3_column_int64(stmt, 2),
			.is_renewed = sqlite3_column_int(stmt, 3),
			.is_used = sqlite3_column_int(stmt, 4),
			.seen_ms = sqlite3_column_int64(stmt, 5),
			.used_by = sqlite3_column_int64(stmt, 6)};

		copy_column(stmt, 0, asset.asset_id, sizeof(asset.asset_id));
		copy_column(stmt, 1, asset.type, sizeof(asset.type));
		fn(arg, &asset);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
