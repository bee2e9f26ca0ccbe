/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was learnt from texts: config/guess/weights.txt, embedded at build, in memory. Whole numbers
 * only, so that every machine comes to the same guess. Owned by who parsed it; read-only
 * afterwards.
 */
#ifndef BINHYEN_INTAKE_GUESS_WEIGHTS_H
#define BINHYEN_INTAKE_GUESS_WEIGHTS_H

#include "daemon/desk/category.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUESS_HEADS		(CATEGORY_COUNT + 1)
#define GUESS_HEAD_DANGER	CATEGORY_COUNT
#define GUESS_FEATURES_MAX	98304 /* a multiple of 64 */
#define GUESS_WEIGHT_LEARNT_MAX 9999

struct guess_weight {
	uint8_t head;
	int16_t value;
};

struct guess_weights {
	uint64_t *keys; /* hashes of the features' names, ascending */
	uint32_t *ends; /* of each feature's weights */
	struct guess_weight *weights;
	size_t feature_count, weight_count;
	int bias[GUESS_HEADS];
	int threshold; /* of danger */
};

/*
 *   binhyen-guess 1
 *   threshold -40
 *   bias 12 -3 …                       one for each category, in their order, then danger
 *   w chay<TAB>a-12 e40 m33            a feature and its weights: a is the first category, m danger
 *
 * The features stand in ascending order of bytes. ERR_INVALID with the line. Nothing of the text is
 * kept.
 */
MUST_CHECK
enum err guess_weights_parse(
	const char *text, size_t bytes, struct guess_weights **ret_weights, struct errbuf *eb);
void guess_weights_free(struct guess_weights *weights);

/* Index of a feature, or feature_count. */
size_t guess_weights_find(const struct guess_weights *weights, const char *name);
/* The weights of a feature; borrowed. */
const struct guess_weight *guess_weights_of(
	const struct guess_weights *weights, size_t feature, size_t *ret_count);

#endif
