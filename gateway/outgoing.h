/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segments on their way out, one in flight. The network's answer bears no name: whoever credits it
 * to "the current one" credits the wrong one as soon as an answer is late. So a segment whose
 * answer did not come stays open as the doubt, and while it does, an answer is taken for the next
 * segment's only when its TP-MR proves it or a second answer follows: the modem counts submissions.
 *
 *   queued --submit--> flying --answer--> sent | failed
 *                        |  time-out
 *                        v
 *                      failed, in doubt = the doubt --late answer--> late
 */
#ifndef BINHYEN_GATEWAY_OUTGOING_H
#define BINHYEN_GATEWAY_OUTGOING_H

#include "gateway/modem.h"
#include "gateway/wire.h"

#define OUTGOING_QUEUE_MAX 4	  /* the daemon sends one at a time */
#define OUTGOING_QUIET_MS  5000	  /* for a late answer to come before the line is used again */
#define OUTGOING_DOUBT_MS  600000 /* after that a late answer is nobody's */

struct outgoing {
	struct wire *wire;
	int64_t timeout_ms;
	struct line_send queue[OUTGOING_QUEUE_MAX];
	int count;
	bool is_flying;
	struct line_send current;
	int64_t deadline_ms;
	bool has_doubt;
	struct line_sent doubt; /* id and part of it; mr once it is known by counting, else -1 */
	int64_t doubt_until_ms, quiet_until_ms;
	int last_mr; /* of the last sure answer, -1 none */
	int held_mr; /* an answer that may be the doubt's, -1 none */
};

void outgoing_init(struct outgoing *o, struct wire *wire, int64_t timeout_ms);

/* Queues; refused (`failed`, kind "local") when there are too many, or (kind "modem") when there is
 * no modem: the daemon will look for another way. */
void outgoing_take(struct outgoing *o, const struct line_send *send, bool is_ready);

bool outgoing_is_due(const struct outgoing *o, int64_t now_ms);

/* Hands the oldest one to the modem. now: read after the call, which blocks. */
MUST_CHECK
enum err outgoing_submit(struct outgoing *o, struct modem *modem, int64_t (*now)(void));

/* A MODEM_SUBMITTED event. */
void outgoing_answer(struct outgoing *o, const struct modem_event *event, int64_t now_ms);

/* A MODEM_UNSENT event: of the doubt no answer will come. */
void outgoing_unsent(struct outgoing *o);

/* True: the one in flight has just been given up; probe the modem before it is used again. */
bool outgoing_check(struct outgoing *o, int64_t now_ms);

/* The modem is gone: what was in flight is in doubt, what was queued has failed, and no late answer
 * can come. */
void outgoing_lost(struct outgoing *o);

#endif
