/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every message that ever came, raw (sealed) and unique by (channel, external id). The parts of a
 * long SMS are rows of their own, held together by an sms_set, and survive restarts in any order.
 *
 *     NEW ──→ HANDLED              a whole message, or the set's last part
 *       └──→ WAITING ──→ HANDLED   a part whose set is not complete yet
 *       └──→ IGNORED               nothing to do (a repeat, whose words are here already)
 */
#ifndef BINHYEN_STORE_INBOX_H
#define BINHYEN_STORE_INBOX_H

#include "daemon/base/buf.h"
#include "store/store.h"

#define INBOX_STATE_TABLE(X) X(NEW) X(WAITING) X(HANDLED) X(IGNORED)
enum inbox_state {
#define X(name) INBOX_##name,
	INBOX_STATE_TABLE(X)
#undef X
};
const char *inbox_state_text(enum inbox_state state); /* "NEW" */

#define INBOX_KIND_TABLE(X) \
	X(TEXT, "text") \
	X(PART, "part") X(CALL, "call") X(USSD, "ussd") X(MEDIA, "media") X(OTHER, "other")
enum inbox_kind {
#define X(name, text) INBOX_KIND_##name,
	INBOX_KIND_TABLE(X)
#undef X
};
const char *inbox_kind_text(enum inbox_kind kind);

#define INBOX_EXTERNAL_ID_MAX 128
#define INBOX_BODY_MAX \
	(64 * 1024) /* raw bytes of one message: a Zalo row is some 2 KB, an SMS part 600 bytes */

struct inbox_new {
	const char *channel;	 /* "modem", "zalo_user", "zalo_group", "office" */
	const char *external_id; /* unique within the channel */
	enum inbox_kind kind;
	int64_t party_id;
	int64_t received_ms;
	int64_t sent_ms;  /* SCTS or the other side's time; 0 unknown */
	const char *body; /* UTF-8 text, or raw JSON of a row; sealed here */
	size_t body_bytes;
	/* The same sender as another party, under whom it may have come before; 0 none. */
	int64_t other_party_id;
	/* 32 bytes over its words and the SIM that took it; NULL = a repeat would not be known. */
	const uint8_t *hash;
};

/* ERR_EXISTS and *ret_id = the row that has this external id, when it came before. */
MUST_CHECK
enum err inbox_add(struct store *store, const struct inbox_new *in, int64_t *ret_id);
/* The row that has this external id and its report (0 none); ERR_NOT_FOUND. */
MUST_CHECK
enum err inbox_find(struct store *store, const char *channel, const char *external_id,
	int64_t *ret_id, int64_t *ret_report_id);
/*
 * The service centre delivers a message again when our acknowledgement got lost on the air: the
 * same sender, SIM, words and time stamp of the centre (its second), within 7 days. Two equal
 * texts of one second come together; a repeat comes after the centre has waited in vain, so at
 * least 20 s later. Looks for what was there before `in`, which may be in the inbox already;
 * ERR_NOT_FOUND.
 */
struct inbox_repeat {
	int64_t id, report_id;
};
MUST_CHECK
enum err inbox_find_repeat(
	struct store *store, const struct inbox_new *in, struct inbox_repeat *ret_repeat);
#define INBOX_REPEAT	    "repeat"	    /* the reason of inbox_move() for it */
#define INBOX_DUTY_GROUP    "duty group"    /* and for what officers write among themselves */
#define INBOX_TOLD_EVERYONE "told everyone" /* and for a head's "ROI 45" */
#define INBOX_ALARM_ANSWER  "alarm answer"  /* and for what one answers to an alarm */
MUST_CHECK
enum err inbox_move(struct store *store, int64_t id, enum inbox_state to, int64_t report_id,
	const char *reason);
/* While it is NEW or WAITING. */
MUST_CHECK
enum err inbox_body(struct store *store, int64_t id, struct buf *out);
/* What could not be read as words, once it is in a report. ERR_NOT_FOUND: it was words;
 * ERR_DENIED. */
struct key_holder;
MUST_CHECK
enum err inbox_raw(
	struct store *store, const struct key_holder *holder, int64_t id, struct buf *out);

struct inbox_row {
	int64_t id;
	char channel[24];
	enum inbox_kind kind;
	enum inbox_state state;
	int64_t party_id;
	int64_t received_ms;
	int64_t sent_ms;
	int64_t report_id;
	int part_no, part_total; /* 0 unless a part */
};
typedef void (*inbox_row_fn)(void *arg, const struct inbox_row *row);
/* Newest first; before_id 0 = from the top. */
MUST_CHECK
enum err inbox_list(struct store *store, int64_t before_id, int limit, inbox_row_fn fn, void *arg);
MUST_CHECK
enum err inbox_count(struct store *store, enum inbox_state state, int64_t *ret_count);

/*
 * Concatenated SMS (3GPP TS 23.040 §9.2.3.24.1 and .8). A set is (party, reference, reference bits,
 * total); a part that comes again with the same words is IGNORED, also, with the same time stamp of
 * the service centre, after its set was closed; one with other words under a used number starts a
 * new set. A reference is used again after 256 messages, so a set is open for 7 days.
 */
#define SMS_SET_OPEN_MS (7 * DAY_MS)
struct sms_concat {
	int ref;
	int ref_bits; /* 8 or 16 */
	int total;    /* 2..255 */
	int seq;      /* 1..total */
};
struct sms_set {
	int64_t id;
	int total;
	int have;
	int64_t party_id;
	int64_t first_ms;  /* when its first part was received */
	int64_t report_id; /* not 0: was handed over incomplete, what still comes amends that report
			    */
	bool is_repeat;	   /* this very part was there before: the inbox row was moved to IGNORED */
};
/* A part, in the inbox as inbox_id, of a set that is closed; other_party_id as in inbox_new.
 * ERR_NOT_FOUND: it is none. */
MUST_CHECK
enum err inbox_find_repeated_part(struct store *store, int64_t inbox_id, int64_t other_party_id,
	const struct sms_concat *concat, const uint8_t hash[32], int64_t now_ms,
	struct inbox_repeat *ret_repeat);
/* Puts inbox row `inbox_id` (state NEW) into its set, opening one when needed, and moves it to
 * WAITING. sender: the party of the row, and the other one that he is, 0 none. */
MUST_CHECK
enum err sms_set_add(struct store *store, int64_t inbox_id, const int64_t sender[2],
	const struct sms_concat *concat, const char *text, int64_t now_ms, struct sms_set *ret_set);
/* Joins the parts there are in their order; a missing one becomes `gap` (e.g. " [...] "). */
MUST_CHECK
enum err sms_set_text(struct store *store, int64_t set_id, const char *gap, struct buf *out);
/* Over (complete, or nothing more will come): its parts are HANDLED with this report and their
 * bodies erased. Otherwise it stays open for what still comes, its parts keep their bodies, and
 * sms_set_overdue() no longer names it. */
MUST_CHECK
enum err sms_set_close(struct store *store, int64_t set_id, int64_t report_id, bool is_over);
/* Set and parts are of another party: it turned out to be anonymous. Only of one that is over: what
 * still comes looks for its sender. */
MUST_CHECK
enum err sms_set_move(struct store *store, int64_t set_id, int64_t party_id);
/* The oldest open set first received before `before_ms` that has no report; ERR_NOT_FOUND. */
MUST_CHECK
enum err sms_set_overdue(struct store *store, int64_t before_ms, struct sms_set *ret_set);
/* The same, with or without a report. */
MUST_CHECK
enum err sms_set_oldest(struct store *store, int64_t before_ms, struct sms_set *ret_set);

/*
 * Which message lies in which slot of which memory, so that a slot read again after a crash is one
 * message while two equal texts are two. owner: IMSI for "SM", IMEI for "ME". hash: over all that
 * was read from the slot.
 */
/* Is this the very message that we have and have not yet seen deleted? Then ERR_EXISTS. Otherwise
 * records it under a new generation of the slot, which makes the external id unique. */
MUST_CHECK
enum err sim_slot_take(struct store *store, const char *owner, const char *memory, int slot,
	const uint8_t hash[32], int64_t *ret_generation);
MUST_CHECK
enum err sim_slot_freed(struct store *store, const char *owner, const char *memory, int slot);
/* The owner's name is known now: what was not yet seen deleted lies there under the new one. */
MUST_CHECK
enum err sim_slot_rename(struct store *store, const char *from, const char *to);

#endif
