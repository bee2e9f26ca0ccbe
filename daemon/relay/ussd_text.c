/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/ussd_text.h"

#include "daemon/base/str.h"

#include <string.h>
#include <strings.h>

#define OCTETS_MAX 512
#define HEX	   "0123456789ABCDEFabcdef"

static int nibble(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* 0 = not hex, or too short to tell from a number. */
static size_t octets_of(const char *raw, uint8_t octets[OCTETS_MAX])
{
	size_t len = strlen(raw);

	if (len < 8 || len % 2 || len / 2 > OCTETS_MAX || strspn(raw, HEX) != len)
		return 0;
	for (size_t i = 0; i < len / 2; i++)
		octets[i] = (uint8_t)(nibble(raw[2 * i]) << 4 | nibble(raw[2 * i + 1]));
	return len / 2;
}

static enum err add_code_point(struct buf *out, uint32_t c)
{
	char utf8[4];
	size_t n = 0;

	if (c == '\r' || (c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0))
		return ERR_OK;
	if (c < 0x80) {
		utf8[n++] = (char)c;
	} else if (c < 0x800) {
		utf8[n++] = (char)(0xc0 | c >> 6);
		utf8[n++] = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		utf8[n++] = (char)(0xe0 | c >> 12);
		utf8[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		utf8[n++] = (char)(0x80 | (c & 0x3f));
	} else {
		utf8[n++] = (char)(0xf0 | c >> 18);
		utf8[n++] = (char)(0x80 | (c >> 12 & 0x3f));
		utf8[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		utf8[n++] = (char)(0x80 | (c & 0x3f));
	}
	return buf_add(out, utf8, n);
}

static uint32_t unit_at(const uint8_t *octets, size_t i)
{
	return (uint32_t)octets[2 * i] << 8 | octets[2 * i + 1];
}

/* Latin and Vietnamese: the high octets of UCS-2 are 00, 01, 03, 1E and 20; no other coding looks
 * so. */
static bool is_ucs2(const uint8_t *octets, size_t count)
{
	size_t known = 0;

	if (count % 2)
		return false;
	for (size_t i = 0; i < count / 2; i++) {
		uint8_t high = octets[2 * i];

		known += high <= 0x03 || high == 0x1e || high == 0x20 ||
			 (high >= 0xd8 && high < 0xe0);
	}
	return known * 10 >= count / 2 * 9;
}

static enum err decode_ucs2(const uint8_t *octets, size_t count, struct buf *out)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < count / 2; i++) {
		uint32_t c = unit_at(octets, i);

		if (c >= 0xd800 && c < 0xdc00 && i + 1 < count / 2) {
			uint32_t low = unit_at(octets, i + 1);

			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
				i++;
			}
		}
		err = add_code_point(out, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
	}
	return err;
}

/* 3GPP TS 23.038 §6.2.1, as far as operators' menus use it; the rest reads '?'. */
static uint32_t gsm7_char(unsigned septet)
{
	static const char low[] = "@?$???????\n??\r????????????????????";

	if (septet == 0x11)
		return '_';
	if (septet < 0x20)
		return (uint8_t)low[septet];
	if (septet == 0x24 || septet == 0x40 || (septet > 0x5a && septet < 0x61) || septet > 0x7a)
		return '?';
	return septet;
}

/* 3GPP TS 23.038 §6.1.2.3.1: a padding <CR> may end it. */
static enum err decode_gsm7(const uint8_t *octets, size_t count, struct buf *out)
{
	size_t septets = count * 8 / 7;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < septets; i++) {
		size_t bit = i * 7, at = bit / 8;
		unsigned high = at + 1 < count ? octets[at + 1] : 0;
		unsigned pair = octets[at] | high << 8;
		unsigned septet = pair >> bit % 8 & 0x7f;

		if (i + 1 == septets && count % 7 == 0 && (septet == 0 || septet == '\r'))
			break;
		err = add_code_point(out, gsm7_char(septet));
	}
	return err;
}

static bool is_readable(const uint8_t *octets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if ((octets[i] < 0x20 && octets[i] != '\n' && octets[i] != '\r') ||
			octets[i] >= 0x7f)
			return false;
	}
	return true;
}

static enum err decode_plain(const char *text, size_t len, struct buf *out)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < len; i++) {
		if ((unsigned char)text[i] < 0x80)
			err = add_code_point(out, (unsigned char)text[i]);
		else
			err = buf_add(out, &text[i], 1);
	}
	return err;
}

enum err ussd_text_decode(const char *raw, struct buf *out, const char **ret_coding)
{
	uint8_t octets[OCTETS_MAX];
	size_t count = octets_of(raw, octets);

	/* All digits: an amount or a number, as it stands. */
	if (!count || strspn(raw, "0123456789") == strlen(raw)) {
		if (!count || !is_ucs2(octets, count)) {
			*ret_coding = "plain";
			return decode_plain(raw, strlen(raw), out);
		}
	}
	if (is_ucs2(octets, count)) {
		*ret_coding = "ucs2";
		return decode_ucs2(octets, count, out);
	}
	if (is_readable(octets, count)) {
		*ret_coding = "8bit";
		return decode_plain((const char *)octets, count, out);
	}
	*ret_coding = "gsm7";
	return decode_gsm7(octets, count, out);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_currency(const char *text)
{
	text += *text == ' ';
	if (strncasecmp(text, "vnd", 3) == 0 || strncasecmp(text, "dong", 4) == 0 ||
		str_starts(text, "đ") || str_starts(text, "Đ"))
		return true;
	return (*text == 'd' || *text == 'D') && !is_letter(text[1]);
}

bool ussd_text_amount(const char *text, int64_t *ret_dong)
{
	for (const char *p = text; *p;) {
		size_t len = strspn(p, "0123456789.,"), used = 0;
		char digits[20];

		if (!len || *p < '0' || *p > '9') {
			p++;
			continue;
		}
		for (size_t i = 0; i < len && used < sizeof(digits) - 1; i++) {
			if (p[i] >= '0' && p[i] <= '9')
				digits[used++] = p[i];
		}
		digits[used] = 0;
		/* A number that is cut off is none. */
		if (used < sizeof(digits) - 1 && is_currency(p + len) &&
			str_to_int64(digits, 0, INT64_MAX, ret_dong) == ERR_OK)
			return true;
		p += len;
	}
	return false;
}
