/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/stream.h"

#include "daemon/base/str.h"
#include "daemon/desk/small_cells.h"
#include "daemon/http/auth.h"
#include "daemon/http/lan.h"
#include "daemon/http/resources.h"
#include "daemon/http/rights.h"
#include "store/event.h"
#include "store/poll.h"
#include "store/turn.h"

#include <string.h>

#define TICK_MS	     UINT64_C(250) /* a page gathers what comes within such a time anyway */
#define RECORD_BYTES 160
#define RESET	     "event: reset\ndata: {}\n\n"
#define TOLD_BYTES   (STREAM_ROWS_MAX * RECORD_BYTES)

struct stream {
	struct stream *prev, *next;
	struct http_request *req;
	int64_t session_id; /* 0: the office, before there are officers */
	int64_t cursor;	    /* the last event that was looked at */
	int64_t beat_ms, reset_ms, commits;
	struct buf queue;
	size_t sent; /* of the queue */
	bool is_suspended, is_over;
};

/* ---- who reads --------------------------------------------------------------------------------
 */

struct seek {
	int64_t id;
	const struct session *session;
	int count;
};

static void session_seek(void *arg, const struct session *session)
{
	struct seek *seek = arg;

	if (session_id(session) == seek->id)
		seek->session = session;
}

/* As of now: the session may have ended, and its officer may have another role. */
static bool reader_of(const struct stream *stream, struct reader *ret_reader, unsigned *ret_who)
{
	const struct http_options *options = &stream->req->http->options;
	struct seek seek = {.id = stream->session_id};
	struct officer officer;

	if (!stream->session_id) {
		*ret_reader = (struct reader){.is_office = true};
		*ret_who = ~0u;
		return !options->auth || !auth_is_claimed(options->auth);
	}
	auth_sessions(options->auth, session_seek, &seek);
	if (!seek.session ||
		officer_load(options->store, session_officer(seek.session), &officer) ||
		officer.state != OFFICER_ACTIVE)
		return false;
	*ret_reader = (struct reader){
		.officer_id = officer.id, .role = officer.role, .pair = session_pair(seek.session)};
	*ret_who = 1u << officer.role;
	return true;
}

/* ---- what is told -----------------------------------------------------------------------------
 */

struct telling {
	struct stream *stream;
	struct desk *desk;
	struct reader reader;
	unsigned who;
	struct buf told;  /* records of this time, each once */
	char subject[48]; /* of the row before */
	int64_t cursor;
};

static void tell(struct telling *t, const char *event, const char *data)
{
	char record[RECORD_BYTES];
	int len = snprintf(record, sizeof(record), "event: %s\ndata: %s\n\n", event, data);

	/* Too long is none of ours, and there is room for one of each row. */
	if (len >= (int)sizeof(record) || strstr(buf_text(&t->told), record))
		return;
	if (buf_adds(&t->told, record))
		t->stream->is_over = true;
}

static void tell_report(struct telling *t, int64_t id, bool is_new)
{
	char data[RECORD_BYTES - 32];
	struct report report;
	enum sight sight;
	json_t *name;

	if (reading_load(t->desk, &t->reader, id, &report, &sight) || sight < SIGHT_LINE)
		return;
	name = json_report_named(&report);
	snprintf(data, sizeof(data), "{\"report\":\"%s\",\"is_new\":%s}",
		name ? json_string_value(name) : "", is_new ? "true" : "false");
	json_decref(name);
	tell(t, "report", data);
}

/* What everybody may read the list of. */
static void tell_change(struct telling *t, const struct event *event)
{
	static const char *const whats[] = {"officer", "group", "place", "modem", "feed",
		"zalo_gap", "audit_fault", "procedure", "config", "roster", "duty"};
	char data[64];

	for (size_t i = 0; i < ARRAY_LEN(whats); i++) {
		size_t len = strlen(whats[i]);
		bool is_subject = strncmp(event->subject, whats[i], len) == 0 &&
				  event->subject[len] == '/';

		if (!is_subject &&
			(strncmp(event->kind, whats[i], len) != 0 || event->kind[len] != '.'))
			continue;
		snprintf(data, sizeof(data), "{\"what\":\"%s\"}",
			str_eq(whats[i], "roster") ? "duty" : whats[i]);
		tell(t, "change", data);
		return;
	}
}

/* The number behind "report/"; 0: another subject. */
static int64_t number_of(const char *subject, const char *prefix)
{
	int64_t id = 0;

	if (!str_starts(subject, prefix) ||
		str_to_int64(subject + strlen(prefix), 1, INT64_MAX, &id))
		return 0;
	return id;
}

static void event_row(void *arg, const struct event *event)
{
	struct telling *t = arg;
	bool is_new = str_eq(event->kind, "report.received");
	int64_t id;
	char data[48];

	t->cursor = event->id;
	if ((id = number_of(event->subject, "report/")) != 0) {
		/* Most rows of the log stand beside another of the same report. */
		if (is_new || !str_eq(t->subject, event->subject))
			tell_report(t, id, is_new);
	} else if (number_of(event->subject, "alarm/")) {
		if (t->who & WHO_HANDLERS)
			tell(t, "alarm", "{}");
	} else if ((id = number_of(event->subject, "bulletin/")) != 0) {
		snprintf(data, sizeof(data), "{\"bulletin\":%lld}", (long long)id);
		if (t->who & WHO_READERS)
			tell(t, "bulletin", data);
	} else if (number_of(event->subject, "poll/")) {
		if (t->who & WHO_READERS)
			tell(t, "change", "{\"what\":\"poll\"}");
	} else {
		tell_change(t, event);
	}
	snprintf(t->subject, sizeof(t->subject), "%s", event->subject);
}

/* ---- the queue --------------------------------------------------------------------------------
 */

static int64_t now_of(const struct stream *stream)
{
	return clock_mono_ms(store_clock(stream->req->http->options.store));
}

/* Of what waits only the record goes on of which some is on its way. It is kept from its beginning,
 * so that the queue begins with a record also when this happens again before the rest has gone. */
static enum err drop_records(struct stream *stream)
{
	const char *text = buf_text(&stream->queue);
	size_t at = stream->sent, begin = at, len = 0;
	CLEAN_BUF rest = {0};
	enum err err;

	buf_init(&rest, STREAM_QUEUE_BYTES);
	while (begin && (begin < 2 || memcmp(text + begin - 2, "\n\n", 2) != 0))
		begin--;
	if (begin < at)
		len = (size_t)(strstr(text + begin, "\n\n") + 2 - (text + begin));
	err = buf_add(&rest, text + begin, len);
	buf_reset(&stream->queue);
	stream->sent = 0;
	if (!err)
		err = buf_adds(&stream->queue, buf_text(&rest));
	if (err)
		return err;
	stream->sent = at - begin;
	return buf_adds(&stream->queue, RESET);
}

static void enqueue(struct stream *stream, const char *text)
{
	if (stream->sent == stream->queue.len) {
		buf_reset(&stream->queue);
		stream->sent = 0;
	}
	if (buf_adds(&stream->queue, text) != ERR_OK && drop_records(stream) != ERR_OK)
		stream->is_over = true;
}

static void wake_up(struct stream *stream)
{
	if (stream->is_suspended && (stream->is_over || stream->sent < stream->queue.len)) {
		stream->is_suspended = false;
		MHD_resume_connection(stream->req->connection);
		http_kick(stream->req->http);
	}
}

static void enqueue_id(struct telling *t, int64_t cursor)
{
	char id[48];

	/* Its readers may not count what they don't see. */
	snprintf(id, sizeof(id), "id: %lld\n\n",
		(long long)reading_mask(t->desk, &t->reader, READING_EVENT, cursor));
	enqueue(t->stream, id);
}

static bool is_far_behind(struct stream *stream, int64_t last)
{
	return last - stream->cursor > STREAM_ROWS_MAX;
}

static void reset(struct telling *t, int64_t last)
{
	t->stream->reset_ms = now_of(t->stream);
	t->stream->cursor = last;
	enqueue(t->stream, RESET);
	enqueue_id(t, last);
}

static enum err tell_news(struct telling *t, int64_t last)
{
	struct stream *stream = t->stream;
	enum err err;

	if (is_far_behind(stream, last)) {
		/* Not twice a second in a flood. */
		if (now_of(stream) - stream->reset_ms >= STREAM_RESET_MS)
			reset(t, last);
		return ERR_OK;
	}
	t->cursor = stream->cursor;
	err = event_list_after(
		stream->req->http->options.store, stream->cursor, STREAM_ROWS_MAX, event_row, t);
	if (err)
		return err;
	stream->cursor = t->cursor;
	if (!t->told.len)
		return ERR_OK;
	enqueue(stream, buf_text(&t->told));
	enqueue_id(t, stream->cursor);
	return ERR_OK;
}

static void look(struct stream *stream)
{
	const struct http_options *options = &stream->req->http->options;
	struct telling t = {.stream = stream, .desk = options->desk};
	int64_t commits = turn_stats(options->store).commits;
	struct event_head last;

	if (!reader_of(stream, &t.reader, &t.who)) {
		stream->is_over = true;
		return;
	}
	/* What is not committed may yet be taken back. */
	if (turn_is_open(options->store) || commits == stream->commits)
		return;
	buf_init(&t.told, TOLD_BYTES);
	if (event_last(options->store, &last) == ERR_OK && tell_news(&t, last.id) == ERR_OK)
		stream->commits = stream->cursor == last.id ? commits : -1;
	buf_done(&t.told);
}

/* ---- the clock of all streams of a door -------------------------------------------------------
 */

/* FNV-1a */
static uint64_t sum_add(uint64_t sum, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	for (const char *at = text; at && *at; at++)
		sum = (sum ^ (uint8_t)*at) * 1099511628211U;
	free(text);
	return sum;
}

/* Whether something is wrong, or somebody waits of whom no event may tell (an enrolment, a stay, an
 * answer to a poll), is found by asking; what, the page asks itself. Of a poll that few have
 * answered nobody learns that another one has. */
static bool status_changed(struct http *http)
{
	enum err err = ERR_OK;
	json_t *status = http_status(&http->options, &(struct reader){.role = OFFICER_IT}, &err);
	uint64_t sum = 14695981039346656037U;
	int64_t heard = 0;
	bool is_changed;

	if (!status)
		return false;
	sum = sum_add(sum, json_object_get(status, "problems"));
	sum = sum_add(sum, json_object_get(status, "waiting"));
	json_decref(status);
	if (!poll_heard(http->options.store, FIGURES_SMALL, &heard))
		sum = (sum ^ (uint64_t)heard) * 1099511628211U;
	is_changed = http->status_sum && http->status_sum != sum;
	http->status_sum = sum;
	return is_changed;
}

static void tick(uv_timer_t *timer)
{
	struct http *http = timer->data;
	int64_t now_ms = clock_mono_ms(store_clock(http->options.store));
	bool is_beat = now_ms - http->beat_ms >= STREAM_BEAT_MS;
	bool is_status = is_beat && status_changed(http);

	if (is_beat)
		http->beat_ms = now_ms;
	for (struct stream *stream = http->streams; stream; stream = stream->next) {
		look(stream);
		if (is_status)
			enqueue(stream, "event: status\ndata: {}\n\n");
		else if (is_beat)
			enqueue(stream, ": \n\n");
		wake_up(stream);
	}
}

static void clock_closed(uv_handle_t *handle)
{
	struct http *http = handle->data;

	free(handle);
	http_handle_closed(http);
}

/* It runs while there is a stream. */
static bool clock_start(struct http *http)
{
	uv_timer_t *timer = calloc(1, sizeof(*timer));

	if (!timer)
		return false;
	uv_timer_init(http->options.loop, timer);
	timer->data = http;
	uv_timer_start(timer, tick, TICK_MS, TICK_MS);
	http->stream_timer = timer;
	http->open_handles++;
	http->beat_ms = clock_mono_ms(store_clock(http->options.store));
	status_changed(http);
	return true;
}

static void clock_stop(struct http *http)
{
	if (!http->stream_timer)
		return;
	uv_close((uv_handle_t *)http->stream_timer, clock_closed);
	http->stream_timer = NULL;
}

/* ---- a stream ---------------------------------------------------------------------------------
 */

/* Where the page was; past what can be told again it reads everything anew. */
static void resume(struct stream *stream, const struct reader *reader)
{
	const struct http_options *options = &stream->req->http->options;
	const char *text = MHD_lookup_connection_value(
		stream->req->connection, MHD_HEADER_KIND, "Last-Event-ID");
	struct event_head last = {0};
	int64_t id = 0;

	if (event_last(options->store, &last))
		stream->is_over = true;
	stream->cursor = last.id;
	stream->commits = turn_stats(options->store).commits;
	if (!text || !text[0])
		return;
	if (str_to_int64(text, 0, INT64_MAX, &id) == ERR_OK)
		id = reading_unmask(options->desk, reader, READING_EVENT, id);
	if (id > 0 && id <= last.id && last.id - id <= STREAM_RESUME_MAX) {
		stream->cursor = id;
		stream->commits = -1;
	} else {
		enqueue(stream, RESET);
	}
}

static bool has_room(struct http_request *req, int64_t session)
{
	int all = 0, own = 0;

	for (struct stream *stream = req->http->streams; stream; stream = stream->next) {
		if (http_client_is_gone(stream->req)) {
			stream->is_over = true;
			wake_up(stream);
			continue;
		}
		all++;
		own += stream->session_id == session;
	}
	return all < STREAMS_MAX && own < STREAMS_EACH_MAX;
}

void events_get(struct http_request *req)
{
	struct http *http = req->http;
	int64_t session = req->caller.session ? session_id(req->caller.session) : 0;
	struct reader reader = http_reader(req);
	struct stream *stream;

	if (!has_room(req, session)) {
		http_reply_fail(req, MHD_HTTP_TOO_MANY_REQUESTS, ERR_RATE,
			"too many pages are open; close some");
		return;
	}
	stream = calloc(1, sizeof(*stream));
	if (!stream || (!http->stream_timer && !clock_start(http))) {
		free(stream);
		http_reply_err(req, ERR_NOMEM, NULL);
		return;
	}
	stream->req = req;
	stream->session_id = session;
	stream->reset_ms = clock_mono_ms(store_clock(http->options.store)) - STREAM_RESET_MS;
	buf_init(&stream->queue, STREAM_QUEUE_BYTES);
	/* How soon a page that lost its line may try again. */
	enqueue(stream, "retry: 2000\n\n");
	resume(stream, &reader);
	stream->next = http->streams;
	if (stream->next)
		stream->next->prev = stream;
	http->streams = stream;
	req->stream = stream;
	req->status = MHD_HTTP_OK;
	req->content_type = "text/event-stream";
}

void stream_free(struct stream *stream)
{
	struct http *http;

	if (!stream)
		return;
	http = stream->req->http;
	if (stream->prev)
		stream->prev->next = stream->next;
	else
		http->streams = stream->next;
	if (stream->next)
		stream->next->prev = stream->prev;
	buf_done(&stream->queue);
	free(stream);
	if (!http->streams)
		clock_stop(http);
}

void streams_stop(struct http *http)
{
	for (struct stream *stream = http->streams; stream; stream = stream->next) {
		stream->is_over = true;
		wake_up(stream);
	}
	clock_stop(http);
}

static ssize_t stream_piece(void *arg, uint64_t at, char *data, size_t max)
{
	struct stream *stream = arg;
	size_t len = stream->queue.len - stream->sent;

	(void)at;
	if (stream->is_over && !len)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (!len) {
		stream->is_suspended = true;
		lan_step(stream->req, LAN_HELD);
		MHD_suspend_connection(stream->req->connection);
		return 0;
	}
	lan_step(stream->req, LAN_ANSWERING);
	if (len > max)
		len = max;
	memcpy(data, buf_text(&stream->queue) + stream->sent, len);
	stream->sent += len;
	return (ssize_t)len;
}

struct MHD_Response *stream_response(struct http_request *req)
{
	return MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, STREAM_QUEUE_BYTES, stream_piece, req->stream, NULL);
}
