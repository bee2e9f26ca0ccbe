/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shifts as they are stored; what they mean at a moment, desk/roster.h says. */
#ifndef BINHYEN_STORE_DUTY_H
#define BINHYEN_STORE_DUTY_H

#include "store/store.h"

#define DUTY_SHIFTS_MAX	 500 /* three shifts a day of three ranks, and two years of swaps */
#define DUTY_HOLIDAY	 8   /* the weekday of a public holiday */
#define DUTY_RANK_MAX	 9
#define DUTY_DAY_MINUTES 1440

struct duty_shift {
	int64_t id;
	int64_t officer_id; /* 0 nobody: instead_id is away */
	int weekday;	    /* 1 Monday .. 7 Sunday, DUTY_HOLIDAY; 0 = on `day` */
	int64_t day;	    /* since 1970 in Vietnam */
	int minute;	    /* of the day, 0..1439 */
	int minutes;	    /* 1..1440 */
	int rank;	    /* 1 is rung first */
	int64_t instead_id; /* for whom he stands in on that day; 0 nobody */
};

/* Replaces all shifts of weekdays, and those of days from from_day on, by these. */
MUST_CHECK
enum err duty_replace(
	struct store *store, const struct duty_shift *shifts, int count, int64_t from_day);
/* Those of weekdays and of days from from_day on. ERR_TOO_BIG past `max`. */
MUST_CHECK
enum err duty_load(
	struct store *store, int64_t from_day, struct duty_shift *shifts, int max, int *ret_count);

/* When it was told that nobody is on duty now; 0: it was not. */
MUST_CHECK
enum err duty_told(struct store *store, int64_t *ret_at_ms);
MUST_CHECK
enum err duty_set_told(struct store *store, int64_t at_ms);

#endif
