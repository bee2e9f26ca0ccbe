/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/report_clock.h"
#include "store/internal.h"

static const char *const state_texts[] = {
#define X(name) #name,
	CLOCK_STATE_TABLE(X)
#undef X
};

/* What each state may become; a state may always be saved again as it is. */
static const bool allowed[CLOCK_STATES][CLOCK_STATES] = {
	[CLOCK_STATE_RUNNING] = {true, true, true, true, true},
	[CLOCK_STATE_FROZEN] = {true, true, true, true, true},
	[CLOCK_STATE_MET] = {[CLOCK_STATE_MET] = true},
	[CLOCK_STATE_LATE] = {[CLOCK_STATE_LATE] = true},
	[CLOCK_STATE_ENDED] = {[CLOCK_STATE_ENDED] = true},
};

const char *clock_state_text(enum clock_state state)
{
	return state_texts[state];
}

/* ?1 to ?12 of both statements. */
static void bind_changing(sqlite3_stmt *stmt, const struct report_clock *c)
{
	bind_text(stmt, 1, state_texts[c->state]);
	sqlite3_bind_int64(stmt, 2, c->started_ms);
	sqlite3_bind_int64(stmt, 3, c->due_ms);
	bind_id(stmt, 4, c->warn_ms);
	sqlite3_bind_int(stmt, 5, c->stage);
	sqlite3_bind_int(stmt, 6, c->is_told);
	bind_text(stmt, 7, c->certainty);
	sqlite3_bind_int64(stmt, 8, c->frozen_ms);
	sqlite3_bind_int64(stmt, 9, c->ended_ms);
	bind_text(stmt, 10, c->ended_by);
	bind_id(stmt, 11, c->outbox_id);
	sqlite3_bind_int64(stmt, 12, c->id);
}

enum err report_clock_add(struct store *store, const struct report_clock *in, int64_t *ret_id)
{
	struct report_clock c = *in;
	CLEAN_STMT *stmt = stmt_get(store, STMT_CLOCK_ADD);
	enum err err;

	c.id = store_next_id(store, ID_REPORT_CLOCK);
	bind_changing(stmt, &c);
	sqlite3_bind_int64(stmt, 13, c.report_id);
	bind_id(stmt, 14, c.class_id);
	sqlite3_bind_int64(stmt, 15, c.regime_id);
	bind_text(stmt, 16, c.code);
	bind_text(stmt, 17, c.moment);
	sqlite3_bind_int(stmt, 18, c.is_watched);
	sqlite3_bind_int(stmt, 19, c.is_days);
	err = stmt_write(store, stmt);
	if (!err)
		*ret_id = c.id;
	return err;
}

enum err report_clock_save(struct store *store, const struct report_clock *clock)
{
	struct report_clock before;
	enum err err = report_clock_load(store, clock->id, &before);

	if (err)
		return err;
	if (!allowed[before.state][clock->state])
		return ERR_STATE;
	CLEAN_STMT *stmt = stmt_get(store, STMT_CLOCK_SAVE);

	bind_changing(stmt, clock);
	err = stmt_write_one(store, stmt);
	if (!err && before.state != clock->state)
		log_info("clock", "id=%lld report=%lld code=%s from=%s to=%s", (long long)clock->id,
			(long long)clock->report_id, before.code, state_texts[before.state],
			state_texts[clock->state]);
	return err;
}

static void read_clock(sqlite3_stmt *stmt, struct report_clock *c)
{
	*c = (struct report_clock){.id = sqlite3_column_int64(stmt, 0),
		.report_id = sqlite3_column_int64(stmt, 1),
		.class_id = sqlite3_column_int64(stmt, 2),
		.regime_id = sqlite3_column_int64(stmt, 3),
		.started_ms = sqlite3_column_int64(stmt, 7),
		.due_ms = sqlite3_column_int64(stmt, 8),
		.warn_ms = sqlite3_column_int64(stmt, 9),
		.stage = sqlite3_column_int(stmt, 10),
		.is_told = sqlite3_column_int(stmt, 11),
		.is_watched = sqlite3_column_int(stmt, 12),
		.is_days = sqlite3_column_int(stmt, 13),
		.frozen_ms = sqlite3_column_int64(stmt, 15),
		.ended_ms = sqlite3_column_int64(stmt, 16),
		.outbox_id = sqlite3_column_int64(stmt, 18)};
	copy_column(stmt, 4, c->code, sizeof(c->code));
	c->state = (enum clock_state)text_index(
		state_texts, CLOCK_STATES, (const char *)sqlite3_column_text(stmt, 5));
	copy_column(stmt, 6, c->moment, sizeof(c->moment));
	copy_column(stmt, 14, c->certainty, sizeof(c->certainty));
	copy_column(stmt, 17, c->ended_by, sizeof(c->ended_by));
}

enum err report_clock_load(struct store *store, int64_t id, struct report_clock *ret_clock)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CLOCK_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, id);
	err = stmt_row(store, stmt);
	if (!err)
		read_clock(stmt, ret_clock);
	return err;
}

static enum err give_all(struct store *store, sqlite3_stmt *stmt, report_clock_fn fn, void *arg)
{
	enum err err;

	while (!(err = stmt_row(store, stmt))) {
		struct report_clock clock;

		read_clock(stmt, &clock);
		fn(arg, &clock);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err report_clock_of(struct store *store, int64_t report_id, report_clock_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CLOCK_OF);

	sqlite3_bind_int64(stmt, 1, report_id);
	return give_all(store, stmt, fn, arg);
}

static enum err due(struct store *store, enum stmt_id id, int64_t now_ms, bool is_open, int limit,
	report_clock_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, id);

	sqlite3_bind_int64(stmt, 1, now_ms);
	sqlite3_bind_int(stmt, 2, is_open);
	sqlite3_bind_int(stmt, 3, limit);
	return give_all(store, stmt, fn, arg);
}

enum err report_clock_late(
	struct store *store, int64_t now_ms, bool is_open, int limit, report_clock_fn fn, void *arg)
{
	return due(store, STMT_CLOCK_LATE, now_ms, is_open, limit, fn, arg);
}

enum err report_clock_warn(
	struct store *store, int64_t now_ms, bool is_open, int limit, report_clock_fn fn, void *arg)
{
	return due(store, STMT_CLOCK_WARN, now_ms, is_open, limit, fn, arg);
}

enum err report_clock_until(struct store *store, int64_t until_ms, int64_t after_id, int limit,
	report_clock_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CLOCK_UNTIL);

	sqlite3_bind_int64(stmt, 1, until_ms);
	sqlite3_bind_int(stmt, 2, limit);
	sqlite3_bind_int64(stmt, 3, after_id);
	return give_all(store, stmt, fn, arg);
}

enum err report_clock_noticed(
	struct store *store, struct report_clock *ret_clock, int64_t *ret_sent_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CLOCK_NOTICED);
	enum err err = stmt_row(store, stmt);

	if (err)
		return err;
	read_clock(stmt, ret_clock);
	*ret_sent_ms = sqlite3_column_int64(stmt, 19);
	return ERR_OK;
}

enum err clock_change_add(struct store *store, const struct clock_change *change)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CHANGE_ADD);

	sqlite3_bind_int64(stmt, 1, change->clock_id);
	bind_text(stmt, 2, change->kind);
	sqlite3_bind_int64(stmt, 3, change->at_ms);
	sqlite3_bind_int64(stmt, 4, change->was_ms);
	sqlite3_bind_int64(stmt, 5, change->due_ms);
	bind_text(stmt, 6, change->code);
	bind_text(stmt, 7, change->actor);
	bind_id(stmt, 8, change->note_id);
	return stmt_write(store, stmt);
}

enum err clock_change_list(struct store *store, int64_t clock_id, clock_change_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CHANGE_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, clock_id);
	while (!(err = stmt_row(store, stmt))) {
		fn(arg, &(struct clock_change){.clock_id = clock_id,
				.kind = (const char *)sqlite3_column_text(stmt, 0),
				.at_ms = sqlite3_column_int64(stmt, 1),
				.was_ms = sqlite3_column_int64(stmt, 2),
				.due_ms = sqlite3_column_int64(stmt, 3),
				.code = (const char *)sqlite3_column_text(stmt, 4),
				.actor = (const char *)sqlite3_column_text(stmt, 5),
				.note_id = sqlite3_column_int64(stmt, 6)});
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err report_clock_tally(struct store *store, const struct clock_period *period,
	int64_t holder_id, clock_tally_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_CLOCK_TALLY);
	enum err err;

	sqlite3_bind_int64(stmt, 1, period->from_ms);
	sqlite3_bind_int64(stmt, 2, period->to_ms);
	sqlite3_bind_int64(stmt, 3, period->now_ms);
	sqlite3_bind_int64(stmt, 4, holder_id);
	while (!(err = stmt_row(store, stmt))) {
		fn(arg, &(struct clock_tally){.class = (const char *)sqlite3_column_text(stmt, 0),
				.code = (const char *)sqlite3_column_text(stmt, 1),
				.hamlet = (const char *)sqlite3_column_text(stmt, 2),
				.met = sqlite3_column_int64(stmt, 3),
				.late = sqlite3_column_int64(stmt, 4),
				.running = sqlite3_column_int64(stmt, 5)});
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
