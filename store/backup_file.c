/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/backup_file.h"

#include "daemon/base/str.h"
#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define MAGIC	     "binhyen backup 1\n"
#define MAGIC_BYTES  (sizeof(MAGIC) - 1)
#define PLACE	     "backup.pages"
#define KEY_PLACE    "backup.key"
#define KEY_BYTES    (VAULT_STREAM_KEY_BYTES + VAULT_SEAL_EXTRA_BYTES)
#define HEAD_BYTES   (16 + BACKUP_ANCHOR_BYTES)
#define SEALED_BYTES (BACKUP_PIECE_BYTES + VAULT_STREAM_EXTRA_BYTES)
/* So much is handed to the disk at a time: one sync of hundreds of megabytes would keep the commits
 * of the loop waiting. */
#define SYNC_BYTES (INT64_C(4) * 1024 * 1024)

static void put_int64(uint8_t *bytes, int64_t value)
{
	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)((uint64_t)value >> (8 * i));
}

static int64_t get_int64(const uint8_t *bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value |= (uint64_t)bytes[i] << (8 * i);
	return (int64_t)value;
}

/* ---- writing ---------------------------------------------------------------------------------
 */

struct backup_writer {
	int fd;
	struct vault_stream *stream;
	crypto_generichash_state hash;
	size_t filled;
	int64_t unsynced;
	uint8_t piece[BACKUP_PIECE_BYTES];
	uint8_t sealed[SEALED_BYTES];
};

static enum err write_all(struct backup_writer *w, const void *data, size_t len)
{
	enum err err = file_write(w->fd, data, len);

	if (err)
		return err;
	w->unsynced += (int64_t)len;
	if (w->unsynced < SYNC_BYTES)
		return ERR_OK;
	w->unsynced = 0;
	return fdatasync(w->fd) ? err_from_errno(errno) : ERR_OK;
}

static enum err write_piece(struct backup_writer *w, bool is_last)
{
	size_t len = w->filled;

	vault_stream_push(w->stream, w->piece, len, is_last, w->sealed);
	w->filled = 0;
	return write_all(w, w->sealed, len + VAULT_STREAM_EXTRA_BYTES);
}

static enum err put(struct backup_writer *w, const void *data, size_t len)
{
	const uint8_t *at = data;
	enum err err = ERR_OK;

	while (!err && len) {
		size_t room = BACKUP_PIECE_BYTES - w->filled, part = len < room ? len : room;

		memcpy(w->piece + w->filled, at, part);
		w->filled += part;
		at += part;
		len -= part;
		if (w->filled == BACKUP_PIECE_BYTES)
			err = write_piece(w, false);
	}
	return err;
}

/* What stands before the stream. */
static enum err write_begin(struct backup_writer *w, const struct vault *vault)
{
	uint8_t key[VAULT_STREAM_KEY_BYTES], header[VAULT_STREAM_HEADER_BYTES];
	CLEAN_BUF begin = {0};
	enum err err;

	buf_init(&begin, 512);
	vault_random(key, sizeof(key));
	err = buf_adds(&begin, MAGIC);
	if (!err)
		err = vault_seal(vault, KEY_PLACE, 0, key, sizeof(key), &begin);
	if (!err)
		err = vault_stream_seal(key, PLACE, header, &w->stream);
	explicit_bzero(key, sizeof(key));
	if (!err)
		err = buf_add(&begin, header, sizeof(header));
	return err ? err : write_all(w, begin.data, begin.len);
}

enum err backup_writer_new(const struct vault *vault, const char *path,
	const struct backup_label *label, struct backup_writer **ret_writer)
{
	struct backup_writer *w = calloc(1, sizeof(*w));
	uint8_t head[HEAD_BYTES] = {0};
	enum err err;

	if (!w)
		return ERR_NOMEM;
	crypto_generichash_init(&w->hash, NULL, 0, VAULT_HASH_BYTES);
	w->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	err = w->fd < 0 ? err_from_errno(errno) : write_begin(w, vault);
	put_int64(head, label->at_ms);
	put_int64(head + 8, label->database_bytes);
	snprintf((char *)head + 16, BACKUP_ANCHOR_BYTES, "%s", label->anchor);
	if (!err)
		err = put(w, head, sizeof(head));
	if (err) {
		backup_writer_free(w);
		return err;
	}
	*ret_writer = w;
	return ERR_OK;
}

enum err backup_writer_add(struct backup_writer *w, const void *data, size_t len)
{
	crypto_generichash_update(&w->hash, data, len);
	return put(w, data, len);
}

enum err backup_writer_finish(struct backup_writer *w, uint8_t ret_digest[VAULT_HASH_BYTES])
{
	enum err err = write_piece(w, true);

	if (!err && fsync(w->fd))
		err = err_from_errno(errno);
	if (!err)
		crypto_generichash_final(&w->hash, ret_digest, VAULT_HASH_BYTES);
	return err;
}

void backup_writer_free(struct backup_writer *w)
{
	if (!w)
		return;
	if (w->fd >= 0)
		close(w->fd);
	vault_stream_free(w->stream);
	explicit_bzero(w, sizeof(*w));
	free(w);
}

/* ---- reading ---------------------------------------------------------------------------------
 */

struct backup_reader {
	int fd;
	struct vault_stream *stream;
	crypto_generichash_state hash;
	int64_t left; /* of the database, as the label says */
	size_t first; /* what came with the label, and was not handed out yet */
	bool is_over; /* the last piece was read */
	uint8_t piece[BACKUP_PIECE_BYTES];
	uint8_t sealed[SEALED_BYTES];
};

/* *ret_len: of what it holds. Only the last piece may be shorter than the others, and nothing may
 * stand behind it. */
static enum err read_piece(struct backup_reader *r, size_t *ret_len)
{
	size_t len = 0;
	enum err err = file_read(r->fd, r->sealed, SEALED_BYTES, &len);

	if (err)
		return err;
	if (vault_stream_pull(r->stream, r->sealed, len, r->piece, &r->is_over) ||
		(!r->is_over && len < SEALED_BYTES))
		return ERR_CORRUPT;
	*ret_len = len - VAULT_STREAM_EXTRA_BYTES;
	if (!r->is_over)
		return ERR_OK;
	err = file_read(r->fd, r->sealed, 1, &len);
	return !err && len ? ERR_CORRUPT : err;
}

/* Up to the stream. */
static enum err read_begin(struct backup_reader *r, const struct vault *vault)
{
	uint8_t begin[MAGIC_BYTES + KEY_BYTES + VAULT_STREAM_HEADER_BYTES];
	CLEAN_BUF key = {0};
	size_t len = 0;
	enum err err = file_read(r->fd, begin, sizeof(begin), &len);

	if (err)
		return err;
	if (len < MAGIC_BYTES || memcmp(begin, MAGIC, MAGIC_BYTES) != 0)
		return ERR_UNSUPPORTED;
	if (len < sizeof(begin))
		return ERR_CORRUPT;
	buf_init(&key, 256);
	err = vault_unseal(vault, KEY_PLACE, 0, begin + MAGIC_BYTES, KEY_BYTES, &key);
	if (!err)
		err = vault_stream_open((const uint8_t *)key.data, PLACE,
			begin + MAGIC_BYTES + KEY_BYTES, &r->stream);
	buf_wipe(&key);
	return err;
}

static enum err read_label(struct backup_reader *r, struct backup_label *label, size_t *ret_rest)
{
	size_t len = 0;
	enum err err = read_piece(r, &len);

	if (err)
		return err;
	if (len < HEAD_BYTES || !memchr(r->piece + 16, 0, BACKUP_ANCHOR_BYTES))
		return ERR_CORRUPT;
	label->at_ms = get_int64(r->piece);
	label->database_bytes = get_int64(r->piece + 8);
	memcpy(label->anchor, r->piece + 16, BACKUP_ANCHOR_BYTES);
	if (label->database_bytes < 0)
		return ERR_CORRUPT;
	*ret_rest = len - HEAD_BYTES;
	return ERR_OK;
}

/* The pages that share a piece with the label are kept at its beginning. */
static enum err begin(struct backup_reader *r, const struct vault *vault, const char *path,
	struct backup_label *label)
{
	size_t rest = 0;
	enum err err;

	r->fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (r->fd < 0)
		return err_from_errno(errno);
	err = read_begin(r, vault);
	if (!err)
		err = read_label(r, label, &rest);
	if (err)
		return err;
	r->left = label->database_bytes;
	memmove(r->piece, r->piece + HEAD_BYTES, rest);
	r->first = rest;
	return ERR_OK;
}

enum err backup_reader_new(const struct vault *vault, const char *path,
	struct backup_label *ret_label, struct backup_reader **ret_reader)
{
	struct backup_reader *r = calloc(1, sizeof(*r));
	struct backup_label label = {0};
	enum err err;

	if (!r)
		return ERR_NOMEM;
	crypto_generichash_init(&r->hash, NULL, 0, VAULT_HASH_BYTES);
	err = begin(r, vault, path, &label);
	if (err) {
		backup_reader_free(r);
		return err;
	}
	*ret_label = label;
	*ret_reader = r;
	return ERR_OK;
}

enum err backup_reader_next(struct backup_reader *r, const uint8_t **ret_data, size_t *ret_len)
{
	size_t len = r->first;
	enum err err = ERR_OK;

	r->first = 0;
	/* The first piece may hold the label alone. */
	while (!err && !len && !r->is_over)
		err = read_piece(r, &len);
	if (err)
		return err;
	if ((int64_t)len > r->left || (!len && r->left))
		return ERR_CORRUPT;
	r->left -= (int64_t)len;
	crypto_generichash_update(&r->hash, r->piece, len);
	*ret_data = r->piece;
	*ret_len = len;
	return ERR_OK;
}

void backup_reader_digest(const struct backup_reader *r, uint8_t ret_digest[VAULT_HASH_BYTES])
{
	crypto_generichash_state so_far = r->hash;

	crypto_generichash_final(&so_far, ret_digest, VAULT_HASH_BYTES);
}

void backup_reader_free(struct backup_reader *r)
{
	if (!r)
		return;
	if (r->fd >= 0)
		close(r->fd);
	vault_stream_free(r->stream);
	explicit_bzero(r, sizeof(*r));
	free(r);
}
