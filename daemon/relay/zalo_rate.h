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
#define ZALO_RATE_MOST	4000 /* what the API gives any app */

/* Who asks. A queue of bulletins must not make us deaf, a backlog must not make us dumb. */
enum zalo_use {
	ZALO_USE_POLL,	/* what is new: may take all */
	ZALO_USE_ALARM, /* alarms, answers, what somebody waits for: likewise */
	ZALO_USE_SEND,	/* bulletins: spread over the minute, so that something is always left */
	ZALO_USE_WALK,	/* old messages, looking up doubts: the same, and at least half of it */
};

/*
 * The server counts the calls of a minute. Which minute is not told: the wall clock's is assumed
 * until X-RateLimit-Remain is seen to jump up. Bulletins get their calls evenly over that minute,
 * so that all are used by its end, and at any time before that an alarm finds room.
 */
struct zalo_rate {
	int64_t start_ms; /* wall: of this minute; -1 = none yet */
	int limit;	  /* calls a minute */
	int most;	  /* for all that it is told */
	int left;	  /* in this minute */
	int used;	  /* of all kinds */
	int sent, walked; /* of these two */
	int64_t told;	  /* last X-RateLimit-Remain; -1 never */
	int64_t told_ms;  /* wall: when */
	int64_t until_ms; /* wall: nothing before (told 0, or -32) */
};

/* most: calls a minute, whatever the server allows. */
void zalo_rate_init(struct zalo_rate *rate, int most);
/* 0: one call was taken. Otherwise how long to wait, in ms. */
int64_t zalo_rate_take(struct zalo_rate *rate, int64_t now_ms, enum zalo_use use);
/* How many calls of that use could begin now. */
int zalo_rate_room(struct zalo_rate *rate, int64_t now_ms, enum zalo_use use);
/* Wall time when room comes back; only meaningful while there is none. */
int64_t zalo_rate_next_ms(struct zalo_rate *rate, int64_t now_ms, enum zalo_use use);
/* How long nothing may go at all, at least 1 ms. */
int64_t zalo_rate_closed_ms(const struct zalo_rate *rate, int64_t now_ms);
/* X-RateLimit-Limit and -Remain of a reply; -1 = absent. */
void zalo_rate_told(struct zalo_rate *rate, int64_t now_ms, int64_t limit, int64_t remain);
/* -32 or HTTP 429: nothing before the next minute, or before a short while if that minute may be
 * another than ours; plus up to a second. */
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
