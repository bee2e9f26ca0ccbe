/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/media_private.h"

#include "store/sync.h"
#include "store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALED_BYTES   (MEDIA_PIECE_BYTES + VAULT_STREAM_EXTRA_BYTES)
#define PIECES_A_START 16 /* half a megabyte */

static enum err folder_make(struct store *store)
{
	char path[MEDIA_PATH_BYTES];

	media_path(store, "", "", path);
	if (!mkdir(path, 0700))
		return sync_folder_of(path);
	return errno == EEXIST ? ERR_OK : err_from_errno(errno);
}

/* ---- writing ---------------------------------------------------------------------------------
 */

struct media_writer {
	struct store *store;
	struct vault_stream *stream;
	int fd;
	bool is_finished;
	struct media_file file;
	unsigned pieces;
	size_t len; /* in `piece` */
	uint8_t piece[MEDIA_PIECE_BYTES];
	uint8_t sealed[SEALED_BYTES];
};

enum err media_writer_new(struct store *store, struct media_writer **ret_writer)
{
	struct media_writer *writer = calloc(1, sizeof(*writer));
	uint8_t header[VAULT_STREAM_HEADER_BYTES], lot[(MEDIA_NAME_BYTES - 1) / 2];
	char path[MEDIA_PATH_BYTES];
	enum err err;

	if (!writer)
		return ERR_NOMEM;
	writer->store = store;
	writer->fd = -1;
	vault_random(lot, sizeof(lot));
	str_hex(lot, sizeof(lot), writer->file.name);
	vault_random(writer->file.key, sizeof(writer->file.key));
	err = folder_make(store);
	if (!err)
		err = vault_stream_seal(
			writer->file.key, writer->file.name, header, &writer->stream);
	if (err)
		goto fail;
	media_path(store, writer->file.name, MEDIA_PART, path);
	writer->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	err = writer->fd < 0 ? err_from_errno(errno)
			     : file_write(writer->fd, header, sizeof(header));
	if (err)
		goto fail;
	*ret_writer = writer;
	return ERR_OK;
fail:
	media_writer_free(writer);
	return err;
}

static enum err piece_write(struct media_writer *writer, bool is_last)
{
	size_t len = writer->len;

	enum err err;

	vault_stream_push(writer->stream, writer->piece, len, is_last, writer->sealed);
	writer->len = 0;
	err = file_write(writer->fd, writer->sealed, len + VAULT_STREAM_EXTRA_BYTES);
	/* The disk begins by itself, so that little is left for the fsync that the loop waits for.
	 */
	if (!err && ++writer->pieces % PIECES_A_START == 0)
		(void)sync_file_range(writer->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	return err;
}

enum err media_writer_add(struct media_writer *writer, const void *data, size_t len)
{
	const uint8_t *at = data;

	while (len) {
		size_t room = MEDIA_PIECE_BYTES - writer->len, n = len < room ? len : room;
		enum err err;

		memcpy(writer->piece + writer->len, at, n);
		writer->len += n;
		at += n;
		len -= n;
		err = writer->len == MEDIA_PIECE_BYTES ? piece_write(writer, false) : ERR_OK;
		if (err)
			return err;
	}
	return ERR_OK;
}

enum err media_writer_finish(struct media_writer *writer, struct media_file *ret_file)
{
	char part[MEDIA_PATH_BYTES], path[MEDIA_PATH_BYTES];
	enum err err = piece_write(writer, true);

	media_path(writer->store, writer->file.name, MEDIA_PART, part);
	media_path(writer->store, writer->file.name, "", path);
	if (!err && fsync(writer->fd))
		err = err_from_errno(errno);
	if (!err && rename(part, path))
		err = err_from_errno(errno);
	if (err)
		return err;
	writer->is_finished = true;
	err = sync_folder_of(path);
	if (err) {
		unlink(path);
		return err;
	}
	*ret_file = writer->file;
	return ERR_OK;
}

void media_writer_free(struct media_writer *writer)
{
	char part[MEDIA_PATH_BYTES];

	if (!writer)
		return;
	if (writer->fd >= 0)
		close(writer->fd);
	if (writer->fd >= 0 && !writer->is_finished) {
		media_path(writer->store, writer->file.name, MEDIA_PART, part);
		unlink(part);
	}
	vault_stream_free(writer->stream);
	explicit_bzero(writer->piece, sizeof(writer->piece));
	explicit_bzero(writer->file.key, sizeof(writer->file.key));
	free(writer);
}

/* ---- reading ---------------------------------------------------------------------------------
 */

struct media_reader {
	struct vault_stream *stream;
	int fd;
	bool is_last;
	size_t at, len; /* in `piece` */
	uint8_t piece[MEDIA_PIECE_BYTES];
	uint8_t sealed[SEALED_BYTES];
};

enum err media_reader_new(
	struct store *store, const struct media_file *file, struct media_reader **ret_reader)
{
	uint8_t header[VAULT_STREAM_HEADER_BYTES];
	struct media_reader *reader;
	char path[MEDIA_PATH_BYTES];
	size_t len = 0;
	enum err err;

	if (!media_is_name(file->name))
		return ERR_NOT_FOUND;
	reader = calloc(1, sizeof(*reader));
	if (!reader)
		return ERR_NOMEM;
	media_path(store, file->name, "", path);
	reader->fd = open(path, O_RDONLY | O_CLOEXEC);
	err = reader->fd < 0 ? err_from_errno(errno)
			     : file_read(reader->fd, header, sizeof(header), &len);
	if (!err && len < sizeof(header))
		err = ERR_WRONG_KEY;
	if (!err)
		err = vault_stream_open(file->key, file->name, header, &reader->stream);
	if (err) {
		media_reader_free(reader);
		return err;
	}
	*ret_reader = reader;
	return ERR_OK;
}

static enum err piece_read(struct media_reader *reader)
{
	size_t len = 0;
	enum err err = file_read(reader->fd, reader->sealed, SEALED_BYTES, &len);

	/* A file that ends without its last piece was cut off. */
	if (!err && len < VAULT_STREAM_EXTRA_BYTES)
		err = ERR_WRONG_KEY;
	if (!err)
		err = vault_stream_pull(
			reader->stream, reader->sealed, len, reader->piece, &reader->is_last);
	if (err)
		return err;
	reader->at = 0;
	reader->len = len - VAULT_STREAM_EXTRA_BYTES;
	return ERR_OK;
}

enum err media_reader_read(struct media_reader *reader, void *data, size_t max, size_t *ret_len)
{
	size_t n;

	while (reader->at == reader->len && !reader->is_last) {
		enum err err = piece_read(reader);

		if (err)
			return err;
	}
	n = reader->len - reader->at < max ? reader->len - reader->at : max;
	memcpy(data, reader->piece + reader->at, n);
	reader->at += n;
	*ret_len = n;
	return ERR_OK;
}

void media_reader_free(struct media_reader *reader)
{
	if (!reader)
		return;
	if (reader->fd >= 0)
		close(reader->fd);
	vault_stream_free(reader->stream);
	explicit_bzero(reader->piece, sizeof(reader->piece));
	free(reader);
}
