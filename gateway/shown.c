/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/shown.h"
#include "gateway/pdu_code.h"

#include <string.h>

#define STAT_STORED 2 /* and above: a draft, a copy of something sent */

static int number_at(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	return end == text || value < 0 || value > 1000000 ? -1 : (int)value;
}

/* The length stands last: what is before it may be a name with commas. */
void shown_header(struct shown *shown, const char *line, bool has_index)
{
	const char *text = line + strcspn(line, ":"), *comma = strrchr(line, ',');

	text += *text == ':';
	if (has_index) {
		shown->slot = number_at(text);
		text += strcspn(text, ",");
		text += *text == ',';
	}
	shown->stat = number_at(text);
	shown->octets = comma ? number_at(comma + 1) : -1;
	shown->hex[0] = 0;
}

void shown_pdu(struct shown *shown, const char *line)
{
	snprintf(shown->hex, sizeof(shown->hex), "%s", line);
}

bool shown_is_whole(const struct shown *shown)
{
	uint8_t pdu[PDU_OCTETS_MAX];
	size_t len;

	return pdu_from_hex(shown->hex, pdu, sizeof(pdu), &len) == ERR_OK && len &&
	       len == 1 + (size_t)pdu[0] + (size_t)shown->octets;
}

void shown_poison(
	const char *pdu, const char *mem, int slot, const char *reason, struct line *ret_line)
{
	struct line line = {.type = LINE_POISON, .poison = {.slot = slot}};

	snprintf(line.poison.mem, sizeof(line.poison.mem), "%s", mem);
	snprintf(line.poison.reason, sizeof(line.poison.reason), "%s", reason);
	/* Whatever it is, it has to be a string of the line protocol. */
	for (size_t i = 0; pdu[i] && i < sizeof(line.poison.pdu) - 1; i++)
		line.poison.pdu[i] = pdu[i] >= 0x20 && pdu[i] < 0x7f ? pdu[i] : '?';
	*ret_line = line;
}

void shown_to_line(const struct shown *shown, const char *mem, struct line *ret_line)
{
	uint8_t pdu[PDU_OCTETS_MAX];
	const char *reason = "no PDU";
	size_t len;

	if (shown->stat >= STAT_STORED)
		reason = "not a received message";
	else if (pdu_from_hex(shown->hex, pdu, sizeof(pdu), &len) == ERR_OK)
		reason = pdu_decode(pdu, len, ret_line, &reason) ? reason : NULL;
	explicit_bzero(pdu, sizeof(pdu));
	if (reason) {
		shown_poison(shown->hex, mem, shown->slot, reason, ret_line);
	} else if (ret_line->type == LINE_SMS) {
		snprintf(ret_line->sms.mem, sizeof(ret_line->sms.mem), "%s", mem);
		ret_line->sms.slot = shown->slot;
	} else {
		snprintf(ret_line->report.mem, sizeof(ret_line->report.mem), "%s", mem);
		ret_line->report.slot = shown->slot;
	}
}
