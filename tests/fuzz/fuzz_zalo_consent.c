/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whatever is pasted gives a code that may go into a form, or is refused with words. */
#include "daemon/relay/zalo_consent.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_visible(const char *text, size_t bytes)
{
	CHECK(memchr(text, 0, bytes));
	for (; *text; text++)
		CHECK(*text > 0x20 && *text < 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char pasted[2 * ZALO_PASTED_MAX];
	struct zalo_consent consent;
	struct errbuf eb = {0};

	if (size > sizeof(pasted) - 1)
		size = sizeof(pasted) - 1;
	memcpy(pasted, data, size);
	pasted[size] = 0;
	if (zalo_consent_parse(pasted, &consent, &eb)) {
		CHECK(eb.text[0]);
		return 0;
	}
	CHECK(consent.code[0]);
	check_visible(consent.code, sizeof(consent.code));
	check_visible(consent.state, sizeof(consent.state));
	check_visible(consent.oa_id, sizeof(consent.oa_id));
	return 0;
}
