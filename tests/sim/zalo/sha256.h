/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 (FIPS 180-4) and HMAC (RFC 2104) for checking appsecret_proof, by nettle: the simulator
 * judges the daemon by another implementation than the daemon's own, which is libsodium's.
 */
#ifndef BINHYEN_SIM_ZALO_SHA256_H
#define BINHYEN_SIM_ZALO_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32
#define SHA256_HEX   (2 * SHA256_BYTES + 1)

void sha256(const void *data, size_t len, uint8_t digest[SHA256_BYTES]);

/* Lower-case hex of HMAC-SHA256(key, data). */
void hmac_sha256_hex(
	const void *key, size_t key_len, const void *data, size_t data_len, char hex[SHA256_HEX]);

#endif
