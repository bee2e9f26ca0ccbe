/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the router's table, "METHOD PATH read|write box,chief,..." a line, for the tests that walk
 * it. */
#include "daemon/http/rights.h"
#include "daemon/http/router.h"

int main(void)
{
	const struct http_route *route;

	for (size_t i = 0; (route = router_route(HTTP_DOOR_API, i)) != NULL; i++) {
		char who[RIGHTS_TEXT_BYTES];

		rights_text(route->who, who);
		printf("%s %s %s %s\n", route->method, route->path,
			route->is_write ? "write" : "read", who);
	}
	return 0;
}
