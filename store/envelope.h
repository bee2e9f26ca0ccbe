/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words sealed to the public key of a report, by a box that can't open them again: a key drawn for
 * these words alone, sealed by crypto_box_seal, and the words under it by XChaCha20-Poly1305 with
 * place and row as associated data, as in vault_seal(). They are padded to the next of 256, 512,
 * 1024... bytes, so that a length tells little.
 */
#ifndef BINHYEN_STORE_ENVELOPE_H
#define BINHYEN_STORE_ENVELOPE_H

#include "store/keypair.h"

/* The most that `len` bytes may take sealed. */
#define ENVELOPE_BYTES_MAX(len) (2 * (len) + 256 + 128)

/* place: "table.column"; row: primary key. Appends to `out`. */
MUST_CHECK
enum err envelope_seal(const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], const char *place,
	int64_t row, const void *data, size_t len, struct buf *out);
/* ERR_WRONG_KEY: sealed to another report, moved from another place or row, or damaged. */
MUST_CHECK
enum err envelope_open(const struct keypair *pair, const char *place, int64_t row,
	const void *sealed, size_t len, struct buf *out);

/* The same in two steps: the key of the words, which costs all the time, and the words by it. */
#define ENVELOPE_KEY_BYTES 32
MUST_CHECK
enum err envelope_key(const struct keypair *pair, const void *sealed, size_t len,
	uint8_t ret_key[ENVELOPE_KEY_BYTES]);
MUST_CHECK
enum err envelope_open_by(const uint8_t key[ENVELOPE_KEY_BYTES], const char *place, int64_t row,
	const void *sealed, size_t len, struct buf *out);

#endif
