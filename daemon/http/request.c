/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way of a request. libmicrohttpd calls request_handle once when the headers are read, then for
 * each piece of the body, then once more when all of it is here. Only then the handler runs, so
 * every refusal is answered in one place and a client that still sends is not cut off in the
 * middle.
 *
 * A read is answered at once and opens no transaction. A write runs in a savepoint of its own: when
 * the handler refuses, the savepoint is rolled back and the refusal answered at once; when it
 * agrees, the request is suspended until turn_end() has committed, and the answer is the handler's,
 * or 503 when the commit failed. A client that goes away meanwhile is noticed by libmicrohttpd only
 * after the resume; what was written stays written.
 */
#include "daemon/http/request.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/http/auth.h"
#include "daemon/http/http_private.h"
#include "daemon/http/lan.h"
#include "daemon/http/resources.h"
#include "daemon/http/router.h"
#include "daemon/http/site.h"
#include "daemon/http/stream.h"
#include "store/turn.h"

#include <string.h>

#define PATH_MAX_BYTES 256 /* of a URL that is looked at; the longest route has 40 */

static const char type_json[] = "application/json";
static const char answer_nomem[] =
	"{\"error\":\"NOMEM\",\"message\":\"out of memory\",\"message_vi\":\"máy hết bộ nhớ\"}\n";

/* The answer. */

static void answer_set(
	struct http_request *req, unsigned status, const char *content_type, char *text, size_t len)
{
	if (req->answer) {
		explicit_bzero(req->answer, req->answer_bytes);
		free(req->answer);
	}
	req->status = status;
	req->content_type = content_type;
	req->answer = text;
	req->answer_bytes = len;
}

void http_reply_header(struct http_request *req, const char *name, const char *value)
{
	struct http_header *header = &req->headers[req->header_count];

	CHECK(req->header_count < HTTP_HEADERS_MAX);
	header->name = name;
	snprintf(header->value, sizeof(header->value), "%s", value);
	req->header_count++;
}

void http_reply_json(struct http_request *req, unsigned status, json_t *object)
{
	char *text = NULL;
	size_t len;

	if (object)
		text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	if (!text) {
		answer_set(req, MHD_HTTP_SERVICE_UNAVAILABLE, type_json, NULL, 0);
		return;
	}
	len = strlen(text);
	text[len++] = '\n'; /* in the place of the NUL: the answer has a length */
	answer_set(req, status, type_json, text, len);
}

void http_reply_text(
	struct http_request *req, unsigned status, const char *content_type, struct buf *text)
{
	size_t len = text->len;

	answer_set(req, status, content_type, buf_take(text), len);
}

void http_reply_empty(struct http_request *req, unsigned status)
{
	answer_set(req, status, "text/plain", calloc(1, 1), 0);
}

/* RFC 6266 and 8187: all but letters, digits and a few signs as %xx. */
static enum err disposition(const char *name, struct buf *out)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	enum err err = buf_adds(out, "attachment");

	if (!err && name[0])
		err = buf_adds(out, "; filename*=UTF-8''");
	for (; !err && *name; name++) {
		if (strchr(plain, *name))
			err = buf_add(out, name, 1);
		else
			err = buf_addf(out, "%%%02X", (unsigned)(unsigned char)*name);
	}
	return err;
}

/* To be saved, not shown. */
static enum err attach(struct http_request *req, const char *name)
{
	struct buf text;
	enum err err;

	buf_init(&text, 1024);
	err = disposition(name, &text);
	if (err)
		buf_done(&text);
	else
		req->disposition = buf_take(&text);
	return err;
}

void http_reply_download(
	struct http_request *req, const char *mime, const char *name, struct buf *body)
{
	enum err err = attach(req, name);

	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_text(req, MHD_HTTP_OK, mime, body);
}

void http_reply_media(struct http_request *req, const char *mime, const char *name, uint64_t bytes,
	struct media_reader *media)
{
	enum err err = attach(req, name);

	if (err) {
		media_reader_free(media);
		http_reply_err(req, err, NULL);
		return;
	}
	snprintf(req->media_type, sizeof(req->media_type), "%s", mime);
	answer_set(req, MHD_HTTP_OK, req->media_type, NULL, 0);
	req->media = media;
	req->media_bytes = bytes;
}

void http_reply_fail(struct http_request *req, unsigned status, enum err err, const char *message,
	const char *message_vi)
{
	http_reply_json(req, status,
		json_pack("{s:s, s:s, s:s}", "error", err_name(err), "message", message,
			"message_vi", message_vi));
}

static unsigned status_of(enum err err)
{
	switch (err) {
	case ERR_INVALID:
		return MHD_HTTP_BAD_REQUEST;
	case ERR_DENIED:
		return MHD_HTTP_FORBIDDEN;
	case ERR_AUTH:
		return MHD_HTTP_UNAUTHORIZED;
	case ERR_NOT_FOUND:
		return MHD_HTTP_NOT_FOUND;
	case ERR_EXISTS:
	case ERR_STATE:
		return MHD_HTTP_CONFLICT;
	case ERR_TOO_BIG:
		return MHD_HTTP_CONTENT_TOO_LARGE;
	case ERR_RATE:
	case ERR_QUOTA:
		return MHD_HTTP_TOO_MANY_REQUESTS;
	case ERR_UNSUPPORTED:
		return MHD_HTTP_NOT_IMPLEMENTED;
	case ERR_NOMEM:
	case ERR_IO:
	case ERR_DISK_FULL:
	case ERR_READ_ONLY:
	case ERR_BUSY:
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	default:
		return MHD_HTTP_INTERNAL_SERVER_ERROR;
	}
}

void http_reply_err(struct http_request *req, enum err err, const struct errbuf *eb)
{
	http_reply_fail(
		req, status_of(err), err, eb && eb->text[0] ? eb->text : err_en(err), err_vi(err));
}

static void reply_not_stored(struct http_request *req, enum err err)
{
	CLEAN_BUF en, vi;

	buf_init(&en, 256);
	buf_init(&vi, 256);
	if (buf_addf(&en, "nothing was stored (%s); try again later", err_en(err)) != ERR_OK ||
		buf_addf(&vi, "chưa ghi được (%s), chưa có gì được gửi; hãy thử lại sau",
			err_vi(err)) != ERR_OK) {
		http_reply_err(req, err, NULL);
		return;
	}
	http_reply_fail(req, MHD_HTTP_SERVICE_UNAVAILABLE, err, buf_text(&en), buf_text(&vi));
}

static void request_log(const struct http_request *req)
{
	int64_t ms = clock_mono_ms(store_clock(req->http->options.store)) - req->started_ms;
	enum log_level level = LOG_LEVEL_DEBUG;

	if (req->status >= MHD_HTTP_INTERNAL_SERVER_ERROR)
		level = LOG_LEVEL_WARN;
	else if (req->route && req->route->is_write)
		level = LOG_LEVEL_INFO;
	/* The route's pattern, not the path: what a client wrote there is nobody's business. */
	log_line(level, "http", "method=%s path=%s status=%u actor=%s ms=%lld",
		req->route ? req->route->method : "-", req->route ? req->route->path : "-",
		req->status, req->actor, (long long)ms);
}

static ssize_t media_piece(void *arg, uint64_t at, char *data, size_t max)
{
	size_t len = 0;

	(void)at; /* libmicrohttpd reads in order */
	if (media_reader_read(arg, data, max, &len))
		return MHD_CONTENT_READER_END_WITH_ERROR;
	return len ? (ssize_t)len : MHD_CONTENT_READER_END_OF_STREAM;
}

static void media_end(void *arg)
{
	media_reader_free(arg);
}

/* A file that turns out to be damaged breaks the connection off: it is shorter than promised. */
static struct MHD_Response *media_response(struct http_request *req)
{
	struct MHD_Response *response = MHD_create_response_from_callback(
		req->media_bytes, MEDIA_PIECE_BYTES, media_piece, req->media, media_end);

	if (!response)
		return NULL;
	req->media = NULL;
	if (MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") == MHD_YES &&
		MHD_add_response_header(response, "Content-Security-Policy", "sandbox") == MHD_YES)
		return response;
	MHD_destroy_response(response);
	return NULL;
}

static struct MHD_Response *answer_response(struct http_request *req)
{
	const char *text = req->answer ? req->answer : answer_nomem;
	size_t len = req->answer ? req->answer_bytes : sizeof(answer_nomem) - 1;

	/* PERSISTENT: the request lives until libmicrohttpd says that it is completed. */
	return MHD_create_response_from_buffer(
		len, (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result request_answer(struct http_request *req)
{
	struct MHD_Response *response = req->media    ? media_response(req)
					: req->file   ? site_response(req)
					: req->stream ? stream_response(req)
						      : answer_response(req);
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	result = MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, req->content_type);
	if (result == MHD_YES && !req->file)
		result = MHD_add_response_header(
			response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	if (result == MHD_YES && req->disposition)
		result = MHD_add_response_header(
			response, MHD_HTTP_HEADER_CONTENT_DISPOSITION, req->disposition);
	if (result == MHD_YES && req->allow)
		result = MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, req->allow);
	for (int i = 0; result == MHD_YES && i < req->header_count; i++)
		result = MHD_add_response_header(
			response, req->headers[i].name, req->headers[i].value);
	if (result == MHD_YES && !lan_headers(req, response))
		result = MHD_NO;
	if (result == MHD_YES) {
		lan_step(req, LAN_ANSWERING);
		request_log(req);
		result = MHD_queue_response(req->connection, req->status, response);
	}
	MHD_destroy_response(response);
	return result;
}

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
	search_forget(req->http, req);
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
	char en[64], vi[64];

	snprintf(en, sizeof(en), "the body is longer than %zu KB", body_max(req) / 1024);
	snprintf(vi, sizeof(vi), "nội dung gửi lên dài quá %zu KB", body_max(req) / 1024);
	http_reply_fail(req, MHD_HTTP_CONTENT_TOO_LARGE, ERR_TOO_BIG, en, vi);
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
		handle(req);
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
		http_reply_fail(req, MHD_HTTP_NOT_FOUND, ERR_NOT_FOUND, "no such path in this API",
			"không có đường dẫn này");
	else if (err == ERR_UNSUPPORTED)
		http_reply_fail(req, MHD_HTTP_METHOD_NOT_ALLOWED, ERR_UNSUPPORTED,
			"this path does not take that method",
			"đường dẫn này không nhận phương thức đó");
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
	req->content_type = type_json;
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
		return request_answer(req);
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
	return request_answer(req);
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
	answer_set(req, 0, NULL, NULL, 0);
	media_reader_free(req->media);
	stream_free(req->stream);
	free(req->disposition);
	free(req);
}

/* What handlers ask of a request. */

enum err http_body_object(struct http_request *req, json_t **ret_object, struct errbuf *eb)
{
	json_error_t error;
	json_t *object;

	if (req->body.len == 0)
		return errbuf_set(eb, ERR_INVALID, "the body is empty, a JSON object is wanted");
	/* The parser's own message quotes the text, which may be a secret: only the place is told.
	 */
	object = json_loadb(buf_text(&req->body), req->body.len, JSON_REJECT_DUPLICATES, &error);
	if (!object)
		return errbuf_set(eb, ERR_INVALID,
			"the body is not valid JSON (line %d, column %d)", error.line,
			error.column);
	if (!json_is_object(object)) {
		json_decref(object);
		return errbuf_set(eb, ERR_INVALID, "the body must be a JSON object");
	}
	*ret_object = object;
	return ERR_OK;
}

enum err http_body_empty(struct http_request *req, struct errbuf *eb)
{
	json_t *body = NULL;
	enum err err = http_body_object(req, &body, eb);

	if (err)
		return err;
	if (json_object_size(body))
		err = errbuf_set(eb, ERR_INVALID, "the body must be {}");
	json_decref(body);
	return err;
}

void http_body_wipe(json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach (object, key, value) {
		if (json_is_string(value))
			explicit_bzero((void *)(uintptr_t)json_string_value(value),
				json_string_length(value));
	}
	json_decref(object);
}

const char *http_argument(struct http_request *req, const char *name)
{
	return MHD_lookup_connection_value(req->connection, MHD_GET_ARGUMENT_KIND, name);
}

enum err http_page_get(struct http_request *req, struct http_page *ret_page, struct errbuf *eb)
{
	const char *limit = http_argument(req, "limit");
	const char *before = http_argument(req, "before");
	int64_t rows = HTTP_PAGE_DEFAULT, id = 0;

	if (limit && str_to_int64(limit, 1, HTTP_PAGE_MAX, &rows) != ERR_OK)
		return errbuf_set(
			eb, ERR_INVALID, "limit must be a number from 1 to %d", HTTP_PAGE_MAX);
	if (before && str_to_int64(before, 1, INT64_MAX, &id) != ERR_OK)
		return errbuf_set(eb, ERR_INVALID, "before must be the id of a row");
	ret_page->limit = (int)rows;
	ret_page->before = id;
	return ERR_OK;
}
