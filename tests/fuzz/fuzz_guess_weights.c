/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loader of the learnt weights: whatever it accepts can be looked up and stays in its bounds.
 */
#include "daemon/intake/guess_weights.h"

#include "daemon/base/base.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct guess_weights *weights;
	struct errbuf eb = {0};
	size_t total = 0;

	if (guess_weights_parse((const char *)data, size, &weights, &eb))
		return 0;
	CHECK(weights->feature_count && weights->feature_count <= GUESS_FEATURES_MAX);
	for (size_t i = 0; i < weights->feature_count; i++) {
		size_t count;
		const struct guess_weight *of = guess_weights_of(weights, i, &count);

		CHECK(count && count <= GUESS_HEADS);
		for (size_t k = 0; k < count; k++)
			CHECK(of[k].head < GUESS_HEADS &&
				abs(of[k].value) <= GUESS_WEIGHT_LEARNT_MAX);
		total += count;
	}
	CHECK(total == weights->weight_count);
	CHECK(guess_weights_find(weights, "w chay") <= weights->feature_count);
	guess_weights_free(weights);
	return 0;
}
