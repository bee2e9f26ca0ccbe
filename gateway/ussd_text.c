/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/ussd_text.h"
#include "gateway/pdu_gate.h"
#include "gateway/septets.h"
#include "gateway/utf16.h"
#include "daemon/base/str.h"

#include <string.h>

#define OCTETS_MAX 1024
#define HEX_MIN	   8 /* shorter digits are more likely an amount than a text in hex */

/*
 * How much a text looks like one that an operator writes: 100 for letters, digits and blanks only;
 * a control character or a rare letter counts against it.
 */
static int plausibility(const char *utf8)
{
	const unsigned char *p = (const unsigned char *)utf8;
	int good = 0, count = 0;

	for (; *p; p++) {
		if ((*p & 0xc0) == 0x80)
			continue;
		count++;
		/* with the letters of Vietnamese */
		if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
			(*p >= '0' && *p <= '9') || *p == ' ' || *p == 0xc3 || *p == 0xc4 ||
			*p == 0xc6 || (*p == 0xe1 && p[1] >= 0xba))
			good += 100;
		else if (*p == '\n' || *p == '\r')
			good += 80;
		else if (*p < 0x20 || *p == 0x7f)
			good -= 300;
		else if (*p < 0x7f)
			good += strchr(".,:;-/()+*#%!?'\"&=<>@_", *p) ? 80 : 0;
		else
			good -= 100;
	}
	return count ? good / count : -1000;
}

struct octets {
	uint8_t bytes[OCTETS_MAX];
	size_t len;
};

static void as_ucs2(const struct octets *in, char *text, size_t bytes)
{
	utf16_to_utf8(in->bytes, in->len / 2, text, bytes);
}

/* Each octet a character: UTF-8 when it is, else Latin-1. */
static void as_octets(const struct octets *in, char *text, size_t bytes)
{
	unsigned char units[2 * OCTETS_MAX];

	if (in->len < bytes && str_is_utf8((const char *)in->bytes, in->len)) {
		memcpy(text, in->bytes, in->len);
		text[in->len] = 0;
		return;
	}
	for (size_t i = 0; i < in->len; i++) {
		units[2 * i] = 0;
		units[2 * i + 1] = in->bytes[i];
	}
	utf16_to_utf8(units, in->len, text, bytes);
}

/* 3GPP TS 23.038 §6.1.2.3: a CR fills up seven spare bits. */
static void as_packed(const struct octets *in, char *text, size_t bytes)
{
	uint8_t septets[OCTETS_MAX * 8 / 7 + 1];
	size_t count = in->len * 8 / 7;

	septets_unpack(in->bytes, 0, count, septets);
	if (count && count % 8 == 0 && septets[count - 1] == '\r')
		count--;
	septets_to_utf8(septets, count, SEPTETS_DEFAULT, SEPTETS_DEFAULT, text, bytes);
}

/* 3GPP TS 23.038 §5: the groups of a cell broadcast scheme that USSD uses. */
static enum pdu_coding coding_of(int dcs)
{
	if (dcs == 0x11)
		return PDU_CODING_UCS2;
	if (dcs >= 0x40 && dcs < 0x80 && (dcs >> 2 & 3) == 2)
		return PDU_CODING_UCS2;
	if ((dcs >= 0x40 && dcs < 0x80 && (dcs >> 2 & 3) == 1) || (dcs >= 0xf4 && dcs <= 0xf7))
		return PDU_CODING_8BIT;
	return PDU_CODING_GSM7;
}

/* A character of zeroes anywhere but at the end, where some modules leave one. */
static bool has_zero(const struct octets *in, size_t width)
{
	for (size_t i = 0; i + 2 * width <= in->len; i += width) {
		if (!in->bytes[i] && !in->bytes[i + width - 1])
			return true;
	}
	return false;
}

struct best {
	int score;
	const char *coding;
	char *text;
	size_t bytes;
};

static void consider(struct best *best, const char *candidate, int bonus, const char *coding)
{
	int score = plausibility(candidate) + bonus;

	if (score <= best->score)
		return;
	best->score = score;
	best->coding = coding;
	snprintf(best->text, best->bytes, "%s", candidate);
}

/* Whichever way of reading the hex looks most like a text; the scheme speaks for its own, and doing
 * nothing at all is one of the ways. */
static void decode_hex(const struct octets *in, int dcs, struct best *best)
{
	enum { BONUS = 15 };
	enum pdu_coding coding = coding_of(dcs);
	char candidate[USSD_TEXT_BYTES];

	if (in->len % 2 == 0 && !has_zero(in, 2)) {
		as_ucs2(in, candidate, sizeof(candidate));
		consider(best, candidate, coding == PDU_CODING_UCS2 ? 200 : BONUS, "ucs2");
	}
	if (!has_zero(in, 1)) {
		as_octets(in, candidate, sizeof(candidate));
		consider(best, candidate, coding == PDU_CODING_8BIT ? 200 : 0, "8bit");
	}
	as_packed(in, candidate, sizeof(candidate));
	consider(best, candidate,
		coding == PDU_CODING_GSM7 && dcs != USSD_DCS_UNKNOWN ? BONUS / 2 : 0, "gsm7");
}

/* Line ends are the only ones that a text has. */
static void drop_controls(char *text)
{
	char *to = text;

	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if ((c >= 0x20 && c != 0x7f) || c == '\n')
			*to++ = *p;
	}
	*to = 0;
}

void ussd_text_decode(
	const char *raw, size_t len, int dcs, char text[USSD_TEXT_BYTES], const char **ret_coding)
{
	enum { GOOD_ENOUGH = 60 };
	struct best best = {GOOD_ENOUGH, "plain", text, USSD_TEXT_BYTES};
	char copy[2 * OCTETS_MAX + 1];
	struct octets in;

	if (len >= sizeof(copy))
		len = sizeof(copy) - 1;
	memcpy(copy, raw, len);
	copy[len] = 0;
	in.len = len < OCTETS_MAX ? len : OCTETS_MAX;
	memcpy(in.bytes, copy, in.len);
	as_octets(&in, text, USSD_TEXT_BYTES);
	/* Decimal digits only are an amount, unless they begin as UCS-2 does. */
	if ((strspn(copy, "0123456789") < len || str_starts(copy, "00")) && len >= HEX_MIN &&
		pdu_from_hex(copy, in.bytes, sizeof(in.bytes), &in.len) == ERR_OK)
		decode_hex(&in, dcs, &best);
	drop_controls(text);
	*ret_coding = best.coding;
}

void ussd_text_keep(const char *raw, size_t len, char text[USSD_TEXT_BYTES])
{
	struct octets in = {.len = len < OCTETS_MAX ? len : OCTETS_MAX};

	memcpy(in.bytes, raw, in.len);
	while (in.len == OCTETS_MAX && (in.bytes[in.len - 1] & 0x80))
		in.len--;
	as_octets(&in, text, USSD_TEXT_BYTES);
}
