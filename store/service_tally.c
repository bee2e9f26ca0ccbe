/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/service_tally.h"

#include "store/internal.h"

static const char *const doors[] = {
	[SERVICE_SMS] = "sms", [SERVICE_USSD] = "ussd", [SERVICE_ZALO] = "zalo"};
static const char *const outcomes[] = {[SERVICE_ASKED] = "asked",
	[SERVICE_ANSWERED] = "answered",
	[SERVICE_PERSON] = "person",
	[SERVICE_LOST] = "lost"};

const char *service_door_text(enum service_door door)
{
	return doors[door];
}

const char *service_outcome_text(enum service_outcome outcome)
{
	return outcomes[outcome];
}

enum err service_tally_add(
	struct store *store, enum service_door door, const char *what, enum service_outcome outcome)
{
	CLEAN_STMT *add = stmt_get(store, STMT_SERVICE_TALLY_ADD);
	CLEAN_STMT *prune = stmt_get(store, STMT_SERVICE_TALLY_PRUNE);
	int64_t today = clock_local_day(clock_wall_ms(store->clock));
	enum err err;

	sqlite3_bind_int64(add, 1, today);
	bind_text(add, 2, doors[door]);
	bind_text(add, 3, what);
	bind_text(add, 4, outcomes[outcome]);
	err = stmt_write(store, add);
	if (err)
		return err;
	sqlite3_bind_int64(prune, 1, today - SERVICE_TALLY_DAYS);
	return stmt_write(store, prune);
}

enum err service_tally_since(struct store *store, int64_t day, service_tally_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_SERVICE_TALLY_SINCE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, day);
	while (!(err = stmt_row(store, stmt)))
		fn(arg, (const char *)sqlite3_column_text(stmt, 0),
			(const char *)sqlite3_column_text(stmt, 1),
			(const char *)sqlite3_column_text(stmt, 2), sqlite3_column_int64(stmt, 3));
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
