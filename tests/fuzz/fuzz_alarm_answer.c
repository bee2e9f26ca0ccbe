/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What anybody texts: an answer to an alarm has a number of three digits, and its note is within
 * the text. */
#include "daemon/base/str.h"
#include "daemon/intake/alarm_answer.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct alarm_answer answer;
	char *text = malloc(size + 1);

	CHECK(text);
	memcpy(text, data, size);
	text[size] = 0;
	if (!alarm_answer_parse(text, &answer)) {
		CHECK(answer.number >= ALARM_NUMBER_MIN && answer.number <= ALARM_NUMBER_MAX);
		CHECK(answer.note >= text && answer.note <= text + strlen(text));
	}
	free(text);
	return 0;
}
