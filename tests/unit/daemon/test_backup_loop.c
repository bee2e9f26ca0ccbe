/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When copies are made: the loop's own timer is hurried, as if its minute were over, and the clock
 * stands where a test moves it. The copies are real ones.
 */
#include "daemon/backup_loop.h"

#include "store/event.h"
#include "tests/lib/store_fixture.h"

#include <sqlite3.h>
#include <sys/stat.h>

#define HOUR_OF_NIGHT 2

struct fixture {
	struct store_fixture s;
	struct config config;
	const struct config *in_force;
	uv_loop_t loop;
	struct backup_loop bl;
	int woken;
	bool is_closed;
	char folder[BACKUP_FOLDER_BYTES + 16];
};

static void woken(void *arg)
{
	struct fixture *f = arg;

	f->woken++;
}

static void disk_failed(void *arg)
{
	(void)arg;
	fail_msg("the disk failed");
}

static void closed(void *arg)
{
	struct fixture *f = arg;

	f->is_closed = true;
}

/* A life of the daemon begins, and ends. */
static void begin_life(struct fixture *f)
{
	f->is_closed = false;
	f->bl = (struct backup_loop){.store = f->s.store,
		.config = &f->in_force,
		.wake = woken,
		.wake_arg = f,
		.failed = disk_failed,
		.failed_arg = f};
	assert_ok(backup_loop_start(&f->bl, &f->loop));
}

static void end_life(struct fixture *f)
{
	backup_loop_close(&f->bl, closed, f);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_true(f->is_closed);
	if (turn_is_open(f->s.store))
		end_turn(&f->s);
}

/* The next hour `hour` o'clock in Vietnam. */
static void go_to(struct fixture *f, int hour)
{
	int64_t day = clock_local_day(f->s.clock.wall);
	int64_t at_ms = clock_day_begin_ms(day) + hour * HOUR_MS;

	if (at_ms <= f->s.clock.wall)
		at_ms += DAY_MS;
	clock_virtual_advance(&f->s.clock, at_ms - f->s.clock.wall);
}

static int setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	store_fixture_init(&f.s);
	f.config.backup_hour = HOUR_OF_NIGHT;
	f.in_force = &f.config;
	assert_int_equal(uv_loop_init(&f.loop), 0);
	assert_ok(backup_folder(f.s.store, f.folder));
	go_to(&f, 12);
	begin_life(&f);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	end_life(f);
	assert_int_equal(uv_loop_close(&f->loop), 0);
	store_fixture_done(&f->s);
	return 0;
}

#define LOOP_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

/* Its timer fires now; until what comes of it is over. The loop sets its timer anew, without a
 * repeat, when it is: for a minute, which nobody waits for here. */
static void look(struct fixture *f)
{
	uv_timer_set_repeat(&f->bl.timer, 1);
	assert_int_equal(uv_timer_again(&f->bl.timer), 0);
	while (f->bl.job || uv_timer_get_repeat(&f->bl.timer))
		uv_run(&f->loop, f->bl.job ? UV_RUN_ONCE : UV_RUN_NOWAIT);
	if (f->woken && turn_is_open(f->s.store))
		end_turn(&f->s);
}

/* Whether a try, good or bad, was made when it looked. */
static bool tries(struct fixture *f)
{
	f->woken = 0;
	look(f);
	return f->woken != 0;
}

static int copies(struct fixture *f)
{
	struct backup backups[16];
	int count = 0;

	assert_ok(backup_list(f->folder, backups, 16, &count));
	return count;
}

static void advance(struct fixture *f, int64_t ms)
{
	clock_virtual_advance(&f->s.clock, ms);
}

/* The first one, which all tests that are about the next ones begin with. */
static void make_first(struct fixture *f)
{
	advance(f, HOUR_MS);
	assert_true(tries(f));
	assert_int_equal(copies(f), 1);
}

static void test_the_first_after_an_hour(void **state)
{
	struct fixture *f = *state;

	assert_false(tries(f));
	advance(f, HOUR_MS - 1);
	assert_false(tries(f));
	advance(f, 1);
	assert_true(tries(f));
	assert_int_equal(copies(f), 1);
	assert_int_equal(f->bl.state.good_ms, f->s.clock.wall);
	assert_false(tries(f));
}

static void test_one_a_night(void **state)
{
	struct fixture *f = *state;

	make_first(f);
	for (int i = 2; i < 4; i++) {
		go_to(f, HOUR_OF_NIGHT);
		advance(f, -1);
		assert_false(tries(f));
		advance(f, 1);
		assert_true(tries(f));
		assert_int_equal(copies(f), i);
		advance(f, HOUR_MS);
		assert_false(tries(f));
	}
}

/* Settings that change hold from the next look on. */
static void test_as_the_settings_say(void **state)
{
	struct fixture *f = *state;

	make_first(f);
	f->config.backup_hour = 23;
	go_to(f, HOUR_OF_NIGHT);
	advance(f, -3 * HOUR_MS - 1);
	assert_false(tries(f));
	advance(f, 1);
	assert_true(tries(f));
	f->config.backup_is_off = true;
	advance(f, 10 * DAY_MS);
	assert_false(tries(f));
	f->config.backup_is_off = false;
	assert_true(tries(f));
}

static void test_off_makes_none_but_by_hand(void **state)
{
	struct fixture *f = *state;
	struct errbuf eb = {0};

	f->config.backup_is_off = true;
	advance(f, 2 * HOUR_MS);
	assert_false(tries(f));
	assert_ok(backup_loop_ask(&f->bl, "officer:1", &eb));
	assert_err(backup_loop_ask(&f->bl, "officer:1", &eb), ERR_BUSY);
	assert_true(tries(f));
	assert_int_equal(copies(f), 1);
	assert_ok(backup_loop_ask(&f->bl, "officer:1", &eb));
}

/* A machine that was off at night makes up for it, but has other work at first. One that starts in
 * that hour does not wait. */
static void test_what_was_missed(void **state)
{
	struct fixture *f = *state;

	make_first(f);
	end_life(f);
	go_to(f, HOUR_OF_NIGHT);
	advance(f, 5 * HOUR_MS);
	begin_life(f);
	assert_false(tries(f));
	advance(f, HOUR_MS);
	assert_true(tries(f));
	end_life(f);
	go_to(f, HOUR_OF_NIGHT);
	advance(f, 10 * MINUTE_MS);
	begin_life(f);
	assert_true(tries(f));
	end_life(f);
	begin_life(f);
	assert_false(tries(f));
}

/* A file where the folder should be: none can be made. */
static void block(struct fixture *f)
{
	FILE *file = fopen(f->folder, "we");

	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
}

static void test_again_an_hour_after_a_bad_one(void **state)
{
	struct fixture *f = *state;

	block(f);
	advance(f, HOUR_MS);
	assert_true(tries(f));
	assert_true(f->bl.state.failed_ms == f->s.clock.wall && !f->bl.state.good_ms);
	advance(f, HOUR_MS - 1);
	assert_false(tries(f));
	advance(f, 1);
	assert_true(tries(f));
	assert_int_equal(unlink(f->folder), 0);
	advance(f, HOUR_MS);
	assert_true(tries(f));
	assert_int_equal(copies(f), 1);
	assert_int_equal(f->bl.state.failed_ms, 0);
}

/* One that is whole here is not made again each hour for a stick that is missing: by noon none
 * would be left of the nights before. */
static void test_a_stick_that_is_missing(void **state)
{
	struct fixture *f = *state;

	snprintf(f->config.backup_folder, sizeof(f->config.backup_folder), "%s/stick", f->s.dir);
	make_first(f);
	assert_int_equal(f->bl.state.fault, BACKUP_FAULT_OTHER_GONE);
	advance(f, HOUR_MS);
	assert_false(tries(f));
	go_to(f, HOUR_OF_NIGHT);
	assert_true(tries(f));
	assert_int_equal(copies(f), 2);
}

/* Who asks does not wait for that hour. */
static void test_who_asks_does_not_wait(void **state)
{
	struct fixture *f = *state;
	struct errbuf eb = {0};

	block(f);
	advance(f, HOUR_MS);
	assert_true(tries(f));
	assert_int_equal(unlink(f->folder), 0);
	assert_ok(backup_loop_ask(&f->bl, "officer:1", &eb));
	assert_true(tries(f));
	assert_int_equal(copies(f), 1);
}

/* A turn that is open is not broken off. */
static void test_not_within_a_turn(void **state)
{
	struct fixture *f = *state;

	advance(f, HOUR_MS);
	assert_ok(event_add(f->s.store, "test.open", "", "system", "{}"));
	assert_false(tries(f));
	end_turn(&f->s);
	assert_true(tries(f));
	assert_int_equal(copies(f), 1);
}

/* While somebody else reads an older state, as a program with the database open may: not for ever,
 * and an hour later again. */
static void test_somebody_reads_all_the_time(void **state)
{
	struct fixture *f = *state;
	sqlite3 *db;
	int looks = 1;

	assert_int_equal(sqlite3_open(f->s.path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, "BEGIN; SELECT count(*) FROM event", NULL, NULL, NULL), SQLITE_OK);
	assert_ok(event_add(f->s.store, "test.later", "", "system", "{}"));
	end_turn(&f->s);
	advance(f, HOUR_MS);
	while (!tries(f))
		looks++;
	assert_in_range(looks, 200, 400);
	assert_int_equal(f->bl.state.fault, BACKUP_FAULT_BUSY);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_false(tries(f));
	advance(f, HOUR_MS);
	assert_true(tries(f));
	assert_int_equal(copies(f), 1);
}

/* Keys of reports are handed on: older copies went, and a new one does not wait for the night. */
static void test_when_copies_were_forgotten(void **state)
{
	struct fixture *f = *state;

	make_first(f);
	advance(f, MINUTE_MS);
	assert_ok(backup_forget(f->s.store));
	end_turn(&f->s);
	assert_int_equal(copies(f), 0);
	assert_true(tries(f));
	assert_int_equal(copies(f), 1);
}

/* One of next week was made while the clock was wrong: it is no reason to wait a week. */
static void test_the_clock_was_wrong(void **state)
{
	struct fixture *f = *state;

	advance(f, 7 * DAY_MS);
	assert_true(tries(f));
	f->s.clock.wall -= 7 * DAY_MS;
	assert_true(tries(f));
	assert_int_equal(copies(f), 2);
	assert_false(tries(f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOOP_TEST(test_the_first_after_an_hour),
		LOOP_TEST(test_one_a_night),
		LOOP_TEST(test_as_the_settings_say),
		LOOP_TEST(test_off_makes_none_but_by_hand),
		LOOP_TEST(test_what_was_missed),
		LOOP_TEST(test_again_an_hour_after_a_bad_one),
		LOOP_TEST(test_a_stick_that_is_missing),
		LOOP_TEST(test_who_asks_does_not_wait),
		LOOP_TEST(test_not_within_a_turn),
		LOOP_TEST(test_somebody_reads_all_the_time),
		LOOP_TEST(test_when_copies_were_forgotten),
		LOOP_TEST(test_the_clock_was_wrong),
	};

	return cmocka_run_group_tests_name("backup_loop", tests, NULL, NULL);
}
