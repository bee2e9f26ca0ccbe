/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 and HMAC-SHA256 (RFC 2104) for proofs that another service asks for; over libsodium. */
#ifndef BINHYEN_STORE_HMAC_H
#define BINHYEN_STORE_HMAC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HMAC_SHA256_BYTES 32
#define SHA256_BYTES	  32

void sha256(const void *data, size_t len, uint8_t ret_hash[SHA256_BYTES]);

/* The key may have any length. Nothing is kept. */
void hmac_sha256(const void *key, size_t key_len, const void *data, size_t len,
	uint8_t ret_mac[HMAC_SHA256_BYTES]);

/* Takes the same time wherever they differ. */
bool hmac_is_equal(const uint8_t a[HMAC_SHA256_BYTES], const uint8_t b[HMAC_SHA256_BYTES]);

#endif
