/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * curl tells by two callbacks which sockets and which time it waits for; both only arm uv handles.
 * What happens on them goes to curl_multi_socket_action, after which the finished transfers are
 * drained. A time-out of 0 is armed like any other: acting on it within the callback would
 * re-enter curl.
 */
#include "daemon/relay/http_client.h"

#include "daemon/base/buf.h"
#include "daemon/base/str.h"
#include "daemon/relay/curl_err.h"
#include "daemon/relay/http_public.h"

#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>

#define CONNECT_MS	 10000
#define CONNECTIONS_MAX	 4L /* over HTTP/1.1 what is more waits for its turn */
#define CONNECTIONS_KEPT 4L
#define LATE_MS		 500 /* curl ends a transfer by its deadline, if it has begun it */
/* A line that was idle longer than this may have died unseen (mobile NAT); for a POST a failed
 * connect, which is surely not sent, is better than bytes that leave into nothing. */
#define STALL_BYTES  64L /* a second, over stall_s: less is a line that is dead */
#define POST_REUSE_S 5L
#define GET_REUSE_S  60L

struct http_client {
	uv_loop_t *loop;
	CURLM *multi;
	uv_timer_t timer;
	uv_timer_t watch; /* for those that curl forgets */
	char *user_agent;
	char *ca_file;
	int64_t connect_ms;
	struct http_line line;
	bool is_ipv6_broken;
	struct http_transfer *transfers;
	unsigned open_handles; /* uv handles whose close callback has not come */
	unsigned depth;	       /* of drains: curl's memory must outlive them */
	bool is_closing;
	bool is_cleaned;
	void (*close_cb)(void *arg);
	void *close_arg;
};

struct http_socket {
	uv_poll_t poll;
	struct http_client *client;
	curl_socket_t fd;
};

struct http_transfer {
	struct http_client *client;
	struct http_transfer *prev, *next;
	CURL *easy;
	struct curl_slist *headers;
	char *body;
	size_t body_bytes;
	size_t body_given;
	struct buf reply;
	size_t reply_max;
	size_t sunk;	 /* bytes given to the sink */
	uint64_t end_ms; /* of the loop's clock: ended, whatever curl thinks */
	bool is_too_big;
	bool is_resolving; /* it was its turn for a connection */
	bool tried_ipv4, tried_ipv6;
	bool has_connected; /* on a socket that is closed again */
	bool is_public_only;
	enum err sink_err;
	enum err (*sink)(void *arg, const void *data, size_t len);
	http_done_fn done;
	void *arg;
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

static void transfer_finish(struct http_transfer *t, CURLcode code, bool is_cancelled);

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
		transfer_finish(t, code, false);
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

static void watch_arm(struct http_client *client)
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
		transfer_finish(late, CURLE_OPERATION_TIMEDOUT, false);
	client->depth--;
	if (!client->is_closing)
		watch_arm(client);
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

static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct http_transfer *t = arg;

	(void)purpose;
	if (t->is_public_only && !http_is_public(&address->addr))
		return CURL_SOCKET_BAD;
	t->tried_ipv4 |= address->family == AF_INET;
	t->tried_ipv6 |= address->family == AF_INET6;
	return http_line_open(&t->client->line, address->family, address->socktype,
		address->protocol, &t->has_connected);
}

/* May come long after the transfer that opened it. */
static int on_close(void *arg, curl_socket_t fd)
{
	struct http_client *client = arg;

	return http_line_close(&client->line, fd);
}

static int on_resolve(void *resolver, void *reserved, void *arg)
{
	struct http_transfer *t = arg;

	(void)resolver;
	(void)reserved;
	t->is_resolving = true;
	return 0;
}

/* ---- one transfer ----------------------------------------------------------------------------
 */

static size_t sink_take(struct http_transfer *t, const char *data, size_t len)
{
	t->sunk += len;
	t->is_too_big = t->sunk > t->reply_max;
	if (!t->is_too_big)
		t->sink_err = t->sink(t->arg, data, len);
	return t->is_too_big || t->sink_err ? 0 : len;
}

static size_t on_reply(char *data, size_t size, size_t count, void *arg)
{
	struct http_transfer *t = arg;
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (t->sink && status == 200)
		return sink_take(t, data, size * count);
	if (buf_add(&t->reply, data, size * count)) {
		t->is_too_big = true;
		return 0;
	}
	return size * count;
}

static size_t on_body(char *data, size_t size, size_t count, void *arg)
{
	struct http_transfer *t = arg;
	size_t len = t->body_bytes - t->body_given;

	if (len > size * count)
		len = size * count;
	if (!len)
		return CURL_READFUNC_ABORT; /* asked again: curl is repeating the request */
	memcpy(data, t->body + t->body_given, len);
	t->body_given += len;
	return len;
}

/* Refuses to rewind, so that curl can't send a body a second time by itself. */
static int on_rewind(void *arg, curl_off_t offset, int origin)
{
	(void)arg;
	(void)offset;
	(void)origin;
	return CURL_SEEKFUNC_FAIL;
}

static void transfer_free(struct http_transfer *t)
{
	if (!t)
		return;
	curl_easy_cleanup(t->easy);
	for (struct curl_slist *h = t->headers; h; h = h->next)
		explicit_bzero(h->data, strlen(h->data));
	curl_slist_free_all(t->headers);
	if (t->body)
		explicit_bzero(t->body, t->body_bytes);
	free(t->body);
	buf_wipe(&t->reply);
	free(t);
}

static bool transfer_has_left(const struct http_transfer *t)
{
	long request_bytes = 0;

	if (t->body_bytes)
		return t->body_given > 0;
	curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &request_bytes);
	return request_bytes > 0;
}

static bool has_time(const struct http_transfer *t, CURLINFO info)
{
	curl_off_t time_us = 0;

	curl_easy_getinfo(t->easy, info, &time_us);
	return time_us > 0;
}

static struct curl_seen transfer_seen(const struct http_transfer *t, CURLcode code)
{
	struct curl_seen seen = {
		.code = code, .tried_ipv4 = t->tried_ipv4, .tried_ipv6 = t->tried_ipv6};
	char *url = NULL;

	curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &seen.verify_result);
	curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &seen.os_errno);
	curl_easy_getinfo(t->easy, CURLINFO_EFFECTIVE_URL, &url);
	seen.is_idle = !t->is_resolving && !t->tried_ipv4 && !t->tried_ipv6;
	seen.has_address = has_time(t, CURLINFO_NAMELOOKUP_TIME_T);
	seen.is_connected = t->has_connected || has_time(t, CURLINFO_CONNECT_TIME_T);
	seen.is_secured = has_time(t, CURLINFO_APPCONNECT_TIME_T) ||
			  (url && strncmp(url, "http:", 5) == 0);
	return seen;
}

static void note_ipv6(const struct http_transfer *t)
{
	char *address = NULL;

	if (!t->tried_ipv6 || !has_time(t, CURLINFO_CONNECT_TIME_T))
		return;
	curl_easy_getinfo(t->easy, CURLINFO_PRIMARY_IP, &address);
	if (address && address[0])
		t->client->is_ipv6_broken = !strchr(address, ':');
}

/* Tells how it went; the transfer is no longer in the client's list. */
static void transfer_end(struct http_transfer *t, CURLcode code, bool is_cancelled)
{
	struct http_result result = {.transfer = t, .is_cancelled = is_cancelled};
	struct curl_seen seen = transfer_seen(t, code);
	struct curl_fault fault = curl_fault(&seen);
	long status = 0, version = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
	note_ipv6(t);
	if (code == CURLE_FILESIZE_EXCEEDED)
		t->is_too_big = true;
	result.err = is_cancelled ? ERR_STATE : t->is_too_big ? ERR_TOO_BIG : fault.err;
	if (!is_cancelled && t->sink_err)
		result.err = t->sink_err;
	result.reason = is_cancelled	? "cancelled"
			: t->is_too_big ? "reply is too big"
					: fault.text;
	if (!is_cancelled && !t->is_too_big)
		result.fault = fault.fault;
	result.may_have_left = transfer_has_left(t);
	result.status = (int)status;
	result.is_shared = version == CURL_HTTP_VERSION_2_0;
	result.body = buf_text(&t->reply);
	result.body_bytes = t->reply.len;

	curl_multi_remove_handle(t->client->multi, t->easy);
	http_line_disown(&t->client->line, &t->has_connected);
	t->done(t->arg, &result);
	transfer_free(t);
}

static void transfer_finish(struct http_transfer *t, CURLcode code, bool is_cancelled)
{
	if (t->prev)
		t->prev->next = t->next;
	else
		t->client->transfers = t->next;
	if (t->next)
		t->next->prev = t->prev;
	if (!t->client->transfers)
		uv_timer_stop(&t->client->watch);
	transfer_end(t, code, is_cancelled);
}

static enum err transfer_copy(struct http_transfer *t, const struct http_client_request *request)
{
	for (const char *const *h = request->headers; h && *h; h++) {
		struct curl_slist *more = curl_slist_append(t->headers, *h);

		if (!more)
			return ERR_NOMEM;
		t->headers = more;
	}
	if (request->method != HTTP_POST || !request->body_bytes)
		return ERR_OK;
	t->body = malloc(request->body_bytes);
	if (!t->body)
		return ERR_NOMEM;
	memcpy(t->body, request->body, request->body_bytes);
	t->body_bytes = request->body_bytes;
	return ERR_OK;
}

/* curl_easy_setopt fails only for want of memory or of a feature that this curl was built with. */
#define SET(option, value) bad |= curl_easy_setopt(t->easy, option, value) != CURLE_OK

static bool transfer_set_method(struct http_transfer *t, const struct http_client_request *request)
{
	bool bad = false;

	if (request->method == HTTP_GET) {
		SET(CURLOPT_HTTPGET, 1L);
		SET(CURLOPT_MAXAGE_CONN, GET_REUSE_S);
		return bad;
	}
	SET(CURLOPT_POST, 1L);
	SET(CURLOPT_MAXAGE_CONN, POST_REUSE_S);
	SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body_bytes);
	SET(CURLOPT_READFUNCTION, on_body);
	SET(CURLOPT_READDATA, t);
	SET(CURLOPT_SEEKFUNCTION, on_rewind);
	return bad;
}

static bool transfer_set(struct http_transfer *t, const struct http_client_request *request)
{
	struct http_client *client = t->client;
	bool bad = false;

	SET(CURLOPT_URL, request->url);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NOSIGNAL, 1L);
	/* Else the loop waits for getaddrinfo when the deadline passes. */
	SET(CURLOPT_QUICK_EXIT, 1L);
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	/* Rather share a connection that is being made than make another. */
	SET(CURLOPT_PIPEWAIT, 1L);
	SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
	SET(CURLOPT_OPENSOCKETDATA, t);
	SET(CURLOPT_CLOSESOCKETFUNCTION, on_close);
	SET(CURLOPT_CLOSESOCKETDATA, client);
	SET(CURLOPT_RESOLVER_START_FUNCTION, on_resolve);
	SET(CURLOPT_RESOLVER_START_DATA, t);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)client->connect_ms);
	SET(CURLOPT_TIMEOUT_MS, (long)request->deadline_ms);
	SET(CURLOPT_USERAGENT, client->user_agent);
	SET(CURLOPT_HTTPHEADER, t->headers);
	SET(CURLOPT_WRITEFUNCTION, on_reply);
	SET(CURLOPT_WRITEDATA, t);
	SET(CURLOPT_PRIVATE, t);
	SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->reply_max);
	if (request->stall_s) {
		SET(CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES);
		SET(CURLOPT_LOW_SPEED_TIME, (long)request->stall_s);
	}
	if (request->is_packed)
		SET(CURLOPT_ACCEPT_ENCODING, "gzip");
	if (client->ca_file)
		SET(CURLOPT_CAINFO, client->ca_file);
	return !bad && !transfer_set_method(t, request);
}

enum err http_client_start(struct http_client *client, const struct http_client_request *request,
	struct http_transfer **ret_transfer)
{
	struct http_transfer *t;

	if (client->is_closing)
		return ERR_STATE;
	CHECK(request->deadline_ms > 0 && request->done);
	t = calloc(1, sizeof(*t));
	if (!t)
		return ERR_NOMEM;
	t->client = client;
	t->done = request->done;
	t->arg = request->arg;
	t->sink = request->sink;
	t->reply_max = request->reply_max;
	t->is_public_only = request->is_public_only;
	buf_init(&t->reply, request->reply_max);
	t->easy = curl_easy_init();
	if (!t->easy || transfer_copy(t, request) || !transfer_set(t, request))
		goto fail;
	if (curl_multi_add_handle(client->multi, t->easy))
		goto fail;
	t->next = client->transfers;
	if (t->next)
		t->next->prev = t;
	client->transfers = t;
	t->end_ms = uv_now(client->loop) + (uint64_t)request->deadline_ms + LATE_MS;
	watch_arm(client);
	if (ret_transfer)
		*ret_transfer = t;
	return ERR_OK;

fail:
	transfer_free(t);
	return ERR_NOMEM;
}

void http_transfer_cancel(struct http_transfer *transfer)
{
	transfer_finish(transfer, CURLE_OK, true);
}

const char *http_result_header(const struct http_result *result, const char *name)
{
	struct curl_header *header;

	if (curl_easy_header(result->transfer->easy, name, 0, CURLH_HEADER, -1, &header))
		return NULL;
	return header->value;
}

int64_t http_result_date_ms(const struct http_result *result)
{
	const char *text = http_result_header(result, "Date");
	time_t when = text ? curl_getdate(text, NULL) : -1;

	return when > 0 ? (int64_t)when * 1000 : 0;
}

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
		transfer_end(t, CURLE_OK, true);
	}
	client_finish(client);
}
