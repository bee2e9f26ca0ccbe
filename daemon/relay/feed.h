/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Official sources asked for what is new (binhyend only). Each is asked every so often for its
 * document, with what its server said of the last one that was taken whole, so that most answers
 * are an empty 304. What comes goes to the desk (desk/feed.h), which makes drafts; nothing is ever
 * published from here.
 *
 *   due ─→ request ─→ 304: as before        ─→ due after the interval
 *      ↑      └─→ 200: read whole or not at all; alerts that an index points to, one by one
 *      └────────── anything else: noted, and asked again, later each time
 *
 * A feed's document and whatever it leads to come from the origin that the configuration names, and
 * from no other.
 */
#ifndef BINHYEN_RELAY_FEED_H
#define BINHYEN_RELAY_FEED_H

#include "config/config.h"
#include "daemon/desk/desk.h"

#include <jansson.h>
#include <uv.h>

struct feeds;

struct feeds_options {
	uv_loop_t *loop; /* borrowed, like all that follows */
	struct store *store;
	struct desk *desk;
	const struct config_feed *config;
	int count; /* also 0: then those of before are off */
	const char *user_agent;
	const char *ca_file; /* NULL = the system's */
};
MUST_CHECK
enum err feeds_open(
	const struct feeds_options *options, struct feeds **ret_feeds, struct errbuf *eb);
void feeds_close(struct feeds *feeds, void (*cb)(void *arg), void *arg);

/* Asks this one now. ERR_NOT_FOUND: no such source; ERR_BUSY: it is being asked. */
MUST_CHECK
enum err feeds_check(struct feeds *feeds, const char *name, struct errbuf *eb);

/* {"traffic": bytes of this month} */
json_t *feeds_status(struct feeds *feeds);

#endif
