/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LD_PRELOAD shim: each fsync, fdatasync and sync_file_range takes SLOW_FSYNC_MS milliseconds more,
 * as on the SD card of the smallest box. Preloaded code meets the symbols of the whole process, so
 * it stands alone and everything in it but the three calls is static.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define DELAY_MAX_MS 10000 /* more than that is no disk any more */
#define SECOND_NS    1000000000L

static long delay_ms;
static int (*next_fsync)(int fd);
static int (*next_fdatasync)(int fd);
static int (*next_sync_file_range)(int fd, off64_t offset, off64_t bytes, unsigned flags);

/* dlsym returns an object pointer; ISO C has no cast from it to a function's. */
static void find_next(const char *name, void *ret_function)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (!symbol) {
		fprintf(stderr, "slow_fsync: no %s\n", name);
		_exit(2);
	}
	*(void **)ret_function = symbol;
}

/* Read once, before main(): getenv() is not safe beside threads that change the environment. A
 * bench that measures without the delay it asked for would lie, so a bad value ends the process. */
__attribute__((constructor(101))) static void slow_fsync_init(void)
{
	const char *text = getenv("SLOW_FSYNC_MS");
	char *end = NULL;

	find_next("fsync", &next_fsync);
	find_next("fdatasync", &next_fdatasync);
	find_next("sync_file_range", &next_sync_file_range);
	if (!text)
		return;
	errno = 0;
	delay_ms = strtol(text, &end, 10);
	if (errno || end == text || *end || delay_ms < 0 || delay_ms > DELAY_MAX_MS) {
		fprintf(stderr, "slow_fsync: SLOW_FSYNC_MS must be 0..%d\n", DELAY_MAX_MS);
		_exit(2);
	}
}

/* The whole delay, whatever signals come; result and errno are the call's. */
static int delayed(int result)
{
	struct timespec until;
	int before = errno;

	if (delay_ms == 0)
		return result;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += delay_ms / 1000;
	until.tv_nsec += delay_ms % 1000 * 1000000L;
	if (until.tv_nsec >= SECOND_NS) {
		until.tv_sec++;
		until.tv_nsec -= SECOND_NS;
	}
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		continue;
	errno = before;
	return result;
}

int fsync(int fd)
{
	return delayed(next_fsync(fd));
}

int fdatasync(int fildes)
{
	return delayed(next_fdatasync(fildes));
}

int sync_file_range(int fd, off64_t offset, off64_t count, unsigned flags)
{
	return delayed(next_sync_file_range(fd, offset, count, flags));
}
