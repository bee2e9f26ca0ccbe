/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ladder, with steps that only this test has. */
#include "tests/unit/store/support.h"

#include "store/internal.h"

#define STEP_2 "CREATE TABLE step_2 (id INTEGER PRIMARY KEY) STRICT; INSERT INTO step_2 VALUES (1);"
#define STEP_3 "ALTER TABLE step_2 ADD COLUMN words TEXT; UPDATE step_2 SET words = 'three';"

/* The steps of this test stand on the real ones: its version 1 is the newest schema. */
static int step(int version)
{
	return store_migration_count - 1 + version;
}

static enum err climb_to(struct store_fixture *f, int version, const char *second,
	const char *third, struct errbuf *eb)
{
	struct migration ladder[64];
	const int top = store_migration_count;

	assert_true(top + 2 <= (int)ARRAY_LEN(ladder));
	memcpy(ladder, store_migrations, (size_t)top * sizeof(ladder[0]));
	ladder[top] = (struct migration){step(2), second};
	ladder[top + 1] = (struct migration){step(3), third};
	f->store = NULL;
	return store_open_with(
		&(struct store_options){
			.path = f->path, .vault = f->vault, .clock = &f->clock.clock},
		ladder, step(version), &f->store, eb);
}

/* A database of version 1 with a row, closed. */
static void leave_version_1(struct store_fixture *f)
{
	add_inbox(f, "1", "x");
	end_turn(f);
	close_store(f);
}

static void path_of(struct store_fixture *f, const char *suffix, char path[160])
{
	snprintf(path, 160, "%s%s", f->path, suffix);
}

static void before_path(struct store_fixture *f, int version, const char *suffix, char path[160])
{
	snprintf(path, 160, "%s.before-%d%s", f->path, step(version), suffix);
}

static void test_a_new_database_climbs_without_a_backup(void **state)
{
	struct store_fixture *f = *state;
	char backup[160];

	close_store(f);
	snprintf(f->path, sizeof(f->path), "%s/new.db", f->dir);
	assert_ok(climb_to(f, 3, STEP_2, STEP_3, NULL));
	assert_int_equal(store_schema_version(f->store), step(3));
	assert_int_equal(raw_int(f->path, "PRAGMA user_version"), step(3));
	assert_int_equal(raw_int(f->path, "PRAGMA application_id"), STORE_APPLICATION_ID);
	before_path(f, 3, "", backup);
	assert_int_equal(access(backup, F_OK), -1);
}

static void test_an_old_database_climbs_and_keeps_its_rows(void **state)
{
	struct store_fixture *f = *state;

	leave_version_1(f);
	assert_ok(climb_to(f, 3, STEP_2, STEP_3, NULL));
	assert_int_equal(store_schema_version(f->store), step(3));
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox"), 1);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM step_2 WHERE words = 'three'"), 1);
	close_store(f);
	/* The old program meets it now. */
	f->store = NULL;
	assert_err(climb_to(f, 1, NULL, NULL, NULL), ERR_NEWER_SCHEMA);
}

static void test_the_backup_is_the_old_database(void **state)
{
	struct store_fixture *f = *state;
	mode_t umask_before = umask(0);
	char backup[160], draft[160];
	struct buf body;

	leave_version_1(f);
	assert_ok(climb_to(f, 2, STEP_2, NULL, NULL));
	umask(umask_before);
	close_store(f);
	before_path(f, 2, "", backup);
	before_path(f, 2, ".new", draft);
	assert_int_equal(access(draft, F_OK), -1);
	assert_int_equal(mode_of(backup), 0600);
	assert_int_equal(raw_int(backup, "PRAGMA user_version"), step(1));
	assert_int_equal(
		raw_int(backup, "SELECT count(*) FROM sqlite_schema WHERE name = 'step_2'"), 0);
	/* Put back, it is what it was. */
	use_path(f, backup);
	store_fixture_open(f);
	buf_init(&body, 16);
	assert_ok(inbox_body(f->store, 1, &body));
	assert_string_equal(buf_text(&body), "x");
	buf_done(&body);
}

/* What only the WAL of a crash holds is in the backup as well. */
static void test_the_backup_holds_what_a_crash_left_in_the_wal(void **state)
{
	struct store_fixture *f = *state;
	size_t bytes, wal_bytes;
	char *data, *wal_data;
	char wal[160], backup[160];

	add_inbox(f, "1", "x");
	end_turn(f);
	path_of(f, "-wal", wal);
	data = slurp(f->path, &bytes);
	wal_data = slurp(wal, &wal_bytes);
	assert_true(wal_bytes > 0);
	close_store(f);
	snprintf(f->path, sizeof(f->path), "%s/crashed.db", f->dir);
	path_of(f, "-wal", wal);
	spill(f->path, data, bytes);
	spill(wal, wal_data, wal_bytes);
	assert_ok(climb_to(f, 2, STEP_2, NULL, NULL));
	before_path(f, 2, "", backup);
	assert_int_equal(raw_int(backup, "SELECT count(*) FROM inbox"), 1);
	free(data);
	free(wal_data);
}

static void test_rubbish_in_the_way_of_the_backup_is_replaced(void **state)
{
	struct store_fixture *f = *state;
	char backup[160], draft[160];

	leave_version_1(f);
	before_path(f, 2, "", backup);
	before_path(f, 2, ".new", draft);
	spill(backup, "half a copy", 11);
	spill(draft, "half a copy", 11);
	assert_ok(climb_to(f, 2, STEP_2, NULL, NULL));
	assert_int_equal(raw_int(backup, "SELECT count(*) FROM inbox"), 1);
}

static void test_without_a_backup_nothing_is_changed(void **state)
{
	struct store_fixture *f = *state;
	struct errbuf eb = {0};
	char backup[160];

	leave_version_1(f);
	before_path(f, 2, "", backup);
	assert_int_equal(mkdir(backup, 0700), 0);
	assert_int_not_equal(climb_to(f, 2, STEP_2, NULL, &eb), ERR_OK);
	assert_null(f->store);
	assert_non_null(strstr(eb.text, "nothing was changed"));
	assert_int_equal(raw_int(f->path, "PRAGMA user_version"), step(1));
	assert_int_equal(rmdir(backup), 0);
	assert_ok(climb_to(f, 2, STEP_2, NULL, NULL));
}

static void test_a_step_that_fails_leaves_the_version_before(void **state)
{
	struct store_fixture *f = *state;
	struct errbuf eb = {0};
	char words[64];

	leave_version_1(f);
	assert_err(climb_to(f, 2, STEP_2 "INSERT INTO nowhere VALUES (1);", NULL, &eb), ERR_BUG);
	assert_null(f->store);
	snprintf(words, sizeof(words), "migration to schema %d", step(2));
	assert_non_null(strstr(eb.text, words));
	assert_int_equal(raw_int(f->path, "PRAGMA user_version"), step(1));
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM sqlite_schema WHERE name = 'step_2'"), 0);
	/* The program before goes on, and a mended one climbs. */
	store_fixture_open(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox"), 1);
	close_store(f);
	assert_ok(climb_to(f, 2, STEP_2, NULL, NULL));
}

static void test_steps_before_the_one_that_fails_stay(void **state)
{
	struct store_fixture *f = *state;

	leave_version_1(f);
	assert_err(climb_to(f, 3, STEP_2, "nonsense", NULL), ERR_BUG);
	assert_int_equal(raw_int(f->path, "PRAGMA user_version"), step(2));
	assert_ok(climb_to(f, 3, STEP_2, STEP_3, NULL));
	assert_int_equal(store_schema_version(f->store), step(3));
}

/* The very first step is whole or not there: a start that died in it is a fresh start next time. */
static void test_a_first_start_that_fails_can_be_repeated(void **state)
{
	const struct migration broken[] = {{1, "CREATE TABLE meta (name TEXT); nonsense"}};
	const struct migration no_meta[] = {{1, "CREATE TABLE party (id INTEGER)"}};
	struct store_fixture *f = *state;
	struct store_options options = {
		.path = f->path, .vault = f->vault, .clock = &f->clock.clock};

	close_store(f);
	snprintf(f->path, sizeof(f->path), "%s/new.db", f->dir);
	f->store = NULL;
	assert_err(store_open_with(&options, broken, 1, &f->store, NULL), ERR_BUG);
	assert_err(store_open_with(&options, no_meta, 1, &f->store, NULL), ERR_BUG);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM sqlite_schema"), 0);
	store_fixture_open(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM meta WHERE name = 'key_check'"), 1);
}

static void test_another_key_stops_before_the_ladder(void **state)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {9};
	struct store_fixture *f = *state;
	struct vault *vault = f->vault;
	char backup[160];

	leave_version_1(f);
	assert_ok(vault_new(key, &f->vault));
	assert_err(climb_to(f, 2, STEP_2, NULL, NULL), ERR_WRONG_KEY);
	vault_free(f->vault);
	f->vault = vault;
	assert_int_equal(raw_int(f->path, "PRAGMA user_version"), step(1));
	before_path(f, 2, "", backup);
	assert_int_equal(access(backup, F_OK), -1);
}

/* A typo in a statement would be found at the start, not at the first alarm. */
static void test_statements_that_do_not_fit_stop_the_start(void **state)
{
	struct store_fixture *f = *state;
	struct errbuf eb = {0};

	leave_version_1(f);
	assert_err(climb_to(f, 2, "ALTER TABLE quarantine RENAME TO aside;", NULL, &eb), ERR_BUG);
	assert_non_null(strstr(eb.text, "statement QUARANTINE_ADD"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_new_database_climbs_without_a_backup),
		STORE_TEST(test_an_old_database_climbs_and_keeps_its_rows),
		STORE_TEST(test_the_backup_is_the_old_database),
		STORE_TEST(test_the_backup_holds_what_a_crash_left_in_the_wal),
		STORE_TEST(test_rubbish_in_the_way_of_the_backup_is_replaced),
		STORE_TEST(test_without_a_backup_nothing_is_changed),
		STORE_TEST(test_a_step_that_fails_leaves_the_version_before),
		STORE_TEST(test_steps_before_the_one_that_fails_stay),
		STORE_TEST(test_a_first_start_that_fails_can_be_repeated),
		STORE_TEST(test_another_key_stops_before_the_ladder),
		STORE_TEST(test_statements_that_do_not_fit_stop_the_start),
	};

	return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
