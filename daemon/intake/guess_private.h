/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dictionary of the guess in memory. */
#ifndef BINHYEN_INTAKE_GUESS_PRIVATE_H
#define BINHYEN_INTAKE_GUESS_PRIVATE_H

#include "daemon/desk/category.h"
#include "daemon/intake/guess.h"
#include "daemon/intake/guess_weights.h"
#include "daemon/intake/syllable.h"

#define GUESS_POINT	    10 /* a weight of 1 in the file is ten points */
#define GUESS_TERM_MAX	    8  /* syllables of a dictionary word */
#define GUESS_SHORT_MAX	    4  /* syllables of what a shortened word stands for */
#define GUESS_WEIGHT_MAX    20
#define GUESS_TERMS_MAX	    4000
#define GUESS_MATCHES_MAX   1024
#define GUESS_CLASSES_MAX   64
#define GUESS_FEATURE_BYTES 128 /* of a feature's name */
#define GUESS_RINGS_BELOW   20 /* the threshold: only what is learnt to be this calm doesn't ring */

struct guess_term {
	char *words; /* as in the file, one spelling; owned */
	struct syllable syllables[GUESS_TERM_MAX];
	size_t len;
	char joined[GUESS_TERM_MAX * SYLLABLE_LETTERS_MAX + 1];
	int weights[CATEGORY_COUNT];
	int danger;
	bool always;  /* rings whatever was learnt */
	int bare_pct; /* of the weight, when marks are missing; -1 = as usual */
	int group;    /* spellings of one entry: they count once together */
};

struct guess_short {
	struct syllable key;
	struct syllable syllables[GUESS_SHORT_MAX];
	size_t len;
};

/* Entries of one list of the file, spelling by spelling. */
struct guess_terms {
	struct guess_term *list; /* sorted by the sound of the first syllable */
	size_t count;
	char **names; /* of the groups: an entry's first spelling, a class's name; owned */
	size_t name_count;
};

struct guess_words {
	struct guess_terms words;   /* weighed by hand */
	struct guess_terms classes; /* words of one kind ("vũ khí"), weighed by learning */
	struct guess_short *shorts; /* sorted by letters */
	size_t short_count;
	int category_threshold; /* points */
	int danger_threshold;
	int always_threshold;
};

/* Index of the first term that begins with this sound, or of where it would be. */
size_t guess_terms_first(const struct guess_terms *terms, const char *sound);
/* NULL when the syllable is no shortened word. */
const struct guess_short *guess_words_short(
	const struct guess_words *words, const struct syllable *syllable);

struct guess_match {
	const struct guess_term *term;
	size_t start, len; /* syllables of the text */
	int pct;	   /* of the term's weight */
};

struct guess_matches {
	struct guess_match list[GUESS_MATCHES_MAX];
	size_t count;
};

/* What was found in a text. Some 100 kB: one at a time, on the stack. */
struct guess_finding {
	const struct guess_words *source;
	struct syllable text[GUESS_SYLLABLES_MAX]; /* shortened words spelt out */
	size_t text_len;
	bool asks;		      /* there is a question mark */
	struct guess_matches words;   /* at most one of an entry, none overlapping */
	struct guess_matches classes; /* the same of the classes */
};

/* A weight of the file in points, for how well the text fits. */
static inline int guess_weigh(const struct guess_match *m, int weight)
{
	return weight * m->pct / GUESS_POINT;
}

void guess_find(
	const struct guess_words *source, const char *text, struct guess_finding *ret_found);

/* One thing that learning sees; the name is borrowed for the call. */
struct guess_feature {
	const char *name;
	size_t start, len; /* syllables it stands on; len 0: the whole text */
};
typedef void guess_feature_cb(void *arg, const struct guess_feature *feature);

/* by_hand: what the dictionary alone says. A feature may be told more than once. */
void guess_features(const struct guess_finding *f, const struct guess *by_hand,
	guess_feature_cb *add, void *arg);

struct guess_scores {
	int of[GUESS_HEADS];
};
/* false, and nothing written, when less than two things said by words of the text are known. */
bool guess_learnt(const struct guess_weights *weights, const struct guess_finding *f,
	const struct guess *by_hand, struct guess_scores *ret_scores);

/* What each syllable of the text did for a category and for danger. */
struct guess_shares {
	int category[GUESS_SYLLABLES_MAX];
	int danger[GUESS_SYLLABLES_MAX];
};
void guess_share(const struct guess_weights *weights, const struct guess_finding *f,
	const struct guess *by_hand, enum category category, struct guess_shares *ret_shares);

/* Writes the words that decided into the guess, heaviest first; shares NULL: by hand alone. */
void guess_tell(
	const struct guess_finding *f, const struct guess_shares *shares, struct guess *guess);

/* What the dictionary alone says, without the words that decided. */
void guess_by_hand(const struct guess_finding *f, struct guess *ret_guess);

#endif
