/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each attempt is made by a process of its own: once free, where it has to succeed, or its refusal
 * would prove nothing, and once in each sandbox.
 */
#include "gateway/sandbox.h"
#include "gateway/sandbox_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
/* After the headers that it needs. */
#include <cmocka.h>

#define WORKS	   0
#define DEADLY	   1000 /* SIGSYS; below: an errno */
#define NO_SANDBOX 2000

static struct {
	char dir[64], file[96], other[96];
	int tty_master, tty, inet;
	char tty_name[64];
	pid_t victim;
	int victim_secret;
} world;

/* Attempts: 0 or an errno. */

static int done(long rc)
{
	return rc < 0 ? errno : 0;
}

static int read_file(void)
{
	return done(open(world.file, O_RDONLY));
}

static int read_system_file(void)
{
	return done(open("/etc/passwd", O_RDONLY));
}

static int write_file(void)
{
	return done(open(world.file, O_WRONLY | O_APPEND));
}

static int create_file(void)
{
	return done(open(world.other, O_WRONLY | O_CREAT | O_EXCL, 0600));
}

static int remove_file(void)
{
	return done(unlink(world.file));
}

static int rename_file(void)
{
	return done(rename(world.file, world.other));
}

static int make_folder(void)
{
	return done(mkdir(world.other, 0700));
}

static int change_mode(void)
{
	return done(chmod(world.file, 0644));
}

static int list_folder(void)
{
	return opendir(world.dir) ? 0 : errno;
}

static int open_other_tty(void)
{
	return done(open(world.tty_name, O_RDWR | O_NOCTTY | O_NONBLOCK));
}

static int reopen_by_number(void)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", world.tty);
	return done(open(name, O_RDWR | O_NOCTTY | O_NONBLOCK));
}

static int inet_socket(void)
{
	return done(socket(AF_INET, SOCK_STREAM, 0));
}

static int unix_socket(void)
{
	return done(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int netlink_socket(void)
{
	return done(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int bind_socket(void)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	return done(bind(world.inet, (struct sockaddr *)&any, sizeof(any)));
}

static int run_program(void)
{
	char *argv[] = {"true", NULL}, *env[] = {NULL};

	return done(execve("/bin/true", argv, env));
}

static int fork_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid < 0 ? errno : done(waitpid(pid, NULL, 0));
}

static void *thread(void *arg)
{
	return arg;
}

static int start_thread(void)
{
	pthread_t id;
	int rc = pthread_create(&id, NULL, thread, NULL);

	return rc ? rc : pthread_join(id, NULL);
}

static int trace_process(void)
{
	return done(ptrace(PTRACE_SEIZE, world.victim, NULL, NULL));
}

static int read_process(void)
{
	int secret = 0;
	struct iovec here = {&secret, sizeof(secret)};
	struct iovec there = {&world.victim_secret, sizeof(world.victim_secret)};

	return done(process_vm_readv(world.victim, &here, 1, &there, 1, 0));
}

static int kill_process(void)
{
	return done(kill(world.victim, SIGCONT));
}

static int kill_parent(void)
{
	return done(kill(getppid(), SIGCONT));
}

static int take_memory(void)
{
	void *p = mmap(NULL, SANDBOX_MEMORY_BYTES, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? errno : 0;
}

static int map_code(void)
{
	void *p = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? errno : 0;
}

static int turn_into_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? errno : done(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}

static int raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_AS, &limit))
		return errno;
	return done(setrlimit(RLIMIT_AS, &limit));
}

static int double_descriptor(void)
{
	return done(dup(world.tty));
}

static int change_window(void)
{
	struct winsize size = {.ws_row = 1};

	return done(ioctl(world.tty, TIOCSWINSZ, &size));
}

static int change_root(void)
{
	return done(chroot("/"));
}

static const struct attempt {
	const char *name;
	int (*try)(void);
	/* The worker, the worker with tools in its process, the opener. */
	int full, reduced, opener;
	int abi; /* of Landlock, which alone refuses with EACCES, and all that `reduced` does */
	bool needs_root;
} attempts[] = {
	{"read a file", read_file, EPERM, WORKS, EACCES, 1, false},
	{"read a file of the system", read_system_file, EPERM, WORKS, EACCES, 1, false},
	{"write a file", write_file, EPERM, EACCES, EACCES, 1, false},
	{"create a file", create_file, EPERM, EACCES, EACCES, 1, false},
	{"remove a file", remove_file, EPERM, EACCES, EPERM, 1, false},
	{"rename a file", rename_file, EPERM, EACCES, EPERM, 1, false},
	{"make a folder", make_folder, EPERM, EACCES, EPERM, 1, false},
	{"change a mode", change_mode, EPERM, WORKS, EPERM, 0, false},
	{"list a folder", list_folder, EPERM, WORKS, EACCES, 1, false},
	{"open another tty", open_other_tty, EPERM, EACCES, WORKS, 1, false},
	{"open a descriptor again", reopen_by_number, EPERM, EACCES, WORKS, 1, false},
	{"inet socket", inet_socket, DEADLY, DEADLY, DEADLY, 0, false},
	{"unix socket", unix_socket, DEADLY, DEADLY, DEADLY, 0, false},
	{"netlink socket", netlink_socket, DEADLY, DEADLY, DEADLY, 0, false},
	{"bind a socket it has", bind_socket, DEADLY, DEADLY, DEADLY, 0, false},
	{"run a program", run_program, DEADLY, WORKS, DEADLY, 0, false},
	{"fork", fork_process, DEADLY, WORKS, DEADLY, 0, false},
	{"start a thread", start_thread, DEADLY, WORKS, EPERM, 0, false},
	{"trace a process", trace_process, DEADLY, EPERM, DEADLY, 1, false},
	{"read a process's memory", read_process, DEADLY, EPERM, DEADLY, 1, false},
	{"kill a process", kill_process, DEADLY, EPERM, DEADLY, 6, false},
	{"kill the parent", kill_parent, DEADLY, EPERM, DEADLY, 6, false},
	{"take memory", take_memory, ENOMEM, WORKS, EPERM, 0, false},
	{"map code", map_code, EPERM, WORKS, EPERM, 0, false},
	{"turn memory into code", turn_into_code, EPERM, WORKS, EPERM, 0, false},
	{"set a limit", raise_limit, EPERM, WORKS, EPERM, 0, false},
	{"double a descriptor", double_descriptor, EPERM, WORKS, EPERM, 0, false},
	{"another request to the tty", change_window, EPERM, WORKS, EPERM, 0, false},
	{"change the root", change_root, DEADLY, DEADLY, DEADLY, 0, true},
};

/* The world of the attempts, new for each. */

static void build_world(void)
{
	int fd;

	snprintf(world.dir, sizeof(world.dir), "/tmp/test_sandbox.XXXXXX");
	assert_non_null(mkdtemp(world.dir));
	snprintf(world.file, sizeof(world.file), "%s/file", world.dir);
	snprintf(world.other, sizeof(world.other), "%s/other", world.dir);
	fd = open(world.file, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(openpty(&world.tty_master, &world.tty, NULL, NULL, NULL), 0);
	assert_int_equal(ttyname_r(world.tty, world.tty_name, sizeof(world.tty_name)), 0);
	world.inet = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(world.inet >= 0);
	world.victim = fork();
	assert_true(world.victim >= 0);
	if (world.victim == 0) {
		/* Where Yama lets parents trace only. */
		prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		for (;;)
			pause();
	}
}

static void raze_world(void)
{
	kill(world.victim, SIGKILL);
	waitpid(world.victim, NULL, 0);
	close(world.tty);
	close(world.tty_master);
	close(world.inet);
	unlink(world.file);
	unlink(world.other);
	rmdir(world.other);
	rmdir(world.dir);
}

/* What came of it: an errno, WORKS, DEADLY, NO_SANDBOX when it could not be entered. */
static int outcome(pid_t pid)
{
	int status;

	assert_true(pid >= 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? DEADLY : -WTERMSIG(status);
	return WEXITSTATUS(status) == 255 ? NO_SANDBOX : WEXITSTATUS(status);
}

typedef enum err (*enter_fn)(const void *arg);

static int run(enter_fn enter, const void *arg, int (*try)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		if (enter && enter(arg))
			_exit(255);
		_exit(try());
	}
	return outcome(pid);
}

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
	assert_int_equal(outcome(pid), WORKS);
	assert_int_equal(read(pipes[0], &sandbox, sizeof(sandbox)), sizeof(sandbox));
	close(pipes[0]);
	return sandbox;
}

static int expected(const struct attempt *attempt, const struct room *room, enum sandbox_mode mode)
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
	for (size_t i = 0; i < ARRAY_LEN(attempts); i++) {
		const struct attempt *attempt = &attempts[i];
		int want = expected(attempt, room, sandbox.mode), freely, got;

		if (want < 0 || (attempt->needs_root && geteuid() != 0))
			continue;
		if ((want == EACCES || (want == EPERM && sandbox.mode == SANDBOX_REDUCED)) &&
			sandbox.landlock_abi < attempt->abi)
			continue;
		build_world();
		freely = run(NULL, NULL, attempt->try);
		raze_world();
		build_world();
		got = run(enter_room, room, attempt->try);
		raze_world();
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
	int rc = connect(world.inet, (struct sockaddr *)&any, sizeof(any));

	return rc && errno == ECONNREFUSED ? WORKS : done(rc);
}

static void test_each_layer_alone(void **state)
{
	static int (*const tries[])(void) = {
		read_file, write_file, create_file, remove_file, list_folder, open_other_tty};
	int abi = probe_sandbox(&(struct room){SANDBOX_WORKER, SANDBOX_FULL}).landlock_abi;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
		build_world();
		assert_int_equal(run(only_seccomp, NULL, tries[i]), EPERM);
		if (abi)
			assert_int_equal(run(only_landlock, NULL, tries[i]), EACCES);
		raze_world();
	}
	build_world();
	assert_int_equal(run(NULL, NULL, connect_tcp), WORKS);
	if (abi >= 4)
		assert_int_equal(run(only_landlock, NULL, connect_tcp), EACCES);
	if (abi >= 6)
		assert_int_equal(run(only_landlock, NULL, kill_process), EPERM);
	raze_world();
}

/* What is left. */

static int live(void)
{
	struct termios attributes;
	struct pollfd pfd = {.fd = world.tty, .events = POLLIN};
	struct timespec rest = {0, 1000};
	struct timeval zero = {0};
	fd_set fds;
	struct stat st;
	char text[8], *memory;
	time_t now = time(NULL);
	struct tm tm;

	FD_ZERO(&fds);
	FD_SET(world.tty, &fds);
	if (tcgetattr(world.tty, &attributes) || tcsetattr(world.tty, TCSANOW, &attributes) ||
		tcflush(world.tty, TCOFLUSH) || ioctl(world.tty, TIOCEXCL) ||
		write(world.tty, "AT\r", 3) != 3)
		return errno;
	if (poll(&pfd, 1, 5000) != 1 || select(world.tty + 1, &fds, NULL, NULL, &zero) != 1 ||
		read(world.tty, text, sizeof(text)) <= 0)
		return errno;
	if (stat(world.tty_name, &st) || fstat(world.tty, &st) || nanosleep(&rest, NULL) ||
		!localtime_r(&now, &tm) || kill(getpid(), 0))
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
	build_world();
	assert_int_equal(write(world.tty_master, "OK\r\n", 4), 4);
	assert_int_equal(run(enter_room, &room, live), WORKS);
	assert_int_equal(run(enter_room, &room, end_itself), -SIGABRT);
	raze_world();
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
	build_world();
	assert_int_equal(run(enter_within_filter, &outer, write_file),
		probe_sandbox(&inner).mode == SANDBOX_FULL ? EPERM : EACCES);
	assert_int_equal(run(enter_within_filter, &outer, inet_socket), DEADLY);
	raze_world();
}

/* A log that is a file goes on. */
static int log_into_file(void)
{
	return done(write(STDERR_FILENO, "x", 1));
}

static int write_given_file(void)
{
	return done(write(world.inet, "x", 1));
}

static void test_size_of_files(void **state)
{
	const struct room room = {SANDBOX_WORKER, SANDBOX_FULL};
	bool is_full = probe_sandbox(&room).mode == SANDBOX_FULL;
	int saved = dup(STDERR_FILENO), file, null = open("/dev/null", O_RDWR);
	int saved_in = dup(STDIN_FILENO), saved_out = dup(STDOUT_FILENO);
	int in_log, elsewhere;

	(void)state;
	build_world();
	file = open(world.file, O_WRONLY);
	close(world.inet);
	world.inet = file;
	fflush(stdout);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(file, STDERR_FILENO);
	in_log = run(enter_room, &room, log_into_file);
	dup2(null, STDERR_FILENO);
	elsewhere = run(enter_room, &room, write_given_file);
	dup2(saved_in, STDIN_FILENO);
	dup2(saved_out, STDOUT_FILENO);
	dup2(saved, STDERR_FILENO);
	close(saved_in);
	close(saved_out);
	close(saved);
	close(null);
	raze_world();
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
