/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/word_list.h"

#include <string.h>

extern const char words_escrow[]; /* a word a line, sorted */

/* Walked from the top: a list of 6 KB is read in microseconds, and only when words are printed or
 * typed. */
static const char *line_after(const char *line)
{
	return strchr(line, '\n') + 1;
}

void word_list_word(int index, char ret_word[WORD_LIST_WORD_MAX + 1])
{
	const char *line = words_escrow;
	size_t len;

	for (int i = 0; i < index; i++)
		line = line_after(line);
	len = strcspn(line, "\n");
	memcpy(ret_word, line, len);
	ret_word[len] = 0;
}

enum err word_list_find(const char *word, size_t len, int *ret_index)
{
	const char *line = words_escrow;

	for (int i = 0; i < WORD_LIST_COUNT; i++, line = line_after(line)) {
		if (strcspn(line, "\n") == len && memcmp(line, word, len) == 0) {
			*ret_index = i;
			return ERR_OK;
		}
	}
	return ERR_NOT_FOUND;
}
