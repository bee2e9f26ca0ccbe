/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/event.h"
#include "store/internal.h"

enum err event_of_subject(struct store *store, const char *subject, event_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_EVENT_OF);
	enum err err;

	bind_text(stmt, 1, subject);
	while (!(err = stmt_row(store, stmt))) {
		struct event_seen event = {.id = sqlite3_column_int64(stmt, 0),
			.at_ms = sqlite3_column_int64(stmt, 1),
			.kind = (const char *)sqlite3_column_text(stmt, 2),
			.actor = (const char *)sqlite3_column_text(stmt, 3),
			.data = (const char *)sqlite3_column_text(stmt, 4)};

		if (!event.kind || !event.actor || !event.data)
			return ERR_CORRUPT;
		fn(arg, &event);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
