/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who asks, and whether he may (rights.h). One struct auth serves all doors: the sessions, the code
 * of the first start, what is being set up, and the one line at which passphrases wait to be tried,
 * since Argon2id takes a good part of a second and some memory: that is done in the thread pool,
 * one at a time.
 *
 *     unclaimed ──setup, with the code of the console──→ claimed
 *
 * While the box has no officers (unclaimed) whoever reaches the unix socket is the office. From
 * then on an officer logs in by name, passphrase and the code of his phone and gets a token, which
 * he brings as `Authorization: Bearer` or as a cookie; with a cookie a write needs the header
 * X-CSRF-Token as well, since a browser sends cookies by itself.
 */
#ifndef BINHYEN_HTTP_AUTH_H
#define BINHYEN_HTTP_AUTH_H

#include "daemon/desk/desk.h"
#include "store/login.h"
#include "store/session.h"

#include <uv.h>

struct auth;
struct http_request;

struct auth_options {
	uv_loop_t *loop; /* borrowed, as the next two */
	struct store *store;
	struct desk *desk;
	struct session_limits limits;
	struct keypair_cost cost; /* of a passphrase that is set or changed from now on */
};
MUST_CHECK
enum err auth_open(const struct auth_options *options, struct auth **ret_auth, struct errbuf *eb);
/* Ends all sessions; waits for the passphrase that is being tried; then cb (NULL is fine), from the
 * loop. The doors must have closed before, or close in the same turn. */
void auth_close(struct auth *auth, void (*cb)(void *arg), void *arg);

/* How long sessions last from now on, also those that have begun. */
void auth_set_limits(struct auth *auth, const struct session_limits *limits);

/* Fills in req->caller and req->actor; when the route is not for him the refusal is in the answer.
 */
void auth_check(struct http_request *req);
/* The request is cut off: what it waited for is nobody's any more. */
void auth_forget(struct auth *auth, const struct http_request *req);
/* The session that the request began is no more: its commit failed. */
void auth_unbegin(struct http_request *req);

/* Later than the request came: is the session still there that it came with (its id; 0: none, the
 * box having no officers), and may its officer still call the route? The caller is then as he is
 * now; if not, nobody. */
bool auth_recall(struct http_request *req, int64_t session_id);

/* Has the box officers? Looks at the store until it has. */
bool auth_is_claimed(struct auth *auth);
/* All of them, without a touch. */
void auth_sessions(struct auth *auth, session_fn fn, void *arg);
/* Sessions that have not ended. */
int auth_logged_in(struct auth *auth);

/* A code with which the first officer may be made, once, within AUTH_SETUP_LIFE_MS; an older one is
 * void. ERR_STATE: there are officers. It may be shown only at the box itself. */
#define AUTH_SETUP_LIFE_MS HOUR_MS
#define AUTH_SETUP_TRIES   10
MUST_CHECK
enum err auth_setup_code(struct auth *auth, char ret_code[LOGIN_CODE_BYTES]);

#endif
