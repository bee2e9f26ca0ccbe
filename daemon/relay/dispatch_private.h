/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of the dispatcher among themselves: dispatch.c, dispatch_settle.c for what
 * becomes of a message, dispatch_doubt.c for what may have gone, dispatch_gate.c for what a channel
 * keeps back, dispatch_clock.c for jumps of the clock. */
#ifndef BINHYEN_RELAY_DISPATCH_PRIVATE_H
#define BINHYEN_RELAY_DISPATCH_PRIVATE_H

#include "daemon/base/clock_trust.h"
#include "daemon/base/rng.h"
#include "daemon/relay/dispatch.h"

struct outgoing {
	struct send req;
	struct dispatch *dispatch;
	struct channel *channel;
	bool is_handed; /* the channel has it */
	struct buf address;
	struct buf text;
	struct outgoing *next, **prev;
};

/* What a channel's gate keeps back, in memory only: after a start it is asked again. */
struct gated {
	int64_t until_ms[LANE_COUNT]; /* 0 = open, INT64_MAX = until the next tick */
	int64_t short_count[LANE_COUNT];
	int64_t short_rows;    /* single messages that find no room before they expire */
	int64_t short_rows_ms; /* when the last of them does */
};

struct clock_look {
	bool is_kept;
	bool has_looked;
	struct clock_last last;
	int64_t by_ms; /* all jumps of the turn */
};

struct dispatch {
	struct store *store;
	struct rng rng;
	void (*wake)(void *arg);
	void *wake_arg;
	enum err (*hold)(void *arg, const struct outbox_row *row, int64_t *ret_until_ms);
	void *hold_arg;
	int64_t claim_ms[CHANNEL_KIND_COUNT];
	struct channel *channels[CHANNEL_KIND_COUNT];
	struct gated gated[CHANNEL_KIND_COUNT];
	/* Monotonic; since when nothing can go by it, 0 = it can. */
	int64_t away_ms[CHANNEL_KIND_COUNT];
	/* As it was at the last look, and since when (monotonic). */
	bool was_up[CHANNEL_KIND_COUNT];
	int64_t changed_ms[CHANNEL_KIND_COUNT];
	struct clock_last clock_last;
	struct clock_trust *trust;
	bool has_looked;
	struct clock_look looked; /* as it was before a jump that is not yet committed */
	struct dispatch_jumps jumps;
	struct outgoing *outgoing;
	unsigned in_flight;
};

static inline int64_t dispatch_now(struct dispatch *d)
{
	return clock_wall_ms(store_clock(d->store));
}

/* settle */
/* What the channel says of a message that it had. */
MUST_CHECK
enum err dispatch_settle(struct dispatch *d, int64_t outbox_id, const struct send_outcome *outcome);
/* note: why, in Vietnamese; NULL: the words of the error. */
MUST_CHECK
enum err dispatch_give_up(struct dispatch *d, const struct outbox_row *row, enum outbox_state to,
	enum err why, const char *note);
MUST_CHECK
enum err dispatch_settle_overdue(struct dispatch *d);
MUST_CHECK
enum err dispatch_note(
	struct dispatch *d, const char *kind, const struct outbox_row *row, enum err why);

/* clock: a look within each turn that begins */
MUST_CHECK
enum err dispatch_turn_begun(void *arg);

/* doubt: at the deadline of a row IN_DOUBT */
MUST_CHECK
enum err dispatch_settle_doubt(struct dispatch *d, const struct outbox_row *row);

/* gate */
/* Nothing of what a gate said before a jump holds after it. */
void gate_forget(struct dispatch *d);
MUST_CHECK
enum err gate_keep_back(struct dispatch *d, struct channel *channel, const struct outbox_row *row,
	const struct gate_answer *answer);
/* The gates whose time has come, and those that waited for anything to happen. */
void gate_open(struct dispatch *d);

#endif
