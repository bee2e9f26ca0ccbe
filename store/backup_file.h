/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One copy of the database as a sealed file, private to store/:
 *
 *     "binhyen backup 1\n"
 *     the key of this file, drawn by lot, sealed with the box key
 *     the header of a stream, and the stream in pieces (vault.h):
 *         BACKUP_HEAD_BYTES that say what it is, then the pages of the database
 *
 * What was cut off, altered, moved or put in is noticed with the first piece that is not as it was;
 * a piece is opened only as a whole. Neither reading nor writing holds more than a piece.
 */
#ifndef BINHYEN_STORE_BACKUP_FILE_H
#define BINHYEN_STORE_BACKUP_FILE_H

#include "daemon/base/err.h"
#include "store/vault.h"

#define BACKUP_PIECE_BYTES  65536
#define BACKUP_ANCHOR_BYTES 256

struct backup_label {
	int64_t at_ms;
	int64_t database_bytes;
	char anchor[BACKUP_ANCHOR_BYTES]; /* text of DATABASE.head (event_seal.h) */
};

struct backup_writer;
/* Makes `path` anew, mode 0600. After an error only backup_writer_free may follow. */
MUST_CHECK
enum err backup_writer_new(const struct vault *vault, const char *path,
	const struct backup_label *label, struct backup_writer **ret_writer);
MUST_CHECK
enum err backup_writer_add(struct backup_writer *writer, const void *data, size_t len);
/* The file is complete and on the disk. Digest of all that was added. */
MUST_CHECK
enum err backup_writer_finish(struct backup_writer *writer, uint8_t ret_digest[VAULT_HASH_BYTES]);
void backup_writer_free(struct backup_writer *writer); /* NULL is fine; the file stays */

struct backup_reader;
/* ERR_UNSUPPORTED: no such file of ours. ERR_WRONG_KEY: sealed with another box key. ERR_CORRUPT:
 * damaged. */
MUST_CHECK
enum err backup_reader_new(const struct vault *vault, const char *path,
	struct backup_label *ret_label, struct backup_reader **ret_reader);
/* The next pages, at most BACKUP_PIECE_BYTES, borrowed until the next call; *ret_len 0 at the end.
 * ERR_CORRUPT: damaged, cut off, or not as long as its label says. */
MUST_CHECK
enum err backup_reader_next(
	struct backup_reader *reader, const uint8_t **ret_data, size_t *ret_len);
/* Of what was read so far. */
void backup_reader_digest(const struct backup_reader *reader, uint8_t ret_digest[VAULT_HASH_BYTES]);
void backup_reader_free(struct backup_reader *reader); /* NULL is fine */

#endif
