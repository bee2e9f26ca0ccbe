/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The server of pictures and files, below /media/ of the API's port and without any token, as the
 * real one is. A test puts contents there, with what is wrong about them.
 *
 *   media {name, hex?, fill?, type?, expires_ms?, cut?, redirect?}
 *       hex: the content; fill: so many bytes in all, the rest zeros; type: what the header says;
 *       expires_ms: from now, then 404; cut: the connection breaks after so many bytes; redirect:
 *       302 to there
 *
 * Contents are forgotten when the program ends.
 */
#ifndef BINHYEN_SIM_ZALO_MEDIA_H
#define BINHYEN_SIM_ZALO_MEDIA_H

#include "tests/sim/zalo/call.h"
#include "tests/sim/zalo/world.h"

#define MEDIA_PATH "/media/"

struct media_item;

struct media_shelf {
	struct media_item *items;
};

/* NULL, or what is wrong with the order. */
const char *media_put(struct media_shelf *shelf, const struct world *world, json_t *order);
void media_call(struct media_shelf *shelf, const struct world *world, const struct call *call,
	struct reply *reply);
void media_done(struct media_shelf *shelf);

#endif
