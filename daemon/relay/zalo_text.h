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
 * to ping members. ERR_INVALID (not UTF-8 or empty), ERR_TOO_BIG.
 */
MUST_CHECK
enum err zalo_text_prepare(enum channel_kind kind, const char *text, struct buf *out);

/* Equal after NFC, without zero-width spaces and without white space at the ends. */
bool zalo_text_equal(const char *a, const char *b);

/* The body of POST /v3.0/oa/message/cs, respectively /v3.0/oa/group/message. */
MUST_CHECK
enum err zalo_text_body(
	enum channel_kind kind, const char *address, const char *text, struct buf *out);

/* Percent-encodes all but letters, digits and -._~ (RFC 3986 §2.3). */
MUST_CHECK
enum err zalo_text_escape(const char *text, size_t len, struct buf *out);

/* "?data=" and the percent-encoded JSON object of a GET outside /group/. user_id NULL: none. */
MUST_CHECK
enum err zalo_text_query(const char *user_id, int64_t offset, int count, struct buf *out);

#endif
