/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/charset.h"

#include "daemon/base/str.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

#define PIECE_BYTES 4096

static const struct {
	const char *name;
	enum charset charset;
} names[] = {
	{"utf-8", CHARSET_UTF8},
	{"utf8", CHARSET_UTF8},
	{"us-ascii", CHARSET_UTF8},
	{"ascii", CHARSET_UTF8},
	{"utf-16", CHARSET_UTF16LE},
	{"utf-16le", CHARSET_UTF16LE},
	{"utf-16be", CHARSET_UTF16BE},
	{"windows-1258", CHARSET_WINDOWS_1258},
	{"cp1258", CHARSET_WINDOWS_1258},
	{"x-cp1258", CHARSET_WINDOWS_1258},
	{"windows-1252", CHARSET_WINDOWS_1252},
	{"cp1252", CHARSET_WINDOWS_1252},
	{"iso-8859-1", CHARSET_WINDOWS_1252},
	{"latin1", CHARSET_WINDOWS_1252},
};

/* As glibc calls them. */
static const char *const codes[] = {
	[CHARSET_UTF8] = "UTF-8",
	[CHARSET_UTF16LE] = "UTF-16LE",
	[CHARSET_UTF16BE] = "UTF-16BE",
	[CHARSET_WINDOWS_1258] = "CP1258",
	[CHARSET_WINDOWS_1252] = "CP1252",
};

enum err charset_of(const char *name, enum charset *ret_charset)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcasecmp(names[i].name, name) != 0)
			continue;
		*ret_charset = names[i].charset;
		return ERR_OK;
	}
	return ERR_UNSUPPORTED;
}

bool charset_of_mark(const char *data, size_t len, enum charset *ret_charset, size_t *ret_skip)
{
	static const struct {
		const char *mark;
		size_t bytes;
		enum charset charset;
	} marks[] = {
		{"\xef\xbb\xbf", 3, CHARSET_UTF8},
		{"\xff\xfe", 2, CHARSET_UTF16LE},
		{"\xfe\xff", 2, CHARSET_UTF16BE},
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (len < marks[i].bytes || memcmp(data, marks[i].mark, marks[i].bytes) != 0)
			continue;
		*ret_charset = marks[i].charset;
		*ret_skip = marks[i].bytes;
		return true;
	}
	return false;
}

static enum err convert(iconv_t cd, const char *data, size_t len, struct buf *out)
{
	char piece[PIECE_BYTES];
	char *from = (char *)(uintptr_t)data; /* iconv(3) reads it only */
	bool is_flushed = false;
	enum err err = ERR_OK;

	while (!err && !is_flushed) {
		char *to = piece;
		size_t room = sizeof(piece);

		/* A base letter waits within iconv for the mark that may follow: asked for with
		 * nothing at the end. */
		is_flushed = !len;
		if (iconv(cd, len ? &from : NULL, &len, &to, &room) == (size_t)-1) {
			is_flushed = false;
			if (errno != E2BIG)
				err = ERR_INVALID;
		}
		if (!err)
			err = buf_add(out, piece, sizeof(piece) - room);
	}
	explicit_bzero(piece, sizeof(piece));
	return err;
}

enum err charset_to_utf8(enum charset charset, const char *data, size_t len, struct buf *out)
{
	iconv_t cd;
	enum err err;

	if (charset == CHARSET_UTF8)
		return str_is_utf8(data, len) ? buf_add(out, data, len) : ERR_INVALID;
	cd = iconv_open("UTF-8", codes[charset]);
	/* Only where libc came without its tables. */
	if (cd == (iconv_t)-1)
		return errno == EINVAL ? ERR_UNSUPPORTED : ERR_NOMEM;
	err = convert(cd, data, len, out);
	iconv_close(cd);
	return err;
}
