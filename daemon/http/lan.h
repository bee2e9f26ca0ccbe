/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is different at a door that every computer of the office's network can reach: private to
 * http/. Slow or greedy clients use up this door and no other: the unix socket, the modems and
 * Zalo have their own.
 *
 * libmicrohttpd ends a connection on which nothing moves; a client that sends or takes a byte now
 * and then it would serve for ever. So each step has an end of its own, which a sweep enforces:
 *
 *     IDLE ──headers are here──→ RECEIVING ──body is here──→ ANSWERING ──sent──→ IDLE
 *                                                └─→ HELD (waits for us) ─┘
 */
#ifndef BINHYEN_HTTP_LAN_H
#define BINHYEN_HTTP_LAN_H

#include "daemon/base/err.h"

#include <microhttpd.h>
#include <stdbool.h>

struct http;
struct http_request;

#define LAN_CONNECTIONS_MAX  96u /* 60 KB each with its TLS; 20 officers with some tabs each */
#define LAN_CONNECTIONS_EACH 32u /* of one address: a browser keeps six, five phones a router */
#define LAN_IDLE_MS	     (30 * SECOND_MS)  /* with the time to send the headers */
#define LAN_RECEIVE_MS	     (180 * SECOND_MS) /* a picture of 8 MB from a phone at 400 kbit/s */
#define LAN_ANSWER_MS	     (600 * SECOND_MS) /* a video of 25 MB likewise */

enum lan_step { LAN_IDLE, LAN_RECEIVING, LAN_ANSWERING, LAN_HELD };

struct lan_connection {
	struct http *http;
	struct lan_connection *prev, *next;
	struct MHD_Connection *connection;
	enum lan_step step;
	int64_t since_ms; /* monotonic */
};

/* Callback of libmicrohttpd; cls is the struct http. */
void lan_notify(void *cls, struct MHD_Connection *connection, void **context,
	enum MHD_ConnectionNotificationCode code);
/* Nothing at other doors. */
void lan_step(struct http_request *req, enum lan_step step);
/* Cuts off those that take too long. */
void lan_sweep(struct http *http);

/* A page of another site makes a browser call us, or a name of the outside leads it to us (DNS
 * rebinding): the refusal is in the answer. Nothing at other doors. */
void lan_guard(struct http_request *req, const char *url);
/* Does the header Origin say that a page of ours asks? */
bool lan_is_our_page(struct http_request *req);
/* What browsers shall do with every answer of this door; false: out of memory. */
bool lan_headers(const struct http_request *req, struct MHD_Response *response);

/* The plain door: where the page is. */
enum MHD_Result lan_redirect(void *cls, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data, size_t *data_bytes,
	void **con_cls);

#endif
