/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the commune tells many, from the first draft to the recall (store/bulletin.h has the
 * states).
 *
 *     written    by an officer, or drafted by a feed; screened at once (desk/bulletin_screen.h)
 *     submitted  by an officer, once each finding of the screen is answered; approvers are told
 *     approved   by another one; a chief or deputy where it is sensitive; the chief alone, with a
 *                review afterwards, where it is an emergency
 *     sent       at its time: desk_bulletin_start()
 *     stopped    by any officer, at any moment; a chief or deputy lets it go on
 *     recalled   by whoever may approve, or who wrote it, at any moment
 *
 * Each act is written into `event` as "bulletin.ACT", subject "bulletin/ID", never with its words.
 */
#ifndef BINHYEN_DESK_BULLETIN_H
#define BINHYEN_DESK_BULLETIN_H

#include "daemon/base/buf.h"
#include "daemon/desk/officer.h"
#include "store/bulletin.h"
#include "store/outbox.h"

#define DESK_BULLETIN_TITLE_MAX	 150 /* letters, as of a Zalo article */
#define DESK_BULLETIN_REASON_MIN 10  /* letters */
#define DESK_BULLETIN_AHEAD_MAX	 (366 * DAY_MS)
#define DESK_REVIEW_MS		 (24 * HOUR_MS) /* to look at what the chief sent alone */

/* NULL and -1: as it is when a bulletin is changed; for a new one what its category says, resp.
 * none. */
struct desk_bulletin_in {
	const char *category;
	const char *urgency, *severity, *certainty; /* CAP 1.2 */
	const char *title, *text;
	const char *sms;      /* "" : proposed from title and text */
	const char *source;   /* "Công an tỉnh, Công văn 12/CA" */
	const char *audience; /* JSON, desk/audience.h */
	int64_t from_ms;      /* 0 at once */
	int64_t expires_ms;   /* 0: the days of its category */
	int64_t enclosure_id; /* 0 none */
	int is_drill, to_refusers;
	int64_t refers_to;	/* 0 none */
	const char *refers_how; /* "corrects", "recalls" */
};
#define DESK_BULLETIN_AS_IS \
	{ \
		.from_ms = -1, .expires_ms = -1, .enclosure_id = -1, .is_drill = -1, \
		.to_refusers = -1, .refers_to = -1 \
	}

/* A draft. actor->officer_id 0: the machine wrote it (origin FEED or UPLINK), or the box has no
 * officers yet. ERR_INVALID, ERR_NOT_FOUND, ERR_TOO_BIG with the reason. */
MUST_CHECK
enum err desk_bulletin_new(struct desk *desk, enum bulletin_origin origin,
	const struct desk_bulletin_in *in, const struct desk_actor *actor, int64_t *ret_id,
	struct errbuf *eb);
/* The next version, a draft again whatever it was. ERR_STATE: it went out, or was thrown away. */
MUST_CHECK
enum err desk_bulletin_edit(struct desk *desk, int64_t id, const struct desk_bulletin_in *in,
	const struct desk_actor *actor, struct errbuf *eb);

/* Answers one finding of the screen. */
MUST_CHECK
enum err desk_bulletin_answer(struct desk *desk, int64_t id, int64_t finding_id, const char *reason,
	const struct desk_actor *actor, struct errbuf *eb);
/* ERR_STATE: a finding has no answer, or its time is over. ERR_DENIED: the box has no officers. */
MUST_CHECK
enum err desk_bulletin_submit(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb);
/* Back to who wrote it, before anybody has approved it. */
MUST_CHECK
enum err desk_bulletin_withdraw(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb);

/*
 * version: which one he has read; ERR_EXISTS when there is a newer one. is_alone: the chief, an
 * emergency of his own. One that may go out at once is started in the same turn.
 * *ret_is_approved false: it needs another approval.
 */
MUST_CHECK
enum err desk_bulletin_approve(struct desk *desk, int64_t id, int version, bool is_alone,
	const char *note, const struct desk_actor *actor, bool *ret_is_approved, struct errbuf *eb);
/* With a reason, which who wrote it reads. */
MUST_CHECK
enum err desk_bulletin_reject(struct desk *desk, int64_t id, int version, const char *reason,
	const struct desk_actor *actor, struct errbuf *eb);
MUST_CHECK
enum err desk_bulletin_review(struct desk *desk, int64_t id, const char *note,
	const struct desk_actor *actor, struct errbuf *eb);

/* APPROVED → SENDING, once from_ms has come. The one place from which bulletins go out. */
MUST_CHECK
enum err desk_bulletin_start(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb);
/* The brake: nothing more of it leaves until it is resumed, recalled or out of time. */
MUST_CHECK
enum err desk_bulletin_stop(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb);
MUST_CHECK
enum err desk_bulletin_resume(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb);
/* Nothing of it goes out any more. Whom it reached is told by a bulletin that refers to it, with
 * the audience {"reached": id}. */
MUST_CHECK
enum err desk_bulletin_recall(struct desk *desk, int64_t id, const char *reason,
	const struct desk_actor *actor, struct errbuf *eb);
/* A draft that nobody wants: its words are erased. */
MUST_CHECK
enum err desk_bulletin_discard(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb);

/* Starts what its time has come for, ends what is out of time, tells of reviews that are overdue.
 * When to be called again. */
MUST_CHECK
enum err desk_bulletin_tick(struct desk *desk, int64_t *ret_next_ms);

/* ---- words -----------------------------------------------------------------------------------
 */

enum bulletin_form { BULLETIN_FORM_ZALO, BULLETIN_FORM_SMS };
/* Exactly what goes out in that form, before a channel chooses accents and segments: a drill, a
 * correction and a recall say so first, Zalo has title, text and source, and where there is time
 * for it how it is refused comes last. */
MUST_CHECK
enum err desk_bulletin_text(const struct bulletin *bulletin, const struct bulletin_words *words,
	enum bulletin_form form, struct buf *out);
/* While it is written: the text message that in's words would become, and the lane it would
 * take. Nothing is stored, and `in` need not be whole: a category, and the words for SMS or title
 * and text. ERR_INVALID, ERR_TOO_BIG. */
MUST_CHECK
enum err desk_bulletin_sms(struct desk *desk, const struct desk_bulletin_in *in,
	enum lane *ret_lane, struct buf *out, struct errbuf *eb);
/* An SMS from title and text, the same for the same words: whole sentences as far as two segments
 * without accents hold them. */
MUST_CHECK
enum err desk_bulletin_propose(const char *title, const char *text, struct buf *out);

#endif
