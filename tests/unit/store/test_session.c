/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/store/support.h"

#include "store/session.h"

struct office {
	struct clock_virtual clock;
	struct sessions *sessions;
};

static int setup(void **state)
{
	static struct office office;
	const struct session_limits limits = {30 * MINUTE_MS, 12 * HOUR_MS};

	clock_virtual_init(&office.clock, FIXTURE_WALL_MS);
	*state = &office;
	return sessions_new(&office.clock.clock, &limits, &office.sessions) ? -1 : 0;
}

static int teardown(void **state)
{
	struct office *o = *state;

	sessions_free(o->sessions);
	return 0;
}

static struct session *begin(struct office *o, int64_t officer_id, char token[SESSION_TOKEN_BYTES])
{
	struct session *session;
	struct keypair *pair;

	assert_ok(keypair_new(&pair));
	assert_ok(session_begin(o->sessions, officer_id, pair, "uid1000", false, token, &session));
	assert_ptr_equal(session_pair(session), pair);
	return session;
}

static void test_a_token_finds_its_session(void **state)
{
	struct office *o = *state;
	char token[SESSION_TOKEN_BYTES], other[SESSION_TOKEN_BYTES];
	struct session *session = begin(o, 7, token);

	begin(o, 8, other);
	assert_string_not_equal(token, other);
	assert_ptr_equal(session_find(o->sessions, token), session);
	assert_int_equal(session_officer(session), 7);
	token[0] = token[0] == '0' ? '1' : '0';
	assert_null(session_find(o->sessions, token));
	assert_null(session_find(o->sessions, ""));
	assert_null(session_peek(o->sessions, ""));
	assert_null(session_find(o->sessions, "x"));
}

static void test_it_ends_when_nobody_uses_it(void **state)
{
	struct office *o = *state;
	char token[SESSION_TOKEN_BYTES];
	struct session_view view;

	begin(o, 7, token);
	for (int i = 0; i < 4; i++) {
		clock_virtual_advance(&o->clock, 30 * MINUTE_MS - 1);
		assert_non_null(session_find(o->sessions, token));
	}
	session_view(session_find(o->sessions, token), &view);
	assert_int_equal(view.left_ms, 30 * MINUTE_MS);
	clock_virtual_advance(&o->clock, 30 * MINUTE_MS);
	assert_null(session_find(o->sessions, token));
	assert_int_equal(sessions_count(o->sessions), 0);
}

static void test_who_peeks_does_not_use_it(void **state)
{
	struct office *o = *state;
	char token[SESSION_TOKEN_BYTES];
	struct session *session = begin(o, 7, token);

	clock_virtual_advance(&o->clock, 30 * MINUTE_MS - 1);
	assert_ptr_equal(session_peek(o->sessions, token), session);
	clock_virtual_advance(&o->clock, 1);
	assert_null(session_peek(o->sessions, token));
	assert_int_equal(sessions_count(o->sessions), 0);
}

static void test_it_ends_after_its_day(void **state)
{
	struct office *o = *state;
	char token[SESSION_TOKEN_BYTES];

	begin(o, 7, token);
	for (int i = 0; i < 12 * 3 - 1; i++) {
		clock_virtual_advance(&o->clock, 20 * MINUTE_MS);
		assert_non_null(session_find(o->sessions, token));
	}
	clock_virtual_advance(&o->clock, 20 * MINUTE_MS);
	assert_null(session_find(o->sessions, token));
}

/* The wall clock is set by people; sessions do not care. */
static void test_a_new_time_ends_nothing(void **state)
{
	struct office *o = *state;
	char token[SESSION_TOKEN_BYTES];

	begin(o, 7, token);
	o->clock.wall += 400 * DAY_MS;
	assert_non_null(session_find(o->sessions, token));
}

static void test_keys_go_without_being_asked_for(void **state)
{
	struct office *o = *state;
	char token[SESSION_TOKEN_BYTES];

	begin(o, 7, token);
	clock_virtual_advance(&o->clock, 10 * MINUTE_MS);
	begin(o, 8, token);
	clock_virtual_advance(&o->clock, 20 * MINUTE_MS);
	assert_int_equal(sessions_expire(o->sessions), 1);
	assert_non_null(session_find(o->sessions, token));
}

static void test_ends_of_one_and_of_an_officer(void **state)
{
	struct office *o = *state;
	char a[SESSION_TOKEN_BYTES], b[SESSION_TOKEN_BYTES], c[SESSION_TOKEN_BYTES];
	int64_t id = session_id(begin(o, 7, a));

	begin(o, 7, b);
	begin(o, 8, c);
	assert_int_equal(sessions_end(o->sessions, id), 1);
	assert_int_equal(sessions_end(o->sessions, id), 0);
	assert_null(session_find(o->sessions, a));
	begin(o, 7, a);
	assert_int_equal(sessions_end_of(o->sessions, 7), 2);
	assert_null(session_find(o->sessions, a));
	assert_null(session_find(o->sessions, b));
	assert_non_null(session_find(o->sessions, c));
}

static void test_one_officer_takes_not_all_the_room(void **state)
{
	struct office *o = *state;
	char first[SESSION_TOKEN_BYTES], token[SESSION_TOKEN_BYTES];
	struct session *session;
	struct keypair *pair;

	begin(o, 7, first);
	for (int i = 0; i < SESSIONS_EACH_MAX; i++) {
		clock_virtual_advance(&o->clock, 1);
		begin(o, 7, token);
	}
	assert_null(session_find(o->sessions, first));
	assert_int_equal(sessions_count(o->sessions), SESSIONS_EACH_MAX);
	for (int i = SESSIONS_EACH_MAX; i < SESSIONS_MAX; i++)
		begin(o, 100 + i, token);
	assert_ok(keypair_new(&pair));
	assert_err(session_begin(o->sessions, 9, pair, "", false, token, &session), ERR_BUSY);
	keypair_free(pair);
}

static void test_the_second_proof_of_a_cookie(void **state)
{
	struct office *o = *state;
	char token[SESSION_TOKEN_BYTES];
	struct session *session = begin(o, 7, token), *other = begin(o, 7, token);

	assert_true(session_has_csrf(session, session_csrf(session)));
	assert_false(session_has_csrf(session, session_csrf(other)));
	assert_false(session_has_csrf(session, NULL));
	assert_false(session_has_csrf(session, ""));
}

static void note_id(void *arg, const struct session *session)
{
	int64_t *sum = arg;

	*sum = *sum * 10 + session_id(session);
}

static void test_listed_as_they_began(void **state)
{
	struct office *o = *state;
	char token[SESSION_TOKEN_BYTES];
	int64_t ids = 0;

	begin(o, 7, token);
	begin(o, 8, token);
	begin(o, 7, token);
	sessions_end(o->sessions, 1);
	begin(o, 7, token); /* in the place of the first */
	sessions_list(o->sessions, 7, note_id, &ids);
	assert_int_equal(ids, 34);
	ids = 0;
	sessions_list(o->sessions, 0, note_id, &ids);
	assert_int_equal(ids, 234);
}

#define SESSION_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(test_a_token_finds_its_session),
		SESSION_TEST(test_it_ends_when_nobody_uses_it),
		SESSION_TEST(test_who_peeks_does_not_use_it),
		SESSION_TEST(test_it_ends_after_its_day),
		SESSION_TEST(test_a_new_time_ends_nothing),
		SESSION_TEST(test_keys_go_without_being_asked_for),
		SESSION_TEST(test_ends_of_one_and_of_an_officer),
		SESSION_TEST(test_one_officer_takes_not_all_the_room),
		SESSION_TEST(test_the_second_proof_of_a_cookie),
		SESSION_TEST(test_listed_as_they_began),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
