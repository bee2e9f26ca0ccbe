/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Key pairs (X25519, crypto_box of libsodium) of officers, of reports and of the escrow
 * (design.md §5). Whatever is secret lies in memory of sodium_malloc: locked, fenced, wiped when
 * freed. Nothing here touches a store, and every function may run in any thread.
 */
#ifndef BINHYEN_STORE_KEYPAIR_H
#define BINHYEN_STORE_KEYPAIR_H

#include "daemon/base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define KEYPAIR_PUBLIC_BYTES	 32
#define KEYPAIR_SECRET_BYTES	 32
#define KEYPAIR_SEED_BYTES	 16 /* 128 bits: what the escrow words say */
#define KEYPAIR_SEAL_EXTRA_BYTES 48 /* ephemeral public key 32 + tag 16 */
#define KEYPAIR_SHARE_BYTES	 (KEYPAIR_SECRET_BYTES + KEYPAIR_SEAL_EXTRA_BYTES)

struct keypair;

MUST_CHECK
enum err keypair_new(struct keypair **ret_pair);
/* Always the same pair for the same seed. */
MUST_CHECK
enum err keypair_from_seed(const uint8_t seed[KEYPAIR_SEED_BYTES], struct keypair **ret_pair);
MUST_CHECK
enum err keypair_from_secret(const uint8_t secret[KEYPAIR_SECRET_BYTES], struct keypair **ret_pair);
/* Another copy, for another owner. */
MUST_CHECK
enum err keypair_copy(const struct keypair *pair, struct keypair **ret_pair);
void keypair_free(struct keypair *pair); /* wipes; NULL is fine */

/* KEYPAIR_PUBLIC_BYTES, respectively KEYPAIR_SECRET_BYTES, borrowed; the secret must not be copied
 * to where it is not sealed. */
const uint8_t *keypair_public(const struct keypair *pair);
const uint8_t *keypair_secret(const struct keypair *pair);

/* A key that only the holder of the secret key can make, always the same. */
#define KEYPAIR_OWN_KEY_BYTES 32
void keypair_own_key(const struct keypair *pair, uint8_t ret_key[KEYPAIR_OWN_KEY_BYTES]);

/* To whoever holds the secret key of `public_key`; who sealed it can't be told. Appends to `out`.
 * ERR_INVALID: no public key. */
MUST_CHECK
enum err keypair_seal(const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], const void *data, size_t len,
	struct buf *out);
/* ERR_WRONG_KEY: sealed to another key, or damaged. */
MUST_CHECK
enum err keypair_open(const struct keypair *pair, const void *sealed, size_t len, struct buf *out);

/* Hands the secret key itself to another holder, and takes it from his hands. The key that comes
 * out must belong to `public_key`: ERR_WRONG_KEY otherwise. */
MUST_CHECK
enum err keypair_share(const struct keypair *pair, const uint8_t holder[KEYPAIR_PUBLIC_BYTES],
	uint8_t ret_share[KEYPAIR_SHARE_BYTES]);
MUST_CHECK
enum err keypair_take(const struct keypair *holder, const uint8_t share[KEYPAIR_SHARE_BYTES],
	const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], struct keypair **ret_pair);

/*
 * The secret key wrapped by a passphrase: Argon2id (RFC 9106) makes the key that seals it; its
 * costs and its salt stand before what is sealed, and are bound to it. A new passphrase wraps the
 * same key again. Takes a good part of a second and cost->memory_kib of memory: run it in the
 * thread pool, one at a time.
 */
struct keypair_cost {
	uint32_t passes;
	uint32_t memory_kib;
};
#define KEYPAIR_COST_DEFAULT \
	((struct keypair_cost){ \
		.passes = 3, .memory_kib = 24 * 1024}) /* RFC 9106 allows less memory \
							  for more passes; the box has \
							  48 MB for all */
#define KEYPAIR_MEMORY_KIB_MAX (256 * 1024)	       /* of what a row may ask for */
#define KEYPAIR_PASSES_MAX     64
#define KEYPAIR_WRAPPED_BYTES  97 /* version 1, costs 4 + 4, salt 16, nonce 24, key 32, tag 16 */

/* ERR_INVALID: costs that Argon2id does not take; ERR_NOMEM. */
MUST_CHECK
enum err keypair_wrap(const struct keypair *pair, const void *passphrase, size_t len,
	struct keypair_cost cost, uint8_t ret_wrapped[KEYPAIR_WRAPPED_BYTES]);
/* What it was wrapped with: a key with costs of former years is wrapped anew at the next login.
 * ERR_INVALID: not what keypair_wrap() wrote. */
MUST_CHECK
enum err keypair_cost_of(const void *wrapped, size_t wrapped_len, struct keypair_cost *ret_cost);
/* ERR_WRONG_KEY: another passphrase, or damaged; ERR_INVALID: not what keypair_wrap() wrote. */
MUST_CHECK
enum err keypair_unwrap(const void *wrapped, size_t wrapped_len, const void *passphrase, size_t len,
	struct keypair **ret_pair);

#endif
