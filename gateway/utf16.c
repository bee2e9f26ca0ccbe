/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/utf16.h"

#include <stdint.h>
#include <string.h>

static uint32_t unit_at(const unsigned char *utf16, size_t index)
{
	return (uint32_t)utf16[2 * index] << 8 | utf16[2 * index + 1];
}

static size_t encode(uint32_t code, char out[4])
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

void utf16_to_utf8(const unsigned char *utf16, size_t units, char *utf8, size_t utf8_bytes)
{
	size_t at = 0;

	CHECK(utf8_bytes > 0);
	for (size_t i = 0; i < units; i++) {
		uint32_t code = unit_at(utf16, i);
		char out[4];
		size_t len;

		if (!code)
			continue;
		if (code >= 0xd800 && code < 0xdc00 && i + 1 < units) {
			uint32_t low = unit_at(utf16, i + 1);

			if (low >= 0xdc00 && low < 0xe000) {
				code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
				i++;
			}
		}
		if (code >= 0xd800 && code < 0xe000)
			code = 0xfffd;
		len = encode(code, out);
		if (len >= utf8_bytes - at)
			break;
		memcpy(utf8 + at, out, len);
		at += len;
	}
	utf8[at] = 0;
}

size_t utf16_len(const unsigned char *utf16, size_t max)
{
	size_t len = 0;

	while (len < max && unit_at(utf16, len))
		len++;
	return len;
}

static const unsigned char *decode(const unsigned char *p, uint32_t *ret_code)
{
	int more = p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : p[0] >= 0xc0 ? 1 : 0;
	uint32_t code = more ? p[0] & (0x3fu >> more) : p[0];

	for (int i = 1; i <= more; i++)
		code = code << 6 | (p[i] & 0x3fu);
	*ret_code = code;
	return p + more + 1;
}

enum err utf16_from_utf8(
	const char *utf8, unsigned char *utf16, size_t max_units, size_t *ret_units)
{
	const unsigned char *p = (const unsigned char *)utf8;
	size_t units = 0;

	while (*p) {
		uint32_t words[2];
		size_t count = 1;

		p = decode(p, &words[0]);
		if (words[0] > 0xffff) {
			words[1] = 0xdc00 + ((words[0] - 0x10000) & 0x3ff);
			words[0] = 0xd800 + ((words[0] - 0x10000) >> 10);
			count = 2;
		}
		if (units + count > max_units)
			return ERR_TOO_BIG;
		for (size_t i = 0; i < count; i++, units++) {
			utf16[2 * units] = (unsigned char)(words[i] >> 8);
			utf16[2 * units + 1] = (unsigned char)words[i];
		}
	}
	utf16[2 * units] = 0;
	utf16[2 * units + 1] = 0;
	*ret_units = units;
	return ERR_OK;
}
