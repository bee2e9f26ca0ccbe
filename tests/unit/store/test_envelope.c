/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/envelope.h"
#include "tests/unit/store/support.h"

static struct keypair *pair, *other;

static int setup(void **state)
{
	(void)state;
	assert_ok(keypair_new(&pair));
	assert_ok(keypair_new(&other));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	keypair_free(pair);
	keypair_free(other);
	return 0;
}

#define ENVELOPE_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static void seal(const char *words, size_t len, struct buf *out)
{
	buf_init(out, ENVELOPE_BYTES_MAX(len));
	assert_ok(envelope_seal(keypair_public(pair), "report_entry.text", 7, words, len, out));
}

static void test_words_come_back(void **state)
{
	static const size_t sizes[] = {0, 1, 251, 252, 253, 508, 509, 64 * 1024};
	static char words[64 * 1024];

	(void)state;
	memset(words, 'w', sizeof(words));
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct buf sealed, open;

		seal(words, sizes[i], &sealed);
		buf_init(&open, sizeof(words));
		assert_ok(envelope_open(
			pair, "report_entry.text", 7, sealed.data, sealed.len, &open));
		assert_int_equal(open.len, sizes[i]);
		assert_true(!sizes[i] || memcmp(open.data, words, sizes[i]) == 0);
		buf_done(&sealed);
		buf_done(&open);
	}
}

static void test_lengths_tell_little(void **state)
{
	static const char words[600];
	size_t lengths[600];
	int kinds = 1;

	(void)state;
	for (size_t i = 0; i < 600; i++) {
		struct buf sealed;

		seal(words, i, &sealed);
		lengths[i] = sealed.len;
		kinds += i && lengths[i] != lengths[i - 1];
		buf_done(&sealed);
	}
	assert_int_equal(kinds, 3); /* 256, 512, 1024 */
}

static void test_only_its_key_place_and_row_open_it(void **state)
{
	struct buf sealed, open;

	(void)state;
	seal("cháy ở ấp 3", 16, &sealed);
	buf_init(&open, 256);
	assert_null(memmem(sealed.data, sealed.len, "ch", 2));
	assert_err(envelope_open(other, "report_entry.text", 7, sealed.data, sealed.len, &open),
		ERR_WRONG_KEY);
	assert_err(envelope_open(pair, "report_guess.words", 7, sealed.data, sealed.len, &open),
		ERR_WRONG_KEY);
	assert_err(envelope_open(pair, "report_entry.text", 8, sealed.data, sealed.len, &open),
		ERR_WRONG_KEY);
	assert_err(envelope_open(pair, "report_entry.text", 7, NULL, 0, &open), ERR_WRONG_KEY);
	for (size_t i = 0; i < sealed.len; i++) {
		sealed.data[i] ^= 1;
		assert_err(
			envelope_open(pair, "report_entry.text", 7, sealed.data, sealed.len, &open),
			ERR_WRONG_KEY);
		sealed.data[i] ^= 1;
		assert_err(envelope_open(pair, "report_entry.text", 7, sealed.data, i, &open),
			ERR_WRONG_KEY);
	}
	assert_int_equal(open.len, 0);
	buf_done(&sealed);
	buf_done(&open);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ENVELOPE_TEST(test_words_come_back),
		ENVELOPE_TEST(test_lengths_tell_little),
		ENVELOPE_TEST(test_only_its_key_place_and_row_open_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
