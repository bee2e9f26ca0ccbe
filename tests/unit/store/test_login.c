/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/store/support.h"

#include "store/login.h"
#include "store/officer.h"

#include <ctype.h>

#define PASSPHRASE "bon tu khong lien quan"
static const struct keypair_cost cheap = {.passes = 1, .memory_kib = 64};

static int64_t add(struct store_fixture *f, const char *login)
{
	int64_t id;

	assert_ok(officer_add(f->store,
		&(struct officer_new){
			.login = login, .name = "A", .role = OFFICER_DUTY, .phone = ""},
		&id));
	return id;
}

static struct login row_of(struct store_fixture *f, int64_t id)
{
	struct login login;

	assert_ok(login_load(f->store, id, &login));
	return login;
}

static void set_key(struct store_fixture *f, int64_t id)
{
	uint8_t wrapped[KEYPAIR_WRAPPED_BYTES];
	struct keypair *pair;

	assert_ok(keypair_new(&pair));
	assert_ok(keypair_wrap(pair, PASSPHRASE, strlen(PASSPHRASE), cheap, wrapped));
	assert_ok(login_set_key(f->store, id, pair, wrapped));
	keypair_free(pair);
}

static void test_a_key_and_a_phone(void **state)
{
	struct store_fixture *f = *state;
	uint8_t secret[TOTP_SECRET_BYTES], back[TOTP_SECRET_BYTES];
	int64_t id = add(f, "a");
	struct officer officer;
	struct keypair *pair;
	struct login login = row_of(f, id);

	assert_false(login.has_key || login.has_totp || login.has_code);
	assert_err(login_totp(f->store, id, back), ERR_NOT_FOUND);
	set_key(f, id);
	totp_secret_new(secret);
	assert_ok(login_set_totp(f->store, id, secret, 7));
	assert_ok(login_used(f->store, id, 9));
	assert_ok(login_used(f->store, id, 8)); /* does not go back */
	end_turn(f);
	store_close(f->store);
	store_fixture_open(f);
	login = row_of(f, id);
	assert_true(login.has_key && login.has_totp);
	assert_int_equal(login.totp_step, 9);
	assert_int_equal(login.last_ms, f->clock.wall);
	assert_ok(login_totp(f->store, id, back));
	assert_memory_equal(secret, back, sizeof(secret));
	assert_err(
		keypair_unwrap(login.wrapped, sizeof(login.wrapped), "x", 1, &pair), ERR_WRONG_KEY);
	assert_ok(keypair_unwrap(
		login.wrapped, sizeof(login.wrapped), PASSPHRASE, strlen(PASSPHRASE), &pair));
	assert_ok(officer_load(f->store, id, &officer));
	assert_true(officer.has_key);
	assert_memory_equal(officer.public_key, keypair_public(pair), OFFICER_KEY_BYTES);
	keypair_free(pair);
	assert_ok(login_drop_key(f->store, id));
	assert_ok(login_drop_totp(f->store, id));
	login = row_of(f, id);
	assert_false(login.has_key || login.has_totp);
}

/* The secret of one officer's phone put into another's row does not open. */
static void test_a_secret_stays_in_its_row(void **state)
{
	struct store_fixture *f = *state;
	uint8_t secret[TOTP_SECRET_BYTES];
	int64_t a = add(f, "a"), b = add(f, "b");

	totp_secret_new(secret);
	assert_ok(login_set_totp(f->store, a, secret, 0));
	assert_ok(login_set_totp(f->store, b, secret, 0));
	end_turn(f);
	assert_int_equal(
		raw_exec(f->path,
			"UPDATE officer_login SET totp = (SELECT totp FROM officer_login WHERE"
			" officer_id = 1) WHERE officer_id = 2"),
		SQLITE_OK);
	assert_ok(login_totp(f->store, a, secret));
	assert_err(login_totp(f->store, b, secret), ERR_WRONG_KEY);
}

static void test_a_code_opens_for_its_officer_and_its_time(void **state)
{
	struct store_fixture *f = *state;
	int64_t a = add(f, "a"), b = add(f, "b");
	char code[LOGIN_CODE_BYTES], other[LOGIN_CODE_BYTES], typed[32];
	size_t len = 0;

	assert_err(login_code_check(f->store, a, ""), ERR_DENIED);
	assert_ok(login_code_new(f->store, a, f->clock.wall + HOUR_MS, code));
	assert_ok(login_code_new(f->store, b, f->clock.wall + HOUR_MS, other));
	assert_true(row_of(f, a).has_code);
	assert_err(login_code_check(f->store, b, code), ERR_DENIED);
	/* As people write it down. */
	for (size_t i = 0; code[i]; i++) {
		typed[len++] = (char)tolower((unsigned char)code[i]);
		if (i % 4 == 3)
			typed[len++] = '-';
	}
	typed[len] = 0;
	assert_ok(login_code_check(f->store, a, typed));
	clock_virtual_advance(&f->clock, HOUR_MS);
	assert_err(login_code_check(f->store, a, code), ERR_DENIED);
	assert_false(row_of(f, a).has_code);
	assert_ok(login_code_new(f->store, a, f->clock.wall + HOUR_MS, code));
	assert_ok(login_code_drop(f->store, a));
	assert_err(login_code_check(f->store, a, code), ERR_DENIED);
}

static void test_a_code_is_guessed_at_a_few_times_only(void **state)
{
	struct store_fixture *f = *state;
	char code[LOGIN_CODE_BYTES];
	int64_t id = add(f, "a");

	assert_ok(login_code_new(f->store, id, f->clock.wall + HOUR_MS, code));
	for (int i = 0; i < LOGIN_CODE_TRIES; i++)
		assert_err(login_code_check(f->store, id, "AAAAAAAAAAAA"), ERR_DENIED);
	assert_err(login_code_check(f->store, id, code), ERR_DENIED);
	assert_ok(login_code_new(f->store, id, f->clock.wall + HOUR_MS, code));
	assert_ok(login_code_check(f->store, id, code));
}

static void test_what_was_typed(void **state)
{
	char code[LOGIN_CODE_BYTES];

	(void)state;
	login_code_clean("abcd-efgh jkmn", code);
	assert_string_equal(code, "ABCDEFGHJKMN");
	login_code_clean("abcdefghjkmnp", code);
	assert_string_equal(code, "");
	login_code_clean("abcd/", code);
	assert_string_equal(code, "");
}

static void test_somebodys_key(void **state)
{
	struct store_fixture *f = *state;
	uint8_t wrapped[KEYPAIR_WRAPPED_BYTES], again[KEYPAIR_WRAPPED_BYTES];
	struct keypair_cost cost;

	assert_err(login_some(f->store, 5, wrapped), ERR_NOT_FOUND);
	set_key(f, add(f, "a"));
	set_key(f, add(f, "b"));
	assert_ok(login_some(f->store, 5, wrapped));
	assert_ok(login_some(f->store, 7, again));
	assert_memory_equal(wrapped, again, sizeof(again));
	assert_ok(login_some(f->store, 6, again));
	assert_memory_not_equal(wrapped, again, sizeof(again));
	assert_ok(keypair_cost_of(wrapped, sizeof(wrapped), &cost));
	assert_int_equal(cost.passes, 1);
	assert_int_equal(cost.memory_kib, 64);
	assert_err(keypair_cost_of(wrapped, 3, &cost), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_a_key_and_a_phone),
		STORE_TEST(test_a_secret_stays_in_its_row),
		STORE_TEST(test_a_code_opens_for_its_officer_and_its_time),
		STORE_TEST(test_a_code_is_guessed_at_a_few_times_only),
		STORE_TEST(test_what_was_typed),
		STORE_TEST(test_somebodys_key),
	};

	return cmocka_run_group_tests_name("login", tests, NULL, NULL);
}
