/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/buf.h"

#include <stdarg.h>
#include <string.h>

#define BUF_FIRST_BYTES 64

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void buf_done(struct buf *b)
{
	free(b->data);
	*b = (struct buf){.max = b->max};
}

void buf_wipe(struct buf *b)
{
	if (b->data)
		explicit_bzero(b->data, b->size);
	buf_done(b);
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = 0;
}

static enum err buf_room(struct buf *b, size_t more)
{
	size_t need, size;
	char *data;

	if (more > b->max || b->len > b->max - more)
		return ERR_TOO_BIG;
	need = b->len + more + 1;
	if (need <= b->size)
		return ERR_OK;
	size = b->size ? b->size : BUF_FIRST_BYTES;
	while (size < need)
		size *= 2;
	if (size > b->max + 1)
		size = b->max + 1;
	data = realloc(b->data, size);
	if (!data)
		return ERR_NOMEM;
	b->data = data;
	b->size = size;
	return ERR_OK;
}

enum err buf_add(struct buf *b, const void *data, size_t len)
{
	enum err err = buf_room(b, len);

	if (err)
		return err;
	if (len)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = 0;
	return ERR_OK;
}

enum err buf_adds(struct buf *b, const char *text)
{
	return buf_add(b, text, strlen(text));
}

enum err buf_addf(struct buf *b, const char *fmt, ...)
{
	enum err err;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		return ERR_INVALID;
	err = buf_room(b, (size_t)len);
	if (err)
		return err;
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)len + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)len;
	return ERR_OK;
}

enum err buf_add_markup(struct buf *b, const char *text)
{
	enum err err = ERR_OK;

	for (; !err && *text; text++) {
		switch (*text) {
		case '<':
			err = buf_adds(b, "&lt;");
			break;
		case '>':
			err = buf_adds(b, "&gt;");
			break;
		case '&':
			err = buf_adds(b, "&amp;");
			break;
		case '"':
			err = buf_adds(b, "&quot;");
			break;
		default:
			err = buf_add(b, text, 1);
		}
	}
	return err;
}

void buf_drop(struct buf *b, size_t len)
{
	CHECK(len <= b->len);
	if (!len)
		return;
	memmove(b->data, b->data + len, b->len - len);
	b->len -= len;
	b->data[b->len] = 0;
}

const char *buf_text(const struct buf *b)
{
	return b->data ? b->data : "";
}

char *buf_take(struct buf *b)
{
	char *data = b->data;

	*b = (struct buf){.max = b->max};
	return data;
}
