/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/lan_host.h"

#include "daemon/base/str.h"

#include <string.h>
#include <strings.h>

/* ":443"; nothing is a port, too. */
static bool is_port(const char *text)
{
	int64_t port;

	if (!text[0])
		return true;
	return text[0] == ':' && text[1] && !text[1 + strspn(text + 1, "0123456789")] &&
	       !str_to_int64(text + 1, 1, 65535, &port);
}

bool lan_host_name(const char *host, char ret_name[LAN_HOST_BYTES])
{
	bool is_six = host[0] == '[';
	const char *end = is_six ? strchr(host, ']') : strchrnul(host, ':');
	size_t len;

	if (!end)
		return false;
	host += is_six;
	len = (size_t)(end - host);
	if (!len || len >= LAN_HOST_BYTES || !is_port(end + is_six))
		return false;
	memcpy(ret_name, host, len);
	ret_name[len] = 0;
	return true;
}

bool lan_host_is_origin(const char *host, const char *origin)
{
	static const char scheme[] = "https://";

	return host[0] && strlen(host) < LAN_HOST_BYTES &&
	       strncasecmp(origin, scheme, sizeof(scheme) - 1) == 0 &&
	       strcasecmp(origin + sizeof(scheme) - 1, host) == 0;
}
