/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of what can be asked, one a door: the API, which openapi.json describes and a test
 * compares, and what an SMS gateway and Zalo may call, which binhyen.json(5) describes.
 */
#ifndef BINHYEN_HTTP_ROUTER_H
#define BINHYEN_HTTP_ROUTER_H

#include "daemon/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct http_request;

#define HTTP_PARAM_BYTES 40 /* of {n} in a path: "2026-12", a login name */

enum http_door {
	HTTP_DOOR_API,
	HTTP_DOOR_CALLBACKS,
	HTTP_DOOR_WEBHOOK,
	HTTP_DOOR_USSD,
	HTTP_DOOR_REDIRECT
};

struct http_route {
	const char *method; /* a HEAD is answered as a GET that only reads, without its body */
	const char *path;   /* {n} stands for one segment, which becomes req->param */
	void (*handle)(struct http_request *req);
	bool is_write; /* runs in a savepoint and is answered after the commit */
	unsigned who;  /* may call it, of rights.h */
};

/* Bytes of a body that it takes; route NULL: of one that is only refused. */
size_t router_body_max(const struct http_route *route);

/* NULL past the end. */
const struct http_route *router_route(enum http_door door, size_t index);

/*
 * ERR_OK: *ret_route, and the segment under {n} in `param`. ERR_UNSUPPORTED: the path is known but
 * not with this method; *ret_allow lists those it has. ERR_NOT_FOUND.
 */
MUST_CHECK
enum err router_match(enum http_door door, const char *method, const char *path,
	const struct http_route **ret_route, char param[HTTP_PARAM_BYTES], const char **ret_allow);

#endif
