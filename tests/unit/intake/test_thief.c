/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What he reads who has the disk of a claimed box and its box key: every sealed value of every
 * table is tried with that key as every kind of value. What opens is what the box itself must be
 * able to use while nobody is logged in: addresses, messages that have not left yet, words that are
 * held for who asked for silence, a long message whose rest has not come, the registry, what is
 * said in menus, bulletins. No word of a report, of an officer about it, of what was answered, or
 * of a stay notice; and no picture.
 *
 * `columns` says of each column of bytes which of these it is. A new column has to be put there,
 * and a new table has to be filled by whole_town.h: both are compared with the schema.
 */
#include "tests/unit/intake/whole_town.h"

#include <sqlite3.h>

enum holder {
	HASH,	/* of something, by a key or for all to see */
	OPEN,	/* a public key */
	BOX,	/* the box key opens it */
	READER, /* only who may read it does: an officer, or the escrow */
};

static const struct {
	const char *place;
	enum holder holder;
} columns[] = {
	{"attachment.name", READER},
	{"attachment.source", BOX}, /* where it is to be fetched, until it was */
	{"attachment.key", READER},
	{"bulletin_approval.hash", HASH},
	{"bulletin_approval.note", BOX},
	{"bulletin_finding.hash", HASH},
	{"bulletin_finding.reason", BOX},
	{"bulletin_refusal.hash", HASH},
	{"bulletin_version.words", BOX},
	{"bulletin_version.hash", HASH},
	{"code_guard.key", HASH},
	{"delivery_text.body", BOX},
	{"dossier.hash", HASH},
	{"enclosure.sealed_name", BOX},
	{"enclosure.body", BOX},
	{"enrol_code.hash", HASH},
	{"enrol_code.holder", HASH},
	{"enrol_code.address", BOX},
	{"enrol_code.words", BOX},
	{"enrolment.hash", HASH},
	{"enrolment.phone", BOX},
	{"enrolment.name", BOX},
	{"enrolment.said", BOX},
	{"enrolment.zalo", BOX},
	{"entry_key.sealed", READER},
	{"escrow_old.public_key", OPEN},
	{"event.hash", HASH},
	{"event_day.hash", HASH},
	{"event_seal.value", BOX},
	{"feed_item.key", HASH},
	{"feed_item.hash", HASH},
	{"group_person.hash", HASH},
	{"group_person.user_id", BOX},
	{"group_person.name", BOX},
	{"household.hash", HASH},
	{"household.label", BOX},
	{"identity_reveal.reason", READER},
	{"inbox.part_hash", HASH},
	{"inbox.body", BOX}, /* of what is not handled yet; then the report's */
	{"login_try.who", HASH},
	{"menu_session.state", BOX},
	{"meta.value", BOX},
	{"officer.phone", BOX},
	{"officer.public_key", OPEN},
	{"officer_login.wrapped", READER}, /* by his passphrase */
	{"officer_login.totp", BOX},
	{"officer_login.code", HASH},
	{"outbox.body", BOX},
	{"party.hash", HASH},
	{"party.address", BOX},
	{"poll_voice.voice", HASH},
	{"poll_voice.words", BOX},
	{"procedure_confirmed.hash", HASH},
	{"quarantine.raw", BOX},
	{"regime_record.hash", HASH},
	{"report.public_key", OPEN},
	{"report_entry.text", READER},
	{"report_guess.words", READER},
	{"report_held.text", BOX},
	{"report_hold.reason", READER},
	{"report_key.sealed", READER},
	{"report_pin.hash", HASH},
	{"resident.hash", HASH},
	{"resident.phone", BOX},
	{"resident.name", BOX},
	{"resident.zalo_hash", HASH},
	{"resident.zalo", BOX},
	{"resident_shown.reason", BOX},
	{"setting_seen.hash", HASH},
	{"sim_slot.hash", HASH},
	{"sms_use.content", HASH},
	{"stay.draft", BOX},
	{"stay.public_key", OPEN},
	{"stay.words", READER},
	{"stay.draft_key", OPEN},
	{"stay_key.public_key", OPEN},
	{"stay_key.sealed", READER},
	{"stay_number.hash", HASH},
	{"stay_number.sealed", READER},
	{"ussd_answer.hash", HASH},
	{"ussd_answer.answer", BOX},
	{"ussd_session.hash", HASH},
	{"ussd_session.history", BOX},
	{"zalo_token.access", BOX},
	{"zalo_token.refresh", BOX},
};
#define COLUMN_COUNT (int)ARRAY_LEN(columns)

static int column_of(const char *place)
{
	for (int i = 0; i < COLUMN_COUNT; i++) {
		if (str_eq(columns[i].place, place))
			return i;
	}
	return -1;
}

static sqlite3 *steal(const struct town *t)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(t->s.path, &db), SQLITE_OK);
	return db;
}

static sqlite3_stmt *query(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	return stmt;
}

#define TABLES "SELECT name FROM sqlite_master WHERE type = 'table'"

static sqlite3_stmt *rows_of(sqlite3 *db, const char *table)
{
	char sql[160];

	snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\"", table);
	return query(db, sql);
}

/* ---- what there is ----------------------------------------------------------------------------
 */

static void test_nothing_is_left_out(void **state)
{
	struct town *t = *state;
	sqlite3 *db = steal(t);
	sqlite3_stmt *tables = query(db, TABLES), *bytes;
	int count = 0;

	while (sqlite3_step(tables) == SQLITE_ROW) {
		const char *table = (const char *)sqlite3_column_text(tables, 0);
		sqlite3_stmt *rows = rows_of(db, table);

		if (sqlite3_step(rows) != SQLITE_ROW)
			fail_msg("nothing happens that fills %s: see whole_town.h", table);
		sqlite3_finalize(rows);
	}
	sqlite3_finalize(tables);
	bytes = query(db,
		"SELECT m.name || '.' || c.name FROM sqlite_master m,"
		" pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'BLOB'");
	while (sqlite3_step(bytes) == SQLITE_ROW) {
		const char *place = (const char *)sqlite3_column_text(bytes, 0);

		if (column_of(place) < 0)
			fail_msg("who opens %s? See `columns`", place);
		count++;
	}
	sqlite3_finalize(bytes);
	assert_int_equal(count, COLUMN_COUNT);
	sqlite3_close(db);
}

/* ---- the thief --------------------------------------------------------------------------------
 */

#define OPENED_MAX  256
#define NUMBERS_MAX 64

struct thief {
	const struct vault *vault;
	int values[COLUMN_COUNT], opened[COLUMN_COUNT];
	struct {
		int column;
		char text[512];
	} words[OPENED_MAX];
	int word_count;
};

/* What may have been taken for the number of the row: as poll.c does it of a hash. */
static int row_numbers(sqlite3_stmt *row, int64_t numbers[NUMBERS_MAX])
{
	int count = 0;

	numbers[count++] = 0;
	for (int i = 0; i < sqlite3_column_count(row) && count < NUMBERS_MAX; i++) {
		if (sqlite3_column_type(row, i) == SQLITE_INTEGER)
			numbers[count++] = sqlite3_column_int64(row, i);
		if (sqlite3_column_type(row, i) == SQLITE_BLOB &&
			sqlite3_column_bytes(row, i) == VAULT_HASH_BYTES) {
			const uint8_t *hash = sqlite3_column_blob(row, i);
			uint64_t number = 0;

			for (int k = 0; k < 8; k++)
				number = number << 8 | hash[k];
			numbers[count++] = (int64_t)(number >> 1);
		}
	}
	return count;
}

/* Some places have the number of a form or the name of the row behind them. */
static bool unseal(const struct thief *thief, int column, int64_t number, sqlite3_stmt *row, int at,
	struct buf *open)
{
	const void *data = sqlite3_column_blob(row, at);
	size_t len = (size_t)sqlite3_column_bytes(row, at);
	char place[160];

	if (!vault_unseal(thief->vault, columns[column].place, number, data, len, open))
		return true;
	for (int i = 0; i < FORM_COUNT; i++) {
		snprintf(place, sizeof(place), "%s%d", columns[column].place, i);
		if (!vault_unseal(thief->vault, place, number, data, len, open))
			return true;
	}
	if (sqlite3_column_type(row, 0) != SQLITE_TEXT)
		return false;
	snprintf(place, sizeof(place), "%s.%.60s", columns[column].place,
		(const char *)sqlite3_column_text(row, 0));
	return !vault_unseal(thief->vault, place, number, data, len, open);
}

static void try_value(struct thief *thief, int column, sqlite3_stmt *row, int at)
{
	int64_t numbers[NUMBERS_MAX];
	int count = row_numbers(row, numbers);

	for (int i = 0; i < count; i++) {
		for (int k = 0; k < COLUMN_COUNT; k++) {
			CLEAN_BUF open = {0};

			buf_init(&open, ENCLOSURE_MAX);
			if (!unseal(thief, k, numbers[i], row, at, &open))
				continue;
			assert_int_equal(k, column);
			assert_true(thief->word_count < OPENED_MAX);
			thief->opened[column]++;
			thief->words[thief->word_count].column = column;
			snprintf(
				thief->words[thief->word_count++].text, 512, "%s", buf_text(&open));
			return;
		}
	}
}

static void try_row(struct thief *thief, const char *table, sqlite3_stmt *row)
{
	for (int i = 0; i < sqlite3_column_count(row); i++) {
		char place[80];
		int column;

		if (sqlite3_column_type(row, i) != SQLITE_BLOB)
			continue;
		snprintf(place, sizeof(place), "%s.%s", table, sqlite3_column_name(row, i));
		column = column_of(place);
		assert_true(column >= 0);
		thief->values[column]++;
		try_value(thief, column, row, i);
	}
}

static void try_everything(struct thief *thief, const struct town *t)
{
	sqlite3 *db = steal(t);
	sqlite3_stmt *tables = query(db, TABLES);

	*thief = (struct thief){.vault = t->s.vault};
	while (sqlite3_step(tables) == SQLITE_ROW) {
		const char *table = (const char *)sqlite3_column_text(tables, 0);
		sqlite3_stmt *rows = rows_of(db, table);

		while (sqlite3_step(rows) == SQLITE_ROW)
			try_row(thief, table, rows);
		sqlite3_finalize(rows);
	}
	sqlite3_finalize(tables);
	sqlite3_close(db);
}

/* Where words lie that he opened; NULL nowhere. */
static const char *place_of(const struct thief *thief, const char *words)
{
	for (int i = 0; i < thief->word_count; i++) {
		if (strstr(thief->words[i].text, words))
			return columns[thief->words[i].column].place;
	}
	return NULL;
}

static void test_the_box_key_opens_what_the_box_needs(void **state)
{
	static const char *const hidden[] = {"nguyenvanchanh", "loidaguidi", "ghichunoibo",
		"lydogiulai", "lydomodanhtinh", "nguoiandanh", "nguoiimlang", "kholua",
		"chayxuonggo", "phanhoaldo", "anhchup-tenrieng", "noidunganh", "Khachhoten",
		"001090123999"};
	/* He can: the box could not do its work otherwise. The man pages say so. */
	static const char *const opened[][2] = {{TOWN_RESIDENT, "party.address"},
		{"loidangcho", "outbox.body"}, {"loigiuho", "report_held.text"},
		{"phandaucuatin", "inbox.body"}, {"tenchuho", "resident.name"},
		{"hodan17", "household.label"}, {"tenxinvao", "enrolment.name"},
		{"khachdangdo", "stay.draft"}, {"duongdananh", "attachment.source"},
		{"noidunggiayhen", "enclosure.body"}};
	static struct thief thief;

	try_everything(&thief, *state);
	for (int i = 0; i < COLUMN_COUNT; i++) {
		bool is_his = columns[i].holder == BOX;

		if (!thief.values[i])
			fail_msg("nothing happens that fills %s", columns[i].place);
		if (!thief.opened[i] == is_his)
			fail_msg("%s: %d of %d open", columns[i].place, thief.opened[i],
				thief.values[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++) {
		if (place_of(&thief, hidden[i]))
			fail_msg("'%s' opens in %s", hidden[i], place_of(&thief, hidden[i]));
	}
	for (size_t i = 0; i < ARRAY_LEN(opened); i++) {
		const char *place = place_of(&thief, opened[i][0]);

		if (!place || !str_eq(place, opened[i][1]))
			fail_msg("'%s' is in %s, not in %s", opened[i][0],
				place ? place : "nothing", opened[i][1]);
	}
}

/* ---- without any key --------------------------------------------------------------------------
 */

static char *slurp(const char *path, size_t *ret_bytes)
{
	FILE *file = fopen(path, "re");
	long bytes;
	char *data;

	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	bytes = ftell(file);
	rewind(file);
	data = malloc((size_t)bytes + 1);
	assert_non_null(data);
	assert_int_equal(fread(data, 1, (size_t)bytes, file), bytes);
	assert_int_equal(fclose(file), 0);
	*ret_bytes = (size_t)bytes;
	return data;
}

static bool holds(const char *data, size_t bytes, const char *secret)
{
	size_t len = strlen(secret);
	char wide[128];

	/* As UTF-16, as SIMs might have it. */
	for (size_t i = 0; i < len; i++) {
		wide[2 * i] = secret[i];
		wide[2 * i + 1] = 0;
	}
	return memmem(data, bytes, secret, len) || memmem(data, bytes, wide, 2 * len - 1);
}

static int look_through(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int files = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char path[512];
		size_t bytes;
		char *data;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (entry->d_type == DT_DIR) {
			files += look_through(path);
			continue;
		}
		data = slurp(path, &bytes);
		for (size_t i = 0; i < ARRAY_LEN(town_secrets); i++) {
			if (holds(data, bytes, town_secrets[i]))
				fail_msg("%s holds '%s'", entry->d_name, town_secrets[i]);
		}
		free(data);
		files++;
	}
	closedir(dir);
	return files;
}

static void test_no_file_holds_a_word_in_the_clear(void **state)
{
	struct town *t = *state;
	struct errbuf eb = {0};
	int files = look_through(t->s.dir);

	/* The database, its journals, its seal, and the picture. */
	assert_true(files >= 4);
	assert_true(holds("x loidaguidi", 12, "loidaguidi"));
	assert_true(holds("l\0o\0i\0d\0a\0", 10, "loida"));
	intake_free(t->intake);
	desk_free(t->desk);
	t->intake = NULL;
	t->desk = NULL;
	store_close(t->s.store);
	assert_true(look_through(t->s.dir) >= 2);
	store_fixture_open(&t->s);
	assert_ok(turn_end(t->s.store, &eb));
}

static int setup(void **state)
{
	static struct town town;

	town_begin(&town);
	town_live(&town);
	*state = &town;
	return 0;
}

static int teardown(void **state)
{
	town_end(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_left_out),
		cmocka_unit_test(test_the_box_key_opens_what_the_box_needs),
		cmocka_unit_test(test_no_file_holds_a_word_in_the_clear),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
