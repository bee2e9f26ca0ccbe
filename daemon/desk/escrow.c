/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/escrow.h"

#include "config/word_list.h"
#include "gateway/sms_text.h"
#include "store/vault.h"

#include <string.h>

#define DATA_WORDS  (ESCROW_WORDS - 2)
#define SECRET_BITS (8 * KEYPAIR_SEED_BYTES)
#define FIELD	    (1 << WORD_LIST_BITS)
#define FIELD_POLY  0x409 /* x^10 + x^3 + 1 is primitive: x generates the field */

_Static_assert(DATA_WORDS *WORD_LIST_BITS == SECRET_BITS + 2, "two bits of the hash fit");
_Static_assert(WORD_LIST_COUNT == FIELD, "a word is an element of the field");

/* ---- the code --------------------------------------------------------------------------------
 */

static int field_times_x(int a)
{
	a <<= 1;
	return a & FIELD ? a ^ FIELD_POLY : a;
}

static int field_mul(int a, int b)
{
	int product = 0;

	for (; b; b >>= 1, a = field_times_x(a)) {
		if (b & 1)
			product ^= a;
	}
	return product;
}

static int field_power(int exponent) /* of x */
{
	int a = 1;

	while (exponent--)
		a = field_times_x(a);
	return a;
}

static int field_inverse(int a) /* a to the 2^10 - 2 */
{
	int result = 1;

	for (int i = 0; i < FIELD - 2; i++)
		result = field_mul(result, a);
	return result;
}

/* Both are 0 for what was printed. */
static void syndromes(const int words[ESCROW_WORDS], int ret[2])
{
	ret[0] = ret[1] = 0;
	for (int i = 0; i < ESCROW_WORDS; i++) {
		ret[0] ^= words[i];
		ret[1] ^= field_mul(words[i], field_power(i));
	}
}

static void add_check_words(int words[ESCROW_WORDS])
{
	int x13 = field_power(DATA_WORDS), x14 = field_power(DATA_WORDS + 1), s[2];

	words[DATA_WORDS] = words[DATA_WORDS + 1] = 0;
	syndromes(words, s);
	words[DATA_WORDS + 1] = field_mul(s[1] ^ field_mul(s[0], x13), field_inverse(x13 ^ x14));
	words[DATA_WORDS] = s[0] ^ words[DATA_WORDS + 1];
}

static int hash_bits(const uint8_t secret[KEYPAIR_SEED_BYTES])
{
	const struct vault_piece piece = {secret, KEYPAIR_SEED_BYTES};
	uint8_t digest[VAULT_HASH_BYTES];

	vault_digest(&piece, 1, digest);
	return digest[0] >> 6;
}

static void to_words(const uint8_t secret[KEYPAIR_SEED_BYTES], int words[ESCROW_WORDS])
{
	uint8_t bytes[KEYPAIR_SEED_BYTES + 1];

	memcpy(bytes, secret, KEYPAIR_SEED_BYTES);
	bytes[KEYPAIR_SEED_BYTES] = (uint8_t)(hash_bits(secret) << 6);
	for (int i = 0; i < DATA_WORDS; i++) {
		words[i] = 0;
		for (int b = 0; b < WORD_LIST_BITS; b++) {
			int at = i * WORD_LIST_BITS + b;

			words[i] = words[i] << 1 | (bytes[at / 8] >> (7 - at % 8) & 1);
		}
	}
	add_check_words(words);
	explicit_bzero(bytes, sizeof(bytes));
}

/* false: not what the hash says. */
static bool of_words(const int words[ESCROW_WORDS], uint8_t secret[KEYPAIR_SEED_BYTES])
{
	uint8_t bytes[KEYPAIR_SEED_BYTES + 1] = {0};
	bool is_right;

	for (int at = 0; at < DATA_WORDS * WORD_LIST_BITS; at++) {
		int word = words[at / WORD_LIST_BITS];
		int bit = word >> (WORD_LIST_BITS - 1 - at % WORD_LIST_BITS) & 1;

		bytes[at / 8] |= (uint8_t)(bit << (7 - at % 8));
	}
	is_right = bytes[KEYPAIR_SEED_BYTES] >> 6 == hash_bits(bytes);
	memcpy(secret, bytes, KEYPAIR_SEED_BYTES);
	explicit_bzero(bytes, sizeof(bytes));
	return is_right;
}

/* ---- reading what was typed ------------------------------------------------------------------
 */

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Small letters without marks. */
static enum err plain_text(const char *typed, struct buf *out, struct errbuf *eb)
{
	enum err err;

	if (strlen(typed) > ESCROW_TYPED_MAX)
		return errbuf_set(
			eb, ERR_INVALID, "this is longer than %d words can be", ESCROW_WORDS);
	err = sms_text_unaccent(typed, out);
	if (err)
		return errbuf_set(eb, ERR_INVALID, "the words are not valid UTF-8 text");
	for (size_t i = 0; i < out->len; i++) {
		if (out->data[i] >= 'A' && out->data[i] <= 'Z')
			out->data[i] = (char)(out->data[i] + 32);
	}
	return ERR_OK;
}

/* The word's place is told, never the word: what goes into an error may be written down. */
static enum err find_words(
	const char *text, int words[ESCROW_WORDS], int *ret_wrong, struct errbuf *eb)
{
	int count = 0, unknown = 0;

	while (*text) {
		size_t len = 0;

		while (is_letter(text[len]))
			len++;
		if (len && count < ESCROW_WORDS && word_list_find(text, len, &words[count]) &&
			!unknown)
			unknown = count + 1;
		count += len > 0;
		text += len ? len : 1;
	}
	*ret_wrong = unknown;
	if (unknown)
		return errbuf_set(eb, ERR_INVALID,
			"word %d is not a word of the list: look at the sheet again", unknown);
	if (count != ESCROW_WORDS)
		return errbuf_set(eb, ERR_INVALID,
			"there are %d words, and the sheet has %d: one is missing or one too many",
			count, ESCROW_WORDS);
	return ERR_OK;
}

/* Neighbours that changed places leave e and e at i and i+1: S0 is 0, and S1 tells not where. */
static enum err find_swap(const int words[ESCROW_WORDS], int *ret_wrong, struct errbuf *eb)
{
	for (int i = 0; i + 1 < ESCROW_WORDS; i++) {
		int swapped[ESCROW_WORDS], s[2];

		memcpy(swapped, words, sizeof(swapped));
		swapped[i] = words[i + 1];
		swapped[i + 1] = words[i];
		syndromes(swapped, s);
		explicit_bzero(swapped, sizeof(swapped));
		if (s[0] || s[1])
			continue;
		*ret_wrong = i + 1;
		return errbuf_set(
			eb, ERR_INVALID, "words %d and %d stand in the wrong order", i + 1, i + 2);
	}
	return errbuf_set(eb, ERR_INVALID,
		"two or more of the words are wrong or in the wrong order: compare each with the sheet");
}

static enum err check(const int words[ESCROW_WORDS], int *ret_wrong, struct errbuf *eb)
{
	int s[2];

	syndromes(words, s);
	if (!s[0] && !s[1])
		return ERR_OK;
	/* One word off by e at place i: S0 = e, S1 = e x^i. */
	for (int i = 0; s[0] && i < ESCROW_WORDS; i++) {
		if (field_mul(s[0], field_power(i)) != s[1])
			continue;
		*ret_wrong = i + 1;
		return errbuf_set(eb, ERR_INVALID,
			"word %d is another one than on the sheet, or several are wrong", i + 1);
	}
	return find_swap(words, ret_wrong, eb);
}

/* ---- both ways -------------------------------------------------------------------------------
 */

enum err escrow_words(const uint8_t secret[KEYPAIR_SEED_BYTES], struct buf *out)
{
	char word[WORD_LIST_WORD_MAX + 1];
	int words[ESCROW_WORDS];
	enum err err = ERR_OK;

	to_words(secret, words);
	for (int i = 0; !err && i < ESCROW_WORDS; i++) {
		word_list_word(words[i], word);
		err = buf_addf(out, "%s%s", i ? " " : "", word);
	}
	explicit_bzero(words, sizeof(words));
	explicit_bzero(word, sizeof(word));
	return err;
}

enum err escrow_secret(const char *typed, uint8_t ret_secret[KEYPAIR_SEED_BYTES], int *ret_wrong,
	struct errbuf *eb)
{
	uint8_t secret[KEYPAIR_SEED_BYTES];
	int words[ESCROW_WORDS] = {0};
	struct buf plain;
	enum err err;

	*ret_wrong = 0;
	buf_init(&plain, ESCROW_TYPED_MAX * 4);
	err = plain_text(typed, &plain, eb);
	if (!err)
		err = find_words(buf_text(&plain), words, ret_wrong, eb);
	buf_wipe(&plain);
	if (!err)
		err = check(words, ret_wrong, eb);
	if (!err && !of_words(words, secret))
		err = errbuf_set(eb, ERR_INVALID,
			"several of the words are wrong: compare each with the sheet");
	if (!err)
		memcpy(ret_secret, secret, sizeof(secret));
	explicit_bzero(words, sizeof(words));
	explicit_bzero(secret, sizeof(secret));
	return err;
}

enum err escrow_new(struct buf *words, struct keypair **ret_pair)
{
	uint8_t secret[KEYPAIR_SEED_BYTES];
	struct keypair *pair;
	enum err err;

	vault_random(secret, sizeof(secret));
	err = keypair_from_seed(secret, &pair);
	if (!err) {
		err = escrow_words(secret, words);
		if (err)
			keypair_free(pair);
	}
	explicit_bzero(secret, sizeof(secret));
	if (!err)
		*ret_pair = pair;
	return err;
}

enum err escrow_read(
	const char *typed, struct keypair **ret_pair, int *ret_wrong, struct errbuf *eb)
{
	uint8_t secret[KEYPAIR_SEED_BYTES];
	enum err err = escrow_secret(typed, secret, ret_wrong, eb);

	if (!err)
		err = keypair_from_seed(secret, ret_pair);
	explicit_bzero(secret, sizeof(secret));
	return err;
}
