/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/clock.h"
#include "daemon/relay/zalo_rate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define T0 (INT64_C(1700000040000)) /* a whole minute */

static int take_all(struct zalo_rate *rate, int64_t now_ms, enum zalo_use use)
{
	int count = 0;

	while (!zalo_rate_take(rate, now_ms, use))
		count++;
	return count;
}

static void test_starts_low_and_keeps_a_reserve(void **state)
{
	struct zalo_rate rate;

	(void)state;
	zalo_rate_init(&rate);
	assert_int_equal(take_all(&rate, T0, ZALO_USE_WALK), ZALO_RATE_FIRST / 2);
	assert_int_equal(take_all(&rate, T0, ZALO_USE_SEND), ZALO_RATE_FIRST / 4);
	assert_int_equal(take_all(&rate, T0, ZALO_USE_POLL), ZALO_RATE_FIRST / 4);
	assert_int_equal(zalo_rate_room(&rate, T0 + 59999, ZALO_USE_POLL), 0);
	assert_int_equal(zalo_rate_take(&rate, T0 + 20000, ZALO_USE_POLL), 40000);
	assert_int_equal(zalo_rate_room(&rate, T0 + MINUTE_MS, ZALO_USE_POLL), ZALO_RATE_FIRST);
}

static void test_obeys_what_it_is_told(void **state)
{
	struct zalo_rate rate;

	(void)state;
	zalo_rate_init(&rate);
	zalo_rate_told(&rate, T0, 4000, 3990);
	assert_int_equal(take_all(&rate, T0, ZALO_USE_POLL), ZALO_RATE_MOST);
	zalo_rate_told(&rate, T0 + MINUTE_MS, 100, 3);
	assert_int_equal(take_all(&rate, T0 + MINUTE_MS, ZALO_USE_POLL), 3);
	zalo_rate_told(&rate, T0 + 2 * MINUTE_MS, 100, 0);
	assert_int_equal(zalo_rate_room(&rate, T0 + 2 * MINUTE_MS, ZALO_USE_POLL), 0);
	assert_int_equal(zalo_rate_next_ms(&rate, T0 + 2 * MINUTE_MS), T0 + 3 * MINUTE_MS);
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
	zalo_rate_init(&rate);
	zalo_rate_refused(&rate, T0 + 10, &rng);
	assert_int_equal(zalo_rate_room(&rate, T0 + MINUTE_MS - 1, ZALO_USE_POLL), 0);
	assert_true(zalo_rate_next_ms(&rate, T0 + 10) >= T0 + MINUTE_MS);
	assert_true(zalo_rate_room(&rate, T0 + MINUTE_MS + 3000, ZALO_USE_POLL) > 0);
}

static void test_a_clock_set_back_locks_nothing(void **state)
{
	struct zalo_rate rate;

	(void)state;
	zalo_rate_init(&rate);
	zalo_rate_told(&rate, T0, 60, 0);
	assert_true(zalo_rate_room(&rate, T0 - DAY_MS, ZALO_USE_POLL) > 0);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_starts_low_and_keeps_a_reserve),
		cmocka_unit_test(test_obeys_what_it_is_told),
		cmocka_unit_test(test_a_refusal_waits_for_the_next_minute),
		cmocka_unit_test(test_a_clock_set_back_locks_nothing),
		cmocka_unit_test(test_backoff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
