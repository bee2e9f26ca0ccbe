/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/envelope.h"

#include "store/place_data.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#define VERSION	     1
#define KEY_BYTES    crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define TAG_BYTES    crypto_aead_xchacha20poly1305_ietf_ABYTES
#define HEAD_BYTES   (1 + KEY_BYTES + KEYPAIR_SEAL_EXTRA_BYTES)
#define LENGTH_BYTES 4
#define BUCKET_MIN   256

static_assert(KEY_BYTES == ENVELOPE_KEY_BYTES, "the header promises the size of a key");
static_assert(HEAD_BYTES + TAG_BYTES + LENGTH_BYTES <= 128, "ENVELOPE_BYTES_MAX is right");

/* A key that seals once needs no nonce drawn for it. */
static const uint8_t nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];

static size_t bucket_of(size_t len)
{
	size_t bucket = BUCKET_MIN;

	while (bucket < len + LENGTH_BYTES)
		bucket *= 2;
	return bucket;
}

/* The words behind their length, and nothing behind them. */
static uint8_t *padded(const void *data, size_t len, size_t bucket)
{
	uint8_t *bytes = calloc(1, bucket);

	if (!bytes)
		return NULL;
	for (int i = 0; i < LENGTH_BYTES; i++)
		bytes[i] = (uint8_t)(len >> (8 * i));
	if (len)
		memcpy(bytes + LENGTH_BYTES, data, len);
	return bytes;
}

enum err envelope_seal(const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], const char *place,
	int64_t row, const void *data, size_t len, struct buf *out)
{
	uint8_t ad[PLACE_DATA_BYTES], key[KEY_BYTES];
	size_t ad_len = place_data(place, row, ad), bucket = bucket_of(len);
	uint8_t *plain = padded(data, len, bucket);
	uint8_t *sealed = malloc(HEAD_BYTES + bucket + TAG_BYTES);
	enum err err = plain && sealed ? ERR_OK : ERR_NOMEM;

	if (!err) {
		sealed[0] = VERSION;
		randombytes_buf(key, sizeof(key));
		crypto_aead_xchacha20poly1305_ietf_encrypt(
			sealed + HEAD_BYTES, NULL, plain, bucket, ad, ad_len, NULL, nonce, key);
		if (crypto_box_seal(sealed + 1, key, sizeof(key), public_key))
			err = ERR_BUG;
		explicit_bzero(key, sizeof(key));
		explicit_bzero(plain, bucket);
	}
	if (!err)
		err = buf_add(out, sealed, HEAD_BYTES + bucket + TAG_BYTES);
	free(plain);
	free(sealed);
	return err;
}

static enum err add_unpadded(const uint8_t *bytes, size_t bucket, struct buf *out)
{
	size_t len = 0;

	for (int i = 0; i < LENGTH_BYTES; i++)
		len |= (size_t)bytes[i] << (8 * i);
	return len <= bucket - LENGTH_BYTES ? buf_add(out, bytes + LENGTH_BYTES, len)
					    : ERR_WRONG_KEY;
}

static bool is_envelope(const uint8_t *bytes, size_t len)
{
	return bytes && len >= HEAD_BYTES + BUCKET_MIN + TAG_BYTES && bytes[0] == VERSION;
}

enum err envelope_key(const struct keypair *pair, const void *sealed, size_t len,
	uint8_t ret_key[ENVELOPE_KEY_BYTES])
{
	struct buf key;
	enum err err;

	if (!is_envelope(sealed, len))
		return ERR_WRONG_KEY;
	buf_init(&key, KEY_BYTES);
	err = keypair_open(pair, (const uint8_t *)sealed + 1, HEAD_BYTES - 1, &key);
	if (!err)
		memcpy(ret_key, key.data, KEY_BYTES);
	buf_wipe(&key);
	return err;
}

enum err envelope_open_by(const uint8_t key[ENVELOPE_KEY_BYTES], const char *place, int64_t row,
	const void *sealed, size_t len, struct buf *out)
{
	uint8_t ad[PLACE_DATA_BYTES];
	size_t ad_len = place_data(place, row, ad), bucket;
	uint8_t *plain;
	enum err err = ERR_OK;

	if (!is_envelope(sealed, len))
		return ERR_WRONG_KEY;
	bucket = len - HEAD_BYTES - TAG_BYTES;
	plain = malloc(bucket);
	if (!plain)
		return ERR_NOMEM;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL,
		    (const uint8_t *)sealed + HEAD_BYTES, bucket + TAG_BYTES, ad, ad_len, nonce,
		    key))
		err = ERR_WRONG_KEY;
	if (!err)
		err = add_unpadded(plain, bucket, out);
	explicit_bzero(plain, bucket);
	free(plain);
	return err;
}

enum err envelope_open(const struct keypair *pair, const char *place, int64_t row,
	const void *sealed, size_t len, struct buf *out)
{
	uint8_t key[ENVELOPE_KEY_BYTES];
	enum err err = envelope_key(pair, sealed, len, key);

	if (!err)
		err = envelope_open_by(key, place, row, sealed, len, out);
	explicit_bzero(key, sizeof(key));
	return err;
}
