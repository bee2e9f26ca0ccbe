/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/at_ring.h"
#include "daemon/base/str.h"

#include <string.h>

#define DIGITS_MAX 4  /* memory sizes and error codes are shorter, short codes are not secret */
#define HEX_MIN	   12 /* a PDU, or a text in hex */

struct out {
	char *text;
	size_t len;
};

static void add(struct out *out, char c)
{
	if (out->len < AT_RING_BYTES - 1)
		out->text[out->len++] = c >= 0x20 && c < 0x7f ? c : '?';
}

static void add_count(struct out *out, const char *what, size_t count)
{
	char text[32];

	snprintf(text, sizeof(text), "<%zu %s>", count, what);
	for (const char *p = text; *p; p++)
		add(out, *p);
}

static bool has_text(const char *line)
{
	return str_starts(line, "+CUSD:") || strstr(line, "+CUSD=") || str_starts(line, "+CLIP:") ||
	       str_starts(line, "+CSCA:");
}

void at_ring_add(struct at_ring *ring, char direction, const char *line)
{
	char *entry = ring->lines[ring->count++ % AT_RING_LINES];
	struct out out = {.text = entry};
	const char *first = has_text(line) ? strchr(line, '"') : NULL;
	const char *last = first ? strrchr(line, '"') : NULL;

	add(&out, direction);
	add(&out, ' ');
	while (*line) {
		size_t hex = strspn(line, "0123456789ABCDEFabcdef");
		size_t digits = strspn(line, "0123456789");

		if (first && line == first && last > first) {
			add_count(&out, "characters", (size_t)(last - first - 1));
			line = last + 1;
		} else if (first && line == first) {
			add_count(&out, "characters", strlen(line));
			break;
		} else if (hex >= HEX_MIN) {
			add_count(&out, "hex", hex);
			line += hex;
		} else if (digits > DIGITS_MAX) {
			add_count(&out, "digits", digits);
			line += digits;
		} else if (digits) {
			for (; digits; digits--)
				add(&out, *line++);
		} else {
			add(&out, *line++);
		}
	}
	entry[out.len] = 0;
}

const char *at_ring_line(const struct at_ring *ring, size_t n)
{
	if (n >= ring->count || n >= AT_RING_LINES)
		return NULL;
	return ring->lines[(ring->count - 1 - n) % AT_RING_LINES];
}
