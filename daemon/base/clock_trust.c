/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/clock_trust.h"

#include <sys/timex.h>

#define AGREES_MS	(10 * MINUTE_MS) /* a message takes a while */
#define AHEAD_MS	(5 * MINUTE_MS)	 /* no message comes from the future */
#define BEHIND_STAMPS	3		 /* so many late ones in a row are no coincidence */
#define BEHIND_MS	(6 * HOUR_MS)
#define NETWORK_KEEP_MS DAY_MS

const char *clock_trust_text(enum clock_trust_level level)
{
	static const char *const texts[] = {"wrong", "alone", "network", "ntp"};

	return texts[level];
}

void clock_trust_stamp(struct clock_trust *trust, struct clock *clock, int64_t stamp_ms)
{
	if (!stamp_ms)
		return;
	trust->drifts_ms[trust->next] = stamp_ms - clock_wall_ms(clock);
	trust->next = (trust->next + 1) % CLOCK_STAMPS;
	if (trust->count < CLOCK_STAMPS)
		trust->count++;
}

void clock_trust_network(struct clock_trust *trust, struct clock *clock, int64_t network_ms)
{
	trust->has_network = true;
	trust->network_drift_ms = network_ms - clock_wall_ms(clock);
	trust->network_at_ms = clock_mono_ms(clock);
}

void clock_trust_jumped(struct clock_trust *trust, int64_t by_ms)
{
	for (int i = 0; i < trust->count; i++)
		trust->drifts_ms[i] -= by_ms;
	trust->network_drift_ms -= by_ms;
}

bool clock_trust_drift(const struct clock_trust *trust, struct clock *clock, int64_t *ret_drift_ms)
{
	int64_t latest_ms = INT64_MIN;

	if (trust->has_network && clock_mono_ms(clock) - trust->network_at_ms < NETWORK_KEEP_MS) {
		*ret_drift_ms = trust->network_drift_ms;
		return true;
	}
	for (int i = 0; i < trust->count; i++) {
		if (trust->drifts_ms[i] > latest_ms)
			latest_ms = trust->drifts_ms[i];
	}
	if (!trust->count)
		return false;
	*ret_drift_ms = latest_ms;
	return true;
}

static bool is_refuted(const struct clock_trust *trust, int64_t drift_ms)
{
	if (drift_ms > AHEAD_MS)
		return true;
	return drift_ms < -BEHIND_MS && (trust->has_network || trust->count >= BEHIND_STAMPS);
}

enum clock_trust_level clock_trust_level(
	const struct clock_trust *trust, struct clock *clock, bool is_ntp)
{
	int64_t drift_ms;
	bool is_known = clock_trust_drift(trust, clock, &drift_ms);

	if (clock_wall_ms(clock) < CLOCK_FLOOR_MS)
		return CLOCK_WRONG;
	/* Whoever is in step with the world is right even if a service centre is not. */
	if (is_ntp)
		return CLOCK_NTP;
	if (is_known && is_refuted(trust, drift_ms))
		return CLOCK_WRONG;
	return is_known && drift_ms > -AGREES_MS ? CLOCK_NETWORK : CLOCK_ALONE;
}

bool clock_is_ntp(void)
{
	struct timex state = {.modes = 0};

	return adjtimex(&state) >= 0 && !(state.status & STA_UNSYNC);
}

int64_t clock_jump(struct clock_last *last, struct clock *clock)
{
	struct clock_last now = {clock_wall_ms(clock), clock_mono_ms(clock)};
	int64_t step_ms = (now.wall_ms - last->wall_ms) - (now.mono_ms - last->mono_ms);
	bool is_first = !last->wall_ms && !last->mono_ms;

	*last = now;
	if (is_first || (step_ms <= CLOCK_JUMP_MS && step_ms >= -CLOCK_JUMP_MS))
		return 0;
	return step_ms;
}
