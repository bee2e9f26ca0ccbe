/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each sandbox refuses, and what is left in it. */
#include "tests/unit/gateway/sandbox_attempt.h"

#include "gateway/sandbox.h"
#include "gateway/sandbox_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
/* After the headers that it needs. */
#include <cmocka.h>

struct room {
	enum sandbox_role role;
	enum sandbox_mode mode;
};

static enum err enter_room(const void *arg)
{
	const struct room *room = arg;
	struct sandbox sandbox;

	return sandbox_enter(room->role, room->mode, &sandbox, NULL);
}

static struct sandbox probe_sandbox(const struct room *room)
{
	struct sandbox sandbox = {0};
	int pipes[2];
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	if (pid == 0) {
		struct errbuf eb = {0};
		struct iovec data = {&sandbox, sizeof(sandbox)};

		if (sandbox_enter(room->role, room->mode, &sandbox, &eb))
			print_error("%s\n", eb.text);
		_exit(writev(pipes[1], &data, 1) == (ssize_t)sizeof(sandbox) ? 0 : 255);
	}
	close(pipes[1]);
	assert_int_equal(sandbox_outcome(pid), WORKS);
	assert_int_equal(read(pipes[0], &sandbox, sizeof(sandbox)), sizeof(sandbox));
	close(pipes[0]);
	return sandbox;
}

static int expected(
	const struct sandbox_attempt *attempt, const struct room *room, enum sandbox_mode mode)
{
	if (mode == SANDBOX_REDUCED) /* in this mode the roles differ in what Landlock gives */
		return room->role == SANDBOX_WORKER ? attempt->reduced : -1;
	return room->role == SANDBOX_WORKER ? attempt->full : attempt->opener;
}

static void try_all(const struct room *room)
{
	struct sandbox sandbox = probe_sandbox(&(struct room){SANDBOX_WORKER, room->mode});
	int faults = 0;

	assert_true(sandbox.has_seccomp);
	for (size_t i = 0; i < sandbox_attempt_count; i++) {
		const struct sandbox_attempt *attempt = &sandbox_attempts[i];
		int want = expected(attempt, room, sandbox.mode), freely, got;

		if (want < 0 || (attempt->needs_root && geteuid() != 0))
			continue;
		if ((want == EACCES || (want == EPERM && sandbox.mode == SANDBOX_REDUCED)) &&
			sandbox.landlock_abi < attempt->abi)
			continue;
		sandbox_world_build();
		freely = sandbox_run(NULL, NULL, attempt->try);
		sandbox_world_raze();
		sandbox_world_build();
		got = sandbox_run(enter_room, room, attempt->try);
		sandbox_world_raze();
		if (freely == WORKS && got == want)
			continue;
		print_error("%s: %d freely, %d in the sandbox, not %d\n", attempt->name, freely,
			got, want);
		faults++;
	}
	assert_int_equal(faults, 0);
}

static void test_worker(void **state)
{
	(void)state;
	try_all(&(struct room){SANDBOX_WORKER, SANDBOX_FULL});
}

static void test_worker_with_tools(void **state)
{
	(void)state;
	try_all(&(struct room){SANDBOX_WORKER, SANDBOX_REDUCED});
}

static void test_opener(void **state)
{
	(void)state;
	try_all(&(struct room){SANDBOX_OPENER, SANDBOX_FULL});
}

/* One layer is enough for files: a kernel may lack the other. */

static enum err only_landlock(const void *arg)
{
	int abi;

	(void)arg;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return ERR_DENIED;
	return sandbox_close_files(SANDBOX_WORKER, SANDBOX_FULL, &abi, NULL);
}

static enum err only_seccomp(const void *arg)
{
	bool has_seccomp;

	(void)arg;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return ERR_DENIED;
	return sandbox_filter_calls(SANDBOX_WORKER, SANDBOX_FULL, &has_seccomp, NULL);
}

static int connect_tcp(void)
{
	struct sockaddr_in any = {.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int rc = connect(sandbox_world.inet, (struct sockaddr *)&any, sizeof(any));

	return rc && errno == ECONNREFUSED ? WORKS : sandbox_done(rc);
}

static void test_each_layer_alone(void **state)
{
	static int (*const tries[])(void) = {sandbox_read_file, sandbox_write_file,
		sandbox_create_file, sandbox_remove_file, sandbox_list_folder,
		sandbox_open_other_tty};
	int abi = probe_sandbox(&(struct room){SANDBOX_WORKER, SANDBOX_FULL}).landlock_abi;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
		sandbox_world_build();
		assert_int_equal(sandbox_run(only_seccomp, NULL, tries[i]), EPERM);
		if (abi)
			assert_int_equal(sandbox_run(only_landlock, NULL, tries[i]), EACCES);
		sandbox_world_raze();
	}
	sandbox_world_build();
	assert_int_equal(sandbox_run(NULL, NULL, connect_tcp), WORKS);
	if (abi >= 4)
		assert_int_equal(sandbox_run(only_landlock, NULL, connect_tcp), EACCES);
	if (abi >= 6)
		assert_int_equal(sandbox_run(only_landlock, NULL, sandbox_kill_process), EPERM);
	sandbox_world_raze();
}

/* What is left. */

static int live(void)
{
	struct termios attributes;
	struct pollfd pfd = {.fd = sandbox_world.tty, .events = POLLIN};
	struct timespec rest = {0, 1000};
	struct timeval zero = {0};
	fd_set fds;
	struct stat st;
	char text[8], *memory;
	time_t now = time(NULL);
	struct tm tm;

	FD_ZERO(&fds);
	FD_SET(sandbox_world.tty, &fds);
	if (tcgetattr(sandbox_world.tty, &attributes) ||
		tcsetattr(sandbox_world.tty, TCSANOW, &attributes) ||
		tcflush(sandbox_world.tty, TCOFLUSH) || ioctl(sandbox_world.tty, TIOCEXCL) ||
		write(sandbox_world.tty, "AT\r", 3) != 3)
		return errno;
	if (poll(&pfd, 1, 5000) != 1 ||
		select(sandbox_world.tty + 1, &fds, NULL, NULL, &zero) != 1 ||
		read(sandbox_world.tty, text, sizeof(text)) <= 0)
		return errno;
	if (stat(sandbox_world.tty_name, &st) || fstat(sandbox_world.tty, &st) ||
		nanosleep(&rest, NULL) || !localtime_r(&now, &tm) || kill(getpid(), 0))
		return errno;
	memory = malloc(8 * 1024 * 1024);
	if (!memory)
		return errno;
	memset(memory, 1, 8 * 1024 * 1024);
	free(memory);
	return WORKS;
}

static int end_itself(void)
{
	abort();
}

static void test_what_is_left(void **state)
{
	const struct room room = {SANDBOX_WORKER, SANDBOX_FULL};

	(void)state;
	sandbox_world_build();
	assert_int_equal(write(sandbox_world.tty_master, "OK\r\n", 4), 4);
	assert_int_equal(sandbox_run(enter_room, &room, live), WORKS);
	assert_int_equal(sandbox_run(enter_room, &room, end_itself), -SIGABRT);
	sandbox_world_raze();
}

/* A unit's filter refuses what a unit has already done. */
static enum err enter_within_filter(const void *arg)
{
	static const int refused[] = {SCMP_SYS(capset), SCMP_SYS(setrlimit),
		SCMP_SYS(landlock_create_ruleset), SCMP_SYS(landlock_add_rule),
		SCMP_SYS(landlock_restrict_self)};
	const struct room room = {SANDBOX_WORKER, SANDBOX_FULL};
	const struct room *outer = arg;
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	struct sandbox sandbox;

	/* The first time drops the capabilities, as the unit does. */
	if (sandbox_enter(outer->role, outer->mode, &sandbox, NULL))
		return ERR_BUG;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		if (seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), refused[i], 0))
			return ERR_BUG;
	}
	if (seccomp_load(ctx))
		return ERR_BUG;
	seccomp_release(ctx);
	if (sandbox_enter(room.role, room.mode, &sandbox, NULL) || sandbox.landlock_abi)
		return ERR_BUG;
	return ERR_OK;
}

static void test_within_another(void **state)
{
	const struct room outer = {SANDBOX_WORKER, SANDBOX_REDUCED};
	const struct room inner = {SANDBOX_WORKER, SANDBOX_FULL};

	(void)state;
	sandbox_world_build();
	assert_int_equal(sandbox_run(enter_within_filter, &outer, sandbox_write_file),
		probe_sandbox(&inner).mode == SANDBOX_FULL ? EPERM : EACCES);
	assert_int_equal(sandbox_run(enter_within_filter, &outer, sandbox_inet_socket), DEADLY);
	sandbox_world_raze();
}

/* A log that is a file goes on. */
static int log_into_file(void)
{
	return sandbox_done(write(STDERR_FILENO, "x", 1));
}

static int write_given_file(void)
{
	return sandbox_done(write(sandbox_world.inet, "x", 1));
}

static void test_size_of_files(void **state)
{
	const struct room room = {SANDBOX_WORKER, SANDBOX_FULL};
	bool is_full = probe_sandbox(&room).mode == SANDBOX_FULL;
	int saved = dup(STDERR_FILENO), file, null = open("/dev/null", O_RDWR);
	int saved_in = dup(STDIN_FILENO), saved_out = dup(STDOUT_FILENO);
	int in_log, elsewhere;

	(void)state;
	sandbox_world_build();
	file = open(sandbox_world.file, O_WRONLY);
	close(sandbox_world.inet);
	sandbox_world.inet = file;
	fflush(stdout);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(file, STDERR_FILENO);
	in_log = sandbox_run(enter_room, &room, log_into_file);
	dup2(null, STDERR_FILENO);
	elsewhere = sandbox_run(enter_room, &room, write_given_file);
	dup2(saved_in, STDIN_FILENO);
	dup2(saved_out, STDOUT_FILENO);
	dup2(saved, STDERR_FILENO);
	close(saved_in);
	close(saved_out);
	close(saved);
	close(null);
	sandbox_world_raze();
	assert_int_equal(in_log, WORKS);
	if (is_full)
		assert_int_equal(elsewhere, -SIGXFSZ);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worker),
		cmocka_unit_test(test_worker_with_tools),
		cmocka_unit_test(test_opener),
		cmocka_unit_test(test_each_layer_alone),
		cmocka_unit_test(test_what_is_left),
		cmocka_unit_test(test_within_another),
		cmocka_unit_test(test_size_of_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
