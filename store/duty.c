/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/duty.h"

#include "store/internal.h"

static enum err clear(struct store *store, int64_t from_day)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SHIFT_CLEAR);

	sqlite3_bind_int64(stmt, 1, from_day);
	return stmt_write(store, stmt);
}

static enum err add(struct store *store, const struct duty_shift *shift)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SHIFT_ADD);

	bind_id(stmt, 1, shift->officer_id);
	bind_id(stmt, 2, shift->weekday);
	if (shift->weekday)
		sqlite3_bind_null(stmt, 3);
	else
		sqlite3_bind_int64(stmt, 3, shift->day);
	sqlite3_bind_int(stmt, 4, shift->minute);
	sqlite3_bind_int(stmt, 5, shift->minutes);
	sqlite3_bind_int(stmt, 6, shift->rank);
	bind_id(stmt, 7, shift->instead_id);
	return stmt_write(store, stmt);
}

enum err duty_replace(
	struct store *store, const struct duty_shift *shifts, int count, int64_t from_day)
{
	enum err err = count > DUTY_SHIFTS_MAX ? ERR_TOO_BIG : clear(store, from_day);

	for (int i = 0; !err && i < count; i++)
		err = add(store, &shifts[i]);
	return err;
}

enum err duty_load(
	struct store *store, int64_t from_day, struct duty_shift *shifts, int max, int *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SHIFT_LIST);
	int count = 0;
	enum err err;

	sqlite3_bind_int64(stmt, 1, 0);
	sqlite3_bind_int64(stmt, 2, from_day);
	sqlite3_bind_int(stmt, 3, -1);
	while (!(err = stmt_row(store, stmt))) {
		if (count == max)
			return ERR_TOO_BIG;
		shifts[count++] = (struct duty_shift){.id = sqlite3_column_int64(stmt, 0),
			.officer_id = sqlite3_column_int64(stmt, 1),
			.weekday = sqlite3_column_int(stmt, 2),
			.day = sqlite3_column_int64(stmt, 3),
			.minute = sqlite3_column_int(stmt, 4),
			.minutes = sqlite3_column_int(stmt, 5),
			.rank = sqlite3_column_int(stmt, 6),
			.instead_id = sqlite3_column_int64(stmt, 7)};
	}
	if (err != ERR_NOT_FOUND)
		return err;
	*ret_count = count;
	return ERR_OK;
}

enum err duty_told(struct store *store, int64_t *ret_at_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DUTY_TOLD);
	enum err err;

	*ret_at_ms = 0;
	err = stmt_int64(store, stmt, ret_at_ms);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err duty_set_told(struct store *store, int64_t at_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_DUTY_TOLD_SET);

	sqlite3_bind_int64(stmt, 1, at_ms);
	return stmt_write(store, stmt);
}
