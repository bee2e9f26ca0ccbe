/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo/sha256.h"

#include "daemon/base/str.h"

#include <nettle/hmac.h>
#include <nettle/sha2.h>

void sha256(const void *data, size_t len, uint8_t digest[SHA256_BYTES])
{
	struct sha256_ctx ctx;

	sha256_init(&ctx);
	sha256_update(&ctx, len, data);
	sha256_digest(&ctx, SHA256_BYTES, digest);
}

void hmac_sha256_hex(
	const void *key, size_t key_len, const void *data, size_t data_len, char hex[SHA256_HEX])
{
	struct hmac_sha256_ctx ctx;
	uint8_t digest[SHA256_BYTES];

	hmac_sha256_set_key(&ctx, key_len, key);
	hmac_sha256_update(&ctx, data_len, data);
	hmac_sha256_digest(&ctx, SHA256_BYTES, digest);
	str_hex(digest, SHA256_BYTES, hex);
}
