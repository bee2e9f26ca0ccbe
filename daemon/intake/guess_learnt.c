/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The learnt part of the guess: each category and danger is a sum of weights, divided by the square
 * root of how many features are known, so that long texts don't shout. The same sums, spread over
 * the syllables that the features stand on, are what the reasons are taken from.
 */
#include "daemon/intake/guess_private.h"

#include <string.h>

#define SCALE_BITS  16
#define WORDS_LEAST 2 /* one syllable alone says what it stood beside, not what it means */

struct adding {
	const struct guess_weights *weights;
	uint64_t seen[GUESS_FEATURES_MAX / 64]; /* a bit for each feature */
	int64_t sums[GUESS_HEADS];
	uint32_t known;
	uint32_t known_words; /* of those, what stands on words and not on the whole text */
};

/* true the first time that a feature is told. */
static bool see_first(struct adding *a, size_t index)
{
	uint64_t bit = UINT64_C(1) << (index % 64);

	if (a->seen[index / 64] & bit)
		return false;
	a->seen[index / 64] |= bit;
	return true;
}

static void add_feature(void *arg, const struct guess_feature *feature)
{
	struct adding *a = arg;
	size_t index = guess_weights_find(a->weights, feature->name), count;
	const struct guess_weight *weights;

	if (index == a->weights->feature_count || !see_first(a, index))
		return;
	a->known++;
	a->known_words += feature->len > 0;
	weights = guess_weights_of(a->weights, index, &count);
	for (size_t i = 0; i < count; i++)
		a->sums[weights[i].head] += weights[i].value;
}

/* The root of n, rounded down. */
static uint32_t root(uint64_t n)
{
	uint64_t low = 0, high = UINT32_MAX;

	while (low < high) {
		uint64_t middle = (low + high + 1) / 2;

		if (middle * middle <= n)
			low = middle;
		else
			high = middle - 1;
	}
	return (uint32_t)low;
}

static int64_t scale_of(uint32_t known)
{
	return root((UINT64_C(1) << (2 * SCALE_BITS)) / (known ? known : 1));
}

bool guess_learnt(const struct guess_weights *weights, const struct guess_finding *f,
	const struct guess *by_hand, struct guess_scores *ret_scores)
{
	struct adding a = {.weights = weights};
	int64_t scale;

	guess_features(f, by_hand, add_feature, &a);
	if (a.known_words < WORDS_LEAST)
		return false;
	scale = scale_of(a.known);
	for (int i = 0; i < GUESS_HEADS; i++)
		ret_scores->of[i] = (int)(weights->bias[i] +
					  a.sums[i] * scale / (INT64_C(1) << SCALE_BITS));
	return true;
}

struct sharing {
	struct adding adding; /* for what was seen */
	enum category category;
	struct guess_shares *shares;
};

static void share_out(int *of, const struct guess_feature *feature, int value)
{
	for (size_t i = 0; i < feature->len; i++)
		of[feature->start + i] += value / (int)feature->len;
}

static void share_feature(void *arg, const struct guess_feature *feature)
{
	struct sharing *s = arg;
	struct adding *a = &s->adding;
	size_t index = guess_weights_find(a->weights, feature->name), count;
	const struct guess_weight *weights;

	if (!feature->len || index == a->weights->feature_count || !see_first(a, index))
		return;
	weights = guess_weights_of(a->weights, index, &count);
	for (size_t i = 0; i < count; i++) {
		if (weights[i].head == s->category)
			share_out(s->shares->category, feature, weights[i].value);
		else if (weights[i].head == GUESS_HEAD_DANGER)
			share_out(s->shares->danger, feature, weights[i].value);
	}
}

void guess_share(const struct guess_weights *weights, const struct guess_finding *f,
	const struct guess *by_hand, enum category category, struct guess_shares *ret_shares)
{
	struct sharing s = {.category = category, .shares = ret_shares};

	memset(ret_shares, 0, sizeof(*ret_shares));
	s.adding.weights = weights;
	guess_features(f, by_hand, share_feature, &s);
}
