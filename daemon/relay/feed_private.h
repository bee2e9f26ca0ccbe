/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by relay/feed*.c: a source that is watched, and its one request at a time. */
#ifndef BINHYEN_RELAY_FEED_PRIVATE_H
#define BINHYEN_RELAY_FEED_PRIVATE_H

#include "daemon/base/rng.h"
#include "daemon/desk/feed.h"
#include "daemon/relay/feed.h"
#include "daemon/relay/feed_url.h"
#include "daemon/relay/http_client.h"
#include "store/feed.h"
#include "store/traffic.h"

#include <inttypes.h>

#define FEED_REDIRECTS_MAX 3
#define FEED_ALERTS_MAX	   20 /* fetched in one round; the rest in the next */

struct feed_watch {
	struct feeds *feeds;
	const struct config_feed *config;
	int64_t id;	/* store/feed.h */
	int64_t due_ms; /* monotonic */
	int failures;
	/* A round: from the request for the document until it is noted. */
	struct http_transfer *transfer;
	bool is_busy;
	bool is_conditional;
	int redirects;
	struct buf url;					     /* of the request */
	struct feed_document index;			     /* whose alerts are being fetched */
	int at, fetched;				     /* of it */
	struct desk_feed_taken taken;			     /* in this round */
	char etag[FEED_TAG_BYTES], modified[FEED_TAG_BYTES]; /* of the document */
};

struct feeds {
	uv_loop_t *loop;
	struct store *store;
	struct desk *desk;
	struct clock *clock;
	struct rng rng;
	struct http_client *http;
	uv_timer_t timer;
	struct feed_watch watches[CONFIG_FEEDS_MAX];
	int count;
	struct traffic saved; /* of the client's, in the store */
	bool is_closing;
	void (*close_cb)(void *arg);
	void *close_arg;
};

/* feed.c: asks buf_text(&w->url); its answer comes to feed_answered(). */
MUST_CHECK
enum err feed_request(struct feed_watch *w);
/* The round is over: `wait_ms` until the next. */
void feed_round_end(struct feed_watch *w, int64_t wait_ms);

/* feed_answer.c */
void feed_answered(void *arg, const struct http_result *result);
/* Could not even be asked. */
void feed_fail(struct feed_watch *w, int status, const char *error, const char *detail);

#endif
