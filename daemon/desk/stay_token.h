/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words, identity numbers and dates of a stay notice, each in its place; for stay_words.c. */
#ifndef BINHYEN_DESK_STAY_TOKEN_H
#define BINHYEN_DESK_STAY_TOKEN_H

#include "daemon/desk/stay_words.h"

#include <stddef.h>

#define STAY_TOKENS_MAX 600
#define STAY_FOLD_BYTES 24

enum stay_token_kind {
	STAY_WORD,
	STAY_BREAK,  /* a comma, a new line, a colon */
	STAY_ID,     /* twelve digits in a row or in groups */
	STAY_NINE,   /* nine digits */
	STAY_DIGITS, /* so many that it is neither, nor a telephone number */
	STAY_DATE,
};

struct stay_token {
	enum stay_token_kind kind;
	size_t at, bytes;		 /* in the text */
	char folded[STAY_FOLD_BYTES];	 /* WORD: without marks and capitals; cut */
	char digits[STAY_ID_DIGITS + 1]; /* ID */
	int day, month, year;		 /* DATE; 0: not said. A month of 0: of the next date */
};

struct stay_tokens {
	struct stay_token items[STAY_TOKENS_MAX];
	size_t count;
};

/* What is more than STAY_TOKENS_MAX is left out. */
void stay_tokens_read(const char *text, struct stay_tokens *ret_tokens);

/* Folded; "" where no word is. */
const char *stay_word_at(const struct stay_tokens *tokens, size_t i);
/* How many words from i on are one of these phrases, up to NULL; 0 none. The longest first. */
size_t stay_phrase_at(const struct stay_tokens *tokens, size_t i, const char *const *phrases);

#endif
