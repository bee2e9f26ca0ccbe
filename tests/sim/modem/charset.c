/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quoted parameters in the character set that +CSCS chose (3GPP TS 27.007 §5.5). */
#include "tests/sim/modem/sim.h"

#include "daemon/base/str.h"

#include <string.h>

/* What passes the limit of a line is cut, as a modem would. */
#define CUT(e) ((void)!(e))

int at_ints(const char *args, int *value, int max)
{
	int n = 0;
	while (n < max) {
		while (*args == ' ')
			args++;
		if (*args != ',' && *args) {
			char *end;
			long v = strtol(args, &end, 10);
			if (end == args || v < -1000000 || v > 1000000)
				return -1;
			value[n] = (int)v;
			args = end;
		}
		n++;
		while (*args == ' ')
			args++;
		if (*args == 0)
			return n;
		if (*args++ != ',')
			return -1;
	}
	return -1;
}

static void hex_units(const struct pdu_units *units, bool is_wide, struct buf *out)
{
	for (size_t i = 0; i < units->count; i++) {
		if (is_wide)
			CUT(buf_addf(out, "%04X", (unsigned)units->unit[i]));
		else
			CUT(buf_addf(out, "%02X", (unsigned)units->unit[i]));
	}
}

void at_charset_encode(const struct sim *sim, const char *utf8, struct buf *out)
{
	enum charset set = sim->at.set.charset;
	if (set == CHARSET_UTF8 || set == CHARSET_IRA) {
		CUT(buf_adds(out, utf8));
		return;
	}
	bool is_wide = set == CHARSET_UCS2 || !pdu_is_gsm7(utf8);
	struct pdu_units *units = sim_alloc(sizeof(*units));
	if (pdu_units_from(utf8, is_wide ? PDU_UCS2 : PDU_GSM7, units) == ERR_OK) {
		if (is_wide || set == CHARSET_HEX) {
			hex_units(units, is_wide, out);
		} else {
			for (size_t i = 0; i < units->count; i++) {
				char c = (char)units->unit[i];
				CUT(buf_add(out, &c, 1));
			}
		}
	}
	free(units);
}

void at_charset_decode(const struct sim *sim, const char *wire, struct buf *out)
{
	enum charset set = sim->at.set.charset;
	uint8_t bytes[512];
	uint16_t unit[512];
	char text[PDU_TEXT_BYTES * 2];
	size_t len, count = 0;
	bool is_hex = set == CHARSET_HEX || set == CHARSET_UCS2;
	if (!is_hex || pdu_from_hex(wire, strlen(wire), bytes, sizeof(bytes), &len) != ERR_OK) {
		CUT(buf_adds(out, wire));
		return;
	}
	if (set == CHARSET_UCS2) {
		for (size_t i = 0; i + 1 < len; i += 2)
			unit[count++] = (uint16_t)(bytes[i] << 8 | bytes[i + 1]);
	} else {
		for (size_t i = 0; i < len; i++)
			unit[count++] = bytes[i] & 0x7F;
	}
	if (pdu_units_text(unit, count, set == CHARSET_UCS2 ? PDU_UCS2 : PDU_GSM7, text,
		    sizeof(text)) == ERR_OK)
		CUT(buf_adds(out, text));
}
