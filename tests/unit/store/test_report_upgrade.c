/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A database of before reports had keys, from the steps of the ladder that there were. */
#include "store/internal.h"
#include "store/attachment.h"
#include "store/identity.h"
#include "store/report_key.h"
#include "store/retention.h"
#include "tests/unit/store/support.h"

#define OLD_SCHEMA 16
#define REPORTS	   450 /* more than two transactions */
#define PICTURE	   "not really a picture"

/* Closed at the old schema: preparing today's statements fails there. */
static void leave_old_schema(struct store_fixture *f)
{
	close_store(f);
	snprintf(f->path, sizeof(f->path), "%s/old.db", f->dir);
	assert_err(store_open_with(
			   &(struct store_options){
				   .path = f->path, .vault = f->vault, .clock = &f->clock.clock},
			   store_migrations, OLD_SCHEMA, &f->store, NULL),
		ERR_BUG);
	f->store = NULL;
	assert_int_equal(raw_int(f->path, "PRAGMA user_version"), OLD_SCHEMA);
}

/* Runs a statement with ids, and with the words sealed as they were then. */
static void old_row(struct store_fixture *f, sqlite3 *db, const char *sql, int64_t id,
	int64_t report_id, const char *place, const char *words)
{
	sqlite3_stmt *stmt;
	CLEAN_BUF sealed = {0};

	buf_init(&sealed, 1024);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	sqlite3_bind_int64(stmt, 1, id);
	if (report_id)
		sqlite3_bind_int64(stmt, 2, report_id);
	if (place) {
		assert_ok(vault_seal(f->vault, place, id, words, strlen(words), &sealed));
		sqlite3_bind_blob(stmt, 3, sealed.data, (int)sealed.len, SQLITE_STATIC);
	}
	assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
	sqlite3_finalize(stmt);
}

static void old_report(struct store_fixture *f, sqlite3 *db, int64_t id)
{
	char words[32];

	snprintf(words, sizeof(words), "tin %d", (int)id);
	old_row(f, db,
		"INSERT INTO report (id, year, number, code, party_id, source, category, urgency,"
		" hamlet, state, received_ms, sent_ms, is_incomplete) VALUES (?1, 2026, ?1,"
		" 'C' || ?1, 1, 'modem', 'other', 'normal', '', 'open', 1, 0, 0)",
		id, 0, NULL, NULL);
	old_row(f, db,
		"INSERT INTO report_entry (id, report_id, kind, at_ms, text)"
		" VALUES (?1, ?2, 'received', 1, ?3)",
		2 * id, id, "report_entry.text", words);
	old_row(f, db,
		"INSERT INTO report_entry (id, report_id, kind, at_ms, text)"
		" VALUES (?1, ?2, 'amended', 1, ?3)",
		2 * id + 1, id, "report_entry.text", "thêm");
	old_row(f, db,
		"INSERT INTO report_guess (report_id, category, is_danger, words)"
		" VALUES (?1, 'fire', 1, ?3)",
		id, 0, "report_guess.words", "cháy");
}

/* As media.c wrote it: one key for all files. */
static void old_file(struct store_fixture *f, const char *name)
{
	uint8_t header[VAULT_STREAM_HEADER_BYTES];
	char path[160], sealed[sizeof(PICTURE) + VAULT_STREAM_EXTRA_BYTES];
	struct vault_stream *stream;
	int fd;

	snprintf(path, sizeof(path), "%s.media", f->path);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s.media/%s", f->path, name);
	assert_ok(vault_stream_seal(vault_stream_key(f->vault), name, header, &stream));
	vault_stream_push(stream, PICTURE, sizeof(PICTURE), true, sealed);
	vault_stream_free(stream);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(write(fd, header, sizeof(header)), sizeof(header));
	assert_int_equal(write(fd, sealed, sizeof(sealed)), sizeof(sealed));
	close(fd);
}

#define HELD_FOR   "Tòa án yêu cầu"
#define OPENED_FOR "gọi lại gấp"
#define OLD_FILE   "0123456789abcdef0123456789abcdef"

static void old_database(struct store_fixture *f)
{
	sqlite3 *db;

	leave_old_schema(f);
	db = raw_open(f->path);
	assert_int_equal(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
	old_row(f, db,
		"INSERT INTO party (id, kind, hash, address, state, created_ms, last_in_ms)"
		" VALUES (?1, 'phone', zeroblob(32), ?3, 'active', 1, 1)",
		1, 0, "party.address", RESIDENT);
	for (int64_t id = 1; id <= REPORTS; id++)
		old_report(f, db, id);
	old_row(f, db,
		"INSERT INTO inbox (id, channel, external_id, kind, state, party_id, received_ms,"
		" sent_ms, report_id, body) VALUES (?1, 'modem', 'x', 'other', 'HANDLED', 1, 1, 0,"
		" ?2, ?3)",
		1, 7, "inbox.body", "raw bytes");
	old_row(f, db,
		"INSERT INTO attachment (id, inbox_id, report_id, kind, state, created_ms, due_ms,"
		" file, name) VALUES (?1, 1, ?2, 'image', 'STORED', 1, 1, '" OLD_FILE "', ?3)",
		1, 7, "attachment.name", "nhà.jpg");
	old_row(f, db,
		"INSERT INTO report_hold (report_id, actor, at_ms, reason)"
		" VALUES (?1, 'officer:a', 1, ?3)",
		7, 0, "report_hold.reason", HELD_FOR);
	old_row(f, db,
		"INSERT INTO identity_reveal (id, report_id, actor, at_ms, until_ms, reason)"
		" VALUES (?1, ?2, 'officer:a', 1, 2, ?3)",
		3, 8, "identity_reveal.reason", OPENED_FOR);
	assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	old_file(f, OLD_FILE);
}

struct words {
	char text[128];
};

static void join(void *arg, const struct report_entry *entry)
{
	struct words *w = arg;
	size_t len = strlen(w->text);

	snprintf(w->text + len, sizeof(w->text) - len, "%s|", entry->text);
}

static void keep_name(void *arg, const struct attachment *a)
{
	snprintf(arg, ATTACHMENT_NAME_BYTES, "%s", a->name);
}

static void assert_reasons(struct store_fixture *f)
{
	const struct reveal reveal = {.id = 3, .report_id = 8};
	struct retention_holder holder;
	struct buf reason;

	buf_init(&reason, 64);
	assert_ok(retention_holder(f->store, &key_holder_box, 7, &holder, &reason));
	assert_string_equal(buf_text(&reason), HELD_FOR);
	buf_reset(&reason);
	assert_ok(reveal_reason(f->store, &key_holder_box, &reveal, &reason));
	assert_string_equal(buf_text(&reason), OPENED_FOR);
	buf_done(&reason);
}

static void assert_upgraded(struct store_fixture *f)
{
	char name[ATTACHMENT_NAME_BYTES] = "", piece[64];
	struct media_reader *reader;
	struct media_file file;
	struct buf raw;
	size_t len;

	for (int64_t id = 1; id <= REPORTS; id++) {
		struct words w = {.text = ""};
		struct report_guess guess;
		char expected[64];
		struct buf why;

		buf_init(&why, 64);
		snprintf(expected, sizeof(expected), "tin %d|thêm|", (int)id);
		assert_ok(report_entries(f->store, &key_holder_box, id, join, &w));
		assert_string_equal(w.text, expected);
		assert_ok(report_guess_load(f->store, &key_holder_box, id, &guess, &why));
		assert_string_equal(buf_text(&why), "cháy");
		buf_done(&why);
	}
	buf_init(&raw, 64);
	assert_ok(inbox_raw(f->store, &key_holder_box, 1, &raw));
	assert_string_equal(buf_text(&raw), "raw bytes");
	buf_done(&raw);
	assert_ok(attachment_of_report(f->store, &key_holder_box, 7, keep_name, name));
	assert_string_equal(name, "nhà.jpg");
	assert_ok(attachment_file(f->store, &key_holder_box, 1, &file));
	assert_string_not_equal(file.name, OLD_FILE);
	assert_ok(media_reader_new(f->store, &file, &reader));
	assert_ok(media_reader_read(reader, piece, sizeof(piece), &len));
	assert_int_equal(len, sizeof(PICTURE));
	assert_string_equal(piece, PICTURE);
	media_reader_free(reader);
	assert_reasons(f);
}

/* The box key opens no word any more, nor is the old file there. */
static void assert_no_word_under_the_box_key(struct store_fixture *f)
{
	char path[160];

	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM report_entry WHERE length(text) < 256"), 0);
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM report WHERE public_key IS NULL"), 0);
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM meta WHERE name IN ('keyless','reasons')"),
		0);
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM report_hold WHERE length(reason) < 256"), 0);
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM identity_reveal WHERE length(reason) < 256"),
		0);
	snprintf(path, sizeof(path), "%s.media/" OLD_FILE, f->path);
	assert_int_equal(access(path, F_OK), -1);
}

static void test_all_of_it_is_sealed_anew(void **state)
{
	struct store_fixture *f = *state;

	old_database(f);
	store_fixture_open(f);
	assert_upgraded(f);
	/* What it is called by stays, and stands in the register. */
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM report WHERE number = id AND entry_no = id"),
		REPORTS);
	close_store(f);
	assert_no_word_under_the_box_key(f);
	store_fixture_open(f);
	assert_upgraded(f);
}

/* The power goes after the first transaction: some reports are new, some old, and the row that says
 * so is there. */
static void test_it_goes_on_where_it_was_stopped(void **state)
{
	struct store_fixture *f = *state;
	sqlite3 *db;

	old_database(f);
	store_fixture_open(f);
	close_store(f);
	db = raw_open(f->path);
	assert_int_equal(
		sqlite3_exec(db, "INSERT INTO meta VALUES ('keyless', x'')", NULL, NULL, NULL),
		SQLITE_OK);
	for (int64_t id = 400; id <= REPORTS; id++) {
		old_row(f, db, "DELETE FROM report_key WHERE report_id = ?1", id, 0, NULL, NULL);
		old_row(f, db, "UPDATE report SET public_key = NULL WHERE id = ?1", id, 0, NULL,
			NULL);
		old_row(f, db, "UPDATE report_entry SET text = ?3 WHERE id = ?1", 2 * id + 1, 0,
			"report_entry.text", "thêm");
		old_row(f, db, "UPDATE report_guess SET words = ?3 WHERE report_id = ?1", id, 0,
			"report_guess.words", "cháy");
		char words[32];

		snprintf(words, sizeof(words), "tin %d", (int)id);
		old_row(f, db, "UPDATE report_entry SET text = ?3 WHERE id = ?1", 2 * id, 0,
			"report_entry.text", words);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	store_fixture_open(f);
	assert_upgraded(f);
	close_store(f);
	assert_no_word_under_the_box_key(f);
	store_fixture_open(f);
}

static void test_a_damaged_word_does_not_stop_it(void **state)
{
	struct store_fixture *f = *state;
	struct words w = {.text = ""};

	old_database(f);
	assert_int_equal(
		raw_exec(f->path, "UPDATE report_entry SET text = zeroblob(60) WHERE id = 2"),
		SQLITE_OK);
	store_fixture_open(f);
	assert_err(report_entries(f->store, &key_holder_box, 1, join, &w), ERR_WRONG_KEY);
	assert_ok(report_entries(f->store, &key_holder_box, 2, join, &w));
	assert_string_equal(w.text, "tin 2|thêm|");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_all_of_it_is_sealed_anew),
		STORE_TEST(test_it_goes_on_where_it_was_stopped),
		STORE_TEST(test_a_damaged_word_does_not_stop_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
