/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last lines to and from a modem, for whoever wonders what it does. Phone numbers, identities,
 * PDUs and texts are taken out before anything is kept.
 */
#ifndef BINHYEN_GATEWAY_AT_RING_H
#define BINHYEN_GATEWAY_AT_RING_H

#include <stddef.h>

#define AT_RING_LINES 64
#define AT_RING_BYTES 80

struct at_ring {
	char lines[AT_RING_LINES][AT_RING_BYTES];
	size_t count; /* ever */
};

/* direction: '>' to the modem, '<' from it. */
void at_ring_add(struct at_ring *ring, char direction, const char *line);

/* The n-th newest, 0 the last; NULL past the oldest that is kept. */
const char *at_ring_line(const struct at_ring *ring, size_t n);

#endif
