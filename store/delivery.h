/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bulletin under way: its words as they go out, kept once, and how far it is. Who is told, and
 * what became of it, is the ledger (ledger.h).
 *
 *     PLANNING → RUNNING ───→ DONE           everybody has been seen to
 *          ↑        ↑ ├────→ RECALLED        a person took back what was said
 *          └────────┼─┼────→ EXPIRED
 *                   ↓ ↓
 *                 STOPPED                    by a person, who may let it go on; else it is recalled
 *                                            or expires
 *
 * ended_ms is set when nothing of it is under way any more and every row of the ledger that waited
 * has been written off.
 */
#ifndef BINHYEN_STORE_DELIVERY_H
#define BINHYEN_STORE_DELIVERY_H

#include "daemon/base/buf.h"
#include "store/outbox.h"

#define DELIVERY_STATE_TABLE(X) X(PLANNING) X(RUNNING) X(STOPPED) X(RECALLED) X(EXPIRED) X(DONE)
enum delivery_state {
#define X(name) DELIVERY_##name,
	DELIVERY_STATE_TABLE(X)
#undef X
		DELIVERY_STATE_COUNT
};
const char *delivery_state_text(enum delivery_state state);

/* Of CAP 1.2: Immediate, Expected, and all others. */
#define DELIVERY_URGENCY_TABLE(X) X(EMERGENCY, "emergency") X(URGENT, "urgent") X(NORMAL, "normal")
enum delivery_urgency {
#define X(name, text) DELIVERY_##name,
	DELIVERY_URGENCY_TABLE(X)
#undef X
};
const char *delivery_urgency_text(enum delivery_urgency urgency);

/* The ways to a recipient, as bits. */
enum delivery_step { STEP_GROUP = 1, STEP_ZALO = 2, STEP_SMS = 4 };

enum delivery_form { FORM_FULL, FORM_SMS, FORM_HEAD_FULL, FORM_HEAD_SMS, FORM_COUNT };

struct delivery {
	int64_t id; /* of its bulletin */
	enum delivery_urgency urgency;
	enum delivery_state state;
	enum lane lane;
	int steps;	  /* the ways that it may go at all */
	int64_t corrects; /* another delivery, whose recipients are told; 0 none */
	int64_t enclosure_id;
	int64_t began_ms, expires_ms;
	int64_t climbed_ms; /* when hamlets without a confirmation went up; 0 not yet */
	int64_t ended_ms;
	bool is_planned;
	int64_t planned_to; /* resident id */
	int64_t swept_to;   /* resident id; INT64_MAX: everybody */
};
/* ERR_EXISTS: it is under way, or was. PLANNING. */
MUST_CHECK
enum err delivery_add(struct store *store, const struct delivery *delivery);
/* text: as it goes out; segments: of an SMS. Sealed here. */
MUST_CHECK
enum err delivery_add_text(
	struct store *store, int64_t id, enum delivery_form form, const char *text, int segments);
MUST_CHECK
enum err delivery_text(struct store *store, int64_t id, enum delivery_form form, struct buf *out,
	int *ret_segments);

MUST_CHECK
enum err delivery_load(struct store *store, int64_t id, struct delivery *ret_delivery);
/* The next one of a lane that has not ended; ERR_NOT_FOUND. */
MUST_CHECK
enum err delivery_next(
	struct store *store, enum lane lane, int64_t after_id, struct delivery *ret_delivery);

/* Checks the picture above (ERR_STATE) and writes. */
MUST_CHECK
enum err delivery_move(struct store *store, struct delivery *delivery, enum delivery_state to);
/* Everybody up to resident_id has his plan; 0: everybody, which makes it RUNNING. */
MUST_CHECK
enum err delivery_planned(struct store *store, struct delivery *delivery, int64_t resident_id);
MUST_CHECK
enum err delivery_climbed(struct store *store, struct delivery *delivery);
/* Nothing of it is under way any more; RUNNING becomes DONE. */
MUST_CHECK
enum err delivery_end(struct store *store, struct delivery *delivery);

/* A message of it, due now. group: of a group's party. */
MUST_CHECK
enum err delivery_queue(struct store *store, const struct delivery *delivery,
	enum channel_kind channel, enum delivery_form form, int64_t party_id,
	int64_t *ret_outbox_id);
/* Messages of it that wait in the outbox. */
/* The same with words of its own, of several deliveries. expires_ms: the first of theirs. */
MUST_CHECK
enum err delivery_queue_digest(struct store *store, const struct delivery *delivery,
	enum channel_kind channel, int64_t party_id, int64_t expires_ms, const char *text,
	int64_t *ret_outbox_id);
/* One with words of several that waits in the outbox for another delivery, and has some of this.
 * ERR_NOT_FOUND: none. */
MUST_CHECK
enum err delivery_digest_of(struct store *store, int64_t id, int64_t *ret_outbox_id);
MUST_CHECK
enum err delivery_queued(
	struct store *store, int64_t id, enum channel_kind channel, int64_t *ret_count);
/* The next of them; ERR_NOT_FOUND. */
MUST_CHECK
enum err delivery_queued_next(struct store *store, int64_t id, enum channel_kind channel,
	int64_t after_id, int64_t *ret_outbox_id);

/* Đồng that text messages of bulletins cost in a month (clock_local_month). */
MUST_CHECK
enum err spending_load(struct store *store, int64_t month, int64_t *ret_spent);
MUST_CHECK
enum err spending_add(struct store *store, int64_t month, int64_t amount);

#endif
