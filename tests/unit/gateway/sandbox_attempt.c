/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/gateway/sandbox_attempt.h"

#include "daemon/base/str.h"
#include "gateway/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <pty.h>
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
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
/* After the headers that it needs. */
#include <cmocka.h>

struct sandbox_world sandbox_world;

/* Attempts: 0 or an errno. */

int sandbox_done(long rc)
{
	return rc < 0 ? errno : 0;
}

int sandbox_read_file(void)
{
	return sandbox_done(open(sandbox_world.file, O_RDONLY));
}

static int read_system_file(void)
{
	return sandbox_done(open("/etc/passwd", O_RDONLY));
}

int sandbox_write_file(void)
{
	return sandbox_done(open(sandbox_world.file, O_WRONLY | O_APPEND));
}

int sandbox_create_file(void)
{
	return sandbox_done(open(sandbox_world.other, O_WRONLY | O_CREAT | O_EXCL, 0600));
}

int sandbox_remove_file(void)
{
	return sandbox_done(unlink(sandbox_world.file));
}

static int rename_file(void)
{
	return sandbox_done(rename(sandbox_world.file, sandbox_world.other));
}

static int make_folder(void)
{
	return sandbox_done(mkdir(sandbox_world.other, 0700));
}

static int change_mode(void)
{
	return sandbox_done(chmod(sandbox_world.file, 0644));
}

int sandbox_list_folder(void)
{
	return opendir(sandbox_world.dir) ? 0 : errno;
}

int sandbox_open_other_tty(void)
{
	return sandbox_done(open(sandbox_world.tty_name, O_RDWR | O_NOCTTY | O_NONBLOCK));
}

static int reopen_by_number(void)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", sandbox_world.tty);
	return sandbox_done(open(name, O_RDWR | O_NOCTTY | O_NONBLOCK));
}

int sandbox_inet_socket(void)
{
	return sandbox_done(socket(AF_INET, SOCK_STREAM, 0));
}

static int unix_socket(void)
{
	return sandbox_done(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int netlink_socket(void)
{
	return sandbox_done(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int bind_socket(void)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	return sandbox_done(bind(sandbox_world.inet, (struct sockaddr *)&any, sizeof(any)));
}

static int run_program(void)
{
	char *argv[] = {"true", NULL}, *env[] = {NULL};

	return sandbox_done(execve("/bin/true", argv, env));
}

static int fork_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid < 0 ? errno : sandbox_done(waitpid(pid, NULL, 0));
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
	return sandbox_done(ptrace(PTRACE_SEIZE, sandbox_world.victim, NULL, NULL));
}

static int read_process(void)
{
	int secret = 0;
	struct iovec here = {&secret, sizeof(secret)};
	struct iovec there = {&sandbox_world.victim_secret, sizeof(sandbox_world.victim_secret)};

	return sandbox_done(process_vm_readv(sandbox_world.victim, &here, 1, &there, 1, 0));
}

int sandbox_kill_process(void)
{
	return sandbox_done(kill(sandbox_world.victim, SIGCONT));
}

static int kill_parent(void)
{
	return sandbox_done(kill(getppid(), SIGCONT));
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

	return p == MAP_FAILED ? errno : sandbox_done(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}

static int raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_AS, &limit))
		return errno;
	return sandbox_done(setrlimit(RLIMIT_AS, &limit));
}

static int double_descriptor(void)
{
	return sandbox_done(dup(sandbox_world.tty));
}

static int change_window(void)
{
	struct winsize size = {.ws_row = 1};

	return sandbox_done(ioctl(sandbox_world.tty, TIOCSWINSZ, &size));
}

static int change_root(void)
{
	return sandbox_done(chroot("/"));
}

const struct sandbox_attempt sandbox_attempts[] = {
	{"read a file", sandbox_read_file, EPERM, WORKS, EACCES, 1, false},
	{"read a file of the system", read_system_file, EPERM, WORKS, EACCES, 1, false},
	{"write a file", sandbox_write_file, EPERM, EACCES, EACCES, 1, false},
	{"create a file", sandbox_create_file, EPERM, EACCES, EACCES, 1, false},
	{"remove a file", sandbox_remove_file, EPERM, EACCES, EPERM, 1, false},
	{"rename a file", rename_file, EPERM, EACCES, EPERM, 1, false},
	{"make a folder", make_folder, EPERM, EACCES, EPERM, 1, false},
	{"change a mode", change_mode, EPERM, WORKS, EPERM, 0, false},
	{"list a folder", sandbox_list_folder, EPERM, WORKS, EACCES, 1, false},
	{"open another tty", sandbox_open_other_tty, EPERM, EACCES, WORKS, 1, false},
	{"open a descriptor again", reopen_by_number, EPERM, EACCES, WORKS, 1, false},
	{"inet socket", sandbox_inet_socket, DEADLY, DEADLY, DEADLY, 0, false},
	{"unix socket", unix_socket, DEADLY, DEADLY, DEADLY, 0, false},
	{"netlink socket", netlink_socket, DEADLY, DEADLY, DEADLY, 0, false},
	{"bind a socket it has", bind_socket, DEADLY, DEADLY, DEADLY, 0, false},
	{"run a program", run_program, DEADLY, WORKS, DEADLY, 0, false},
	{"fork", fork_process, DEADLY, WORKS, DEADLY, 0, false},
	{"start a thread", start_thread, DEADLY, WORKS, EPERM, 0, false},
	{"trace a process", trace_process, DEADLY, EPERM, DEADLY, 1, false},
	{"read a process's memory", read_process, DEADLY, EPERM, DEADLY, 1, false},
	{"kill a process", sandbox_kill_process, DEADLY, EPERM, DEADLY, 6, false},
	{"kill the parent", kill_parent, DEADLY, EPERM, DEADLY, 6, false},
	{"take memory", take_memory, ENOMEM, WORKS, EPERM, 0, false},
	{"map code", map_code, EPERM, WORKS, EPERM, 0, false},
	{"turn memory into code", turn_into_code, EPERM, WORKS, EPERM, 0, false},
	{"set a limit", raise_limit, EPERM, WORKS, EPERM, 0, false},
	{"double a descriptor", double_descriptor, EPERM, WORKS, EPERM, 0, false},
	{"another request to the tty", change_window, EPERM, WORKS, EPERM, 0, false},
	{"change the root", change_root, DEADLY, DEADLY, DEADLY, 0, true},
};

const size_t sandbox_attempt_count = ARRAY_LEN(sandbox_attempts);

/* The world of the attempts, new for each. */

void sandbox_world_build(void)
{
	int fd;

	snprintf(sandbox_world.dir, sizeof(sandbox_world.dir), "/tmp/test_sandbox.XXXXXX");
	assert_non_null(mkdtemp(sandbox_world.dir));
	snprintf(sandbox_world.file, sizeof(sandbox_world.file), "%s/file", sandbox_world.dir);
	snprintf(sandbox_world.other, sizeof(sandbox_world.other), "%s/other", sandbox_world.dir);
	fd = open(sandbox_world.file, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(
		openpty(&sandbox_world.tty_master, &sandbox_world.tty, NULL, NULL, NULL), 0);
	assert_int_equal(ttyname_r(sandbox_world.tty, sandbox_world.tty_name,
				 sizeof(sandbox_world.tty_name)),
		0);
	sandbox_world.inet = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(sandbox_world.inet >= 0);
	sandbox_world.victim = fork();
	assert_true(sandbox_world.victim >= 0);
	if (sandbox_world.victim == 0) {
		/* Where Yama lets parents trace only. */
		prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		for (;;)
			pause();
	}
}

void sandbox_world_raze(void)
{
	kill(sandbox_world.victim, SIGKILL);
	waitpid(sandbox_world.victim, NULL, 0);
	close(sandbox_world.tty);
	close(sandbox_world.tty_master);
	close(sandbox_world.inet);
	unlink(sandbox_world.file);
	unlink(sandbox_world.other);
	rmdir(sandbox_world.other);
	rmdir(sandbox_world.dir);
}

/* What came of it: an errno, WORKS, DEADLY, NO_SANDBOX when it could not be entered. */
int sandbox_outcome(pid_t pid)
{
	int status;

	assert_true(pid >= 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? DEADLY : -WTERMSIG(status);
	return WEXITSTATUS(status) == 255 ? NO_SANDBOX : WEXITSTATUS(status);
}

int sandbox_run(sandbox_enter_fn enter, const void *arg, int (*try)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		if (enter && enter(arg))
			_exit(255);
		_exit(try());
	}
	return sandbox_outcome(pid);
}
