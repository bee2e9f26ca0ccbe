/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every message that has to leave: one row a recipient and channel step. States (design.md §3):
 *
 *     QUEUED → CLAIMED → SUBMITTED → SENT → DELIVERED
 *        ↑        │          │         │
 *        └─ retry ┘          └→ IN_DOUBT ←┘         final: DELIVERED FAILED EXPIRED CANCELLED,
 *                                                   and SENT once no report will come (is_final),
 *                                                   unless it comes after all: then DELIVERED
 *
 * A gateway that reports by our own id may settle any row that was tried and is not final: what was
 * taken for a failed attempt (QUEUED again) has gone out after all.
 *
 * A claim is committed before anything is handed to a channel, and the attempt is counted with it.
 * Every row that is not final has a deadline. What was CLAIMED or SUBMITTED when the daemon died is
 * IN_DOUBT at the next start.
 */
#ifndef BINHYEN_STORE_OUTBOX_H
#define BINHYEN_STORE_OUTBOX_H

#include "daemon/base/buf.h"
#include "store/store.h"

#define OUTBOX_STATE_TABLE(X) \
	X(QUEUED) \
	X(CLAIMED) X(SUBMITTED) X(SENT) X(IN_DOUBT) X(DELIVERED) X(FAILED) X(EXPIRED) X(CANCELLED)
enum outbox_state {
#define X(name) OUTBOX_##name,
	OUTBOX_STATE_TABLE(X)
#undef X
};
const char *outbox_state_text(enum outbox_state state); /* "IN_DOUBT" */

/* Strictly in this order (design.md §6). */
enum lane { LANE_ALARM, LANE_ANSWER, LANE_URGENT, LANE_BULLETIN, LANE_COUNT };

#define CHANNEL_KIND_TABLE(X) \
	X(MODEM, "modem") \
	X(ZALO_USER, "zalo_user") \
	X(ZALO_GROUP, "zalo_group") X(HTTP_SMS, "http_sms") X(ZNS, "zns")
enum channel_kind {
#define X(name, text) CHANNEL_##name,
	CHANNEL_KIND_TABLE(X)
#undef X
		CHANNEL_KIND_COUNT
};
const char *channel_kind_text(enum channel_kind kind);

#define OUTBOX_KIND_TABLE(X) \
	X(RECEIPT, "receipt") \
	X(ANSWER, "answer") \
	X(ALARM, "alarm") X(RELAY, "relay") X(BULLETIN, "bulletin") X(TICK, "tick")
enum outbox_kind {
#define X(name, text) OUTBOX_KIND_##name,
	OUTBOX_KIND_TABLE(X)
#undef X
};
const char *outbox_kind_text(enum outbox_kind kind);

#define OUTBOX_NOTE_MAX 160 /* bytes; what is longer is cut */

#define OUTBOX_BODY_MAX \
	16384 /* bytes: a Zalo text has 2,000 characters of up to 4 bytes, an SMS at most 39 x 70 \
	       */

/* How long a row stays IN_DOUBT before its class settles it: an alarm must not wait. */
int64_t outbox_doubt_ms(enum outbox_kind kind);

struct outbox_new {
	enum channel_kind channel;
	enum lane lane;
	enum outbox_kind kind;
	int64_t party_id;
	int64_t report_id;   /* 0 = none */
	int64_t standby_for; /* outbox id: goes out only if that one has not been SENT when due; 0 =
				none */
	int64_t repeat_of;   /* outbox id IN_DOUBT that this says again; 0 = none. It stands by for
				it:   a late report of that one cancels it */
	int64_t due_ms;	     /* not before */
	int64_t expires_ms;  /* EXPIRED if not handed over by then */
	const char *text;    /* UTF-8 NFC; sealed here */
	int64_t enclosure_id; /* goes with the text; 0 = none */
};
MUST_CHECK
enum err outbox_add(struct store *store, const struct outbox_new *out, int64_t *ret_id);

struct outbox_row {
	int64_t id;
	enum channel_kind channel;
	enum lane lane;
	enum outbox_kind kind;
	enum outbox_state state;
	bool is_final;
	int64_t party_id;
	int64_t report_id;
	int64_t standby_for;
	int64_t repeat_of;
	int64_t due_ms;
	int64_t deadline_ms; /* 0 when final */
	int64_t expires_ms;
	int64_t created_ms;
	int64_t claimed_ms; /* of the last attempt; 0 = never */
	int64_t sent_ms;
	int attempts;
	int segments;		    /* by SMS; 0 = not known */
	enum err error;		    /* of the last attempt */
	char external_id[64];	    /* Zalo message id */
	char via[32];		    /* which modem or account took it */
	char note[OUTBOX_NOTE_MAX]; /* why the last attempt failed, for the officer; "" none */
	int64_t enclosure_id;
	int64_t delivery_id; /* a message of this bulletin: its words are kept there; 0 none */
	int form;	     /* enum delivery_form, which of them */
};

/*
 * Claims up to `limit` rows of one channel and lane that are due: QUEUED → CLAIMED, attempts + 1,
 * deadline = now + claim_ms. Skips a recipient who has one CLAIMED or SUBMITTED on this channel, or
 * an earlier row of the same lane that is due or waiting for its retry (order per recipient), or,
 * where a doubt is looked up (Zalo, but not in the alarm lane), one IN_DOUBT.
 * Returns how many rows were written to `rows`.
 */
MUST_CHECK
enum err outbox_claim(struct store *store, enum channel_kind channel, enum lane lane,
	int64_t claim_ms, struct outbox_row *rows, int limit, int *ret_count);

/* The same in two steps, for who asks before he claims: up to `limit` rows that outbox_claim would
 * take, and the claim of one of them, which is changed to what it is then and keeps its `segments`.
 */
MUST_CHECK
enum err outbox_ready(struct store *store, enum channel_kind channel, enum lane lane,
	struct outbox_row *rows, int limit, int *ret_count);
MUST_CHECK
enum err outbox_claim_row(struct store *store, struct outbox_row *row, int64_t claim_ms);
/* A QUEUED row waits until due_ms because of `why`; it keeps its place before later rows of its
 * lane to the same recipient, and its attempts. */
MUST_CHECK
enum err outbox_hold(struct store *store, int64_t id, int64_t due_ms, enum err why);
/* Whatever was held because of `why` is due now. */
MUST_CHECK
enum err outbox_unhold(struct store *store, enum err why);
/* The channel works again: what was tried while it did not, and would wait for its next turn, is
 * due at once. */
MUST_CHECK
enum err outbox_due_again(struct store *store, enum channel_kind channel);
/* What is QUEUED in a lane: rows, and when the first and the last of them expire (0 without rows).
 */
struct outbox_waiting {
	int64_t count, first_expires_ms, last_expires_ms;
};
MUST_CHECK
enum err outbox_waiting(struct store *store, enum channel_kind channel, enum lane lane,
	struct outbox_waiting *ret_waiting);
/* When the next QUEUED row of the lane falls due, INT64_MAX = none. */
/* One that is QUEUED for him in this lane; ERR_NOT_FOUND. has_answers: also what an officer said
 * about a report. */
MUST_CHECK
enum err outbox_waiting_for(struct store *store, int64_t party_id, enum lane lane, bool has_answers,
	struct outbox_row *ret_row);
MUST_CHECK
enum err outbox_lane_due(
	struct store *store, enum channel_kind channel, enum lane lane, int64_t *ret_due_ms);

/* Moves a row; checks the table of allowed moves (ERR_STATE), writes, logs one line, appends no
 * event by itself. */
struct outbox_move {
	enum outbox_state to;
	bool is_final;		 /* only for SENT: no report will come */
	enum err error;		 /* why; ERR_OK clears */
	int64_t due_ms;		 /* to QUEUED: next attempt */
	int64_t deadline_ms;	 /* for a state that is not final */
	const char *external_id; /* NULL keeps */
	const char *via;	 /* NULL keeps */
	const char *note;	 /* NULL clears */
};
/* A move to a final state erases the body. To SENT or DELIVERED also cancels the standby rows of
 * this one. */
MUST_CHECK
enum err outbox_move(struct store *store, int64_t id, const struct outbox_move *move);

MUST_CHECK
enum err outbox_load(struct store *store, int64_t id, struct outbox_row *ret_row);
MUST_CHECK
enum err outbox_text(struct store *store, int64_t id, struct buf *out);
typedef void (*outbox_row_fn)(void *arg, const struct outbox_row *row);
MUST_CHECK
enum err outbox_list(
	struct store *store, int64_t before_id, int limit, outbox_row_fn fn, void *arg);
MUST_CHECK
enum err outbox_count(struct store *store, enum outbox_state state, int64_t *ret_count);
/* The row that has this id of the other side, or one of whose pieces has it; ERR_NOT_FOUND. */
MUST_CHECK
enum err outbox_find_external(struct store *store, const char *external_id, int64_t *ret_id);
/* Rows of a channel that are SENT and wait for a report, after after_id, oldest first. */
MUST_CHECK
enum err outbox_unreported(struct store *store, enum channel_kind channel, int64_t after_id,
	int limit, outbox_row_fn fn, void *arg);
/* Messages IN_DOUBT that went through this SIM. */
MUST_CHECK
enum err outbox_doubt_count(struct store *store, const char *via, int64_t *ret_count);
/* Has this row been said again (repeat_of)? NOT_FOUND when not. */
MUST_CHECK
enum err outbox_repeated(struct store *store, int64_t id, int64_t *ret_repeat_id);
/* A row IN_DOUBT stays so until the deadline; ERR_STATE for another. */
MUST_CHECK
enum err outbox_stay_in_doubt(struct store *store, int64_t id, int64_t deadline_ms);
/* Why a row IN_DOUBT stays so. ERR_DENIED: nobody can find out by himself, so that it no longer
 * keeps later messages to the same Zalo recipient waiting. */
MUST_CHECK
enum err outbox_doubt_because(struct store *store, int64_t id, enum err why);
/* When the next deadline of any row passes (INT64_MAX = none). */
MUST_CHECK
enum err outbox_next_deadline(struct store *store, int64_t *ret_deadline_ms);
/* The oldest row whose deadline is at or before `now_ms`; ERR_NOT_FOUND. */
MUST_CHECK
enum err outbox_overdue(struct store *store, int64_t now_ms, struct outbox_row *ret_row);
/* IN_DOUBT rows of one channel, oldest first. */
MUST_CHECK
enum err outbox_in_doubt(
	struct store *store, enum channel_kind channel, int limit, outbox_row_fn fn, void *arg);
/* At start: CLAIMED and SUBMITTED become IN_DOUBT. How many. */
MUST_CHECK
enum err outbox_recover(struct store *store, int64_t *ret_count);
/* Makes the standby rows of `id` due now (its channel is known to be down). */
MUST_CHECK
enum err outbox_release_standby(struct store *store, enum channel_kind channel, int64_t now_ms);

/* Parts of a long SMS, one row each from the moment the network took it: they carry the reference
 * that its report names. */
MUST_CHECK
enum err outbox_part_sent(struct store *store, int64_t outbox_id, int part, int total,
	const char *sim, int tp_mr, int64_t sent_ms);
/* The network's answer to a segment of a row IN_DOUBT comes after all. The row is SENT once every
 * segment is known to be; of a longer message the rest never went, and it stays. */
MUST_CHECK
enum err outbox_part_late(
	struct store *store, int64_t outbox_id, int part, const char *sim, int tp_mr);
/*
 * A delivery report (3GPP TS 23.040 §9.2.2.3): finds the newest part with this reference, SIM and
 * recipient, sent within the last 7 days, and settles part and row. Without one: the row IN_DOUBT
 * to that recipient on that SIM, if it is the only message to him whose outcome is open; it is then
 * about the first segment of it that was not known to be out. The row is DELIVERED when all its
 * segments are, FAILED when one is; until then a doubt remains one. ERR_NOT_FOUND: nothing matches
 * (an absent or foreign report is no failure).
 */
MUST_CHECK
enum err outbox_part_report(struct store *store, const char *sim, int tp_mr, int64_t party_id,
	bool is_delivered, int64_t done_ms, int64_t *ret_outbox_id);

/*
 * Pieces of a message that is too long for one, or whose attachment goes by itself: the channel
 * sends them one after the other within one claim, each once the one before is committed here, and
 * goes on after the last of them in the next claim.
 */
struct outbox_piece {
	int number;	/* 1, 2, ...; 0 = none has gone */
	int64_t end_at; /* bytes of the text that have gone */
};
MUST_CHECK
enum err outbox_piece_sent(struct store *store, int64_t outbox_id, const struct outbox_piece *piece,
	const char *external_id);
/* The last one that has gone. */
MUST_CHECK
enum err outbox_piece_last(struct store *store, int64_t outbox_id, struct outbox_piece *ret_piece);

/*
 * A report that names the row itself and the attempt it is about (outbox_report.c). ACCEPTED: the
 * network has it, which ends a doubt. DELIVERED ends the row whichever attempt it was. FAILED
 * counts only for the attempt under way. What changes nothing (a repeated or outdated report) is
 * ERR_OK. ERR_NOT_FOUND: the channel has no such row; ERR_STATE: it was never tried that often.
 * attempt 0 = the last one.
 */
enum outbox_told { OUTBOX_TOLD_ACCEPTED, OUTBOX_TOLD_DELIVERED, OUTBOX_TOLD_FAILED };
MUST_CHECK
enum err outbox_report(struct store *store, enum channel_kind channel, int64_t id, int attempt,
	enum outbox_told told);

#endif
