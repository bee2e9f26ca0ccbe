/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/clock.h"

#include <time.h>

static int64_t read_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * SECOND_MS + ts.tv_nsec / 1000000;
}

static int64_t system_wall_ms(struct clock *clock)
{
	(void)clock;
	return read_ms(CLOCK_REALTIME);
}

static int64_t system_mono_ms(struct clock *clock)
{
	(void)clock;
	return read_ms(CLOCK_MONOTONIC);
}

struct clock *clock_system(void)
{
	static struct clock system_clock = {system_wall_ms, system_mono_ms};

	return &system_clock;
}

static int64_t virtual_wall_ms(struct clock *clock)
{
	return container_of(clock, struct clock_virtual, clock)->wall;
}

static int64_t virtual_mono_ms(struct clock *clock)
{
	return container_of(clock, struct clock_virtual, clock)->mono;
}

void clock_virtual_init(struct clock_virtual *v, int64_t wall_ms)
{
	*v = (struct clock_virtual){{virtual_wall_ms, virtual_mono_ms}, wall_ms, 0};
}

void clock_virtual_advance(struct clock_virtual *v, int64_t ms)
{
	v->wall += ms;
	v->mono += ms;
}

static struct tm local_tm(int64_t wall_ms)
{
	time_t seconds = (time_t)((wall_ms + VIETNAM_OFFSET_MS) / SECOND_MS);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	return tm;
}

int clock_local_year(int64_t wall_ms)
{
	return local_tm(wall_ms).tm_year + 1900;
}

int64_t clock_local_day(int64_t wall_ms)
{
	return (wall_ms + VIETNAM_OFFSET_MS) / DAY_MS;
}

int64_t clock_local_month(int64_t wall_ms)
{
	return clock_local_day(wall_ms) - (local_tm(wall_ms).tm_mday - 1);
}

int64_t clock_day_begin_ms(int64_t day)
{
	return day * DAY_MS - VIETNAM_OFFSET_MS;
}

void clock_format_date(int64_t wall_ms, char text[CLOCK_DATE_BYTES])
{
	struct tm tm = local_tm(wall_ms);

	if (!strftime(text, CLOCK_DATE_BYTES, "%d/%m/%Y", &tm))
		text[0] = 0;
}

void clock_format_moment(int64_t wall_ms, char text[CLOCK_MOMENT_BYTES])
{
	struct tm tm = local_tm(wall_ms);

	if (!strftime(text, CLOCK_MOMENT_BYTES, "%H:%M %d/%m", &tm))
		text[0] = 0;
}

void clock_format(int64_t wall_ms, char text[CLOCK_TEXT_BYTES])
{
	struct tm tm = local_tm(wall_ms);

	if (!strftime(text, CLOCK_TEXT_BYTES, "%Y-%m-%dT%H:%M:%S+07:00", &tm))
		text[0] = 0;
}
