/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/report_guess.h"
#include "store/envelope.h"
#include "store/internal.h"
#include "store/report_key.h"

#include <string.h>

enum err report_guess_set(
	struct store *store, int64_t report_id, const struct report_guess *guess, const char *words)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_GUESS_SET);
	CLEAN_BUF sealed = {0};
	enum err err;

	if (strlen(words) > REPORT_GUESS_WORDS_MAX)
		return ERR_TOO_BIG;
	buf_init(&sealed, ENVELOPE_BYTES_MAX(REPORT_GUESS_WORDS_MAX));
	err = report_seal(
		store, report_id, "report_guess.words", report_id, words, strlen(words), &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, report_id);
	bind_text(stmt, 2, guess->category);
	sqlite3_bind_int(stmt, 3, guess->is_danger);
	sqlite3_bind_blob(stmt, 4, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write(store, stmt);
}

static enum err open_words(struct store *store, const struct key_holder *holder, int64_t report_id,
	sqlite3_stmt *stmt, struct buf *words)
{
	struct keypair *pair;
	enum err err = report_key_open(store, holder, report_id, &pair);

	if (err)
		return err;
	err = envelope_open(pair, "report_guess.words", report_id, sqlite3_column_blob(stmt, 2),
		(size_t)sqlite3_column_bytes(stmt, 2), words);
	keypair_free(pair);
	return err;
}

enum err report_guess_load(struct store *store, const struct key_holder *holder, int64_t report_id,
	struct report_guess *ret_guess, struct buf *words)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_GUESS_LOAD);
	struct report_guess guess = {0};
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	copy_column(stmt, 0, guess.category, sizeof(guess.category));
	guess.is_danger = sqlite3_column_int(stmt, 1);
	if (words)
		err = open_words(store, holder, report_id, stmt, words);
	if (!err)
		*ret_guess = guess;
	return err;
}

enum err report_guess_counts(struct store *store, int64_t holder_id, report_guess_fn fn, void *arg)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_GUESS_COUNTS);
	enum err err;

	sqlite3_bind_int64(stmt, 1, holder_id);
	while (!(err = stmt_row(store, stmt))) {
		fn(arg, &(struct report_guess_count){
				.guessed = (const char *)sqlite3_column_text(stmt, 0),
				.decided = (const char *)sqlite3_column_text(stmt, 1),
				.reports = sqlite3_column_int64(stmt, 2),
				.danger_missed = sqlite3_column_int64(stmt, 3),
				.danger_false = sqlite3_column_int64(stmt, 4)});
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}
