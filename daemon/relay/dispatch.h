/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What leaves next. Knows lanes, claims, deadlines, retries; knows neither uv nor sockets: it is
 * ticked by its owner and lives on the store's clock, so that a simulation can run years of it.
 *
 *   dispatch_tick()  expires and settles what is overdue, claims what is due lane by lane for every
 * channel with room, defers the sends to after the commit (turn.h), and says when it wants to be
 * called next.
 *
 * Whatever changes a channel's room calls dispatch_wake(); the owner then ticks once in this turn
 * of the loop.
 */
#ifndef BINHYEN_RELAY_DISPATCH_H
#define BINHYEN_RELAY_DISPATCH_H

#include "daemon/relay/channel.h"

struct clock_trust;
struct dispatch;

struct dispatch_options {
	struct store *store;	 /* borrowed */
	uint64_t seed;		 /* of the jitter */
	void (*wake)(void *arg); /* "tick me in this turn": must not call dispatch_tick itself */
	void *wake_arg;
	struct clock_trust *trust; /* told of jumps of the clock; NULL = nobody */
	/* Until when a message of a bulletin has to wait, 0 not at all, INT64_MAX: it is not
	 * sent any more; NULL: none has. Called
	 * within the turn that would claim it. */
	enum err (*hold)(void *arg, const struct outbox_row *row, int64_t *ret_until_ms);
	void *hold_arg;
	int64_t claim_ms[CHANNEL_KIND_COUNT]; /* lease of a claim; 0 = the default of the channel's
						 kind */
};

MUST_CHECK
enum err dispatch_new(const struct dispatch_options *options, struct dispatch **ret_dispatch);
void dispatch_free(struct dispatch *dispatch); /* every channel must be closed */

/* At most one channel of each kind (a pool of modems is one channel). Borrowed until it is closed.
 */
void dispatch_add(struct dispatch *dispatch, struct channel *channel);
/* Is there a channel of that kind, can messages go by it, and for how long has that been so? */
struct dispatch_way {
	bool has, is_up;
	int64_t since_ms;
};
void dispatch_way(struct dispatch *dispatch, enum channel_kind kind, struct dispatch_way *ret_way);
/* capacity or reachability changed, or a new row may be due. Cheap; call it freely. */
void dispatch_wake(struct dispatch *dispatch);

/* A person settles a row IN_DOUBT as "sent", "failed" or "again" (a new row; he vouches for it).
 * NOT_FOUND, STATE, INVALID with the reason in eb. Within a turn; wake the dispatcher after it. */
MUST_CHECK
enum err dispatch_settle_by_hand(struct store *store, int64_t outbox_id, const char *how,
	const char *actor, struct errbuf *eb);

/* What a channel kept back may go after all: a message surely did not leave, or another modem came.
 */
void dispatch_ungate(struct dispatch *dispatch, enum channel_kind kind);

/* What the gate of a channel keeps back. */
struct dispatch_gated {
	int64_t until_ms[LANE_COUNT]; /* 0 = open */
	int64_t short_count;	      /* messages that expire before there is room */
};
void dispatch_gated(
	const struct dispatch *dispatch, enum channel_kind kind, struct dispatch_gated *ret_gated);

/*
 * Has the wall clock jumped by more than CLOCK_JUMP_MS since the last look? Then whatever waits is
 * moved along (store/rebase.h): nothing falls due, expires or is put off by the jump alone. Done by
 * each tick and at the begin of each turn that writes, so that what is written after the jump stays
 * where it is; call it before anything else that compares times of the store with the clock. The
 * first look compares with the last event of the store: a clock that went back while the box was
 * off is a jump, time that passed meanwhile is none.
 */
MUST_CHECK
enum err dispatch_check_clock(struct dispatch *dispatch);
struct dispatch_jumps {
	int count;	 /* since the start */
	int64_t last_ms; /* by how much the last one went */
	int64_t at_ms;	 /* monotonic */
};
struct dispatch_jumps dispatch_jumps(const struct dispatch *dispatch);

/* ret_next_ms: wall time of the next thing to do, INT64_MAX for nothing. */
MUST_CHECK
enum err dispatch_tick(struct dispatch *dispatch, int64_t *ret_next_ms);

/* Sends that were claimed and have not come back. */
unsigned dispatch_in_flight(const struct dispatch *dispatch);

#endif
