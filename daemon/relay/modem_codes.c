/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a modem's error number means for the message: the number is bad (never again), the network
 * is (later), the SIM or its credit is (later, with an alarm), or the modem is. 3GPP TS 27.005
 * §3.2.5 (CMS; 1..127 are the causes of TS 24.011 annex E-2, 128..255 those of TS 23.040 §9.2.3.22)
 * and TS 27.007 §9.2 (CME).
 */
#include "daemon/relay/modem_private.h"

#include <string.h>

struct code_range {
	int first, last;
	enum err err;
};

static const struct code_range cms_codes[] = {
	{1, 1, ERR_RECIPIENT},	 /* unassigned number */
	{8, 8, ERR_SIM},	 /* operator determined barring */
	{10, 10, ERR_SIM},	 /* call barred */
	{21, 21, ERR_REFUSED},	 /* short message transfer rejected */
	{27, 27, ERR_NETWORK},	 /* destination out of service: may come back */
	{28, 28, ERR_RECIPIENT}, /* unidentified subscriber */
	{29, 29, ERR_REFUSED},	 /* facility rejected */
	{30, 30, ERR_RECIPIENT}, /* unknown subscriber */
	{38, 38, ERR_NETWORK},	 /* network out of order */
	{41, 42, ERR_NETWORK},	 /* temporary failure, congestion */
	{47, 47, ERR_NETWORK},	 /* resources unavailable */
	{50, 50, ERR_SIM},	 /* facility not subscribed */
	{69, 69, ERR_REFUSED},	 /* facility not implemented */
	{81, 81, ERR_NETWORK},	 /* invalid reference value */
	{95, 99, ERR_REFUSED},	 /* semantically incorrect, mandatory information */
	{111, 127, ERR_NETWORK}, /* protocol error, interworking */
	{128, 255, ERR_REFUSED}, /* TP-FCS: refused by the service centre */
	{300, 301, ERR_MODEM},	 /* ME failure, service reserved */
	{302, 302, ERR_REFUSED}, /* operation not allowed */
	{303, 303, ERR_MODEM},	 /* operation not supported */
	{304, 304, ERR_MODEM},	 /* invalid PDU: ours are valid, so it was garbled on the line */
	{305, 305, ERR_REFUSED}, /* invalid text mode parameter */
	{310, 318, ERR_SIM},	 /* SIM missing, PIN, failure, busy, wrong, PUK */
	{320, 322, ERR_MODEM},	 /* memory failure, invalid index, full */
	{330, 330, ERR_SIM},	 /* SMSC address unknown */
	{331, 332, ERR_NETWORK}, /* no network service, network time-out */
	{340, 340, ERR_MODEM},	 /* no +CNMA expected */
	{500, 550, ERR_MODEM},	 /* unknown error, makers' own */
};

static const struct code_range cme_codes[] = {
	{0, 4, ERR_MODEM}, /* phone failure, no connection, reserved, not allowed, not supported */
	{5, 18, ERR_SIM},  /* PINs, SIM missing, failure, busy, wrong */
	{20, 23, ERR_MODEM},   /* memory */
	{30, 32, ERR_NETWORK}, /* no service, time-out, emergency calls only */
	{100, 100, ERR_MODEM}, /* unknown */
	{103, 132, ERR_NETWORK}, {515, 515, ERR_MODEM}, /* busy, initialising */
};

static enum err find_code(const struct code_range *table, size_t count, int code)
{
	for (size_t i = 0; i < count; i++) {
		if (code >= table[i].first && code <= table[i].last)
			return table[i].err;
	}
	return ERR_MODEM;
}

enum err modem_code_err(const char *kind, int code)
{
	if (strcmp(kind, "cms") == 0)
		return find_code(cms_codes, ARRAY_LEN(cms_codes), code);
	if (strcmp(kind, "cme") == 0)
		return find_code(cme_codes, ARRAY_LEN(cme_codes), code);
	if (strcmp(kind, "local") == 0)
		return ERR_REFUSED;
	return ERR_MODEM;
}
