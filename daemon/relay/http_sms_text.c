/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/http_sms_text.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#define REPLACEMENT 0xfffdu

/* ---- character sets ---------------------------------------------------------------------------
 */

static enum err add_code_point(struct buf *out, unsigned c)
{
	char utf8[4];
	size_t len;

	if (!c)
		c = REPLACEMENT; /* it would end the text */
	if (c < 0x80) {
		utf8[0] = (char)c;
		len = 1;
	} else if (c < 0x800) {
		utf8[0] = (char)(0xc0 | c >> 6);
		len = 2;
	} else if (c < 0x10000) {
		utf8[0] = (char)(0xe0 | c >> 12);
		len = 3;
	} else {
		utf8[0] = (char)(0xf0 | c >> 18);
		len = 4;
	}
	for (size_t i = 1; i < len; i++)
		utf8[i] = (char)(0x80 | (c >> 6 * (len - 1 - i) & 0x3f));
	return buf_add(out, utf8, len);
}

static unsigned unit_at(const char *text, bool is_little)
{
	unsigned first = (unsigned char)text[0], second = (unsigned char)text[1];

	return is_little ? second << 8 | first : first << 8 | second;
}

static bool is_high(unsigned unit)
{
	return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low(unsigned unit)
{
	return unit >= 0xdc00 && unit < 0xe000;
}

static enum err decode_utf16(const char *text, size_t bytes, bool is_little, struct buf *out)
{
	enum err err = ERR_OK;
	size_t i = 0;

	if (bytes >= 2 && (unit_at(text, false) == 0xfeff || unit_at(text, false) == 0xfffe)) {
		is_little = unit_at(text, false) == 0xfffe;
		i = 2;
	}
	for (; !err && i + 1 < bytes; i += 2) {
		unsigned c = unit_at(text + i, is_little);
		unsigned next = i + 3 < bytes ? unit_at(text + i + 2, is_little) : 0;

		if (is_high(c) && is_low(next)) {
			c = 0x10000 + ((c & 0x3ff) << 10) + (next & 0x3ff);
			i += 2;
		} else if (is_high(c) || is_low(c)) {
			c = REPLACEMENT;
		}
		err = add_code_point(out, c);
	}
	if (!err && i < bytes)
		err = add_code_point(out, REPLACEMENT);
	return err;
}

static enum err decode_latin1(const char *text, size_t bytes, struct buf *out)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < bytes; i++) {
		unsigned c = (unsigned char)text[i];

		err = add_code_point(out, c >= 0x80 && c < 0xa0 ? REPLACEMENT : c);
	}
	return err;
}

static enum err decode_utf8(const char *text, size_t bytes, struct buf *out)
{
	enum err err = ERR_OK;
	size_t i = 0;

	while (!err && i < bytes) {
		unsigned char lead = (unsigned char)text[i];
		size_t len = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0x80 ? 2 : 1;

		if (len <= bytes - i && str_is_utf8(text + i, len)) {
			err = buf_add(out, text + i, len);
			i += len;
		} else {
			err = add_code_point(out, REPLACEMENT);
			i++;
		}
	}
	return err;
}

enum err http_sms_decode(const char *text, size_t bytes, const char *charset, struct buf *out)
{
	if (strcasecmp(charset, "UTF-16LE") == 0)
		return decode_utf16(text, bytes, true, out);
	if (strncasecmp(charset, "UTF-16", 6) == 0 || strncasecmp(charset, "UCS-2", 5) == 0)
		return decode_utf16(text, bytes, false, out);
	if (strcasecmp(charset, "ISO-8859-1") == 0 || strcasecmp(charset, "WINDOWS-1252") == 0 ||
		strcasecmp(charset, "LATIN1") == 0)
		return decode_latin1(text, bytes, out);
	return decode_utf8(text, bytes, out);
}

/* ---- times -------------------------------------------------------------------------------------
 */

/* "", "Z", "+07:00", "+0700", with an optional fraction of a second before it. */
static int64_t offset_ms(const char *text)
{
	struct tm tm = {0};

	if (*text == '.')
		text += 1 + strspn(text + 1, "0123456789");
	return strptime(text, "%z", &tm) ? tm.tm_gmtoff * SECOND_MS : 0;
}

int64_t http_sms_time_ms(const char *text)
{
	static const int64_t last_s = INT64_C(32503680000); /* year 3000: above are milliseconds */
	struct tm tm = {0};
	const char *rest;
	int64_t number;

	if (!str_to_int64(text, 0, INT64_C(1000) * last_s, &number))
		return number < last_s ? number * SECOND_MS : number;
	rest = strptime(text, "%Y-%m-%d", &tm);
	if (!rest || (*rest != ' ' && *rest != 'T'))
		return 0;
	rest = strptime(rest + 1, "%H:%M:%S", &tm);
	if (!rest || tm.tm_year < 70 || tm.tm_year > 1000)
		return 0;
	return (int64_t)timegm(&tm) * SECOND_MS - offset_ms(rest);
}

/* ---- reports -----------------------------------------------------------------------------------
 */

enum err http_sms_status_of(const char *text, enum outbox_told *ret_told)
{
	static const struct {
		const char *text;
		enum outbox_told told;
	} table[] = {
		{"1", OUTBOX_TOLD_DELIVERED},
		{"2", OUTBOX_TOLD_FAILED},
		{"4", OUTBOX_TOLD_ACCEPTED},
		{"8", OUTBOX_TOLD_ACCEPTED},
		{"16", OUTBOX_TOLD_FAILED},
		{"delivered", OUTBOX_TOLD_DELIVERED},
		{"delivrd", OUTBOX_TOLD_DELIVERED},
		{"success", OUTBOX_TOLD_DELIVERED},
		{"accepted", OUTBOX_TOLD_ACCEPTED},
		{"acceptd", OUTBOX_TOLD_ACCEPTED},
		{"enroute", OUTBOX_TOLD_ACCEPTED},
		{"queued", OUTBOX_TOLD_ACCEPTED},
		{"sent", OUTBOX_TOLD_ACCEPTED},
		{"failed", OUTBOX_TOLD_FAILED},
		{"undelivered", OUTBOX_TOLD_FAILED},
		{"undeliv", OUTBOX_TOLD_FAILED},
		{"rejected", OUTBOX_TOLD_FAILED},
		{"rejectd", OUTBOX_TOLD_FAILED},
		{"expired", OUTBOX_TOLD_FAILED},
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (strcasecmp(text, table[i].text) == 0) {
			*ret_told = table[i].told;
			return ERR_OK;
		}
	}
	return ERR_INVALID;
}
