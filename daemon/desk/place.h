/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places, and the lists of who belongs to them, as officers enter them. */
#ifndef BINHYEN_DESK_PLACE_H
#define BINHYEN_DESK_PLACE_H

#include "store/place.h"
#include "store/resident.h"

struct desk;

struct desk_place_new {
	const char *code, *name, *kind;
	const char *parent; /* code; NULL or "" none */
};
/* Adds, or changes the one with that code. */
MUST_CHECK
enum err desk_place_put(struct desk *desk, const struct desk_place_new *in, const char *actor,
	struct place *ret_place, struct errbuf *eb);

struct desk_resident_row {
	const char *phone, *name, *place, *role;
	const char *household; /* what it is called by; "" none, NULL as it is */
};
enum desk_resident_change {
	DESK_RESIDENT_SAME,
	DESK_RESIDENT_ADDED,
	DESK_RESIDENT_CHANGED,
	DESK_RESIDENT_REMOVED,
};
/* The role that takes a person off the list of a place. */
#define DESK_ROLE_LEFT "left"
/* One row of a list. `eb` names what is wrong, never the number or the name. The event is the
 * caller's, one for a whole list, and so is the savepoint: a trial is undone with it. */
MUST_CHECK
enum err desk_resident_put(struct desk *desk, const struct desk_resident_row *row,
	enum desk_resident_change *ret_change, struct errbuf *eb);

#endif
