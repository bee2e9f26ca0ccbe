/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as an answer to a poll: its first line is other words for an option, as an officer types
 * them. */
#include "daemon/base/str.h"
#include "daemon/desk/poll_words.h"
#include "daemon/intake/poll_word.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct poll_heard *heard, int count)
{
	bool is_clear = heard->clarity != POLL_UNCLEAR_WORDS;

	CHECK(is_clear == (heard->number != 0));
	CHECK(heard->number >= 0 && heard->number <= count);
	CHECK(!heard->is_exact || heard->clarity == POLL_CLEAR);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct poll_option options[3] = {{.number = 1, .label = "Đồng ý", .aliases = "[]"},
		{.number = 2, .label = "Không đồng ý", .aliases = "[]"},
		{.number = 3, .label = "Ý kiến khác", .aliases = "[]"}};
	char *text = strndup((const char *)data, size);
	struct poll_heard heard, again;
	const char *keyword, *said;
	char *line;
	int one, other;

	if (!text)
		return 0;
	line = strchr(text, '\n');
	if (line) {
		*line = 0;
		if (poll_aliases_read(text, options[2].aliases))
			CHECK(str_eq(options[2].aliases, "[]"));
	}
	said = line ? line + 1 : text;
	keyword = poll_keyword(said);
	CHECK(!keyword || (keyword > said && keyword <= said + strlen(said)));
	(void)poll_options_clash(options, 3, &one, &other);
	poll_hear(said, options, 3, &heard);
	check(&heard, 3);
	/* The same words mean the same. */
	poll_hear(said, options, 3, &again);
	CHECK(heard.number == again.number && heard.clarity == again.clarity);
	free(text);
	return 0;
}
