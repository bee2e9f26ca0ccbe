/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who leads a browser here. The header Host must name this box: its host names, those of
 * http.hosts, or the address at which the connection came in. A page of another site can make a
 * browser ask, but not without saying so: Origin and Sec-Fetch-Site are the browser's own words.
 */
#include "daemon/http/lan.h"

#include "daemon/base/str.h"
#include "daemon/http/http_private.h"
#include "daemon/http/lan_host.h"
#include "daemon/http/request.h"
#include "daemon/http/tls.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define HTTP_MISDIRECTED 421 /* RFC 9110 section 15.5.20 */

#define NOT_OUR_NAME "this box has no such name; open it by its own name or address (http.hosts)"
#define NOT_OUR_PAGE "a page of another site asks; only the page of this box may"

static const char *header_of(struct http_request *req, const char *name)
{
	return MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, name);
}

/* Is it the address at which this connection came in? */
static bool is_local_address(struct http_request *req, const char *name)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		req->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct sockaddr_storage here = {0};
	socklen_t len = sizeof(here);
	struct in_addr four;
	struct in6_addr six;
	const struct in6_addr *here_six = &((struct sockaddr_in6 *)(void *)&here)->sin6_addr;

	if (!info || getsockname(info->connect_fd, (struct sockaddr *)&here, &len) != 0)
		return false;
	if (inet_pton(AF_INET, name, &four) == 1) {
		if (here.ss_family == AF_INET)
			return ((struct sockaddr_in *)(void *)&here)->sin_addr.s_addr ==
			       four.s_addr;
		/* A socket of both families shows it as ::ffff:a.b.c.d. */
		return here.ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(here_six) &&
		       memcmp(here_six->s6_addr + 12, &four, sizeof(four)) == 0;
	}
	return inet_pton(AF_INET6, name, &six) == 1 && here.ss_family == AF_INET6 &&
	       memcmp(here_six, &six, sizeof(six)) == 0;
}

static bool is_own_host(struct http_request *req, const char *host)
{
	const struct tls_hosts *hosts = req->http->options.hosts;
	char name[LAN_HOST_BYTES];

	if (!host || !lan_host_name(host, name))
		return false;
	for (int i = 0; hosts && i < hosts->count; i++) {
		if (strcasecmp(hosts->host[i], name) == 0)
			return true;
	}
	return is_local_address(req, name);
}

bool lan_is_our_page(struct http_request *req)
{
	const char *origin = header_of(req, MHD_HTTP_HEADER_ORIGIN);
	const char *host = header_of(req, MHD_HTTP_HEADER_HOST);

	return origin && host && lan_host_is_origin(host, origin);
}

void lan_guard(struct http_request *req, const char *url)
{
	const char *site;

	if (!req->http->is_lan)
		return;
	if (!is_own_host(req, header_of(req, MHD_HTTP_HEADER_HOST))) {
		http_reply_fail(req, HTTP_MISDIRECTED, ERR_DENIED, NOT_OUR_NAME);
		return;
	}
	if (header_of(req, MHD_HTTP_HEADER_ORIGIN) && !lan_is_our_page(req)) {
		http_reply_fail(req, MHD_HTTP_FORBIDDEN, ERR_DENIED, NOT_OUR_PAGE);
		return;
	}
	/* The page itself may be reached by a link; what it asks for may not. */
	site = header_of(req, "Sec-Fetch-Site");
	if (site && str_starts(url, "/api/") && !str_eq(site, "same-origin") &&
		!str_eq(site, "none"))
		http_reply_fail(req, MHD_HTTP_FORBIDDEN, ERR_DENIED, NOT_OUR_PAGE);
}

/* ---- the plain door ---------------------------------------------------------------------------
 */

static enum MHD_Result redirect_reply(
	struct MHD_Connection *connection, unsigned status, const char *location)
{
	static char nothing[1];
	struct MHD_Response *response = MHD_create_response_from_buffer(
		0, nothing, MHD_RESPMEM_PERSISTENT);
	enum MHD_Result result = MHD_YES;

	if (!response)
		return MHD_NO;
	if (location)
		result = MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, location);
	if (result == MHD_YES)
		result = MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	if (result == MHD_YES)
		result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

/* Only to the beginning of the page, and only under the name that was asked for: nothing else of
 * what came is repeated. A name that is not ours would lead nowhere, since there the same is
 * asked again. */
enum MHD_Result lan_redirect(void *cls, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data, size_t *data_bytes,
	void **con_cls)
{
	static char seen;
	const struct http *http = cls;
	const char *host = MHD_lookup_connection_value(
		connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST);
	struct http_request req = {.http = cls, .connection = connection};
	char name[LAN_HOST_BYTES], location[LAN_HOST_BYTES + 24];
	int port = http->options.redirect_port;

	(void)url;
	(void)version;
	(void)data;
	/* Headers first; a body is nobody's business here. */
	if (!*con_cls) {
		*con_cls = &seen;
		return MHD_YES;
	}
	if (*data_bytes)
		return MHD_NO;
	if (!str_eq(method, "GET") && !str_eq(method, "HEAD"))
		return redirect_reply(connection, MHD_HTTP_METHOD_NOT_ALLOWED, NULL);
	if (!is_own_host(&req, host) || !lan_host_name(host, name))
		return redirect_reply(connection, HTTP_MISDIRECTED, NULL);
	snprintf(location, sizeof(location), strchr(name, ':') ? "https://[%s]" : "https://%s",
		name);
	if (port != 443)
		snprintf(location + strlen(location), 8, ":%d", port);
	snprintf(location + strlen(location), 2, "/");
	return redirect_reply(connection, MHD_HTTP_PERMANENT_REDIRECT, location);
}
