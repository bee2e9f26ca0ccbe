/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/alarm_answer.h"

#include "daemon/base/str.h"

#include <string.h>

#define SIGNS  " \t\r\n.,:;#-_()\"'*!"
#define DIGITS "0123456789"

/* As they are typed on phones, with the o that is a zero. Longest first. */
static const struct {
	const char *word;
	bool is_back;
} words[] = {{"h\xe1\xbb\xa7y", true}, {"H\xe1\xbb\xa6Y", true}, {"H\xe1\xbb\xa7y", true},
	{"huy", true}, {"ok", false}, {"0k", false}};

static bool begins_with(const char *text, const char *word)
{
	for (; *word; word++, text++) {
		char c = *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text;
		char w = *word >= 'A' && *word <= 'Z' ? (char)(*word - 'A' + 'a') : *word;

		if (c != w)
			return false;
	}
	return true;
}

static const char *after_word(const char *text, bool *ret_is_back)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (begins_with(text, words[i].word)) {
			*ret_is_back = words[i].is_back;
			return text + strlen(words[i].word);
		}
	}
	return NULL;
}

enum err alarm_answer_parse(const char *text, struct alarm_answer *ret_answer)
{
	struct alarm_answer answer = {0};
	size_t digits;

	text = after_word(text + strspn(text, SIGNS), &answer.is_back);
	if (!text)
		return ERR_NOT_FOUND;
	text += strspn(text, SIGNS);
	digits = strspn(text, DIGITS);
	/* Every number has three digits: "ok 12 gio toi" is something else. */
	if (digits != 3 || text[0] == '0')
		return ERR_NOT_FOUND;
	for (size_t i = 0; i < digits; i++)
		answer.number = 10 * answer.number + (text[i] - '0');
	text += digits;
	answer.note = text + strspn(text, SIGNS);
	*ret_answer = answer;
	return ERR_OK;
}
