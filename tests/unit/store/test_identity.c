/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/store/support.h"

#include "store/modem_identity.h"

static struct modem_seen see(struct store_fixture *f, const char *imei, const char *imsi)
{
	struct modem_seen seen;

	assert_ok(modem_identity_see(f->store, "m", imei, imsi, &seen));
	end_turn(f);
	return seen;
}

static void test_the_first_is_the_right_one(void **state)
{
	struct store_fixture *f = *state;

	assert_err(modem_identity_accept(f->store, "m"), ERR_NOT_FOUND);
	assert_int_equal(see(f, "1", "2").differs, 0);
	assert_false(see(f, "1", "2").is_news);
	assert_err(modem_identity_accept(f->store, "m"), ERR_STATE);
}

static void test_another_is_told_once_and_stays_until_accepted(void **state)
{
	struct store_fixture *f = *state;
	struct modem_seen seen;

	see(f, "1", "2");
	seen = see(f, "1", "3");
	assert_int_equal(seen.differs, MODEM_OTHER_SIM);
	assert_true(seen.is_news);
	store_close(f->store);
	store_fixture_open(f);
	seen = see(f, "1", "3");
	assert_int_equal(seen.differs, MODEM_OTHER_SIM);
	assert_false(seen.is_news);
	/* A third one is news again. */
	assert_true(see(f, "9", "4").is_news);
	assert_int_equal(see(f, "9", "4").differs, MODEM_OTHER_SIM | MODEM_OTHER_DEVICE);
	assert_ok(modem_identity_accept(f->store, "m"));
	assert_int_equal(see(f, "9", "4").differs, 0);
	assert_int_equal(see(f, "1", "2").differs, MODEM_OTHER_SIM | MODEM_OTHER_DEVICE);
}

static void test_the_right_one_may_come_back(void **state)
{
	struct store_fixture *f = *state;
	struct modem_seen seen;

	see(f, "1", "2");
	see(f, "1", "3");
	seen = see(f, "1", "2");
	assert_int_equal(seen.differs, 0);
	assert_true(seen.is_news);
	assert_err(modem_identity_accept(f->store, "m"), ERR_STATE);
}

/* Old sticks do not tell, or not at once: that is no swap, and does not hide one either. */
static void test_what_is_not_told_is_not_compared(void **state)
{
	struct store_fixture *f = *state;

	assert_int_equal(see(f, "", "").differs, 0);
	assert_int_equal(see(f, "1", "").differs, 0);
	assert_int_equal(see(f, "", "2").differs, 0);
	assert_int_equal(see(f, "1", "3").differs, MODEM_OTHER_SIM);
	assert_int_equal(see(f, "1", "").differs, MODEM_OTHER_SIM);
	assert_int_equal(see(f, "5", "2").differs, MODEM_OTHER_DEVICE);
}

static void test_what_was_seen_last_is_remembered(void **state)
{
	struct store_fixture *f = *state;
	char imei[24] = "?", imsi[24] = "?";

	assert_ok(modem_identity_last(f->store, "m", imei, imsi));
	assert_string_equal(imei, "");
	assert_string_equal(imsi, "");
	see(f, "1", "2");
	see(f, "1", "");
	assert_ok(modem_identity_last(f->store, "m", imei, imsi));
	assert_string_equal(imei, "1");
	assert_string_equal(imsi, "2");
	see(f, "1", "3");
	see(f, "", "");
	assert_ok(modem_identity_last(f->store, "m", imei, imsi));
	assert_string_equal(imei, "1");
	assert_string_equal(imsi, "3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_the_first_is_the_right_one),
		STORE_TEST(test_another_is_told_once_and_stays_until_accepted),
		STORE_TEST(test_the_right_one_may_come_back),
		STORE_TEST(test_what_is_not_told_is_not_compared),
		STORE_TEST(test_what_was_seen_last_is_remembered),
	};

	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
