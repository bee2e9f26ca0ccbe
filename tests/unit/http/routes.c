/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the router's table, "METHOD PATH read|write" a line, for test_openapi.py. */
#include "daemon/http/router.h"

int main(void)
{
	const struct http_route *route;

	for (size_t i = 0; (route = router_route(HTTP_DOOR_API, i)) != NULL; i++)
		printf("%s %s %s\n", route->method, route->path,
			route->is_write ? "write" : "read");
	return 0;
}
