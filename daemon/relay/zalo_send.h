/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A message on its way to Zalo: zalo_send.c takes it from call to call, zalo_channel.c has them. */
#ifndef BINHYEN_RELAY_ZALO_SEND_H
#define BINHYEN_RELAY_ZALO_SEND_H

#include "daemon/relay/zalo_private.h"

#define ZALO_STOPPED_MS (10 * MINUTE_MS) /* as long as zalo_codes holds the message back */

enum zalo_phase {
	PHASE_HELD,   /* waits for the rate; the claim was spent on it already */
	PHASE_WINDOW, /* Zalo is asked for his last interaction */
	PHASE_UPLOAD, /* waits for its attachment to be there */
	PHASE_POST,
	PHASE_PIECE, /* one has gone, which waits for its commit */
	PHASE_OVER,  /* `outcome` waits for the next tick to be told */
};

struct zalo_send {
	struct zalo_channel *channel;
	struct send *req;
	struct zalo_call call;
	enum zalo_phase phase;
	struct zalo_step step;
	int64_t started_ms;   /* monotonic */
	int64_t held_ms;      /* monotonic: since when */
	bool is_reuploaded;   /* its handle was refused once already */
	bool is_window_known; /* he may be written to */
	bool is_free;	      /* as far as is known */
	struct send_outcome outcome;
	struct zalo_send *next;
};

/* NULL: no memory. */
struct zalo_send *zalo_send_new(struct zalo_channel *channel, struct send *req);
/* One that never began. */
void zalo_send_free(struct zalo_send *s);
/* Whatever comes next: from the beginning, after a wait, after a piece. */
MUST_CHECK
enum err zalo_send_go_on(struct zalo_send *s);
/* Stops its call, if there is one; it ends with the next tick. */
void zalo_send_cancel(struct zalo_send *s);
/* For an end that must not be told from within send() or cancel(). */
void zalo_send_finish_later(struct zalo_send *s, const struct send_outcome *outcome);
/* Tells how it went; it is no longer in its channel's list. */
void zalo_send_end(struct zalo_send *s, const struct send_outcome *outcome);
/* One that is over or held; when it is due again. */
void zalo_send_step(struct zalo_send *s);
int64_t zalo_send_due_ms(const struct zalo_send *s);

/* zalo_refusal.c: what the answer to it means beyond this message. */
void zalo_refusal_note(struct zalo_send *s, const struct zalo_answer *answer);

#endif
