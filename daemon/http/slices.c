/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/slices.h"

#include "daemon/http/auth.h"
#include "daemon/http/http_private.h"
#include "daemon/http/request.h"
#include "store/turn.h"

#include <stdlib.h>

#define PAUSE_MS    1	/* a timer of no time at all would keep libuv within its timers */
#define WATCH_MS    250 /* while a thread works: is somebody still waiting for it? */
#define STATUS_GONE 499 /* read by nobody; in the log as other servers write it */

struct slices {
	struct slices *next; /* among those of the door */
	struct http *http;
	struct http_request *req; /* NULL: it is over */
	int64_t session_id;	  /* which may end meanwhile; 0: the office's */
	const struct slices_ops *ops;
	void *job;
	uv_timer_t timer;
	uv_work_t work;
	enum err work_err;
	bool is_working; /* in the thread: the job is not ours to touch, but by stop */
	bool is_resting;
};

static void timer_closed(uv_handle_t *handle)
{
	struct slices *s = handle->data;
	struct http *http = s->http;

	free(s);
	http_handle_closed(http);
}

/* What it made goes at once, the timer when the loop lets go of it. */
static void slices_end(struct slices *s)
{
	struct slices **at = &s->http->slices;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	turn_forget(s->http->options.store, s);
	s->ops->free(s->job);
	uv_close((uv_handle_t *)&s->timer, timer_closed);
}

/* --- behind the answer ------------------------------------------------------------------------ */

static void rest(uv_timer_t *timer);

static void rest_committed(void *arg, enum err committed)
{
	struct slices *s = arg;

	if (committed)
		slices_end(s);
	else
		uv_timer_start(&s->timer, rest, PAUSE_MS, 0);
}

static void rest(uv_timer_t *timer)
{
	struct slices *s = timer->data;
	bool is_done = !s->http->daemon; /* which ends */
	enum err err = is_done ? ERR_OK : s->ops->rest(s->job, &is_done);

	if (!err && !is_done)
		err = turn_defer(s->http->options.store, rest_committed, s);
	if (err || is_done)
		slices_end(s);
}

static bool is_resting(const struct http *http, enum slices_kind kind)
{
	for (const struct slices *s = http->slices; s; s = s->next) {
		if (s->is_resting && s->ops->kind == kind)
			return true;
	}
	return false;
}

static void rest_begin(struct slices *s)
{
	if (!s->ops->rest || is_resting(s->http, s->ops->kind)) {
		slices_end(s);
		return;
	}
	s->is_resting = true;
	uv_timer_start(&s->timer, rest, PAUSE_MS, 0);
}

/* The request goes its own way. */
static struct http_request *part(struct slices *s)
{
	struct http_request *req = s->req;

	s->req = NULL;
	turn_forget(s->http->options.store, s);
	uv_timer_stop(&s->timer);
	if (s->is_working)
		s->ops->stop(s->job);
	else
		rest_begin(s);
	return req;
}

/* --- slices ----------------------------------------------------------------------------------- */

static void fail(struct slices *s, enum err err, const struct errbuf *eb)
{
	struct http_request *req = part(s);

	http_reply_err(req, err, eb);
	http_answer_end(req);
}

static void give_up(struct slices *s)
{
	struct http_request *req = part(s);

	http_reply_empty(req, STATUS_GONE);
	http_answer_end(req);
}

static void finish(struct slices *s)
{
	struct http_request *req = s->req;

	s->ops->answer(s->job, req);
	part(s);
	http_answer_commit(req);
}

/* Of one state of the database. */
static enum err step(struct slices *s, bool *ret_is_done, struct errbuf *eb)
{
	struct store *store = s->http->options.store;
	enum err err = turn_read_begin(store);

	if (err)
		return err;
	err = auth_recall(s->req, s->session_id) ? s->ops->step(s->job, s->req, ret_is_done, eb)
						 : ERR_AUTH;
	turn_read_end(store);
	return err;
}

static void slice(uv_timer_t *timer);

static void slice_committed(void *arg, enum err committed)
{
	struct slices *s = arg;

	if (committed)
		fail(s, committed, NULL);
	else
		uv_timer_start(&s->timer, slice, PAUSE_MS, 0);
}

static void slice(uv_timer_t *timer)
{
	struct slices *s = timer->data;
	const struct http_options *options = &s->http->options;
	struct errbuf eb = {0};
	bool is_done = false;
	enum err err;

	if (http_client_is_gone(s->req)) {
		give_up(s);
		return;
	}
	err = step(s, &is_done, &eb);
	if (!err && !is_done)
		err = turn_defer(options->store, slice_committed, s);
	if (err)
		fail(s, err, &eb);
	else if (is_done)
		finish(s);
}

/* --- the thread ------------------------------------------------------------------------------- */

static void work_run(uv_work_t *work)
{
	struct slices *s = work->data;

	s->work_err = s->ops->work(s->job);
}

static void work_done(uv_work_t *work, int status)
{
	struct slices *s = work->data;

	(void)status; /* work that runs is never cancelled */
	s->is_working = false;
	if (!s->req)
		rest_begin(s);
	else if (s->work_err)
		fail(s, s->work_err, NULL);
	else
		slice(&s->timer);
}

static void watch(uv_timer_t *timer)
{
	struct slices *s = timer->data;

	if (http_client_is_gone(s->req))
		give_up(s);
}

/* --- beginning -------------------------------------------------------------------------------- */

static int slices_count(const struct http *http, enum slices_kind kind)
{
	int count = 0;

	for (const struct slices *s = http->slices; s; s = s->next)
		count += s->ops->kind == kind && !s->is_resting;
	return count;
}

static enum err find_room(const struct http *http, enum slices_kind kind, struct errbuf *eb)
{
	int count = slices_count(http, kind);

	switch (kind) {
	case SLICES_TABLE:
		return count < SLICES_AT_ONCE
			       ? ERR_OK
			       : errbuf_set(eb, ERR_BUSY,
					 "%d tables are being made for others: try again in a moment",
					 SLICES_AT_ONCE);
	case SLICES_SEARCH:
		return count < SEARCHES_AT_ONCE
			       ? ERR_OK
			       : errbuf_set(eb, ERR_BUSY,
					 "somebody is searching: try again in a moment");
	}
	return ERR_BUG;
}

static void start(struct slices *s)
{
	uv_loop_t *loop = s->http->options.loop;

	CHECK(uv_timer_init(loop, &s->timer) == 0);
	if (!s->ops->work) {
		uv_timer_start(&s->timer, slice, PAUSE_MS, 0);
		return;
	}
	s->is_working = true;
	/* Fails only without a function to run. */
	CHECK(uv_queue_work(loop, &s->work, work_run, work_done) == 0);
	uv_timer_start(&s->timer, watch, WATCH_MS, WATCH_MS);
}

enum err slices_begin(
	struct http_request *req, const struct slices_ops *ops, void *job, struct errbuf *eb)
{
	struct http *http = req->http;
	enum err err = find_room(http, ops->kind, eb);
	struct slices *s = err ? NULL : calloc(1, sizeof(*s));

	if (!s) {
		ops->free(job);
		return err ? err : errbuf_set(eb, ERR_NOMEM, "out of memory");
	}
	s->http = http;
	s->req = req;
	s->session_id = req->caller.session ? session_id(req->caller.session) : 0;
	s->ops = ops;
	s->job = job;
	s->timer.data = s;
	s->work.data = s;
	s->next = http->slices;
	http->slices = s;
	http->open_handles++;
	start(s);
	http_answer_begin(req);
	return ERR_OK;
}

void slices_forget(struct http *http, const struct http_request *req)
{
	struct slices *s = http->slices;

	while (s && s->req != req)
		s = s->next;
	if (s)
		part(s);
}
