/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/form.h"

#include "daemon/base/str.h"

#include <string.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* In place; the number of bytes. */
static size_t decode(char *text, size_t len)
{
	size_t out = 0;

	for (size_t i = 0; i < len; i++) {
		int high = text[i] == '%' && len - i > 2 ? hex_digit(text[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(text[i + 2]) : -1;

		if (low >= 0) {
			text[out++] = (char)(high * 16 + low);
			i += 2;
		} else {
			text[out++] = text[i] == '+' ? ' ' : text[i];
		}
	}
	return out;
}

/* One "name=value" at[0..len). */
static enum err take_field(char *at, size_t len, form_field_fn fn, void *arg)
{
	char *equals = memchr(at, '=', len);
	char *value = equals ? equals + 1 : at + len;
	size_t value_bytes = decode(value, (size_t)(at + len - value));
	size_t name_bytes = decode(at, equals ? (size_t)(equals - at) : len);
	char name[FORM_NAME_BYTES];

	if (!name_bytes || name_bytes >= sizeof(name) || memchr(at, 0, name_bytes) ||
		!str_is_utf8(at, name_bytes))
		return ERR_INVALID;
	memcpy(name, at, name_bytes);
	name[name_bytes] = 0;
	return fn(arg, name, value, value_bytes);
}

enum err form_parse(char *text, size_t len, form_field_fn fn, void *arg)
{
	char *at = text, *end = text + len;
	int count = 0;

	while (at < end) {
		char *next = memchr(at, '&', (size_t)(end - at));
		char *stop = next ? next : end;
		enum err err = ERR_OK;

		if (stop > at)
			err = ++count > FORM_FIELDS_MAX
				      ? ERR_INVALID
				      : take_field(at, (size_t)(stop - at), fn, arg);
		if (err)
			return err;
		at = next ? next + 1 : end;
	}
	return ERR_OK;
}
