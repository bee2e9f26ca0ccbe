/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/septets.h"
#include "gateway/septets_national.h"
#include "gateway/utf16.h"

#include <string.h>

#define ESC  0x1b
#define CODE 0x80 /* a table has that many characters */

static const uint16_t default_table[CODE] = {'@', 0xa3, '$', 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2,
	0xc7, '\n', 0xd8, 0xf8, '\r', 0xc5, 0xe5, 0x394, '_', 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0,
	0x3a8, 0x3a3, 0x398, 0x39e, 0, 0xc6, 0xe6, 0xdf, 0xc9, ' ', '!', '"', '#', 0xa4, '%', '&',
	'\'', '(', ')', '*', '+', ',', '-', '.', '/', '0', '1', '2', '3', '4', '5', '6', '7', '8',
	'9', ':', ';', '<', '=', '>', '?', 0xa1, 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J',
	'K', 'L', 'M', 'N', 'O', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 0xc4, 0xd6,
	0xd1, 0xdc, 0xa7, 0xbf, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm',
	'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', 0xe4, 0xf6, 0xf1, 0xfc,
	0xe0};

struct pair {
	uint8_t septet;
	uint16_t code;
};

/* Locking tables by what differs from the default alphabet (Annex A.3). */
static const struct pair turkish_locking[] = {{0x04, 0x20ac}, {0x07, 0x131}, {0x0b, 0x11e},
	{0x0c, 0x11f}, {0x1c, 0x15e}, {0x1d, 0x15f}, {0x40, 0x130}, {0x60, 0xe7}, {0, 0}};
static const struct pair portuguese_locking[] = {{0x04, 0xea}, {0x06, 0xfa}, {0x07, 0xed},
	{0x08, 0xf3}, {0x09, 0xe7}, {0x0b, 0xd4}, {0x0c, 0xf4}, {0x0e, 0xc1}, {0x0f, 0xe1},
	{0x12, 0xaa}, {0x13, 0xc7}, {0x14, 0xc0}, {0x15, 0x221e}, {0x16, '^'}, {0x17, '\\'},
	{0x18, 0x20ac}, {0x19, 0xd3}, {0x1a, '|'}, {0x1c, 0xc2}, {0x1d, 0xe2}, {0x1e, 0xca},
	{0x24, 0xba}, {0x40, 0xcd}, {0x5b, 0xc3}, {0x5c, 0xd5}, {0x5d, 0xda}, {0x60, '~'},
	{0x7b, 0xe3}, {0x7c, 0xf5}, {0x7d, '`'}, {0, 0}};

/* Single shift tables by what they add to the extension of the default alphabet (Annex A.2). */
static const struct pair extension[] = {{0x0a, '\f'}, {0x14, '^'}, {0x28, '{'}, {0x29, '}'},
	{0x2f, '\\'}, {0x3c, '['}, {0x3d, '~'}, {0x3e, ']'}, {0x40, '|'}, {0x65, 0x20ac}, {0, 0}};
static const struct pair turkish_single[] = {{0x47, 0x11e}, {0x49, 0x130}, {0x53, 0x15e},
	{0x63, 0xe7}, {0x67, 0x11f}, {0x69, 0x131}, {0x73, 0x15f}, {0, 0}};
static const struct pair spanish_single[] = {{0x09, 0xe7}, {0x41, 0xc1}, {0x49, 0xcd}, {0x4f, 0xd3},
	{0x55, 0xda}, {0x61, 0xe1}, {0x69, 0xed}, {0x6f, 0xf3}, {0x75, 0xfa}, {0, 0}};
static const struct pair portuguese_single[] = {{0x05, 0xea}, {0x09, 0xe7}, {0x0b, 0xd4},
	{0x0c, 0xf4}, {0x0e, 0xc1}, {0x0f, 0xe1}, {0x12, 0x3a6}, {0x13, 0x393}, {0x15, 0x3a9},
	{0x16, 0x3a0}, {0x17, 0x3a8}, {0x18, 0x3a3}, {0x19, 0x398}, {0x1f, 0xca}, {0x41, 0xc0},
	{0x49, 0xcd}, {0x4f, 0xd3}, {0x55, 0xda}, {0x5b, 0xc3}, {0x5c, 0xd5}, {0x61, 0xc2},
	{0x69, 0xed}, {0x6f, 0xf3}, {0x75, 0xfa}, {0x7b, 0xe3}, {0x7c, 0xf5}, {0x7f, 0xe2}, {0, 0}};

static uint16_t look_up(const struct pair *table, uint8_t septet)
{
	for (; table && table->code; table++) {
		if (table->septet == septet)
			return table->code;
	}
	return 0;
}

/* NULL when the language is none of these. */
static const uint16_t *national(
	const uint16_t tables[SEPTETS_NATIONAL][SEPTETS_TABLE], int language)
{
	int i = language - SEPTETS_NATIONAL_FIRST;

	return i >= 0 && i < SEPTETS_NATIONAL ? tables[i] : NULL;
}

static uint16_t plain_code(int locking, uint8_t septet)
{
	const uint16_t *own = national(septets_national_locking, locking);
	const struct pair *table = locking == SEPTETS_TURKISH	   ? turkish_locking
				   : locking == SEPTETS_PORTUGUESE ? portuguese_locking
								   : NULL;
	uint16_t code = look_up(table, septet);

	if (own)
		return own[septet] ? own[septet] : ' ';
	return code ? code : default_table[septet];
}

/* A septet that the table lacks is shown from the main one (§6.2.1.1). */
static uint16_t shifted_code(int locking, int single, uint8_t septet)
{
	const uint16_t *own = national(septets_national_single, single);
	const struct pair *table = single == SEPTETS_TURKISH	  ? turkish_single
				   : single == SEPTETS_SPANISH	  ? spanish_single
				   : single == SEPTETS_PORTUGUESE ? portuguese_single
								  : NULL;
	uint16_t code = look_up(table, septet);

	if (!code && own)
		code = own[septet];
	if (!code)
		code = look_up(extension, septet);
	if (!code && septet == ESC)
		code = ' ';
	return code ? code : plain_code(locking, septet);
}

void septets_unpack(const uint8_t *packed, size_t bits, size_t count, uint8_t *ret_septets)
{
	for (size_t i = 0; i < count; i++, bits += 7) {
		unsigned value = (unsigned)packed[bits / 8] >> bits % 8;

		if (bits % 8 > 1)
			value |= (unsigned)packed[bits / 8 + 1] << (8 - bits % 8);
		ret_septets[i] = value & 0x7f;
	}
}

void septets_pack(const uint8_t *septets, size_t count, size_t bits, uint8_t *packed)
{
	for (size_t i = 0; i < count; i++, bits += 7) {
		unsigned value = (unsigned)(septets[i] & 0x7f) << bits % 8;

		packed[bits / 8] |= (uint8_t)value;
		if (bits % 8 > 1)
			packed[bits / 8 + 1] |= (uint8_t)(value >> 8);
	}
}

void septets_to_utf8(const uint8_t *septets, size_t count, int locking, int single, char *utf8,
	size_t utf8_bytes)
{
	size_t at = 0;

	CHECK(utf8_bytes > 0);
	for (size_t i = 0; i < count; i++) {
		uint8_t septet = septets[i] & 0x7f;
		char character[8];
		uint16_t code;
		size_t len;

		if (septet == ESC && ++i == count)
			break;
		code = septet == ESC ? shifted_code(locking, single, septets[i] & 0x7f)
				     : plain_code(locking, septet);
		if (code == '\f' || !code)
			continue;
		utf16_to_utf8(
			(const unsigned char[]){(unsigned char)(code >> 8), (unsigned char)code}, 1,
			character, sizeof(character));
		len = strlen(character);
		if (len >= utf8_bytes - at)
			break;
		memcpy(utf8 + at, character, len);
		at += len;
	}
	utf8[at] = 0;
}

/* 0x80 and up: the escape stands before it. -1: no such character. */
static int septet_of(unsigned code)
{
	for (int i = 0; i < CODE; i++) {
		if (default_table[i] == code && i != ESC)
			return i;
	}
	for (const struct pair *p = extension; p->code; p++) {
		if (p->code == code)
			return CODE | p->septet;
	}
	return -1;
}

enum err septets_from_utf8(
	const char *utf8, uint8_t *septets, size_t max_septets, size_t *ret_count)
{
	unsigned char units[2 * (160 + 1)];
	size_t count, at = 0;
	enum err err = utf16_from_utf8(utf8, units, 160, &count);

	if (err)
		return err;
	for (size_t i = 0; i < count; i++) {
		int septet = septet_of((unsigned)(units[2 * i] << 8 | units[2 * i + 1]));

		if (septet < 0)
			return ERR_INVALID;
		if (at + (septet & CODE ? 2 : 1) > max_septets)
			return ERR_TOO_BIG;
		if (septet & CODE)
			septets[at++] = ESC;
		septets[at++] = (uint8_t)(septet & 0x7f);
	}
	*ret_count = at;
	return ERR_OK;
}
