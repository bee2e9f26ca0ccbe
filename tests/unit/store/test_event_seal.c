/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of the log: what was cut off, added or put back is found at the next opening, and by a
 * walk; and that nobody makes a chain without the key. */
#include "tests/unit/store/support.h"

#include "store/event_chain.h"
#include "store/event_walk.h"

#define EVENTS 6

static void fill(struct store_fixture *f)
{
	clock_virtual_advance(&f->clock, 1);
	for (int i = 0; i < EVENTS; i++)
		assert_ok(event_add(f->store, "report.received", "report/1", "system", "{}"));
	end_turn(f);
}

static void anchor(struct store_fixture *f)
{
	struct event_anchor anchor;

	assert_ok(event_anchor_make(f->store, &anchor));
	assert_ok(event_anchor_write(&anchor));
	assert_ok(event_anchor_done(f->store));
	end_turn(f);
}

static void reopen(struct store_fixture *f)
{
	close_store(f);
	store_fixture_open(f);
}

static void raw(struct store_fixture *f, const char *sql)
{
	assert_int_equal(raw_exec(f->path, sql), SQLITE_OK);
}

static void drop_triggers(struct store_fixture *f)
{
	raw(f, "DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete");
}

static struct event_finding walk(struct store_fixture *f)
{
	struct event_walk_result result;
	struct event_walk *walk;
	bool is_done = false;

	assert_ok(event_walk_open(f->path, f->vault, &walk, NULL));
	while (!is_done)
		assert_ok(event_walk_step(walk, 4, &is_done));
	result = event_walk_result(walk);
	event_walk_close(walk);
	return result.finding;
}

static void assert_finding(struct event_finding finding, enum event_fault fault, int64_t event_id)
{
	assert_string_equal(event_fault_text(finding.fault), event_fault_text(fault));
	assert_int_equal(finding.event_id, event_id);
}

static void assert_found(struct store_fixture *f, enum event_fault fault, int64_t event_id)
{
	assert_finding(walk(f), fault, event_id);
	reopen(f);
	assert_finding(event_opened(f->store), fault, event_id);
}

static void test_all_is_well(void **state)
{
	struct store_fixture *f = *state;

	assert_found(f, EVENT_FAULT_NONE, 0);
	fill(f);
	assert_found(f, EVENT_FAULT_NONE, 0);
	anchor(f);
	fill(f);
	assert_found(f, EVENT_FAULT_NONE, 0);
}

static void test_a_cut_end_is_found(void **state)
{
	struct store_fixture *f = *state;

	fill(f);
	drop_triggers(f);
	raw(f, "DELETE FROM event WHERE id > 4");
	assert_found(f, EVENT_FAULT_CUT, 5);
}

static void test_an_empty_log_is_found(void **state)
{
	struct store_fixture *f = *state;

	fill(f);
	drop_triggers(f);
	raw(f, "DELETE FROM event");
	assert_found(f, EVENT_FAULT_CUT, 1);
}

/* A row that hangs on the last one as a row should, but for the key. */
static void test_a_row_without_the_key_is_found(void **state)
{
	struct event row = {
		.id = EVENTS + 1, .kind = "a", .subject = "", .actor = "system", .data = "{}"};
	struct store_fixture *f = *state;
	struct event_head last;
	char hex[2 * VAULT_HASH_BYTES + 1], *sql;

	fill(f);
	assert_ok(event_last(f->store, &last));
	event_link(f->vault, INT64_MAX, last.hash, &row, row.hash);
	str_hex(row.hash, sizeof(row.hash), hex);
	sql = sqlite3_mprintf("INSERT INTO event VALUES (%d, 0, 'a', '', 'system', '{}', x'%s')",
		EVENTS + 1, hex);
	raw(f, sql);
	sqlite3_free(sql);
	assert_finding(walk(f), EVENT_FAULT_ALTERED, EVENTS + 1);
	reopen(f);
	assert_finding(event_opened(f->store), EVENT_FAULT_ADDED, EVENTS + 1);
}

/* One that was there once, cut off and put back behind an older seal. */
static void test_rows_behind_the_seal_are_found(void **state)
{
	struct store_fixture *f = *state;

	fill(f);
	raw(f, "CREATE TABLE older AS SELECT * FROM event_seal WHERE name = 'head'");
	fill(f);
	raw(f, "UPDATE event_seal SET value = (SELECT value FROM older) WHERE name = 'head'");
	assert_found(f, EVENT_FAULT_ADDED, EVENTS + 1);
}

static void test_a_lost_seal_is_found(void **state)
{
	struct store_fixture *f = *state;

	fill(f);
	raw(f, "DELETE FROM event_seal WHERE name = 'head'");
	assert_found(f, EVENT_FAULT_SEAL, EVENTS);
	/* From the next turn on there is one again. */
	fill(f);
	assert_found(f, EVENT_FAULT_NONE, 0);
}

static void test_a_false_seal_is_found(void **state)
{
	struct store_fixture *f = *state;

	fill(f);
	raw(f, "UPDATE event_seal SET value = zeroblob(length(value)) WHERE name = 'head'");
	assert_found(f, EVENT_FAULT_SEAL, EVENTS);
}

/* One seal does not stand for another. */
static void test_a_seal_in_the_place_of_another_is_found(void **state)
{
	struct store_fixture *f = *state;
	struct event_head last;

	fill(f);
	assert_ok(event_last(f->store, &last));
	assert_ok(event_verified(f->store, &last));
	end_turn(f);
	raw(f, "UPDATE event_seal SET value = (SELECT value FROM event_seal WHERE name = 'verified')"
	       " WHERE name = 'head'");
	assert_found(f, EVENT_FAULT_SEAL, EVENTS);
}

static void test_an_older_copy_is_found(void **state)
{
	struct store_fixture *f = *state;
	size_t bytes;
	char *copy;

	fill(f);
	close_store(f);
	copy = slurp(f->path, &bytes);
	store_fixture_open(f);
	fill(f);
	anchor(f);
	close_store(f);
	spill(f->path, copy, bytes);
	free(copy);
	store_fixture_open(f);
	assert_finding(event_opened(f->store), EVENT_FAULT_OLDER, 2 * EVENTS);
	clock_virtual_advance(&f->clock, HOUR_MS);
	/* As long as nobody has said what the end is now. */
	fill(f);
	fill(f);
	reopen(f);
	assert_finding(event_opened(f->store), EVENT_FAULT_OLDER, 2 * EVENTS);
	anchor(f);
	assert_found(f, EVENT_FAULT_NONE, 0);
}

static void test_a_lost_or_false_file_is_found(void **state)
{
	struct store_fixture *f = *state;
	char path[160];

	snprintf(path, sizeof(path), "%s.head", f->path);
	fill(f);
	spill(path, "rubbish\n", 8);
	reopen(f);
	assert_finding(event_opened(f->store), EVENT_FAULT_ANCHOR, EVENTS);
	unlink(path);
	/* It was never written: nothing is missed. */
	reopen(f);
	assert_finding(event_opened(f->store), EVENT_FAULT_NONE, 0);
	anchor(f);
	assert_int_equal(mode_of(path), 0600);
	unlink(path);
	reopen(f);
	assert_finding(event_opened(f->store), EVENT_FAULT_ANCHOR, EVENTS);
}

/* What a program wrote that did not key its hashes yet. */
static void leave_unkeyed(struct store_fixture *f)
{
	static const uint8_t zeros[VAULT_HASH_BYTES];
	const uint8_t *before = zeros;
	struct event rows[EVENTS];
	CLEAN_BUF sealed = {0};
	sqlite3_stmt *stmt;
	sqlite3 *db;

	close_store(f);
	buf_init(&sealed, 256);
	assert_ok(vault_seal(f->vault, "meta.value", 0, "binhyen box key", 15, &sealed));
	db = raw_open(f->path);
	assert_int_equal(
		sqlite3_prepare_v2(
			db, "UPDATE meta SET value = ?1 WHERE name = 'key_check'", -1, &stmt, NULL),
		SQLITE_OK);
	sqlite3_bind_blob(stmt, 1, sealed.data, (int)sealed.len, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(stmt), SQLITE_DONE);
	sqlite3_finalize(stmt);
	assert_int_equal(sqlite3_exec(db, "UPDATE event_seal SET value = x'' WHERE name = 'keyed'",
				 NULL, NULL, NULL),
		SQLITE_OK);
	for (int i = 0; i < EVENTS; i++) {
		char hex[2 * VAULT_HASH_BYTES + 1], *sql;

		rows[i] = (struct event){
			.id = i + 1, .kind = "a", .subject = "", .actor = "system", .data = "{}"};
		event_link(f->vault, INT64_MAX, before, &rows[i], rows[i].hash);
		before = rows[i].hash;
		str_hex(rows[i].hash, sizeof(rows[i].hash), hex);
		sql = sqlite3_mprintf(
			"INSERT INTO event VALUES (%d, 0, 'a', '', 'system', '{}', x'%s')", i + 1,
			hex);
		assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
		sqlite3_free(sql);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void test_rows_of_before_stay_and_new_ones_are_keyed(void **state)
{
	struct store_fixture *f = *state;
	int64_t count, bad;

	leave_unkeyed(f);
	assert_finding(walk(f), EVENT_FAULT_NONE, 0);
	store_fixture_open(f);
	assert_found(f, EVENT_FAULT_NONE, 0);
	fill(f);
	assert_ok(event_verify(f->store, &count, &bad));
	assert_int_equal(count, 2 * EVENTS);
	assert_found(f, EVENT_FAULT_NONE, 0);
	/* An old one is held by the first keyed one. */
	drop_triggers(f);
	raw(f, "UPDATE event SET at_ms = 1 WHERE id = 3");
	assert_finding(walk(f), EVENT_FAULT_ALTERED, 3);
	raw(f, "UPDATE event SET at_ms = 0 WHERE id = 3");
	assert_finding(walk(f), EVENT_FAULT_NONE, 0);
	/* All of them as old ones: made anew without a key, they would fit. */
	raw(f, "UPDATE event_seal SET value = x'' WHERE name = 'keyed'");
	reopen(f);
	assert_finding(event_opened(f->store), EVENT_FAULT_SEAL, 2 * EVENTS);
}

/* A database that was made with a keyed log can't be made to count as an old one. */
static void test_a_new_log_is_never_an_old_one(void **state)
{
	struct store_fixture *f = *state;

	fill(f);
	drop_triggers(f);
	raw(f, "UPDATE event_seal SET value = x'' WHERE name = 'keyed';"
	       "DELETE FROM event_seal WHERE name = 'head'");
	assert_found(f, EVENT_FAULT_SEAL, EVENTS);
}

static void test_a_file_of_another_key_is_refused(void **state)
{
	static const uint8_t key[VAULT_KEY_BYTES] = {9};
	struct store_fixture *f = *state;
	struct errbuf eb = {0};
	struct event_walk *walk;
	struct vault *other;
	char path[160];

	fill(f);
	assert_ok(vault_new(key, &other));
	assert_err(event_walk_open(f->path, other, &walk, &eb), ERR_WRONG_KEY);
	vault_free(other);
	assert_non_null(strstr(eb.text, "another box key"));
	snprintf(path, sizeof(path), "%s/none.db", f->dir);
	assert_err(event_walk_open(path, f->vault, &walk, &eb), ERR_NOT_FOUND);
	spill(path, "no database at all, but long enough to be read as a header .......", 64);
	assert_err(event_walk_open(path, f->vault, &walk, &eb), ERR_CORRUPT);
}

static void test_a_fault_is_kept_once_until_it_is_seen(void **state)
{
	struct store_fixture *f = *state;
	int64_t count;

	assert_ok(event_fault_add(f->store, &(struct event_finding){EVENT_FAULT_CUT, 5}));
	assert_err(
		event_fault_add(f->store, &(struct event_finding){EVENT_FAULT_CUT, 5}), ERR_EXISTS);
	assert_ok(event_fault_add(f->store, &(struct event_finding){EVENT_FAULT_CUT, 6}));
	assert_ok(event_fault_count(f->store, &count));
	assert_int_equal(count, 2);
	assert_ok(event_fault_seen(f->store, 1, "officer:ctl"));
	assert_err(event_fault_seen(f->store, 1, "officer:ctl"), ERR_STATE);
	assert_err(event_fault_seen(f->store, 9, "officer:ctl"), ERR_NOT_FOUND);
	assert_ok(event_fault_count(f->store, &count));
	assert_int_equal(count, 1);
}

static void test_a_day_is_closed_once(void **state)
{
	struct store_fixture *f = *state;
	struct event_day day = {.day = 20000, .closed_ms = 5}, got;

	fill(f);
	assert_ok(event_last(f->store, &day.head));
	assert_err(event_day_last(f->store, &got), ERR_NOT_FOUND);
	assert_ok(event_day_add(f->store, &day));
	assert_err(event_day_add(f->store, &day), ERR_EXISTS);
	assert_ok(event_day_load(f->store, 20000, &got));
	assert_int_equal(got.head.id, EVENTS);
	assert_memory_equal(got.head.hash, day.head.hash, sizeof(day.head.hash));
	assert_ok(event_day_last(f->store, &got));
	assert_int_equal(got.day, 20000);
}

static void test_a_setting_changed_when_its_value_is_another(void **state)
{
	struct store_fixture *f = *state;
	bool is_changed = true;

	assert_ok(setting_seen(f->store, "zalo.poll_s", "30", &is_changed));
	assert_false(is_changed);
	assert_ok(setting_seen(f->store, "zalo.poll_s", "30", &is_changed));
	assert_false(is_changed);
	assert_ok(setting_seen(f->store, "zalo.poll_s", "60", &is_changed));
	assert_true(is_changed);
	assert_ok(setting_seen(f->store, "zalo.poll_s", "60", &is_changed));
	assert_false(is_changed);
}

static void test_digits_are_in_groups(void **state)
{
	uint8_t hash[VAULT_HASH_BYTES] = {0x3f, 0x2a, 0x91, 0xbc, 0x77, 0xd0, 0x1e, 0x5f, 0xff};
	char digits[EVENT_DIGITS_BYTES];

	(void)state;
	event_digits(hash, digits);
	assert_string_equal(digits, "3F2A 91BC 77D0 1E5F");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_all_is_well),
		STORE_TEST(test_a_cut_end_is_found),
		STORE_TEST(test_an_empty_log_is_found),
		STORE_TEST(test_a_row_without_the_key_is_found),
		STORE_TEST(test_rows_behind_the_seal_are_found),
		STORE_TEST(test_a_lost_seal_is_found),
		STORE_TEST(test_a_false_seal_is_found),
		STORE_TEST(test_a_seal_in_the_place_of_another_is_found),
		STORE_TEST(test_an_older_copy_is_found),
		STORE_TEST(test_a_lost_or_false_file_is_found),
		STORE_TEST(test_rows_of_before_stay_and_new_ones_are_keyed),
		STORE_TEST(test_a_new_log_is_never_an_old_one),
		STORE_TEST(test_a_file_of_another_key_is_refused),
		STORE_TEST(test_a_fault_is_kept_once_until_it_is_seen),
		STORE_TEST(test_a_day_is_closed_once),
		STORE_TEST(test_a_setting_changed_when_its_value_is_another),
		cmocka_unit_test(test_digits_are_in_groups),
	};

	return cmocka_run_group_tests_name("event_seal", tests, NULL, NULL);
}
