/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/intake/refusal_word.h"

#include "daemon/base/buf.h"
#include "daemon/base/str.h"
#include "gateway/sms_text.h"

#include <ctype.h>
#include <string.h>

#define TEXT_MAX  160 /* bytes of such a text, with its marks; what is longer says something */
#define WORDS_MAX 10
#define WORD_MAX  8

struct words {
	char list[WORDS_MAX][WORD_MAX];
	int count;
};

/* The words of a text without marks, in small letters. ERR_NOT_FOUND: too many, or too long ones.
 */
static enum err split(const char *text, struct words *ret)
{
	size_t len = 0;

	ret->count = 0;
	for (const char *p = text;; p++) {
		if (isalnum((unsigned char)*p)) {
			if (ret->count == WORDS_MAX || len == WORD_MAX - 1)
				return ERR_NOT_FOUND;
			ret->list[ret->count][len++] = (char)tolower((unsigned char)*p);
			continue;
		}
		/* A mark that is no letter of a word: a question, a price. */
		if (*p && !strchr(" \t\r\n.,:;!-_'\"()#", *p))
			return ERR_NOT_FOUND;
		if (len)
			ret->list[ret->count++][len] = 0;
		len = 0;
		if (!*p)
			return ERR_OK;
	}
}

/* How many words say it; 0: they say something else. */
static int command_words(const struct words *w, bool *ret_is_back)
{
	static const struct {
		const char *first, *second; /* "" one word */
		bool is_back;
	} commands[] = {{"tu", "choi", false}, {"tuchoi", "", false}, {"stop", "", false},
		{"nhan", "lai", true}, {"nhanlai", "", true}};

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		bool is_pair = commands[i].second[0];

		if (w->count < (is_pair ? 2 : 1) || !str_eq(w->list[0], commands[i].first) ||
			(is_pair && !str_eq(w->list[1], commands[i].second)))
			continue;
		*ret_is_back = commands[i].is_back;
		return is_pair ? 2 : 1;
	}
	return 0;
}

/* Words that people put beside it. */
static bool is_filler(const char *word)
{
	static const char *const fillers[] = {
		"nhan", "ban", "tin", "nhan", "so", "loai", "muc", "cua", "cong", "an", "xa", "ca"};

	for (size_t i = 0; i < ARRAY_LEN(fillers); i++) {
		if (str_eq(fillers[i], word))
			return true;
	}
	return false;
}

static enum err parse_words(const struct words *w, struct refusal_word *ret_word)
{
	struct refusal_word word = {.topic = 0};
	int i = command_words(w, &word.is_back);
	int64_t topic;

	if (!i)
		return ERR_NOT_FOUND;
	while (i < w->count && is_filler(w->list[i]))
		i++;
	if (i < w->count) {
		if (str_to_int64(w->list[i++], 0, 99, &topic) || i < w->count)
			return ERR_NOT_FOUND;
		word.topic = (int)topic;
	}
	*ret_word = word;
	return ERR_OK;
}

enum err refusal_word_parse(const char *text, struct refusal_word *ret_word)
{
	CLEAN_BUF plain = {0};
	struct words words;
	enum err err;

	buf_init(&plain, 2 * TEXT_MAX);
	if (strlen(text) > TEXT_MAX || sms_text_unaccent(text, &plain))
		return ERR_NOT_FOUND;
	err = split(buf_text(&plain), &words);
	return err ? err : parse_words(&words, ret_word);
}
