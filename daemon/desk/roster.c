/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/roster.h"

#include "daemon/base/date.h"

#include <stdlib.h>

static int64_t begins_ms(const struct duty_shift *shift, int64_t day)
{
	return day * DAY_MS - VIETNAM_OFFSET_MS + shift->minute * MINUTE_MS;
}

/* Which shifts of the week count on that day. */
static int weekday_of(const struct roster *roster, int64_t day)
{
	if (roster->is_holiday && roster->is_holiday(roster->arg, day)) {
		for (int i = 0; i < roster->count; i++) {
			if (roster->shifts[i].weekday == DUTY_HOLIDAY)
				return DUTY_HOLIDAY;
		}
	}
	return date_weekday(day);
}

static bool is_on(const struct duty_shift *shift, int64_t day, int weekday, int64_t at_ms)
{
	int64_t from_ms = begins_ms(shift, day);

	if (shift->weekday ? shift->weekday != weekday : shift->day != day)
		return false;
	return at_ms >= from_ms && at_ms < from_ms + shift->minutes * MINUTE_MS;
}

static void add_post(struct roster_watch *watch, int64_t officer_id, int rank)
{
	for (int i = 0; i < watch->count; i++) {
		if (watch->posts[i].officer_id != officer_id)
			continue;
		if (rank < watch->posts[i].rank)
			watch->posts[i].rank = rank;
		return;
	}
	if (watch->count < ROSTER_POSTS_MAX)
		watch->posts[watch->count++] = (struct roster_post){officer_id, rank};
}

/* His rank; 0 when he is not there. */
static int drop_post(struct roster_watch *watch, int64_t officer_id)
{
	for (int i = 0; i < watch->count; i++) {
		int rank = watch->posts[i].rank;

		if (watch->posts[i].officer_id != officer_id)
			continue;
		watch->posts[i] = watch->posts[--watch->count];
		return rank;
	}
	return 0;
}

static int compare_posts(const void *a, const void *b)
{
	const struct roster_post *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->officer_id > y->officer_id) - (x->officer_id < y->officer_id);
}

/* Past midnight a shift is that of the day before. */
typedef void (*shift_fn)(struct roster_watch *watch, const struct duty_shift *shift);

static void each_on(
	const struct roster *roster, int64_t at_ms, struct roster_watch *watch, shift_fn fn)
{
	int64_t today = clock_local_day(at_ms);

	for (int64_t day = today - 1; day <= today; day++) {
		int weekday = weekday_of(roster, day);

		for (int i = 0; i < roster->count; i++) {
			if (is_on(&roster->shifts[i], day, weekday, at_ms))
				fn(watch, &roster->shifts[i]);
		}
	}
}

static void add_own(struct roster_watch *watch, const struct duty_shift *shift)
{
	if (!shift->instead_id)
		add_post(watch, shift->officer_id, shift->rank);
}

/* Taken off together before anybody is put in his place: two who change with each other are both
 * there. */
struct swap {
	int64_t officer_id;
	int rank;
};

void roster_at(const struct roster *roster, int64_t at_ms, struct roster_watch *ret_watch)
{
	struct swap swaps[ROSTER_POSTS_MAX];
	struct roster_watch watch = {.count = 0};
	int64_t today = clock_local_day(at_ms);
	int count = 0;

	each_on(roster, at_ms, &watch, add_own);
	for (int i = 0; i < roster->count; i++) {
		const struct duty_shift *shift = &roster->shifts[i];
		int rank;

		if (!shift->instead_id ||
			(!is_on(shift, today, 0, at_ms) && !is_on(shift, today - 1, 0, at_ms)))
			continue;
		rank = drop_post(&watch, shift->instead_id);
		if (rank && shift->officer_id && count < ROSTER_POSTS_MAX)
			swaps[count++] = (struct swap){shift->officer_id, rank};
	}
	for (int i = 0; i < count; i++)
		add_post(&watch, swaps[i].officer_id, swaps[i].rank);
	qsort(watch.posts, (size_t)watch.count, sizeof(watch.posts[0]), compare_posts);
	*ret_watch = watch;
}

int64_t roster_next_change(const struct roster *roster, int64_t at_ms)
{
	int64_t today = clock_local_day(at_ms), next_ms = INT64_MAX;

	for (int64_t day = today - 1; day <= today + ROSTER_AHEAD; day++) {
		int weekday = weekday_of(roster, day);

		for (int i = 0; i < roster->count; i++) {
			const struct duty_shift *shift = &roster->shifts[i];
			int64_t from_ms = begins_ms(shift, day);
			int64_t to_ms = from_ms + shift->minutes * MINUTE_MS;

			if (shift->weekday ? shift->weekday != weekday : shift->day != day)
				continue;
			if (from_ms > at_ms && from_ms < next_ms)
				next_ms = from_ms;
			if (to_ms > at_ms && to_ms < next_ms)
				next_ms = to_ms;
		}
		/* What begins on a later day begins later. */
		if (next_ms <= (day + 1) * DAY_MS - VIETNAM_OFFSET_MS)
			break;
	}
	return next_ms;
}

int roster_gaps(
	const struct roster *roster, int64_t from_ms, struct roster_gap gaps[ROSTER_GAPS_MAX])
{
	int64_t end_ms = from_ms + ROSTER_AHEAD * DAY_MS, at_ms = from_ms;
	bool is_in_gap = false;
	int count = 0;

	while (at_ms < end_ms && count <= ROSTER_GAPS_MAX) {
		int64_t next_ms = roster_next_change(roster, at_ms);
		struct roster_watch watch;

		roster_at(roster, at_ms, &watch);
		if (next_ms > end_ms)
			next_ms = end_ms;
		if (watch.count) {
			is_in_gap = false;
		} else if (is_in_gap) {
			gaps[count - 1].to_ms = next_ms;
		} else if (count < ROSTER_GAPS_MAX) {
			gaps[count++] = (struct roster_gap){at_ms, next_ms};
			is_in_gap = true;
		} else {
			break;
		}
		at_ms = next_ms;
	}
	return count;
}
