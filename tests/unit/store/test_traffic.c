/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/traffic.h"
#include "tests/unit/store/support.h"

#define OCT_30 INT64_C(1793379599000) /* 2026-10-30 23:59:59 in Vietnam */

static void assert_sum(
	struct store_fixture *f, const char *name, int64_t day, int64_t up, int64_t down)
{
	struct traffic sum = {-1, -1};

	assert_ok(traffic_since(f->store, name, day, &sum));
	assert_int_equal(sum.up_bytes, up);
	assert_int_equal(sum.down_bytes, down);
}

static void add(struct store_fixture *f, const char *name, int64_t up, int64_t down)
{
	assert_ok(traffic_add(f->store, name, &(struct traffic){up, down}));
	end_turn(f);
}

static void test_days_end_at_midnight_in_vietnam(void **state)
{
	(void)state;
	assert_int_equal(clock_local_day(0), 0);
	assert_int_equal(clock_local_day(17 * HOUR_MS - 1), 0);
	assert_int_equal(clock_local_day(17 * HOUR_MS), 1);
	assert_int_equal(clock_local_day(OCT_30) + 1, clock_local_day(OCT_30 + SECOND_MS));
	assert_int_equal(clock_local_month(OCT_30), clock_local_day(OCT_30) - 29);
	assert_int_equal(clock_local_month(OCT_30 + DAY_MS + SECOND_MS),
		clock_local_day(OCT_30 + DAY_MS + SECOND_MS));
}

static void test_sums_by_day_and_month(void **state)
{
	struct store_fixture *f = *state;
	int64_t today = clock_local_day(clock_wall_ms(store_clock(f->store)));

	assert_sum(f, "zalo", 0, 0, 0);
	add(f, "zalo", 100, 1000);
	add(f, "zalo", 20, 300);
	add(f, "other", 5, 5);
	assert_sum(f, "zalo", today, 120, 1300);
	clock_virtual_advance(&f->clock, DAY_MS);
	add(f, "zalo", 1, 2);
	assert_sum(f, "zalo", today + 1, 1, 2);
	assert_sum(f, "zalo", today, 121, 1302);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM traffic"), 3);
	close_store(f);
	store_fixture_open(f);
	assert_sum(f, "zalo", today, 121, 1302);
}

static void test_old_days_are_forgotten(void **state)
{
	struct store_fixture *f = *state;

	add(f, "zalo", 1, 1);
	add(f, "other", 1, 1);
	clock_virtual_advance(&f->clock, (TRAFFIC_KEEP_DAYS + 1) * DAY_MS);
	add(f, "zalo", 2, 2);
	assert_sum(f, "zalo", 0, 2, 2);
	assert_sum(f, "other", 0, 1, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days_end_at_midnight_in_vietnam),
		STORE_TEST(test_sums_by_day_and_month),
		STORE_TEST(test_old_days_are_forgotten),
	};

	return cmocka_run_group_tests_name("traffic", tests, NULL, NULL);
}
