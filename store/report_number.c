/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/report_number.h"
#include "store/escrow.h"
#include "store/report_row.h"

static const char *const book_letters[] = {
#define X(name, letter) [REPORT_BOOK_##name] = letter,
	REPORT_BOOK_TABLE(X)
#undef X
};

const char *report_book_letter(enum report_book book)
{
	return book_letters[book];
}

void report_number_text(const struct report *report, char ret_text[REPORT_NUMBER_BYTES])
{
	snprintf(ret_text, REPORT_NUMBER_BYTES, "%s%d", book_letters[report->book], report->number);
}

#define BOOK_STEP 10000
int report_year_in(enum report_book book, int year)
{
	return (int)book * BOOK_STEP + year;
}

void report_year_read(int year_in, enum report_book *ret_book, int *ret_year)
{
	*ret_book = (enum report_book)(year_in / BOOK_STEP);
	*ret_year = year_in % BOOK_STEP;
}

/* year, here and below: as report_year_in() has it. */
static enum err next_number(struct store *store, int year, int *ret_number)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_NEXT);
	enum err err;

	sqlite3_bind_int(stmt, 1, year);
	err = stmt_row(store, stmt);
	if (!err)
		*ret_number = sqlite3_column_int(stmt, 0);
	return err;
}

static enum err is_number_used(struct store *store, int year, int number)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_NUMBER_USED);

	sqlite3_bind_int(stmt, 1, year);
	sqlite3_bind_int(stmt, 2, number);
	return stmt_row(store, stmt);
}

/* Five digits, which can be read over the telephone; one more when most of those are in use. */
#define NUMBER_LEAST  10000
#define NUMBER_WIDEST 1000000000 /* what an int holds */
#define NUMBER_TRIES  8

static enum err draw_number(struct store *store, int year, int *ret_number)
{
	for (int least = NUMBER_LEAST; least < NUMBER_WIDEST; least *= 10) {
		for (int i = 0; i < NUMBER_TRIES; i++) {
			int number = least + (int)vault_random_below(9 * (uint32_t)least);
			enum err err = is_number_used(store, year, number);

			if (err == ERR_NOT_FOUND)
				*ret_number = number;
			if (err)
				return err == ERR_NOT_FOUND ? ERR_OK : err;
		}
	}
	return ERR_BUG;
}

enum err report_number_take(
	struct store *store, enum report_book book, int year, int *ret_number, bool *ret_is_running)
{
	uint8_t escrow[KEYPAIR_PUBLIC_BYTES];
	const int in = report_year_in(book, year);
	enum err err = escrow_public(store, escrow);

	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_is_running = err == ERR_NOT_FOUND;
	return err ? next_number(store, in, ret_number) : draw_number(store, in, ret_number);
}

static enum err find_in_year(struct store *store, int year, int number, struct report *ret_report)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_FIND);
	enum err err;

	sqlite3_bind_int(stmt, 1, year);
	sqlite3_bind_int(stmt, 2, number);
	err = stmt_row(store, stmt);
	if (!err)
		report_read(stmt, ret_report);
	return err;
}

/* The newest year with reports before this one. */
static enum err year_before(struct store *store, int year, int *ret_year)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_YEAR);
	enum err err;

	sqlite3_bind_int(stmt, 1, year);
	err = stmt_row(store, stmt);
	if (!err && sqlite3_column_type(stmt, 0) == SQLITE_NULL)
		return ERR_NOT_FOUND;
	if (!err)
		*ret_year = sqlite3_column_int(stmt, 0);
	return err;
}

enum err report_find(
	struct store *store, enum report_book book, int year, int number, struct report *ret_report)
{
	const int first = report_year_in(book, 0);
	enum err err;

	if (year)
		return find_in_year(store, report_year_in(book, year), number, ret_report);
	year = first + BOOK_STEP;
	while (!(err = year_before(store, year, &year)) && year >= first) {
		err = find_in_year(store, year, number, ret_report);
		if (err != ERR_NOT_FOUND)
			return err;
	}
	return err ? err : ERR_NOT_FOUND;
}

/* Nobody else is called what its sender was told. */
static enum err leave_number(struct store *store, int64_t id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_NUMBER_LEFT);

	sqlite3_bind_int64(stmt, 1, id);
	return stmt_write_one(store, stmt);
}

enum err report_rebook(struct store *store, int64_t id, enum report_book book)
{
	struct report r;
	int year, number;
	enum err err = report_load(store, id, &r);

	if (err || r.book == book)
		return err;
	year = report_year_in(book, r.year);
	err = draw_number(store, year, &number);
	if (!err)
		err = leave_number(store, id);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_REBOOK);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int(stmt, 2, year);
	sqlite3_bind_int(stmt, 3, number);
	return stmt_write_one(store, stmt);
}

/* How many one call looks at, and the last of them; 0: there are no more behind it. */
static enum err next_to_enter(
	struct store *store, int64_t after_id, int *ret_count, int64_t *ret_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_UNENTERED);
	enum err err;

	sqlite3_bind_int64(stmt, 1, after_id);
	sqlite3_bind_int(stmt, 2, REPORT_ENTER_ROWS);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*ret_count = sqlite3_column_int(stmt, 1);
	*ret_id = *ret_count < REPORT_ENTER_ROWS ? 0 : sqlite3_column_int64(stmt, 0);
	return ERR_OK;
}

static enum err enter_some(struct store *store, int64_t to_ms, int64_t after_id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_REPORT_ENTER);

	sqlite3_bind_int64(stmt, 1, to_ms);
	sqlite3_bind_int64(stmt, 2, after_id);
	sqlite3_bind_int(stmt, 3, REPORT_ENTER_ROWS);
	return stmt_write(store, stmt);
}

enum err report_enter(struct store *store, int64_t to_ms, int64_t *after_id)
{
	int64_t last_id = 0;
	int count = 0;
	enum err err = next_to_enter(store, *after_id, &count, &last_id);

	if (!err && count)
		err = enter_some(store, to_ms, *after_id);
	if (!err)
		*after_id = last_id;
	return err;
}
