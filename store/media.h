/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The folder of what came with messages: "<database>.media", one sealed file an attachment, under a
 * name drawn by lot. A file is written as NAME.part, synced, renamed and its folder synced before a
 * row may name it; so a file without a row is what a crash left behind, and is removed at start.
 * Each file has a key of its own, which its row keeps, sealed like the words of its report.
 */
#ifndef BINHYEN_STORE_MEDIA_H
#define BINHYEN_STORE_MEDIA_H

#include "store/store.h"

#define MEDIA_NAME_BYTES  33	      /* 32 hexadecimal digits */
#define MEDIA_PIECE_BYTES (32 * 1024) /* sealed and read at a time */
#define MEDIA_KEY_BYTES	  32

struct media_file {
	char name[MEDIA_NAME_BYTES]; /* "" none */
	uint8_t key[MEDIA_KEY_BYTES];
};

struct media_writer;
/* Makes the folder when it is not there. */
MUST_CHECK
enum err media_writer_new(struct store *store, struct media_writer **ret_writer);
/* After an error only media_writer_free may follow. ERR_DISK_FULL, ERR_IO. */
MUST_CHECK
enum err media_writer_add(struct media_writer *writer, const void *data, size_t len);
/* The file is complete and on the disk. Wipe what comes out. */
MUST_CHECK
enum err media_writer_finish(struct media_writer *writer, struct media_file *ret_file);
/* Removes what was not finished; NULL is fine. */
void media_writer_free(struct media_writer *writer);

struct media_reader;
/* ERR_NOT_FOUND: no such file. ERR_WRONG_KEY: not its key. */
MUST_CHECK
enum err media_reader_new(
	struct store *store, const struct media_file *file, struct media_reader **ret_reader);
/* Up to `max` bytes in order; *ret_len 0 at the end. ERR_WRONG_KEY: damaged or cut off. */
MUST_CHECK
enum err media_reader_read(struct media_reader *reader, void *data, size_t max, size_t *ret_len);
void media_reader_free(struct media_reader *reader);

void media_remove(struct store *store, const char *name);
MUST_CHECK
enum err media_free_bytes(struct store *store, int64_t *ret_bytes);

/* At start: removes files that no row names, and tells of rows whose file is missing. The callback
 * may write. Where there is no folder at all, nothing is told as missing: it may come back. */
typedef enum err (*media_missing_fn)(void *arg, int64_t attachment_id);
struct media_cleaned {
	int64_t orphans;
	int64_t without_folder; /* rows whose files would lie in a folder that is not there */
};
MUST_CHECK
enum err media_clean(struct store *store, media_missing_fn missing, void *arg,
	struct media_cleaned *ret_cleaned, struct errbuf *eb);

/* Compares files and rows both ways, and changes nothing. */
struct media_census {
	int64_t rows, bytes;
	int64_t missing; /* named by a row and not there */
	int64_t damaged; /* there, but not as long as it was sealed */
	int64_t orphans; /* there for an hour, and named by no row */
};
MUST_CHECK
enum err media_census(struct store *store, struct media_census *ret_census);

#endif
