/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/quote.h"

#include "daemon/base/str.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define QUOTE_TEXT_BYTES   40 /* enough to recognise what was written */
#define QUOTE_DIGITS_SHOWN 5  /* a longer number may be a phone's */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Length of the number that starts at text, written in any habit ("0912.345 678"), and its digits.
 */
static size_t number_span(const char *text, size_t bytes, size_t *ret_digits)
{
	size_t span = 0;

	*ret_digits = 0;
	for (size_t i = 0; i < bytes; i++) {
		if (is_digit(text[i])) {
			++*ret_digits;
			span = i + 1;
		} else if (!strchr(" .-()/", text[i])) {
			break;
		}
	}
	return span;
}

/* The last three digits of the number at text[0..span). */
static void last_digits(const char *text, size_t span, char digits[4])
{
	size_t n = 3;

	digits[3] = 0;
	while (n && span--) {
		if (is_digit(text[span]))
			digits[--n] = text[span];
	}
}

const char *quote_text(const char *text, size_t bytes, char quote[QUOTE_BYTES])
{
	size_t len = 0, i = 0, digits, span;
	char tail[4];

	while (i < bytes && len < QUOTE_TEXT_BYTES) {
		if (is_digit(text[i])) {
			span = number_span(text + i, bytes - i, &digits);
			if (digits > QUOTE_DIGITS_SHOWN) {
				last_digits(text + i, span, tail);
				len += (size_t)snprintf(
					quote + len, QUOTE_BYTES - len, "*%s", tail);
				i += span;
				continue;
			}
			while (span-- && len < QUOTE_TEXT_BYTES)
				quote[len++] = text[i++];
			continue;
		}
		quote[len++] = (unsigned char)text[i] < 0x20 || text[i] == 0x7f ? '?' : text[i];
		i++;
	}
	/* A character that was cut in the middle goes as a whole. */
	while (i < bytes && len && ((unsigned char)text[i] & 0xc0) == 0x80 &&
		((unsigned char)quote[len - 1] & 0x80)) {
		i--;
		len--;
	}
	snprintf(quote + len, QUOTE_BYTES - len, "%s", i < bytes ? "..." : "");
	return quote;
}

const char *quote_nearest(const char *key, const char *const *keys, size_t count)
{
	int best, d;
	const char *nearest = NULL;

	if (strlen(key) >= STR_DISTANCE_MAX)
		return NULL;
	best = (int)strlen(key) / 3 + 1;
	for (size_t i = 0; i < count; i++) {
		d = str_distance(key, keys[i], best);
		if (d < best || (d == best && !nearest)) {
			best = d;
			nearest = keys[i];
		}
	}
	return nearest;
}

const char *quote_phone(const char *text, char quote[QUOTE_BYTES])
{
	size_t len = strlen(text), digits = 0;
	char tail[4] = "";

	for (size_t i = 0; i < len; i++)
		digits += is_digit(text[i]);
	if (digits > QUOTE_DIGITS_SHOWN)
		last_digits(text, len, tail);
	snprintf(quote, QUOTE_BYTES, "*%s", tail);
	return quote;
}
