/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vietnamese words as people type them. A written syllable is letters plus two kinds of marks,
 * those of a letter (â ă ê ô ơ ư đ) and the tone; in a text message any of them may be missing. Two
 * syllables fit each other when no mark contradicts: "chay" fits "cháy" and "chạy", which don't fit
 * one another. Pure functions; the caller owns everything.
 */
#ifndef BINHYEN_INTAKE_SYLLABLE_H
#define BINHYEN_INTAKE_SYLLABLE_H

#include "daemon/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYLLABLE_LETTERS_MAX \
	15 /* the longest written syllable has 7; the rest are runs of words \
	    */

struct syllable {
	char letters[SYLLABLE_LETTERS_MAX + 1]; /* a-z and 0-9, no marks */
	char sound[SYLLABLE_LETTERS_MAX + 1];	/* letters with the usual misspellings made one */
	uint8_t mark[SYLLABLE_LETTERS_MAX];	/* enum syllable_mark of each letter */
	uint8_t tone;				/* 0 none, else 1..5 */
	bool has_marks;
};

/*
 * Cuts UTF-8 into syllables: runs of letters and digits; what is longer than the maximum is cut
 * there. Upper case, decomposed forms and a letter held down ("cháyyyy") make no difference. At
 * most `max` are written; returns how many. Invalid UTF-8 ends the text.
 */
size_t syllables_cut(const char *utf8, struct syllable *out, size_t max);

enum syllable_fit {
	SYLLABLE_NONE,	/* another word */
	SYLLABLE_SOUND, /* spelt otherwise, said alike: "chộm" for "trộm" */
	SYLLABLE_BARE,	/* marks are missing */
	SYLLABLE_FULL	/* as in the dictionary */
};
/* How what was written fits the dictionary's word. */
enum syllable_fit syllable_fit(const struct syllable *written, const struct syllable *word);

#endif
