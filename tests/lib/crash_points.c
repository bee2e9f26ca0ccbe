/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/crash_points.h"

#include <dlfcn.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_bool is_armed;
static atomic_long count, target;

void crash_points_arm(long at)
{
	count = 0;
	target = at;
	is_armed = true;
}

long crash_points_count(void)
{
	return count;
}

/* Files that last and sockets that leave the process; not pipes, terminals and wake-ups. */
static bool is_outside(int fd)
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof(address);
	struct stat st;

	if (fstat(fd, &st))
		return false;
	if (S_ISREG(st.st_mode))
		return true;
	return S_ISSOCK(st.st_mode) && !getsockname(fd, (struct sockaddr *)&address, &len) &&
	       (address.ss_family == AF_INET || address.ss_family == AF_INET6);
}

static void step_here(void)
{
	if (is_armed && ++count == target)
		kill(getpid(), SIGKILL);
}

static void step(int fd)
{
	if (is_armed && is_outside(fd))
		step_here();
}

/* The function that would have been called without this file. */
#define REAL(name) \
	static __typeof__(&name) real; \
	if (!real) \
	real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *buf, size_t n)
{
	REAL(write);
	step(fd);
	return real(fd, buf, n);
}

ssize_t pwrite64(int fd, const void *buf, size_t n, off64_t offset)
{
	REAL(pwrite64);
	step(fd);
	return real(fd, buf, n, offset);
}

int fsync(int fd)
{
	REAL(fsync);
	step(fd);
	return real(fd);
}

int fdatasync(int fildes)
{
	REAL(fdatasync);
	step(fildes);
	return real(fildes);
}

int rename(const char *old, const char *new)
{
	REAL(rename);
	step_here();
	return real(old, new);
}

int unlink(const char *name)
{
	REAL(unlink);
	step_here();
	return real(name);
}

int ftruncate64(int fd, off64_t length)
{
	REAL(ftruncate64);
	step(fd);
	return real(fd, length);
}

int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	REAL(connect);
	step(fd);
	return real(fd, addr, len);
}

ssize_t send(int fd, const void *buf, size_t n, int flags)
{
	REAL(send);
	step(fd);
	return real(fd, buf, n, flags);
}

ssize_t recv(int fd, void *buf, size_t n, int flags)
{
	REAL(recv);
	step(fd);
	return real(fd, buf, n, flags);
}
