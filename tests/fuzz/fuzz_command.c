/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a text from any phone makes of the grammar. */
#include "daemon/base/err.h"
#include "daemon/intake/command.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct command command;
	char *text = strndup((const char *)data, size);

	if (!text)
		return 0;
	command_parse(text, &command);
	CHECK(command.words >= text && command.words <= text + strlen(text));
	CHECK(strlen(command.code) == 0 || strlen(command.code) == COMMAND_CODE_LEN);
	CHECK(strspn(command.code, "23456789ACDEFHJKMNPQRTUVWXY") == strlen(command.code));
	CHECK(strspn(command.pin, "0123456789") == strlen(command.pin));
	/* Who asks for a report gives its code and nothing else; a report loses none of its words.
	 */
	CHECK(command.kind == COMMAND_NONE || command.kind == COMMAND_PROCEDURE ||
		(command.code[0] && command.words == text));
	CHECK(command.kind != COMMAND_PROCEDURE || (!command.code[0] && command.words > text));
	CHECK(command.kind == COMMAND_NONE || (!command.is_anonymous && !command.is_quiet));
	CHECK(command.kind == COMMAND_STATUS || !command.pin[0]);
	free(text);
	return 0;
}
