/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reasons of a guess. The text is covered by the dictionary's words, then by words of its
 * classes, then by the syllables that are left; what stands on each is what it did. The heaviest
 * are told.
 */
#include "daemon/intake/guess_private.h"

#include <stdio.h>
#include <string.h>

#define LEAST_PART  6 /* what did less than a sixth of the heaviest is not told */
#define RINGS_FIRST 1000000

struct piece {
	const char *words;
	size_t start, len;
	int share;
};

struct pieces {
	struct piece list[GUESS_SYLLABLES_MAX];
	size_t count;
	bool covered[GUESS_SYLLABLES_MAX];
};

static void add_piece(struct pieces *p, const char *words, size_t start, size_t len, int share)
{
	for (size_t i = start; i < start + len; i++) {
		if (p->covered[i])
			return;
	}
	memset(&p->covered[start], true, len);
	p->list[p->count++] = (struct piece){
		.words = words, .start = start, .len = len, .share = share};
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

static int share_by_hand(const struct guess_match *m, const struct guess *guess)
{
	int category = guess_weigh(m, m->term->weights[guess->category]);

	return larger(category, guess->is_danger ? guess_weigh(m, m->term->danger) : 0);
}

static int share_learnt(
	const struct guess_shares *shares, size_t start, size_t len, const struct guess *guess)
{
	int category = 0, danger = 0;

	for (size_t i = start; i < start + len; i++) {
		category += shares->category[i];
		danger += shares->danger[i];
	}
	return larger(category, guess->is_danger ? danger : 0);
}

/* What always rings is told first, whatever was learnt of it. */
static int share_of(
	const struct guess_shares *shares, const struct guess_match *m, const struct guess *guess)
{
	if (guess->rings && m->term->always)
		return RINGS_FIRST + m->term->danger;
	return shares ? share_learnt(shares, m->start, m->len, guess) : share_by_hand(m, guess);
}

static void cover(struct pieces *p, const struct guess_finding *f,
	const struct guess_shares *shares, const struct guess *guess)
{
	for (size_t i = 0; i < f->words.count; i++) {
		const struct guess_match *m = &f->words.list[i];

		add_piece(p, m->term->words, m->start, m->len, share_of(shares, m, guess));
	}
	for (size_t i = 0; shares && i < f->classes.count; i++) {
		const struct guess_match *m = &f->classes.list[i];

		add_piece(p, m->term->words, m->start, m->len, share_of(shares, m, guess));
	}
	for (size_t i = 0; shares && i < f->text_len; i++)
		add_piece(p, f->text[i].letters, i, 1, share_learnt(shares, i, 1, guess));
}

static bool is_told(const struct guess *guess, const char *words)
{
	for (int i = 0; i < guess->word_count; i++) {
		if (strcmp(guess->words[i], words) == 0)
			return true;
	}
	return false;
}

void guess_tell(
	const struct guess_finding *f, const struct guess_shares *shares, struct guess *guess)
{
	struct pieces p = {.count = 0};
	int heaviest = 0;

	cover(&p, f, shares, guess);
	guess->word_count = 0;
	while (guess->word_count < GUESS_WORDS_MAX) {
		struct piece *best = NULL;

		for (size_t i = 0; i < p.count; i++) {
			if (p.list[i].share > 0 && (!best || p.list[i].share > best->share))
				best = &p.list[i];
		}
		if (!best || best->share < heaviest / LEAST_PART)
			break;
		if (best->share < RINGS_FIRST)
			heaviest = larger(heaviest, best->share);
		best->share = 0;
		if (!is_told(guess, best->words))
			snprintf(guess->words[guess->word_count++], GUESS_WORD_BYTES, "%s",
				best->words);
	}
}
