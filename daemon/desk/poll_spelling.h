/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of an answer to a poll and the spellings of its options, for poll_words.c only. Pure. */
#ifndef BINHYEN_DESK_POLL_SPELLING_H
#define BINHYEN_DESK_POLL_SPELLING_H

#include "daemon/desk/poll_words.h"

#define POLL_TEXT_MAX	   1000 /* bytes that are looked at */
#define POLL_CUT_MAX	   48
#define POLL_WORD_BYTES	   24
#define POLL_ALIAS_WORDS   10
#define POLL_SPELLINGS_MAX (POLL_ALIASES_MAX + 24)

struct poll_words {
	char items[POLL_CUT_MAX][POLL_WORD_BYTES];
	int count;
};
struct poll_spelling {
	char items[POLL_ALIAS_WORDS][POLL_WORD_BYTES];
	int count;
};
struct poll_spellings {
	struct poll_spelling items[POLL_SPELLINGS_MAX];
	int count;
};
struct poll_ear {
	int numbers[POLL_OPTIONS_MAX];
	struct poll_spellings spelt[POLL_OPTIONS_MAX];
	int count;
};

/* Words of plain small letters and digits; of a longer text the beginning. */
void poll_cut(const char *text, struct poll_words *words);
bool poll_is_digits(const char *word);
void poll_join(const char items[][POLL_WORD_BYTES], int count, const char *between, char *out,
	size_t bytes);
/* What it is called, and what officers gave it; not what people say by habit. */
void poll_spell(const struct poll_option *option, struct poll_spellings *list);

#endif
