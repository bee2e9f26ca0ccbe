/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zalo groups of hamlets and committees: what officers order, what of it Zalo confirms, and what is
 * noticed about a group. An order becomes an intention in the store (store/group_act.h), which
 * relay/zalo_group carries out; what it learns comes back here. Within the caller's turn and
 * savepoint, like the rest of the desk.
 */
#ifndef BINHYEN_DESK_GROUP_H
#define BINHYEN_DESK_GROUP_H

#include "store/group_act.h"
#include "store/group_person.h"
#include "store/zalo_group.h"

struct desk;

#define DESK_FOUNDERS_MAX 99 /* of group/creategroupwithoa */
#define DESK_UNCHANGED	  (-2)

/* ---- orders (group_order.c, group_people.c) ---------------------------------------------------
 */

/* NULL, respectively DESK_UNCHANGED: leave it as it is. */
struct desk_group_wish {
	const char *name, *description, *avatar;
	int on[ZALO_SWITCH_COUNT]; /* 1, 0; -1: do not watch it any more */
	int is_auto_accept;
};
void desk_group_wish_init(struct desk_group_wish *wish);

struct desk_group_new {
	const char *place;    /* code */
	const char *asset_id; /* NULL: the smallest free one that is known */
	const char *const
		*founders; /* Zalo user ids, at least one an administrator of the account */
	int founder_count;
	const struct desk_group_wish *wish;
};
MUST_CHECK
enum err desk_group_create(struct desk *desk, const struct desk_group_new *in, const char *actor,
	int64_t *ret_id, struct errbuf *eb);
/* Says what a group that was found, or another place's, is for. */
MUST_CHECK
enum err desk_group_link(struct desk *desk, int64_t group_id, const char *place, const char *actor,
	struct errbuf *eb);
MUST_CHECK
enum err desk_group_set(struct desk *desk, int64_t group_id, const struct desk_group_wish *wish,
	const char *actor, struct errbuf *eb);
MUST_CHECK
enum err desk_group_renew(struct desk *desk, int64_t group_id, const char *asset_id,
	const char *actor, struct errbuf *eb);
/* `name` must be that of the group: nobody dissolves one by a slip. */
MUST_CHECK
enum err desk_group_delete(struct desk *desk, int64_t group_id, const char *name, const char *actor,
	struct errbuf *eb);
/* Somebody asks to be let in, respectively it is not as it was, as Zalo told by itself: that is
 * read anew as soon as it can be reached. Of a group that nobody knows, nothing. */
MUST_CHECK
enum err desk_group_asked(struct desk *desk, const char *gid);
MUST_CHECK
enum err desk_group_changed(struct desk *desk, const char *gid);
/* Is it of a place, so that its ends are told by desk_group_seen()? */
MUST_CHECK
enum err desk_group_is_linked(struct desk *desk, const char *gid, bool *ret_is);
/* An officer wants all of it to be read anew. */
MUST_CHECK
enum err desk_group_look(struct desk *desk, int64_t group_id, struct errbuf *eb);

/* A person by his number in the group, or by his Zalo user id (who need not be known then). */
struct desk_person_ref {
	int64_t person_id; /* 0: by user_id */
	const char *user_id;
};
MUST_CHECK
enum err desk_group_call_in(struct desk *desk, int64_t group_id,
	const struct desk_person_ref *person, const char *actor, struct errbuf *eb);
MUST_CHECK
enum err desk_group_answer(struct desk *desk, int64_t group_id, int64_t person_id, bool is_accepted,
	const char *actor, struct errbuf *eb);
MUST_CHECK
enum err desk_group_remove(struct desk *desk, int64_t group_id,
	const struct desk_person_ref *person, const char *actor, struct errbuf *eb);
/* A stranger who may stay. */
MUST_CHECK
enum err desk_group_confirm(struct desk *desk, int64_t group_id, int64_t person_id,
	const char *actor, struct errbuf *eb);
MUST_CHECK
enum err desk_group_deputy(struct desk *desk, int64_t group_id,
	const struct desk_person_ref *person, bool is_deputy, const char *actor, struct errbuf *eb);
/* The new head gets the rights; when Zalo has confirmed that, the old one loses them. */
MUST_CHECK
enum err desk_group_handover(struct desk *desk, int64_t group_id,
	const struct desk_person_ref *person, const char *actor, struct errbuf *eb);
/* What a person found out about one in doubt ("done", "failed", "again"), or "cancel" of one that
 * has not begun. */
MUST_CHECK
enum err desk_group_settle(
	struct desk *desk, int64_t act_id, const char *how, const char *actor, struct errbuf *eb);

/* ---- what Zalo did (group_done.c) -------------------------------------------------------------
 */

/* What getgroup, updateinfo and creategroupwithoa tell. */
struct desk_group_told {
	char group_id[ZALO_USER_ID_BYTES]; /* "" not told */
	struct zalo_group_look look;	   /* "" and -1: not told */
	char link[ZALO_GROUP_TEXT_BYTES];
	bool is_disabled;
	bool has_status;
	int members, members_max; /* -1 not told */
	bool has_asset;		  /* the four below count */
	char asset_id[ZALO_ASSET_BYTES];
	char asset_type[ZALO_ASSET_BYTES];
	int64_t expires_ms;
	bool is_renewed;
	int64_t dissolves_ms; /* 0 none */
};

/* Carried out, as Zalo answered or as it was read back: its effects, and DONE, or the next step of
 * a hand-over. told: NULL when nothing was told. */
MUST_CHECK
enum err desk_group_done(
	struct desk *desk, struct group_act *act, const struct desk_group_told *told);
/* Never will be. `act` has error and code set. */
MUST_CHECK
enum err desk_group_failed(struct desk *desk, struct group_act *act);
/* A hand-over goes on to another step without a call. */
MUST_CHECK
enum err desk_group_step(struct desk *desk, struct group_act *act, int step, int64_t due_ms);
/* Who loses his rights in a hand-over: 0 nobody. */
MUST_CHECK
enum err desk_group_old_head(
	struct desk *desk, const struct group_act *act, int64_t *ret_person_id);

/* ---- what was noticed (group_seen.c, group_members.c) -----------------------------------------
 */

/* Zalo's list names this group: one that nobody knew is added, without a place. */
MUST_CHECK
enum err desk_group_found(
	struct desk *desk, const struct desk_group_told *told, struct zalo_group *ret_group);
/* As getgroup tells it: drift is noted, and mended by an act. */
MUST_CHECK
enum err desk_group_seen(struct desk *desk, int64_t group_id, const struct desk_group_told *told);
/* Zalo says that there is no such group, or that we are not in it. Believed when a whole list, at
 * least DESK_REFUSED_MS later, does not name it either. */
#define DESK_REFUSED_MS (5 * MINUTE_MS)
MUST_CHECK
enum err desk_group_refused(struct desk *desk, int64_t group_id);
/* The list of groups that was begun at since_ms is whole. */
MUST_CHECK
enum err desk_groups_whole(struct desk *desk, int64_t since_ms);
/* Ends that are near: told 14, 7 and 1 days before. */
MUST_CHECK
enum err desk_groups_warn(struct desk *desk);
/* Names of what is not as it has to be, "" nothing. */
void desk_group_drift(const struct zalo_group *group, char *text, size_t bytes);

/* Somebody in the list of members, respectively of requests; `name` is kept for a request. */
MUST_CHECK
enum err desk_member_seen(struct desk *desk, int64_t group_id, const char *user_id);
MUST_CHECK
enum err desk_request_seen(
	struct desk *desk, int64_t group_id, const char *user_id, const char *name);
/* The list that was begun at since_ms is whole: who was not in it is gone. */
MUST_CHECK
enum err desk_members_whole(struct desk *desk, int64_t group_id, int64_t since_ms);
MUST_CHECK
enum err desk_requests_whole(struct desk *desk, int64_t group_id, int64_t since_ms);
/* Zalo was asked who he is. phone: what he shared, "" nothing. */
MUST_CHECK
enum err desk_person_told(struct desk *desk, int64_t person_id, const char *phone);

/* Does somebody on the place's list bear the name that he shows? A hint, not a proof. */
MUST_CHECK
enum err desk_request_is_named(struct desk *desk, int64_t person_id, bool *ret_is_named);

/* "thon-3", or "nhom-5" for one without a place. */
MUST_CHECK
enum err desk_group_word(
	struct desk *desk, const struct zalo_group *group, char *word, size_t bytes);

#endif
