/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is logged in. Sessions live in memory only: with a session goes the officer's unlocked secret
 * key, in locked memory (keypair.h), and a restart must forget that, so there would be nothing to
 * come back to. Of a token only the hash is kept.
 *
 * A session ends by itself when it was not used for idle_ms, and absolute_ms after it began
 * whatever happens; sessions_expire() then wipes its key. Times are of the monotonic clock.
 */
#ifndef BINHYEN_STORE_SESSION_H
#define BINHYEN_STORE_SESSION_H

#include "daemon/base/clock.h"
#include "store/keypair.h"

#define SESSION_TOKEN_BYTES 65 /* 32 random bytes as hex digits, and a NUL */
#define SESSION_CSRF_BYTES  33 /* 16 likewise */
#define SESSION_PEER_BYTES  48
#define SESSIONS_MAX	    64 /* officers of a commune, each at a desk and on a second machine */
#define SESSIONS_EACH_MAX   6  /* of one officer: a further one ends the one that idles longest */

struct sessions;
struct session;

struct session_limits {
	int64_t idle_ms;
	int64_t absolute_ms;
};
MUST_CHECK
enum err sessions_new(
	struct clock *clock, const struct session_limits *limits, struct sessions **ret_sessions);
void sessions_free(struct sessions *sessions);
/* Of all of them, also those that have begun. */
void sessions_set_limits(struct sessions *sessions, const struct session_limits *limits);

/* Takes the key pair over when it succeeds. peer: where he came from, "uid1000"; is_cookie: the
 * token came by one, so that writes need the csrf token. ERR_BUSY: SESSIONS_MAX. */
MUST_CHECK
enum err session_begin(struct sessions *sessions, int64_t officer_id, struct keypair *pair,
	const char *peer, bool is_cookie, char ret_token[SESSION_TOKEN_BYTES],
	struct session **ret_session);
/* NULL: no such session, or it has ended. Being found is being used. */
struct session *session_find(struct sessions *sessions, const char *token);
/* The same without being used: a page that reads anew by itself is nobody who is at it. */
struct session *session_peek(struct sessions *sessions, const char *token);
/* By session_id(), likewise: an answer that takes its time asks again whose it is. */
struct session *session_recall(struct sessions *sessions, int64_t id);

struct session_view {
	int64_t id; /* counted from 1 since the start; no secret */
	int64_t officer_id;
	char peer[SESSION_PEER_BYTES];
	bool is_cookie;
	int64_t age_ms;
	int64_t idle_ms;
	int64_t left_ms; /* until it ends by itself if it is not used */
};
void session_view(const struct session *session, struct session_view *ret_view);
int64_t session_id(const struct session *session);
int64_t session_officer(const struct session *session);
/* The unlocked key of its officer; borrowed until the session ends, which may be in this turn. */
const struct keypair *session_pair(const struct session *session);
/* Does `csrf` belong to it? In constant time; NULL is no token. */
bool session_has_csrf(const struct session *session, const char *csrf);
const char *session_csrf(const struct session *session);

/* One, all of an officer, all of them whose time has come. How many ended. */
int sessions_end(struct sessions *sessions, int64_t id);
int sessions_end_of(struct sessions *sessions, int64_t officer_id);
int sessions_expire(struct sessions *sessions);

typedef void (*session_fn)(void *arg, const struct session *session);
/* Oldest first; officer_id 0: everybody's. */
void sessions_list(struct sessions *sessions, int64_t officer_id, session_fn fn, void *arg);
int sessions_count(const struct sessions *sessions);

#endif
