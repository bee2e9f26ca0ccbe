/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who a bulletin is for. An audience is a rule (canonical JSON, made and read by desk/audience.h),
 * which is drawn set by set from the registry; or people on a saved list; or both.
 *
 * audience_draw() writes the people of a rule into the temporary table `drawn` of the store's
 * connection, which the delivery ledger is filled from by INSERT ... SELECT and previews count; it
 * holds until the next draw. Nothing of `party` is in it: the registry stays apart.
 *
 *     drawn (resident_id, rank, place_id, has_zalo, bar, group_id)
 *
 *     rank      0 heads of hamlets, then the others who lead there, ... , 9 everybody else
 *     place_id  where he belongs, by his highest rank
 *     bar       '' he gets it; 'refused' 'topic' 'blocked' why he does not
 *     group_id  the group of the account in which he is, 0 none
 */
#ifndef BINHYEN_STORE_AUDIENCE_H
#define BINHYEN_STORE_AUDIENCE_H

#include "daemon/base/buf.h"
#include "store/store.h"

/* Roles that come first, by rank; the others of a list ("member", "household_head") are 9. */
#define AUDIENCE_RANK_TABLE(X) \
	X("head", 0)	  /* trưởng thôn */ \
	X("deputy", 1)	  /* phó thôn */ \
	X("secretary", 1) /* bí thư chi bộ */ \
	X("security", 1)  /* tổ trưởng tổ bảo vệ an ninh trật tự */ \
	X("front", 2)	  /* ban công tác mặt trận */ \
	X("manager", 2)	  /* of an agency, a school, an enterprise */
#define AUDIENCE_RANK_LAST 9

struct audience_drawing {
	const char *rule;  /* canonical JSON */
	const char *topic; /* the bulletin's category */
	bool to_refusers;  /* refusals of their own do not count; blocked numbers do */
	bool heads_only;   /* rank 0 only: a drill */
};
struct audience_counts {
	int64_t people; /* who get it */
	int64_t heads;	/* of them, rank 0 */
	int64_t on_zalo;
	int64_t refused, topic, blocked; /* who do not, and why */
};
/* Replaces what was drawn before. ERR_NOT_FOUND: the rule names a place or a list that is not
 * there any more. */
MUST_CHECK
enum err audience_draw(struct store *store, const struct audience_drawing *drawing,
	struct audience_counts *ret_counts);
struct audience_place_count {
	int64_t place_id;
	int64_t people, on_zalo;
};
typedef void (*audience_place_fn)(void *arg, const struct audience_place_count *count);
/* What was drawn, by place. */
MUST_CHECK
enum err audience_places(struct store *store, audience_place_fn fn, void *arg);
typedef void (*audience_group_fn)(void *arg, int64_t group_id, int64_t place_id);
/* The active Zalo groups of the places of a rule; none when it is not about everybody there (roles,
 * lists, who is not on Zalo). */
MUST_CHECK
enum err audience_groups(struct store *store, const char *rule, audience_group_fn fn, void *arg);

/* ---- saved audiences --------------------------------------------------------------------------
 */

#define AUDIENCE_CODE_BYTES 32 /* a-z 0-9 - */
#define AUDIENCE_NAME_BYTES 128
#define AUDIENCE_RULE_BYTES 4096 /* canonical JSON; "" none */
struct audience {
	int64_t id;
	char code[AUDIENCE_CODE_BYTES];
	char name[AUDIENCE_NAME_BYTES];
	char rule[AUDIENCE_RULE_BYTES];
	int64_t members;
	int64_t created_ms, changed_ms;
};
/* Adds (id 0), or changes name and rule. */
MUST_CHECK
enum err audience_save(struct store *store, const struct audience *audience, int64_t *ret_id);
MUST_CHECK
enum err audience_find(struct store *store, const char *code, struct audience *ret_audience);
typedef void (*audience_fn)(void *arg, const struct audience *audience);
/* Newest first. */
MUST_CHECK
enum err audience_list(
	struct store *store, int64_t before_id, int limit, audience_fn fn, void *arg);
MUST_CHECK
enum err audience_remove(struct store *store, int64_t id);
/* *ret_is_new, resp. ERR_NOT_FOUND: he was not on it. */
MUST_CHECK
enum err audience_join(struct store *store, int64_t id, int64_t resident_id, bool *ret_is_new);
MUST_CHECK
enum err audience_leave(struct store *store, int64_t id, int64_t resident_id);
MUST_CHECK
enum err audience_empty(struct store *store, int64_t id);

#endif
