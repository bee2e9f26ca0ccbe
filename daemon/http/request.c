/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way of a request. libmicrohttpd calls request_handle once when the headers are read, then for
 * each piece of the body, then once more when all of it is here. Only then the handler runs, so
 * every refusal is answered in one place and a client that still sends is not cut off in the
 * middle.
 *
 * A read is answered at once, from one state of the database (turn_read_begin). A write runs in a
 * savepoint of its own: when the handler refuses, the savepoint is rolled back and the refusal
 * answered at once; when it agrees, the request is suspended until turn_end() has committed, and
 * the answer is the handler's, or 503 when the commit failed. A client that goes away meanwhile is
 * noticed by libmicrohttpd only after the resume; what was written stays written.
 */
#include "daemon/http/request.h"

#include "daemon/base/str.h"
#include "daemon/http/auth.h"
#include "daemon/http/http_private.h"
#include "daemon/http/lan.h"
#include "daemon/http/reply.h"
#include "daemon/http/resources.h"
#include "daemon/http/router.h"
#include "daemon/http/site.h"
#include "daemon/http/slices.h"
#include "store/turn.h"

#include <poll.h>
#include <string.h>

#define PATH_MAX_BYTES 256 /* of a URL that is looked at; the longest route has 40 */

/* A write and its commit. */

static void waiting_add(struct http_request *req)
{
	struct http *http = req->http;

	req->state = REQUEST_WAITING;
	req->prev = NULL;
	req->next = http->waiting;
	if (req->next)
		req->next->prev = req;
	http->waiting = req;
}

static void waiting_remove(struct http_request *req)
{
	if (req->prev)
		req->prev->next = req->next;
	else
		req->http->waiting = req->next;
	if (req->next)
		req->next->prev = req->prev;
	req->prev = req->next = NULL;
	req->state = REQUEST_READY;
}

static void request_committed(void *arg, enum err committed)
{
	struct http_request *req = arg;

	CHECK(req->state == REQUEST_WAITING);
	waiting_remove(req);
	if (committed != ERR_OK) {
		auth_unbegin(req);
		reply_not_stored(req, committed);
	}
	MHD_resume_connection(req->connection);
	http_kick(req->http);
}

void http_answer_begin(struct http_request *req)
{
	req->is_asking = true;
}

void http_answer_end(struct http_request *req)
{
	CHECK(req->state == REQUEST_WAITING && req->is_asking);
	req->is_asking = false;
	waiting_remove(req);
	MHD_resume_connection(req->connection);
	http_kick(req->http);
}

void http_answer_commit(struct http_request *req)
{
	struct http *http = req->http;
	enum err err = turn_defer(http->options.store, request_committed, req);

	CHECK(req->state == REQUEST_WAITING && req->is_asking);
	if (err != ERR_OK) {
		auth_unbegin(req);
		reply_not_stored(req, err);
		http_answer_end(req);
		return;
	}
	req->is_asking = false;
	if (http->options.wake)
		http->options.wake(http->options.arg);
}

bool http_client_is_gone(const struct http_request *req)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		req->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct pollfd look = {.fd = info ? info->connect_fd : -1, .events = POLLRDHUP};

	return poll(&look, 1, 0) > 0;
}

void request_drop(struct http_request *req)
{
	const struct http_options *options = &req->http->options;

	if (req->is_asking && options->modem_ussd_forget)
		options->modem_ussd_forget(options->arg, req);
	if (req->is_asking && options->zalo_forget)
		options->zalo_forget(options->arg, req);
	if (req->is_asking && options->auth)
		auth_forget(options->auth, req);
	if (req->is_asking && options->audit_forget)
		options->audit_forget(options->arg, req);
	slices_forget(req->http, req);
	turn_forget(options->store, req);
	waiting_remove(req);
	MHD_resume_connection(req->connection);
}

/* Whoever asks works at the desk meanwhile: what he does may hand on keys that only he can open. */
static void handle(struct http_request *req)
{
	struct desk *desk = req->http->options.desk;
	struct reader reader;
	struct key_holder holder;

	if (!desk || req->http->door != HTTP_DOOR_API) {
		req->route->handle(req);
		return;
	}
	reader = http_reader(req);
	holder = reader_holder(&reader);
	desk_seat(desk, reader.is_office || reader.officer_id ? &holder : NULL);
	req->route->handle(req);
	desk_seat(desk, NULL);
}

/* What a handler asks for row by row fits together, whoever writes to the file meanwhile. */
static void request_read(struct http_request *req)
{
	struct store *store = req->http->options.store;
	enum err err = turn_read_begin(store);

	if (err) {
		http_reply_err(req, err, NULL);
		return;
	}
	handle(req);
	turn_read_end(store);
}

static void request_write(struct http_request *req)
{
	struct http *http = req->http;
	struct store *store = http->options.store;
	enum err err;

	err = store_savepoint_begin(store);
	if (err != ERR_OK) {
		reply_not_stored(req, err);
		return;
	}
	handle(req);
	if (req->status >= MHD_HTTP_BAD_REQUEST) {
		store_savepoint_rollback(store);
		return;
	}
	err = req->is_asking ? ERR_OK : turn_defer(store, request_committed, req);
	if (err != ERR_OK) {
		store_savepoint_rollback(store);
		reply_not_stored(req, err);
		return;
	}
	/* A release that fails has ended the savepoint, and the turn with it. */
	err = store_savepoint_release(store);
	/* Who waits for a modem loses no more than the note of his asking. */
	if (err != ERR_OK && !req->is_asking) {
		turn_forget(store, req);
		reply_not_stored(req, err);
		return;
	}
	waiting_add(req);
	lan_step(req, LAN_HELD);
	MHD_suspend_connection(req->connection);
	if (http->options.wake)
		http->options.wake(http->options.arg);
}

/* Arrival. */

static size_t body_max(const struct http_request *req)
{
	return router_body_max(req->route);
}

/* What is read only to be refused politely. */
static size_t drain_max(const struct http_request *req)
{
	return body_max(req) > HTTP_DRAIN_MAX ? body_max(req) + HTTP_DRAIN_MAX : HTTP_DRAIN_MAX;
}

static void reply_too_long(struct http_request *req)
{
	http_reply_fail(req, MHD_HTTP_CONTENT_TOO_LARGE, ERR_TOO_BIG,
		"the body is longer than %zu KB", body_max(req) / 1024);
}

static void request_run(struct http_request *req)
{
	req->state = REQUEST_READY;
	if (req->status)
		return; /* refused before its body was read */
	if (req->body_bytes > body_max(req))
		reply_too_long(req);
	else if (req->route->is_write)
		request_write(req);
	else
		request_read(req);
}

/* A file of the officers' page, whose door has some. */
static bool request_file(struct http_request *req, const char *method, const char *url)
{
	const struct site_file *file = site_find(req->http->options.site, url);

	if (!file || (!str_eq(method, "GET") && !str_eq(method, "HEAD")))
		return false;
	site_reply(req, file);
	return true;
}

static void request_route(struct http_request *req, const char *method, const char *url)
{
	enum err err = ERR_NOT_FOUND;

	if (request_file(req, method, url))
		return;

	if (strlen(url) < PATH_MAX_BYTES)
		err = router_match(
			req->http->door, method, url, &req->route, req->param, &req->allow);
	if (err == ERR_NOT_FOUND)
		http_reply_fail(req, MHD_HTTP_NOT_FOUND, ERR_NOT_FOUND, "no such path in this API");
	else if (err == ERR_UNSUPPORTED)
		http_reply_fail(req, MHD_HTTP_METHOD_NOT_ALLOWED, ERR_UNSUPPORTED,
			"this path does not take that method");
}

static struct http_request *request_new(
	struct http *http, struct MHD_Connection *connection, const char *url, const char *method)
{
	struct http_request *req = calloc(1, sizeof(*req));

	if (!req)
		return NULL;
	req->http = http;
	req->connection = connection;
	req->started_ms = clock_mono_ms(store_clock(http->options.store));
	req->content_type = REPLY_JSON;
	lan_step(req, LAN_RECEIVING);
	lan_guard(req, url);
	if (!req->status)
		request_route(req, method, url);
	buf_init(&req->body, body_max(req));
	auth_check(req);
	return req;
}

static enum MHD_Result request_take_body(struct http_request *req, const char *data, size_t len)
{
	req->body_bytes += len;
	if (req->body_bytes > drain_max(req))
		return MHD_NO;
	if (req->status || req->body_bytes > body_max(req)) {
		buf_wipe(&req->body);
		return MHD_YES;
	}
	return buf_add(&req->body, data, len) == ERR_OK ? MHD_YES : MHD_NO;
}

/* A body that says beforehand that it is far too long is refused before it is sent. */
static bool body_is_hopeless(struct http_request *req)
{
	const char *text = MHD_lookup_connection_value(
		req->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
	int64_t len;

	return text && str_to_int64(text, 0, (int64_t)drain_max(req), &len) != ERR_OK;
}

enum MHD_Result request_handle(void *cls, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data, size_t *data_bytes,
	void **con_cls)
{
	struct http_request *req = *con_cls;
	enum MHD_Result result;

	(void)version;
	if (!req) {
		req = request_new(cls, connection, url, method);
		*con_cls = req;
		if (!req)
			return MHD_NO;
		if (!body_is_hopeless(req))
			return MHD_YES;
		req->body_bytes = drain_max(req) + 1;
		request_run(req);
		return reply_queue(req);
	}
	if (*data_bytes) {
		result = request_take_body(req, data, *data_bytes);
		*data_bytes = 0;
		return result;
	}
	if (req->state == REQUEST_RECEIVING)
		request_run(req);
	if (req->state == REQUEST_WAITING)
		return MHD_YES;
	return reply_queue(req);
}

void request_completed(void *cls, struct MHD_Connection *connection, void **con_cls,
	enum MHD_RequestTerminationCode toe)
{
	struct http_request *req = *con_cls;

	(void)cls;
	(void)connection;
	(void)toe;
	if (!req)
		return;
	*con_cls = NULL;
	CHECK(req->state != REQUEST_WAITING);
	lan_step(req, LAN_IDLE);
	buf_wipe(&req->body);
	reply_free(req);
	free(req);
}
