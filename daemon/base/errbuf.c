/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message is formatted twice: in English by printf, in Vietnamese from its translation. A
 * translation may name its arguments in another order ("%2$s"), so they are taken first, as the
 * English format says what they are, and put in place afterwards; on the way each text that is a
 * word of the catalogue itself is replaced by its translation.
 */
#include "daemon/base/catalogue.h"
#include "daemon/base/err.h"
#include "daemon/base/str.h"

#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#define PIECES_MAX 12 /* arguments of one message */

struct piece {
	const char *text; /* NULL: number */
	size_t len;
	char number[24];
};

struct pieces {
	struct piece pieces[PIECES_MAX];
	int count;
};

/* "%.31s" without the sign: how many bytes of the argument count, and of which type it is. */
struct conversion {
	size_t bytes; /* of the format */
	size_t precision;
	int type; /* TYPE() */
};

/* 'd', or "lld" as its letter and how many are before it; 'z' is one that none has. */
#define TYPE(longs, letter) ((longs)*256 + (letter))
#define SIZE		    3

static struct conversion conversion_at(const char *at)
{
	struct conversion c = {.precision = SIZE_MAX};
	const char *start = at;
	int longs = 0;

	if (*at == '.') {
		c.precision = 0;
		for (at++; *at >= '0' && *at <= '9'; at++)
			c.precision = 10 * c.precision + (size_t)(*at - '0');
	}
	for (; *at == 'l' || *at == 'z'; at++)
		longs += *at == 'z' ? SIZE : 1;
	c.type = TYPE(longs, (unsigned char)*at);
	c.bytes = (size_t)(at - start) + (*at ? 1 : 0);
	return c;
}

static void take_text(struct piece *piece, const struct conversion *c, const char *text)
{
	const char *word = catalogue_find(text ? text : "");

	piece->text = word ? word : text ? text : "";
	piece->len = strnlen(piece->text, word ? SIZE_MAX : c->precision);
}

static void take_signed(struct piece *piece, long long value)
{
	snprintf(piece->number, sizeof(piece->number), "%lld", value);
}

static void take_unsigned(struct piece *piece, unsigned long long value)
{
	snprintf(piece->number, sizeof(piece->number), "%llu", value);
}

/* False: an argument of a kind that no translation takes. */
static bool take_all(struct pieces *all, const char *fmt, va_list ap)
{
	while ((fmt = strchr(fmt, '%'))) {
		struct piece *piece = &all->pieces[all->count];
		struct conversion c = conversion_at(++fmt);

		fmt += c.bytes;
		if (c.type == '%')
			continue;
		if (++all->count > PIECES_MAX)
			return false;
		switch (c.type) {
		case TYPE(0, 's'):
			take_text(piece, &c, va_arg(ap, const char *));
			break;
		case TYPE(0, 'd'):
			take_signed(piece, va_arg(ap, int));
			break;
		case TYPE(0, 'u'):
			take_unsigned(piece, va_arg(ap, unsigned));
			break;
		case TYPE(1, 'd'):
			take_signed(piece, va_arg(ap, long));
			break;
		case TYPE(1, 'u'):
			take_unsigned(piece, va_arg(ap, unsigned long));
			break;
		case TYPE(2, 'd'):
			take_signed(piece, va_arg(ap, long long));
			break;
		case TYPE(2, 'u'):
			take_unsigned(piece, va_arg(ap, unsigned long long));
			break;
		case TYPE(SIZE, 'd'):
			take_signed(piece, va_arg(ap, ssize_t));
			break;
		case TYPE(SIZE, 'u'):
			take_unsigned(piece, va_arg(ap, size_t));
			break;
		default:
			return false;
		}
	}
	return true;
}

struct out {
	char *text;
	size_t bytes, len;
};

static void add(struct out *out, const char *text, size_t len)
{
	if (len > out->bytes - 1 - out->len)
		len = out->bytes - 1 - out->len;
	memcpy(out->text + out->len, text, len);
	out->len += len;
	out->text[out->len] = 0;
}

/* "2$" of "%2$s": the argument before it is the one that the translation means. */
static const char *position_at(const char *at, int *ret_which)
{
	int which = 0;
	const char *end = at;

	for (; *end >= '0' && *end <= '9' && which < PIECES_MAX; end++)
		which = 10 * which + (*end - '0');
	if (*end != '$')
		return at;
	*ret_which = which - 1;
	return end + 1;
}

static void add_piece(struct out *out, const struct pieces *all, int which)
{
	const struct piece *piece = &all->pieces[which];

	if (which < 0 || which >= all->count)
		return;
	if (piece->text)
		add(out, piece->text, piece->len);
	else
		add(out, piece->number, strlen(piece->number));
}

static void put_together(struct out *out, const char *fmt, const struct pieces *all)
{
	int next = 0;

	while (*fmt) {
		size_t plain = strcspn(fmt, "%");
		int which = next;
		struct conversion c;

		add(out, fmt, plain);
		fmt += plain;
		if (!*fmt)
			return;
		fmt = position_at(fmt + 1, &which);
		c = conversion_at(fmt);
		fmt += c.bytes;
		if (c.type == '%')
			add(out, "%", 1);
		else
			add_piece(out, all, which);
		next += c.type != '%';
	}
}

/* "" when the message has no translation. */
static void translate(char *text, size_t bytes, const char *fmt, va_list ap)
{
	const char *translation = catalogue_find(fmt);
	struct out out = {.text = text, .bytes = bytes};
	struct pieces all = {.count = 0};

	text[0] = 0;
	if (!translation || !take_all(&all, fmt, ap))
		return;
	put_together(&out, translation, &all);
	str_utf8_mend(text);
}

enum err errbuf_vset(struct errbuf *eb, enum err err, const char *fmt, va_list ap)
{
	/* An argument may be the text that stood here before. */
	struct errbuf said;
	va_list again;

	if (!eb)
		return err;
	va_copy(again, ap);
	vsnprintf(said.text, sizeof(said.text), fmt, ap);
	str_utf8_mend(said.text);
	translate(said.vi, sizeof(said.vi), fmt, again);
	va_end(again);
	snprintf(eb->text, sizeof(eb->text), "%s", said.text);
	snprintf(eb->vi, sizeof(eb->vi), "%s", said.vi);
	return err;
}

enum err errbuf_set(struct errbuf *eb, enum err err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	errbuf_vset(eb, err, fmt, ap);
	va_end(ap);
	return err;
}

enum err errbuf_say(struct errbuf *eb, enum err err, const char *text)
{
	const char *translation = catalogue_find(text);

	errbuf_set(eb, err, "%s", text);
	if (eb && translation) {
		snprintf(eb->vi, sizeof(eb->vi), "%s", translation);
		str_utf8_mend(eb->vi);
	}
	return err;
}

enum err errbuf_kind(struct errbuf *eb, enum err err)
{
	if (eb) {
		snprintf(eb->text, sizeof(eb->text), "%s", err_en(err));
		snprintf(eb->vi, sizeof(eb->vi), "%s", err_vi(err));
	}
	return err;
}

enum err errbuf_wrap(struct errbuf *eb, enum err err, const char *fmt, ...)
{
	struct errbuf head = {0}, tail = {0};
	va_list ap;

	if (!eb)
		return err;
	va_start(ap, fmt);
	errbuf_vset(&head, err, fmt, ap);
	va_end(ap);
	snprintf(tail.text, sizeof(tail.text), "%s", errbuf_en(eb, err));
	snprintf(tail.vi, sizeof(tail.vi), "%s", eb->vi);
	snprintf(eb->text, sizeof(eb->text), "%.200s: %.300s", head.text, tail.text);
	str_utf8_mend(eb->text);
	/* No part in another language: without a translation of its own the detail is left out. */
	eb->vi[0] = 0;
	if (head.vi[0])
		snprintf(eb->vi, sizeof(eb->vi), "%.400s%s%.600s", head.vi, tail.vi[0] ? ": " : "",
			tail.vi);
	str_utf8_mend(eb->vi);
	return err;
}

const char *errbuf_en(const struct errbuf *eb, enum err err)
{
	return eb && eb->text[0] ? eb->text : err_en(err);
}

const char *errbuf_vi(const struct errbuf *eb, enum err err)
{
	return eb && eb->vi[0] ? eb->vi : err_vi(err);
}
