/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/base/rng.h"
#include "daemon/base/base.h"

void rng_init(struct rng *rng, uint64_t seed)
{
	rng->state = seed;
}

/* Steele, Lea, Flood: "Fast splittable pseudorandom number generators" (2014), constants of the
 * reference mixer. */
uint64_t rng_next(struct rng *rng)
{
	uint64_t z = rng->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

int64_t rng_below(struct rng *rng, int64_t bound)
{
	CHECK(bound > 0);
	return (int64_t)(rng_next(rng) % (uint64_t)bound);
}
