/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last rungs of the recovery of a modem, as a function of time. binhyen-modem climbs the first
 * ones by itself (a bare AT, closing and opening, radio off and on, restart of the module: see
 * gateway/modem_at.c); what still does not work after that loses its power, and in the end a person
 * is told.
 *
 *     down ── after_ms ──→ power ── 2 after_ms ──→ alarm, once
 *                            ↑  └─ 5 min, 30 min, 2 h, then every 6 h ─┐
 *                            └──────────────────────────────────────────┘
 *
 * A modem that works for a minute begins at the bottom again; one that comes and goes does not, so
 * that its power is not cycled every minute.
 */
#ifndef BINHYEN_RELAY_MODEM_LADDER_H
#define BINHYEN_RELAY_MODEM_LADDER_H

#include <stdbool.h>
#include <stdint.h>

enum ladder_step { LADDER_WAIT, LADDER_POWER, LADDER_ALARM };

struct ladder {
	int64_t after_ms; /* the first rungs have that long, and the power twice as long to help:
			   an LTE module boots in 15 s and finds its network in 30 s */
	bool is_down;
	int64_t since_ms; /* monotonic: when it began to work, or stopped */
	int attempts;	  /* times that the power was cycled for this */
	int64_t next_ms;  /* the next time, once there was one */
	int64_t alarm_ms; /* 0 = not planned yet */
	bool is_told;	  /* a person was, and the modem has not worked since */
	bool is_needless; /* it answers, and misses what no power brings: its SIM */
};

void ladder_down(struct ladder *ladder, int64_t now_ms);
void ladder_works(struct ladder *ladder, int64_t now_ms);
/* What to do now; a step is given once. */
enum ladder_step ladder_next(struct ladder *ladder, int64_t now_ms);

#endif
