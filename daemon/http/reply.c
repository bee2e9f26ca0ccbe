/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The answer of a request: words, JSON, a stored file or a stream, and the headers that all have.
 */
#include "daemon/http/reply.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/http/http_private.h"
#include "daemon/http/lan.h"
#include "daemon/http/router.h"
#include "daemon/http/site.h"
#include "daemon/http/stream.h"

#include <string.h>

static const char answer_nomem[] =
	"{\"error\":\"NOMEM\",\"message\":\"out of memory\",\"message_vi\":\"máy hết bộ nhớ\"}\n";

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
		answer_set(req, MHD_HTTP_SERVICE_UNAVAILABLE, REPLY_JSON, NULL, 0);
		return;
	}
	len = strlen(text);
	text[len++] = '\n'; /* in the place of the NUL: the answer has a length */
	answer_set(req, status, REPLY_JSON, text, len);
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

void http_reply_status(
	struct http_request *req, unsigned status, enum err err, const struct errbuf *eb)
{
	http_reply_json(req, status,
		json_pack("{s:s, s:s, s:s}", "error", err_name(err), "message", errbuf_en(eb, err),
			"message_vi", errbuf_vi(eb, err)));
}

void http_reply_fail(struct http_request *req, unsigned status, enum err err, const char *fmt, ...)
{
	struct errbuf eb = {0};
	va_list ap;

	va_start(ap, fmt);
	errbuf_vset(&eb, err, fmt, ap);
	va_end(ap);
	http_reply_status(req, status, err, &eb);
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
	http_reply_status(req, status_of(err), err, eb);
}

void reply_not_stored(struct http_request *req, enum err err)
{
	struct errbuf eb = {0};

	errbuf_kind(&eb, err);
	errbuf_wrap(&eb, err, "nothing was stored and nothing sent, try again later");
	http_reply_status(req, MHD_HTTP_SERVICE_UNAVAILABLE, err, &eb);
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

enum MHD_Result reply_queue(struct http_request *req)
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

void reply_free(struct http_request *req)
{
	answer_set(req, 0, NULL, NULL, 0);
	media_reader_free(req->media);
	stream_free(req->stream);
	free(req->disposition);
}
