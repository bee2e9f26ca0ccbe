/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Life of one request: read whole, judged (mode, fault, end point), perhaps suspended until its
 * delay is over or the event it waits for has come, answered or cut.
 *
 *   READING → JUDGED → READY → answered, or closed without an answer (is_cut)
 *               └→ DELAYED | HELD | WAITING ↗
 */
#include "tests/sim/zalo/server.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "tests/sim/zalo/api.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define BODY_MAX    (6 * 1024 * 1024) /* an upload of 5 MB and its frame */
#define WAIT_MAX_MS 60000
#define HTML_ERROR  "<html><body><h1>Service temporarily unavailable</h1></body></html>"

enum request_state { READING, DELAYED, HELD, WAITING, READY };

struct request {
	struct request *next; /* while suspended */
	struct face *face;
	struct MHD_Connection *connection;
	enum request_state state;
	char method[16];
	char path[128];
	struct buf body;
	int64_t due_ms; /* monotonic; DELAYED and WAITING */
	struct fault fault;
	struct reply reply;
	bool is_cut;
};

const char *call_header(const struct call *call, const char *name)
{
	return MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, name);
}

const char *call_query(const struct call *call, const char *name)
{
	return MHD_lookup_connection_value(call->connection, MHD_GET_ARGUMENT_KIND, name);
}

int64_t call_query_number(const struct call *call, const char *name, int64_t otherwise)
{
	const char *text = call_query(call, name);
	int64_t value = -1;

	if (!text)
		return otherwise;
	return str_to_int64(text, 0, INT64_MAX / 2, &value) == ERR_OK ? value : -1;
}

void reply_done(struct reply *reply)
{
	json_decref(reply->json);
	free(reply->raw);
	*reply = (struct reply){0};
}

static struct call request_call(const struct request *request)
{
	return (struct call){.connection = request->connection,
		.method = request->method,
		.path = request->path,
		.body = buf_text(&request->body),
		.body_len = request->body.len};
}

/* One line a request, without query, headers or bodies: there are tokens and words in them. */
static void request_log(const struct request *request, const char *outcome)
{
	struct server *server = request->face->server;
	struct server_counter *counter = server_counter(server, request->path);
	json_t *line;

	counter->acted += request->reply.has_acted;
	counter->errors += request->reply.error != 0 || !str_eq(outcome, "answered");
	if (!server->log)
		return;
	line = json_pack("{s:I, s:s, s:s, s:s, s:i, s:i, s:b}", "at_ms",
		(json_int_t)world_now_ms(server->world), "method", request->method, "path",
		api_is_path(request->path) ? request->path : "other", "outcome", outcome, "status",
		(int)request->reply.status, "error", request->reply.error, "acted",
		(int)request->reply.has_acted);
	MUST_HAVE(line);
	json_dumpf(line, server->log, JSON_COMPACT);
	json_decref(line);
	fputc('\n', server->log);
	fflush(server->log);
}

static void request_act(struct request *request)
{
	struct server *server = request->face->server;
	struct call call = request_call(request);

	if (str_starts(request->path, MEDIA_PATH))
		media_call(&server->media, server->world, &call, &request->reply);
	else
		api_call(server->world, &call, &request->reply);
}

/* Puts the fault's answer in the place of the right one. */
static void request_spoil(struct request *request)
{
	struct fault *fault = &request->fault;
	struct reply *reply = &request->reply;

	if (fault->kind == FAULT_HTTP || fault->kind == FAULT_GARBAGE) {
		free(reply->raw);
		reply->is_binary = false;
	}
	switch (fault->kind) {
	case FAULT_LOST_ANSWER:
		request->is_cut = true;
		break;
	case FAULT_ERROR:
		api_fail(reply, fault->error);
		reply->status = 200;
		break;
	case FAULT_HTTP:
	case FAULT_GARBAGE:
		reply->raw = fault->body ? fault->body : str_dup(HTML_ERROR);
		fault->body = NULL;
		reply->status = fault->kind == FAULT_HTTP ? fault->status : 200;
		break;
	case FAULT_NONE:
	case FAULT_SLOW:
		break;
	}
}

static void request_finish(struct request *request)
{
	const struct fault *fault = &request->fault;

	if (fault->has_acted && !request->reply.status)
		request_act(request);
	request_spoil(request);
	request_log(request, fault->kind == FAULT_NONE ? "answered" : fault_name(fault->kind));
	request->state = READY;
}

static void request_suspend(struct request *request, enum request_state state)
{
	struct server *server = request->face->server;

	request->state = state;
	request->next = server->requests;
	server->requests = request;
	MHD_suspend_connection(request->connection);
}

/* The whole request is here. False = suspended. */
static bool request_judge_api(struct request *request)
{
	struct server *server = request->face->server;

	server_counter(server, request->path)->requests++;
	if (server->mode == SERVER_BLACKHOLE) {
		request_suspend(request, HELD);
		return false;
	}
	if (server->mode != SERVER_UP) {
		request->is_cut = true;
		request->state = READY;
		request_log(request, "cut");
		return true;
	}
	request->fault = fault_take(&server->faults, request->path);
	if (request->fault.kind == FAULT_NONE)
		request->fault.has_acted = true;
	if (request->fault.has_acted && !request->fault.acts_late)
		request_act(request);
	if (request->fault.delay_ms > 0) {
		request->due_ms = clock_mono_ms(clock_system()) + request->fault.delay_ms;
		request_suspend(request, DELAYED);
		return false;
	}
	request_finish(request);
	return true;
}

static bool request_judge_control(struct request *request)
{
	struct call call = request_call(request);
	int64_t timeout_ms = call_query_number(&call, "timeout_ms", 0);

	if (timeout_ms > WAIT_MAX_MS)
		timeout_ms = WAIT_MAX_MS;
	if (!control_call(request->face->server, &call, timeout_ms <= 0, &request->reply)) {
		request->due_ms = clock_mono_ms(clock_system()) + timeout_ms;
		request_suspend(request, WAITING);
		return false;
	}
	request->state = READY;
	return true;
}

/* The date is that of the simulated clock, which a test may have moved. */
static void add_headers(const struct world *world, struct MHD_Response *response)
{
	time_t now = (time_t)(world_now_ms(world) / SECOND_MS);
	char date[40];
	struct tm tm;
	char number[24];

	snprintf(number, sizeof(number), "%" PRId64, world->options.rate_limit);
	MHD_add_response_header(response, "X-RateLimit-Limit", number);
	snprintf(number, sizeof(number), "%" PRId64, world_rate_remaining(world));
	MHD_add_response_header(response, "X-RateLimit-Remain", number);
	gmtime_r(&now, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	MHD_add_response_header(response, "Date", date);
}

struct piece {
	char *data; /* owned */
	size_t len;
	size_t cut;
};

static ssize_t piece_read(void *arg, uint64_t at, char *room, size_t max)
{
	const struct piece *piece = arg;
	size_t left = piece->cut > at ? piece->cut - (size_t)at : 0;

	if (!left)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (left > max)
		left = max;
	memcpy(room, piece->data + at, left);
	return (ssize_t)left;
}

static void piece_free(void *arg)
{
	struct piece *piece = arg;

	free(piece->data);
	free(piece);
}

/* A content of the media server; its header promises all of it. */
static struct MHD_Response *binary_response(struct reply *reply)
{
	struct piece *piece = calloc(1, sizeof(*piece));
	struct MHD_Response *response;

	MUST_HAVE(piece);
	piece->data = reply->raw;
	piece->len = reply->raw_len;
	piece->cut = reply->cut >= 0 && (size_t)reply->cut < piece->len ? (size_t)reply->cut
									: piece->len;
	reply->raw = NULL;
	response = MHD_create_response_from_callback(
		piece->len, 16384, piece_read, piece, piece_free);
	MUST_HAVE(response);
	MHD_add_response_header(response, "Content-Type", reply->type);
	return response;
}

static struct MHD_Response *text_response(struct reply *reply)
{
	char *text = reply->raw ? reply->raw : json_dumps(reply->json, JSON_COMPACT);
	struct MHD_Response *response;

	reply->raw = NULL;
	MUST_HAVE(text);
	response = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
	MUST_HAVE(response);
	MHD_add_response_header(response, "Content-Type",
		text[0] == '<' ? "text/html" : "application/json; charset=utf-8");
	if (reply->location)
		MHD_add_response_header(response, "Location", reply->location);
	return response;
}

static enum MHD_Result request_answer(struct request *request)
{
	struct reply *reply = &request->reply;
	struct MHD_Response *response;
	enum MHD_Result result;

	if (request->is_cut) {
		if (request->fault.is_reset)
			server_reset_socket(MHD_get_connection_info(
				request->connection, MHD_CONNECTION_INFO_CONNECTION_FD)
						    ->connect_fd);
		return MHD_NO;
	}
	response = reply->is_binary ? binary_response(reply) : text_response(reply);
	if (!request->face->is_control)
		add_headers(request->face->server->world, response);
	result = MHD_queue_response(request->connection, reply->status, response);
	MHD_destroy_response(response);
	return result;
}

static struct request *request_new(
	struct face *face, struct MHD_Connection *connection, const char *url, const char *method)
{
	struct request *request = calloc(1, sizeof(*request));

	MUST_HAVE(request);
	request->face = face;
	request->connection = connection;
	buf_init(&request->body, BODY_MAX);
	if (str_copy(request->path, sizeof(request->path), url) != ERR_OK ||
		str_copy(request->method, sizeof(request->method), method) != ERR_OK)
		request->is_cut = true;
	if (face->is_control)
		return request;
	face->server->in_flight++;
	if (face->server->in_flight > face->server->in_flight_max)
		face->server->in_flight_max = face->server->in_flight;
	return request;
}

enum MHD_Result request_handle(void *arg, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *body, size_t *body_len,
	void **request_ptr)
{
	struct request *request = *request_ptr;
	struct face *face = arg;
	bool is_ready;

	(void)version;
	if (!request) {
		*request_ptr = request_new(face, connection, url, method);
		return MHD_YES;
	}
	if (*body_len) {
		if (buf_add(&request->body, body, *body_len) != ERR_OK)
			return MHD_NO;
		*body_len = 0;
		return MHD_YES;
	}
	if (request->state == READING && !request->is_cut) {
		is_ready = face->is_control ? request_judge_control(request)
					    : request_judge_api(request);
		if (!is_ready)
			return MHD_YES;
	}
	return request_answer(request);
}

void request_completed(void *arg, struct MHD_Connection *connection, void **request_ptr,
	enum MHD_RequestTerminationCode why)
{
	struct request *request = *request_ptr;

	(void)arg;
	(void)connection;
	(void)why;
	if (!request)
		return;
	request->face->server->in_flight -= !request->face->is_control;
	buf_done(&request->body);
	reply_done(&request->reply);
	free(request->fault.body);
	free(request);
	*request_ptr = NULL;
}

/* Takes *link out of the list and gives the connection back to the daemon. */
static void request_resume(struct request **link)
{
	struct request *request = *link;

	*link = request->next;
	request->next = NULL;
	request->state = READY;
	MHD_resume_connection(request->connection);
	request->face->server->has_resumed = true;
}

void request_run_suspended(struct server *server, int64_t now_mono_ms)
{
	struct request **link = &server->requests;

	while (*link) {
		struct request *request = *link;
		bool is_due = request->state != HELD && now_mono_ms >= request->due_ms;

		if (request->state == WAITING) {
			struct call call = request_call(request);

			is_due = control_call(server, &call, is_due, &request->reply);
		} else if (is_due) {
			request_finish(request);
		}
		if (is_due)
			request_resume(link);
		else
			link = &request->next;
	}
}

int64_t request_next_ms(const struct server *server, int64_t now_mono_ms)
{
	int64_t next_ms = -1;

	for (const struct request *r = server->requests; r; r = r->next) {
		int64_t left_ms = r->due_ms > now_mono_ms ? r->due_ms - now_mono_ms : 0;

		if (r->state != HELD && (next_ms < 0 || left_ms < next_ms))
			next_ms = left_ms;
	}
	return next_ms;
}

void request_abandon(struct server *server, enum request_scope scope)
{
	struct request **link = &server->requests;

	while (*link) {
		struct request *request = *link;
		bool is_api = !request->face->is_control;

		if ((scope != REQUEST_ALL && !is_api) ||
			(scope == REQUEST_HELD && request->state != HELD)) {
			link = &request->next;
			continue;
		}
		request->is_cut = true;
		if (is_api)
			request_log(request, "cut");
		request_resume(link);
	}
}
