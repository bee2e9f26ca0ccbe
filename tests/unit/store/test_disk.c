/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk that is full, fails or may not be written: nothing that was not committed is vouched for,
 * what was is still there, and the store goes on when the disk does. Each runs in a process of its
 * own, since it changes what that process may do or what is mounted.
 */
#include "tests/unit/store/support.h"

#include "store/internal.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define CHILD_SKIP 77

static int acknowledged, refused;
static enum err last_reason;

/* The child opens a store of its own, perhaps on what it mounts. */
static void in_child(void (*body)(struct store_fixture *f), struct store_fixture *f)
{
	pid_t pid;
	int status;

	close_store(f);
	acknowledged = refused = 0;
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		body(f);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_SKIP)
		skip();
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* cmocka's asserts jump back into the parent's run; a child says what is wrong and goes. */
#define MUST(condition) must((condition), __LINE__, #condition)
static void must(bool is_so, int line, const char *what)
{
	if (is_so)
		return;
	print_error("line %d: not so: %s\n", line, what);
	_exit(1);
}

static enum err try_inbox(struct store_fixture *f, int number, const char *body)
{
	struct party party;
	char external_id[32];
	int64_t id;
	enum err err = party_get(f->store, PARTY_PHONE, RESIDENT, &party);

	snprintf(external_id, sizeof(external_id), "%d", number);
	if (err)
		return err;
	return inbox_add(f->store,
		&(struct inbox_new){.channel = "modem",
			.external_id = external_id,
			.kind = INBOX_KIND_TEXT,
			.party_id = party.id,
			.received_ms = f->clock.wall,
			.body = body,
			.body_bytes = strlen(body)},
		&id);
}

static char big_body[32 * 1024];

static void count_answer(void *arg, enum err committed)
{
	(void)arg;
	if (committed) {
		refused++;
		last_reason = committed;
	} else {
		acknowledged++;
	}
}

/* A turn of one message, as a channel runs it; what turn_end() says. */
static enum err one_turn(struct store_fixture *f, int number)
{
	struct errbuf eb = {0};
	enum err err = store_savepoint_begin(f->store);

	if (!err) {
		err = try_inbox(f, number, big_body);
		if (err)
			store_savepoint_rollback(f->store);
		else
			err = store_savepoint_release(f->store);
	}
	/* As receive_sms() does: only what went well is answered. */
	if (!err)
		MUST(turn_defer(f->store, count_answer, f) == ERR_OK);
	else
		refused++, last_reason = err;
	err = turn_end(f->store, &eb);
	MUST(!turn_is_open(f->store));
	return err;
}

static int64_t rows(struct store_fixture *f)
{
	int64_t count = -1;

	MUST(inbox_count(f->store, INBOX_NEW, &count) == ERR_OK);
	return count;
}

static void open_again(struct store_fixture *f)
{
	struct errbuf eb = {0};
	enum err err = store_open(
		&(struct store_options){
			.path = f->path, .vault = f->vault, .clock = &f->clock.clock},
		&f->store, &eb);

	if (err)
		print_error("%s\n", eb.text);
	MUST(err == ERR_OK);
}

/* Writes fail beyond a size: SQLite rolls back by itself within a statement or at the commit. */
static void body_file_limit(struct store_fixture *f)
{
	struct rlimit limit = {512 * 1024, RLIM_INFINITY};
	int number = 0;

	signal(SIGXFSZ, SIG_IGN);
	memset(big_body, 'x', sizeof(big_body) - 1);
	open_again(f);
	while (number < 4)
		MUST(one_turn(f, number++) == ERR_OK);
	MUST(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	while (!refused && number < 200)
		(void)one_turn(f, number++);
	MUST(refused > 0);
	MUST(last_reason == ERR_IO || last_reason == ERR_DISK_FULL);
	MUST(rows(f) == acknowledged);
	limit.rlim_cur = RLIM_INFINITY;
	MUST(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	MUST(one_turn(f, number++) == ERR_OK);
	MUST(rows(f) == acknowledged);
	close_store(f);
	open_again(f);
	MUST(rows(f) == acknowledged);
	close_store(f);
}

static void test_writes_that_fail_are_not_vouched_for(void **state)
{
	in_child(body_file_limit, *state);
}

/* Several messages in one turn, the last of which makes SQLite give up the whole transaction: the
 * first ones were written, and must not be vouched for. */
static void body_dead_turn(struct store_fixture *f)
{
	struct rlimit limit = {0, RLIM_INFINITY};
	struct store_sizes sizes;
	struct errbuf eb = {0};
	enum err err = ERR_OK;
	int number = 0;

	signal(SIGXFSZ, SIG_IGN);
	memset(big_body, 'x', sizeof(big_body) - 1);
	open_again(f);
	MUST(sqlite3_exec(f->store->db, "PRAGMA cache_size = 4", NULL, NULL, NULL) == SQLITE_OK);
	MUST(store_sizes(f->store, &sizes) == ERR_OK);
	limit.rlim_cur = (rlim_t)sizes.wal_bytes + (rlim_t)256 * 1024;
	MUST(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	for (; number < 64 && !f->store->turn.dead; number++) {
		MUST(store_savepoint_begin(f->store) == ERR_OK);
		err = try_inbox(f, number, big_body);
		if (err)
			store_savepoint_rollback(f->store);
		else
			MUST(store_savepoint_release(f->store) == ERR_OK);
		if (!err)
			MUST(turn_defer(f->store, count_answer, f) == ERR_OK);
	}
	MUST(number > 1 && number < 64);
	MUST(f->store->turn.dead == ERR_IO);
	/* Nothing more is written into what SQLite would take for a new transaction. */
	MUST(store_savepoint_begin(f->store) == ERR_IO);
	MUST(try_inbox(f, 1000, "x") == ERR_IO);
	MUST(turn_end(f->store, &eb) == ERR_IO);
	MUST(strstr(eb.text, "rolled back"));
	MUST(acknowledged == 0 && refused == number - 1 && last_reason == ERR_IO);
	MUST(rows(f) == 0);
	MUST(turn_stats(f->store).failures == 1);
	limit.rlim_cur = RLIM_INFINITY;
	MUST(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	MUST(one_turn(f, 0) == ERR_OK);
	MUST(rows(f) == 1 && acknowledged == 1);
	close_store(f);
}

static void test_a_turn_that_sqlite_gave_up_is_not_vouched_for(void **state)
{
	in_child(body_dead_turn, *state);
}

/* The same found by the turn itself, whatever made SQLite roll back. */
static void test_a_rollback_behind_our_back_is_noticed(void **state)
{
	struct store_fixture *f = *state;
	struct errbuf eb = {0};

	acknowledged = refused = 0;
	assert_ok(try_inbox(f, 1, "x"));
	assert_ok(turn_defer(f->store, count_answer, f));
	assert_int_equal(
		sqlite3_exec(f->store->db,
			"CREATE TEMP TRIGGER gone BEFORE INSERT ON main.quarantine BEGIN SELECT RAISE(ROLLBACK, 'gone'); END",
			NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_not_equal(quarantine_add(f->store, "modem", "x", "x", 1, &(int64_t){0}), ERR_OK);
	assert_int_not_equal(try_inbox(f, 2, "x"), ERR_OK);
	assert_int_not_equal(turn_end(f->store, &eb), ERR_OK);
	assert_int_equal(acknowledged, 0);
	assert_int_equal(refused, 1);
	assert_int_equal(rows(f), 0);
	assert_ok(try_inbox(f, 2, "x"));
	end_turn(f);
	assert_int_equal(rows(f), 1);
}

/* A file system of 1 MB that only this process sees. */
static void mount_small(struct store_fixture *f)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("tmpfs", f->dir, "tmpfs", 0, "size=2m") != 0)
		_exit(CHILD_SKIP);
}

static void fill(const char *dir, size_t spare_bytes)
{
	static char block[4096];
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/ballast", dir);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	MUST(fd >= 0);
	while (write(fd, block, sizeof(block)) == (ssize_t)sizeof(block))
		;
	MUST(errno == ENOSPC || errno == 0);
	if (spare_bytes) {
		off_t end = lseek(fd, 0, SEEK_END);

		MUST(ftruncate(fd, end - (off_t)spare_bytes) == 0);
	}
	close(fd);
}

static void body_full_disk(struct store_fixture *f)
{
	struct store_sizes sizes;
	char ballast[128];
	int number = 0;

	mount_small(f);
	memset(big_body, 'x', sizeof(big_body) - 1);
	open_again(f);
	while (number < 3)
		MUST(one_turn(f, number++) == ERR_OK);
	fill(f->dir, (size_t)64 * 1024);
	while (!refused && number < 100)
		(void)one_turn(f, number++);
	MUST(refused == 1 && last_reason == ERR_DISK_FULL);
	MUST(rows(f) == acknowledged);
	MUST(store_sizes(f->store, &sizes) == ERR_OK);
	MUST(sizes.free_bytes < 64 * 1024 && sizes.database_bytes > 0 && sizes.wal_bytes > 0);
	snprintf(ballast, sizeof(ballast), "%s/ballast", f->dir);
	MUST(unlink(ballast) == 0);
	MUST(one_turn(f, number++) == ERR_OK);
	MUST(rows(f) == acknowledged);
	close_store(f);
	open_again(f);
	MUST(rows(f) == acknowledged);
	close_store(f);
}

static void test_a_full_disk_takes_nothing_that_was_told(void **state)
{
	in_child(body_full_disk, *state);
}

static void body_no_room_to_start(struct store_fixture *f)
{
	struct errbuf eb = {0};
	struct store_options options = {
		.path = f->path, .vault = f->vault, .clock = &f->clock.clock};

	mount_small(f);
	fill(f->dir, 0);
	MUST(store_open(&options, &f->store, &eb) == ERR_DISK_FULL);
	MUST(eb.text[0]);
}

static void test_a_start_on_a_full_disk_says_so(void **state)
{
	in_child(body_no_room_to_start, *state);
}

static void body_read_only(struct store_fixture *f)
{
	struct store_options options = {
		.path = f->path, .vault = f->vault, .clock = &f->clock.clock};
	struct errbuf eb = {0};

	mount_small(f);
	open_again(f);
	MUST(one_turn(f, 1) == ERR_OK);
	close_store(f);
	MUST(mount(NULL, f->dir, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) == 0);
	MUST(store_open(&options, &f->store, &eb) == ERR_READ_ONLY);
	MUST(strstr(eb.text, f->path));
	MUST(mount(NULL, f->dir, NULL, MS_REMOUNT | MS_BIND, NULL) == 0);
	open_again(f);
	MUST(rows(f) == 1);
	close_store(f);
}

static void test_a_read_only_mount_is_refused(void **state)
{
	in_child(body_read_only, *state);
}

static void body_no_rights(struct store_fixture *f)
{
	struct store_options options = {
		.path = f->path, .vault = f->vault, .clock = &f->clock.clock};
	struct errbuf eb = {0};

	if (geteuid() == 0 && (chown(f->dir, 65534, 65534) || setgid(65534) || setuid(65534)))
		_exit(CHILD_SKIP);
	MUST(chmod(f->dir, 0500) == 0);
	MUST(store_open(&options, &f->store, &eb) == ERR_DENIED);
	MUST(strstr(eb.text, f->path));
	MUST(chmod(f->dir, 0700) == 0);
}

static void test_a_folder_without_rights_is_refused(void **state)
{
	struct store_fixture *f = *state;
	char path[128];

	unlink(f->path);
	snprintf(path, sizeof(path), "%s.lock", f->path);
	unlink(path);
	in_child(body_no_rights, f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_writes_that_fail_are_not_vouched_for),
		STORE_TEST(test_a_turn_that_sqlite_gave_up_is_not_vouched_for),
		STORE_TEST(test_a_rollback_behind_our_back_is_noticed),
		STORE_TEST(test_a_full_disk_takes_nothing_that_was_told),
		STORE_TEST(test_a_start_on_a_full_disk_says_so),
		STORE_TEST(test_a_read_only_mount_is_refused),
		STORE_TEST(test_a_folder_without_rights_is_refused),
	};

	return cmocka_run_group_tests_name("disk", tests, NULL, NULL);
}
