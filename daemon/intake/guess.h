/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A first guess of what a text is about and whether somebody is in danger, from the words of
 * config/guess/vi.json: weights that are added up, so that the words which decided can be shown. An
 * officer's decision replaces it; it never refuses, delays or hides anything. Pure: no store, no
 * clock, no network; the same text gives the same guess.
 */
#ifndef BINHYEN_INTAKE_GUESS_H
#define BINHYEN_INTAKE_GUESS_H

#include "daemon/base/buf.h"
#include "daemon/desk/category.h"

#include <stdbool.h>

#define GUESS_SYLLABLES_MAX 512 /* of a text that are looked at: some 2,500 letters, 15 SMS */
#define GUESS_WORDS_MAX	    8	/* that are told as the reason */

struct guess {
	enum category category; /* OTHER when no word speaks for any */
	bool is_danger; /* somebody may be hurt now: danger is recalled before it is precise */
	int danger;	/* points; the threshold is in the file */
	int points[CATEGORY_COUNT];
	const char *words[GUESS_WORDS_MAX]; /* dictionary words that decided, heaviest first;
					       they live as long as the program */
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
void guess_with(const struct guess_words *words, const char *text, struct guess *ret_guess);

#endif
