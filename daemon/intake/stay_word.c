/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/stay_word.h"

#include "daemon/desk/stay.h"
#include "daemon/intake/guess.h"
#include "daemon/intake/intake_private.h"
#include "gateway/sms_text.h"

#include <ctype.h>
#include <string.h>

const char *stay_keyword(const char *text)
{
	static const struct {
		const char *word;
		bool needs_digit;
	} words[] = {{"LT", false}, {"Lt", false}, {"lt", false}, {"LƯU TRÚ", true},
		{"Lưu trú", true}, {"lưu trú", true}, {"LUU TRU", true}, {"Luu tru", true},
		{"luu tru", true}};

	text += strspn(text, " \t\r\n");
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t len = strlen(words[i].word);
		unsigned char next;

		if (strncmp(text, words[i].word, len) != 0)
			continue;
		next = (unsigned char)text[len];
		if (isalnum(next) || next >= 0x80 ||
			(words[i].needs_digit && !strpbrk(text + len, "0123456789")))
			return NULL;
		return text + len;
	}
	return NULL;
}

enum err intake_take_stay(
	struct intake *intake, int64_t party_id, const char *text, int64_t sent_ms)
{
	const char *words = stay_keyword(text);
	CLEAN_BUF normal = {0};
	struct guess guess;
	enum err err;

	if (!words)
		return ERR_NOT_FOUND;
	buf_init(&normal, INTAKE_TEXT_MAX);
	err = sms_text_normalize(words, &normal);
	if (!err)
		guess_text(buf_text(&normal), &guess);
	/* No text, or somebody is in danger: a person reads it. */
	if (err || guess.is_danger)
		err = err == ERR_NOMEM ? err : ERR_NOT_FOUND;
	else
		err = desk_stay_take(intake->desk, &(struct desk_stay){.party_id = party_id,
							   .words = buf_text(&normal),
							   .sent_ms = sent_ms});
	buf_wipe(&normal);
	return err;
}
