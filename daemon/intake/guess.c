/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the dictionary says is added up first: people edit it, and some of its words always ring.
 * Then what was learnt from texts, which sees the dictionary's verdict among other things, decides.
 */
#include "daemon/intake/guess.h"

#include "daemon/intake/guess_own.h"
#include "daemon/intake/guess_private.h"

#include <pthread.h>

#define FULL_PCT 100

/* vi.json and weights.txt, embedded at build. */
extern const char guess_vi[];
extern const unsigned long guess_vi_bytes;
extern const char guess_learnt_vi[];
extern const unsigned long guess_learnt_vi_bytes;

static void add_points(const struct guess_finding *f, struct guess *guess)
{
	for (size_t i = 0; i < f->words.count; i++) {
		const struct guess_match *m = &f->words.list[i];

		guess->danger += guess_weigh(m, m->term->danger);
		guess->rings |= m->term->always && m->pct == FULL_PCT;
		for (int c = 0; c < CATEGORY_COUNT; c++)
			guess->points[c] += guess_weigh(m, m->term->weights[c]);
	}
}

static enum category best_category(const struct guess_words *words, const struct guess *guess)
{
	enum category best = CATEGORY_OTHER;
	int most = words->category_threshold - 1;

	for (int c = 0; c < CATEGORY_OTHER; c++) {
		if (guess->points[c] > most) {
			most = guess->points[c];
			best = (enum category)c;
		}
	}
	return best;
}

void guess_by_hand(const struct guess_finding *f, struct guess *ret_guess)
{
	*ret_guess = (struct guess){.category = CATEGORY_OTHER};
	add_points(f, ret_guess);
	ret_guess->category = best_category(f->source, ret_guess);
	ret_guess->is_danger = ret_guess->danger >= f->source->danger_threshold;
	ret_guess->rings = ret_guess->rings && ret_guess->danger >= f->source->always_threshold;
}

static enum category highest(const struct guess_scores *scores)
{
	enum category best = CATEGORY_OTHER;

	for (int c = 0; c < CATEGORY_OTHER; c++) {
		if (scores->of[c] > scores->of[best])
			best = (enum category)c;
	}
	return best;
}

/* "cháy" rings, but not in what is full of thanks or of yesterday. */
static void judge_danger(int threshold, int score, struct guess *guess)
{
	guess->rings = guess->rings && score >= threshold - GUESS_RINGS_BELOW;
	guess->is_danger = guess->rings || score >= threshold;
}

void guess_with(const struct guess_words *words, const struct guess_weights *weights,
	const char *text, struct guess *ret_guess)
{
	struct guess_finding f;
	struct guess_scores scores;
	struct guess_shares shares;
	struct guess by_hand;
	bool is_learnt;

	guess_find(words, text, &f);
	guess_by_hand(&f, &by_hand);
	*ret_guess = by_hand;
	is_learnt = weights && guess_learnt(weights, &f, &by_hand, &scores);
	if (is_learnt) {
		ret_guess->category = highest(&scores);
		judge_danger(weights->threshold, scores.of[GUESS_HEAD_DANGER], ret_guess);
		guess_share(weights, &f, &by_hand, ret_guess->category, &shares);
	}
	guess_tell(&f, is_learnt ? &shares : NULL, ret_guess);
}

static struct guess_words *embedded;
static struct guess_weights *embedded_weights;
static pthread_once_t embedded_once = PTHREAD_ONCE_INIT;

/* Files that don't parse can't leave the build: a test reads them. */
static void embedded_read(void)
{
	struct errbuf eb = {0};

	CHECK(guess_words_parse(guess_vi, guess_vi_bytes, &embedded, &eb) == ERR_OK);
	CHECK(guess_weights_parse(guess_learnt_vi, guess_learnt_vi_bytes, &embedded_weights, &eb) ==
		ERR_OK);
}

void guess_text(const char *text, struct guess *ret_guess)
{
	pthread_once(&embedded_once, embedded_read);
	guess_with(embedded, embedded_weights, text, ret_guess);
	guess_own_add(guess_own_used(), text, ret_guess);
}
