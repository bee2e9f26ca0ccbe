/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said to the outside only after the commit, and what is said when there was none. */
#include "tests/unit/store/support.h"

#include "store/event.h"
#include "store/internal.h"

struct call {
	int who;
	enum err committed;
	int64_t rows; /* of the inbox, as the callback saw them */
};

struct diary {
	struct store_fixture *f;
	struct call calls[16];
	int count;
};

struct note {
	struct diary *diary;
	int who;
	void (*then)(struct note *note);
};

static int64_t inbox_rows(struct store_fixture *f)
{
	int64_t count;

	assert_ok(inbox_count(f->store, INBOX_NEW, &count));
	return count;
}

static void write_down(void *arg, enum err committed)
{
	struct note *note = arg;
	struct diary *d = note->diary;

	assert_true(d->count < 16);
	d->calls[d->count++] = (struct call){note->who, committed, inbox_rows(d->f)};
	if (note->then)
		note->then(note);
}

static void defer(struct note *note)
{
	assert_ok(turn_defer(note->diary->f->store, write_down, note));
}

static void assert_call(const struct diary *d, int index, int who, enum err committed)
{
	assert_true(index < d->count);
	assert_int_equal(d->calls[index].who, who);
	assert_err(d->calls[index].committed, committed);
}

static void test_calls_come_after_the_commit_in_order(void **state)
{
	struct store_fixture *f = *state;
	struct diary d = {.f = f};
	struct note notes[3] = {{&d, 1, NULL}, {&d, 2, NULL}, {&d, 3, NULL}};

	assert_false(turn_is_open(f->store));
	defer(&notes[0]);
	assert_true(turn_is_open(f->store));
	add_inbox(f, "1", "a");
	defer(&notes[1]);
	defer(&notes[2]);
	assert_int_equal(d.count, 0);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox"), 0);
	end_turn(f);
	assert_int_equal(d.count, 3);
	for (int i = 0; i < 3; i++)
		assert_call(&d, i, i + 1, ERR_OK);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox"), 1);
	assert_false(turn_is_open(f->store));
	assert_int_equal(turn_stats(f->store).commits, 1);
	end_turn(f);
	assert_int_equal(d.count, 3);
	assert_int_equal(turn_stats(f->store).commits, 1);
}

static void test_calls_without_a_write_need_no_commit(void **state)
{
	struct store_fixture *f = *state;
	struct diary d = {.f = f};
	struct note note = {&d, 1, NULL};

	defer(&note);
	end_turn(f);
	assert_call(&d, 0, 1, ERR_OK);
	assert_int_equal(turn_stats(f->store).commits, 0);
}

static void write_and_defer_again(struct note *note)
{
	struct diary *d = note->diary;

	/* What was written before this call is on the disk already. */
	assert_int_equal(raw_int(d->f->path, "SELECT count(*) FROM inbox"), d->count);
	if (d->count == 3)
		return;
	add_inbox(d->f, d->count == 1 ? "second" : "third", "x");
	note->who++;
	defer(note);
}

static void test_a_call_may_write_and_defer_again(void **state)
{
	struct store_fixture *f = *state;
	struct diary d = {.f = f};
	struct note note = {&d, 1, write_and_defer_again};

	add_inbox(f, "first", "x");
	defer(&note);
	end_turn(f);
	assert_int_equal(d.count, 3);
	for (int i = 0; i < 3; i++) {
		assert_call(&d, i, i + 1, ERR_OK);
		assert_int_equal(d.calls[i].rows, i + 1);
	}
	assert_int_equal(turn_stats(f->store).commits, 3);
	assert_false(turn_is_open(f->store));
}

static void write_only(struct note *note)
{
	add_inbox(note->diary->f, "late", "x");
}

static void test_what_a_call_writes_is_committed_too(void **state)
{
	struct store_fixture *f = *state;
	struct diary d = {.f = f};
	struct note note = {&d, 1, write_only};

	defer(&note);
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox"), 1);
}

static void test_the_forgotten_are_not_called(void **state)
{
	struct store_fixture *f = *state;
	struct diary d = {.f = f};
	struct note stays = {&d, 1, NULL}, goes = {&d, 2, NULL};

	defer(&goes);
	defer(&stays);
	defer(&goes);
	turn_forget(f->store, &goes);
	end_turn(f);
	assert_int_equal(d.count, 1);
	assert_call(&d, 0, 1, ERR_OK);
}

static struct note *victim;

static void forget_victim(struct note *note)
{
	turn_forget(note->diary->f->store, victim);
}

static void test_a_call_may_forget_those_behind_it(void **state)
{
	struct store_fixture *f = *state;
	struct diary d = {.f = f};
	struct note goes = {&d, 2, NULL}, killer = {&d, 1, forget_victim}, stays = {&d, 3, NULL};

	victim = &goes;
	defer(&killer);
	defer(&goes);
	defer(&stays);
	end_turn(f);
	assert_int_equal(d.count, 2);
	assert_call(&d, 0, 1, ERR_OK);
	assert_call(&d, 1, 3, ERR_OK);
}

static void test_abort_undoes_and_gives_the_reason(void **state)
{
	struct store_fixture *f = *state;
	struct diary d = {.f = f};
	struct note note = {&d, 1, NULL};

	add_inbox(f, "kept", "x");
	end_turn(f);
	add_inbox(f, "lost", "x");
	defer(&note);
	turn_abort(f->store, ERR_DISK_FULL);
	assert_int_equal(d.count, 1);
	assert_call(&d, 0, 1, ERR_DISK_FULL);
	assert_int_equal(inbox_rows(f), 1);
	assert_false(turn_is_open(f->store));
	end_turn(f);
	assert_int_equal(d.count, 1);
	/* The store goes on, and row ids do not collide. */
	add_inbox(f, "lost", "x");
	end_turn(f);
	assert_int_equal(inbox_rows(f), 2);
}

static enum err write_defer_fail(void *arg)
{
	struct note *note = arg;

	add_inbox(note->diary->f, "tried", "x");
	defer(note);
	return note->who == 2 ? ERR_NOMEM : ERR_OK;
}

static void test_what_failed_when_tried_takes_nothing_else_with_it(void **state)
{
	struct store_fixture *f = *state;
	struct diary d = {.f = f};
	struct note before = {&d, 1, NULL}, failing = {&d, 2, NULL};

	add_inbox(f, "read", "x");
	defer(&before);
	assert_err(turn_try(f->store, write_defer_fail, &failing), ERR_NOMEM);
	assert_int_equal(d.count, 1);
	assert_call(&d, 0, 2, ERR_NOMEM);
	assert_int_equal(inbox_rows(f), 1);
	end_turn(f);
	assert_int_equal(d.count, 2);
	assert_call(&d, 1, 1, ERR_OK);
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM inbox WHERE external_id = 'tried'"), 0);
}

static void test_what_worked_when_tried_is_committed_with_the_rest(void **state)
{
	struct store_fixture *f = *state;
	struct diary d = {.f = f};
	struct note before = {&d, 1, NULL}, good = {&d, 3, NULL};

	add_inbox(f, "read", "x");
	defer(&before);
	assert_ok(turn_try(f->store, write_defer_fail, &good));
	assert_int_equal(d.count, 0);
	end_turn(f);
	assert_int_equal(d.count, 2);
	assert_call(&d, 0, 1, ERR_OK);
	assert_call(&d, 1, 3, ERR_OK);
	assert_int_equal(turn_stats(f->store).commits, 1);
	assert_int_equal(inbox_rows(f), 2);
}

static void test_nothing_is_tried_in_a_lost_turn(void **state)
{
	struct store_fixture *f = *state;
	struct diary d = {.f = f};
	struct note before = {&d, 1, NULL}, good = {&d, 3, NULL};

	add_inbox(f, "read", "x");
	defer(&before);
	f->store->turn.dead = ERR_DISK_FULL;
	assert_err(turn_try(f->store, write_defer_fail, &good), ERR_DISK_FULL);
	assert_int_equal(d.count, 0);
	turn_abort(f->store, ERR_DISK_FULL);
	assert_int_equal(d.count, 1);
	assert_call(&d, 0, 1, ERR_DISK_FULL);
}

static void test_closing_tells_those_who_wait(void **state)
{
	struct store_fixture *f = *state;
	struct diary d = {.f = f};
	struct note note = {&d, 1, NULL};

	add_inbox(f, "lost", "x");
	defer(&note);
	close_store(f);
	assert_call(&d, 0, 1, ERR_IO);
	store_fixture_open(f);
	assert_int_equal(inbox_rows(f), 0);
}

static void test_the_list_has_an_end(void **state)
{
	struct store_fixture *f = *state;
	struct diary d = {.f = f};
	struct note note = {&d, 1, NULL};

	for (int i = 0; i < TURN_DEFER_MAX; i++)
		defer(&note);
	assert_err(turn_defer(f->store, write_down, &note), ERR_TOO_BIG);
	turn_forget(f->store, &note);
	end_turn(f);
	assert_int_equal(d.count, 0);
	defer(&note);
	end_turn(f);
	assert_int_equal(d.count, 1);
}

static void test_a_savepoint_stands_or_falls_alone(void **state)
{
	struct store_fixture *f = *state;

	add_inbox(f, "before", "x");
	assert_ok(store_savepoint_begin(f->store));
	add_inbox(f, "bad", "x");
	store_savepoint_rollback(f->store);
	assert_ok(store_savepoint_begin(f->store));
	add_inbox(f, "good", "x");
	assert_ok(store_savepoint_release(f->store));
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox"), 2);
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM inbox WHERE external_id = 'bad'"), 0);
}

static void test_savepoints_nest_eight_deep(void **state)
{
	struct store_fixture *f = *state;
	char id[16];

	for (int i = 0; i < 8; i++) {
		assert_ok(store_savepoint_begin(f->store));
		snprintf(id, sizeof(id), "%d", i);
		add_inbox(f, id, "x");
	}
	assert_ok(store_savepoint_release(f->store)); /* 7, into 6 */
	store_savepoint_rollback(f->store);	      /* 6 and 7 */
	for (int i = 5; i > 2; i--)
		assert_ok(store_savepoint_release(f->store));
	store_savepoint_rollback(f->store); /* 2 and all it took in */
	assert_ok(store_savepoint_release(f->store));
	assert_ok(store_savepoint_release(f->store));
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox"), 2);
	assert_int_equal(raw_int(f->path, "SELECT max(external_id) FROM inbox"), 1);
}

static void test_an_empty_savepoint_opens_a_turn(void **state)
{
	struct store_fixture *f = *state;

	assert_ok(store_savepoint_begin(f->store));
	assert_true(turn_is_open(f->store));
	assert_ok(store_savepoint_release(f->store));
	end_turn(f);
	assert_false(turn_is_open(f->store));
}

static void test_numbers_given_in_a_lost_savepoint_are_given_again(void **state)
{
	struct store_fixture *f = *state;
	struct report_new in = {.party_id = party_of(f, RESIDENT),
		.source = "modem",
		.received_ms = FIXTURE_WALL_MS,
		.text = "x"};
	struct report report;

	assert_ok(store_savepoint_begin(f->store));
	assert_ok(report_add(f->store, &in, &report));
	assert_ok(event_add(f->store, "report.received", "report/1", "system", "{}"));
	store_savepoint_rollback(f->store);
	assert_ok(report_add(f->store, &in, &report));
	assert_ok(event_add(f->store, "report.received", "report/1", "system", "{}"));
	end_turn(f);
	assert_int_equal(report.number, 1);
	assert_int_equal(raw_int(f->path, "SELECT max(id) FROM event"), 1);
}

/* ---- reads -----------------------------------------------------------------------------------
 */

#define ELSEWHERE_MS 7

static void write_elsewhere(struct store_fixture *f)
{
	assert_int_equal(raw_exec(f->path, "UPDATE inbox SET received_ms = 7"), SQLITE_OK);
}

static void count_changed(void *arg, const struct inbox_row *row)
{
	*(int *)arg += row->received_ms == ELSEWHERE_MS;
}

static int changed_rows(struct store_fixture *f)
{
	int count = 0;

	assert_ok(inbox_list(f->store, 0, 10, count_changed, &count));
	return count;
}

static void test_a_read_is_of_one_state(void **state)
{
	struct store_fixture *f = *state;

	add_inbox(f, "1", "a");
	add_inbox(f, "2", "b");
	end_turn(f);
	assert_ok(turn_read_begin(f->store));
	assert_int_equal(changed_rows(f), 0);
	write_elsewhere(f);
	assert_int_equal(changed_rows(f), 0);
	turn_read_end(f->store);
	assert_int_equal(changed_rows(f), 2);
	/* It was no turn, and left nothing behind. */
	assert_false(turn_is_open(f->store));
	assert_true(sqlite3_get_autocommit(f->store->db));
	turn_read_end(f->store);
	end_turn(f);
	assert_int_equal(turn_stats(f->store).commits, 1);
}

/* Though the file is another one than when the read began. */
static void test_a_read_may_write(void **state)
{
	struct store_fixture *f = *state;

	add_inbox(f, "1", "a");
	add_inbox(f, "2", "b");
	end_turn(f);
	assert_ok(turn_read_begin(f->store));
	assert_int_equal(changed_rows(f), 0);
	write_elsewhere(f);
	add_inbox(f, "3", "c");
	assert_true(turn_is_open(f->store));
	assert_int_equal(changed_rows(f), 2);
	turn_read_end(f->store);
	/* What was written waits for the end of the turn, and takes what comes after it along. */
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox"), 2);
	assert_ok(turn_read_begin(f->store));
	add_inbox(f, "4", "d");
	turn_read_end(f->store);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox"), 2);
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox"), 4);
	assert_int_equal(turn_stats(f->store).commits, 2);
	/* Undone as any other. */
	assert_ok(turn_read_begin(f->store));
	add_inbox(f, "5", "e");
	turn_read_end(f->store);
	turn_abort(f->store, ERR_DISK_FULL);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM inbox"), 4);
}

/* Who else writes at the moment refuses the write, not the read. */
static void test_a_read_outlives_a_write_that_is_refused(void **state)
{
	struct store_fixture *f = *state;
	sqlite3 *other;

	add_inbox(f, "1", "a");
	add_inbox(f, "2", "b");
	end_turn(f);
	other = raw_open(f->path);
	sqlite3_busy_timeout(f->store->db, 0);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_ok(turn_read_begin(f->store));
	assert_int_equal(changed_rows(f), 0);
	assert_err(event_add(f->store, "x.y", "", "system", "{}"), ERR_BUSY);
	assert_int_equal(changed_rows(f), 0);
	turn_read_end(f->store);
	assert_false(turn_is_open(f->store));
	assert_true(sqlite3_get_autocommit(f->store->db));
	assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	sqlite3_busy_timeout(f->store->db, STORE_BUSY_MS);
	add_inbox(f, "3", "c");
	end_turn(f);
	assert_int_equal(inbox_rows(f), 3);
}

/* Reads between all turns, and the log is emptied as if there were none. */
static void test_reads_do_not_keep_the_log(void **state)
{
	static char body[64 * 1024];
	struct store_fixture *f = *state;
	struct store_sizes sizes;
	char id[16];

	memset(body, 'x', sizeof(body) - 1);
	for (int i = 0; i < 160; i++) {
		snprintf(id, sizeof(id), "m/%d", i);
		assert_ok(turn_read_begin(f->store));
		(void)inbox_rows(f);
		turn_read_end(f->store);
		add_inbox(f, id, body);
		end_turn(f);
	}
	assert_ok(store_sizes(f->store, &sizes));
	assert_in_range(sizes.wal_bytes, 0, 5 * 1024 * 1024);
	turn_scrub(f->store);
	end_turn(f);
	assert_ok(store_sizes(f->store, &sizes));
	assert_int_equal(sizes.wal_bytes, 0);
}

struct sizes {
	struct store_fixture *f;
	int64_t told_bytes; /* of the database, when the answer went out */
	int64_t wal_bytes;
};

static void look_at_sizes(void *arg, enum err committed)
{
	struct sizes *s = arg;
	struct store_sizes sizes;

	assert_ok(committed);
	assert_ok(store_sizes(s->f->store, &sizes));
	s->told_bytes = sizes.database_bytes;
	s->wal_bytes = sizes.wal_bytes;
}

/* A log of some MB is written into the database: nobody's answer waits for that. */
static void test_answers_do_not_wait_for_the_checkpoint(void **state)
{
	static char body[64 * 1024];
	struct store_fixture *f = *state;
	struct sizes s = {.f = f};
	struct store_sizes before, after;
	int checkpoints = 0;
	char id[16];

	memset(body, 'x', sizeof(body) - 1);
	assert_ok(store_sizes(f->store, &before));
	for (int i = 0; i < 160; i++) {
		snprintf(id, sizeof(id), "m/%d", i);
		add_inbox(f, id, body);
		assert_ok(turn_defer(f->store, look_at_sizes, &s));
		end_turn(f);
		assert_ok(store_sizes(f->store, &after));
		assert_int_equal(s.told_bytes, before.database_bytes);
		checkpoints += after.database_bytes > s.told_bytes;
		before = after;
	}
	/* And the log does not grow for ever. */
	assert_in_range(checkpoints, 2, 4);
	assert_in_range(s.wal_bytes, 0, 5 * 1024 * 1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_calls_come_after_the_commit_in_order),
		STORE_TEST(test_calls_without_a_write_need_no_commit),
		STORE_TEST(test_a_call_may_write_and_defer_again),
		STORE_TEST(test_what_a_call_writes_is_committed_too),
		STORE_TEST(test_the_forgotten_are_not_called),
		STORE_TEST(test_a_call_may_forget_those_behind_it),
		STORE_TEST(test_abort_undoes_and_gives_the_reason),
		STORE_TEST(test_what_failed_when_tried_takes_nothing_else_with_it),
		STORE_TEST(test_what_worked_when_tried_is_committed_with_the_rest),
		STORE_TEST(test_nothing_is_tried_in_a_lost_turn),
		STORE_TEST(test_closing_tells_those_who_wait),
		STORE_TEST(test_the_list_has_an_end),
		STORE_TEST(test_a_savepoint_stands_or_falls_alone),
		STORE_TEST(test_savepoints_nest_eight_deep),
		STORE_TEST(test_an_empty_savepoint_opens_a_turn),
		STORE_TEST(test_numbers_given_in_a_lost_savepoint_are_given_again),
		STORE_TEST(test_answers_do_not_wait_for_the_checkpoint),
		STORE_TEST(test_a_read_is_of_one_state),
		STORE_TEST(test_a_read_may_write),
		STORE_TEST(test_a_read_outlives_a_write_that_is_refused),
		STORE_TEST(test_reads_do_not_keep_the_log),
	};

	return cmocka_run_group_tests_name("turn", tests, NULL, NULL);
}
