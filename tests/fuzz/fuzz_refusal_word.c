/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who wants no bulletins, of any bytes. */
#include "daemon/intake/refusal_word.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct refusal_word word = {.topic = -1};
	char *text = strndup((const char *)data, size);
	enum err err;

	if (!text)
		return 0;
	err = refusal_word_parse(text, &word);
	CHECK(err == ERR_OK ? word.topic >= 0 && word.topic <= 99
			    : err == ERR_NOT_FOUND && word.topic == -1);
	free(text);
	return 0;
}
