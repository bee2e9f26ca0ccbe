/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header Host, and after a line break Origin, as anybody on the office's network may write
 * them. */
#include "daemon/base/err.h"
#include "daemon/http/lan_host.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *host = strndup((const char *)data, size), *origin, name[LAN_HOST_BYTES];

	CHECK(host);
	origin = strchr(host, '\n');
	if (origin)
		*origin++ = 0;
	if (lan_host_name(host, name)) {
		size_t len = strlen(name);

		/* It is a piece of what came, and holds no port. */
		CHECK(len && strstr(host, name));
		CHECK(host[0] == '[' || !strchr(name, ':'));
	}
	if (origin && lan_host_is_origin(host, origin))
		CHECK(strlen(origin) == strlen(host) + strlen("https://"));
	free(host);
	return 0;
}
