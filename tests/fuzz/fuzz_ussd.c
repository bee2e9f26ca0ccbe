/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any +CUSD line becomes a line that can be written, or is refused. */
#include "gateway/ussd.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct line line = {.type = LINE_USSD};
	char text[1200] = "+CUSD: 0,\"";
	size_t at = strlen(text);
	CLEAN_BUF out = {0};

	if (size > sizeof(text) - at - 1)
		size = sizeof(text) - at - 1;
	memcpy(text + at, data, size);
	if (ussd_parse(text, &line.ussd))
		return 0;
	buf_init(&out, LINE_MAX_BYTES);
	CHECK(line_format(&line, &out) == ERR_OK);
	return 0;
}
