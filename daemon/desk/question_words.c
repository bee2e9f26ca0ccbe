/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/question_words.h"

#include "daemon/base/buf.h"
#include "gateway/sms_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (64 * 1024)

struct question_words {
	char *words[QUESTION_WORDS_MAX]; /* in `text` */
	int count;
	struct buf text; /* folded, a NUL behind each word */
	struct buf seen; /* the text that is looked at, folded */
};

/* Letters without marks, small. */
static enum err fold(const char *text, struct buf *out)
{
	enum err err;

	buf_reset(out);
	err = sms_text_unaccent(text, out);
	for (size_t i = 0; !err && i < out->len; i++)
		out->data[i] = (char)tolower((unsigned char)out->data[i]);
	return err;
}

static bool split(struct question_words *words)
{
	char *state = NULL, *word = strtok_r(words->text.data, " \t\r\n", &state);
	size_t longest = 0;

	for (; word; word = strtok_r(NULL, " \t\r\n", &state)) {
		if (words->count == QUESTION_WORDS_MAX)
			return false;
		if (strlen(word) > longest)
			longest = strlen(word);
		words->words[words->count++] = word;
	}
	return longest >= QUESTION_LETTERS_MIN;
}

enum err question_words_new(const char *typed, struct question_words **ret_words, struct errbuf *eb)
{
	struct question_words *words;
	enum err err = strlen(typed) > QUESTION_BYTES_MAX ? ERR_TOO_BIG : ERR_OK;

	words = err ? NULL : calloc(1, sizeof(*words));
	if (!err && !words)
		return ERR_NOMEM;
	if (words) {
		buf_init(&words->text, 4 * QUESTION_BYTES_MAX);
		buf_init(&words->seen, 4 * TEXT_MAX);
		err = fold(typed, &words->text);
		if (!err && (!words->text.len || !buf_text(&words->text) || !split(words)))
			err = ERR_INVALID;
	}
	if (err) {
		question_words_free(words);
		return errbuf_set(eb, err == ERR_NOMEM ? err : ERR_INVALID,
			"look for one to %d words, one of them with at least %d letters",
			QUESTION_WORDS_MAX, QUESTION_LETTERS_MIN);
	}
	*ret_words = words;
	return ERR_OK;
}

void question_words_free(struct question_words *words)
{
	if (!words)
		return;
	buf_wipe(&words->text);
	buf_wipe(&words->seen);
	free(words);
}

bool question_words_match(void *arg, const char *text)
{
	struct question_words *words = arg;

	if (fold(text, &words->seen))
		return false;
	for (int i = 0; i < words->count; i++) {
		if (!strstr(buf_text(&words->seen), words->words[i]))
			return false;
	}
	return true;
}
