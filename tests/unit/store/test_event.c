/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The chain, and that whoever changes the file behind it is found out. */
#include "tests/unit/store/support.h"

#include "store/event_walk.h"

#define EVENTS 6

static void fill(struct store_fixture *f)
{
	for (int i = 0; i < EVENTS; i++) {
		char data[32];

		snprintf(data, sizeof(data), "{\"n\":%d}", i);
		clock_virtual_advance(&f->clock, 1);
		assert_ok(event_add(f->store, "report.received", "report/1", "system", data));
	}
	end_turn(f);
}

/* What a walk beside the daemon finds, in pieces of two rows. */
static struct event_walk_result walk(struct store_fixture *f)
{
	struct event_walk_result result;
	struct event_walk *walk;
	bool is_done = false;

	assert_ok(event_walk_open(f->path, f->vault, &walk, NULL));
	while (!is_done)
		assert_ok(event_walk_step(walk, 2, &is_done));
	result = event_walk_result(walk);
	event_walk_close(walk);
	return result;
}

static void assert_finding(struct event_finding finding, enum event_fault fault, int64_t event_id)
{
	assert_string_equal(event_fault_text(finding.fault), event_fault_text(fault));
	assert_int_equal(finding.event_id, event_id);
}

static void assert_whole(struct store_fixture *f, int64_t expected)
{
	int64_t count = -1, bad = -1;

	assert_ok(event_verify(f->store, &count, &bad));
	assert_int_equal(count, expected);
	assert_int_equal(bad, -1);
}

/* The same beside the daemon, which sees what is committed. */
static void assert_sealed(struct store_fixture *f, int64_t expected)
{
	struct event_walk_result result = walk(f);

	assert_finding(result.finding, EVENT_FAULT_NONE, 0);
	assert_int_equal(result.last.id, expected);
}

static void assert_broken_at(struct store_fixture *f, int64_t expected)
{
	int64_t count = -1, bad = -1;

	assert_err(event_verify(f->store, &count, &bad), ERR_CORRUPT);
	assert_int_equal(count, -1);
	assert_int_equal(bad, expected);
	assert_finding(walk(f).finding, EVENT_FAULT_ALTERED, expected);
}

/* With the triggers out of the way, as one who has the file can do. */
static void tamper(struct store_fixture *f, const char *sql)
{
	char *all = sqlite3_mprintf(
		"DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete; %s", sql);

	assert_int_equal(raw_exec(f->path, all), SQLITE_OK);
	sqlite3_free(all);
}

static void test_a_chain_is_whole_from_the_first_to_the_last(void **state)
{
	struct store_fixture *f = *state;

	assert_whole(f, 0);
	fill(f);
	assert_whole(f, EVENTS);
	close_store(f);
	store_fixture_open(f);
	fill(f);
	assert_whole(f, 2 * EVENTS);
	assert_sealed(f, 2 * EVENTS);
	assert_finding(event_opened(f->store), EVENT_FAULT_NONE, 0);
}

static void test_a_lost_turn_leaves_the_chain_whole(void **state)
{
	struct store_fixture *f = *state;

	fill(f);
	assert_ok(event_add(f->store, "a", "", "system", "{}"));
	turn_abort(f->store, ERR_DISK_FULL);
	assert_ok(event_add(f->store, "b", "", "system", "{}"));
	assert_ok(store_savepoint_begin(f->store));
	assert_ok(event_add(f->store, "c", "", "system", "{}"));
	store_savepoint_rollback(f->store);
	assert_ok(event_add(f->store, "d", "", "system", "{}"));
	assert_whole(f, EVENTS + 2);
}

static void test_every_altered_column_is_found(void **state)
{
	static const char *const changes[] = {"at_ms = at_ms + 1", "kind = 'report.receivee'",
		"subject = 'report/2'", "actor = 'officer:x'", "data = '{}'", "hash = zeroblob(32)",
		/* What is taken from one column and added to the next. */
		"kind = kind || substr(subject, 1, 1), subject = substr(subject, 2)"};
	struct store_fixture *f = *state;

	fill(f);
	tamper(f, "CREATE TABLE safe AS SELECT * FROM event");
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		char *sql = sqlite3_mprintf("UPDATE event SET %s WHERE id = 3", changes[i]);

		assert_int_equal(raw_exec(f->path, sql), SQLITE_OK);
		sqlite3_free(sql);
		assert_broken_at(f, 3);
		assert_int_equal(raw_exec(f->path,
					 "DELETE FROM event; INSERT INTO event SELECT * FROM safe"),
			SQLITE_OK);
		assert_whole(f, EVENTS);
	}
}

static void test_dropped_rows_are_found(void **state)
{
	struct store_fixture *f = *state;

	fill(f);
	tamper(f, "DELETE FROM event WHERE id = 3");
	assert_broken_at(f, 4);
	assert_int_equal(raw_exec(f->path, "UPDATE event SET id = id - 1 WHERE id > 3"), SQLITE_OK);
	assert_broken_at(f, 3);
}

static void test_a_dropped_beginning_is_found(void **state)
{
	struct store_fixture *f = *state;

	fill(f);
	tamper(f, "DELETE FROM event WHERE id = 1");
	assert_broken_at(f, 2);
}

static void test_inserted_rows_are_found(void **state)
{
	struct store_fixture *f = *state;

	fill(f);
	tamper(f,
		"INSERT INTO event SELECT 0, at_ms, kind, subject, actor, data, hash FROM event WHERE id = 1");
	assert_broken_at(f, 0);
	assert_int_equal(
		raw_exec(f->path,
			"DELETE FROM event WHERE id = 0;"
			"INSERT INTO event SELECT 7, at_ms, kind, subject, actor, data, hash FROM event WHERE id = 6"),
		SQLITE_OK);
	assert_broken_at(f, 7);
}

static void test_swapped_rows_are_found(void **state)
{
	struct store_fixture *f = *state;

	fill(f);
	tamper(f, "UPDATE event SET id = 100 WHERE id = 2; UPDATE event SET id = 2 WHERE id = 5;"
		  "UPDATE event SET id = 5 WHERE id = 100");
	assert_broken_at(f, 2);
}

static void test_rows_can_be_neither_changed_nor_deleted(void **state)
{
	struct store_fixture *f = *state;

	fill(f);
	assert_int_equal(
		raw_exec(f->path, "UPDATE event SET kind = 'x'") & 0xff, SQLITE_CONSTRAINT);
	assert_int_equal(
		raw_exec(f->path, "DELETE FROM event WHERE id = 6") & 0xff, SQLITE_CONSTRAINT);
	assert_int_equal(raw_exec(f->path, "DELETE FROM event") & 0xff, SQLITE_CONSTRAINT);
	assert_whole(f, EVENTS);
	/* REPLACE passes by the triggers; the chain tells. */
	assert_int_equal(
		raw_exec(f->path,
			"INSERT OR REPLACE INTO event SELECT 3, at_ms, kind, subject, actor, 'x', hash FROM event WHERE id = 3"),
		SQLITE_OK);
	assert_broken_at(f, 3);
}

static void test_data_has_a_bound(void **state)
{
	char data[EVENT_DATA_MAX + 2];
	struct store_fixture *f = *state;

	memset(data, 'x', sizeof(data));
	data[EVENT_DATA_MAX + 1] = 0;
	assert_err(event_add(f->store, "a", "", "system", data), ERR_TOO_BIG);
	data[EVENT_DATA_MAX] = 0;
	assert_ok(event_add(f->store, "a", "", "system", data));
	assert_whole(f, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_chain_is_whole_from_the_first_to_the_last),
		STORE_TEST(test_a_lost_turn_leaves_the_chain_whole),
		STORE_TEST(test_every_altered_column_is_found),
		STORE_TEST(test_dropped_rows_are_found),
		STORE_TEST(test_a_dropped_beginning_is_found),
		STORE_TEST(test_inserted_rows_are_found),
		STORE_TEST(test_swapped_rows_are_found),
		STORE_TEST(test_rows_can_be_neither_changed_nor_deleted),
		STORE_TEST(test_data_has_a_bound),
	};

	return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
