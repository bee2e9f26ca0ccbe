/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing byte buffer that is born with a maximum. Always NUL-terminated once something was
 * added. */
#ifndef BINHYEN_BASE_BUF_H
#define BINHYEN_BASE_BUF_H

#include "daemon/base/err.h"

struct buf {
	char *data; /* owned; NULL while empty; data[len] == 0 */
	size_t len;
	size_t size;
	size_t max; /* bytes of content that may never be passed */
};

void buf_init(struct buf *b, size_t max);
void buf_done(struct buf *b); /* frees; the buffer can be initialised again */
void buf_wipe(struct buf
		*b); /* overwrites the content before freeing: for secrets and residents' words */
void buf_reset(struct buf *b); /* empties, keeps the memory */

/* ERR_TOO_BIG past the maximum, ERR_NOMEM; the content is untouched then. */
MUST_CHECK
enum err buf_add(struct buf *b, const void *data, size_t len);
MUST_CHECK
enum err buf_adds(struct buf *b, const char *text);
MUST_CHECK
enum err buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Text of a page of HTML, of an SVG drawing or of one of their attributes in double quotes. */
MUST_CHECK
enum err buf_add_markup(struct buf *b, const char *text);

/* Drops the first `len` bytes (a consumed line). */
void buf_drop(struct buf *b, size_t len);

/* The content as a string, "" while empty; borrowed until the next call. */
const char *buf_text(const struct buf *b);

/* Forgets the memory and gives it to the caller (free with free()); NULL when empty. */
char *buf_take(struct buf *b);

/* Freed at the end of the scope. Write `CLEAN_BUF x = {0};` so that a return before buf_init() is
 * harmless. */
#define CLEAN_BUF CLEANUP(buf_done) struct buf

#endif
