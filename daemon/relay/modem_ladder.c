/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/modem_ladder.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#define SOUND_MS (60 * SECOND_MS) /* of work, before a failure counts as a new one */

void ladder_down(struct ladder *ladder, int64_t now_ms)
{
	if (ladder->is_down)
		return;
	if (now_ms - ladder->since_ms >= SOUND_MS) {
		ladder->attempts = 0;
		ladder->alarm_ms = 0;
		ladder->is_told = false;
	}
	ladder->is_down = true;
	ladder->since_ms = now_ms;
}

void ladder_works(struct ladder *ladder, int64_t now_ms)
{
	if (!ladder->is_down)
		return;
	ladder->is_down = false;
	ladder->is_needless = false;
	ladder->since_ms = now_ms;
}

static int64_t delay_ms(int attempts)
{
	static const int64_t delays[] = {5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS};
	int last = (int)ARRAY_LEN(delays) - 1;

	return delays[attempts - 1 < last ? attempts - 1 : last];
}

enum ladder_step ladder_next(struct ladder *ladder, int64_t now_ms)
{
	if (!ladder->is_down || now_ms - ladder->since_ms < ladder->after_ms)
		return LADDER_WAIT;
	if (!ladder->alarm_ms)
		ladder->alarm_ms = now_ms + 2 * ladder->after_ms;
	if (!ladder->is_needless && (!ladder->attempts || now_ms >= ladder->next_ms)) {
		ladder->next_ms = now_ms + delay_ms(++ladder->attempts);
		return LADDER_POWER;
	}
	if (ladder->is_told || now_ms < ladder->alarm_ms)
		return LADDER_WAIT;
	ladder->is_told = true;
	return LADDER_ALARM;
}
