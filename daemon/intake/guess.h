/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A first guess of what a text is about and whether somebody is in danger: from the words of
 * config/guess/vi.json, weighed by hand, and from config/guess/weights.txt, learnt from the texts
 * of config/guess/texts. All of it is weights that are added up, so that the words which decided
 * can be shown. An officer's decision replaces it; it never refuses, delays or hides anything.
 * Pure: no store, no clock, no network, whole numbers only; the same text gives the same guess on
 * every machine.
 */
#ifndef BINHYEN_INTAKE_GUESS_H
#define BINHYEN_INTAKE_GUESS_H

#include "daemon/base/buf.h"
#include "daemon/desk/category.h"

#include <stdbool.h>

#define GUESS_SYLLABLES_MAX 512 /* of a text that are looked at: some 2,500 letters, 15 SMS */
#define GUESS_WORDS_MAX	    8	/* that are told as the reason */
#define GUESS_WORD_BYTES    96	/* of one of them */

struct guess {
	enum category category; /* OTHER when no word speaks for any */
	bool is_danger; /* somebody may be hurt now: danger is recalled before it is precise */
	bool rings;	/* a word that always rings was found, and the others don't take it back */
	int danger;	/* points of the dictionary; the threshold is in the file */
	int points[CATEGORY_COUNT]; /* of the dictionary */
	/* What decided, heaviest first: words of the dictionary, or the reporter's own without
	 * their marks. */
	char words[GUESS_WORDS_MAX][GUESS_WORD_BYTES];
	int word_count;
};

/* text: UTF-8, any length. Never fails: a text without a known word is OTHER and no danger. */
void guess_text(const char *text, struct guess *ret_guess);

/* The same with a dictionary of one's own, for tests and for checking the file; JSON as
 * config/guess describes it. ERR_INVALID with the reason. The dictionary is the caller's to free.
 */
struct guess_words;
MUST_CHECK
enum err guess_words_parse(
	const char *json, size_t bytes, struct guess_words **ret_words, struct errbuf *eb);
void guess_words_free(struct guess_words *words);
/* weights: NULL for the dictionary alone. */
struct guess_weights;
void guess_with(const struct guess_words *words, const struct guess_weights *weights,
	const char *text, struct guess *ret_guess);

#endif
