/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/ussd.h"
#include "gateway/septets.h"
#include "gateway/ussd_text.h"
#include "daemon/base/str.h"

#include <string.h>

#define STATUS_MAX 5
#define CODE_MAX   128

/* `,15` behind the text. */
static int scheme_of(const char *text)
{
	int64_t value;

	while (*text == ' ' || *text == ',')
		text++;
	return *text && str_to_int64(text, 0, 255, &value) == ERR_OK ? (int)value
								     : USSD_DCS_UNKNOWN;
}

static void take_text(const char *raw, size_t len, int dcs, struct line_ussd *ussd)
{
	const char *coding;

	_Static_assert(sizeof(ussd->text) == USSD_TEXT_BYTES, "the line's fields hold a text");
	_Static_assert(sizeof(ussd->raw) == USSD_TEXT_BYTES, "the line's fields hold a text");
	ussd_text_decode(raw, len, dcs, ussd->text, &coding);
}

enum err ussd_parse(const char *line, struct line_ussd *ret_ussd)
{
	const char *p = line + strlen("+CUSD:"), *first, *last;
	struct line_ussd ussd;

	if (!str_starts(line, "+CUSD:"))
		return ERR_PROTOCOL;
	while (*p == ' ')
		p++;
	if (*p < '0' || *p > '0' + STATUS_MAX)
		return ERR_PROTOCOL;
	memset(&ussd, 0, sizeof(ussd));
	ussd.status = *p - '0';
	/* For whoever has to find out what an operator meant. */
	ussd_text_keep(line, strlen(line), ussd.raw);
	first = strchr(p, '"');
	last = strrchr(p, '"');
	/* Quotes may stand within the text: the outer ones count. */
	if (first && last > first)
		take_text(first + 1, (size_t)(last - first - 1), scheme_of(last + 1), &ussd);
	else if (first)
		take_text(first + 1, strlen(first + 1), USSD_DCS_UNKNOWN, &ussd);
	*ret_ussd = ussd;
	return ERR_OK;
}

void ussd_ucs2_hex(const char *code, char *hex)
{
	hex[0] = 0;
	for (; *code; code++, hex += 4)
		snprintf(hex, 5, "00%02X", (unsigned)(unsigned char)*code);
}

void ussd_packed_hex(const char *code, char *hex)
{
	uint8_t septets[CODE_MAX], packed[CODE_MAX] = {0};
	size_t count;

	hex[0] = 0;
	if (septets_from_utf8(code, septets, CODE_MAX - 1, &count))
		return;
	if (count % 8 == 7)
		septets[count++] = '\r';
	septets_pack(septets, count, 0, packed);
	for (size_t i = 0; i < (count * 7 + 7) / 8; i++)
		snprintf(hex + 2 * i, 3, "%02X", packed[i]);
}
