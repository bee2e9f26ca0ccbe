/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Workers in processes of their own, each with its opener: what they may have opened, and that
 * neither outlives the other. */
#include "gateway/opener.h"
#include "gateway/tty.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
/* After the headers that it needs. */
#include <cmocka.h>

#define WAIT_MS 10000

static char dir[64], link_path[96], file[96];
static int master, tty;

static void plug(void)
{
	char name[64];

	assert_int_equal(openpty(&master, &tty, NULL, NULL, NULL), 0);
	assert_int_equal(ttyname_r(tty, name, sizeof(name)), 0);
	assert_int_equal(symlink(name, link_path), 0);
}

static void unplug(void)
{
	close(master);
	close(tty);
	unlink(link_path);
}

static int setup(void **state)
{
	int fd;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/test_opener.XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(link_path, sizeof(link_path), "%s/tty", dir);
	snprintf(file, sizeof(file), "%s/file", dir);
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	close(fd);
	plug();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unplug();
	unlink(file);
	rmdir(dir);
	return 0;
}

/* A worker does one thing for each byte it is sent, and says how that went: 0 or an errno. */
struct worker {
	pid_t pid;
	int socket;
};

static int write_tty(void)
{
	int fd = open(link_path, O_RDWR), found, flags;
	ssize_t n;

	if (fd < 0)
		return errno;
	found = tty_find_fd(link_path);
	flags = fcntl(fd, F_GETFD) & FD_CLOEXEC;
	n = write(fd, "AT", 2);
	close(fd);
	return n == 2 && found == fd && flags ? 0 : EIO;
}

static void work(int socket)
{
	char request = 0;

	/* It has its opener and is in its sandbox. */
	if (write(socket, &request, 1) != 1)
		_exit(EXIT_FAILURE);
	while (read(socket, &request, 1) == 1) {
		int fd = -1, error;

		switch (request) {
		case 't':
			error = write_tty();
			break;
		default:
			fd = open(request == 'f' ? file : "/dev/null", O_RDWR);
			error = fd < 0 ? errno : 0;
		}
		if (write(socket, &error, sizeof(error)) != (ssize_t)sizeof(error))
			_exit(EXIT_FAILURE);
	}
	_exit(EXIT_SUCCESS);
}

static struct worker start_worker(const char *device)
{
	struct worker worker;
	int pair[2];
	char ready;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	worker.pid = fork();
	assert_true(worker.pid >= 0);
	if (worker.pid == 0) {
		struct sandbox sandbox;
		struct errbuf eb = {0};

		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		close(pair[0]);
		if (opener_start(device, SANDBOX_FULL, &eb) ||
			sandbox_enter(SANDBOX_WORKER, SANDBOX_FULL, &sandbox, &eb)) {
			print_error("%s\n", eb.text);
			_exit(EXIT_FAILURE);
		}
		work(pair[1]);
	}
	close(pair[1]);
	worker.socket = pair[0];
	assert_int_equal(read(worker.socket, &ready, 1), 1);
	return worker;
}

static int ask(const struct worker *worker, char request)
{
	int error;

	assert_int_equal(write(worker->socket, &request, 1), 1);
	assert_int_equal(read(worker->socket, &error, sizeof(error)), sizeof(error));
	return error;
}

static int end_worker(struct worker *worker)
{
	int status;

	close(worker->socket);
	assert_int_equal(waitpid(worker->pid, &status, 0), worker->pid);
	return status;
}

static pid_t opener_of(const struct worker *worker)
{
	char path[64], text[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", worker->pid, worker->pid);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	assert_true(n > 0);
	text[n] = 0;
	return (pid_t)strtol(text, NULL, 10);
}

static void read_master(const char *expected)
{
	struct pollfd pfd = {.fd = master, .events = POLLIN};
	char text[16];
	ssize_t n;

	assert_int_equal(poll(&pfd, 1, WAIT_MS), 1);
	n = read(master, text, sizeof(text) - 1);
	assert_true(n > 0);
	text[n] = 0;
	assert_string_equal(text, expected);
}

static void test_opens_its_tty(void **state)
{
	struct worker worker = start_worker(link_path);

	(void)state;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(ask(&worker, 't'), 0);
		read_master("AT");
	}
	assert_int_equal(end_worker(&worker), 0);
}

static void test_node_comes_back(void **state)
{
	struct worker worker = start_worker(link_path);
	int placeholder_master, placeholder;

	(void)state;
	assert_int_equal(ask(&worker, 't'), 0);
	read_master("AT");
	unplug();
	assert_int_equal(ask(&worker, 't'), ENOENT);
	/* Takes the number of the old one. */
	assert_int_equal(openpty(&placeholder_master, &placeholder, NULL, NULL, NULL), 0);
	plug();
	close(placeholder);
	close(placeholder_master);
	assert_int_equal(ask(&worker, 't'), 0);
	read_master("AT");
	assert_int_equal(end_worker(&worker), 0);
}

static void test_was_not_there(void **state)
{
	struct worker worker;

	(void)state;
	unplug();
	worker = start_worker(link_path);
	assert_int_equal(ask(&worker, 't'), ENOENT);
	plug();
	assert_int_equal(ask(&worker, 't'), 0);
	assert_int_equal(end_worker(&worker), 0);
}

static void test_opens_nothing_else(void **state)
{
	struct worker worker = start_worker(link_path);

	(void)state;
	assert_int_not_equal(ask(&worker, 'f'), 0);
	assert_int_not_equal(ask(&worker, 'n'), 0);
	assert_int_equal(end_worker(&worker), 0);
}

static void test_opens_no_file(void **state)
{
	struct worker worker = start_worker(link_path);
	int error;

	(void)state;
	unlink(link_path);
	assert_int_equal(symlink(file, link_path), 0);
	error = ask(&worker, 't');
	assert_true(error == EACCES || error == ENOTTY);
	assert_int_equal(end_worker(&worker), 0);
}

static void test_worker_dies(void **state)
{
	struct worker worker = start_worker(link_path);
	struct pollfd pfd = {.events = POLLIN};

	(void)state;
	/* A descriptor on the process: readable when it has ended. */
	pfd.fd = (int)syscall(SYS_pidfd_open, opener_of(&worker), 0);
	assert_true(pfd.fd >= 0);
	kill(worker.pid, SIGKILL);
	assert_int_equal(poll(&pfd, 1, WAIT_MS), 1);
	close(pfd.fd);
	end_worker(&worker);
}

static void test_opener_dies(void **state)
{
	struct worker worker = start_worker(link_path);
	int status;

	(void)state;
	kill(opener_of(&worker), SIGKILL);
	assert_int_equal(write(worker.socket, "t", 1), 1);
	status = end_worker(&worker);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_FAILURE);
}

static void test_without_opener(void **state)
{
	int fd = open(file, O_RDWR), copy;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	unlink(file);
	copy = open64(file, O_RDWR | O_CREAT, 0640);
	assert_true(copy >= 0);
	close(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_opens_its_tty, setup, teardown),
		cmocka_unit_test_setup_teardown(test_node_comes_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_was_not_there, setup, teardown),
		cmocka_unit_test_setup_teardown(test_opens_nothing_else, setup, teardown),
		cmocka_unit_test_setup_teardown(test_opens_no_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_worker_dies, setup, teardown),
		cmocka_unit_test_setup_teardown(test_opener_dies, setup, teardown),
		cmocka_unit_test_setup_teardown(test_without_opener, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
