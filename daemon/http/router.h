/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of what the API can be asked; openapi.json describes the same and a test compares them.
 */
#ifndef BINHYEN_HTTP_ROUTER_H
#define BINHYEN_HTTP_ROUTER_H

#include "daemon/base/err.h"

#include <stdbool.h>

struct http_request;

struct http_route {
	const char *method; /* a HEAD is answered as a GET without its body */
	const char *path;   /* {n} stands for one segment, which becomes req->param */
	void (*handle)(struct http_request *req);
	bool is_write; /* runs in a savepoint and is answered after the commit */
};

/* NULL past the end. */
const struct http_route *router_route(size_t index);

/*
 * ERR_OK: *ret_route, and the segment under {n} in `param`. ERR_UNSUPPORTED: the path is known but
 * not with this method; *ret_allow lists those it has. ERR_NOT_FOUND.
 */
MUST_CHECK
enum err router_match(const char *method, const char *path, const struct http_route **ret_route,
	char *param, size_t param_bytes, const char **ret_allow);

#endif
