/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The groups of the Official Account (GMF): what each is for, how it has to be, and how Zalo last
 * said it is. The group's id at Zalo is the address of its party.
 *
 *     PLANNED ──→ ACTIVE ←──→ DISABLED        DISABLED: its asset is over, dissolved in 45 days
 *        │           └────┬──────┘
 *        ↓                ↓
 *     ABANDONED          GONE                 GONE: dissolved, or the account is out of it
 */
#ifndef BINHYEN_STORE_ZALO_GROUP_H
#define BINHYEN_STORE_ZALO_GROUP_H

#include "store/store.h"

#define ZALO_GROUP_NAME_BYTES 256
#define ZALO_GROUP_TEXT_BYTES 512 /* description, picture, link */
#define ZALO_ASSET_BYTES      40

#define ZALO_GROUP_STATE_TABLE(X) X(PLANNED) X(ACTIVE) X(DISABLED) X(GONE) X(ABANDONED)
enum zalo_group_state {
#define X(name) ZALO_GROUP_##name,
	ZALO_GROUP_STATE_TABLE(X)
#undef X
		ZALO_GROUP_STATE_COUNT
};
const char *zalo_group_state_text(enum zalo_group_state state);
/* Is there such a group, or will there be? */
static inline bool zalo_group_lives(enum zalo_group_state state)
{
	return state == ZALO_GROUP_PLANNED || state == ZALO_GROUP_ACTIVE ||
	       state == ZALO_GROUP_DISABLED;
}

/* The switches of group/updateinfo, in the order of its page. */
#define ZALO_SWITCH_TABLE(X) \
	X(LOCK, "lock_send_msg") \
	X(APPR, "join_appr") X(HISTORY, "enable_msg_history") X(LINK_JOIN, "enable_link_join")
enum zalo_switch {
#define X(name, text) ZALO_SWITCH_##name,
	ZALO_SWITCH_TABLE(X)
#undef X
		ZALO_SWITCH_COUNT
};
const char *zalo_switch_text(enum zalo_switch which);

/* How a group has to be, or is. Switches: 1, 0, -1 = not watched, respectively not known. */
struct zalo_group_look {
	char name[ZALO_GROUP_NAME_BYTES];
	char description[ZALO_GROUP_TEXT_BYTES];
	char avatar[ZALO_GROUP_TEXT_BYTES]; /* URL */
	int on[ZALO_SWITCH_COUNT];
};

struct zalo_group {
	int64_t id;
	int64_t place_id; /* 0: found at Zalo, nobody has said what it is for */
	int64_t party_id; /* 0 until it was created */
	enum zalo_group_state state;
	char asset_id[ZALO_ASSET_BYTES];
	char asset_type[ZALO_ASSET_BYTES]; /* "gmf50" */
	struct zalo_group_look want;
	char avatar_kept[ZALO_GROUP_TEXT_BYTES]; /* what Zalo shows for want.avatar */
	bool is_auto_accept; /* who is on the place's list is let in without an officer */
	struct zalo_group_look is;
	char link[ZALO_GROUP_TEXT_BYTES];
	int members, members_max;
	int64_t expires_ms;    /* of its asset; 0 not known */
	bool is_renewed;       /* the asset by itself */
	int64_t dissolves_ms;  /* 0: Zalo has set no date */
	int64_t warned_for_ms; /* the date of the last warning, */
	int warned_days;       /* which was told so many days before */
	char drift[160];       /* "name lock_send_msg": what is not as it has to be */
	int64_t drift_ms;      /* when a drift was last seen; 0 never */
	int mends;	       /* on the day mends_day (days since 1970 in Vietnam) */
	int64_t mends_day;
	int64_t refused_ms; /* since when Zalo says that we are not in it; 0 it does not */
	int64_t checked_ms, requests_ms, members_ms; /* when each was last read whole; 0 never */
	/* As they were when the members were compared last: who has no business there, who of the
	 * place's list is known on Zalo but not in the group, and who is not known on Zalo. */
	int strangers, missing, unknown;
	int64_t created_ms;
};
/* Adds (id 0) or writes all of it. */
MUST_CHECK
enum err zalo_group_save(struct store *store, struct zalo_group *group);
MUST_CHECK
enum err zalo_group_load(struct store *store, int64_t id, struct zalo_group *ret_group);
MUST_CHECK
enum err zalo_group_of_party(struct store *store, int64_t party_id, struct zalo_group *ret_group);
/* The one that lives there, or is planned. */
MUST_CHECK
enum err zalo_group_of_place(struct store *store, int64_t place_id, struct zalo_group *ret_group);
MUST_CHECK
enum err zalo_group_of_asset(
	struct store *store, const char *asset_id, struct zalo_group *ret_group);
/* The next one by number, for who goes through all of them with writes between. ERR_NOT_FOUND. */
MUST_CHECK
enum err zalo_group_next(struct store *store, int64_t after_id, struct zalo_group *ret_group);
typedef void (*zalo_group_fn)(void *arg, const struct zalo_group *group);
MUST_CHECK
enum err zalo_group_list(
	struct store *store, int64_t before_id, int limit, zalo_group_fn fn, void *arg);

/* What groups can be made of (quota/group). */
struct zalo_asset {
	char asset_id[ZALO_ASSET_BYTES];
	char type[ZALO_ASSET_BYTES];
	int64_t expires_ms; /* 0 not known */
	bool is_renewed, is_used;
	int64_t seen_ms;
	int64_t used_by; /* party id of the group, 0 not told */
};
MUST_CHECK
enum err zalo_asset_put(struct store *store, const struct zalo_asset *asset);
/* Those that were not seen since. */
MUST_CHECK
enum err zalo_asset_prune(struct store *store, int64_t before_ms);
typedef void (*zalo_asset_fn)(void *arg, const struct zalo_asset *asset);
MUST_CHECK
enum err zalo_asset_list(struct store *store, zalo_asset_fn fn, void *arg);

#endif
