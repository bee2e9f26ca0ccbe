/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The groups of the account, for daemon/relay/zalo_group*.c only. One call at a time, so that what
 * is read is never older than what was done: an act before a doubt before a look.
 */
#ifndef BINHYEN_RELAY_ZALO_GROUP_PRIVATE_H
#define BINHYEN_RELAY_ZALO_GROUP_PRIVATE_H

#include "daemon/relay/zalo_group.h"
#include "daemon/relay/zalo_group_parse.h"
#include "daemon/relay/zalo_private.h"

#define ZALO_GROUP_ROWS	 10  /* of a page; Zalo names no maximum for group lists */
#define ZALO_GROUP_PAGES 120 /* of a list: gmf1000 and its administrators */

/* What is being read. */
enum zalo_look {
	ZALO_LOOK_NONE,
	ZALO_LOOK_ASSETS,   /* quota/group */
	ZALO_LOOK_GROUPS,   /* getgroupsofoa */
	ZALO_LOOK_GROUP,    /* getgroup */
	ZALO_LOOK_REQUESTS, /* listpendinginvite */
	ZALO_LOOK_MEMBERS,  /* listmember */
	ZALO_LOOK_PERSON,   /* user/detail */
};

struct zalo_groups {
	struct zalo *zalo;
	struct desk *desk;
	struct zalo_call call;
	struct group_act act; /* claimed, or in doubt while `look` finds out */
	bool is_acting;	      /* the call is that of `act` */
	bool is_claiming;     /* and waits for its commit */
	bool is_doubting;     /* the look is for `act` */
	enum zalo_look look;
	int64_t group_id;  /* of the look */
	int64_t person_id; /* of user/detail */
	int64_t since_ms;  /* wall: when the list was begun */
	int64_t offset, total;
	int pages;
	bool is_listed;	     /* the group of `act` is in the list of groups */
	bool is_shifted;     /* the list changed while it was read */
	int64_t sure_ms;     /* monotonic: before, what is not there may only be late */
	int64_t assets_ms;   /* monotonic: due */
	int64_t groups_ms;   /* monotonic: due */
	int64_t warn_ms;     /* monotonic: due */
	int64_t persons_ms;  /* monotonic: nobody to be asked about before */
	int64_t rest_ms;     /* monotonic: nothing is read before, after a failure */
	int64_t after_group; /* looked at last, so that none starves another */
};

/* zalo_group.c: what is written together stands or falls together; ERR_BUSY is no failure. */
MUST_CHECK
enum err zalo_group_within(struct zalo_groups *g, enum err (*fn)(struct zalo_groups *g));

/* zalo_group_act.c */
/* Begins the call of a claimed act. */
MUST_CHECK
enum err zalo_group_act_start(struct zalo_groups *g);
void zalo_group_act_done(struct zalo_groups *g, const struct zalo_answer *answer);

/* zalo_group_look.c */
/* Begins to read; *ret_due_ms: when something is due next (monotonic) if nothing is now. */
MUST_CHECK
enum err zalo_group_look_next(struct zalo_groups *g, int64_t *ret_due_ms);
MUST_CHECK
enum err zalo_group_look_start(struct zalo_groups *g, enum zalo_look look, int64_t group_id);
void zalo_group_look_done(struct zalo_groups *g, const struct zalo_answer *answer);

/* zalo_group_doubt.c */
/* Begins to find out what became of g->act. */
MUST_CHECK
enum err zalo_group_doubt_start(struct zalo_groups *g);
/* The look is over: what does it show? */
MUST_CHECK
enum err zalo_group_doubt_judge(struct zalo_groups *g);

/* Of PARTY_ZALO_GROUP. */
MUST_CHECK
enum err zalo_group_address(struct zalo_groups *g, int64_t group_id, struct buf *out);

#endif
