/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/told_everyone.h"

#include "daemon/base/str.h"

#include <string.h>
#include <strings.h>

#define SIGNS	   " \t\r\n.,:;#-_()\"'*!"
#define DIGITS	   "0123456789"
#define DIGITS_MAX 9 /* more than there will ever be bulletins */

static const char *after_word(const char *text)
{
	static const char *const words[] = {"roi", "rồi", "Rồi", "RỒI", "rôi", "Rôi", "RÔI"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strncasecmp(text, words[i], strlen(words[i])) == 0)
			return text + strlen(words[i]);
	}
	return NULL;
}

enum err told_everyone_parse(const char *text, int64_t *ret_bulletin)
{
	const char *after = after_word(text + strspn(text, SIGNS));
	int64_t number = 0;
	size_t digits;

	if (!after)
		return ERR_NOT_FOUND;
	after += strspn(after, SIGNS);
	digits = strspn(after, DIGITS);
	/* "roi 12h dem qua": a number that goes on is none. */
	if (!digits || digits > DIGITS_MAX || after[0] == '0')
		return ERR_NOT_FOUND;
	if (after[digits] && !strchr(SIGNS, after[digits]))
		return ERR_NOT_FOUND;
	for (size_t i = 0; i < digits; i++)
		number = number * 10 + (after[i] - '0');
	*ret_bulletin = number;
	return ERR_OK;
}
