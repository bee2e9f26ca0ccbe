/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GSM 7 bit default alphabet with its extension table (3GPP TS 23.038 §6.2.1), UCS2, packing. */
#include "tests/sim/modem/pdu.h"

#include <string.h>

#define ESCAPE 0x1B

static const uint16_t gsm7[128] = {0x0040, 0x00A3, 0x0024, 0x00A5, 0x00E8, 0x00E9, 0x00F9, 0x00EC,
	0x00F2, 0x00C7, 0x000A, 0x00D8, 0x00F8, 0x000D, 0x00C5, 0x00E5, 0x0394, 0x005F, 0x03A6,
	0x0393, 0x039B, 0x03A9, 0x03A0, 0x03A8, 0x03A3, 0x0398, 0x039E, 0x00A0, 0x00C6, 0x00E6,
	0x00DF, 0x00C9, 0x0020, 0x0021, 0x0022, 0x0023, 0x00A4, 0x0025, 0x0026, 0x0027, 0x0028,
	0x0029, 0x002A, 0x002B, 0x002C, 0x002D, 0x002E, 0x002F, 0x0030, 0x0031, 0x0032, 0x0033,
	0x0034, 0x0035, 0x0036, 0x0037, 0x0038, 0x0039, 0x003A, 0x003B, 0x003C, 0x003D, 0x003E,
	0x003F, 0x00A1, 0x0041, 0x0042, 0x0043, 0x0044, 0x0045, 0x0046, 0x0047, 0x0048, 0x0049,
	0x004A, 0x004B, 0x004C, 0x004D, 0x004E, 0x004F, 0x0050, 0x0051, 0x0052, 0x0053, 0x0054,
	0x0055, 0x0056, 0x0057, 0x0058, 0x0059, 0x005A, 0x00C4, 0x00D6, 0x00D1, 0x00DC, 0x00A7,
	0x00BF, 0x0061, 0x0062, 0x0063, 0x0064, 0x0065, 0x0066, 0x0067, 0x0068, 0x0069, 0x006A,
	0x006B, 0x006C, 0x006D, 0x006E, 0x006F, 0x0070, 0x0071, 0x0072, 0x0073, 0x0074, 0x0075,
	0x0076, 0x0077, 0x0078, 0x0079, 0x007A, 0x00E4, 0x00F6, 0x00F1, 0x00FC, 0x00E0};

static const struct {
	uint8_t septet;
	uint16_t point;
} extension[] = {
	{0x0A, 0x000C},
	{0x14, 0x005E},
	{0x28, 0x007B},
	{0x29, 0x007D},
	{0x2F, 0x005C},
	{0x3C, 0x005B},
	{0x3D, 0x007E},
	{0x3E, 0x005D},
	{0x40, 0x007C},
	{0x65, 0x20AC},
};

/* One code point of UTF-8, or -1 for what RFC 3629 forbids; the string ends with a NUL. */
static int32_t next_point(const char **at)
{
	const uint8_t *s = (const uint8_t *)*at;
	int more = s[0] < 0x80	 ? 0
		   : s[0] < 0xC2 ? -1
		   : s[0] < 0xE0 ? 1
		   : s[0] < 0xF0 ? 2
		   : s[0] < 0xF5 ? 3
				 : -1;
	if (more < 0)
		return -1;
	int32_t point = more == 0 ? s[0] : s[0] & (0x3F >> more);
	for (int i = 1; i <= more; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return -1;
		point = point << 6 | (s[i] & 0x3F);
	}
	if ((more == 2 && point < 0x800) || (more == 3 && point < 0x10000) || point > 0x10FFFF ||
		(point >= 0xD800 && point < 0xE000))
		return -1;
	*at += more + 1;
	return point;
}

/* Writes 1 or 2 septets; 0 when the alphabet has no such character. */
static size_t gsm7_of(int32_t point, uint16_t out[2])
{
	for (size_t i = 0; i < ARRAY_LEN(gsm7); i++) {
		if (gsm7[i] == point && i != ESCAPE) {
			out[0] = (uint16_t)i;
			return 1;
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(extension); i++) {
		if (extension[i].point == point) {
			out[0] = ESCAPE;
			out[1] = extension[i].septet;
			return 2;
		}
	}
	return 0;
}

static size_t ucs2_of(int32_t point, uint16_t out[2])
{
	if (point < 0x10000) {
		out[0] = (uint16_t)point;
		return 1;
	}
	out[0] = (uint16_t)(0xD800 + ((point - 0x10000) >> 10));
	out[1] = (uint16_t)(0xDC00 + ((point - 0x10000) & 0x3FF));
	return 2;
}

enum err pdu_units_from(const char *utf8, enum pdu_coding coding, struct pdu_units *ret_units)
{
	size_t count = 0;
	const char *at = utf8;
	while (*at) {
		uint16_t unit[2] = {(uint8_t)*at, 0};
		size_t n = 1;
		if (coding == PDU_8BIT) {
			at++; /* data: the bytes of the text as they are */
		} else {
			int32_t point = next_point(&at);
			if (point < 0)
				return ERR_INVALID;
			n = coding == PDU_GSM7 ? gsm7_of(point, unit) : ucs2_of(point, unit);
			if (n == 0)
				return ERR_INVALID;
		}
		if (count + n > PDU_UNITS_MAX)
			return ERR_TOO_BIG;
		for (size_t i = 0; i < n; i++)
			ret_units->unit[count++] = unit[i];
	}
	ret_units->coding = coding;
	ret_units->count = count;
	return ERR_OK;
}

bool pdu_is_gsm7(const char *utf8)
{
	while (*utf8) {
		uint16_t unit[2];
		int32_t point = next_point(&utf8);
		if (point < 0 || gsm7_of(point, unit) == 0)
			return false;
	}
	return true;
}

size_t pdu_segment_units(enum pdu_coding coding, int concat_bits)
{
	size_t header = concat_bits == 0 ? 0 : concat_bits == 8 ? 6 : 7;
	switch (coding) {
	case PDU_GSM7:
		return (PDU_UD_BYTES - header) * 8 / 7;
	case PDU_UCS2:
		return (PDU_UD_BYTES - header) / 2;
	case PDU_8BIT:
		break;
	}
	return PDU_UD_BYTES - header;
}

size_t pdu_segment_cut(const uint16_t *unit, size_t count, enum pdu_coding coding, size_t limit)
{
	if (count <= limit)
		return count;
	if (limit < 2)
		return limit;
	if (coding == PDU_GSM7 && unit[limit - 1] == ESCAPE)
		return limit - 1;
	if (coding == PDU_UCS2 && unit[limit - 1] >= 0xD800 && unit[limit - 1] < 0xDC00)
		return limit - 1;
	return limit;
}

static size_t put_point(char *out, uint32_t point)
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	size_t more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
	static const uint8_t lead[] = {0, 0xC0, 0xE0, 0xF0};
	out[0] = (char)(lead[more] | point >> (6 * more));
	for (size_t i = 1; i <= more; i++)
		out[i] = (char)(0x80 | ((point >> (6 * (more - i))) & 0x3F));
	return more + 1;
}

/* The character at unit[0]; *ret_used says how many units it took. */
static uint32_t point_at(
	const uint16_t *unit, size_t left, enum pdu_coding coding, size_t *ret_used)
{
	*ret_used = 1;
	if (coding == PDU_UCS2) {
		if (unit[0] < 0xD800 || unit[0] > 0xDFFF)
			return unit[0];
		if (unit[0] > 0xDBFF || left < 2 || unit[1] < 0xDC00 || unit[1] > 0xDFFF)
			return 0xFFFD;
		*ret_used = 2;
		return 0x10000 + ((uint32_t)(unit[0] - 0xD800) << 10) + (unit[1] - 0xDC00U);
	}
	if (unit[0] != ESCAPE)
		return gsm7[unit[0] & 0x7F];
	if (left < 2)
		return ' ';
	*ret_used = 2;
	for (size_t i = 0; i < ARRAY_LEN(extension); i++) {
		if (extension[i].septet == unit[1])
			return extension[i].point;
	}
	return gsm7[unit[1] & 0x7F]; /* TS 23.038: show the character of the main table */
}

enum err pdu_units_text(
	const uint16_t *unit, size_t count, enum pdu_coding coding, char *text, size_t text_bytes)
{
	size_t len = 0;
	for (size_t i = 0; i < count;) {
		char bytes[4];
		size_t used = 1, n;
		if (coding == PDU_8BIT) {
			char hex[3];
			uint8_t byte = (uint8_t)unit[i];
			pdu_to_hex(&byte, 1, hex);
			memcpy(bytes, hex, 2);
			n = 2;
		} else {
			n = put_point(bytes, point_at(unit + i, count - i, coding, &used));
		}
		if (len + n >= text_bytes)
			return ERR_TOO_BIG;
		memcpy(text + len, bytes, n);
		len += n;
		i += used;
	}
	text[len] = 0;
	return ERR_OK;
}

size_t pdu_pack(const uint16_t *septet, size_t count, unsigned fill, uint8_t *out)
{
	size_t bits = fill + 7 * count, bytes = (bits + 7) / 8;
	memset(out, 0, bytes);
	for (size_t i = 0; i < count; i++) {
		size_t bit = fill + 7 * i;
		unsigned value = (unsigned)(septet[i] & 0x7F) << (bit % 8);
		out[bit / 8] = (uint8_t)(out[bit / 8] | (value & 0xFF));
		if (value > 0xFF)
			out[bit / 8 + 1] = (uint8_t)(value >> 8);
	}
	return bytes;
}

void pdu_unpack(const uint8_t *octets, size_t octets_len, unsigned skip_bits, size_t count,
	uint16_t *septet)
{
	for (size_t i = 0; i < count; i++) {
		size_t bit = skip_bits + 7 * i;
		unsigned low = bit / 8 < octets_len ? octets[bit / 8] : 0;
		unsigned high = bit / 8 + 1 < octets_len ? octets[bit / 8 + 1] : 0;
		septet[i] = (uint16_t)(((high << 8 | low) >> (bit % 8)) & 0x7F);
	}
}

void pdu_to_hex(const uint8_t *data, size_t len, char *hex)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < len; i++) {
		hex[2 * i] = digits[data[i] >> 4];
		hex[2 * i + 1] = digits[data[i] & 15];
	}
	hex[2 * len] = 0;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

enum err pdu_from_hex(
	const char *hex, size_t hex_len, uint8_t *data, size_t data_bytes, size_t *ret_len)
{
	if (hex_len % 2)
		return ERR_INVALID;
	if (hex_len / 2 > data_bytes)
		return ERR_TOO_BIG;
	for (size_t i = 0; i < hex_len / 2; i++) {
		int high = nibble(hex[2 * i]), low = nibble(hex[2 * i + 1]);
		if (high < 0 || low < 0)
			return ERR_INVALID;
		data[i] = (uint8_t)(high << 4 | low);
	}
	*ret_len = hex_len / 2;
	return ERR_OK;
}
