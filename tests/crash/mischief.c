/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * LD_PRELOAD shim for binhyend and binhyen-modem: what no test can do from outside. It obeys a page
 * of numbers that the test shares with it (mischief.py), a file named by MISCHIEF_PAGE:
 *
 *   - a program stands still at an exact point of its work (below), so that the test can kill it or
 *     its partner there; it goes on when the point is taken away;
 *   - the wall clock is off by so much;
 *   - the disk is full for the files of the database, or each sync takes longer.
 *
 * Preloaded code meets the symbols of the whole process, so everything in it but the calls that it
 * replaces is static.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* clang-format off */
enum point {
	POINT_NONE,
	/* binhyend */
	CLAIM_COMMITTED,     /* before the first word of a send to binhyen-modem */
	SEND_HANDED_OVER,    /* after it */
	STORED_COMMITTED,    /* before `stored` is said */
	STORED_SAID,         /* after it */
	COMMIT_WRITTEN,      /* before a sync of the write-ahead log */
	COMMIT_SYNCED,       /* after it */
	CHECKPOINT,          /* before a page of the database itself is written */
	REPORT_HEARD,        /* a delivery report was read, nothing is committed */
	DAEMON_STARTING,     /* the countdown-th call since its start */
	/* binhyen-modem */
	PROMPT_SEEN,         /* before the PDU of +CMGS is written */
	SUBMITTED,           /* after it: between the Ctrl-Z and its answer */
	BEFORE_DELETION,     /* before AT+CMGD */
	DELETION_ASKED,      /* after it */
	IN_LISTING,          /* within the answer to AT+CMGL */
	SENT_UNTOLD,         /* before `sent` is said */
	SENT_TOLD,           /* after it */
	REPORT_UNTOLD,       /* before `report` is said */
	MODEM_STARTING,      /* the countdown-th call since its start */
};
/* clang-format on */

/* As in mischief.py: numbers of 8 octets. */
struct page {
	int64_t wall_offset_ms;
	int64_t disk_is_full;
	int64_t sync_ms;
	int64_t point;	   /* enum point, 0 = none */
	int64_t countdown; /* of so many passes the last one stops */
	int64_t reached;   /* pid that stands still, 0 = none */
};

static struct page *page;
static bool is_child; /* the opener of binhyen-modem has no part in this */
static int database_fd = -1;
#define FDS 1024
static bool is_wal[FDS]; /* each connection opens the log; one of them writes and syncs it */

#define NEXT(name) \
	static __typeof__(&name) next_##name; \
	if (!next_##name) \
	find_next(#name, &next_##name)

/* dlsym returns an object pointer; ISO C has no cast from it to a function's. */
static void find_next(const char *name, void *ret_function)
{
	void *symbol = dlsym(RTLD_NEXT, name);

	if (!symbol)
		_exit(2);
	*(void **)ret_function = symbol;
}

static void in_child(void)
{
	is_child = true;
}

__attribute__((constructor(101))) static void mischief_init(void)
{
	const char *path = getenv("MISCHIEF_PAGE");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *map;

	if (fd < 0)
		return;
	map = mmap(NULL, sizeof(*page), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		_exit(2);
	pthread_atfork(NULL, NULL, in_child);
	page = map;
}

static int64_t get(const int64_t *number)
{
	return __atomic_load_n(number, __ATOMIC_SEQ_CST);
}

/* Stands still when this pass is the one; until it is killed or let go. */
static void pass(enum point point)
{
	int before = errno;

	if (!page || is_child || get(&page->point) != (int64_t)point)
		return;
	if (__atomic_sub_fetch(&page->countdown, 1, __ATOMIC_SEQ_CST) != 0)
		return;
	__atomic_store_n(&page->reached, (int64_t)getpid(), __ATOMIC_SEQ_CST);
	while (get(&page->point) == (int64_t)point)
		poll(NULL, 0, 2);
	errno = before;
}

static bool has(const void *data, size_t len, const char *words)
{
	return memmem(data, len, words, strlen(words)) != NULL;
}

/* ---- what is written: lines, AT commands, pages ---- */

struct points {
	enum point before, after;
};

static struct points points_of(const void *data, size_t len)
{
	static const struct {
		const char *words;
		struct points points;
	} table[] = {
		{"\"t\":\"send\"", {CLAIM_COMMITTED, SEND_HANDED_OVER}},
		{"\"t\":\"stored\"", {STORED_COMMITTED, STORED_SAID}},
		{"\x1a", {PROMPT_SEEN, SUBMITTED}},
		{"AT+CMGD", {BEFORE_DELETION, DELETION_ASKED}},
		{"\"t\":\"sent\"", {SENT_UNTOLD, SENT_TOLD}},
		{"\"t\":\"report\"", {REPORT_UNTOLD, POINT_NONE}},
	};

	if (!page || !get(&page->point))
		return (struct points){POINT_NONE, POINT_NONE};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (has(data, len, table[i].words))
			return table[i].points;
	}
	return (struct points){POINT_NONE, POINT_NONE};
}

static void pass_start(void)
{
	pass(DAEMON_STARTING);
	pass(MODEM_STARTING);
}

ssize_t write(int fd, const void *buf, size_t n)
{
	NEXT(write);
	struct points points = points_of(buf, n);
	ssize_t done;

	pass_start();
	if (points.before)
		pass(points.before);
	done = next_write(fd, buf, n);
	if (points.after)
		pass(points.after);
	return done;
}

ssize_t writev(int fd, const struct iovec *iovec, int count)
{
	NEXT(writev);
	struct points points = {POINT_NONE, POINT_NONE};
	ssize_t done;

	for (int i = 0; i < count && !points.before; i++)
		points = points_of(iovec[i].iov_base, iovec[i].iov_len);
	if (points.before)
		pass(points.before);
	done = next_writev(fd, iovec, count);
	if (points.after)
		pass(points.after);
	return done;
}

ssize_t read(int fd, void *buf, size_t nbytes)
{
	NEXT(read);
	ssize_t done = next_read(fd, buf, nbytes);

	if (!page || !get(&page->point) || done <= 0)
		return done;
	if (has(buf, (size_t)done, "\"t\":\"report\""))
		pass(REPORT_HEARD);
	if (has(buf, (size_t)done, "+CMGL: "))
		pass(IN_LISTING);
	return done;
}

/* ---- the disk ---- */

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static void note_file(const char *path, int fd)
{
	if (fd < 0 || !path)
		return;
	if (ends_with(path, ".db"))
		database_fd = fd;
	if (fd >= 0 && fd < FDS)
		is_wal[fd] = ends_with(path, ".db-wal");
}

/* SQLite opens with these two arguments and a mode. */
int open64(const char *file, int flags, ...)
{
	NEXT(open64);
	__builtin_va_list ap;
	mode_t mode;
	int fd;

	__builtin_va_start(ap, flags);
	mode = flags & (O_CREAT | O_TMPFILE) ? (mode_t) __builtin_va_arg(ap, int) : 0;
	__builtin_va_end(ap);
	fd = next_open64(file, flags, mode);
	note_file(file, fd);
	return fd;
}

static bool is_log(int fd)
{
	return fd >= 0 && fd < FDS && is_wal[fd];
}

static bool is_refused(int fd)
{
	if (!page || !get(&page->disk_is_full) || fd < 0 || (fd != database_fd && !is_log(fd)))
		return false;
	errno = ENOSPC;
	return true;
}

ssize_t pwrite64(int fd, const void *buf, size_t n, off64_t offset)
{
	NEXT(pwrite64);

	if (is_refused(fd))
		return -1;
	pass_start();
	if (fd >= 0 && fd == database_fd)
		pass(CHECKPOINT);
	return next_pwrite64(fd, buf, n, offset);
}

static void sync_pass(enum point point, int fd)
{
	if (is_log(fd))
		pass(point);
}

static void sync_delay(void)
{
	if (page && get(&page->sync_ms) > 0)
		poll(NULL, 0, (int)get(&page->sync_ms));
}

int fsync(int fd)
{
	NEXT(fsync);
	int result;

	sync_pass(COMMIT_WRITTEN, fd);
	sync_delay();
	result = next_fsync(fd);
	sync_pass(COMMIT_SYNCED, fd);
	return result;
}

int fdatasync(int fildes)
{
	NEXT(fdatasync);
	int result;

	sync_pass(COMMIT_WRITTEN, fildes);
	sync_delay();
	result = next_fdatasync(fildes);
	sync_pass(COMMIT_SYNCED, fildes);
	return result;
}

/* ---- the clock ---- */

int clock_gettime(clockid_t clock_id, struct timespec *tp)
{
	NEXT(clock_gettime);
	int result = next_clock_gettime(clock_id, tp);
	bool is_wall = clock_id == CLOCK_REALTIME || clock_id == CLOCK_REALTIME_COARSE;

	if (result == 0 && is_wall && page) {
		int64_t ms = get(&page->wall_offset_ms) + tp->tv_nsec / 1000000;
		int64_t rest = ms % 1000 < 0 ? ms % 1000 + 1000 : ms % 1000;

		tp->tv_sec += (ms - rest) / 1000;
		tp->tv_nsec = rest * 1000000 + tp->tv_nsec % 1000000;
	}
	return result;
}

int gettimeofday(struct timeval *tv, void *tz)
{
	struct timespec now;

	(void)tz;
	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return -1;
	*tv = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
	return 0;
}

time_t time(time_t *timer)
{
	struct timespec now = {0, 0};

	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (timer)
		*timer = now.tv_sec;
	return now.tv_sec;
}
