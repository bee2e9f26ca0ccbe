/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/zalo_state.h"
#include "tests/unit/store/support.h"

#define APP "app-1"
#define OA  "oa-1"

static struct zalo_token token; /* too big for a comfortable stack */

static void save(struct store_fixture *f, const char *app, const char *oa, int n)
{
	memset(&token, 0, sizeof(token));
	snprintf(token.access, sizeof(token.access), "access-%d", n);
	snprintf(token.refresh, sizeof(token.refresh), "refresh-%d", n);
	token.issued_ms = 1000 + n;
	token.expires_ms = 2000 + n;
	assert_ok(zalo_token_save(f->store, app, oa, &token));
}

static void assert_newest(
	struct store_fixture *f, const char *app, const char *oa, int64_t generation, int n)
{
	char access[32], refresh[32];

	snprintf(access, sizeof(access), "access-%d", n);
	snprintf(refresh, sizeof(refresh), "refresh-%d", n);
	memset(&token, 0xff, sizeof(token));
	assert_ok(zalo_token_load(f->store, app, oa, &token));
	assert_int_equal(token.generation, generation);
	assert_string_equal(token.access, access);
	assert_string_equal(token.refresh, refresh);
	assert_int_equal(token.issued_ms, 1000 + n);
	assert_int_equal(token.expires_ms, 2000 + n);
	assert_int_equal(token.attempt_ms, 0);
}

static void test_the_newest_pair_and_the_one_before_are_kept(void **state)
{
	struct store_fixture *f = *state;

	assert_err(zalo_token_load(f->store, APP, OA, &token), ERR_NOT_FOUND);
	for (int n = 1; n <= 4; n++) {
		save(f, APP, OA, n);
		assert_newest(f, APP, OA, n, n);
		end_turn(f);
		assert_int_equal(
			raw_int(f->path, "SELECT count(*) FROM zalo_token"), n == 1 ? 1 : 2);
		assert_int_equal(raw_int(f->path, "SELECT max(generation) FROM zalo_token"), n);
		assert_int_equal(raw_int(f->path, "SELECT min(generation) FROM zalo_token"),
			n == 1 ? 1 : n - 1);
	}
	close_store(f);
	store_fixture_open(f);
	assert_newest(f, APP, OA, 4, 4);
}

static void test_accounts_are_apart(void **state)
{
	struct store_fixture *f = *state;

	save(f, APP, OA, 1);
	save(f, APP, OA, 2);
	save(f, APP, "oa-2", 3);
	save(f, "app-2", OA, 4);
	assert_newest(f, APP, OA, 2, 2);
	assert_newest(f, APP, "oa-2", 1, 3);
	assert_newest(f, "app-2", OA, 1, 4);
	end_turn(f);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM zalo_token"), 4);
}

static void test_an_attempt_marks_the_newest_only(void **state)
{
	struct store_fixture *f = *state;

	assert_err(zalo_token_attempt(f->store, APP, OA, 5), ERR_NOT_FOUND);
	save(f, APP, OA, 1);
	save(f, APP, OA, 2);
	assert_ok(zalo_token_attempt(f->store, APP, OA, 5));
	assert_ok(zalo_token_load(f->store, APP, OA, &token));
	assert_int_equal(token.attempt_ms, 5);
	end_turn(f);
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM zalo_token WHERE attempt_ms = 5"), 1);
	assert_ok(zalo_token_attempt(f->store, APP, OA, 0));
	assert_newest(f, APP, OA, 2, 2);
	assert_ok(zalo_token_attempt(f->store, APP, OA, 6));
	save(f, APP, OA, 3);
	assert_newest(f, APP, OA, 3, 3);
}

static void test_tokens_are_as_long_as_they_may_be(void **state)
{
	struct store_fixture *f = *state;

	memset(&token, 0, sizeof(token));
	memset(token.access, 'a', ZALO_TOKEN_MAX - 1);
	memset(token.refresh, 'r', ZALO_TOKEN_MAX - 1);
	assert_ok(zalo_token_save(f->store, APP, OA, &token));
	assert_ok(zalo_token_load(f->store, APP, OA, &token));
	assert_int_equal(strlen(token.access), ZALO_TOKEN_MAX - 1);
	assert_int_equal(strspn(token.refresh, "r"), ZALO_TOKEN_MAX - 1);
}

static void test_an_exchanged_token_is_refused(void **state)
{
	struct store_fixture *f = *state;

	save(f, APP, OA, 1);
	end_turn(f);
	assert_int_equal(
		raw_exec(f->path, "UPDATE zalo_token SET access = refresh, refresh = access"),
		SQLITE_OK);
	memset(&token, 0, sizeof(token));
	assert_err(zalo_token_load(f->store, APP, OA, &token), ERR_WRONG_KEY);
	assert_int_equal(token.generation, 0);
	assert_string_equal(token.access, "");
}

static void test_a_cursor_is_zero_until_it_is_saved(void **state)
{
	struct store_fixture *f = *state;
	struct zalo_cursor cursor = {1, 2, 3, 4, "e", 5};

	assert_ok(zalo_cursor_load(f->store, "listrecentchat", &cursor));
	assert_int_equal(cursor.floor_ms, 0);
	assert_int_equal(cursor.top_ms, 0);
	assert_int_equal(cursor.offset, 0);
	assert_ok(zalo_cursor_save(
		f->store, "listrecentchat", &(struct zalo_cursor){100, 200, 10, 300, "m1", 50}));
	assert_ok(zalo_cursor_save(f->store, "other", &(struct zalo_cursor){1, 1, 1, 1, "", 1}));
	assert_ok(zalo_cursor_save(
		f->store, "listrecentchat", &(struct zalo_cursor){100, 200, 20, 301, "m2", 51}));
	end_turn(f);
	close_store(f);
	store_fixture_open(f);
	assert_ok(zalo_cursor_load(f->store, "listrecentchat", &cursor));
	assert_int_equal(cursor.floor_ms, 100);
	assert_int_equal(cursor.top_ms, 200);
	assert_int_equal(cursor.offset, 20);
}

static void test_back_to_an_unspent_pair(void **state)
{
	struct store_fixture *f = *state;

	assert_err(zalo_token_back(f->store, APP, OA), ERR_NOT_FOUND);
	save(f, APP, OA, 1);
	assert_err(zalo_token_back(f->store, APP, OA), ERR_NOT_FOUND);
	save(f, APP, OA, 2);
	save(f, APP, "other", 3);
	assert_ok(zalo_token_back(f->store, APP, OA));
	assert_newest(f, APP, OA, 1, 1);
	assert_newest(f, APP, "other", 1, 3);
	assert_ok(zalo_token_attempt(f->store, APP, OA, 5));
	save(f, APP, OA, 4);
	assert_err(zalo_token_back(f->store, APP, OA), ERR_NOT_FOUND);
	assert_newest(f, APP, OA, 2, 4);
}

static void test_what_was_told_belongs_to_a_pair(void **state)
{
	struct store_fixture *f = *state;

	assert_err(zalo_token_told(f->store, APP, OA, ZALO_TOLD_END), ERR_NOT_FOUND);
	memset(&token, 0, sizeof(token));
	snprintf(token.access, sizeof(token.access), "a");
	snprintf(token.refresh, sizeof(token.refresh), "r");
	token.refresh_expires_ms = 777;
	assert_ok(zalo_token_save(f->store, APP, OA, &token));
	assert_ok(zalo_token_told(f->store, APP, OA, ZALO_TOLD_END | ZALO_TOLD_FAILED));
	assert_ok(zalo_token_load(f->store, APP, OA, &token));
	assert_int_equal(token.told, ZALO_TOLD_END | ZALO_TOLD_FAILED);
	assert_int_equal(token.refresh_expires_ms, 777);
	assert_ok(zalo_token_save(f->store, APP, OA, &token));
	assert_ok(zalo_token_load(f->store, APP, OA, &token));
	assert_int_equal(token.told, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_the_newest_pair_and_the_one_before_are_kept),
		STORE_TEST(test_accounts_are_apart),
		STORE_TEST(test_an_attempt_marks_the_newest_only),
		STORE_TEST(test_back_to_an_unspent_pair),
		STORE_TEST(test_what_was_told_belongs_to_a_pair),
		STORE_TEST(test_tokens_are_as_long_as_they_may_be),
		STORE_TEST(test_an_exchanged_token_is_refused),
		STORE_TEST(test_a_cursor_is_zero_until_it_is_saved),
	};

	return cmocka_run_group_tests_name("zalo_state", tests, NULL, NULL);
}
