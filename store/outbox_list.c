/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking at the outbox: lists, counts, and when something has to be done next. */
#include "store/outbox_row.h"
#include "store/sms_use.h"

enum err outbox_list(struct store *store, int64_t before_id, int limit, outbox_row_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	while (!(err = stmt_row(store, stmt))) {
		struct outbox_row row;

		outbox_read_row(stmt, &row);
		fn(arg, &row);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err outbox_count(struct store *store, enum outbox_state state, int64_t *ret_count)
{
	return stmt_count(store, STMT_OUTBOX_COUNT, outbox_state_text(state), ret_count);
}

enum err outbox_doubt_count(struct store *store, const char *via, int64_t *ret_count)
{
	return stmt_count(store, STMT_OUTBOX_DOUBT_OF, via, ret_count);
}

enum err outbox_repeated(struct store *store, int64_t id, int64_t *ret_repeat_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_REPEATED);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_int64(store, stmt, ret_repeat_id);
}

enum err outbox_stay_in_doubt(struct store *store, int64_t id, int64_t deadline_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_STAY);
	struct outbox_row row;
	enum err err = outbox_load(store, id, &row);

	if (err)
		return err;
	if (row.state != OUTBOX_IN_DOUBT)
		return ERR_STATE;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, deadline_ms);
	return stmt_write(store, stmt);
}

enum err outbox_doubt_because(struct store *store, int64_t id, enum err why)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_DOUBT_WHY);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, err_name(why));
	return stmt_write(store, stmt);
}

enum err outbox_lane_due(
	struct store *store, enum channel_kind channel, enum lane lane, int64_t *ret_due_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_LANE_DUE);

	bind_text(stmt, 1, channel_kind_text(channel));
	sqlite3_bind_int(stmt, 2, (int)lane);
	return stmt_time(store, stmt, ret_due_ms);
}

enum err outbox_waiting(struct store *store, enum channel_kind channel, enum lane lane,
	struct outbox_waiting *ret_waiting)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_WAITING);
	enum err err;

	bind_text(stmt, 1, channel_kind_text(channel));
	sqlite3_bind_int(stmt, 2, (int)lane);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_waiting = (struct outbox_waiting){sqlite3_column_int64(stmt, 0),
		sqlite3_column_int64(stmt, 1), sqlite3_column_int64(stmt, 2)};
	return ERR_OK;
}

enum err outbox_next_deadline(struct store *store, int64_t *ret_deadline_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_NEXT_DEADLINE);

	return stmt_time(store, stmt, ret_deadline_ms);
}

enum err outbox_waiting_for(struct store *store, int64_t party_id, enum lane lane, bool has_answers,
	struct outbox_row *ret_row)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_WAITING_FOR);
	enum err err;

	sqlite3_bind_int64(stmt, 1, party_id);
	sqlite3_bind_int(stmt, 2, (int)lane);
	sqlite3_bind_int(stmt, 3, has_answers);
	err = stmt_row(store, stmt);
	if (!err)
		outbox_read_row(stmt, ret_row);
	return err;
}

enum err outbox_overdue(struct store *store, int64_t now_ms, struct outbox_row *ret_row)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_OVERDUE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, now_ms);
	err = stmt_row(store, stmt);
	if (!err)
		outbox_read_row(stmt, ret_row);
	return err;
}

enum err outbox_row_after(struct store *store, enum stmt_id stmt_id, enum channel_kind channel,
	int64_t after_id, struct outbox_row *ret_row)
{
	CLEAN_STMT *stmt = stmt_get(store, stmt_id);
	enum err err;

	bind_text(stmt, 1, channel_kind_text(channel));
	sqlite3_bind_int64(stmt, 2, after_id);
	err = stmt_row(store, stmt);
	if (!err)
		outbox_read_row(stmt, ret_row);
	return err;
}

/* Row by row, so that fn may move what it is given. */
enum err outbox_in_doubt(
	struct store *store, enum channel_kind channel, int limit, outbox_row_fn fn, void *arg)
{
	struct outbox_row row = {0};
	enum err err = ERR_OK;

	for (int i = 0; i < limit; i++) {
		err = outbox_row_after(store, STMT_OUTBOX_DOUBT, channel, row.id, &row);
		if (err)
			break;
		fn(arg, &row);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err first_lost(struct store *store, struct outbox_row *ret_row)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_LOST);
	enum err err = stmt_row(store, stmt);

	if (!err)
		outbox_read_row(stmt, ret_row);
	return err;
}

enum err outbox_recover(struct store *store, int64_t *ret_count)
{
	struct outbox_row row;
	int64_t count = 0;
	enum err err;

	while (!(err = first_lost(store, &row))) {
		err = outbox_move(store, row.id,
			&(struct outbox_move){.to = OUTBOX_IN_DOUBT,
				.error = ERR_IN_DOUBT,
				.deadline_ms = clock_wall_ms(store->clock) +
					       outbox_doubt_ms(row.kind)});
		if (err)
			return err;
		count++;
	}
	if (err != ERR_NOT_FOUND)
		return err;
	err = sms_use_recover(store);
	/* The caps may be others than they were. */
	if (!err)
		err = outbox_unhold(store, ERR_RATE);
	if (!err)
		*ret_count = count;
	return err;
}

static enum err next_standing_by(
	struct store *store, enum channel_kind channel, int64_t now_ms, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_STANDING_BY);

	bind_text(stmt, 1, channel_kind_text(channel));
	sqlite3_bind_int64(stmt, 2, now_ms);
	return stmt_int64(store, stmt, ret_id);
}

static enum err due_now(struct store *store, int64_t id, int64_t now_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_OUTBOX_DUE_NOW);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, now_ms);
	return stmt_write(store, stmt);
}

enum err outbox_release_standby(struct store *store, enum channel_kind channel, int64_t now_ms)
{
	int64_t id = 0;
	enum err err;

	while (!(err = next_standing_by(store, channel, now_ms, &id))) {
		err = due_now(store, id, now_ms);
		if (err)
			return err;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
