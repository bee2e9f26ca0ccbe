/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_json.h"

#include "daemon/base/buf.h"
#include "daemon/base/str.h"

#include <stdbool.h>
#include <string.h>

#define SAFE_DIGITS 15 /* a double and a json_int_t hold every number of that many characters */
#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

struct cleaner {
	const char *text;
	size_t len;
	size_t at;
	struct buf out;
};

/* Four hexadecimal digits at `at`, or -1. */
static int hex4(const struct cleaner *c, size_t at)
{
	int value = 0;

	if (c->len < 4 || at > c->len - 4)
		return -1;
	for (size_t i = at; i < at + 4; i++) {
		char d = c->text[i];

		if (d >= '0' && d <= '9')
			value = value * 16 + (d - '0');
		else if (d >= 'a' && d <= 'f')
			value = value * 16 + (d - 'a' + 10);
		else if (d >= 'A' && d <= 'F')
			value = value * 16 + (d - 'A' + 10);
		else
			return -1;
	}
	return value;
}

static enum err copy(struct cleaner *c, size_t len)
{
	enum err err = buf_add(&c->out, c->text + c->at, len);

	c->at += len;
	return err;
}

static enum err replace(struct cleaner *c, size_t len, const char *with)
{
	c->at += len;
	return buf_adds(&c->out, with);
}

/* At a backslash within a string. */
static enum err clean_escape(struct cleaner *c)
{
	int first, second;

	if (c->at + 1 >= c->len)
		return copy(c, 1);
	if (c->text[c->at + 1] != 'u')
		return copy(c, 2);
	first = hex4(c, c->at + 2);
	if (first < 0)
		return copy(c, 2);
	if (first == 0 || (first >= 0xdc00 && first < 0xe000))
		return replace(c, 6, REPLACEMENT);
	if (first < 0xd800 || first >= 0xe000)
		return copy(c, 6);
	second = c->at + 7 < c->len && memcmp(c->text + c->at + 6, "\\u", 2) == 0
			 ? hex4(c, c->at + 8)
			 : -1;
	if (second >= 0xdc00 && second < 0xe000)
		return copy(c, 12);
	return replace(c, 6, REPLACEMENT);
}

/* At a byte of 0x80 or more within a string. */
static enum err clean_utf8(struct cleaner *c)
{
	unsigned char lead = (unsigned char)c->text[c->at];
	size_t len = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

	if (len <= c->len - c->at && str_is_utf8(c->text + c->at, len))
		return copy(c, len);
	return replace(c, 1, REPLACEMENT);
}

static enum err clean_string(struct cleaner *c)
{
	enum err err = copy(c, 1);

	while (!err && c->at < c->len) {
		unsigned char ch = (unsigned char)c->text[c->at];

		if (ch == '"')
			return copy(c, 1);
		if (ch == '\\')
			err = clean_escape(c);
		else if (ch < 0x20)
			err = replace(c, 1, " ");
		else if (ch >= 0x80)
			err = clean_utf8(c);
		else
			err = copy(c, 1);
	}
	return err;
}

static bool is_number_char(char ch)
{
	return ch && strchr("0123456789+-.eE", ch);
}

static enum err clean_number(struct cleaner *c)
{
	size_t len = 0;
	enum err err;

	while (len < c->len - c->at && is_number_char(c->text[c->at + len]))
		len++;
	if (len <= SAFE_DIGITS && !memchr(c->text + c->at, 'e', len) &&
		!memchr(c->text + c->at, 'E', len))
		return copy(c, len);
	err = buf_adds(&c->out, "\"");
	if (!err)
		err = copy(c, len);
	return err ? err : buf_adds(&c->out, "\"");
}

static enum err clean(struct cleaner *c)
{
	enum err err = ERR_OK;

	while (!err && c->at < c->len) {
		char ch = c->text[c->at];

		if (ch == '"')
			err = clean_string(c);
		else if (ch == '-' || (ch >= '0' && ch <= '9'))
			err = clean_number(c);
		else
			err = copy(c, 1);
	}
	return err;
}

enum err zalo_json_load(const char *text, size_t len, json_t **ret_json)
{
	struct cleaner c = {.text = text, .len = len};
	json_error_t error;
	json_t *json = NULL;
	enum err err;

	buf_init(&c.out, 3 * len + 16); /* a bad byte becomes the three of U+FFFD */
	err = clean(&c);
	if (!err)
		json = json_loadb(buf_text(&c.out), c.out.len, JSON_DECODE_ANY, &error);
	buf_wipe(&c.out);
	if (err)
		return err;
	if (!json)
		return ERR_PROTOCOL;
	*ret_json = json;
	return ERR_OK;
}

static bool is_id(const char *text, size_t max)
{
	size_t len = strlen(text);

	return len && len <= max &&
	       strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-.") ==
		       len;
}

enum err zalo_json_id(const json_t *value, char *id, size_t id_bytes)
{
	char digits[24];
	const char *text = json_string_value(value);

	if (json_is_integer(value)) {
		snprintf(
			digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		text = digits;
	}
	if (!text || !is_id(text, id_bytes - 1))
		return ERR_INVALID;
	return str_copy(id, id_bytes, text);
}

enum err zalo_json_int(const json_t *value, int64_t *ret_value)
{
	if (json_is_integer(value)) {
		*ret_value = json_integer_value(value);
		return ERR_OK;
	}
	return str_to_int64(json_string_value(value), INT64_MIN, INT64_MAX, ret_value);
}

const char *zalo_json_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

void zalo_json_wipe(json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach (object, key, value) {
		if (json_is_string(value))
			explicit_bzero((void *)(uintptr_t)json_string_value(value),
				json_string_length(value));
	}
}
