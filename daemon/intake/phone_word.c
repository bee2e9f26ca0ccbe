/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/phone_word.h"

#include "daemon/base/base.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

const char *phone_words(const char *text)
{
	static const char *const words[] = {"DOI SO", "Doi so", "Doi So", "doi so", "DOISO",
		"Doiso", "doiso", "ĐỔI SỐ", "Đổi số", "Đổi Số", "đổi số", "DỔI SỐ", "đổi so"};

	text += strspn(text, " \t\r\n");
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t len = strlen(words[i]);
		unsigned char next;

		if (strncmp(text, words[i], len) != 0)
			continue;
		next = (unsigned char)text[len];
		return isalpha(next) || next >= 0x80 ? NULL : text + len;
	}
	return NULL;
}
