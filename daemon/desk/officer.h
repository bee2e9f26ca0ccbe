/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The officers of the commune as their chief keeps them. Each act is written into `event` with who
 * did it. Nobody acts upon himself, and the last chief who can log in stays one: otherwise nobody
 * could let anybody in any more.
 */
#ifndef BINHYEN_DESK_OFFICER_H
#define BINHYEN_DESK_OFFICER_H

#include "daemon/base/err.h"
#include "store/login.h"
#include "store/officer.h"

struct desk;

#define DESK_OFFICER_PLACES_MAX 64
#define DESK_CODE_LIFE_MS	(3 * DAY_MS) /* a new officer may be on leave over the week-end */

/* Who does it: his id, 0 while the box has no officers, and his name in `event`. */
struct desk_actor {
	int64_t officer_id;
	const char *name; /* "officer:truong.ca" */
};

/* In each text NULL means "as it is" when an officer is changed, respectively none for a new one.
 */
struct desk_officer_in {
	const char *login;
	const char *name;
	const char *role;
	const char *phone;			     /* in any habit of writing; "" none */
	const char *superior;			     /* login; "" nobody */
	const char *places[DESK_OFFICER_PLACES_MAX]; /* codes; all that are his from now on */
	int place_count;			     /* -1: as they are */
};

/* A new one, who may set his passphrase with *ret_code: shown once, good for DESK_CODE_LIFE_MS. */
MUST_CHECK
enum err desk_officer_add(struct desk *desk, const struct desk_officer_in *in,
	const struct desk_actor *actor, struct officer *ret_officer,
	char ret_code[LOGIN_CODE_BYTES], struct errbuf *eb);
/* The first one, who has proved to stand at the box; he is chief. */
MUST_CHECK
enum err desk_officer_claim(struct desk *desk, const char *login, const char *name,
	const char *actor, struct officer *ret_officer, struct errbuf *eb);
MUST_CHECK
enum err desk_officer_change(struct desk *desk, const struct desk_officer_in *in,
	const struct desk_actor *actor, struct officer *ret_officer, struct errbuf *eb);

/* do: "lock", "unlock", "remove". */
MUST_CHECK
enum err desk_officer_do(struct desk *desk, const char *login, const char *what,
	const struct desk_actor *actor, struct officer *ret_officer, struct errbuf *eb);

/* Logins that were refused time after time, how many and the last one's name ("" of nobody here):
 * the chief is told. */
MUST_CHECK
enum err desk_officer_lockouts(struct desk *desk, int64_t count, const char *login);

/* what: "passphrase" (he forgot it: what only he could read is lost to him until somebody admits
 * him again) or "totp" (his phone is lost). He sets it anew with *ret_code. */
MUST_CHECK
enum err desk_officer_reset(struct desk *desk, const char *login, const char *what,
	const struct desk_actor *actor, struct officer *ret_officer,
	char ret_code[LOGIN_CODE_BYTES], struct errbuf *eb);

#endif
