/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/figures.h"

#include "store/internal.h"

static const char *text_at(sqlite3_stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	return text ? text : "";
}

enum err report_cells(
	struct store *store, int64_t from_ms, int64_t to_ms, report_cell_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_CELLS);
	enum err err;

	sqlite3_bind_int64(stmt, 1, from_ms);
	sqlite3_bind_int64(stmt, 2, to_ms);
	while (!(err = stmt_row(store, stmt)))
		fn(arg, &(struct report_cell){.hamlet = text_at(stmt, 0),
				.category = text_at(stmt, 1),
				.reports = sqlite3_column_int64(stmt, 2),
				.answered = sqlite3_column_int64(stmt, 3)});
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err place_cells(struct store *store, place_cell_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_PLACE_CELLS);
	enum err err;

	while (!(err = stmt_row(store, stmt))) {
		struct place_cell cell = {.code = text_at(stmt, 0),
			.name = text_at(stmt, 1),
			.people = sqlite3_column_int64(stmt, 3),
			.households = sqlite3_column_int64(stmt, 4),
			.on_zalo = sqlite3_column_int64(stmt, 5)};

		/* The schema allows no other word. */
		if (!place_kind_of(text_at(stmt, 2), &cell.kind))
			fn(arg, &cell);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
