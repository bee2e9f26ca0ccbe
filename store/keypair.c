/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/keypair.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#define WRAP_VERSION 1
#define NONCE_BYTES  crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES    crypto_aead_xchacha20poly1305_ietf_ABYTES
#define HEAD_BYTES   (1 + 4 + 4 + crypto_pwhash_SALTBYTES) /* what is bound to the sealed key */

static_assert(KEYPAIR_PUBLIC_BYTES == crypto_box_PUBLICKEYBYTES &&
		      KEYPAIR_SECRET_BYTES == crypto_box_SECRETKEYBYTES &&
		      KEYPAIR_SEAL_EXTRA_BYTES == crypto_box_SEALBYTES,
	"the header promises the sizes of crypto_box");
static_assert(KEYPAIR_WRAPPED_BYTES == HEAD_BYTES + NONCE_BYTES + KEYPAIR_SECRET_BYTES + TAG_BYTES,
	"the header promises the size of a wrapped key");

struct keypair {
	uint8_t secret[KEYPAIR_SECRET_BYTES];
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
};

static enum err pair_alloc(struct keypair **ret_pair)
{
	struct keypair *pair;

	if (sodium_init() < 0)
		return ERR_BUG;
	pair = sodium_malloc(sizeof(*pair));
	if (!pair)
		return ERR_NOMEM;
	*ret_pair = pair;
	return ERR_OK;
}

enum err keypair_new(struct keypair **ret_pair)
{
	struct keypair *pair;
	enum err err = pair_alloc(&pair);

	if (err)
		return err;
	crypto_box_keypair(pair->public_key, pair->secret);
	*ret_pair = pair;
	return ERR_OK;
}

enum err keypair_from_secret(const uint8_t secret[KEYPAIR_SECRET_BYTES], struct keypair **ret_pair)
{
	struct keypair *pair;
	enum err err = pair_alloc(&pair);

	if (err)
		return err;
	memcpy(pair->secret, secret, KEYPAIR_SECRET_BYTES);
	crypto_scalarmult_base(pair->public_key, pair->secret);
	*ret_pair = pair;
	return ERR_OK;
}

enum err keypair_from_seed(const uint8_t seed[KEYPAIR_SEED_BYTES], struct keypair **ret_pair)
{
	static const char purpose[] = "binhyen escrow key pair 1";
	uint8_t *wide;
	struct keypair *pair;
	enum err err = pair_alloc(&pair);

	if (err)
		return err;
	wide = sodium_malloc(crypto_box_SEEDBYTES);
	if (!wide) {
		keypair_free(pair);
		return ERR_NOMEM;
	}
	crypto_generichash(wide, crypto_box_SEEDBYTES, (const uint8_t *)purpose, strlen(purpose),
		seed, KEYPAIR_SEED_BYTES);
	crypto_box_seed_keypair(pair->public_key, pair->secret, wide);
	sodium_free(wide);
	*ret_pair = pair;
	return ERR_OK;
}

enum err keypair_copy(const struct keypair *pair, struct keypair **ret_pair)
{
	struct keypair *copy;
	enum err err = pair_alloc(&copy);

	if (err)
		return err;
	*copy = *pair;
	*ret_pair = copy;
	return ERR_OK;
}

void keypair_free(struct keypair *pair)
{
	sodium_free(pair);
}

const uint8_t *keypair_public(const struct keypair *pair)
{
	return pair->public_key;
}

const uint8_t *keypair_secret(const struct keypair *pair)
{
	return pair->secret;
}

void keypair_own_key(const struct keypair *pair, uint8_t ret_key[KEYPAIR_OWN_KEY_BYTES])
{
	static const char context[crypto_kdf_CONTEXTBYTES] = {
		'b', 'h', 'r', 'e', 'a', 'd', 'e', 'r'};

	static_assert(KEYPAIR_SECRET_BYTES == crypto_kdf_KEYBYTES, "a secret key derives others");
	crypto_kdf_derive_from_key(ret_key, KEYPAIR_OWN_KEY_BYTES, 1, context, pair->secret);
}

enum err keypair_seal(const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], const void *data, size_t len,
	struct buf *out)
{
	uint8_t *sealed = malloc(len + KEYPAIR_SEAL_EXTRA_BYTES);
	enum err err = ERR_INVALID;

	if (!sealed)
		return ERR_NOMEM;
	/* It refuses points of small order, with which anybody could open. */
	if (crypto_box_seal(sealed, data, len, public_key) == 0)
		err = buf_add(out, sealed, len + KEYPAIR_SEAL_EXTRA_BYTES);
	free(sealed);
	return err;
}

enum err keypair_open(const struct keypair *pair, const void *sealed, size_t len, struct buf *out)
{
	uint8_t *open;
	enum err err = ERR_WRONG_KEY;

	if (!sealed || len < KEYPAIR_SEAL_EXTRA_BYTES)
		return ERR_WRONG_KEY;
	open = malloc(len);
	if (!open)
		return ERR_NOMEM;
	if (crypto_box_seal_open(open, sealed, len, pair->public_key, pair->secret) == 0)
		err = buf_add(out, open, len - KEYPAIR_SEAL_EXTRA_BYTES);
	explicit_bzero(open, len);
	free(open);
	return err;
}

enum err keypair_share(const struct keypair *pair, const uint8_t holder[KEYPAIR_PUBLIC_BYTES],
	uint8_t ret_share[KEYPAIR_SHARE_BYTES])
{
	return crypto_box_seal(ret_share, pair->secret, KEYPAIR_SECRET_BYTES, holder) ? ERR_INVALID
										      : ERR_OK;
}

enum err keypair_take(const struct keypair *holder, const uint8_t share[KEYPAIR_SHARE_BYTES],
	const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], struct keypair **ret_pair)
{
	struct keypair *pair;
	enum err err = pair_alloc(&pair);

	if (err)
		return err;
	if (crypto_box_seal_open(pair->secret, share, KEYPAIR_SHARE_BYTES, holder->public_key,
		    holder->secret) == 0)
		crypto_scalarmult_base(pair->public_key, pair->secret);
	else
		err = ERR_WRONG_KEY;
	if (!err && memcmp(pair->public_key, public_key, KEYPAIR_PUBLIC_BYTES) != 0)
		err = ERR_WRONG_KEY;
	if (err) {
		keypair_free(pair);
		return err;
	}
	*ret_pair = pair;
	return ERR_OK;
}

/* ---- by a passphrase -------------------------------------------------------------------------
 */

static void put_u32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get_u32(const uint8_t *at)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++)
		value |= (uint32_t)at[i] << (8 * i);
	return value;
}

/* head: version, costs, salt. The key is in memory of sodium_malloc. */
static enum err stretch(
	const uint8_t head[HEAD_BYTES], const void *passphrase, size_t len, uint8_t **ret_key)
{
	uint32_t passes = get_u32(head + 1), memory_kib = get_u32(head + 5);
	uint8_t *key;

	if (passes < crypto_pwhash_OPSLIMIT_MIN || passes > KEYPAIR_PASSES_MAX ||
		(uint64_t)memory_kib * 1024 < crypto_pwhash_MEMLIMIT_MIN ||
		memory_kib > KEYPAIR_MEMORY_KIB_MAX)
		return ERR_INVALID;
	key = sodium_malloc(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
	if (!key)
		return ERR_NOMEM;
	if (crypto_pwhash(key, crypto_aead_xchacha20poly1305_ietf_KEYBYTES, passphrase, len,
		    head + 9, passes, (size_t)memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13)) {
		sodium_free(key);
		return ERR_NOMEM;
	}
	*ret_key = key;
	return ERR_OK;
}

enum err keypair_wrap(const struct keypair *pair, const void *passphrase, size_t len,
	struct keypair_cost cost, uint8_t ret_wrapped[KEYPAIR_WRAPPED_BYTES])
{
	uint8_t wrapped[KEYPAIR_WRAPPED_BYTES];
	uint8_t *key;
	enum err err;

	if (sodium_init() < 0)
		return ERR_BUG;
	wrapped[0] = WRAP_VERSION;
	put_u32(wrapped + 1, cost.passes);
	put_u32(wrapped + 5, cost.memory_kib);
	randombytes_buf(wrapped + 9, crypto_pwhash_SALTBYTES + NONCE_BYTES);
	err = stretch(wrapped, passphrase, len, &key);
	if (err)
		return err;
	crypto_aead_xchacha20poly1305_ietf_encrypt(wrapped + HEAD_BYTES + NONCE_BYTES, NULL,
		pair->secret, KEYPAIR_SECRET_BYTES, wrapped, HEAD_BYTES, NULL, wrapped + HEAD_BYTES,
		key);
	sodium_free(key);
	memcpy(ret_wrapped, wrapped, sizeof(wrapped));
	return ERR_OK;
}

enum err keypair_unwrap(const void *wrapped, size_t wrapped_len, const void *passphrase, size_t len,
	struct keypair **ret_pair)
{
	const uint8_t *head = wrapped;
	struct keypair *pair;
	uint8_t *key;
	enum err err;

	if (!wrapped || wrapped_len != KEYPAIR_WRAPPED_BYTES || head[0] != WRAP_VERSION)
		return ERR_INVALID;
	err = pair_alloc(&pair);
	if (err)
		return err;
	err = stretch(head, passphrase, len, &key);
	if (err) {
		keypair_free(pair);
		return err;
	}
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(pair->secret, NULL, NULL,
		    head + HEAD_BYTES + NONCE_BYTES, KEYPAIR_SECRET_BYTES + TAG_BYTES, head,
		    HEAD_BYTES, head + HEAD_BYTES, key) == 0)
		crypto_scalarmult_base(pair->public_key, pair->secret);
	else
		err = ERR_WRONG_KEY;
	sodium_free(key);
	if (err) {
		keypair_free(pair);
		return err;
	}
	*ret_pair = pair;
	return ERR_OK;
}

enum err keypair_cost_of(const void *wrapped, size_t wrapped_len, struct keypair_cost *ret_cost)
{
	const uint8_t *bytes = wrapped;

	if (wrapped_len != KEYPAIR_WRAPPED_BYTES || bytes[0] != WRAP_VERSION)
		return ERR_INVALID;
	*ret_cost = (struct keypair_cost){
		.passes = get_u32(bytes + 1), .memory_kib = get_u32(bytes + 5)};
	return ERR_OK;
}
