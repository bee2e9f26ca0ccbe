/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far the wall clock may be believed (design.md §7). A box without battery and network wakes up
 * in the past; what it says to be the time is then held against the time stamps that service
 * centres put on messages, and the network time of a modem where it tells.
 */
#ifndef BINHYEN_BASE_CLOCK_TRUST_H
#define BINHYEN_BASE_CLOCK_TRUST_H

#include "daemon/base/clock.h"

#include <stdbool.h>

#define CLOCK_FLOOR_MS \
	INT64_C(1767225600000) /* 2026-01-01: no clock of ours is right before it \
				*/

enum clock_trust_level {
	CLOCK_WRONG,   /* before 2026, or refuted by what was received */
	CLOCK_ALONE,   /* nobody confirms it */
	CLOCK_NETWORK, /* the mobile network agrees */
	CLOCK_NTP      /* the system keeps it in step */
};
const char *clock_trust_text(enum clock_trust_level level); /* "wrong" "alone" "network" "ntp" */

#define CLOCK_STAMPS 8
struct clock_trust {
	int64_t drifts_ms[CLOCK_STAMPS]; /* of the last stamps: theirs minus ours */
	int count, next;
	bool has_network; /* the network's own time was told */
	int64_t network_drift_ms;
	int64_t network_at_ms; /* monotonic */
};

/* A message came in with this time stamp of its service centre (UTC; 0 = none, ignored). */
void clock_trust_stamp(struct clock_trust *trust, struct clock *clock, int64_t stamp_ms);
/* The modem told the network's time (NITZ). */
void clock_trust_network(struct clock_trust *trust, struct clock *clock, int64_t network_ms);
/* The clock was set by that much, and with it what is known of its drift. */
void clock_trust_jumped(struct clock_trust *trust, int64_t by_ms);

/* By how much the others are ahead of us; false when nothing is known. A message may have waited
 * for days, so of several stamps the latest counts. */
bool clock_trust_drift(const struct clock_trust *trust, struct clock *clock, int64_t *ret_drift_ms);
enum clock_trust_level clock_trust_level(
	const struct clock_trust *trust, struct clock *clock, bool is_ntp);

/* Does the system keep its clock in step (adjtimex(2))? */
bool clock_is_ntp(void);

/* A step of the wall clock that is no running of time: set `last` to zeros before the first call;
 * 0 = none. */
struct clock_last {
	int64_t wall_ms, mono_ms;
};
/* Less is drift, and delays an alarm by less than anybody notices. */
#define CLOCK_JUMP_MS (10 * SECOND_MS)
int64_t clock_jump(struct clock_last *last, struct clock *clock);

#endif
