/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The identity behind a report (design.md §5): it opens here and nowhere else, to one requester who
 * says why, for a short time, and leaves a trace that the chief is told of the next morning, and of
 * a complaint about the chief the chairman instead. That of an anonymous report opens to nobody.
 */
#ifndef BINHYEN_DESK_IDENTITY_H
#define BINHYEN_DESK_IDENTITY_H

#include "store/party.h"

struct desk;

#define IDENTITY_OPEN_MS    (15 * MINUTE_MS)
#define IDENTITY_REASON_MIN 10 /* letters: "xac minh" is no reason */
#define IDENTITY_MANY	    5  /* of one officer within a day: the chief is told at once */

struct identity_ask {
	int64_t report_id;
	const char *reason; /* NULL or "": only if it is open to him still */
	const char *actor;  /* "officer:LOGIN" */
};
struct identity {
	enum party_kind kind;
	char address[PARTY_ADDRESS_MAX]; /* wipe it */
	int64_t until_ms;		 /* open to him without another reason */
};
/* ERR_DENIED: anonymous; ERR_NOT_FOUND: its sender is not known (an office entry, or sanitised);
 * ERR_INVALID: no reason, or none worth the name. */
MUST_CHECK
enum err identity_reveal(struct desk *desk, const struct identity_ask *ask,
	struct identity *ret_identity, struct errbuf *eb);

/* From 07:00 on tells the chief how often identities were opened on the days before. */
MUST_CHECK
enum err identity_tick(struct desk *desk);

#endif
