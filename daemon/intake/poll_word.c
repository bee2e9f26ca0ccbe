/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/poll_word.h"

#include "daemon/base/base.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* "Ý kiến của tôi là ..." is a sentence: spelt out it needs a number behind it. */
const char *poll_keyword(const char *text)
{
	static const struct {
		const char *word;
		bool needs_digit;
	} words[] = {{"YK", false}, {"Yk", false}, {"yk", false}, {"yK", false}, {"ÝK", false},
		{"ýk", false}, {"Ýk", false}, {"Ý KIẾN", true}, {"Ý kiến", true}, {"ý kiến", true},
		{"Ý Kiến", true}, {"Y KIEN", true}, {"Y kien", true}, {"y kien", true},
		{"Y Kien", true}};

	text += strspn(text, " \t\r\n");
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t len = strlen(words[i].word);
		const char *next = text + len;

		if (strncmp(text, words[i].word, len) != 0)
			continue;
		if (!words[i].needs_digit)
			/* "YK2" too. */
			return isalpha((unsigned char)*next) || (unsigned char)*next >= 0x80 ? NULL
											     : next;
		next += strspn(next, " :#.");
		if (next > text + len && isdigit((unsigned char)*next))
			return next;
	}
	return NULL;
}
