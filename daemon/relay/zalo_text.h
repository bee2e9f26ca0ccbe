/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a Zalo message: what is sent, and whether what is read back is the same. Pure
 * functions. */
#ifndef BINHYEN_RELAY_ZALO_TEXT_H
#define BINHYEN_RELAY_ZALO_TEXT_H

#include "daemon/base/buf.h"
#include "store/outbox.h"

/* Zalo says 2,000 characters without saying of what; code points after NFC with a margin. */
#define ZALO_TEXT_MAX_CHARS 1900

/*
 * NFC; for a group `[@` is defused by a zero-width space, since a resident's words must not be able
 * to ping members. ERR_INVALID (not UTF-8 or empty), ERR_TOO_BIG past what `out` takes.
 */
MUST_CHECK
enum err zalo_text_prepare(enum channel_kind kind, const char *text, struct buf *out);

/*
 * Bytes of the first piece of a prepared text that has at most max_chars code points: all of it
 * when it fits, else up to a line's end, a blank or, where there is none in its last fifth, any
 * character that no combining mark follows. What follows a piece begins without blanks:
 * *ret_next is where.
 */
size_t zalo_text_piece(const char *text, size_t max_chars, size_t *ret_next);

/* Equal after NFC, without zero-width spaces and without white space at the ends. */
bool zalo_text_equal(const char *a, const char *b);

/* Percent-encodes all but letters, digits and -._~ (RFC 3986 §2.3). */
MUST_CHECK
enum err zalo_text_escape(const char *text, size_t len, struct buf *out);

/* "?data=" and the percent-encoded JSON object of a GET outside /group/. user_id NULL: none. */
MUST_CHECK
enum err zalo_text_query(const char *user_id, int64_t offset, int count, struct buf *out);

#endif
