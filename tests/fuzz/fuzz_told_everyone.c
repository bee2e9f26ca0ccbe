/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What anybody texts: a confirmation has a number that there may be. */
#include "daemon/base/str.h"
#include "daemon/intake/told_everyone.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	int64_t bulletin = 0;

	CHECK(text);
	memcpy(text, data, size);
	text[size] = 0;
	if (!told_everyone_parse(text, &bulletin))
		CHECK(bulletin >= 1 && bulletin <= 999999999);
	free(text);
	return 0;
}
