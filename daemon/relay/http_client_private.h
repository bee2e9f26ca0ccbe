/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by http_client.c, which has the loop and its handles, and http_transfer.c, which has one
 * request. */
#ifndef BINHYEN_RELAY_HTTP_CLIENT_PRIVATE_H
#define BINHYEN_RELAY_HTTP_CLIENT_PRIVATE_H

#include "daemon/base/buf.h"
#include "daemon/relay/http_client.h"

#include <curl/curl.h>

struct http_client {
	uv_loop_t *loop;
	CURLM *multi;
	uv_timer_t timer;
	uv_timer_t watch; /* for those that curl forgets */
	char *user_agent;
	char *ca_file;
	int64_t connect_ms;
	struct http_line line;
	bool is_ipv6_broken;
	struct http_transfer *transfers;
	unsigned open_handles; /* uv handles whose close callback has not come */
	unsigned depth;	       /* of drains: curl's memory must outlive them */
	bool is_closing;
	bool is_cleaned;
	void (*close_cb)(void *arg);
	void *close_arg;
};

struct http_transfer {
	struct http_client *client;
	struct http_transfer *prev, *next;
	CURL *easy;
	struct curl_slist *headers;
	char *body;
	size_t body_bytes;
	size_t body_given;
	struct buf reply;
	size_t reply_max;
	size_t sunk;	 /* bytes given to the sink */
	uint64_t end_ms; /* of the loop's clock: ended, whatever curl thinks */
	bool is_too_big;
	bool is_resolving; /* it was its turn for a connection */
	bool tried_ipv4, tried_ipv6;
	bool has_connected; /* on a socket that is closed again */
	bool is_public_only;
	enum err sink_err;
	enum err (*sink)(void *arg, const void *data, size_t len);
	http_done_fn done;
	void *arg;
};

/* When the first of them has to end is the time to look. */
void http_client_watch(struct http_client *client);

/* Takes it out of the client's list and tells how it went. */
void http_transfer_finish(struct http_transfer *t, CURLcode code, bool is_cancelled);
/* For one that is in no list any more. */
void http_transfer_end(struct http_transfer *t, CURLcode code, bool is_cancelled);

#endif
