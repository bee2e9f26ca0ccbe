/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an officer looks for: words, all of which must be in a text, wherever and in any case, with
 * or without the marks of Vietnamese. */
#ifndef BINHYEN_DESK_QUESTION_WORDS_H
#define BINHYEN_DESK_QUESTION_WORDS_H

#include "daemon/base/err.h"

#include <stdbool.h>

#define QUESTION_WORDS_MAX   8
#define QUESTION_BYTES_MAX   200 /* as typed */
#define QUESTION_LETTERS_MIN 2	 /* of the longest word: one letter is in every text */

struct question_words;
MUST_CHECK
enum err question_words_new(
	const char *typed, struct question_words **ret_words, struct errbuf *eb);
void question_words_free(struct question_words *words); /* NULL is fine */
/* For search_options.matches; arg is the struct question_words. */
bool question_words_match(void *arg, const char *text);

#endif
