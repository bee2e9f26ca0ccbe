/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time as an interface: wall time for people and deadlines, monotonic time for durations. The
 * daemon uses the system's, tests a virtual one. All values are milliseconds; wall time counts from
 * 1970-01-01T00:00Z.
 */
#ifndef BINHYEN_BASE_CLOCK_H
#define BINHYEN_BASE_CLOCK_H

#include "daemon/base/base.h"

#include <stdint.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS	  (60 * MINUTE_MS)
#define DAY_MS	  (24 * HOUR_MS)

/* Vietnam has one zone without summer time since 1975: local time is UTC+7. */
#define VIETNAM_OFFSET_MS (7 * HOUR_MS)

struct clock {
	int64_t (*wall_ms)(struct clock *clock);
	int64_t (*mono_ms)(struct clock *clock);
};

struct clock *clock_system(void);

/* A clock that stands still until it is moved. */
struct clock_virtual {
	struct clock clock;
	int64_t wall;
	int64_t mono;
};

void clock_virtual_init(struct clock_virtual *v, int64_t wall_ms);
void clock_virtual_advance(struct clock_virtual *v, int64_t ms);

static inline int64_t clock_wall_ms(struct clock *clock)
{
	return clock->wall_ms(clock);
}

static inline int64_t clock_mono_ms(struct clock *clock)
{
	return clock->mono_ms(clock);
}

/* Calendar year in Vietnam at that moment: report numbers start anew each year. */
int clock_local_year(int64_t wall_ms);

/* Days since 1970-01-01 in Vietnam, and that of the first of the month. */
int64_t clock_local_day(int64_t wall_ms);
int64_t clock_local_month(int64_t wall_ms);
/* Wall time at the beginning of such a day. */
int64_t clock_day_begin_ms(int64_t day);

/* "22/11/2026", respectively "14:05 22/11": as people in Vietnam write them. */
#define CLOCK_DATE_BYTES   16
#define CLOCK_MOMENT_BYTES 16
void clock_format_date(int64_t wall_ms, char text[CLOCK_DATE_BYTES]);
void clock_format_moment(int64_t wall_ms, char text[CLOCK_MOMENT_BYTES]);

/* "2026-11-22T14:05:09+07:00" into text[26]. */
#define CLOCK_TEXT_BYTES 26
void clock_format(int64_t wall_ms, char text[CLOCK_TEXT_BYTES]);

#endif
