/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows one by one: planned, sent on their way, told of what became of their messages. */
#include "store/ledger_row.h"

#include "store/party.h"

static const char *const state_texts[] = {
#define X(name) [LEDGER_##name] = #name,
	LEDGER_STATE_TABLE(X)
#undef X
};

const char *ledger_state_text(enum ledger_state state)
{
	return state_texts[state];
}

void ledger_read_row(sqlite3_stmt *stmt, struct ledger_row *row)
{
	*row = (struct ledger_row){.delivery_id = sqlite3_column_int64(stmt, 0),
		.resident_id = sqlite3_column_int64(stmt, 1),
		.place_id = sqlite3_column_int64(stmt, 2),
		.group_id = sqlite3_column_int64(stmt, 3),
		.wave = sqlite3_column_int(stmt, 4),
		.state = ledger_read_state(stmt, 5),
		.step = sqlite3_column_int(stmt, 6),
		.steps = sqlite3_column_int(stmt, 7),
		.outbox_id = sqlite3_column_int64(stmt, 8),
		.at_ms = sqlite3_column_int64(stmt, 11),
		.confirmed_ms = sqlite3_column_int64(stmt, 12),
		.cost = sqlite3_column_int64(stmt, 13),
		.may_know = sqlite3_column_int(stmt, 14)};
	copy_column(stmt, 9, row->channel, sizeof(row->channel));
	copy_column(stmt, 10, row->reason, sizeof(row->reason));
}

enum ledger_state ledger_read_state(sqlite3_stmt *stmt, int column)
{
	return (enum ledger_state)text_index(state_texts, ARRAY_LEN(state_texts),
		(const char *)sqlite3_column_text(stmt, column));
}

static enum err set_way(struct store *store, int role, int known, const struct ledger_plan *plan)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_WAY_SET);

	sqlite3_bind_int(stmt, 1, role);
	sqlite3_bind_int(stmt, 2, known);
	sqlite3_bind_int(stmt, 3, plan->wave);
	bind_text(stmt, 4, state_texts[plan->steps ? LEDGER_WAITING : LEDGER_MISSED]);
	sqlite3_bind_int(stmt, 5, plan->step);
	sqlite3_bind_int(stmt, 6, plan->steps);
	bind_text(stmt, 7, plan->reason);
	return stmt_write(store, stmt);
}

static enum err set_ways(struct store *store, const struct ledger_start *start)
{
	enum err err = ERR_OK;

	for (int role = 0; role < LEDGER_ROLE_COUNT; role++) {
		for (int known = 0; !err && known < LEDGER_KNOWN_COUNT; known++)
			err = set_way(store, role, known, &start->plans[role][known]);
	}
	return err;
}

enum err ledger_fill(struct store *store, const struct ledger_start *start)
{
	CLEAN_STMT *stmt = NULL;
	enum err err = set_ways(store, start);

	if (err)
		return err;
	stmt = stmt_get(store, STMT_LEDGER_DRAWN);
	sqlite3_bind_int64(stmt, 1, start->delivery_id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	err = stmt_write(store, stmt);
	if (err || !start->corrects)
		return err;
	CLEAN_STMT *back = stmt_get(store, STMT_LEDGER_HELD_BACK);

	sqlite3_bind_int64(back, 1, start->delivery_id);
	sqlite3_bind_int64(back, 2, start->corrects);
	return stmt_write(store, back);
}

/* What is read with the row needs no statement of its own for each of a hundred thousand. */
static enum err read_writer(
	struct store *store, sqlite3_stmt *stmt, struct buf *user_id, struct ledger_ways *ways)
{
	enum err err;

	if (!sqlite3_column_bytes(stmt, 5))
		return ERR_OK;
	buf_wipe(user_id);
	err = vault_unseal(store->vault, "resident.zalo", ways->resident_id,
		sqlite3_column_blob(stmt, 5), (size_t)sqlite3_column_bytes(stmt, 5), user_id);
	/* One row that can't be opened does not keep the others from being told. */
	if (err)
		return err == ERR_NOMEM ? err : ERR_OK;
	vault_hash(store->vault, VAULT_HASH_PARTY, user_id->data, user_id->len, ways->writer);
	ways->has_writer = true;
	return ERR_OK;
}

static void read_ways(sqlite3_stmt *stmt, bool is_drawn, struct ledger_ways *ways)
{
	*ways = (struct ledger_ways){.resident_id = sqlite3_column_int64(stmt, 0),
		.wave = sqlite3_column_int(stmt, 1),
		.is_known = sqlite3_column_int(stmt, 2),
		.has_zalo = sqlite3_column_int(stmt, 3),
		.group_id = sqlite3_column_int64(stmt, 4)};
	if (!is_drawn)
		return;
	copy_column(stmt, 6, ways->bar, sizeof(ways->bar));
	ways->place_id = sqlite3_column_int64(stmt, 7);
}

static enum err ways_of(struct store *store, enum stmt_id which, int64_t delivery_id,
	int64_t after_id, struct ledger_ways *rows, int limit, int *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, which);
	CLEAN_BUF user_id = {0};
	enum err err = ERR_OK;
	int count = 0;

	buf_init(&user_id, PARTY_ADDRESS_MAX);
	sqlite3_bind_int64(stmt, 1, delivery_id);
	sqlite3_bind_int64(stmt, 2, after_id);
	sqlite3_bind_int(stmt, 3, limit);
	while (count < limit && !(err = stmt_row(store, stmt))) {
		read_ways(stmt, false, &rows[count]);
		err = read_writer(store, stmt, &user_id, &rows[count]);
		if (err)
			return err;
		count++;
	}
	buf_wipe(&user_id);
	*ret_count = count;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err ledger_unchecked(struct store *store, int64_t delivery_id, int64_t after_id,
	struct ledger_ways *rows, int limit, int *ret_count)
{
	return ways_of(store, STMT_LEDGER_UNCHECKED, delivery_id, after_id, rows, limit, ret_count);
}

enum err ledger_unplanned(
	struct store *store, int64_t delivery_id, int64_t resident_id, struct ledger_ways *ret_ways)
{
	int count = 0;
	enum err err = ways_of(
		store, STMT_LEDGER_UNPLANNED, delivery_id, resident_id - 1, ret_ways, 1, &count);

	if (err)
		return err;
	return count && ret_ways->resident_id == resident_id ? ERR_OK : ERR_NOT_FOUND;
}

enum err ledger_drawn(
	struct store *store, int64_t after_id, struct ledger_ways *rows, int limit, int *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DRAWN_WAYS);
	CLEAN_BUF user_id = {0};
	enum err err = ERR_OK;
	int count = 0;

	buf_init(&user_id, PARTY_ADDRESS_MAX);
	sqlite3_bind_int64(stmt, 1, after_id);
	sqlite3_bind_int(stmt, 2, limit);
	while (count < limit && !(err = stmt_row(store, stmt))) {
		read_ways(stmt, true, &rows[count]);
		err = read_writer(store, stmt, &user_id, &rows[count]);
		if (err)
			return err;
		count++;
	}
	buf_wipe(&user_id);
	*ret_count = count;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err ledger_plan(struct store *store, int64_t delivery_id, int64_t resident_id,
	const struct ledger_plan *plan)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEDGER_PLAN);

	sqlite3_bind_int64(stmt, 1, delivery_id);
	sqlite3_bind_int64(stmt, 2, resident_id);
	bind_id(stmt, 3, plan->group_id);
	sqlite3_bind_int(stmt, 4, plan->wave);
	bind_text(stmt, 5, state_texts[plan->steps ? LEDGER_WAITING : LEDGER_MISSED]);
	sqlite3_bind_int(stmt, 6, plan->step);
	sqlite3_bind_int(stmt, 7, plan->steps);
	bind_text(stmt, 8, plan->reason);
	sqlite3_bind_int64(stmt, 9, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err ledger_load(
	struct store *store, int64_t delivery_id, int64_t resident_id, struct ledger_row *ret_row)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEDGER_LOAD);
	enum err err;

	sqlite3_bind_int64(stmt, 1, delivery_id);
	sqlite3_bind_int64(stmt, 2, resident_id);
	err = stmt_row(store, stmt);
	if (!err)
		ledger_read_row(stmt, ret_row);
	return err;
}

enum err ledger_waiting(struct store *store, int64_t delivery_id, enum delivery_step step,
	struct ledger_row *rows, int limit, int *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEDGER_WAITING);
	enum err err = ERR_OK;
	int count = 0;

	sqlite3_bind_int64(stmt, 1, delivery_id);
	sqlite3_bind_int(stmt, 2, (int)step);
	sqlite3_bind_int(stmt, 3, limit);
	while (count < limit && !(err = stmt_row(store, stmt)))
		ledger_read_row(stmt, &rows[count++]);
	*ret_count = count;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err ledger_fly(
	struct store *store, const struct ledger_row *row, const struct ledger_flight *flight)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEDGER_FLY);

	sqlite3_bind_int64(stmt, 1, row->delivery_id);
	sqlite3_bind_int64(stmt, 2, row->resident_id);
	sqlite3_bind_int(stmt, 3, (int)flight->step);
	bind_text(stmt, 4, channel_kind_text(flight->channel));
	sqlite3_bind_int64(stmt, 5, flight->outbox_id);
	sqlite3_bind_int64(stmt, 6, flight->cost);
	sqlite3_bind_int64(stmt, 7, clock_wall_ms(store->clock));
	return stmt_write_one(store, stmt);
}

static enum err write_off(struct store *store, const struct ledger_row *row,
	enum ledger_state state, const char *reason)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEDGER_END);

	sqlite3_bind_int64(stmt, 1, row->delivery_id);
	sqlite3_bind_int64(stmt, 2, row->resident_id);
	bind_text(stmt, 3, state_texts[state]);
	bind_text(stmt, 4, reason);
	sqlite3_bind_int64(stmt, 5, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err ledger_miss(struct store *store, const struct ledger_row *row, const char *reason)
{
	return write_off(store, row, LEDGER_MISSED, reason);
}

enum err ledger_refuse(struct store *store, const struct ledger_row *row, const char *reason)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEDGER_REFUSE);

	sqlite3_bind_int64(stmt, 1, row->delivery_id);
	sqlite3_bind_int64(stmt, 2, row->resident_id);
	bind_text(stmt, 3, reason);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err ledger_is_refused(struct store *store, int64_t outbox_id, bool *ret_is)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEDGER_IS_REFUSED);
	enum err err;

	sqlite3_bind_int64(stmt, 1, outbox_id);
	err = stmt_row(store, stmt);
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_is = !err;
	return ERR_OK;
}

/* ---- what becomes of a message ---------------------------------------------------------------
 */

/* A message that never left is not paid for. */
static enum err refund(struct store *store, int64_t outbox_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEDGER_COST);
	int64_t cost, at_ms;
	enum err err;

	sqlite3_bind_int64(stmt, 1, outbox_id);
	err = stmt_row(store, stmt);
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	cost = sqlite3_column_int64(stmt, 0);
	at_ms = sqlite3_column_int64(stmt, 1);
	if (!cost)
		return ERR_OK;
	return spending_add(store, clock_local_month(at_ms), -cost);
}

static enum err run(struct store *store, enum stmt_id which, int64_t outbox_id, const char *third,
	const char *fourth)
{
	CLEAN_STMT *stmt = stmt_get(store, which);

	sqlite3_bind_int64(stmt, 1, outbox_id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	if (third)
		bind_text(stmt, 3, third);
	if (fourth)
		bind_text(stmt, 4, fourth);
	return stmt_write(store, stmt);
}

static enum err failed(struct store *store, int64_t outbox_id, enum err why)
{
	enum err err;

	/* It may have been read: nothing is said twice. */
	if (why == ERR_IN_DOUBT)
		return run(store, STMT_LEDGER_GIVEN_UP, outbox_id, err_name(why),
			state_texts[LEDGER_MISSED]);
	err = refund(store, outbox_id);
	return err ? err : run(store, STMT_LEDGER_FAILED, outbox_id, err_name(why), NULL);
}

enum err ledger_moved(struct store *store, const struct outbox_row *row,
	const struct outbox_move *move, bool is_final)
{
	enum err err;

	switch (move->to) {
	case OUTBOX_SENT:
	case OUTBOX_DELIVERED:
		return run(store, STMT_LEDGER_SENT, row->id,
			state_texts[is_final ? LEDGER_REACHED : LEDGER_SENT], NULL);
	case OUTBOX_IN_DOUBT:
		return run(store, STMT_LEDGER_DOUBT, row->id, NULL, NULL);
	case OUTBOX_QUEUED:
		return run(store, STMT_LEDGER_FLY_AGAIN, row->id, NULL, NULL);
	case OUTBOX_FAILED:
		return failed(store, row->id, move->error);
	case OUTBOX_EXPIRED:
		err = refund(store, row->id);
		return err ? err : run(store, STMT_LEDGER_EXPIRED, row->id, NULL, NULL);
	case OUTBOX_CANCELLED:
		err = refund(store, row->id);
		return err ? err : run(store, STMT_LEDGER_BACK, row->id, NULL, NULL);
	case OUTBOX_CLAIMED:
	case OUTBOX_SUBMITTED:
		break;
	}
	return ERR_OK;
}
