/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is on duty when, as a function of shifts and a moment; against a slow reading of the same
 * rules, minute by minute. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/base/date.h"
#include "daemon/base/rng.h"
#include "daemon/desk/roster.h"

#include <stdlib.h>
#include <string.h>

#define A 1
#define B 2
#define C 3

static struct roster roster;

static int64_t at(const char *day, int hour, int minute)
{
	int64_t number;

	assert_int_equal(date_parse(day, &number), ERR_OK);
	return number * DAY_MS - VIETNAM_OFFSET_MS + hour * HOUR_MS + minute * MINUTE_MS;
}

static int64_t day_of(const char *day)
{
	int64_t number;

	assert_int_equal(date_parse(day, &number), ERR_OK);
	return number;
}

static int setup(void **state)
{
	(void)state;
	memset(&roster, 0, sizeof(roster));
	return 0;
}

static void add(struct duty_shift shift)
{
	roster.shifts[roster.count++] = shift;
}

static void weekly(int weekday, int hour, int hours, int64_t officer, int rank)
{
	add((struct duty_shift){.weekday = weekday,
		.minute = hour * 60,
		.minutes = hours * 60,
		.officer_id = officer,
		.rank = rank});
}

static void on_day(const char *day, int hour, int hours, int64_t officer, int64_t instead)
{
	add((struct duty_shift){.day = day_of(day),
		.minute = hour * 60,
		.minutes = hours * 60,
		.officer_id = officer,
		.instead_id = instead,
		.rank = 1});
}

/* "12" = officers 1 and 2, in that order. */
static void assert_on(int64_t at_ms, const char *expected)
{
	struct roster_watch watch;
	char found[ROSTER_POSTS_MAX + 1] = "";

	roster_at(&roster, at_ms, &watch);
	for (int i = 0; i < watch.count; i++)
		found[i] = (char)('0' + watch.posts[i].officer_id);
	assert_string_equal(found, expected);
}

/* 2026-11-23 is a Monday. */
static void test_a_week_of_shifts(void **state)
{
	(void)state;
	for (int weekday = 1; weekday <= 7; weekday++) {
		weekly(weekday, 7, 12, A, 1);
		weekly(weekday, 7, 24, C, 2);
		weekly(weekday, 19, 12, B, 1);
	}
	assert_on(at("2026-11-23", 7, 0), "13");
	assert_on(at("2026-11-23", 18, 59), "13");
	assert_on(at("2026-11-23", 19, 0), "23");
	/* Past midnight it is the shift of the day before. */
	assert_on(at("2026-11-24", 6, 59), "23");
	assert_on(at("2026-11-24", 7, 0), "13");
	/* From Sunday to Monday, from year to year. */
	assert_on(at("2026-11-30", 0, 30), "23");
	assert_on(at("2027-01-01", 0, 30), "23");
	assert_int_equal(
		roster_next_change(&roster, at("2026-11-23", 8, 0)), at("2026-11-23", 19, 0));
	assert_int_equal(
		roster_next_change(&roster, at("2026-11-23", 19, 0)), at("2026-11-24", 7, 0));
}

static void test_nobody_and_an_empty_roster(void **state)
{
	struct roster_gap gaps[ROSTER_GAPS_MAX];

	(void)state;
	assert_on(at("2026-11-23", 7, 0), "");
	assert_int_equal(roster_next_change(&roster, at("2026-11-23", 7, 0)), INT64_MAX);
	assert_int_equal(roster_gaps(&roster, at("2026-11-23", 7, 0), gaps), 1);
	assert_int_equal(gaps[0].to_ms - gaps[0].from_ms, ROSTER_AHEAD * DAY_MS);
}

static void test_swaps_keep_the_rank(void **state)
{
	(void)state;
	weekly(1, 7, 24, A, 1);
	weekly(1, 7, 24, B, 2);
	/* They change places; C comes for an hour in the place of whoever... of B. */
	on_day("2026-11-23", 7, 4, B, A);
	on_day("2026-11-23", 7, 4, A, B);
	on_day("2026-11-23", 12, 1, C, B);
	assert_on(at("2026-11-23", 8, 0), "21");
	assert_on(at("2026-11-23", 11, 0), "12");
	assert_on(at("2026-11-23", 12, 0), "13");
	assert_on(at("2026-11-23", 13, 0), "12");
	/* A week later nothing of it holds. */
	assert_on(at("2026-11-30", 8, 0), "12");
}

static void test_somebody_away_and_somebody_in_addition(void **state)
{
	struct roster_gap gaps[ROSTER_GAPS_MAX];

	(void)state;
	for (int weekday = 1; weekday <= 7; weekday++)
		weekly(weekday, 0, 24, A, 1);
	on_day("2026-11-24", 22, 8, 0, A);
	on_day("2026-11-25", 5, 2, C, 0);
	assert_on(at("2026-11-24", 21, 59), "1");
	assert_on(at("2026-11-24", 22, 0), "");
	assert_on(at("2026-11-25", 5, 30), "3");
	assert_on(at("2026-11-25", 6, 30), "13");
	assert_int_equal(roster_gaps(&roster, at("2026-11-23", 12, 0), gaps), 1);
	assert_int_equal(gaps[0].from_ms, at("2026-11-24", 22, 0));
	assert_int_equal(gaps[0].to_ms, at("2026-11-25", 5, 0));
}

static bool is_new_year(const void *arg, int64_t day)
{
	(void)arg;
	return day == day_of("2027-01-01");
}

static void test_holidays_have_their_own_shifts(void **state)
{
	(void)state;
	for (int weekday = 1; weekday <= 7; weekday++)
		weekly(weekday, 7, 24, A, 1);
	roster.is_holiday = is_new_year;
	/* Without shifts of their own they are days like others. */
	assert_on(at("2027-01-01", 12, 0), "1");
	weekly(DUTY_HOLIDAY, 8, 10, B, 1);
	assert_on(at("2027-01-01", 6, 0), "1"); /* of the evening before */
	assert_on(at("2027-01-01", 7, 30), "");
	assert_on(at("2027-01-01", 12, 0), "2");
	assert_on(at("2027-01-01", 19, 0), "");
	assert_on(at("2027-01-02", 7, 0), "1");
}

static void test_one_who_has_two_shifts_is_there_once(void **state)
{
	struct roster_watch watch;

	(void)state;
	weekly(1, 7, 12, A, 3);
	weekly(1, 7, 12, A, 1);
	weekly(1, 7, 12, B, 2);
	roster_at(&roster, at("2026-11-23", 8, 0), &watch);
	assert_int_equal(watch.count, 2);
	assert_int_equal(watch.posts[0].officer_id, A);
	assert_int_equal(watch.posts[0].rank, 1);
}

/* ---- against a slow reading ------------------------------------------------------------------
 */

static bool slow_is_on(const struct duty_shift *shift, int64_t minute)
{
	/* Began within the last day, at the minute it begins. */
	for (int64_t ago = 0; ago < shift->minutes; ago++) {
		int64_t began = minute - ago, day = began / DUTY_DAY_MINUTES;

		if (began % DUTY_DAY_MINUTES == shift->minute &&
			(shift->weekday ? date_weekday(day) == shift->weekday : day == shift->day))
			return true;
	}
	return false;
}

static void test_random_rosters_against_a_slow_reading(void **state)
{
	struct rng rng;

	(void)state;
	rng_init(&rng, 7);
	for (int round = 0; round < 40; round++) {
		int64_t first = day_of("2026-11-23");

		memset(&roster, 0, sizeof(roster));
		for (int i = 0; i < 12; i++)
			add((struct duty_shift){.officer_id = 1 + rng_below(&rng, 5),
				.weekday = i < 8 ? 1 + (int)rng_below(&rng, 7) : 0,
				.day = i < 8 ? 0 : first + rng_below(&rng, 7),
				.minute = (int)rng_below(&rng, 1440),
				.minutes = 1 + (int)rng_below(&rng, 1440),
				.rank = 1 + (int)rng_below(&rng, 3)});
		for (int sample = 0; sample < 30; sample++) {
			int64_t minute = first * DUTY_DAY_MINUTES + rng_below(&rng, 7 * 1440);
			int64_t at_ms = minute * MINUTE_MS - VIETNAM_OFFSET_MS;
			int64_t next_ms = roster_next_change(&roster, at_ms);
			struct roster_watch watch, later;
			unsigned expected = 0, found = 0;

			for (int i = 0; i < roster.count; i++) {
				if (slow_is_on(&roster.shifts[i], minute))
					expected |= 1u << roster.shifts[i].officer_id;
			}
			roster_at(&roster, at_ms, &watch);
			for (int i = 0; i < watch.count; i++)
				found |= 1u << watch.posts[i].officer_id;
			assert_int_equal(found, expected);
			/* Nothing changes before the next change. */
			if (next_ms == INT64_MAX)
				continue;
			roster_at(&roster, next_ms - 1, &later);
			assert_int_equal(later.count, watch.count);
			assert_memory_equal(later.posts, watch.posts,
				(size_t)watch.count * sizeof(watch.posts[0]));
		}
	}
}

#define ROSTER_TEST(fn) cmocka_unit_test_setup(fn, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROSTER_TEST(test_a_week_of_shifts),
		ROSTER_TEST(test_nobody_and_an_empty_roster),
		ROSTER_TEST(test_swaps_keep_the_rank),
		ROSTER_TEST(test_somebody_away_and_somebody_in_addition),
		ROSTER_TEST(test_holidays_have_their_own_shifts),
		ROSTER_TEST(test_one_who_has_two_shifts_is_there_once),
		ROSTER_TEST(test_random_rosters_against_a_slow_reading),
	};

	return cmocka_run_group_tests_name("roster", tests, NULL, NULL);
}
