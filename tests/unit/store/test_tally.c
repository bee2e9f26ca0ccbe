/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The counts by state are those of the rows, whatever happened to them. */
#include "tests/unit/store/support.h"

#include "store/internal.h"

static int64_t rows(struct store_fixture *f, const char *table, const char *state)
{
	char sql[128];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s WHERE state = '%s'", table, state);
	return raw_int(f->path, sql);
}

static void check_counts(struct store_fixture *f)
{
	static const char *const reports[] = {"open", "answered", "closed"};
	int64_t count, all = 0;

	end_turn(f);
	for (int i = 0; i <= INBOX_IGNORED; i++) {
		assert_ok(inbox_count(f->store, (enum inbox_state)i, &count));
		assert_int_equal(count, rows(f, "inbox", inbox_state_text((enum inbox_state)i)));
	}
	for (int i = 0; i <= OUTBOX_CANCELLED; i++) {
		assert_ok(outbox_count(f->store, (enum outbox_state)i, &count));
		assert_int_equal(count, rows(f, "outbox", outbox_state_text((enum outbox_state)i)));
	}
	for (size_t i = 0; i < ARRAY_LEN(reports); i++) {
		assert_ok(report_count(f->store, reports[i], &count));
		assert_int_equal(count, rows(f, "report", reports[i]));
		all += count;
	}
	assert_ok(report_count(f->store, NULL, &count));
	assert_int_equal(count, all);
}

static void some_life(struct store_fixture *f)
{
	struct report report;
	int64_t id = queue(f, message_to(party_of(f, RESIDENT), LANE_ANSWER));

	assert_ok(move_to(f, id, OUTBOX_CLAIMED));
	assert_ok(move_to(f, id, OUTBOX_QUEUED));
	assert_ok(move_to(f, id, OUTBOX_CLAIMED));
	assert_ok(move_to(f, id, OUTBOX_FAILED));
	queue(f, message_to(party_of(f, RESIDENT), LANE_ANSWER));
	assert_ok(inbox_move(f->store, add_inbox(f, "1", "x"), INBOX_HANDLED, 0, NULL));
	add_inbox(f, "2", "x");
	for (int i = 0; i < 3; i++)
		assert_ok(report_add(f->store,
			&(struct report_new){.party_id = party_of(f, RESIDENT),
				.source = "modem",
				.received_ms = f->clock.wall,
				.text = "x"},
			&report));
	assert_ok(report_set_state(f->store, report.id, "answered"));
	assert_ok(report_set_state(f->store, report.id, "answered"));
}

static void test_counts_are_those_of_the_rows(void **state)
{
	struct store_fixture *f = *state;
	int64_t count;

	check_counts(f);
	some_life(f);
	check_counts(f);
	assert_ok(report_count(f->store, NULL, &count));
	assert_int_equal(count, 3);
	assert_ok(outbox_count(f->store, OUTBOX_QUEUED, &count));
	assert_int_equal(count, 1);
}

static void test_what_is_undone_was_never_counted(void **state)
{
	struct store_fixture *f = *state;

	some_life(f);
	end_turn(f);
	assert_ok(store_savepoint_begin(f->store));
	add_inbox(f, "3", "x");
	store_savepoint_rollback(f->store);
	check_counts(f);
	add_inbox(f, "4", "x");
	turn_abort(f->store, ERR_DISK_FULL);
	check_counts(f);
	store_close(f->store);
	store_fixture_open(f);
	check_counts(f);
}

static void must_run(sqlite3 *db, const char *sql)
{
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void test_an_older_database_is_counted_once(void **state)
{
	struct store_fixture *f = *state;
	char path[160];
	sqlite3 *db;
	int i = 0;

	snprintf(path, sizeof(path), "%s/older.db", f->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (; !strstr(store_migrations[i].sql, "CREATE TABLE tally"); i++)
		must_run(db, store_migrations[i].sql);
	must_run(db,
		"INSERT INTO party (id,kind,hash,address,state,created_ms,last_in_ms)"
		" VALUES (1,'phone',zeroblob(32),x'00','active',1,1);"
		"INSERT INTO report (id,year,number,code,party_id,source,category,urgency,hamlet,"
		"state,received_ms,sent_ms,is_incomplete)"
		" VALUES (1,2026,1,'a',1,'modem','','','','open',1,1,0),"
		"(2,2026,2,'b',1,'modem','','','','open',1,1,0),"
		"(3,2026,3,'c',1,'modem','','','','closed',1,1,0);");
	must_run(db, store_migrations[i].sql);
	must_run(db,
		"UPDATE report SET state = 'answered' WHERE id = 1; DELETE FROM report WHERE id = 3;");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(raw_int(path, "SELECT count FROM tally WHERE state = 'open'"), 1);
	assert_int_equal(raw_int(path, "SELECT count FROM tally WHERE state = 'answered'"), 1);
	assert_int_equal(raw_int(path, "SELECT count FROM tally WHERE state = 'closed'"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_counts_are_those_of_the_rows),
		STORE_TEST(test_what_is_undone_was_never_counted),
		STORE_TEST(test_an_older_database_is_counted_once),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
