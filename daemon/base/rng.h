/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Seeded random numbers for jitter and simulations (SplitMix64). Not for secrets: those come from
 * store/vault. */
#ifndef BINHYEN_BASE_RNG_H
#define BINHYEN_BASE_RNG_H

#include <stdint.h>

struct rng {
	uint64_t state;
};

void rng_init(struct rng *rng, uint64_t seed);
uint64_t rng_next(struct rng *rng);
int64_t rng_below(struct rng *rng, int64_t bound); /* 0 .. bound-1; bound > 0 */

#endif
