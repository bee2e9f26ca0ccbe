/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/watch.h"
#include "daemon/base/base.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#define LOOKS_A_SECOND 2

static struct {
	int line, tty;
	volatile sig_atomic_t looks_left;
	void (*abort_call)(void *arg);
	void *arg;
} watch = {.line = -1, .tty = -1};

/* Only what signal-safety(7) allows. */
static int has_hung_up(int fd)
{
	struct pollfd pfd = {.fd = fd, .events = 0};

	return fd >= 0 && poll(&pfd, 1, 0) > 0 && pfd.revents & (POLLHUP | POLLERR | POLLNVAL);
}

static void look(int signo)
{
	int saved = errno;

	(void)signo;
	if (has_hung_up(watch.line))
		_exit(EXIT_SUCCESS);
	if (watch.abort_call && (watch.looks_left <= 0 || has_hung_up(watch.tty)))
		watch.abort_call(watch.arg);
	watch.looks_left--;
	errno = saved;
}

void watch_line(int fd)
{
	watch.line = fd;
}

void watch_start(int tty, int limit_s, void (*abort_call)(void *arg), void *arg)
{
	const suseconds_t every_us = 1000000 / LOOKS_A_SECOND;
	const struct itimerval timer = {{0, every_us}, {0, every_us}};
	struct sigaction action = {.sa_handler = look, .sa_flags = SA_RESTART};

	watch.tty = tty;
	watch.looks_left = limit_s * LOOKS_A_SECOND;
	watch.arg = arg;
	watch.abort_call = abort_call;
	sigemptyset(&action.sa_mask);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

void watch_stop(void)
{
	const struct itimerval off = {{0, 0}, {0, 0}};

	setitimer(ITIMER_REAL, &off, NULL);
	watch.abort_call = NULL;
}
