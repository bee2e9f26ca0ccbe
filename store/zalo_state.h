/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the Zalo side must not forget: the token pair by generations, and how far each chat list was
 * read. */
#ifndef BINHYEN_STORE_ZALO_STATE_H
#define BINHYEN_STORE_ZALO_STATE_H

#include "store/store.h"

#define ZALO_TOKEN_MAX 4096 /* bytes; they are some 600 today */

/* Alarms about a pair that a person was sent; a new pair begins without any. */
#define ZALO_TOLD_FAILED  1 /* a refresh failed */
#define ZALO_TOLD_CONSENT 2 /* a person must consent anew */
#define ZALO_TOLD_END	  4 /* the refresh token comes to its end */

struct zalo_token {
	int64_t generation; /* 1, 2, ... ; the previous one is kept */
	char access[ZALO_TOKEN_MAX];
	char refresh[ZALO_TOKEN_MAX];
	int64_t issued_ms;
	int64_t expires_ms;
	int64_t attempt_ms;	    /* a refresh with this pair was begun; 0 = not yet */
	int64_t refresh_expires_ms; /* end of the refresh token: three months after its issue */
	int told;		    /* ZALO_TOLD_... about this pair */
};
/* The newest pair of (app, OA); ERR_NOT_FOUND. Wipe afterwards. */
MUST_CHECK
enum err zalo_token_load(
	struct store *store, const char *app_id, const char *oa_id, struct zalo_token *ret_token);
/* Adds the next generation (its number is chosen here), removes all but it and the one before. */
MUST_CHECK
enum err zalo_token_save(
	struct store *store, const char *app_id, const char *oa_id, const struct zalo_token *token);
/* Marks that the newest pair's refresh token is about to be spent (0 clears). Commit before the
 * POST. */
MUST_CHECK
enum err zalo_token_attempt(
	struct store *store, const char *app_id, const char *oa_id, int64_t attempt_ms);

/* Drops the newest pair, so that the one before is the newest again; ERR_NOT_FOUND: there is none
 * whose refresh token is unspent. */
MUST_CHECK
enum err zalo_token_back(struct store *store, const char *app_id, const char *oa_id);
/* Which alarms about the newest pair were sent. */
MUST_CHECK
enum err zalo_token_told(struct store *store, const char *app_id, const char *oa_id, int told);

#define ZALO_EDGE_ID_MAX 96

/* How far a list was read: everything at or before floor_ms is in the inbox. */
struct zalo_cursor {
	int64_t floor_ms;
	int64_t top_ms;	 /* newest seen in a walk that is not finished; becomes floor_ms when it is
			  */
	int64_t offset;	 /* where an unfinished walk goes on; 0 = none under way */
	int64_t edge_ms; /* the last row that the unfinished walk read: what it reads next must
			    overlap it */
	char edge_id[ZALO_EDGE_ID_MAX];
	int64_t covered_ms; /* Zalo's time when the last whole walk began: nothing before it is
			       missing */
};
/* name: "listrecentchat" or "group/listrecentchat"; all zero when it was never saved. */
MUST_CHECK
enum err zalo_cursor_load(struct store *store, const char *name, struct zalo_cursor *ret_cursor);
MUST_CHECK
enum err zalo_cursor_save(struct store *store, const char *name, const struct zalo_cursor *cursor);

/* A time of which a list tells no longer, because we were away too long: tips may be lost. */
struct zalo_gap {
	int64_t id;
	char list[32]; /* "users" or "groups" */
	int64_t from_ms, to_ms;
	int64_t noted_ms;
	int64_t seen_ms;  /* an officer has looked in the inbox of the OA; 0 = not yet */
	char seen_by[32]; /* "officer:..." */
};
MUST_CHECK
enum err zalo_gap_add(struct store *store, const char *list, int64_t from_ms, int64_t to_ms);
typedef void (*zalo_gap_fn)(void *arg, const struct zalo_gap *gap);
/* Newest first; before_id 0 = from the top. */
MUST_CHECK
enum err zalo_gap_list(
	struct store *store, int64_t before_id, int limit, zalo_gap_fn fn, void *arg);
/* How many nobody has looked after. */
MUST_CHECK
enum err zalo_gap_count(struct store *store, int64_t *ret_count);
/* ERR_NOT_FOUND; ERR_STATE when it was seen before. */
MUST_CHECK
enum err zalo_gap_seen(struct store *store, int64_t id, const char *actor);

#endif
