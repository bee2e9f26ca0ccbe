/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is on duty: a pure function of the shifts, the holidays and a moment.
 *
 * The shifts of a weekday count on each such day; on a public holiday those of "holiday" count
 * instead, if there are any. A shift of one day comes in addition; one "instead of" somebody takes
 * that officer's place, at his rank, for as long as it lasts. A shift may last past midnight: it
 * belongs to the day on which it begins.
 */
#ifndef BINHYEN_DESK_ROSTER_H
#define BINHYEN_DESK_ROSTER_H

#include "store/duty.h"

#define ROSTER_POSTS_MAX 64 /* on duty at the same moment */
#define ROSTER_GAPS_MAX	 20
#define ROSTER_AHEAD	 14 /* days that are looked at for gaps */

struct roster {
	struct duty_shift shifts[DUTY_SHIFTS_MAX];
	int count;
	/* A public holiday? Borrowed, with its argument; NULL = there are none. */
	bool (*is_holiday)(const void *arg, int64_t day);
	const void *arg;
};

struct roster_post {
	int64_t officer_id;
	int rank;
};
struct roster_watch {
	struct roster_post posts[ROSTER_POSTS_MAX]; /* by rank, then id; an officer once */
	int count;
};
void roster_at(const struct roster *roster, int64_t at_ms, struct roster_watch *ret_watch);
/* When the next shift begins or ends after at_ms, within the days ahead; INT64_MAX none. */
int64_t roster_next_change(const struct roster *roster, int64_t at_ms);

/* A time when nobody is on duty. */
struct roster_gap {
	int64_t from_ms, to_ms;
};
/* Those of the days ahead, up to ROSTER_GAPS_MAX; how many were found. */
int roster_gaps(
	const struct roster *roster, int64_t from_ms, struct roster_gap gaps[ROSTER_GAPS_MAX]);

#endif
