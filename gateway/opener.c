/* SPDX-License-Identifier: GPL-2.0-or-later */
/* With it the header brings definitions of open() along. */
#undef _FORTIFY_SOURCE
#include "gateway/opener.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILD_FD 3

static struct {
	int socket; /* the worker's end; -1 in every other process */
	const char *device;
} opener = {.socket = -1};

/* One packet either way: a byte asks, an errno with a descriptor or without answers. */
union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

static int open_device(const char *device)
{
	int fd = open(device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISCHR(st.st_mode))
		return fd;
	close(fd);
	errno = ENOTTY;
	return -1;
}

static void answer(int socket, int fd, int error)
{
	union control control = {0};
	struct iovec data = {&error, sizeof(error)};
	struct msghdr msg = {.msg_iov = &data, .msg_iovlen = 1};

	if (fd >= 0) {
		struct cmsghdr *header;

		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof(control.bytes);
		header = CMSG_FIRSTHDR(&msg);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	}
	while (sendmsg(socket, &msg, MSG_NOSIGNAL) < 0) {
		if (errno != EINTR)
			_exit(EXIT_SUCCESS); /* nobody is left to open for */
	}
}

static void serve(int socket, const char *device)
{
	for (;;) {
		char request;
		ssize_t n = read(socket, &request, sizeof(request));
		int fd;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			_exit(EXIT_SUCCESS);
		fd = open_device(device);
		answer(socket, fd, fd < 0 ? errno : 0);
		if (fd >= 0)
			close(fd);
	}
}

static void be_opener(int socket, pid_t worker, const char *device, enum sandbox_mode mode)
{
	struct sandbox sandbox;

	/* Nothing of the worker's but a way to complain. */
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	if (socket != CHILD_FD && dup2(socket, CHILD_FD) < 0)
		_exit(EXIT_FAILURE);
	closefrom(CHILD_FD + 1);
	prctl(PR_SET_NAME, "modem-opener", 0, 0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() != worker || sandbox_enter(SANDBOX_OPENER, mode, &sandbox, NULL))
		_exit(EXIT_FAILURE);
	answer(CHILD_FD, -1, 0);
	serve(CHILD_FD, device);
}

/* False when the opener is gone. */
static bool take_answer(int socket, int *ret_fd, int *ret_error)
{
	union control control = {0};
	int error = 0, fd = -1;
	struct iovec data = {&error, sizeof(error)};
	struct msghdr msg = {.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *header;
	ssize_t n;

	do
		n = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(error))
		return false;
	header = CMSG_FIRSTHDR(&msg);
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	*ret_fd = fd;
	*ret_error = error ? error : EMFILE; /* a descriptor that found no place is left out */
	return true;
}

enum err opener_start(const char *device, enum sandbox_mode mode, struct errbuf *eb)
{
	pid_t worker = getpid(), child;
	int pair[2], fd, error;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return errbuf_set(eb, err_from_errno(errno), "opener: %s", strerror(errno));
	child = fork();
	if (child < 0) {
		errbuf_set(eb, ERR_NOMEM, "opener: %s", strerror(errno));
		goto fail_fork;
	}
	if (child == 0) {
		be_opener(pair[1], worker, device, mode);
		_exit(EXIT_FAILURE);
	}
	close(pair[1]);
	if (!take_answer(pair[0], &fd, &error)) {
		close(pair[0]);
		waitpid(child, NULL, 0);
		return errbuf_set(eb, ERR_DENIED, "opener: it could not enter its sandbox");
	}
	opener.socket = pair[0];
	opener.device = device;
	return ERR_OK;

fail_fork:
	close(pair[0]);
	close(pair[1]);
	return ERR_NOMEM;
}

int opener_open(void)
{
	struct iovec data = {(char[]){'o'}, 1};
	struct msghdr msg = {.msg_iov = &data, .msg_iovlen = 1};
	int fd, error;
	ssize_t n;

	do
		n = sendmsg(opener.socket, &msg, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0 || !take_answer(opener.socket, &fd, &error)) {
		/* Without it the modem is lost for good; binhyend starts both anew. */
		log_error("modem", "opener=gone");
		exit(EXIT_FAILURE);
	}
	if (fd < 0)
		errno = error;
	return fd;
}

/* In the place of the C library's. */

static int open_any(const char *path, int flags, mode_t mode)
{
	if (opener.socket >= 0 && str_eq(path, opener.device))
		return opener_open();
	return openat(AT_FDCWD, path, flags, mode);
}

#define MODE_OF(flags, mode) \
	do { \
		if ((flags)&O_CREAT || ((flags)&O_TMPFILE) == O_TMPFILE) { \
			va_list args; \
\
			va_start(args, flags); \
			mode = va_arg(args, mode_t); \
			va_end(args); \
		} \
	} while (0)

int open(const char *file, int oflag, ...)
{
	mode_t mode = 0;

	MODE_OF(oflag, mode);
	return open_any(file, oflag, mode);
}

int open64(const char *file, int oflag, ...)
{
	mode_t mode = 0;

	MODE_OF(oflag, mode);
	return open_any(file, oflag, mode);
}
