/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two small machines without a loop: how many calls this minute still allows, and whether the
 * service can be reached. Times are passed in.
 */
#ifndef BINHYEN_RELAY_ZALO_RATE_H
#define BINHYEN_RELAY_ZALO_RATE_H

#include "daemon/base/rng.h"

#include <stdbool.h>
#include <stdint.h>

/* The limit depends on the OA's package and is told only by X-RateLimit-*: begin low. */
#define ZALO_RATE_FIRST 60
#define ZALO_RATE_MOST	600 /* more than a commune ever needs; leaves the app's rest to others */

/* Who asks. A queue of bulletins must not make us deaf, a backlog must not make us dumb. */
enum zalo_use {
	ZALO_USE_POLL, /* what is new: may take all */
	ZALO_USE_SEND, /* leaves a quarter to the poll */
	ZALO_USE_WALK, /* old messages, looking up doubts: leaves another quarter to the sends */
};

struct zalo_rate {
	int64_t minute;	  /* wall time / 60,000 of the window */
	int limit;	  /* calls a minute */
	int left;	  /* in this window */
	int64_t told;	  /* last X-RateLimit-Remain; -1 never */
	int64_t until_ms; /* wall: nothing before (told 0, or -32) */
};

void zalo_rate_init(struct zalo_rate *rate);
/* 0: one call was taken. Otherwise how long to wait, in ms. */
int64_t zalo_rate_take(struct zalo_rate *rate, int64_t now_ms, enum zalo_use use);
/* How many calls of that use could begin now. */
int zalo_rate_room(struct zalo_rate *rate, int64_t now_ms, enum zalo_use use);
/* Wall time when room comes back; only meaningful while there is none. */
int64_t zalo_rate_next_ms(const struct zalo_rate *rate, int64_t now_ms);
/* X-RateLimit-Limit and -Remain of a reply; -1 = absent. */
void zalo_rate_told(struct zalo_rate *rate, int64_t now_ms, int64_t limit, int64_t remain);
/* -32 or HTTP 429: nothing before the next minute, plus up to 3 s. */
void zalo_rate_refused(struct zalo_rate *rate, int64_t now_ms, struct rng *rng);

#define ZALO_BACKOFF_FIRST_MS 2000
#define ZALO_BACKOFF_MAX_MS   60000

struct zalo_link {
	bool is_up;
	unsigned failures;     /* in a row */
	int64_t next_probe_ms; /* monotonic; while down */
};

void zalo_link_init(struct zalo_link *link);
/* 2 s, 4 s, ... 60 s, each between half and the whole. Both return whether is_up changed. */
bool zalo_link_failed(struct zalo_link *link, int64_t mono_ms, struct rng *rng);
bool zalo_link_worked(struct zalo_link *link);
int64_t zalo_backoff_ms(unsigned failures, struct rng *rng);

#endif
