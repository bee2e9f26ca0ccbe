/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/hmac.h"

#include <sodium.h>

_Static_assert(HMAC_SHA256_BYTES == crypto_auth_hmacsha256_BYTES, "size of the proof");

_Static_assert(SHA256_BYTES == crypto_hash_sha256_BYTES, "size of the hash");

void sha256(const void *data, size_t len, uint8_t ret_hash[SHA256_BYTES])
{
	crypto_hash_sha256(ret_hash, data, len);
}

void hmac_sha256(const void *key, size_t key_len, const void *data, size_t len,
	uint8_t ret_mac[HMAC_SHA256_BYTES])
{
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key, key_len);
	crypto_auth_hmacsha256_update(&state, data, len);
	crypto_auth_hmacsha256_final(&state, ret_mac);
	sodium_memzero(&state, sizeof(state));
}

bool hmac_is_equal(const uint8_t a[HMAC_SHA256_BYTES], const uint8_t b[HMAC_SHA256_BYTES])
{
	return sodium_memcmp(a, b, HMAC_SHA256_BYTES) == 0;
}
