/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/quiet.h"

#include "daemon/base/clock.h"

/* Of the quiet time that begins on the day of `wall_ms`. */
static int64_t begin_on(const struct quiet *quiet, int64_t day_ms)
{
	return day_ms + quiet->from_h * HOUR_MS;
}

static int64_t length_ms(const struct quiet *quiet)
{
	return (quiet->until_h - quiet->from_h + (quiet->until_h < quiet->from_h ? 24 : 0)) *
	       HOUR_MS;
}

int64_t quiet_end_ms(const struct quiet *quiet, int64_t wall_ms)
{
	int64_t today_ms = clock_day_begin_ms(clock_local_day(wall_ms));

	if (quiet->from_h == quiet->until_h)
		return 0;
	/* Vietnam has no summer time: every day has 24 hours. */
	for (int64_t day_ms = today_ms - DAY_MS; day_ms <= today_ms; day_ms += DAY_MS) {
		int64_t begin_ms = begin_on(quiet, day_ms);

		if (wall_ms >= begin_ms && wall_ms < begin_ms + length_ms(quiet))
			return begin_ms + length_ms(quiet);
	}
	return 0;
}

int64_t quiet_begin_ms(const struct quiet *quiet, int64_t wall_ms)
{
	int64_t end_ms = quiet_end_ms(quiet, wall_ms), begin_ms;

	if (quiet->from_h == quiet->until_h)
		return INT64_MAX;
	if (end_ms)
		return end_ms - length_ms(quiet);
	begin_ms = begin_on(quiet, clock_day_begin_ms(clock_local_day(wall_ms)));
	return begin_ms < wall_ms ? begin_ms + DAY_MS : begin_ms;
}

int64_t quiet_after_ms(const struct quiet *quiet, int64_t wall_ms, int64_t work_ms)
{
	int64_t at_ms = wall_ms, end_ms = quiet_end_ms(quiet, wall_ms);
	int64_t day_work_ms = DAY_MS - length_ms(quiet);

	if (quiet->from_h == quiet->until_h)
		return wall_ms + work_ms;
	if (end_ms)
		at_ms = end_ms;
	if (work_ms > quiet_begin_ms(quiet, at_ms) - at_ms) {
		work_ms -= quiet_begin_ms(quiet, at_ms) - at_ms;
		at_ms = quiet_end_ms(quiet, quiet_begin_ms(quiet, at_ms));
		at_ms += work_ms / day_work_ms * DAY_MS;
		work_ms %= day_work_ms;
	}
	return at_ms + work_ms;
}
