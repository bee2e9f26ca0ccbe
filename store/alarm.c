/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/alarm.h"

#include "store/internal.h"

#include <string.h>

#define NUMBER_TRIES   200
#define NUMBER_REST_MS (3 * DAY_MS) /* an answer that comes late means the alarm it was about */

static const char *const state_texts[] = {
#define X(name) [ALARM_##name] = #name,
	ALARM_STATE_TABLE(X)
#undef X
};

const char *alarm_state_text(enum alarm_state state)
{
	return state_texts[state];
}

static void read_alarm(sqlite3_stmt *stmt, struct alarm *alarm)
{
	const char *state = (const char *)sqlite3_column_text(stmt, 2);

	*alarm = (struct alarm){.id = sqlite3_column_int64(stmt, 0),
		.number = sqlite3_column_int(stmt, 1),
		.state = (enum alarm_state)text_index(state_texts, ARRAY_LEN(state_texts), state),
		.is_noisy = sqlite3_column_int(stmt, 3),
		.step = sqlite3_column_int(stmt, 4),
		.began_ms = sqlite3_column_int64(stmt, 5),
		.next_ms = sqlite3_column_int64(stmt, 6),
		.taken_ms = sqlite3_column_int64(stmt, 7)};
	copy_column(stmt, 8, alarm->taken_by, sizeof(alarm->taken_by));
}

static enum err read_one(struct store *store, sqlite3_stmt *stmt, struct alarm *ret_alarm)
{
	enum err err = stmt_row(store, stmt);

	if (!err)
		read_alarm(stmt, ret_alarm);
	return err;
}

static enum err load_by(
	struct store *store, enum stmt_id id, int64_t value, struct alarm *ret_alarm)
{
	CLEAN_STMT *stmt = stmt_get(store, id);

	sqlite3_bind_int64(stmt, 1, value);
	return read_one(store, stmt, ret_alarm);
}

enum err alarm_load(struct store *store, int64_t id, struct alarm *ret_alarm)
{
	return load_by(store, STMT_ALARM_LOAD, id, ret_alarm);
}

enum err alarm_due(struct store *store, int64_t now_ms, struct alarm *ret_alarm)
{
	return load_by(store, STMT_ALARM_DUE, now_ms, ret_alarm);
}

enum err alarm_by_number(struct store *store, int number, struct alarm *ret_alarm)
{
	return load_by(store, STMT_ALARM_BY_NUMBER, number, ret_alarm);
}

enum err alarm_of_report(struct store *store, int64_t report_id, struct alarm *ret_alarm)
{
	return load_by(store, STMT_ALARM_OF_REPORT, report_id, ret_alarm);
}

enum err alarm_joinable(struct store *store, bool is_noisy, struct alarm *ret_alarm)
{
	return load_by(store, STMT_ALARM_JOINABLE, is_noisy, ret_alarm);
}

enum err alarm_next(struct store *store, int64_t *ret_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ALARM_NEXT);

	return stmt_time(store, stmt, ret_ms);
}

/* Not one after the other: who would answer in an officer's name has to guess it. */
static enum err draw_number(struct store *store, int64_t began_ms, int *ret_number)
{
	const uint32_t count = ALARM_NUMBER_MAX - ALARM_NUMBER_MIN + 1;
	struct alarm other;
	enum err err = ERR_OK;

	for (int i = 0; i < NUMBER_TRIES; i++) {
		uint32_t random;

		vault_random(&random, sizeof(random));
		*ret_number = ALARM_NUMBER_MIN + (int)(random % count);
		err = alarm_by_number(store, *ret_number, &other);
		if (err == ERR_NOT_FOUND)
			return ERR_OK;
		if (err)
			return err;
		if (other.state != ALARM_RINGING && other.began_ms < began_ms - NUMBER_REST_MS)
			return ERR_OK;
	}
	/* So many alarms that all numbers are in use: the newest of a number is the one meant. */
	return ERR_OK;
}

static enum err insert(struct store *store, const struct alarm *alarm)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ALARM_ADD);

	sqlite3_bind_int64(stmt, 1, alarm->id);
	sqlite3_bind_int(stmt, 2, alarm->number);
	sqlite3_bind_int(stmt, 3, alarm->is_noisy);
	sqlite3_bind_int64(stmt, 4, alarm->began_ms);
	sqlite3_bind_int64(stmt, 5, alarm->next_ms);
	return stmt_write(store, stmt);
}

enum err alarm_add(struct store *store, bool is_noisy, int64_t began_ms, int64_t next_ms,
	struct alarm *ret_alarm)
{
	struct alarm alarm = {.state = ALARM_RINGING,
		.is_noisy = is_noisy,
		.began_ms = began_ms,
		.next_ms = next_ms};
	enum err err = draw_number(store, began_ms, &alarm.number);

	if (err)
		return err;
	alarm.id = store_next_id(store, ID_ALARM);
	err = insert(store, &alarm);
	if (!err)
		*ret_alarm = alarm;
	return err;
}

enum err alarm_climb(struct store *store, int64_t id, int step, int64_t next_ms)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ALARM_CLIMB);

	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, alarm_state_text(next_ms ? ALARM_RINGING : ALARM_UNANSWERED));
	sqlite3_bind_int(stmt, 3, step);
	bind_id(stmt, 4, next_ms);
	return stmt_write_one(store, stmt);
}

enum err alarm_take(struct store *store, int64_t id, const char *taken_by)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ALARM_TAKE);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, clock_wall_ms(store->clock));
	bind_text(stmt, 3, taken_by);
	return stmt_write_one(store, stmt);
}

enum err alarm_list(struct store *store, int64_t before_id, int limit, alarm_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ALARM_OPEN);
	enum err err;

	sqlite3_bind_int64(stmt, 1, before_id ? before_id : INT64_MAX);
	sqlite3_bind_int(stmt, 2, limit);
	while (!(err = stmt_row(store, stmt))) {
		struct alarm alarm;

		read_alarm(stmt, &alarm);
		fn(arg, &alarm);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err count_of(struct store *store, enum stmt_id id, int64_t a, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, id);

	if (sqlite3_bind_parameter_count(stmt))
		sqlite3_bind_int64(stmt, 1, a);
	return stmt_int64(store, stmt, ret_count);
}

enum err alarm_counts(
	struct store *store, int64_t since_ms, int64_t *ret_ringing, int64_t *ret_unanswered)
{
	enum err err = count_of(store, STMT_ALARM_COUNT, 0, ret_ringing);

	return err ? err : count_of(store, STMT_ALARM_UNANSWERED, since_ms, ret_unanswered);
}

enum err alarm_report_add(struct store *store, int64_t id, int64_t report_id, int64_t party_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ALARM_REPORT_ADD);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, report_id);
	sqlite3_bind_int64(stmt, 3, party_id);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err alarm_reports(struct store *store, int64_t id, struct alarm_report *reports, int limit,
	int *ret_count, int64_t *ret_total)
{
	enum err err = count_of(store, STMT_ALARM_REPORT_COUNT, id, ret_total);
	int count = 0;

	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_ALARM_REPORTS);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, 0);
	sqlite3_bind_int(stmt, 3, limit);
	while (count < limit && !(err = stmt_row(store, stmt)))
		reports[count++] = (struct alarm_report){sqlite3_column_int64(stmt, 0),
			sqlite3_column_int(stmt, 1), sqlite3_column_int(stmt, 2)};
	*ret_count = count;
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err alarm_confined(struct store *store, int64_t id, int64_t *ret_report_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ALARM_CONFINED);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_int64(store, stmt, ret_report_id);
}

static enum err drop(struct store *store, int64_t id, int64_t report_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ALARM_REPORT_DROP);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, report_id);
	return stmt_write(store, stmt);
}

enum err alarm_report_drop(struct store *store, int64_t id, int64_t report_id, int64_t *ret_left)
{
	enum err err = drop(store, id, report_id);

	return err ? err : count_of(store, STMT_ALARM_REPORT_COUNT, id, ret_left);
}

static enum err mark_seen(struct store *store, int64_t id, int64_t report_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ALARM_SEEN);

	sqlite3_bind_int64(stmt, 1, id);
	bind_id(stmt, 2, report_id);
	return stmt_write(store, stmt);
}

enum err alarm_seen(struct store *store, int64_t id, int64_t report_id, int64_t *ret_left)
{
	enum err err = mark_seen(store, id, report_id);

	return err ? err : count_of(store, STMT_ALARM_UNSEEN, id, ret_left);
}

enum err alarm_from(struct store *store, int64_t party_id, int64_t since_ms, int64_t *ret_count)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_ALARM_FROM);

	sqlite3_bind_int64(stmt, 1, party_id);
	sqlite3_bind_int64(stmt, 2, since_ms);
	sqlite3_bind_int64(stmt, 3, clock_wall_ms(store->clock));
	return stmt_int64(store, stmt, ret_count);
}
