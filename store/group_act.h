/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What has to be done at Zalo with a group: one row an intention, carried out by relay/zalo_group
 * when Zalo can be reached. One person an act: a refusal for one says nothing about the others.
 *
 *     QUEUED ──→ CLAIMED ──→ DONE | FAILED         the claim is committed before the call
 *        ↑          ├──→ QUEUED                    surely not carried out: tried again
 *        │          └──→ IN_DOUBT ──→ DONE         the group, read back, shows it
 *        └───────────────────┘ └───→ FAILED        it shows that it was not; nobody can tell
 *
 * QUEUED ──→ CANCELLED when the group is gone or a person takes it back.
 */
#ifndef BINHYEN_STORE_GROUP_ACT_H
#define BINHYEN_STORE_GROUP_ACT_H

#include "store/store.h"
#include "store/zalo_group.h"

#define GROUP_ACT_KIND_TABLE(X) \
	X(CREATE, "create") \
	X(UPDATE, "update") /* makes the group as it is wanted */ \
	X(ASSET, "asset")   /* renews or enlarges by another asset */ \
	X(INVITE, "invite") \
	X(ACCEPT, "accept") \
	X(REJECT, "reject") \
	X(REMOVE, "remove") \
	X(ADD_DEPUTY, "add_deputy") \
	X(REMOVE_DEPUTY, "remove_deputy") \
	X(HANDOVER, "handover") \
	X(DELETE, "delete")
enum group_act_kind {
#define X(name, text) GROUP_ACT_##name,
	GROUP_ACT_KIND_TABLE(X)
#undef X
		GROUP_ACT_KIND_COUNT
};
const char *group_act_kind_text(enum group_act_kind kind);

#define GROUP_ACT_STATE_TABLE(X) X(QUEUED) X(CLAIMED) X(IN_DOUBT) X(DONE) X(FAILED) X(CANCELLED)
enum group_act_state {
#define X(name) GROUP_ACT_STATE_##name,
	GROUP_ACT_STATE_TABLE(X)
#undef X
		GROUP_ACT_STATE_COUNT
};
const char *group_act_state_text(enum group_act_state state);
bool group_act_is_final(enum group_act_state state);

/* Steps of a hand-over; each is claimed and settled by itself. */
enum group_handover_step {
	GROUP_HANDOVER_INVITE,	/* until the new head is a member */
	GROUP_HANDOVER_WAIT,	/* invited, not seen in the group yet */
	GROUP_HANDOVER_APPOINT, /* the new head gets the rights of a deputy at Zalo */
	GROUP_HANDOVER_DISMISS, /* and only then the old one loses them */
};

#define GROUP_ACT_LIFE_MS  (30 * DAY_MS) /* longer than an outage */
#define GROUP_ACT_DOUBT_MS (2 * DAY_MS)	 /* what nobody could find out by then is told as failed */

struct group_act {
	int64_t id;
	int64_t group_id;
	enum group_act_kind kind;
	enum group_act_state state;
	int64_t person_id; /* 0 none */
	char asset_id[ZALO_ASSET_BYTES];
	int step;
	char actor[48];
	int64_t created_ms, due_ms, deadline_ms, claimed_ms, final_ms;
	int attempts;
	bool was_in_doubt; /* an earlier try may have been carried out */
	enum err error;	   /* of the last try */
	int code;	   /* Zalo's, of the last try; 0 none */
};

struct group_act_new {
	int64_t group_id;
	enum group_act_kind kind;
	int64_t person_id;
	const char *asset_id; /* NULL none */
	const char *actor;
	int64_t due_ms;
};
MUST_CHECK
enum err group_act_add(struct store *store, const struct group_act_new *in, int64_t *ret_id);
MUST_CHECK
enum err group_act_load(struct store *store, int64_t id, struct group_act *ret_act);

/* QUEUED → CLAIMED with one more attempt; ERR_STATE. Commit before the call. */
MUST_CHECK
enum err group_act_claim(struct store *store, struct group_act *act);
/* Checks the table of allowed moves, writes and logs. `act` is as loaded, with step, error and code
 * set; due_ms is of the next try or look. */
MUST_CHECK
enum err group_act_move(
	struct store *store, struct group_act *act, enum group_act_state to, int64_t due_ms);

/* The one in that state that is due first; ERR_NOT_FOUND. */
MUST_CHECK
enum err group_act_due(
	struct store *store, enum group_act_state state, int64_t now_ms, struct group_act *ret_act);
/* When the next one in that state is due, INT64_MAX none. */
MUST_CHECK
enum err group_act_next_ms(struct store *store, enum group_act_state state, int64_t *ret_ms);
/* One past its deadline, with the error it has to end with: EXPIRED, or IN_DOUBT for one that
 * nobody could find out about. ERR_NOT_FOUND. */
MUST_CHECK
enum err group_act_overdue(struct store *store, int64_t now_ms, struct group_act *ret_act);
/* CLAIMED becomes IN_DOUBT: at the start, and when nothing is under way any more. */
MUST_CHECK
enum err group_act_recover(struct store *store, int64_t *ret_count);
/* The first that is not final of this group; kind -1 any, person_id 0 any. ERR_NOT_FOUND. */
MUST_CHECK
enum err group_act_open(struct store *store, int64_t group_id, int kind, int64_t person_id,
	struct group_act *ret_act);
typedef void (*group_act_fn)(void *arg, const struct group_act *act);
MUST_CHECK
enum err group_act_list(struct store *store, int64_t group_id, int64_t before_id, int limit,
	group_act_fn fn, void *arg);
MUST_CHECK
enum err group_act_count(struct store *store, enum group_act_state state, int64_t *ret_count);
MUST_CHECK
enum err group_act_failed_since(struct store *store, int64_t since_ms, int64_t *ret_count);

#endif
