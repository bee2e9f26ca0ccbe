/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libmicrohttpd within the uv loop. It runs without a thread of its own and keeps its sockets in an
 * epoll set; that set's descriptor is readable when one of them is, so one uv_poll stands for all
 * connections. Its time-outs are asked for after each run and put on one uv_timer.
 *
 * What it can't do: version 0.9.75 leaves a request whose query has more arguments than its memory
 * holds without an answer until HTTP_IDLE_S has passed; and the descriptor of the listening socket
 * belongs to libmicrohttpd from the moment it is started, also when starting fails (depending on
 * how far it came), so on that failure, which ends the daemon anyway, it is left open rather than
 * closed twice.
 */
#include "daemon/http/http.h"

#include "daemon/base/log.h"
#include "daemon/http/http_private.h"
#include "daemon/http/lan.h"
#include "daemon/http/lan_loop.h"
#include "daemon/http/request.h"
#include "daemon/http/stream.h"
#include "daemon/http/tls.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#define HTTP_CONNECTIONS_MAX  64u /* each costs CONNECTION_BYTES; officers and one monitor */
#define HTTP_CONNECTION_BYTES ((size_t)16 * 1024) /* request line and headers; past it 431 */
/* A gateway has one or two connections; the query of its GET holds a whole message: 39 segments of
 * 67 characters of two octets, each octet as %xx, and room for the rest. */
#define CALLBACK_CONNECTIONS_MAX  16u
#define CALLBACK_CONNECTION_BYTES ((size_t)48 * 1024)
/* Who is led to the page asks once. */
#define REDIRECT_CONNECTIONS_MAX  32u
#define REDIRECT_CONNECTIONS_EACH 8u
#define REDIRECT_IDLE_S		  10u
#define REDIRECT_CONNECTION_BYTES ((size_t)8 * 1024)
#define SWEEP_MS		  UINT64_C(5000)
#define HTTP_TIMEOUT_FAR_MS	  UINT64_C(60000)

static void http_run(struct http *http, uint64_t least_ms);

/* A timer of no time at all that its own callback starts again keeps libuv 1.44 within its timers:
 * no stranger may bring that about. */
static void timer_done(uv_timer_t *timer)
{
	struct http *http = timer->data;

	http_run(http, http->is_lan ? 1 : 0);
}

static void poll_done(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	http_run(poll->data, 0);
}

static void http_arm(struct http *http, uint64_t least_ms)
{
	MHD_UNSIGNED_LONG_LONG timeout_ms;

	if (MHD_get_timeout(http->daemon, &timeout_ms) != MHD_YES) {
		uv_timer_stop(&http->timer);
		return;
	}
	if (timeout_ms > HTTP_TIMEOUT_FAR_MS)
		timeout_ms = HTTP_TIMEOUT_FAR_MS;
	if (timeout_ms < least_ms)
		timeout_ms = least_ms;
	uv_timer_start(&http->timer, timer_done, timeout_ms, 0);
}

static unsigned connection_count(struct http *http)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(
		http->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);

	return info ? info->num_connections : 0;
}

static void http_run(struct http *http, uint64_t least_ms)
{
	unsigned before = http->connections;

	if (!http->daemon)
		return;
	if (http->lan_loop)
		lan_loop_run(http->lan_loop, http->daemon);
	else
		MHD_run(http->daemon);
	http->connections = connection_count(http);
	http_arm(http, least_ms);
	/* At its limit of connections or descriptors libmicrohttpd stops listening, and looks at
	 * the beginning of a run whether there is room again: no event would bring that run about.
	 */
	if (http->connections < before)
		http_kick(http);
}

void http_kick(struct http *http)
{
	if (http->daemon && !uv_is_closing((uv_handle_t *)&http->timer))
		uv_timer_start(&http->timer, timer_done, 0, 0);
}

/* A path with a NUL in it would be taken for the path before it. In no path and no number is there
 * a byte 0xff, which is what it becomes; the words that a gateway brings have a length instead. */
static size_t unescape(void *cls, struct MHD_Connection *connection, char *text)
{
	const struct http *http = cls;
	size_t len = MHD_http_unescape(text);

	(void)connection;
	for (size_t i = 0; http->door != HTTP_DOOR_CALLBACKS && i < len; i++)
		if (!text[i])
			text[i] = '\xff';
	return len;
}

static struct MHD_Daemon *redirect_start(struct http *http)
{
	return MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, lan_redirect, http,
		MHD_OPTION_LISTEN_SOCKET, http->listener.fd, MHD_OPTION_CONNECTION_LIMIT,
		REDIRECT_CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		REDIRECT_CONNECTIONS_EACH, MHD_OPTION_CONNECTION_TIMEOUT, REDIRECT_IDLE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, REDIRECT_CONNECTION_BYTES,
		MHD_OPTION_NOTIFY_CONNECTION, lan_notify, http, MHD_OPTION_END);
}

static struct MHD_Daemon *lan_start(struct http *http)
{
	struct MHD_OptionItem tls[TLS_MHD_OPTIONS];

	tls_mhd_options(tls);
	return MHD_start_daemon(MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TLS, 0, NULL, NULL,
		request_handle, http, MHD_OPTION_LISTEN_SOCKET, http->listener.fd,
		MHD_OPTION_NOTIFY_COMPLETED, request_completed, http, MHD_OPTION_UNESCAPE_CALLBACK,
		unescape, http, MHD_OPTION_CONNECTION_LIMIT, LAN_CONNECTIONS_MAX,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, LAN_CONNECTIONS_EACH,
		MHD_OPTION_CONNECTION_TIMEOUT, http->options.idle_s,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, HTTP_CONNECTION_BYTES,
		MHD_OPTION_NOTIFY_CONNECTION, lan_notify, http, MHD_OPTION_ARRAY, tls,
		MHD_OPTION_END);
}

static struct MHD_Daemon *plain_start(struct http *http)
{
	bool is_api = http->door == HTTP_DOOR_API;

	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
		request_handle, http, MHD_OPTION_LISTEN_SOCKET, http->listener.fd,
		MHD_OPTION_NOTIFY_COMPLETED, request_completed, http, MHD_OPTION_UNESCAPE_CALLBACK,
		unescape, http, MHD_OPTION_CONNECTION_LIMIT,
		is_api ? HTTP_CONNECTIONS_MAX : CALLBACK_CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, http->options.idle_s,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		is_api ? HTTP_CONNECTION_BYTES : CALLBACK_CONNECTION_BYTES, MHD_OPTION_END);
}

/* Who listens where, for messages. */
static const char *place_of(const struct http *http)
{
	if (http->options.listen)
		return http->options.listen;
	return http->door == HTTP_DOOR_API ? http->listener.path : "the callback port";
}

static void sweep_done(uv_timer_t *timer)
{
	lan_sweep(timer->data);
}

/* Every connection that anybody of the network may open is watched. */
static void sweep_start(struct http *http)
{
	if (!http->options.listen)
		return;
	uv_timer_init(http->options.loop, &http->sweep);
	http->sweep.data = http;
	http->open_handles++;
	uv_timer_start(&http->sweep, sweep_done, SWEEP_MS, SWEEP_MS);
}

static int epoll_fd_of(const struct http *http)
{
	const union MHD_DaemonInfo *info;

	if (http->lan_loop)
		return lan_loop_fd(http->lan_loop);
	info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	CHECK(info != NULL);
	return info->epoll_fd;
}

static enum err daemon_start(struct http *http, struct errbuf *eb)
{
	enum err err = http->is_lan ? lan_loop_new(&http->lan_loop) : ERR_OK;
	int rc;

	if (err)
		return errbuf_set(eb, err, "cannot wait for connections");
	if (http->door == HTTP_DOOR_REDIRECT)
		http->daemon = redirect_start(http);
	else
		http->daemon = http->is_lan ? lan_start(http) : plain_start(http);
	if (!http->daemon)
		return errbuf_set(eb, ERR_IO, "cannot start the HTTP server on %s", place_of(http));
	rc = uv_poll_init(http->options.loop, &http->poll, epoll_fd_of(http));
	if (rc != 0) {
		MHD_stop_daemon(http->daemon);
		http->daemon = NULL;
		return errbuf_set(eb, ERR_IO, "uv_poll: %s", uv_strerror(rc));
	}
	http->poll.data = http;
	http->open_handles++;
	sweep_start(http);
	uv_poll_start(&http->poll, UV_READABLE, poll_done);
	if (http->lan_loop)
		http_run(http, 0); /* which makes it wait for the first connection */
	else
		http_arm(http, 0);
	return ERR_OK;
}

/* Leaves *ret_is_open false when nothing is configured. */
static enum err listen_at(struct http *http, bool *ret_is_open, struct errbuf *eb)
{
	const struct http_options *options = &http->options;
	const char *path = options->socket_path;

	*ret_is_open = path[0] || options->callback_port || options->listen;
	if (options->listen) {
		http->is_lan = options->tls != NULL;
		http->door = http->is_lan ? HTTP_DOOR_API : HTTP_DOOR_REDIRECT;
		return http_listener_open_lan(options->listen, &http->listener, eb);
	}
	if (path[0])
		return http_listener_open(path, &http->listener, eb);
	http->door = options->is_webhook ? HTTP_DOOR_WEBHOOK
		     : options->ussd	 ? HTTP_DOOR_USSD
					 : HTTP_DOOR_CALLBACKS;
	if (!options->callback_port)
		return ERR_OK;
	return http_listener_open_tcp(
		options->callback_address, options->callback_port, &http->listener, eb);
}

static void log_listening(const struct http *http)
{
	if (http->options.listen)
		log_info("http", "state=listening door=%s at=%s", http->is_lan ? "lan" : "redirect",
			http->options.listen);
	else if (http->door == HTTP_DOOR_API)
		log_info("http", "state=listening socket=%s", http->listener.path);
	else
		log_info("http", "state=listening port=%d", http->options.callback_port);
}

enum err http_open(const struct http_options *options, struct http **ret_http, struct errbuf *eb)
{
	struct http *http = calloc(1, sizeof(*http));
	bool is_open;
	enum err err;

	if (!http)
		return errbuf_set(eb, ERR_NOMEM, "http: out of memory");
	http->options = *options;
	if (!http->options.idle_s)
		http->options.idle_s = HTTP_IDLE_S;
	err = listen_at(http, &is_open, eb);
	if (err != ERR_OK)
		goto fail;
	http->options.socket_path = http->listener.path;
	uv_timer_init(options->loop, &http->timer);
	http->timer.data = http;
	http->open_handles = 1;
	if (is_open) {
		err = daemon_start(http, eb);
		if (err != ERR_OK)
			goto fail_listener;
		log_listening(http);
	}
	*ret_http = http;
	return ERR_OK;

fail_listener:
	http_listener_unlink(&http->listener);
	/* The timer is already the loop's: it goes the asynchronous way. */
	http_close(http, NULL, NULL);
	return err;
fail:
	free(http);
	return err;
}

int http_port(const struct http *http)
{
	struct sockaddr_storage here = {0};
	socklen_t len = sizeof(here);

	if (getsockname(http->listener.fd, (struct sockaddr *)&here, &len) != 0)
		return 0;
	if (here.ss_family == AF_INET)
		return ntohs(((struct sockaddr_in *)(void *)&here)->sin_port);
	return here.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)(void *)&here)->sin6_port)
					  : 0;
}

void http_handle_closed(struct http *http)
{
	void (*cb)(void *arg) = http->close_cb;
	void *arg = http->close_arg;

	if (--http->open_handles > 0)
		return;
	lan_loop_free(http->lan_loop);
	free(http);
	if (cb)
		cb(arg);
}

static void handle_closed(uv_handle_t *handle)
{
	http_handle_closed(handle->data);
}

void http_close(struct http *http, void (*cb)(void *arg), void *arg)
{
	struct MHD_Daemon *daemon = http->daemon;

	http->close_cb = cb;
	http->close_arg = arg;
	if (daemon) {
		http_listener_unlink(&http->listener);
		while (http->waiting)
			request_drop(http->waiting);
		streams_stop(http);
		uv_close((uv_handle_t *)&http->poll, handle_closed);
		if (http->options.listen)
			uv_close((uv_handle_t *)&http->sweep, handle_closed);
		http->daemon = NULL;
		MHD_stop_daemon(daemon);
	}
	uv_close((uv_handle_t *)&http->timer, handle_closed);
}
