/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files about bulletins of desk/ only. */
#ifndef BINHYEN_DESK_BULLETIN_PRIVATE_H
#define BINHYEN_DESK_BULLETIN_PRIVATE_H

#include "daemon/desk/bulletin.h"
#include "daemon/desk/desk_private.h"

/* The lane by which it goes. */
enum lane bulletin_lane(const struct bulletin *bulletin);
/* ERR_NOT_FOUND with words for the officer. */
MUST_CHECK
enum err bulletin_find(
	struct desk *desk, int64_t id, struct bulletin *ret_bulletin, struct errbuf *eb);
/* "bulletin.ACT", with the version and, unless NULL, one word. */
MUST_CHECK
enum err bulletin_note(struct desk *desk, const char *act, const struct bulletin *bulletin,
	const char *actor, const char *name, const char *word);
/* Screens the newest version, a draft. */
MUST_CHECK
enum err bulletin_screen_now(struct desk *desk, int64_t id, struct errbuf *eb);

#endif
