/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/str.h"

#include <errno.h>
#include <string.h>

enum err str_copy(char *dst, size_t dst_bytes, const char *src)
{
	size_t len = strlen(src);

	if (len >= dst_bytes) {
		if (dst_bytes)
			dst[0] = 0;
		return ERR_TOO_BIG;
	}
	memcpy(dst, src, len + 1);
	return ERR_OK;
}

enum err str_to_int64(const char *text, int64_t min, int64_t max, int64_t *ret_value)
{
	long long value;
	char *end;

	if (!text || !(text[0] == '-' || (text[0] >= '0' && text[0] <= '9')))
		return ERR_INVALID;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || *end || end == text || value < min || value > max)
		return ERR_INVALID;
	*ret_value = value;
	return ERR_OK;
}

bool str_eq(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool str_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

void str_hex(const void *data, size_t len, char *hex)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++) {
		hex[2 * i] = digits[p[i] >> 4];
		hex[2 * i + 1] = digits[p[i] & 15];
	}
	hex[2 * len] = 0;
}

/* Bytes of the sequence that starts at p, 0 when it is malformed. */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t code;
	size_t len;

	if (p[0] < 0x80)
		return p[0] ? 1 : 0;
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || len > left)
		return 0;
	code = p[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3fu);
	}
	if (code < smallest[len] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return len;
}

bool str_is_utf8(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;

	while (len) {
		size_t step = utf8_sequence(p, len);

		if (!step)
			return false;
		p += step;
		len -= step;
	}
	return true;
}

/* Is it the beginning of a letter, and no more of the text is there? */
static bool is_cut_off(const unsigned char *p, size_t left)
{
	size_t len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;

	if (p[0] < 0xc2 || p[0] > 0xf4 || left >= len)
		return false;
	for (size_t i = 1; i < left; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return false;
	}
	return true;
}

void str_utf8_mend(char *text)
{
	unsigned char *p = (unsigned char *)text;
	size_t left = strlen(text);

	while (left) {
		size_t step = utf8_sequence(p, left);

		if (!step && is_cut_off(p, left)) {
			*p = 0;
			return;
		}
		if (!step) {
			*p = '?';
			step = 1;
		}
		p += step;
		left -= step;
	}
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

int str_distance(const char *a, const char *b, int max)
{
	int rows[3][STR_DISTANCE_MAX];
	int n = (int)strnlen(a, STR_DISTANCE_MAX), m = (int)strnlen(b, STR_DISTANCE_MAX);

	if (n == STR_DISTANCE_MAX || m == STR_DISTANCE_MAX || n - m > max || m - n > max)
		return max + 1;
	for (int j = 0; j <= m; j++)
		rows[0][j] = j;
	for (int i = 1; i <= n; i++) {
		int *now = rows[i % 3], *one = rows[(i + 2) % 3], *two = rows[(i + 1) % 3];

		now[0] = i;
		for (int j = 1; j <= m; j++) {
			now[j] = least(
				one[j - 1] + (a[i - 1] != b[j - 1]), least(one[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], two[j - 2] + 1);
		}
	}
	return least(rows[n % 3][m], max + 1);
}

char *str_dup(const char *text)
{
	return text ? strdup(text) : NULL;
}
