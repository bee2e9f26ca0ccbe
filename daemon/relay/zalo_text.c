/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/zalo_text.h"

#include "gateway/sms_text.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#define ZERO_WIDTH_SPACE "\xe2\x80\x8b" /* U+200B */

static enum err defuse(const char *text, struct buf *out)
{
	const char *at;
	enum err err;

	while ((at = strstr(text, "[@"))) {
		err = buf_add(out, text, (size_t)(at + 1 - text));
		if (!err)
			err = buf_adds(out, ZERO_WIDTH_SPACE);
		if (err)
			return err;
		text = at + 1;
	}
	return buf_adds(out, text);
}

enum err zalo_text_prepare(enum channel_kind kind, const char *text, struct buf *out)
{
	struct buf nfc;
	enum err err;

	buf_init(&nfc, out->max);
	err = sms_text_normalize(text, &nfc);
	if (!err && !nfc.len)
		err = ERR_INVALID;
	if (!err)
		err = kind == CHANNEL_ZALO_GROUP ? defuse(buf_text(&nfc), out)
						 : buf_adds(out, buf_text(&nfc));
	buf_wipe(&nfc);
	return err;
}

static bool is_continuation(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* What belongs to the character before it: combining marks (U+0300 to U+036F), the joiner of emoji
 * (U+200D) and what follows it, variation selectors (U+FE00 to U+FE0F). */
static bool joins_before(const char *at, const char *text)
{
	const unsigned char *u = (const unsigned char *)at;
	bool is_mark = u[0] == 0xcc || (u[0] == 0xcd && u[1] <= 0xaf);

	return is_mark || memcmp(at, "\xef\xb8", 2) == 0 || strncmp(at, "\xe2\x80\x8d", 3) == 0 ||
	       (at - text >= 3 && memcmp(at - 3, "\xe2\x80\x8d", 3) == 0);
}

static size_t skip_blanks(const char *text, size_t at)
{
	while (text[at] == ' ' || text[at] == '\n' || text[at] == '\t')
		at++;
	return at;
}

size_t zalo_text_piece(const char *text, size_t max_chars, size_t *ret_next)
{
	size_t chars = 0, at = 0, blank = 0, line = 0, whole = 0, least = max_chars - max_chars / 5;

	for (; text[at]; at++) {
		if (is_continuation(text[at]))
			continue;
		if (chars > least && text[at] == '\n')
			line = at;
		if (chars > least && (text[at] == ' ' || text[at] == '\t'))
			blank = at;
		if (chars && !joins_before(text + at, text))
			whole = at;
		if (chars++ == max_chars)
			break;
	}
	if (!text[at]) {
		*ret_next = at;
		return at;
	}
	if (line || blank)
		whole = line ? line : blank;
	if (!whole)
		whole = at;
	*ret_next = skip_blanks(text, whole);
	return whole;
}

static void squeeze(struct buf *b)
{
	size_t kept = 0, start = 0;
	const size_t mark = strlen(ZERO_WIDTH_SPACE);

	for (size_t i = 0; i < b->len; i++) {
		if (b->len - i >= mark && memcmp(b->data + i, ZERO_WIDTH_SPACE, mark) == 0) {
			i += mark - 1;
			continue;
		}
		b->data[kept++] = b->data[i];
	}
	while (kept && strchr(" \t\r\n", b->data[kept - 1]))
		kept--;
	while (start < kept && strchr(" \t\r\n", b->data[start]))
		start++;
	if (b->data)
		b->data[kept] = 0;
	b->len = kept;
	buf_drop(b, start);
}

bool zalo_text_equal(const char *a, const char *b)
{
	struct buf x, y;
	bool is_equal = false;

	buf_init(&x, OUTBOX_BODY_MAX * 2);
	buf_init(&y, OUTBOX_BODY_MAX * 2);
	if (!sms_text_normalize(a, &x) && !sms_text_normalize(b, &y)) {
		squeeze(&x);
		squeeze(&y);
		is_equal = strcmp(buf_text(&x), buf_text(&y)) == 0;
	}
	buf_wipe(&x);
	buf_wipe(&y);
	return is_equal;
}

static enum err add_json(json_t *json, struct buf *out)
{
	char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	enum err err = text ? buf_adds(out, text) : ERR_NOMEM;

	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	json_decref(json);
	return err;
}

enum err zalo_text_escape(const char *text, size_t len, struct buf *out)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < len; i++) {
		unsigned char ch = (unsigned char)text[i];
		bool is_plain = (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') ||
				(ch >= 'A' && ch <= 'Z') || (ch && strchr("-._~", ch));

		err = is_plain ? buf_add(out, &ch, 1) : buf_addf(out, "%%%02X", ch);
	}
	return err;
}

enum err zalo_text_query(const char *user_id, int64_t offset, int count, struct buf *out)
{
	struct buf json;
	enum err err;

	buf_init(&json, 512);
	err = add_json(
		user_id ? json_pack("{s:s,s:I,s:i}", "user_id", user_id, "offset",
				  (json_int_t)offset, "count", count)
			: json_pack("{s:I,s:i}", "offset", (json_int_t)offset, "count", count),
		&json);
	if (!err)
		err = buf_adds(out, "?data=");
	if (!err)
		err = zalo_text_escape(json.data, json.len, out);
	buf_wipe(&json);
	return err;
}
