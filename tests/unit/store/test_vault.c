/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/store/support.h"

static const uint8_t key_a[VAULT_KEY_BYTES] = {1, 2, 3}, key_b[VAULT_KEY_BYTES] = {1, 2, 4};

struct vault_fixture {
	char dir[64], path[96];
	struct vault *vault;
};

static int setup(void **state)
{
	static struct vault_fixture f;

	snprintf(f.dir, sizeof(f.dir), "/tmp/binhyen-test.XXXXXX");
	assert_non_null(mkdtemp(f.dir));
	snprintf(f.path, sizeof(f.path), "%s/box.key", f.dir);
	assert_ok(vault_new(key_a, &f.vault));
	unsetenv("CREDENTIALS_DIRECTORY");
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct vault_fixture *f = *state;

	vault_free(f->vault);
	unlink(f->path);
	rmdir(f->dir);
	unsetenv("CREDENTIALS_DIRECTORY");
	return 0;
}

#define VAULT_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static struct buf sealed_words(struct vault_fixture *f, const char *words)
{
	struct buf sealed;

	buf_init(&sealed, 1024);
	assert_ok(vault_seal(f->vault, "party.address", 12, words, strlen(words), &sealed));
	assert_int_equal(sealed.len, strlen(words) + VAULT_SEAL_EXTRA_BYTES);
	return sealed;
}

static void test_sealed_words_come_back(void **state)
{
	CLEAN_BUF sealed = sealed_words(*state, "Cháy nhà ở ấp 3");
	struct vault_fixture *f = *state;
	CLEAN_BUF open = {0};

	assert_null(memmem(sealed.data, sealed.len, "nh", 3));
	buf_init(&open, 1024);
	assert_ok(buf_adds(&open, "> "));
	assert_ok(vault_unseal(f->vault, "party.address", 12, sealed.data, sealed.len, &open));
	assert_string_equal(buf_text(&open), "> Cháy nhà ở ấp 3");
}

static void test_nothing_can_be_sealed(void **state)
{
	CLEAN_BUF sealed = sealed_words(*state, "");
	struct vault_fixture *f = *state;
	CLEAN_BUF open = {0};

	buf_init(&open, 16);
	assert_ok(vault_unseal(f->vault, "party.address", 12, sealed.data, sealed.len, &open));
	assert_int_equal(open.len, 0);
}

static void test_the_same_words_never_look_the_same(void **state)
{
	CLEAN_BUF one = sealed_words(*state, "ap 3");
	CLEAN_BUF two = sealed_words(*state, "ap 3");

	assert_int_equal(one.len, two.len);
	assert_memory_not_equal(one.data, two.data, one.len);
}

static void test_other_place_row_or_key_is_refused(void **state)
{
	CLEAN_BUF sealed = sealed_words(*state, "ap 3");
	struct vault_fixture *f = *state;
	struct vault *other;
	CLEAN_BUF open = {0};

	buf_init(&open, 1024);
	assert_ok(vault_new(key_b, &other));
	assert_err(vault_unseal(f->vault, "party.addresS", 12, sealed.data, sealed.len, &open),
		ERR_WRONG_KEY);
	assert_err(vault_unseal(f->vault, "party.addres", 12, sealed.data, sealed.len, &open),
		ERR_WRONG_KEY);
	assert_err(vault_unseal(f->vault, "party.address", 13, sealed.data, sealed.len, &open),
		ERR_WRONG_KEY);
	assert_err(vault_unseal(f->vault, "party.address", -12, sealed.data, sealed.len, &open),
		ERR_WRONG_KEY);
	assert_err(vault_unseal(f->vault, "party.address", INT64_C(12) << 56, sealed.data,
			   sealed.len, &open),
		ERR_WRONG_KEY);
	assert_err(vault_unseal(other, "party.address", 12, sealed.data, sealed.len, &open),
		ERR_WRONG_KEY);
	assert_int_equal(open.len, 0);
	vault_free(other);
}

static void test_every_flipped_byte_is_refused(void **state)
{
	CLEAN_BUF sealed = sealed_words(*state, "ap 3");
	struct vault_fixture *f = *state;
	CLEAN_BUF open = {0};

	buf_init(&open, 1024);
	for (size_t i = 0; i < sealed.len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			sealed.data[i] = (char)(sealed.data[i] ^ (1 << bit));
			assert_err(vault_unseal(f->vault, "party.address", 12, sealed.data,
					   sealed.len, &open),
				ERR_WRONG_KEY);
			sealed.data[i] = (char)(sealed.data[i] ^ (1 << bit));
		}
	}
	for (size_t len = 0; len < sealed.len; len++)
		assert_err(vault_unseal(f->vault, "party.address", 12, sealed.data, len, &open),
			ERR_WRONG_KEY);
	assert_err(vault_unseal(f->vault, "party.address", 12, NULL, 0, &open), ERR_WRONG_KEY);
	assert_ok(vault_unseal(f->vault, "party.address", 12, sealed.data, sealed.len, &open));
}

static void test_a_full_buffer_is_said(void **state)
{
	CLEAN_BUF sealed = sealed_words(*state, "ap 3");
	struct vault_fixture *f = *state;
	CLEAN_BUF small = {0};

	buf_init(&small, 3);
	assert_err(vault_unseal(f->vault, "party.address", 12, sealed.data, sealed.len, &small),
		ERR_TOO_BIG);
	assert_err(vault_seal(f->vault, "party.address", 12, "x", 1, &small), ERR_TOO_BIG);
	assert_int_equal(small.len, 0);
}

static void test_hashes_of_other_uses_and_boxes_differ(void **state)
{
	static const enum vault_hash_use uses[] = {
		VAULT_HASH_PARTY, VAULT_HASH_RESIDENT, VAULT_HASH_CONTENT};
	uint8_t hash[4][VAULT_HASH_BYTES], again[VAULT_HASH_BYTES];
	struct vault_fixture *f = *state;
	struct vault *other;

	assert_ok(vault_new(key_b, &other));
	for (size_t i = 0; i < ARRAY_LEN(uses); i++) {
		vault_hash(f->vault, uses[i], RESIDENT, strlen(RESIDENT), hash[i]);
		vault_hash(f->vault, uses[i], RESIDENT, strlen(RESIDENT), again);
		assert_memory_equal(hash[i], again, VAULT_HASH_BYTES);
		vault_hash(f->vault, uses[i], OTHER, strlen(OTHER), again);
		assert_memory_not_equal(hash[i], again, VAULT_HASH_BYTES);
	}
	vault_hash(other, VAULT_HASH_PARTY, RESIDENT, strlen(RESIDENT), hash[3]);
	for (size_t i = 0; i < ARRAY_LEN(hash); i++) {
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(hash[i], hash[j], VAULT_HASH_BYTES);
	}
	vault_free(other);
}

static void test_pieces_of_a_digest_keep_their_bounds(void **state)
{
	const struct vault_piece ab_c[] = {{"ab", 2}, {"c", 1}}, a_bc[] = {{"a", 1}, {"bc", 2}};
	uint8_t one[VAULT_HASH_BYTES], two[VAULT_HASH_BYTES];

	(void)state;
	vault_digest(ab_c, 2, one);
	vault_digest(a_bc, 2, two);
	assert_memory_not_equal(one, two, sizeof(one));
	vault_digest(ab_c, 2, two);
	assert_memory_equal(one, two, sizeof(one));
}

/* Two vaults have the same key when one opens what the other sealed. */
static void assert_same_key(struct vault *one, struct vault *two)
{
	CLEAN_BUF sealed = {0};
	CLEAN_BUF open = {0};

	buf_init(&sealed, 256);
	buf_init(&open, 256);
	assert_ok(vault_seal(one, "a.b", 1, "x", 1, &sealed));
	assert_ok(vault_unseal(two, "a.b", 1, sealed.data, sealed.len, &open));
}

static enum err open_key(struct vault_fixture *f, const void *data, size_t bytes)
{
	struct vault *vault = NULL;
	struct errbuf eb = {0};
	enum err err;

	spill(f->path, data, bytes);
	err = vault_open(f->path, &vault, &eb);
	if (!err)
		assert_same_key(f->vault, vault);
	else
		assert_non_null(strstr(eb.text, f->path));
	vault_free(vault);
	return err;
}

static void test_a_key_file_is_raw_or_hexadecimal(void **state)
{
	struct vault_fixture *f = *state;
	char hex[2 * VAULT_KEY_BYTES + 8];

	str_hex(key_a, sizeof(key_a), hex);
	assert_ok(open_key(f, key_a, sizeof(key_a)));
	assert_ok(open_key(f, hex, 2 * sizeof(key_a)));
	hex[2 * sizeof(key_a)] = '\n';
	assert_ok(open_key(f, hex, 2 * sizeof(key_a) + 1));
	assert_err(open_key(f, hex, 2 * sizeof(key_a) - 1), ERR_INVALID);
	hex[2 * sizeof(key_a) + 1] = '\n';
	assert_err(open_key(f, hex, 2 * sizeof(key_a) + 2), ERR_INVALID);
	hex[2 * sizeof(key_a)] = '0';
	assert_err(open_key(f, hex, 2 * sizeof(key_a) + 1), ERR_INVALID);
	hex[7] = 'g';
	assert_err(open_key(f, hex, 2 * sizeof(key_a)), ERR_INVALID);
	assert_err(open_key(f, key_a, sizeof(key_a) - 1), ERR_INVALID);
	assert_err(open_key(f, "", 0), ERR_INVALID);
}

static void test_a_key_that_others_may_read_is_refused(void **state)
{
	static const mode_t modes[] = {0640, 0604, 0660, 0601, 0620};
	struct vault_fixture *f = *state;
	struct vault *vault = NULL;

	spill(f->path, key_a, sizeof(key_a));
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		struct errbuf eb = {0};

		assert_int_equal(chmod(f->path, modes[i]), 0);
		assert_err(vault_open(f->path, &vault, &eb), ERR_DENIED);
		assert_non_null(strstr(eb.text, "chmod 600"));
		assert_null(vault);
	}
	assert_int_equal(chmod(f->path, 0400), 0);
	assert_ok(vault_open(f->path, &vault, NULL));
	vault_free(vault);
}

static void test_a_credential_may_be_readable_by_its_group(void **state)
{
	struct vault_fixture *f = *state;
	struct vault *vault;
	char path[128];

	spill(f->path, key_a, sizeof(key_a));
	assert_int_equal(chmod(f->path, 0440), 0);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", f->dir, 1), 0);
	assert_ok(vault_open(f->path, &vault, NULL));
	vault_free(vault);
	/* A folder whose name only begins alike, and a way out of the folder, are other places. */
	snprintf(path, sizeof(path), "%.*s", (int)strlen(f->dir) - 1, f->dir);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", path, 1), 0);
	assert_err(vault_open(f->path, &vault, NULL), ERR_DENIED);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", f->dir, 1), 0);
	snprintf(path, sizeof(path), "%s/..%s/box.key", f->dir, strrchr(f->dir, '/'));
	assert_err(vault_open(path, &vault, NULL), ERR_DENIED);
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", "", 1), 0);
	assert_err(vault_open(f->path, &vault, NULL), ERR_DENIED);
}

static void test_a_missing_key_says_what_to_do(void **state)
{
	struct vault_fixture *f = *state;
	struct vault *vault;
	struct errbuf eb = {0};

	assert_err(vault_open(f->path, &vault, &eb), ERR_NOT_FOUND);
	assert_non_null(strstr(eb.text, "--create-key"));
	assert_int_equal(access(f->path, F_OK), -1);
	assert_err(vault_open(f->dir, &vault, &eb), ERR_INVALID);
}

static void test_a_new_key_file_is_private_and_never_replaced(void **state)
{
	struct vault_fixture *f = *state;
	struct vault *vault;
	struct errbuf eb = {0};
	char *before, *after;
	size_t before_bytes, after_bytes;
	mode_t umask_before = umask(0);

	assert_ok(vault_create_key_file(f->path, &eb));
	umask(umask_before);
	assert_int_equal(mode_of(f->path), 0600);
	before = slurp(f->path, &before_bytes);
	assert_int_equal(before_bytes, 2 * VAULT_KEY_BYTES + 1);
	assert_ok(vault_open(f->path, &vault, &eb));
	assert_err(vault_create_key_file(f->path, &eb), ERR_EXISTS);
	after = slurp(f->path, &after_bytes);
	assert_int_equal(before_bytes, after_bytes);
	assert_memory_equal(before, after, before_bytes);
	vault_free(vault);
	free(before);
	free(after);
}

static void test_codes_use_only_letters_that_are_not_mistaken(void **state)
{
	int seen[256] = {0}, letters = 0;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		char code[8];

		memset(code, '!', sizeof(code));
		vault_random_code(code, 6);
		assert_int_equal(strlen(code), 6);
		assert_int_equal(code[7], '!');
		assert_int_equal(strspn(code, "23456789ACDEFHJKMNPQRTUVWXY"), 6);
		for (int c = 0; c < 6; c++)
			seen[(unsigned char)code[c]]++;
	}
	for (int c = 0; c < 256; c++)
		letters += seen[c] > 0;
	assert_int_equal(letters, 27);
}

static void test_random_bytes_differ(void **state)
{
	uint8_t one[32], two[32];

	(void)state;
	vault_random(one, sizeof(one));
	vault_random(two, sizeof(two));
	assert_memory_not_equal(one, two, sizeof(one));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		VAULT_TEST(test_sealed_words_come_back),
		VAULT_TEST(test_nothing_can_be_sealed),
		VAULT_TEST(test_the_same_words_never_look_the_same),
		VAULT_TEST(test_other_place_row_or_key_is_refused),
		VAULT_TEST(test_every_flipped_byte_is_refused),
		VAULT_TEST(test_a_full_buffer_is_said),
		VAULT_TEST(test_hashes_of_other_uses_and_boxes_differ),
		VAULT_TEST(test_pieces_of_a_digest_keep_their_bounds),
		VAULT_TEST(test_a_key_file_is_raw_or_hexadecimal),
		VAULT_TEST(test_a_key_that_others_may_read_is_refused),
		VAULT_TEST(test_a_credential_may_be_readable_by_its_group),
		VAULT_TEST(test_a_missing_key_says_what_to_do),
		VAULT_TEST(test_a_new_key_file_is_private_and_never_replaced),
		VAULT_TEST(test_codes_use_only_letters_that_are_not_mistaken),
		VAULT_TEST(test_random_bytes_differ),
	};

	return cmocka_run_group_tests_name("vault", tests, NULL, NULL);
}
