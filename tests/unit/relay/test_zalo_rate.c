/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/clock.h"
#include "daemon/relay/zalo_rate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#define T0 (INT64_C(1700000040000)) /* a whole minute */

static int take_all(struct zalo_rate *rate, int64_t now_ms, enum zalo_use use)
{
	int count = 0;

	while (!zalo_rate_take(rate, now_ms, use))
		count++;
	return count;
}

static void test_starts_low_and_spreads_bulletins(void **state)
{
	struct zalo_rate rate;

	(void)state;
	zalo_rate_init(&rate, ZALO_RATE_MOST);
	assert_int_equal(take_all(&rate, T0, ZALO_USE_SEND), 1);
	assert_int_equal(zalo_rate_next_ms(&rate, T0, ZALO_USE_SEND), T0 + 1001);
	assert_int_equal(take_all(&rate, T0 + 30000, ZALO_USE_SEND), 30);
	assert_int_equal(take_all(&rate, T0 + 30000, ZALO_USE_ALARM), 29);
	assert_int_equal(zalo_rate_room(&rate, T0 + 59999, ZALO_USE_POLL), 0);
	assert_int_equal(zalo_rate_take(&rate, T0 + 20000, ZALO_USE_POLL), 40000);
	assert_int_equal(zalo_rate_room(&rate, T0 + MINUTE_MS, ZALO_USE_POLL), ZALO_RATE_FIRST);
}

static void test_a_walk_has_its_half_beside_bulletins(void **state)
{
	struct zalo_rate rate;

	(void)state;
	zalo_rate_init(&rate, ZALO_RATE_MOST);
	assert_int_equal(take_all(&rate, T0 + 30000, ZALO_USE_SEND), 31);
	assert_int_equal(take_all(&rate, T0 + 30000, ZALO_USE_WALK), 16);
	assert_int_equal(zalo_rate_room(&rate, T0 + 40000, ZALO_USE_SEND), 0);
	zalo_rate_init(&rate, ZALO_RATE_MOST);
	assert_int_equal(take_all(&rate, T0 + 30000, ZALO_USE_WALK), 31);
}

static void test_obeys_what_it_is_told(void **state)
{
	struct zalo_rate rate;

	(void)state;
	zalo_rate_init(&rate, ZALO_RATE_MOST);
	zalo_rate_told(&rate, T0, 9000, 8990);
	assert_int_equal(take_all(&rate, T0, ZALO_USE_POLL), ZALO_RATE_MOST);
	zalo_rate_told(&rate, T0 + MINUTE_MS, 100, 3);
	assert_int_equal(take_all(&rate, T0 + MINUTE_MS, ZALO_USE_POLL), 3);
	zalo_rate_told(&rate, T0 + 2 * MINUTE_MS - 1000, 100, 0);
	assert_int_equal(zalo_rate_room(&rate, T0 + 2 * MINUTE_MS - 1, ZALO_USE_POLL), 0);
	assert_int_equal(zalo_rate_next_ms(&rate, T0 + 2 * MINUTE_MS - 1, ZALO_USE_POLL),
		T0 + 2 * MINUTE_MS);
	assert_int_equal(zalo_rate_room(&rate, T0 + 3 * MINUTE_MS, ZALO_USE_POLL), 100);
	/* Headers that are absent change nothing. */
	zalo_rate_told(&rate, T0 + 3 * MINUTE_MS, -1, -1);
	assert_int_equal(zalo_rate_room(&rate, T0 + 3 * MINUTE_MS, ZALO_USE_POLL), 100);
}

static void test_a_refusal_waits_for_the_next_minute(void **state)
{
	struct zalo_rate rate;
	struct rng rng;

	(void)state;
	rng_init(&rng, 1);
	zalo_rate_init(&rate, ZALO_RATE_MOST);
	zalo_rate_refused(&rate, T0 + MINUTE_MS - 10, &rng);
	assert_int_equal(zalo_rate_room(&rate, T0 + MINUTE_MS - 1, ZALO_USE_POLL), 0);
	assert_true(zalo_rate_room(&rate, T0 + MINUTE_MS + 1000, ZALO_USE_POLL) > 0);
	/* Early in what we take for a minute, it is probably another one that is over. */
	zalo_rate_refused(&rate, T0 + 2 * MINUTE_MS, &rng);
	assert_int_equal(zalo_rate_room(&rate, T0 + 2 * MINUTE_MS + 7999, ZALO_USE_POLL), 0);
	assert_true(zalo_rate_room(&rate, T0 + 2 * MINUTE_MS + 9000, ZALO_USE_POLL) > 0);
}

static void test_a_clock_set_back_locks_nothing(void **state)
{
	struct zalo_rate rate;

	(void)state;
	zalo_rate_init(&rate, ZALO_RATE_MOST);
	zalo_rate_told(&rate, T0, 60, 0);
	assert_true(zalo_rate_room(&rate, T0 - DAY_MS, ZALO_USE_POLL) > 0);
}

/* ---- against a server whose minute is not ours -----------------------------------------------
 */

#define FLIGHTS 4

struct server {
	int limit;
	int64_t phase_ms;
	int64_t minute;
	int used, refused, served;
};

static bool serve(struct server *s, int64_t now_ms, int *ret_remain)
{
	int64_t minute = (now_ms + s->phase_ms) / MINUTE_MS;
	bool is_served;

	if (minute != s->minute)
		s->used = 0;
	s->minute = minute;
	is_served = s->used < s->limit;
	s->used += is_served;
	s->served += is_served;
	s->refused += !is_served;
	*ret_remain = s->limit - s->used;
	return is_served;
}

struct flight {
	int64_t at_ms; /* of the answer; 0 = free */
	bool is_alarm;
};

static int compare_ms(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* An endless backlog through FLIGHTS calls of trip_ms, an alarm now and then; in percent of what
 * the server would have taken from the second minute on. */
static double drain(int limit, int64_t phase_ms, int64_t trip_ms, int64_t *ret_p95_ms)
{
	static int64_t waits[4096];
	struct server server = {.limit = limit, .phase_ms = phase_ms, .minute = -1};
	struct flight flights[FLIGHTS] = {{0}};
	struct zalo_rate rate;
	struct rng rng;
	int64_t alarm_ms = 0, end_ms = 12 * MINUTE_MS;
	size_t wait_count = 0;
	int before = 0;

	rng_init(&rng, (uint64_t)(limit + phase_ms));
	zalo_rate_init(&rate, ZALO_RATE_MOST);
	for (int64_t ms = 0; ms < end_ms; ms += 5) {
		int64_t now_ms = T0 + ms;
		unsigned busy = 0;

		if (ms == 2 * MINUTE_MS)
			before = server.served;
		if (!alarm_ms && rng_below(&rng, 20 * SECOND_MS) < 5)
			alarm_ms = now_ms;
		for (int i = 0; i < FLIGHTS; i++) {
			struct flight *f = &flights[i];
			int remain;

			if (f->at_ms && f->at_ms <= now_ms) {
				bool is_served = serve(&server, now_ms, &remain);

				zalo_rate_told(&rate, now_ms, limit, remain);
				if (!is_served)
					zalo_rate_refused(&rate, now_ms, &rng);
				else if (f->is_alarm && ms > 2 * MINUTE_MS)
					waits[wait_count++] = now_ms - alarm_ms;
				if (is_served && f->is_alarm)
					alarm_ms = 0;
				*f = (struct flight){0};
			}
			busy += f->at_ms != 0;
		}
		for (int i = 0; i < FLIGHTS; i++) {
			struct flight *f = &flights[i];
			bool is_alarm = alarm_ms != 0;

			for (int j = 0; j < FLIGHTS; j++)
				is_alarm = is_alarm && !flights[j].is_alarm;
			if (f->at_ms || (!is_alarm && busy >= FLIGHTS - 1))
				continue;
			if (zalo_rate_take(
				    &rate, now_ms, is_alarm ? ZALO_USE_ALARM : ZALO_USE_SEND))
				continue;
			*f = (struct flight){now_ms + trip_ms, is_alarm};
			busy++;
		}
	}
	assert_true(wait_count > 5);
	qsort(waits, wait_count, sizeof(*waits), compare_ms);
	*ret_p95_ms = waits[(wait_count * 95 + 99) / 100 - 1];
	return 100.0 * (server.served - before) / (limit * 10.0);
}

static void test_uses_what_the_server_allows(void **state)
{
	static const int limits[] = {60, 100, 600, 2000};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		for (int64_t phase_ms = 0; phase_ms < MINUTE_MS; phase_ms += 9001) {
			int64_t p95_ms;
			double percent = drain(limits[i], phase_ms, 40, &p95_ms);

			if (percent < 95 || p95_ms > 2000)
				fail_msg("limit %d phase %lld: %.1f %%, alarm p95 %lld ms",
					limits[i], (long long)phase_ms, percent, (long long)p95_ms);
		}
	}
}

static void test_backoff(void **state)
{
	struct zalo_link link;
	struct rng rng;
	int64_t most = ZALO_BACKOFF_FIRST_MS;

	(void)state;
	rng_init(&rng, 7);
	zalo_link_init(&link);
	assert_true(link.is_up);
	for (int i = 0; i < 10; i++) {
		bool is_changed = zalo_link_failed(&link, 1000, &rng);

		assert_int_equal(is_changed, i == 0);
		assert_in_range(link.next_probe_ms, 1000 + most / 2, 1000 + most);
		most = most * 2 < ZALO_BACKOFF_MAX_MS ? most * 2 : ZALO_BACKOFF_MAX_MS;
	}
	assert_true(zalo_link_worked(&link));
	assert_false(zalo_link_worked(&link));
	assert_true(zalo_link_failed(&link, 1000, &rng));
	assert_in_range(link.next_probe_ms, 2000, 3000);
}

/* Others use the application, too. */
static void test_no_more_than_was_set(void **state)
{
	struct zalo_rate rate;
	int64_t now_ms = 30 * MINUTE_MS;
	int taken = 0;

	(void)state;
	zalo_rate_init(&rate, 20);
	zalo_rate_told(&rate, now_ms, 4000, 3999);
	while (!zalo_rate_take(&rate, now_ms, ZALO_USE_POLL))
		taken++;
	assert_int_equal(taken, 20);
	zalo_rate_told(&rate, now_ms, 10, 0);
	assert_int_equal(zalo_rate_room(&rate, now_ms + MINUTE_MS, ZALO_USE_POLL), 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_more_than_was_set),
		cmocka_unit_test(test_starts_low_and_spreads_bulletins),
		cmocka_unit_test(test_a_walk_has_its_half_beside_bulletins),
		cmocka_unit_test(test_uses_what_the_server_allows),
		cmocka_unit_test(test_obeys_what_it_is_told),
		cmocka_unit_test(test_a_refusal_waits_for_the_next_minute),
		cmocka_unit_test(test_a_clock_set_back_locks_nothing),
		cmocka_unit_test(test_backoff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
