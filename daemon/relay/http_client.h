/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTTP requests on the loop: curl's multi socket interface driven by libuv (binhyend only).
 *
 *   http_client_start() copies the request, hands it to curl, and calls `done` exactly once, later:
 * with a reply, with the reason why there is none, or with is_cancelled. Nothing blocks: a name
 * that does not resolve is left to its thread when the deadline passes.
 *
 * A body is given to curl once. Where curl would quietly repeat a request whose reused connection
 * broke, a POST fails instead and says may_have_left, since the other side may have acted on it.
 * No redirects, no proxy, no cookies, https or http only; TLS 1.2 at least; connections are kept
 * and HTTP/2 is used where it is offered: then requests share one connection. At most four
 * connections are open at any time.
 */
#ifndef BINHYEN_RELAY_HTTP_CLIENT_H
#define BINHYEN_RELAY_HTTP_CLIENT_H

#include "daemon/base/err.h"
#include "daemon/relay/http_line.h"
#include "daemon/relay/net_fault.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct http_client;
struct http_transfer;

struct http_client_options {
	uv_loop_t *loop;	/* borrowed */
	const char *user_agent; /* copied */
	const char *ca_file;	/* copied; NULL = the system's */
	int64_t connect_ms;	/* longest wait for DNS, TCP and TLS; 0 = 10 s */
};

enum http_method { HTTP_GET, HTTP_POST };

struct http_result {
	enum err err;	      /* ERR_OK: a whole reply is there, whatever its status */
	enum net_fault fault; /* NET_NONE with a reply, and when it was cancelled */
	bool is_cancelled;    /* by http_transfer_cancel or http_client_close; err is ERR_STATE */
	bool may_have_left;   /* false: the other side cannot have acted on it */
	int status;	      /* 0 = no status line came */
	bool is_shared;	      /* HTTP/2: many requests go over one connection side by side */
	const char *body;     /* NUL-terminated; borrowed for the call, wiped after it */
	size_t body_bytes;
	const char *reason;		/* of err, in words; static */
	struct http_transfer *transfer; /* for http_result_header */
};
typedef void (*http_done_fn)(void *arg, const struct http_result *result);

/* Everything is copied by http_client_start; headers and body are wiped when it is over. */
struct http_client_request {
	enum http_method method;
	const char *url;
	const char *const *headers; /* "name: value", NULL at the end; NULL = none */
	const void *body;	    /* POST */
	size_t body_bytes;
	int64_t deadline_ms; /* whole transfer, from now */
	size_t reply_max;    /* bytes of body; ERR_TOO_BIG past it */
	/* Takes the body of a reply with status 200 piece by piece instead of `body`; an error of
	 * it ends the transfer and is its err. NULL: none. */
	enum err (*sink)(void *arg, const void *data, size_t len);
	/* Says that the reply may come packed (gzip), and unpacks it; reply_max is of what it is
	 * then, so that a small one which grows without end is ended there. */
	bool is_packed;
	/* Over a connection of its own, closed afterwards: who is asked once in a quarter of an
	 * hour is not there any more, or has left something of its last answer in the way. */
	bool is_alone;
	/* Not to this machine, its network, or any other place that the world does not route to. */
	bool is_public_only;
	int64_t stall_s; /* ERR_TIMEOUT when next to nothing came for so long; 0 = the deadline only
			  */
	http_done_fn done;
	void *arg;
};

MUST_CHECK
enum err http_client_new(
	const struct http_client_options *options, struct http_client **ret_client);
/* Cancels what is under way (each `done` is called before this returns), then, later, frees and
 * calls cb (which may be NULL). */
void http_client_close(struct http_client *client, void (*cb)(void *arg), void *arg);

/* *ret_transfer is good until `done` was called; may be NULL. */
MUST_CHECK
enum err http_client_start(struct http_client *client, const struct http_client_request *request,
	struct http_transfer **ret_transfer);
/* Calls `done` at once. */
void http_transfer_cancel(struct http_transfer *transfer);

/* Since the client was made. */
struct http_traffic http_client_traffic(struct http_client *client);
/* Connections open at one time, at most so far; attempts over the other family of addresses count.
 */
unsigned http_client_connections(const struct http_client *client);

/* Of the connection made last: IPv6 was tried and did not connect, but IPv4 did. */
bool http_client_is_ipv6_broken(const struct http_client *client);

/* Value of a reply header, NULL when there is none; borrowed for the call of `done`. */
const char *http_result_header(const struct http_result *result, const char *name);
/* The Date header in ms; 0 when there is none. */
int64_t http_result_date_ms(const struct http_result *result);

#endif
