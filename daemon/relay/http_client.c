/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * curl tells by two callbacks which sockets and which time it waits for; both only arm uv handles.
 * What happens on them goes to curl_multi_socket_action, after which the finished transfers are
 * drained. A time-out of 0 is armed like any other: acting on it within the callback would
 * re-enter curl.
 */
#include "daemon/relay/http_client_private.h"

#include "daemon/base/str.h"

#define CONNECT_MS	 10000
#define CONNECTIONS_MAX	 4L /* over HTTP/1.1 what is more waits for its turn */
#define CONNECTIONS_KEPT 4L

struct http_socket {
	uv_poll_t poll;
	struct http_client *client;
	curl_socket_t fd;
};

/* ---- sockets and time ------------------------------------------------------------------------
 */

static void client_finish(struct http_client *client);

static void client_handle_closed(struct http_client *client)
{
	client->open_handles--;
	client_finish(client);
}

static void socket_closed(uv_handle_t *handle)
{
	struct http_socket *socket = container_of((uv_poll_t *)handle, struct http_socket, poll);
	struct http_client *client = socket->client;

	free(socket);
	client_handle_closed(client);
}

static void timer_closed(uv_handle_t *handle)
{
	client_handle_closed(container_of((uv_timer_t *)handle, struct http_client, timer));
}

static void watch_closed(uv_handle_t *handle)
{
	client_handle_closed(container_of((uv_timer_t *)handle, struct http_client, watch));
}

static void client_drain(struct http_client *client)
{
	CURLMsg *msg;
	int left;

	while (!client->is_closing && (msg = curl_multi_info_read(client->multi, &left))) {
		struct http_transfer *t = NULL;
		CURLcode code = msg->data.result;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		http_transfer_finish(t, code, false);
	}
}

static void client_act(struct http_client *client, curl_socket_t fd, int events)
{
	int running;

	if (client->is_closing)
		return;
	client->depth++;
	curl_multi_socket_action(client->multi, fd, events, &running);
	client_drain(client);
	client->depth--;
	client_finish(client);
}

static void socket_ready(uv_poll_t *poll, int status, int events)
{
	struct http_socket *socket = container_of(poll, struct http_socket, poll);
	int flags = 0;

	if (status < 0)
		flags = CURL_CSELECT_ERR;
	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	client_act(socket->client, socket->fd, flags);
}

static void timer_fired(uv_timer_t *timer)
{
	client_act(container_of(timer, struct http_client, timer), CURL_SOCKET_TIMEOUT, 0);
}

static void watch_fired(uv_timer_t *watch);

void http_client_watch(struct http_client *client)
{
	uint64_t now_ms = uv_now(client->loop), end_ms = UINT64_MAX;

	for (const struct http_transfer *t = client->transfers; t; t = t->next)
		end_ms = t->end_ms < end_ms ? t->end_ms : end_ms;
	if (end_ms == UINT64_MAX)
		uv_timer_stop(&client->watch);
	else
		uv_timer_start(
			&client->watch, watch_fired, end_ms > now_ms ? end_ms - now_ms : 1, 0);
}

static struct http_transfer *first_late(const struct http_client *client)
{
	struct http_transfer *t = client->transfers;

	while (t && t->end_ms > uv_now(client->loop))
		t = t->next;
	return t;
}

/* One that waits for a connection has no time-out for curl (7.88), and if those it waited for broke
 * it may never be given one. */
static void watch_fired(uv_timer_t *watch)
{
	struct http_client *client = container_of(watch, struct http_client, watch);
	struct http_transfer *late;

	client->depth++;
	while ((late = first_late(client)))
		http_transfer_finish(late, CURLE_OPERATION_TIMEDOUT, false);
	client->depth--;
	if (!client->is_closing)
		http_client_watch(client);
	client_finish(client);
}

static struct http_socket *socket_new(struct http_client *client, curl_socket_t fd)
{
	struct http_socket *socket = calloc(1, sizeof(*socket));

	if (!socket)
		return NULL;
	socket->client = client;
	socket->fd = fd;
	if (uv_poll_init(client->loop, &socket->poll, fd)) {
		free(socket);
		return NULL;
	}
	client->open_handles++;
	return socket;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
	struct http_client *client = arg;
	struct http_socket *socket = socket_arg;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (!socket)
			return 0;
		uv_poll_stop(&socket->poll);
		curl_multi_assign(client->multi, fd, NULL);
		uv_close((uv_handle_t *)&socket->poll, socket_closed);
		return 0;
	}
	if (!socket) {
		socket = socket_new(client, fd);
		if (!socket)
			return -1;
		curl_multi_assign(client->multi, fd, socket);
	}
	if (what != CURL_POLL_OUT)
		events |= UV_READABLE;
	if (what != CURL_POLL_IN)
		events |= UV_WRITABLE;
	return uv_poll_start(&socket->poll, events, socket_ready) ? -1 : 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *arg)
{
	struct http_client *client = arg;

	(void)multi;
	if (client->is_closing)
		return 0;
	if (timeout_ms < 0)
		return uv_timer_stop(&client->timer);
	/* 0 within a timer's own callback would run again in the same pass of the loop. */
	return uv_timer_start(
		&client->timer, timer_fired, timeout_ms > 0 ? (uint64_t)timeout_ms : 1, 0);
}

/* ---- the client ------------------------------------------------------------------------------
 */

static bool client_set(struct http_client *client)
{
	CURLM *multi = client->multi;

	return !curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket) &&
	       !curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, client) &&
	       !curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer) &&
	       !curl_multi_setopt(multi, CURLMOPT_TIMERDATA, client) &&
	       !curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, CONNECTIONS_MAX) &&
	       !curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_KEPT);
}

enum err http_client_new(const struct http_client_options *options, struct http_client **ret_client)
{
	struct http_client *client;

	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		return ERR_NOMEM;
	client = calloc(1, sizeof(*client));
	if (!client)
		goto fail_global;
	client->loop = options->loop;
	http_line_init(&client->line);
	client->connect_ms = options->connect_ms ? options->connect_ms : CONNECT_MS;
	client->user_agent = str_dup(options->user_agent);
	client->ca_file = str_dup(options->ca_file);
	client->multi = curl_multi_init();
	if (!client->user_agent || (options->ca_file && !client->ca_file) || !client->multi ||
		!client_set(client))
		goto fail_client;
	uv_timer_init(client->loop, &client->timer);
	uv_timer_init(client->loop, &client->watch);
	client->open_handles = 2;
	*ret_client = client;
	return ERR_OK;

fail_client:
	curl_multi_cleanup(client->multi);
	free(client->user_agent);
	free(client->ca_file);
	free(client);
fail_global:
	curl_global_cleanup();
	return ERR_NOMEM;
}

/* The last step of a close, once nothing of curl is on the stack and every handle is closed. */
static void client_finish(struct http_client *client)
{
	if (!client->is_closing || client->depth)
		return;
	if (!client->is_cleaned) {
		client->is_cleaned = true;
		/* Closes the kept connections, which removes and closes their polls. */
		client->depth++;
		curl_multi_cleanup(client->multi);
		client->depth--;
		uv_close((uv_handle_t *)&client->timer, timer_closed);
		uv_close((uv_handle_t *)&client->watch, watch_closed);
	}
	if (client->open_handles)
		return;
	if (client->close_cb)
		client->close_cb(client->close_arg);
	free(client->user_agent);
	free(client->ca_file);
	free(client);
	curl_global_cleanup();
}

void http_client_close(struct http_client *client, void (*cb)(void *arg), void *arg)
{
	struct http_transfer *t;

	CHECK(!client->is_closing);
	client->is_closing = true;
	client->close_cb = cb;
	client->close_arg = arg;
	uv_timer_stop(&client->timer);
	uv_timer_stop(&client->watch);
	/* From the head each time: a `done` may cancel others. */
	while ((t = client->transfers)) {
		client->transfers = t->next;
		if (t->next)
			t->next->prev = NULL;
		http_transfer_end(t, CURLE_OK, true);
	}
	client_finish(client);
}

/* ---- what it tells of itself -----------------------------------------------------------------
 */

struct http_traffic http_client_traffic(struct http_client *client)
{
	return http_line_traffic(&client->line);
}

unsigned http_client_connections(const struct http_client *client)
{
	return client->line.open_most;
}

bool http_client_is_ipv6_broken(const struct http_client *client)
{
	return client->is_ipv6_broken;
}
