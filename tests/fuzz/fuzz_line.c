/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes are refused or are a line that, written, reads back as itself. */
#include "gateway/line.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct errbuf eb = {0};
	struct line line, again;
	CLEAN_BUF first;
	CLEAN_BUF second;

	buf_init(&first, LINE_MAX_BYTES);
	buf_init(&second, LINE_MAX_BYTES);
	if (line_parse((const char *)data, size, &line, &eb))
		return 0;
	CHECK(line_format(&line, &first) == ERR_OK);
	CHECK(line_parse(first.data, first.len - 1, &again, &eb) == ERR_OK);
	CHECK(line_format(&again, &second) == ERR_OK);
	CHECK(first.len == second.len && memcmp(first.data, second.data, first.len) == 0);
	return 0;
}
