/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a place: two hamlets become one, a school is shut. What lives on goes to another place
 * in the same act, or there must be nothing left:
 *
 *     residents, households, who waits to enrol, places below, area officers   move
 *     open reports       move, and with them who may read them; the closed ones keep its name
 *     a Zalo group       has to be given to another place or deleted before: it has members who
 *                        have to be told
 *     bulletins that     have to be sent or changed before: whom they reach was approved
 *     name it
 *
 * It keeps its code and takes nothing new.
 */
#ifndef BINHYEN_DESK_PLACE_CLOSE_H
#define BINHYEN_DESK_PLACE_CLOSE_H

#include "daemon/desk/officer.h"
#include "store/place.h"

#define PLACE_REASON_MIN 3 /* letters: "giải thể" */
#define PLACE_REASON_MAX 200

struct place_closing {
	const char *code;
	const char *into; /* code; "" nothing is left to move */
	const char *reason;
	const char *actor;
};
struct place_closed {
	struct place place, into; /* into.id 0: none */
	struct place_moved moved;
	int64_t reports, officers, enrolments;
};
/* ERR_NOT_FOUND: no such place; ERR_STATE: closed already, or something is in the way; ERR_DENIED:
 * an open report that the caller can't read himself. */
MUST_CHECK
enum err desk_place_close(struct desk *desk, const struct place_closing *in,
	struct place_closed *ret_closed, struct errbuf *eb);

#endif
