/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/rights.h"

void rights_text(unsigned who, char text[RIGHTS_TEXT_BYTES])
{
	size_t len = 0;

	text[0] = 0;
	for (int bit = 0; bit < 32; bit++) {
		unsigned one = 1u << bit;
		const char *name = one == WHO_ANYBODY ? "anybody"
				   : one == WHO_BOX   ? "box"
				   : bit < OFFICER_ROLE_COUNT
					   ? officer_role_text((enum officer_role)bit)
					   : NULL;

		if (!(who & one))
			continue;
		CHECK(name && len < RIGHTS_TEXT_BYTES);
		len += (size_t)snprintf(
			text + len, RIGHTS_TEXT_BYTES - len, "%s%s", len ? "," : "", name);
	}
}
