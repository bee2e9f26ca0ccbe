/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/log.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOG_LINE_BYTES 1024 /* a fact fits; a longer one is cut, never a body */

static enum log_level log_max = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
	log_max = level;
}

/* Under systemd the journal adds the time and reads the priority; a terminal wants the time
 * instead. */
static int log_prefix(enum log_level level, char *line, size_t bytes)
{
	struct timespec ts;
	struct tm tm;
	size_t len;

	if (getenv("JOURNAL_STREAM"))
		return snprintf(line, bytes, "<%d>", (int)level);
	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	len = strftime(line, bytes, "%Y-%m-%dT%H:%M:%S", &tm);
	return (int)len + snprintf(line + len, bytes - len, ".%03ldZ ", ts.tv_nsec / 1000000);
}

void log_line(enum log_level level, const char *event, const char *fmt, ...)
{
	char line[LOG_LINE_BYTES];
	size_t len, head;
	va_list ap;
	int n;

	if (level > log_max)
		return;
	head = (size_t)log_prefix(level, line, sizeof(line));
	len = head + (size_t)snprintf(line + head, sizeof(line) - head, "%s ", event);
	va_start(ap, fmt);
	n = vsnprintf(line + len, sizeof(line) - len - 1, fmt, ap);
	va_end(ap);
	len += n < 0 ? 0 : (size_t)n;
	if (len > sizeof(line) - 2)
		len = sizeof(line) - 2;
	for (size_t i = head; i < len; i++) {
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	}
	line[len++] = '\n';
	/* One write a line keeps lines of several processes whole; a full stderr must not stop the
	 * daemon. */
	if (write(STDERR_FILENO, line, len) < 0)
		return;
}

const char *log_tail(const char *address, char tail[LOG_TAIL_BYTES])
{
	size_t len = address ? strlen(address) : 0;

	snprintf(tail, LOG_TAIL_BYTES, "*%s", len > 5 ? address + len - 3 : "");
	return tail;
}

void check_failed(const char *file, int line, const char *func, const char *cond)
{
	log_error("check", "file=%s line=%d func=%s failed=\"%s\"", file, line, func, cond);
	abort();
}
