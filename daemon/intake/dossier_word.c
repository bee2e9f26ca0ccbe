/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/dossier_word.h"

#include "daemon/base/base.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

const char *dossier_words(const char *text)
{
	static const char *const words[] = {"HS", "Hs", "hs", "HỒ SƠ", "Hồ sơ", "hồ sơ", "Hồ Sơ",
		"HO SO", "Ho so", "ho so", "Ho So"};

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
