/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The box key and what is derived from it (design.md §5), over libsodium. Sealing is
 * XChaCha20-Poly1305 with the table, the column and the row id as associated data, so that a sealed
 * value can't be moved to another place. Two different subkeys hash addresses: one for
 * correspondents, one for residents, so that the two registers can't be joined.
 */
#ifndef BINHYEN_STORE_VAULT_H
#define BINHYEN_STORE_VAULT_H

#include "daemon/base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define VAULT_KEY_BYTES	       32
#define VAULT_HASH_BYTES       32
#define VAULT_SEAL_EXTRA_BYTES 40 /* nonce 24 + tag 16 */

struct vault;

/* Reads VAULT_KEY_BYTES raw bytes, or 64 hex digits with an optional newline, from `path`; refuses
 * a file that others may read (mode & 077) unless it lies in $CREDENTIALS_DIRECTORY. The key is
 * held in locked memory. */
MUST_CHECK
enum err vault_open(const char *path, struct vault **ret_vault, struct errbuf *eb);
/* The same from memory, for tests and simulations; `key` is copied. */
MUST_CHECK
enum err vault_new(const uint8_t key[VAULT_KEY_BYTES], struct vault **ret_vault);
void vault_free(struct vault *vault);

/* Writes a fresh key as 64 hex digits, mode 0600; ERR_EXISTS rather than overwrite. */
MUST_CHECK
enum err vault_create_key_file(const char *path, struct errbuf *eb);

enum vault_hash_use {
	VAULT_HASH_PARTY,
	VAULT_HASH_RESIDENT,
	VAULT_HASH_CONTENT,
	VAULT_HASH_PIN,	      /* secrets of a few digits, and what was asked for with them */
	VAULT_HASH_ANONYMOUS, /* correspondents who must not be known again by their address */
};

/* Keyed BLAKE2b of an address or a content; the same input gives the same hash only within one use
 * and one box. */
void vault_hash(const struct vault *vault, enum vault_hash_use use, const void *data, size_t len,
	uint8_t ret_hash[VAULT_HASH_BYTES]);

/* place: "table.column"; row: primary key. Appends the sealed, respectively the opened bytes to
 * `out`. vault_open_sealed: ERR_WRONG_KEY when the key, the place or a byte differs. */
MUST_CHECK
enum err vault_seal(const struct vault *vault, const char *place, int64_t row, const void *data,
	size_t len, struct buf *out);
MUST_CHECK
enum err vault_unseal(const struct vault *vault, const char *place, int64_t row, const void *sealed,
	size_t len, struct buf *out);

/*
 * A long content piece by piece (XChaCha20-Poly1305 secretstream): pieces that are missing, moved
 * or cut off at the end are noticed. place: what the stream belongs to, as for vault_seal. A stream
 * seals or opens, in order; it is wiped when freed. Each content has a key of its own;
 * vault_stream_key() is the one that all had before.
 */
#define VAULT_STREAM_KEY_BYTES	  32
#define VAULT_STREAM_HEADER_BYTES 24
#define VAULT_STREAM_EXTRA_BYTES  17 /* a piece */
struct vault_stream;
MUST_CHECK
enum err vault_stream_seal(const uint8_t key[VAULT_STREAM_KEY_BYTES], const char *place,
	uint8_t ret_header[VAULT_STREAM_HEADER_BYTES], struct vault_stream **ret_stream);
MUST_CHECK
enum err vault_stream_open(const uint8_t key[VAULT_STREAM_KEY_BYTES], const char *place,
	const uint8_t header[VAULT_STREAM_HEADER_BYTES], struct vault_stream **ret_stream);
/* sealed: len + VAULT_STREAM_EXTRA_BYTES bytes. */
void vault_stream_push(
	struct vault_stream *stream, const void *data, size_t len, bool is_last, void *sealed);
/* data: len - VAULT_STREAM_EXTRA_BYTES bytes. ERR_WRONG_KEY: not what was sealed. */
MUST_CHECK
enum err vault_stream_pull(
	struct vault_stream *stream, const void *sealed, size_t len, void *data, bool *ret_is_last);
void vault_stream_free(struct vault_stream *stream);
const uint8_t *vault_stream_key(const struct vault *vault); /* borrowed */

/* BLAKE2b-256 over several pieces, each behind its length: the links of the event chain. vault_link
 * is keyed, so that only who has the box key can make one; vault_digest is what a chain was made of
 * before that. */
struct vault_piece {
	const void *data;
	size_t len;
};
void vault_digest(
	const struct vault_piece *pieces, size_t count, uint8_t ret_digest[VAULT_HASH_BYTES]);
void vault_link(const struct vault *vault, const struct vault_piece *pieces, size_t count,
	uint8_t ret_digest[VAULT_HASH_BYTES]);

/* Unpredictable bytes, and a code of `len` characters from an alphabet without look-alikes
 * (23456789ACDEFHJKMNPQRTUVWXY). */
void vault_random(void *data, size_t len);
uint32_t vault_random_below(uint32_t bound); /* each of 0..bound-1 as likely as the others */
/* A permutation of 1..2^52-1 for each kind: ids that tell neither order nor number of what they
 * name. 0 and what is out of range stay as they are. */
int64_t vault_mask(const struct vault *vault, uint8_t kind, int64_t id);
int64_t vault_unmask(const struct vault *vault, uint8_t kind, int64_t masked);
void vault_random_code(char *code, size_t len);	    /* writes len characters and a NUL */
void vault_random_digits(char *digits, size_t len); /* likewise, of 0-9 */
/* In a time that does not tell where they differ. */
bool vault_is_same(const void *a, const void *b, size_t len);

#endif
