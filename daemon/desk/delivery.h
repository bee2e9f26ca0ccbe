/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bulletin goes out: from its approval until everybody it is for is told, or it is known why not.
 *
 *     delivery_begin()  draws the audience into the ledger and keeps the words as they go out
 *     delivery_tick()   looks for everybody's ways (plan.h), puts as many messages into the outbox
 *                       as its channels soon have room for, takes back those that another way makes
 *                       needless, and ends it
 *     delivery_stop()   nothing more leaves, until delivery_resume(); a correction then goes to
 * exactly those who were or may have been reached (a bulletin that refers to it)
 *
 * Who waits, waits in the ledger, in the order heads, those who are not on Zalo, the others; only
 * the next few are in the outbox. So a channel that goes or comes changes nothing that is written:
 * whoever has not been sent to yet goes by the way that is open when his turn comes.
 *
 * Each tick is one turn and does a limited number of rows. Everything is in the store: after a
 * crash the next tick goes on.
 */
#ifndef BINHYEN_DESK_DELIVERY_H
#define BINHYEN_DESK_DELIVERY_H

#include "daemon/desk/desk.h"
#include "daemon/desk/delivery_rules.h"
#include "store/bulletin.h"

/* What the channels are like now. */
struct delivery_reach {
	bool has[CHANNEL_KIND_COUNT];
	bool is_up[CHANNEL_KIND_COUNT];
	int64_t since_ms[CHANNEL_KIND_COUNT]; /* so long it has been as it is */
};

/* A bulletin begins: its audience is drawn and its words are fixed. ERR_STATE: its time is over, or
 * there is no way by which it could go; ERR_NOT_FOUND, ERR_TOO_BIG as audience_draw() and
 * desk_sms_fit(). */
MUST_CHECK
enum err delivery_begin(struct desk *desk, int64_t bulletin_id, struct errbuf *eb);

/* STOPPED, until it is resumed, or RECALLED (also after it ended): what was claimed goes to its
 * end, nothing else leaves. ERR_STATE. */
MUST_CHECK
enum err delivery_stop(struct desk *desk, int64_t id, enum delivery_state to, const char *actor,
	struct errbuf *eb);
/* One that is STOPPED goes on where it was. ERR_STATE: it is not, or its time is over. */
MUST_CHECK
enum err delivery_resume(struct desk *desk, int64_t id, const char *actor, struct errbuf *eb);

/* *ret_next_ms: when to call again at the latest. */
MUST_CHECK
enum err delivery_tick(struct desk *desk, const struct delivery_reach *reach, int64_t *ret_next_ms);

/* May a message of a bulletin leave now? 0, or when it may; NEVER: its recipient has refused since
 * it was tried. */
#define DELIVERY_NEVER INT64_MAX
MUST_CHECK
enum err delivery_quiet_until(
	struct desk *desk, const struct outbox_row *row, int64_t *ret_until_ms);

/*
 * A head texted that everybody of his hamlet knows of this bulletin: who he is, by the address he
 * wrote from. ERR_NOT_FOUND: he is no head who was told of it; an ordinary report then.
 */
MUST_CHECK
enum err delivery_confirmed(
	struct desk *desk, enum party_kind kind, const char *address, int64_t bulletin_id);

/* And he is told that it is noted. */
MUST_CHECK
enum err delivery_thank(struct desk *desk, int64_t party_id, int64_t bulletin_id);

/*
 * Somebody does not want bulletins any more, those about a topic or ("") all: what is under way to
 * him is taken back where it has not left yet. Call it within the turn that keeps his refusal. An
 * emergency that goes to refusers as well goes on.
 */
struct delivery_refusal {
	enum party_kind kind;
	const char *address;
	const char *topic; /* a category, "" all */
	bool is_blocked;   /* not by himself: nothing at all goes to him */
};
MUST_CHECK
enum err delivery_refused(struct desk *desk, const struct delivery_refusal *refusal);

/*
 * What would happen if it began now: made by the same functions that plan and send. Draws the
 * audience. texts: who is texted in any case; texts_most: when Zalo stays away. cost: đồng.
 */
struct delivery_preview {
	int64_t people, heads;
	int64_t by_group, by_zalo, texts, texts_most;
	int64_t no_way, refused, refused_topic, blocked; /* who is not told, and why */
	int64_t cost, cost_most;
	int64_t budget_left; /* -1: there is no budget */
	int segments, units; /* of the text message; units of its alphabet */
	int head_segments;
	int shorter;   /* units less save a segment; 0: it has only one */
	int64_t saves; /* đồng, of `texts` */
	bool is_unaccented;
	enum delivery_urgency urgency;
	int64_t quiet_ms; /* until when it would wait for the morning, or its digest; 0 not */
	/* Of the text message as it is written, where another one was asked for. */
	int segments_written, head_segments_written;
	int64_t cost_written;
};
/* instead: what if the text message were this one; NULL as it is written. sms: it, as it would be
 * sent. */
MUST_CHECK
enum err delivery_preview(struct desk *desk, const struct bulletin *bulletin, const char *instead,
	struct buf *sms, struct delivery_preview *ret_preview, struct errbuf *eb);
/* When so much sending would be over, begun now. */
int64_t delivery_finish_ms(struct desk *desk, enum delivery_urgency urgency, int64_t takes_ms);

#endif
