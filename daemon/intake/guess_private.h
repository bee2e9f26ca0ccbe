/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dictionary of the guess in memory. */
#ifndef BINHYEN_INTAKE_GUESS_PRIVATE_H
#define BINHYEN_INTAKE_GUESS_PRIVATE_H

#include "daemon/desk/category.h"
#include "daemon/intake/guess.h"
#include "daemon/intake/syllable.h"

#define GUESS_POINT	 10 /* a weight of 1 in the file is ten points */
#define GUESS_TERM_MAX	 8  /* syllables of a dictionary word */
#define GUESS_SHORT_MAX	 4  /* syllables of what a shortened word stands for */
#define GUESS_WEIGHT_MAX 20
#define GUESS_TERMS_MAX	 4000
#define GUESS_WORD_BYTES 96

struct guess_term {
	char *words; /* as in the file, one spelling; owned */
	struct syllable syllables[GUESS_TERM_MAX];
	size_t len;
	char joined[GUESS_TERM_MAX * SYLLABLE_LETTERS_MAX + 1];
	int weights[CATEGORY_COUNT];
	int danger;
	int bare_pct; /* of the weight, when marks are missing; -1 = as usual */
	int group;    /* spellings of one entry: they count once together */
};

struct guess_short {
	struct syllable key;
	struct syllable syllables[GUESS_SHORT_MAX];
	size_t len;
};

struct guess_words {
	struct guess_term *terms; /* sorted by the sound of the first syllable */
	size_t term_count;
	struct guess_short *shorts; /* sorted by letters */
	size_t short_count;
	int category_threshold; /* points */
	int danger_threshold;
};

/* Index of the first term that begins with this sound, or of where it would be. */
size_t guess_words_first(const struct guess_words *words, const char *sound);
/* NULL when the syllable is no shortened word. */
const struct guess_short *guess_words_short(
	const struct guess_words *words, const struct syllable *syllable);

#endif
