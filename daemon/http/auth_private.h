/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files about logging in share: auth.c, auth_work.c, auth_enrol.c and their resources. */
#ifndef BINHYEN_HTTP_AUTH_PRIVATE_H
#define BINHYEN_HTTP_AUTH_PRIVATE_H

#include "daemon/http/auth.h"
#include "daemon/http/resources.h"
#include "store/officer.h"
#include "store/vault.h"

#define AUTH_PASSPHRASE_MAX 256 /* bytes, in normal form */
#define AUTH_PASSPHRASE_MIN 12	/* characters */
#define AUTH_QUEUE_MAX	    16	/* passphrases that wait to be tried: some ten seconds */
#define AUTH_ENROL_MAX	    16
#define AUTH_ENROL_LIFE_MS  (10 * MINUTE_MS)
#define AUTH_ENROL_TRIES    5
#define AUTH_TOKEN_BYTES    65 /* as a session's: 64 hex digits */

/* What somebody is about to have once his phone has shown a right code: kept in memory only. */
enum enrol_kind {
	ENROL_SETUP, /* the first chief: name, passphrase, phone */
	ENROL_KEY,   /* passphrase and phone of an officer who has neither */
	ENROL_TOTP   /* a phone */
};
struct enrolment {
	bool is_used;
	enum enrol_kind kind;
	uint8_t hash[VAULT_HASH_BYTES]; /* of its token */
	int64_t officer_id;		/* 0 for SETUP */
	char login[OFFICER_LOGIN_BYTES];
	char name[OFFICER_NAME_BYTES]; /* of SETUP */
	struct keypair *pair;
	uint8_t wrapped[KEYPAIR_WRAPPED_BYTES]; /* but for TOTP */
	uint8_t totp[TOTP_SECRET_BYTES];
	int64_t ends_ms; /* monotonic */
	int tries;
};

struct auth_setup {
	char code[LOGIN_CODE_BYTES]; /* "" none */
	int64_t ends_ms;	     /* monotonic */
	int tries;
};

/* One passphrase that is tried, and what is to be made of it. */
struct auth_work {
	uv_work_t work;
	struct auth *auth;
	struct auth_work *next;
	struct http_request *req; /* NULL: it was cut off */
	/* `wrapped` is unwrapped by `passphrase`, or without it a new pair is made; then the pair
	 * is wrapped by `fresh` when that is given. */
	bool has_wrapped;
	uint8_t wrapped[KEYPAIR_WRAPPED_BYTES];
	struct buf passphrase, fresh;
	/* What came of it. */
	enum err err;
	struct keypair *pair; /* owned */
	uint8_t rewrapped[KEYPAIR_WRAPPED_BYTES];
	void (*done)(struct auth_work *work);
	/* For `done`. */
	bool is_known; /* there is such an officer, and he may try */
	int64_t officer_id;
	char login[OFFICER_LOGIN_BYTES];
	char name[OFFICER_NAME_BYTES];
	char code[32]; /* of the phone, or the one-time code */
	bool is_cookie;
	int64_t failures;
};

struct auth {
	struct auth_options options;
	struct sessions *sessions;
	struct auth_setup setup;
	struct enrolment enrolments[AUTH_ENROL_MAX];
	struct auth_work *first, *last; /* wait */
	int waiting;
	bool is_running;
	struct auth_work *running; /* while it is */
	struct auth_lockouts {
		int64_t count; /* refused after the free tries, of which the chief was not told */
		char login[OFFICER_LOGIN_BYTES]; /* the last of them; "" nobody's */
		int64_t told_ms;		 /* monotonic; 0 never */
	} lockouts;
	bool is_claimed; /* never undone */
	bool is_closing;
	uv_timer_t timer; /* ends what has expired, and keys with it */
	bool is_timer_closed;
	void (*close_cb)(void *arg);
	void *close_arg;
};

/* The auth of a request about officers; NULL: there are none, and the refusal is in the answer. */
struct auth *auth_of(struct http_request *req);

/* auth_work.c */
struct auth_work *auth_work_new(struct http_request *req, void (*done)(struct auth_work *work));
void auth_work_free(struct auth_work *work);
/* Takes the work over, and begins the later answer of its request. ERR_BUSY: too many wait; then it
 * is still the caller's. */
MUST_CHECK
enum err auth_work_queue(struct auth_work *work);
void auth_work_stop(struct auth *auth);
/* The one that was at work while auth was closed is over. */
void auth_work_ended(struct auth *auth);

/* A passphrase as it was typed, in normal form. */
MUST_CHECK
enum err auth_passphrase(const char *typed, struct buf *out);
/* ERR_INVALID says why a new one is too weak. */
MUST_CHECK
enum err auth_passphrase_fit(const struct buf *passphrase, const char *login, struct errbuf *eb);

/* Counts the try before it is made; otherwise the refusal, or how long to wait, is in the answer.
 */
bool auth_try(struct http_request *req, const char *login, int64_t *ret_failures);
/* The try ended well. */
MUST_CHECK
enum err auth_forgive(struct http_request *req, const char *login);
/* Tells the chief of lock-outs, at most once an hour. */
#define AUTH_LOCKOUTS_MS HOUR_MS
void auth_tell_lockouts(struct auth *auth);
/* Every try that fails is answered the same, and noted in `event` once they are many. */
void auth_refuse(struct auth_work *work);

/* Tries the passphrase of who is logged in (body: "passphrase", with has_new "new" besides). */
void auth_prove(struct http_request *req, void (*done)(struct auth_work *work), bool has_new);

/* Begins a session with a copy of the pair and puts the token into the answer. escrow: words to be
 * shown once, "" none. */
MUST_CHECK
enum err auth_begin(struct http_request *req, const struct officer *officer,
	const struct keypair *pair, bool is_cookie, const char *escrow);
void auth_end_of(struct http_request *req, int64_t officer_id);
void auth_cookie_drop(struct http_request *req);
json_t *auth_session_json(const struct session *session, bool is_own);
/* An officer with his one-time code, which is shown this once and wiped. */
void auth_reply_code(
	struct http_request *req, const struct officer *officer, char code[LOGIN_CODE_BYTES]);
json_t *auth_officer_json(struct store *store, const struct officer *officer);

/* auth_enrol.c: NULL: too many are under way. The token goes to ret_token. */
struct enrolment *enrolment_new(
	struct auth *auth, enum enrol_kind kind, char ret_token[AUTH_TOKEN_BYTES]);
void enrolment_end(struct enrolment *enrolment);
void enrolments_expire(struct auth *auth);
/* {"enrolment","otpauth","expires"}; NULL: out of memory. */
json_t *enrolment_json(struct auth *auth, const struct enrolment *enrolment, const char *token);

/* A member of the body: "" when it is missing, is no text or is longer than max_bytes. */
const char *auth_text(const json_t *body, const char *key, size_t max_bytes);

#endif
