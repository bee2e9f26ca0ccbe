/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request: how it is put to curl, what comes of it, and what is told of that. */
#include "daemon/relay/http_client_private.h"

#include "daemon/base/str.h"
#include "daemon/relay/curl_err.h"
#include "daemon/relay/http_header.h"
#include "daemon/relay/http_public.h"

#include <string.h>
#include <sys/socket.h>

#define LATE_MS 500 /* curl ends a transfer by its deadline, if it has begun it */
/* A line that was idle longer than this may have died unseen (mobile NAT); for a POST a failed
 * connect, which is surely not sent, is better than bytes that leave into nothing. */
#define STALL_BYTES  64L /* a second, over stall_s: less is a line that is dead */
#define POST_REUSE_S 5L
#define GET_REUSE_S  60L

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

void http_transfer_end(struct http_transfer *t, CURLcode code, bool is_cancelled)
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

void http_transfer_finish(struct http_transfer *t, CURLcode code, bool is_cancelled)
{
	if (t->prev)
		t->prev->next = t->next;
	else
		t->client->transfers = t->next;
	if (t->next)
		t->next->prev = t->prev;
	if (!t->client->transfers)
		uv_timer_stop(&t->client->watch);
	http_transfer_end(t, code, is_cancelled);
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
	if (request->is_alone) {
		SET(CURLOPT_FRESH_CONNECT, 1L);
		SET(CURLOPT_FORBID_REUSE, 1L);
	}
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
	http_client_watch(client);
	if (ret_transfer)
		*ret_transfer = t;
	return ERR_OK;

fail:
	transfer_free(t);
	return ERR_NOMEM;
}

void http_transfer_cancel(struct http_transfer *transfer)
{
	http_transfer_finish(transfer, CURLE_OK, true);
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
	return http_header_date_ms(http_result_header(result, "Date"));
}
