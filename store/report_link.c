/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/report_link.h"
#include "store/internal.h"
#include "store/report_row.h"

static const char *const kind_texts[] = {
#define X(name, text) [REPORT_LINK_##name] = text,
	REPORT_LINK_TABLE(X)
#undef X
};

const char *report_link_text(enum report_link_kind kind)
{
	return kind_texts[kind];
}

enum err report_merge(struct store *store, int64_t id, int64_t main_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_MERGE);

	sqlite3_bind_int64(stmt, 1, id);
	bind_id(stmt, 2, main_id);
	return stmt_write_one(store, stmt);
}

enum err report_merged(struct store *store, int64_t main_id, report_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_MERGED);

	sqlite3_bind_int64(stmt, 1, main_id);
	return report_give_all(store, stmt, fn, arg);
}

static void bind_link(
	sqlite3_stmt *stmt, int64_t report_id, int64_t other_id, enum report_link_kind kind)
{
	sqlite3_bind_int64(stmt, 1, report_id);
	sqlite3_bind_int64(stmt, 2, other_id);
	bind_text(stmt, 3, report_link_text(kind));
}

enum err report_link_add(
	struct store *store, int64_t report_id, int64_t other_id, enum report_link_kind kind)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LINK_ADD);

	bind_link(stmt, report_id, other_id, kind);
	sqlite3_bind_int64(stmt, 4, clock_wall_ms(store->clock));
	return stmt_write(store, stmt);
}

enum err report_link_remove(
	struct store *store, int64_t report_id, int64_t other_id, enum report_link_kind kind)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LINK_REMOVE);

	bind_link(stmt, report_id, other_id, kind);
	return stmt_write_one(store, stmt);
}

enum err report_links(struct store *store, int64_t report_id, report_link_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_LINK_LIST);
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	while (!(err = stmt_row(store, stmt))) {
		struct report_link link = {.other_id = sqlite3_column_int64(stmt, 0),
			.kind = (enum report_link_kind)text_index(kind_texts, ARRAY_LEN(kind_texts),
				(const char *)sqlite3_column_text(stmt, 1)),
			.is_back = sqlite3_column_int(stmt, 2),
			.at_ms = sqlite3_column_int64(stmt, 3)};

		fn(arg, &link);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err report_near(struct store *store, const struct report *report, int64_t within_ms, int limit,
	report_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_NEAR);

	sqlite3_bind_int64(stmt, 1, report->received_ms - within_ms);
	sqlite3_bind_int64(stmt, 2, report->received_ms + within_ms);
	sqlite3_bind_int64(stmt, 3, report->id);
	bind_text(stmt, 4, report->category);
	bind_text(stmt, 5, report->hamlet);
	sqlite3_bind_int(stmt, 6, limit);
	return report_give_all(store, stmt, fn, arg);
}
