/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/ctl/text.h"

#include "daemon/base/str.h"

#include <string.h>

/* Code point of the well-formed sequence p[0..len). */
static uint32_t decode(const char *p, size_t len)
{
	const unsigned char *u = (const unsigned char *)p;
	uint32_t code = len == 1 ? u[0] : u[0] & (0x7fu >> len);

	for (size_t i = 1; i < len; i++)
		code = code << 6 | (u[i] & 0x3fu);
	return code;
}

/* Length of the sequence at p, 0 when the bytes there are no UTF-8. */
static size_t sequence(const char *p, size_t left)
{
	for (size_t len = 1; len <= 4 && len <= left; len++) {
		if (str_is_utf8(p, len))
			return len;
	}
	return 0;
}

static bool is_harmful(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || /* C0, DEL, C1 */
	       code == 0xad || code == 0x61c ||		       /* hidden hyphen, Arabic mark */
	       (code >= 0x200b && code <= 0x200f) ||	       /* zero width, LRM, RLM */
	       (code >= 0x2028 && code <= 0x202e) ||	       /* lines, embeddings, overrides */
	       (code >= 0x2060 && code <= 0x206f) ||	       /* invisible, isolates */
	       code == 0xfeff || (code >= 0xfff9 && code <= 0xfffb) ||
	       (code >= 0xe0000 && code <= 0xe007f); /* tags */
}

static enum err escape_code(uint32_t code, struct buf *out)
{
	if (code < 0x10000)
		return buf_addf(out, "\\u%04x", code);
	code -= 0x10000;
	return buf_addf(out, "\\u%04x\\u%04x", 0xd800 + (code >> 10), 0xdc00 + (code & 0x3ff));
}

enum err text_escape(const char *text, bool keeps_lines, struct buf *out)
{
	size_t left = strlen(text), len;
	enum err err = ERR_OK;
	uint32_t code;

	for (; left && err == ERR_OK; text += len, left -= len) {
		len = sequence(text, left);
		if (len == 0) {
			len = 1;
			err = escape_code((unsigned char)text[0], out);
			continue;
		}
		code = decode(text, len);
		if (is_harmful(code) && !(keeps_lines && code == '\n'))
			err = escape_code(code, out);
		else
			err = buf_add(out, text, len);
	}
	return err;
}

size_t text_columns(const char *text)
{
	size_t columns = 0;

	for (; *text; text++)
		columns += ((unsigned char)*text & 0xc0) != 0x80;
	return columns;
}
