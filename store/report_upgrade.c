/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Databases of before, in which the box key sealed all words: each report gets its key pair, and
 * its words and files are sealed anew, some reports a transaction. What does not open is damaged,
 * and stays as it is: it is told when somebody reads it, as before. A stop in between loses
 * nothing; the next start goes on.
 */
#include "store/attachment.h"
#include "store/envelope.h"
#include "store/internal.h"
#include "store/media.h"
#include "store/report_guess.h"
#include "store/report_key.h"

#include <string.h>

#define REPORTS_A_TURN 200
#define WORDS_MAX      (64 * 1024)

struct upgrade {
	struct store *store;
	int64_t reports, files, damaged;
};

/* A column of one report that is sealed. */
struct sealed_column {
	const char *place;
	enum stmt_id next, set; /* (report, after) → id, value; (id, value) */
};

/* ERR_NOT_FOUND: there is no further one. */
static enum err read_next(struct upgrade *u, const struct sealed_column *column, int64_t report_id,
	int64_t *id, struct buf *plain, bool *ret_opens)
{
	CLEAN_STMT *stmt = stmt_get(u->store, column->next);
	enum err err;

	sqlite3_bind_int64(stmt, 1, report_id);
	if (sqlite3_bind_parameter_count(stmt) > 1)
		sqlite3_bind_int64(stmt, 2, *id);
	err = stmt_row(u->store, stmt);
	if (err)
		return err;
	*id = sqlite3_column_int64(stmt, 0);
	err = vault_unseal(u->store->vault, column->place, *id, sqlite3_column_blob(stmt, 1),
		(size_t)sqlite3_column_bytes(stmt, 1), plain);
	*ret_opens = !err;
	return err == ERR_WRONG_KEY ? ERR_OK : err;
}

static enum err write_anew(struct upgrade *u, const struct sealed_column *column,
	const struct keypair *pair, int64_t id, const struct buf *plain)
{
	CLEAN_STMT *stmt = stmt_get(u->store, column->set);
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, ENVELOPE_BYTES_MAX(WORDS_MAX));
	err = envelope_seal(
		keypair_public(pair), column->place, id, plain->data, plain->len, &sealed);
	if (err)
		return err;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write_one(u->store, stmt);
}

/* `only`: the statement names one row at most, whose id is the report's. */
static enum err column_anew(struct upgrade *u, const struct sealed_column *column,
	const struct keypair *pair, int64_t report_id, bool only)
{
	int64_t id = 0;
	enum err err;

	do {
		struct buf plain;
		bool opens = false;

		buf_init(&plain, WORDS_MAX);
		err = read_next(u, column, report_id, &id, &plain, &opens);
		if (!err && opens)
			err = write_anew(u, column, pair, id, &plain);
		else if (!err)
			u->damaged++;
		buf_wipe(&plain);
	} while (!err && !only);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err report_anew(struct upgrade *u, int64_t report_id)
{
	static const struct sealed_column entries = {
		"report_entry.text", STMT_UPGRADE_ENTRY, STMT_UPGRADE_ENTRY_SET};
	static const struct sealed_column words = {
		"report_guess.words", STMT_UPGRADE_WORDS, STMT_UPGRADE_WORDS_SET};
	static const struct sealed_column names = {
		"attachment.name", STMT_UPGRADE_NAME, STMT_UPGRADE_NAME_SET};
	struct keypair *pair;
	enum err err = report_key_make(u->store, report_id, &pair);

	if (err)
		return err;
	err = column_anew(u, &entries, pair, report_id, false);
	if (!err)
		err = column_anew(u, &words, pair, report_id, true);
	if (!err)
		err = column_anew(u, &names, pair, report_id, false);
	keypair_free(pair);
	u->reports++;
	return err;
}

static enum err next_keyless(struct store *store, int64_t *id)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_UPGRADE_REPORT);

	sqlite3_bind_int64(stmt, 1, *id);
	return stmt_int64(store, stmt, id);
}

static enum err reports_anew(struct upgrade *u, struct errbuf *eb)
{
	enum err err = ERR_OK;
	int64_t id = 0;

	while (!err) {
		for (int i = 0; !err && i < REPORTS_A_TURN; i++) {
			err = next_keyless(u->store, &id);
			if (!err)
				err = report_anew(u, id);
		}
		if (err && err != ERR_NOT_FOUND)
			return errbuf_set(eb, err, "sealing report %lld anew", (long long)id);
		if (turn_end(u->store, eb))
			return errbuf_wrap(eb, ERR_IO, "sealing reports anew");
	}
	return ERR_OK;
}

/* ---- raw bytes -------------------------------------------------------------------------------
 */

/* ERR_NOT_FOUND at the end. What the box key does not open was sealed anew before a stop. */
static enum err next_raw(struct upgrade *u, int64_t *id, int64_t *report_id, struct buf *raw)
{
	CLEAN_STMT *stmt = stmt_get(u->store, STMT_UPGRADE_RAW);
	enum err err;

	sqlite3_bind_int64(stmt, 1, *id);
	err = stmt_row(u->store, stmt);
	if (err)
		return err;
	*id = sqlite3_column_int64(stmt, 0);
	err = vault_unseal(u->store->vault, "inbox.body", *id, sqlite3_column_blob(stmt, 1),
		(size_t)sqlite3_column_bytes(stmt, 1), raw);
	*report_id = err ? 0 : sqlite3_column_int64(stmt, 2);
	return err == ERR_WRONG_KEY ? ERR_OK : err;
}

static enum err raw_anew(struct upgrade *u, int64_t id, int64_t report_id, const struct buf *raw)
{
	CLEAN_BUF sealed = {0};
	enum err err;

	buf_init(&sealed, ENVELOPE_BYTES_MAX(WORDS_MAX));
	err = report_seal(u->store, report_id, "inbox.body", id, raw->data, raw->len, &sealed);
	if (err)
		return err;
	CLEAN_STMT *stmt = stmt_get(u->store, STMT_UPGRADE_RAW_SET);

	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_blob(stmt, 2, sealed.data, (int)sealed.len, SQLITE_STATIC);
	return stmt_write_one(u->store, stmt);
}

static enum err raws_anew(struct upgrade *u, struct errbuf *eb)
{
	int64_t id = 0, report_id = 0;
	enum err err;

	do {
		struct buf raw;

		buf_init(&raw, WORDS_MAX);
		err = next_raw(u, &id, &report_id, &raw);
		if (!err && report_id)
			err = raw_anew(u, id, report_id, &raw);
		buf_wipe(&raw);
	} while (!err);
	return err == ERR_NOT_FOUND
		       ? turn_end(u->store, eb)
		       : errbuf_set(eb, err, "sealing message %lld anew", (long long)id);
}

/* ---- files -----------------------------------------------------------------------------------
 */

static enum err copy_file(struct media_reader *reader, struct media_writer *writer)
{
	char piece[4096];
	size_t len = 0;
	enum err err;

	do {
		err = media_reader_read(reader, piece, sizeof(piece), &len);
		if (!err && len)
			err = media_writer_add(writer, piece, len);
	} while (!err && len);
	explicit_bzero(piece, sizeof(piece));
	return err;
}

static enum err file_anew(struct store *store, const char *name, struct media_file *ret_file)
{
	struct media_file old = {.name = ""};
	struct media_reader *reader;
	struct media_writer *writer = NULL;
	enum err err = str_copy(old.name, sizeof(old.name), name);

	memcpy(old.key, vault_stream_key(store->vault), sizeof(old.key));
	if (!err)
		err = media_reader_new(store, &old, &reader);
	explicit_bzero(&old, sizeof(old));
	if (err)
		return err;
	err = media_writer_new(store, &writer);
	if (!err)
		err = copy_file(reader, writer);
	if (!err)
		err = media_writer_finish(writer, ret_file);
	media_writer_free(writer);
	media_reader_free(reader);
	return err;
}

/* ERR_NOT_FOUND at the end. */
static enum err next_file(struct store *store, int64_t *id, char name[MEDIA_NAME_BYTES])
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_UPGRADE_FILE);
	enum err err;

	sqlite3_bind_int64(stmt, 1, *id);
	err = stmt_row(store, stmt);
	if (err)
		return err;
	*id = sqlite3_column_int64(stmt, 0);
	copy_column(stmt, 1, name, MEDIA_NAME_BYTES);
	return ERR_OK;
}

/* The old file goes once the row that names the new one is committed; one that a stop in between
 * leaves has no row, and media_clean() removes it. */
static enum err files_anew(struct upgrade *u, struct errbuf *eb)
{
	char name[MEDIA_NAME_BYTES];
	struct media_file file;
	int64_t id = 0;
	enum err err;

	while (!(err = next_file(u->store, &id, name))) {
		err = file_anew(u->store, name, &file);
		if (err == ERR_NOT_FOUND || err == ERR_WRONG_KEY) {
			u->damaged++;
			continue;
		}
		if (!err)
			err = attachment_refile(u->store, id, &file);
		explicit_bzero(&file, sizeof(file));
		if (err)
			return errbuf_set(eb, err, "sealing attachment %lld anew", (long long)id);
		if (turn_end(u->store, eb))
			return errbuf_wrap(eb, ERR_IO, "sealing attachments anew");
		media_remove(u->store, name);
		u->files++;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : errbuf_set(eb, err, "attachments");
}

static enum err is_wanted(struct store *store)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_UPGRADE_WANTED);

	return stmt_row(store, stmt);
}

static enum err done(struct store *store, struct errbuf *eb)
{
	CLEAN_STMT *stmt = stmt_get(store, STMT_UPGRADE_DONE);
	enum err err = stmt_write(store, stmt);

	return err ? errbuf_set(eb, err, "sealing anew") : turn_end(store, eb);
}

enum err report_key_upgrade(struct store *store, struct errbuf *eb)
{
	struct upgrade u = {.store = store};
	enum err err = is_wanted(store);

	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	err = reports_anew(&u, eb);
	if (!err)
		err = raws_anew(&u, eb);
	if (!err)
		err = files_anew(&u, eb);
	if (!err)
		err = done(store, eb);
	if (!err && (u.reports || u.files || u.damaged))
		log_info("store", "sealed_anew reports=%lld files=%lld damaged=%lld",
			(long long)u.reports, (long long)u.files, (long long)u.damaged);
	return err;
}
