/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/lan.h"

#include "daemon/base/log.h"
#include "daemon/http/http_private.h"
#include "daemon/http/lan_loop.h"
#include "daemon/http/request.h"
#include "daemon/http/tls.h"

#include <string.h>
#include <sys/socket.h>

/* Browsers keep a promise of HTTPS for so long. One that the box vouches for itself changes with
 * its certificate, and then nobody shall be locked out for a year. */
#define HSTS_GIVEN "max-age=31536000"
#define HSTS_OWN   "max-age=2592000"

static struct lan_connection *lan_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

struct tls *http_tls_of(struct MHD_Connection *connection)
{
	const struct lan_connection *lan = connection ? lan_of(connection) : NULL;

	return lan ? lan->http->options.tls : NULL;
}

static int64_t now_of(const struct http *http)
{
	return clock_mono_ms(store_clock(http->options.store));
}

static void lan_begin(struct http *http, struct MHD_Connection *connection, void **context)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct lan_connection *lan = calloc(1, sizeof(*lan));

	if (info && http->lan_loop)
		lan_loop_forget(http->lan_loop, info->connect_fd);
	*context = lan;
	/* Without it there is no certificate, and the handshake fails. */
	if (!lan)
		return;
	lan->http = http;
	lan->connection = connection;
	lan->since_ms = now_of(http);
	lan->next = http->lan_first;
	if (lan->next)
		lan->next->prev = lan;
	http->lan_first = lan;
}

static void lan_end(struct lan_connection *lan)
{
	if (lan->prev)
		lan->prev->next = lan->next;
	else
		lan->http->lan_first = lan->next;
	if (lan->next)
		lan->next->prev = lan->prev;
	free(lan);
}

void lan_notify(void *cls, struct MHD_Connection *connection, void **context,
	enum MHD_ConnectionNotificationCode code)
{
	struct http *http = cls;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		lan_begin(http, connection, context);
	} else if (*context) {
		lan_end(*context);
		*context = NULL;
	}
}

void lan_step(struct http_request *req, enum lan_step step)
{
	struct lan_connection *lan = req->http->is_lan ? lan_of(req->connection) : NULL;

	if (!lan || lan->step == step)
		return;
	lan->step = step;
	lan->since_ms = now_of(req->http);
}

static int64_t limit_of(enum lan_step step)
{
	switch (step) {
	case LAN_IDLE:
		return LAN_IDLE_MS;
	case LAN_RECEIVING:
		return LAN_RECEIVE_MS;
	case LAN_ANSWERING:
		return LAN_ANSWER_MS;
	case LAN_HELD:
		break;
	}
	return INT64_MAX;
}

/* Its socket ends under libmicrohttpd, which then ends the rest. */
static void cut_off(const struct lan_connection *lan)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		lan->connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	if (info)
		shutdown(info->connect_fd, SHUT_RDWR);
}

void lan_sweep(struct http *http)
{
	int64_t now_ms = now_of(http);
	int cut = 0;

	for (struct lan_connection *lan = http->lan_first; lan; lan = lan->next) {
		if (now_ms - lan->since_ms < limit_of(lan->step))
			continue;
		cut_off(lan);
		/* Once: it may take a turn until it is gone. */
		lan->step = LAN_HELD;
		cut++;
	}
	if (!cut)
		return;
	log_info("http", "state=cut_off door=lan connections=%d", cut);
	http_kick(http);
}

bool lan_headers(const struct http_request *req, struct MHD_Response *response)
{
	const struct http *http = req->http;
	const char *const headers[][2] = {
		{MHD_HTTP_HEADER_STRICT_TRANSPORT_SECURITY,
			http->is_lan && !tls_is_own(http->options.tls) ? HSTS_GIVEN : HSTS_OWN},
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "no-referrer"},
		{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
	};

	if (!http->is_lan)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		if (!MHD_get_response_header(response, headers[i][0]) &&
			MHD_add_response_header(response, headers[i][0], headers[i][1]) != MHD_YES)
			return false;
	}
	return true;
}
