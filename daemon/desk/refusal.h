/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who wants no bulletins, all or of a topic. It is kept on the side of the registry, by its own
 * hash of the address (store/refusal.h): who asked is known while his message is handled, and
 * afterwards nothing says which correspondent it was: no event, no log line, and no time that could
 * be compared with that of the message.
 *
 * He is answered, politely and in any case: what he reports is received as before. As with
 * questions, one sender is answered DESK_SAID_MAX times an hour.
 */
#ifndef BINHYEN_DESK_REFUSAL_H
#define BINHYEN_DESK_REFUSAL_H

#include "daemon/desk/officer.h"
#include "store/refusal.h"

struct desk_refusal {
	int64_t party_id; /* who is answered */
	enum refusal_address kind;
	const char *address; /* canonical */
	int topic;	     /* as the list of categories numbers them; 0 all */
	bool is_back;	     /* wants them again */
};
MUST_CHECK
enum err desk_refuse(struct desk *desk, const struct desk_refusal *in);

/* An officer writes it down: what "refuse", "back" (a resident asked him), "block", "unblock" (the
 * number is wrong or not to be texted; of all topics). topic: as above. phone: in any habit of
 * writing. */
MUST_CHECK
enum err desk_refusal_set(struct desk *desk, const char *phone, const char *what, int topic,
	const struct desk_actor *actor, struct errbuf *eb);

#endif
