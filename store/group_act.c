/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/group_act.h"

#include "store/internal.h"

#include <inttypes.h>

static const char *const kind_texts[] = {
#define X(name, text) [GROUP_ACT_##name] = ERR_WORD(text),
	GROUP_ACT_KIND_TABLE(X)
#undef X
};

static const char *const state_texts[] = {
#define X(name) [GROUP_ACT_STATE_##name] = #name,
	GROUP_ACT_STATE_TABLE(X)
#undef X
};

#define TO(name) (1u << GROUP_ACT_STATE_##name)
static const unsigned allowed[] = {
	[GROUP_ACT_STATE_QUEUED] = TO(QUEUED) | TO(CLAIMED) | TO(FAILED) | TO(CANCELLED) | TO(DONE),
	[GROUP_ACT_STATE_CLAIMED] = TO(QUEUED) | TO(IN_DOUBT) | TO(DONE) | TO(FAILED),
	[GROUP_ACT_STATE_IN_DOUBT] = TO(QUEUED) | TO(IN_DOUBT) | TO(DONE) | TO(FAILED),
	[GROUP_ACT_STATE_DONE] = 0,
	[GROUP_ACT_STATE_FAILED] = 0,
	[GROUP_ACT_STATE_CANCELLED] = 0,
};

const char *group_act_kind_text(enum group_act_kind kind)
{
	return kind_texts[kind];
}

const char *group_act_state_text(enum group_act_state state)
{
	return state_texts[state];
}

bool group_act_is_final(enum group_act_state state)
{
	return !allowed[state];
}

static enum err err_of(const char *name)
{
	static const char *const names[] = {
#define X(name, cls, vi, en) #name,
		ERR_TABLE(X)
#undef X
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_eq(names[i], name))
			return (enum err)i;
	}
	return ERR_BUG;
}

static void read_act(sqlite3_stmt *stmt, struct group_act *act)
{
	char word[24];

	*act = (struct group_act){.id = sqlite3_column_int64(stmt, 0),
		.group_id = sqlite3_column_int64(stmt, 1),
		.person_id = sqlite3_column_int64(stmt, 5),
		.step = sqlite3_column_int(stmt, 7),
		.created_ms = sqlite3_column_int64(stmt, 9),
		.due_ms = sqlite3_column_int64(stmt, 10),
		.deadline_ms = sqlite3_column_int64(stmt, 11),
		.claimed_ms = sqlite3_column_int64(stmt, 12),
		.final_ms = sqlite3_column_int64(stmt, 13),
		.attempts = sqlite3_column_int(stmt, 14),
		.was_in_doubt = sqlite3_column_int(stmt, 15),
		.code = sqlite3_column_int(stmt, 17)};
	copy_column(stmt, 2, word, sizeof(word));
	for (int i = 0; i < GROUP_ACT_KIND_COUNT; i++) {
		if (str_eq(kind_texts[i], word))
			act->kind = (enum group_act_kind)i;
	}
	copy_column(stmt, 3, word, sizeof(word));
	for (int i = 0; i < GROUP_ACT_STATE_COUNT; i++) {
		if (str_eq(state_texts[i], word))
			act->state = (enum group_act_state)i;
	}
	copy_column(stmt, 6, act->asset_id, sizeof(act->asset_id));
	copy_column(stmt, 8, act->actor, sizeof(act->actor));
	copy_column(stmt, 16, word, sizeof(word));
	act->error = err_of(word);
}

enum err group_act_add(struct store *store, const struct group_act_new *in, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ACT_ADD);
	int64_t id = store_next_id(store, ID_GROUP_ACT), now_ms = clock_wall_ms(store->clock);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, in->group_id);
	bind_text(stmt, 3, group_act_kind_text(in->kind));
	bind_id(stmt, 4, in->person_id);
	bind_text(stmt, 5, in->asset_id ? in->asset_id : "");
	bind_text(stmt, 6, in->actor);
	sqlite3_bind_int64(stmt, 7, now_ms);
	sqlite3_bind_int64(stmt, 8, in->due_ms);
	sqlite3_bind_int64(stmt, 9, now_ms + GROUP_ACT_LIFE_MS);
	err = stmt_write(store, stmt);
	if (err)
		return err;
	log_info("group_act", "id=%" PRId64 " group=%" PRId64 " kind=%s to=QUEUED", id,
		in->group_id, group_act_kind_text(in->kind));
	*ret_id = id;
	return ERR_OK;
}

enum err group_act_load(struct store *store, int64_t id, struct group_act *ret_act)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ACT_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		read_act(stmt, ret_act);
	return err;
}

static enum err save(struct store *store, const struct group_act *act)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ACT_SAVE);

	sqlite3_bind_int64(stmt, 1, act->id);
	bind_text(stmt, 2, group_act_state_text(act->state));
	sqlite3_bind_int(stmt, 3, group_act_is_final(act->state));
	sqlite3_bind_int(stmt, 4, act->step);
	sqlite3_bind_int64(stmt, 5, act->due_ms);
	sqlite3_bind_int64(stmt, 6, act->deadline_ms);
	sqlite3_bind_int64(stmt, 7, act->claimed_ms);
	sqlite3_bind_int64(stmt, 8, act->final_ms);
	sqlite3_bind_int(stmt, 9, act->attempts);
	sqlite3_bind_int(stmt, 10, act->was_in_doubt);
	bind_text(stmt, 11, err_name(act->error));
	sqlite3_bind_int(stmt, 12, act->code);
	return stmt_write(store, stmt);
}

/* What was decided must fit what the row is now: somebody else may have moved it. */
static enum err check_move(
	struct store *store, const struct group_act *act, enum group_act_state to)
{
	struct group_act now;
	enum err err = group_act_load(store, act->id, &now);

	if (err)
		return err;
	return now.state == act->state && (allowed[now.state] & (1u << to)) ? ERR_OK : ERR_STATE;
}

/* The rest of its life, by a clock that may have been set since it was ordered. */
static int64_t again_until(const struct group_act *act, int64_t now_ms)
{
	int64_t end_ms = act->created_ms + GROUP_ACT_LIFE_MS;

	if (end_ms > now_ms + GROUP_ACT_LIFE_MS)
		end_ms = now_ms + GROUP_ACT_LIFE_MS;
	return end_ms < now_ms + DAY_MS ? now_ms + DAY_MS : end_ms;
}

enum err group_act_move(
	struct store *store, struct group_act *act, enum group_act_state to, int64_t due_ms)
{
	int64_t now_ms = clock_wall_ms(store->clock);
	enum group_act_state from = act->state;
	struct group_act next = *act;
	enum err err = check_move(store, act, to);

	if (err)
		return err;
	next.state = to;
	next.due_ms = due_ms;
	if (to == GROUP_ACT_STATE_CLAIMED) {
		next.claimed_ms = now_ms;
		next.attempts++;
	} else if (to == GROUP_ACT_STATE_IN_DOUBT && from != GROUP_ACT_STATE_IN_DOUBT) {
		next.was_in_doubt = true;
		next.deadline_ms = now_ms + GROUP_ACT_DOUBT_MS;
	} else if (to == GROUP_ACT_STATE_QUEUED && from == GROUP_ACT_STATE_IN_DOUBT) {
		next.deadline_ms = again_until(&next, now_ms);
	} else if (group_act_is_final(to)) {
		next.final_ms = now_ms;
	}
	err = save(store, &next);
	if (err)
		return err;
	*act = next;
	if (from != to)
		log_info("group_act",
			"id=%" PRId64 " group=%" PRId64 " kind=%s from=%s to=%s error=%s code=%d",
			act->id, act->group_id, group_act_kind_text(act->kind), state_texts[from],
			state_texts[to], err_name(act->error), act->code);
	return ERR_OK;
}

enum err group_act_claim(struct store *store, struct group_act *act)
{
	return group_act_move(store, act, GROUP_ACT_STATE_CLAIMED, act->due_ms);
}

static enum err one(struct store *store, sqlite3_stmt *stmt, struct group_act *ret_act)
{
	enum err err = stmt_row(store, stmt);

	if (!err)
		read_act(stmt, ret_act);
	return err;
}

enum err group_act_due(
	struct store *store, enum group_act_state state, int64_t now_ms, struct group_act *ret_act)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ACT_DUE);

	bind_text(stmt, 1, group_act_state_text(state));
	sqlite3_bind_int64(stmt, 2, now_ms);
	return one(store, stmt, ret_act);
}

enum err group_act_next_ms(struct store *store, enum group_act_state state, int64_t *ret_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ACT_NEXT);

	bind_text(stmt, 1, group_act_state_text(state));
	return stmt_time(store, stmt, ret_ms);
}

enum err group_act_overdue(struct store *store, int64_t now_ms, struct group_act *ret_act)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ACT_OVERDUE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, now_ms);
	err = one(store, stmt, ret_act);
	if (!err)
		ret_act->error = ret_act->state == GROUP_ACT_STATE_IN_DOUBT ? ERR_IN_DOUBT
									    : ERR_EXPIRED;
	return err;
}

static enum err lost(struct store *store, struct group_act *ret_act)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ACT_LOST);

	return one(store, stmt, ret_act);
}

enum err group_act_recover(struct store *store, int64_t *ret_count)
{
	struct group_act act;
	int64_t count = 0;
	enum err err;

	while (!(err = lost(store, &act))) {
		act.error = ERR_IN_DOUBT;
		err = group_act_move(
			store, &act, GROUP_ACT_STATE_IN_DOUBT, clock_wall_ms(store->clock));
		if (err)
			return err;
		count++;
	}
	if (err != ERR_NOT_FOUND)
		return err;
	*ret_count = count;
	return ERR_OK;
}

enum err group_act_open(struct store *store, int64_t group_id, int kind, int64_t person_id,
	struct group_act *ret_act)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ACT_OPEN);

	sqlite3_bind_int64(stmt, 1, group_id);
	if (kind >= 0)
		bind_text(stmt, 2, group_act_kind_text((enum group_act_kind)kind));
	bind_id(stmt, 3, person_id);
	return one(store, stmt, ret_act);
}

enum err group_act_list(struct store *store, int64_t group_id, int64_t before_id, int limit,
	group_act_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ACT_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, group_id);
	sqlite3_bind_int64(stmt, 2, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 3, limit);
	while (!(err = stmt_row(store, stmt))) {
		struct group_act act;

		read_act(stmt, &act);
		fn(arg, &act);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err group_act_count(struct store *store, enum group_act_state state, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ACT_COUNT);

	bind_text(stmt, 1, group_act_state_text(state));
	return stmt_int64(store, stmt, ret_count);
}

enum err group_act_failed_since(struct store *store, int64_t since_ms, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ACT_FAILED);

	sqlite3_bind_int64(stmt, 1, since_ms);
	return stmt_int64(store, stmt, ret_count);
}
