/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the simulated Zalo knows: one Official Account, its users and groups, every message, and the
 * token pair of one app. Time is the system's plus an offset that tests may move, so that windows
 * and lifetimes pass in no time. Owned by the one thread of sim-zalo.
 */
#ifndef BINHYEN_SIM_ZALO_WORLD_H
#define BINHYEN_SIM_ZALO_WORLD_H

#include "daemon/base/err.h"
#include "daemon/base/rng.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define WORLD_ID_BYTES	  40
#define WORLD_NAME_BYTES  96
#define WORLD_TOKEN_BYTES 512

/* A simulator has nothing better to do without memory than to end. */
#define MUST_HAVE(ptr) CHECK((ptr) != NULL)

struct world_options {
	const char *app_id;
	const char *oa_id;
	const char *app_secret;
	const char *access; /* the first token pair */
	const char *refresh;
	const char *state_path;	   /* NULL = forget everything at the end */
	int64_t access_lifetime_s; /* 90000 = 25 h */
	int64_t refresh_lifetime_s;
	int64_t retention_ms;	  /* rows older than this are gone from the lists */
	int64_t window_ms;	  /* a user can be answered this long after his last message */
	int64_t rate_limit;	  /* calls a minute */
	const char *callback_url; /* registered for the app; NULL = any */
	int64_t grace_ms;	  /* a refresh token spent so lately gets the same new pair again */
	int64_t handle_ms;	  /* an uploaded picture or file is known that long */
	int64_t zns_quota;	  /* template messages a day */
	uint64_t seed;
	bool requires_proof;   /* the app switched appsecret_proof on */
	bool old_access_lives; /* a refresh leaves the old access token valid until its expiry */
	bool has_number_ids;   /* user ids are JSON numbers in answers */
	bool is_jumbled;       /* neighbouring rows of two users may change places */
	bool is_short;	       /* lists end after their newest 120 rows */
};

struct world_user {
	char id[WORLD_ID_BYTES];
	char name[WORLD_NAME_BYTES];
	int64_t last_ms; /* last interaction; -1 = never */
	int error;	 /* what a send to this user answers, 0 = goes through */
	char phone[24];	 /* that he shared with the account, "" = none */
};

struct world_group {
	char id[WORLD_ID_BYTES];
	char name[WORLD_NAME_BYTES];
	bool is_disabled;
};

struct world_message {
	int64_t seq; /* order of arrival at Zalo, from 1 */
	int64_t time_ms;
	bool is_from_oa;
	bool is_by_api; /* sent by a call; otherwise by staff in the OA chat tool */
	char id[WORLD_ID_BYTES];
	char user[WORLD_ID_BYTES];  /* the other side, or the member who wrote */
	char group[WORLD_ID_BYTES]; /* "" = one-to-one */
	char type[16];
	json_t *content; /* owned: "message" and what the type adds */
};

struct world_tokens {
	char access[WORLD_TOKEN_BYTES];
	char refresh[WORLD_TOKEN_BYTES];
	char old_access[WORLD_TOKEN_BYTES];
	char old_refresh[WORLD_TOKEN_BYTES]; /* forgotten at the end, and the grace with it */
	int64_t refreshed_ms;
	int64_t access_expires_ms;
	int64_t refresh_expires_ms;
	int64_t old_access_expires_ms;
	int64_t generation; /* 1 = the first pair */
	bool is_access_revoked;
	bool is_refresh_spent;
	json_t *spent; /* owned: refresh tokens that were used */
	int64_t refresh_count;
	int64_t spent_use_count; /* someone used a spent refresh token: the chain is broken */
};

/* What getoa and the quotas tell; all zero: a verified account of a state agency without a package.
 */
struct world_account {
	char oa_id[WORLD_ID_BYTES]; /* "" = that of the options */
	bool is_unverified;
	int oa_type; /* 0 = 4, state agency */
	char package[64];
	char package_until[16];
	bool has_wallet;
	int64_t quota_total;
	int64_t quota_remain;
};

/* The code of a consent that waits to be exchanged. */
struct world_consent {
	char code[64]; /* "" = none */
	char challenge[64];
	int64_t expires_ms;
};

struct world {
	struct world_options options;
	struct rng rng;
	int64_t clock_offset_ms;
	int64_t next_seq;
	struct world_user **users;
	size_t user_count;
	struct world_group **groups;
	size_t group_count;
	struct world_message **messages; /* oldest first by (time_ms, seq) */
	size_t message_count;
	struct world_tokens tokens;
	json_t *uploads; /* owned: by handle; not in the state file, like the next three */
	int64_t upload_count;
	json_t *reactions;  /* owned: in the order of the calls */
	json_t *zns;	    /* owned: template messages */
	json_t *zns_errors; /* owned: what a send to a phone answers */
	int64_t zns_count;
	struct world_consent consent; /* forgotten at the end */
	struct world_account account; /* likewise */
	int64_t rate_minute;
	int64_t rate_used;
	json_t *gmf;	     /* owned: gmf.h */
	int64_t shift_count; /* lists still to be followed by a new message */
	bool is_dirty;	     /* the state file is behind */
};

struct world *world_new(const struct world_options *options);
void world_free(struct world *world);
int64_t world_now_ms(const struct world *world);

/* NULL when unknown; the second kind creates. */
struct world_user *world_user(struct world *world, const char *id);
struct world_user *world_user_add(struct world *world, const char *id, const char *name);
struct world_group *world_group(struct world *world, const char *id);
struct world_group *world_group_add(struct world *world, const char *id, const char *name);

/* A message that is about to be added; borrowed strings. */
struct world_post {
	const char *user;
	const char *group; /* NULL = one-to-one */
	const char *text;
	const char *type; /* NULL = "text" */
	json_t *extra;	  /* borrowed, NULL = nothing: fields that the type adds */
	int64_t time_ms;  /* 0 = now */
	bool is_from_oa;
	bool is_by_api;
};
/* Gives it a seq and an id, and counts as an interaction of the user; owned by the world. */
const struct world_message *world_post(struct world *world, const struct world_post *post);
/* Puts a complete message in its place by time and takes it over. */
void world_message_insert(struct world *world, struct world_message *message);
/* False: no such message. */
bool world_message_remove(struct world *world, const char *id);
const struct world_message *world_message(const struct world *world, const char *id);

/* Counts one call of this minute; false = over the limit, nothing counted. */
bool world_rate_take(struct world *world);
int64_t world_rate_remaining(const struct world *world);

/* Hands out a new pair: by a refresh, or by a person's consent. */
void world_tokens_renew(struct world *world, bool is_refresh);
/* 0, or the API's code: -216 invalid, -220 expired or removed. */
int world_access_check(struct world *world, const char *access);
/* The refresh token before, within its grace. */
bool world_refresh_is_replay(const struct world *world, const char *refresh);
/* 0, or -14014; counts the use of a spent one. */
int world_refresh_check(struct world *world, const char *refresh);

/* The state file: everything above as JSON. A missing file is an empty world. */
MUST_CHECK
enum err world_load(struct world *world, struct errbuf *eb);
MUST_CHECK
enum err world_save(struct world *world, struct errbuf *eb);

#endif
