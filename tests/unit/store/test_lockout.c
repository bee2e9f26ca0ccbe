/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/store/support.h"

#include "store/lockout.h"

static int64_t fail_of(struct store_fixture *f, enum lockout_kind kind, const char *who)
{
	int64_t failures;

	assert_ok(lockout_try(f->store, kind, who, &failures));
	return failures;
}

static int64_t wait_of(struct store_fixture *f, enum lockout_kind kind, const char *who)
{
	int64_t wait_ms = -1;

	assert_ok(lockout_wait(f->store, kind, who, &wait_ms));
	return wait_ms;
}

static void test_the_delay_doubles_up_to_its_limit(void **state)
{
	struct store_fixture *f = *state;
	int64_t expected = LOCKOUT_WAIT_MIN_MS;

	for (int i = 1; i < LOCKOUT_NAME_FREE; i++) {
		assert_int_equal(fail_of(f, LOCKOUT_NAME, "a"), i);
		assert_int_equal(wait_of(f, LOCKOUT_NAME, "a"), 0);
	}
	for (int i = 0; i < 12; i++) {
		fail_of(f, LOCKOUT_NAME, "a");
		assert_int_equal(wait_of(f, LOCKOUT_NAME, "a"), expected);
		clock_virtual_advance(&f->clock, expected - 1);
		assert_int_equal(wait_of(f, LOCKOUT_NAME, "a"), 1);
		clock_virtual_advance(&f->clock, 1);
		assert_int_equal(wait_of(f, LOCKOUT_NAME, "a"), 0);
		expected = expected * 2 < LOCKOUT_WAIT_MAX_MS ? expected * 2 : LOCKOUT_WAIT_MAX_MS;
	}
	assert_int_equal(wait_of(f, LOCKOUT_NAME, "b"), 0);
	assert_int_equal(wait_of(f, LOCKOUT_PEER, "a"), 0);
}

static void test_a_restart_forgives_nothing(void **state)
{
	struct store_fixture *f = *state;

	for (int i = 0; i < LOCKOUT_NAME_FREE + 3; i++)
		fail_of(f, LOCKOUT_NAME, "a");
	end_turn(f);
	store_close(f->store);
	store_fixture_open(f);
	assert_int_equal(wait_of(f, LOCKOUT_NAME, "a"), 8 * LOCKOUT_WAIT_MIN_MS);
}

static void test_forgiven(void **state)
{
	struct store_fixture *f = *state;

	for (int i = 0; i < LOCKOUT_PEER_FREE; i++) {
		fail_of(f, LOCKOUT_NAME, "a");
		fail_of(f, LOCKOUT_PEER, "uid1");
	}
	assert_int_equal(wait_of(f, LOCKOUT_PEER, "uid1"), LOCKOUT_WAIT_MIN_MS);
	/* One who got in does not forgive the peer what others tried there. */
	assert_ok(lockout_forgive(f->store, LOCKOUT_NAME, "a"));
	assert_ok(lockout_forgive(f->store, LOCKOUT_PEER, "uid1"));
	assert_int_equal(fail_of(f, LOCKOUT_NAME, "a"), 1);
	assert_int_equal(fail_of(f, LOCKOUT_PEER, "uid1"), LOCKOUT_PEER_FREE);
	clock_virtual_advance(&f->clock, LOCKOUT_FORGET_MS);
	assert_int_equal(fail_of(f, LOCKOUT_PEER, "uid1"), 1);
	end_turn(f);
	/* What is forgotten is gone: the table does not grow with each name that is tried. */
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM login_try"), 1);
}

static void test_a_clock_that_went_back_locks_nobody_out(void **state)
{
	struct store_fixture *f = *state;

	for (int i = 0; i < LOCKOUT_NAME_FREE + 20; i++)
		fail_of(f, LOCKOUT_NAME, "a");
	f->clock.wall -= 400 * DAY_MS;
	assert_int_equal(wait_of(f, LOCKOUT_NAME, "a"), 0);
	/* But the count stays. */
	fail_of(f, LOCKOUT_NAME, "a");
	assert_int_equal(wait_of(f, LOCKOUT_NAME, "a"), LOCKOUT_WAIT_MAX_MS);
}

static void test_the_file_names_nobody(void **state)
{
	struct store_fixture *f = *state;
	size_t bytes;
	char *data;

	fail_of(f, LOCKOUT_NAME, "a-name-that-is-typed");
	end_turn(f);
	close_store(f);
	data = slurp(f->path, &bytes);
	assert_null(memmem(data, bytes, "a-name-that", 11));
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_the_delay_doubles_up_to_its_limit),
		STORE_TEST(test_a_restart_forgives_nothing),
		STORE_TEST(test_forgiven),
		STORE_TEST(test_a_clock_that_went_back_locks_nobody_out),
		STORE_TEST(test_the_file_names_nobody),
	};

	return cmocka_run_group_tests_name("lockout", tests, NULL, NULL);
}
