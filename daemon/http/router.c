/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/router.h"

#include "daemon/base/str.h"
#include "daemon/http/resources.h"

#include <string.h>

static const struct http_route routes[] = {
	{"GET", "/healthz", health_get, false},
	{"GET", "/metrics", metrics_get, false},
	{"GET", "/api/v1/status", status_get, false},
	{"GET", "/api/v1/modems", modems_get, false},
	{"GET", "/api/v1/inbox", inbox_get, false},
	{"GET", "/api/v1/outbox", outbox_get, false},
	{"POST", "/api/v1/outbox/{n}/settle", outbox_settle_post, true},
	{"GET", "/api/v1/reports", reports_get, false},
	{"GET", "/api/v1/reports/{n}", report_get, false},
	{"POST", "/api/v1/reports/{n}/answer", report_answer_post, true},
	{"POST", "/api/v1/modems/{n}/accept", modem_accept_post, true},
	{"POST", "/api/v1/modems/{n}/ussd", modem_ussd_post, true},
	{"POST", "/api/v1/zalo/token", zalo_token_post, true},
};

const struct http_route *router_route(size_t index)
{
	return index < ARRAY_LEN(routes) ? &routes[index] : NULL;
}

/* Does `path` fit the pattern? What stands for {n} goes to `param` ("" when it has none). */
static bool path_fits(const char *pattern, const char *path, char *param, size_t param_bytes)
{
	static const char hole[] = "{n}";
	const char *at = strstr(pattern, hole);
	size_t head, len;

	param[0] = 0;
	if (!at)
		return str_eq(pattern, path);
	head = (size_t)(at - pattern);
	if (strncmp(pattern, path, head) != 0)
		return false;
	len = strcspn(path + head, "/");
	if (len == 0 || len >= param_bytes || !str_eq(at + strlen(hole), path + head + len))
		return false;
	memcpy(param, path + head, len);
	param[len] = 0;
	return true;
}

/* Every path has either reads or one write, so a list of methods is one of two. */
static const char *allow_of(const struct http_route *route)
{
	return str_eq(route->method, "GET") ? "GET, HEAD" : route->method;
}

enum err router_match(const char *method, const char *path, const struct http_route **ret_route,
	char *param, size_t param_bytes, const char **ret_allow)
{
	const char *wanted = str_eq(method, "HEAD") ? "GET" : method;
	const char *allow = NULL;

	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		if (!path_fits(routes[i].path, path, param, param_bytes))
			continue;
		if (str_eq(routes[i].method, wanted)) {
			*ret_route = &routes[i];
			return ERR_OK;
		}
		allow = allow_of(&routes[i]);
	}
	param[0] = 0;
	if (!allow)
		return ERR_NOT_FOUND;
	*ret_allow = allow;
	return ERR_UNSUPPORTED;
}
