/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line, one fact, on stderr: `outbox id=812 from=CLAIMED to=SENT channel=modem0 ms=3120`. The
 * first word is a stable event name listed in binhyend(8). Never a body, never a name, never a
 * number longer than its last three digits.
 */
#ifndef BINHYEN_BASE_LOG_H
#define BINHYEN_BASE_LOG_H

#include "daemon/base/base.h"

/* Values are those of syslog(3), which the journal reads from a `<n>` prefix. */
enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARN = 4, LOG_LEVEL_INFO = 6, LOG_LEVEL_DEBUG = 7 };

/* Lines less important than `level` are dropped (default INFO). */
void log_set_level(enum log_level level);

/* event: one word; fmt: `key=value` pairs. A control character in a value is written as '?'. */
void log_line(enum log_level level, const char *event, const char *fmt, ...) PRINTF_LIKE(3, 4);

#define log_error(event, ...) log_line(LOG_LEVEL_ERROR, event, __VA_ARGS__)
#define log_warn(event, ...)  log_line(LOG_LEVEL_WARN, event, __VA_ARGS__)
#define log_info(event, ...)  log_line(LOG_LEVEL_INFO, event, __VA_ARGS__)
#define log_debug(event, ...) log_line(LOG_LEVEL_DEBUG, event, __VA_ARGS__)

/* "*678": all that a log may show of a phone number or another address. */
#define LOG_TAIL_BYTES 5
const char *log_tail(const char *address, char tail[LOG_TAIL_BYTES]);

#endif
