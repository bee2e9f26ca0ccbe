/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The screen of bulletins: each place that it finds lies in the text and between whole letters. */
#include "daemon/desk/bulletin_screen.h"

#include "daemon/base/str.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct finding findings[FINDINGS_MAX];
	char *text = strndup((const char *)data, size);
	int count = 0;
	enum err err;

	if (!text)
		return 0;
	err = bulletin_screen(text, FINDING_IN_TEXT, findings, FINDINGS_MAX, &count);
	CHECK(err == ERR_OK || (err == ERR_TOO_BIG && count == FINDINGS_MAX));
	for (int i = 0; i < count; i++) {
		const struct finding *f = &findings[i];

		CHECK(f->at >= 0 && f->bytes > 0);
		CHECK((size_t)f->at + (size_t)f->bytes <= strlen(text));
		CHECK(f->word[0] && str_is_utf8(f->word, strlen(f->word)));
		if (str_is_utf8(text, strlen(text)))
			CHECK(str_is_utf8(text + f->at, (size_t)f->bytes));
	}
	free(text);
	return 0;
}
