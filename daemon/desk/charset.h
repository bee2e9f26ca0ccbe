/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text in the encodings that spreadsheets and web servers of the country still write, as UTF-8. The
 * names are a short list of our own: what somebody else's header says never reaches iconv(3) as it
 * is. Pure.
 */
#ifndef BINHYEN_DESK_CHARSET_H
#define BINHYEN_DESK_CHARSET_H

#include "daemon/base/buf.h"

#include <stdbool.h>

enum charset {
	CHARSET_UTF8,
	CHARSET_UTF16LE,
	CHARSET_UTF16BE,
	CHARSET_WINDOWS_1258, /* Vietnamese: base letters, and five of the marks by themselves */
	CHARSET_WINDOWS_1252, /* ISO-8859-1 too, which is written by the same hands */
};

/* Of a name as in "Content-Type: text/xml; charset=..." or "<?xml encoding=...?>", in any case.
 * ERR_UNSUPPORTED; "utf-16" alone is little endian, as the programs that write it do. */
MUST_CHECK
enum err charset_of(const char *name, enum charset *ret_charset);
/* By the byte order mark; *ret_skip = its bytes. false: there is none. */
bool charset_of_mark(const char *data, size_t len, enum charset *ret_charset, size_t *ret_skip);
/* Appends to out, as it is composed (not yet NFC). ERR_INVALID: a byte that is nothing in that
 * encoding; ERR_TOO_BIG. */
MUST_CHECK
enum err charset_to_utf8(enum charset charset, const char *data, size_t len, struct buf *out);

#endif
