/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/gsm7.h"
#include "daemon/base/base.h"

/* What is not ASCII; the order is that of the table in the standard. */
static const uint16_t others[] = {0xa3, 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2, 0xc7, 0xd8, 0xf8, 0xc5,
	0xe5, 0x394, 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8, 0x3a3, 0x398, 0x39e, 0xc6, 0xe6,
	0xdf, 0xc9, 0xa4, 0xa1, 0xc4, 0xd6, 0xd1, 0xdc, 0xa7, 0xbf, 0xe4, 0xf6, 0xf1, 0xfc, 0xe0};

int gsm7_septets(uint32_t code)
{
	if (code < 0x80) {
		switch (code) {
		case '^':
		case '{':
		case '}':
		case '\\':
		case '[':
		case '~':
		case ']':
		case '|':
			return 2;
		case '`':
			return 0;
		case '\n':
		case '\r':
			return 1;
		default:
			return code >= 0x20 && code < 0x7f;
		}
	}
	if (code == 0x20ac) /* the euro sign */
		return 2;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		if (others[i] == code)
			return 1;
	}
	return 0;
}
