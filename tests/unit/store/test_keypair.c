/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/keypair.h"
#include "tests/unit/store/support.h"

#include <pthread.h>

/* The least that Argon2id takes: what is tested is not how long it takes. */
static const struct keypair_cost cheap = {.passes = 1, .memory_kib = 8};

struct pairs {
	struct keypair *one, *other;
};

static int setup(void **state)
{
	static struct pairs p;

	assert_ok(keypair_new(&p.one));
	assert_ok(keypair_new(&p.other));
	*state = &p;
	return 0;
}

static int teardown(void **state)
{
	struct pairs *p = *state;

	keypair_free(p->one);
	keypair_free(p->other);
	return 0;
}

#define PAIR_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static void test_what_is_sealed_opens_with_its_key_only(void **state)
{
	static const char words[] = "chủ hộ 12 báo tin";
	struct pairs *p = *state;
	CLEAN_BUF sealed = {0};
	CLEAN_BUF open = {0};

	buf_init(&sealed, 256);
	buf_init(&open, 256);
	assert_ok(keypair_seal(keypair_public(p->one), words, strlen(words), &sealed));
	assert_int_equal(sealed.len, strlen(words) + KEYPAIR_SEAL_EXTRA_BYTES);
	assert_null(memmem(sealed.data, sealed.len, "12", 2));
	assert_err(keypair_open(p->other, sealed.data, sealed.len, &open), ERR_WRONG_KEY);
	assert_err(keypair_open(p->one, sealed.data, sealed.len - 1, &open), ERR_WRONG_KEY);
	assert_err(keypair_open(p->one, sealed.data, 47, &open), ERR_WRONG_KEY);
	assert_err(keypair_open(p->one, NULL, 0, &open), ERR_WRONG_KEY);
	assert_int_equal(open.len, 0);
	assert_ok(keypair_open(p->one, sealed.data, sealed.len, &open));
	assert_string_equal(buf_text(&open), words);
	sealed.data[sealed.len / 2] ^= 1;
	assert_err(keypair_open(p->one, sealed.data, sealed.len, &open), ERR_WRONG_KEY);
}

static void test_a_point_of_small_order_is_no_public_key(void **state)
{
	static const uint8_t zero[KEYPAIR_PUBLIC_BYTES];
	uint8_t share[KEYPAIR_SHARE_BYTES];
	struct pairs *p = *state;
	CLEAN_BUF sealed = {0};

	buf_init(&sealed, 256);
	assert_err(keypair_seal(zero, "x", 1, &sealed), ERR_INVALID);
	assert_err(keypair_share(p->one, zero, share), ERR_INVALID);
}

static void test_a_key_is_handed_from_holder_to_holder(void **state)
{
	uint8_t share[KEYPAIR_SHARE_BYTES];
	struct pairs *p = *state;
	struct keypair *taken = NULL, *third;

	assert_ok(keypair_new(&third));
	assert_ok(keypair_share(third, keypair_public(p->one), share));
	assert_err(keypair_take(p->other, share, keypair_public(third), &taken), ERR_WRONG_KEY);
	/* It opens, but is the key of something else: a row that was moved. */
	assert_err(keypair_take(p->one, share, keypair_public(p->one), &taken), ERR_WRONG_KEY);
	assert_null(taken);
	assert_ok(keypair_take(p->one, share, keypair_public(third), &taken));
	assert_memory_equal(keypair_public(taken), keypair_public(third), KEYPAIR_PUBLIC_BYTES);
	keypair_free(taken);
	keypair_free(third);
}

static void test_a_seed_is_always_the_same_pair(void **state)
{
	static const uint8_t seed[KEYPAIR_SEED_BYTES] = {1, 2, 3},
			     near[KEYPAIR_SEED_BYTES] = {1, 2, 4};
	struct keypair *a, *b, *c, *copy;

	(void)state;
	assert_ok(keypair_from_seed(seed, &a));
	assert_ok(keypair_from_seed(seed, &b));
	assert_ok(keypair_from_seed(near, &c));
	assert_ok(keypair_copy(a, &copy));
	assert_memory_equal(keypair_public(a), keypair_public(b), KEYPAIR_PUBLIC_BYTES);
	assert_memory_equal(keypair_public(a), keypair_public(copy), KEYPAIR_PUBLIC_BYTES);
	assert_memory_not_equal(keypair_public(a), keypair_public(c), KEYPAIR_PUBLIC_BYTES);
	keypair_free(a);
	keypair_free(b);
	keypair_free(c);
	keypair_free(copy);
	keypair_free(NULL);
}

static void test_a_passphrase_wraps_and_another_does_not_open(void **state)
{
	static const char phrase[] = "bốn chữ dễ nhớ", near[] = "bốn chữ dễ nhỡ";
	uint8_t wrapped[KEYPAIR_WRAPPED_BYTES], again[KEYPAIR_WRAPPED_BYTES];
	struct pairs *p = *state;
	struct keypair *open = NULL;

	assert_ok(keypair_wrap(p->one, phrase, strlen(phrase), cheap, wrapped));
	assert_ok(keypair_wrap(p->one, phrase, strlen(phrase), cheap, again));
	assert_memory_not_equal(wrapped, again, sizeof(wrapped));
	assert_err(
		keypair_unwrap(wrapped, sizeof(wrapped), near, strlen(near), &open), ERR_WRONG_KEY);
	assert_err(keypair_unwrap(wrapped, sizeof(wrapped), "", 0, &open), ERR_WRONG_KEY);
	assert_null(open);
	assert_ok(keypair_unwrap(wrapped, sizeof(wrapped), phrase, strlen(phrase), &open));
	assert_memory_equal(keypair_public(open), keypair_public(p->one), KEYPAIR_PUBLIC_BYTES);
	keypair_free(open);
}

/* Costs and salt are bound to the key: cheaper ones can't be slipped in. */
static void test_a_damaged_wrapping_does_not_open(void **state)
{
	uint8_t wrapped[KEYPAIR_WRAPPED_BYTES];
	struct pairs *p = *state;

	assert_ok(keypair_wrap(p->one, "abc", 3, cheap, wrapped));
	for (size_t i = 0; i < sizeof(wrapped); i++) {
		struct keypair *open = NULL;
		enum err err;

		wrapped[i] ^= 1;
		err = keypair_unwrap(wrapped, sizeof(wrapped), "abc", 3, &open);
		assert_true(err == ERR_WRONG_KEY || err == ERR_INVALID);
		assert_null(open);
		wrapped[i] ^= 1;
	}
	for (size_t len = 0; len < sizeof(wrapped); len++) {
		struct keypair *open;

		assert_err(keypair_unwrap(wrapped, len, "abc", 3, &open), ERR_INVALID);
	}
}

static void test_costs_out_of_bounds_are_refused(void **state)
{
	static const struct keypair_cost bad[] = {
		{0, 8}, {65, 8}, {1, 7}, {1, KEYPAIR_MEMORY_KIB_MAX + 1}, {UINT32_MAX, UINT32_MAX}};
	uint8_t wrapped[KEYPAIR_WRAPPED_BYTES];
	struct pairs *p = *state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_err(keypair_wrap(p->one, "abc", 3, bad[i], wrapped), ERR_INVALID);
	assert_ok(keypair_wrap(p->one, "abc", 3, KEYPAIR_COST_DEFAULT, wrapped));
}

static void *wrap_in_thread(void *arg)
{
	struct pairs *p = arg;

	for (int i = 0; i < 20; i++) {
		uint8_t wrapped[KEYPAIR_WRAPPED_BYTES];
		struct keypair *open;

		if (keypair_wrap(p->one, "abc", 3, cheap, wrapped) ||
			keypair_unwrap(wrapped, sizeof(wrapped), "abc", 3, &open))
			return p;
		keypair_free(open);
	}
	return NULL;
}

static void test_threads_do_not_meet(void **state)
{
	pthread_t threads[4];
	void *failed;

	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, wrap_in_thread, *state), 0);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PAIR_TEST(test_what_is_sealed_opens_with_its_key_only),
		PAIR_TEST(test_a_point_of_small_order_is_no_public_key),
		PAIR_TEST(test_a_key_is_handed_from_holder_to_holder),
		cmocka_unit_test(test_a_seed_is_always_the_same_pair),
		PAIR_TEST(test_a_passphrase_wraps_and_another_does_not_open),
		PAIR_TEST(test_a_damaged_wrapping_does_not_open),
		PAIR_TEST(test_costs_out_of_bounds_are_refused),
		PAIR_TEST(test_threads_do_not_meet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
