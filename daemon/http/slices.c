/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/http/slices.h"

#include "daemon/http/auth.h"
#include "daemon/http/http_private.h"
#include "daemon/http/request.h"
#include "store/turn.h"

#include <stdlib.h>

#define PAUSE_MS    1	/* a timer of no time at all would keep libuv within its timers */
#define STATUS_GONE 499 /* read by nobody; in the log as other servers write it */

struct slices {
	struct slices *next; /* among those of the door */
	struct http *http;
	struct http_request *req;
	int64_t session_id; /* which may end meanwhile; 0: the office's */
	const struct slices_ops *ops;
	void *job;
	uv_timer_t timer;
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

static void fail(struct slices *s, enum err err, const struct errbuf *eb)
{
	struct http_request *req = s->req;

	slices_end(s);
	http_reply_err(req, err, eb);
	http_answer_end(req);
}

static void give_up(struct slices *s)
{
	struct http_request *req = s->req;

	slices_end(s);
	http_reply_empty(req, STATUS_GONE);
	http_answer_end(req);
}

static void finish(struct slices *s)
{
	struct http_request *req = s->req;

	s->ops->answer(s->job, req);
	slices_end(s);
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

static int slices_count(const struct http *http)
{
	int count = 0;

	for (const struct slices *s = http->slices; s; s = s->next)
		count++;
	return count;
}

enum err slices_begin(
	struct http_request *req, const struct slices_ops *ops, void *job, struct errbuf *eb)
{
	struct http *http = req->http;
	struct slices *s;

	if (slices_count(http) >= SLICES_AT_ONCE) {
		ops->free(job);
		return errbuf_set(eb, ERR_BUSY,
			"%d tables are being made for others: try again in a moment",
			SLICES_AT_ONCE);
	}
	s = calloc(1, sizeof(*s));
	if (!s) {
		ops->free(job);
		return errbuf_set(eb, ERR_NOMEM, "out of memory");
	}
	s->http = http;
	s->req = req;
	s->session_id = req->caller.session ? session_id(req->caller.session) : 0;
	s->ops = ops;
	s->job = job;
	s->timer.data = s;
	s->next = http->slices;
	http->slices = s;
	http->open_handles++;
	CHECK(uv_timer_init(http->options.loop, &s->timer) == 0);
	uv_timer_start(&s->timer, slice, PAUSE_MS, 0);
	http_answer_begin(req);
	return ERR_OK;
}

void slices_forget(struct http *http, const struct http_request *req)
{
	struct slices *s = http->slices;

	while (s && s->req != req)
		s = s->next;
	if (s)
		slices_end(s);
}
