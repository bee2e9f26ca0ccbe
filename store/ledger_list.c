/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a delivery together: groups, heads, what is written off, counts and lists. */
#include "store/ledger_row.h"

static sqlite3_stmt *of_two(struct store *store, enum stmt_id which, int64_t first, int64_t second)
{
	sqlite3_stmt *stmt = stmt_get(store, which);

	sqlite3_bind_int64(stmt, 1, first);
	sqlite3_bind_int64(stmt, 2, second);
	return stmt;
}

enum err ledger_group_next(
	struct store *store, int64_t delivery_id, int64_t after_id, int64_t *ret_group_id)
{
	CLEAN_STMT *stmt = of_two(store, STMT_LEDGER_GROUP_NEXT, delivery_id, after_id);

	return stmt_int64(store, stmt, ret_group_id);
}

enum err ledger_group_party(
	struct store *store, int64_t delivery_id, int64_t group_id, int64_t *ret_party_id)
{
	CLEAN_STMT *others = of_two(store, STMT_LEDGER_COVERS, delivery_id, group_id);
	enum err err = stmt_row(store, others);

	if (err != ERR_NOT_FOUND)
		return err ? err : ERR_NOT_FOUND;
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEDGER_GROUP_PARTY);

	sqlite3_bind_int64(stmt, 1, group_id);
	return stmt_int64(store, stmt, ret_party_id);
}

enum err ledger_group_fly(
	struct store *store, int64_t delivery_id, int64_t group_id, int64_t outbox_id)
{
	CLEAN_STMT *stmt = of_two(store, STMT_LEDGER_GROUP_FLY, delivery_id, group_id);

	sqlite3_bind_int64(stmt, 3, outbox_id);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err ledger_group_skip(struct store *store, int64_t delivery_id, int64_t group_id)
{
	CLEAN_STMT *stmt = of_two(store, STMT_LEDGER_GROUP_SKIP, delivery_id, group_id);

	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

static enum err pending_next(struct store *store, const struct delivery *delivery,
	int64_t *ret_resident_id, enum ledger_state *ret_state)
{
	CLEAN_STMT *stmt = of_two(store, STMT_LEDGER_PENDING, delivery->id, delivery->corrects);
	enum err err = stmt_row(store, stmt);

	if (err)
		return err;
	*ret_resident_id = sqlite3_column_int64(stmt, 0);
	*ret_state = ledger_read_state(stmt, 1);
	return ERR_OK;
}

/* He was reached: like the others, a way is looked for. He was not: the correction would tell him
 * of something that he never heard. */
enum err ledger_pending_next(struct store *store, const struct delivery *delivery,
	int64_t *ret_resident_id, bool *ret_is_told)
{
	enum ledger_state state = LEDGER_NEW;
	int64_t resident_id = 0;
	enum err err = pending_next(store, delivery, &resident_id, &state);
	bool is_told = state == LEDGER_DOUBT || state == LEDGER_SENT || state == LEDGER_REACHED;

	if (err)
		return err;
	CLEAN_STMT *stmt = of_two(store, STMT_LEDGER_PENDING_SET, delivery->id, resident_id);

	bind_text(stmt, 3, ledger_state_text(is_told ? LEDGER_NEW : LEDGER_SKIPPED));
	bind_text(stmt, 4, is_told ? "" : "NOT_REACHED");
	sqlite3_bind_int64(stmt, 5, clock_wall_ms(store->clock));
	err = stmt_write(store, stmt);
	if (err)
		return err;
	*ret_resident_id = resident_id;
	*ret_is_told = is_told;
	return ERR_OK;
}

enum err ledger_text_doubted(struct store *store, int64_t delivery_id, int64_t before_ms)
{
	CLEAN_STMT *stmt = of_two(store, STMT_LEDGER_DOUBTED, delivery_id, before_ms);

	return stmt_write(store, stmt);
}

enum err ledger_oldest_doubt(struct store *store, int64_t delivery_id, int64_t *ret_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEDGER_DOUBT_NEXT);

	sqlite3_bind_int64(stmt, 1, delivery_id);
	return stmt_time(store, stmt, ret_ms);
}

/* The resident up to whom it is written off in this turn; the highest number there is when fewer
 * are left. */
static enum err sweep_end(
	struct store *store, const struct delivery *delivery, int limit, int64_t *ret_end)
{
	CLEAN_STMT *stmt = of_two(store, STMT_LEDGER_NTH, delivery->id, delivery->swept_to);

	sqlite3_bind_int(stmt, 3, limit - 1);
	*ret_end = INT64_MAX;
	enum err err = stmt_int64(store, stmt, ret_end);

	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err ledger_sweep(struct store *store, struct delivery *delivery, enum ledger_state to,
	const char *reason, int limit)
{
	int64_t end = INT64_MAX;
	enum err err = sweep_end(store, delivery, limit, &end);

	if (err)
		return err;
	CLEAN_STMT *stmt = of_two(store, STMT_LEDGER_SWEEP, delivery->id, delivery->swept_to);

	sqlite3_bind_int64(stmt, 3, end);
	bind_text(stmt, 4, ledger_state_text(to));
	bind_text(stmt, 5, reason);
	sqlite3_bind_int64(stmt, 6, clock_wall_ms(store->clock));
	err = stmt_write(store, stmt);
	if (err)
		return err;
	delivery->swept_to = end;
	CLEAN_STMT *swept = of_two(store, STMT_DELIVERY_SWEPT, delivery->id, end);

	return stmt_write(store, swept);
}

static enum err is_any(struct store *store, enum stmt_id which, int64_t delivery_id, bool *ret_is)
{
	CLEAN_STMT *stmt = stmt_get(store, which);
	enum err err;

	sqlite3_bind_int64(stmt, 1, delivery_id);
	err = stmt_row(store, stmt);
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_is = !err;
	return ERR_OK;
}

enum err ledger_is_busy(struct store *store, int64_t delivery_id, bool *ret_waits, bool *ret_flies)
{
	enum err err = is_any(store, STMT_LEDGER_IS_WAITING, delivery_id, ret_waits);

	return err ? err : is_any(store, STMT_LEDGER_IS_FLYING, delivery_id, ret_flies);
}

enum err ledger_is_pending(struct store *store, int64_t delivery_id, bool *ret_is)
{
	return is_any(store, STMT_LEDGER_IS_PENDING, delivery_id, ret_is);
}

enum err ledger_confirm(struct store *store, int64_t delivery_id, int64_t resident_id)
{
	CLEAN_STMT *stmt = of_two(store, STMT_LEDGER_CONFIRM, delivery_id, resident_id);

	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	return stmt_write_one(store, stmt);
}

enum err ledger_head_next(
	struct store *store, int64_t delivery_id, int64_t after_id, struct ledger_row *ret_row)
{
	CLEAN_STMT *stmt = of_two(store, STMT_LEDGER_HEADS, delivery_id, after_id);
	enum err err = stmt_row(store, stmt);

	if (!err)
		ledger_read_row(stmt, ret_row);
	return err;
}

enum err ledger_climb(struct store *store, int64_t delivery_id, int64_t place_id)
{
	static const enum delivery_step steps[] = {STEP_GROUP, STEP_ZALO, STEP_SMS};
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < ARRAY_LEN(steps); i++) {
		CLEAN_STMT *stmt = of_two(store, STMT_LEDGER_CLIMB, delivery_id, place_id);

		sqlite3_bind_int(stmt, 3, (int)steps[i]);
		err = stmt_write(store, stmt);
	}
	return err;
}

enum err ledger_list(struct store *store, int64_t delivery_id, int64_t after_id, int limit,
	ledger_row_fn fn, void *arg)
{
	CLEAN_STMT *stmt = of_two(store, STMT_LEDGER_AFTER, delivery_id, after_id);
	struct ledger_row row;
	enum err err;

	sqlite3_bind_int(stmt, 3, limit);
	while (!(err = stmt_row(store, stmt))) {
		ledger_read_row(stmt, &row);
		fn(arg, &row);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err ledger_counts(struct store *store, int64_t delivery_id, ledger_count_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LEDGER_COUNTS);
	enum err err;

	sqlite3_bind_int64(stmt, 1, delivery_id);
	while (!(err = stmt_row(store, stmt))) {
		struct ledger_count count = {.state = ledger_read_state(stmt, 0),
			.wave = sqlite3_column_int(stmt, 3),
			.count = sqlite3_column_int64(stmt, 4),
			.cost = sqlite3_column_int64(stmt, 5),
			.last_ms = sqlite3_column_int64(stmt, 6)};

		copy_column(stmt, 1, count.channel, sizeof(count.channel));
		copy_column(stmt, 2, count.reason, sizeof(count.reason));
		fn(arg, &count);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
