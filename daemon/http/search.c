/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words looked for in all reports that the caller may read, in a thread of the pool: one search at
 * a time, since each has memory for what it brings home. What it brought home is put beside the
 * entries afterwards, some in each turn, while the next one may run; what that brings home before
 * this is over is left, and found again by a later one.
 *
 *     POST ──→ thread ──→ answer ──→ keeping, a batch a turn ──→ over
 */
#include "store/search.h"

#include "daemon/base/str.h"
#include "daemon/desk/question_words.h"
#include "daemon/http/auth.h"
#include "daemon/http/http_private.h"
#include "daemon/http/resources.h"
#include "store/event.h"

#include <string.h>

#define HITS_DEFAULT	50
#define KEEP_A_TURN	200 /* rows: some milliseconds of one commit */
#define EXCERPT_LETTERS 200 /* code points of an answer's text */

struct search_work {
	uv_work_t work;
	uv_timer_t timer; /* of the keeping */
	struct http *http;
	struct http_request *req; /* NULL: it was cut off */
	int64_t session_id;	  /* which may end meanwhile; 0: the office's */
	struct search *search;
	struct question_words *words;
	enum err err;
};

static void work_free(struct search_work *work)
{
	search_free(work->search);
	question_words_free(work->words);
	free(work);
}

static void timer_closed(uv_handle_t *handle)
{
	struct search_work *work = handle->data;
	struct http *http = work->http;

	work_free(work);
	http_handle_closed(http);
}

static void work_end(struct search_work *work)
{
	if (work->http->keeping == work)
		work->http->keeping = NULL;
	uv_close((uv_handle_t *)&work->timer, timer_closed);
}

/* --- the answer ------------------------------------------------------------------------------- */

struct excerpt {
	int64_t entry_id;
	json_t *text;
};

static size_t excerpt_bytes(const char *text)
{
	size_t i = 0, letters = 0;

	for (; text[i]; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80 && letters++ == EXCERPT_LETTERS)
			break;
	}
	return i;
}

static void excerpt_take(void *arg, const struct report_entry *entry)
{
	struct excerpt *excerpt = arg;

	if (entry->id == excerpt->entry_id && !excerpt->text)
		excerpt->text = json_stringn(entry->text, excerpt_bytes(entry->text));
}

/* What became unreadable since it was found is left out. */
static void hit_add(struct http_request *req, const struct reader *reader,
	const struct search_hit *hit, json_t *rows)
{
	struct desk *desk = req->http->options.desk;
	struct excerpt excerpt = {.entry_id = hit->entry_id};
	struct report report;
	enum sight sight;

	if (reading_load(desk, reader, hit->report_id, &report, &sight) != ERR_OK ||
		reading_entries(desk, reader, hit->report_id, excerpt_take, &excerpt) != ERR_OK ||
		!excerpt.text) {
		json_decref(excerpt.text);
		return;
	}
	json_array_append_new(rows,
		json_pack("{s:o, s:o, s:s, s:s, s:s, s:o}", "report", json_report_named(&report),
			"at", json_time(hit->at_ms), "category", report.category, "state",
			report.state, "hamlet", report.hamlet, "text", excerpt.text));
}

static void reply_hits(struct search_work *work, struct http_request *req)
{
	struct reader reader = http_reader(req);
	const struct search_hit *hits;
	json_t *rows = json_array();
	int count;

	hits = search_hits(work->search, &count);
	for (int i = 0; rows && i < count; i++)
		hit_add(req, &reader, &hits[i], rows);
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:o, s:b, s:I}", "hits", rows, "is_cut",
			(int)search_is_cut(work->search), "damaged",
			(json_int_t)search_damaged(work->search)));
}

static enum err note(struct search_work *work, const char *actor)
{
	char data[40];
	int count;

	search_hits(work->search, &count);
	snprintf(data, sizeof(data), "{\"hits\":%d}", count);
	return event_add(work->http->options.store, "report.searched", "", actor, data);
}

/* That somebody searched is written down before he gets to see it; not for what. */
static void answer(struct search_work *work)
{
	struct http_request *req = work->req;

	work->req = NULL;
	if (!auth_recall(req, work->session_id))
		work->err = ERR_AUTH;
	if (!work->err)
		work->err = note(work, req->actor);
	if (work->err) {
		http_reply_err(req, work->err, NULL);
		http_answer_end(req);
		return;
	}
	reply_hits(work, req);
	http_answer_commit(req);
}

/* --- keeping ---------------------------------------------------------------------------------- */

static void keep_some(uv_timer_t *timer)
{
	struct search_work *work = timer->data;
	struct http *http = work->http;

	if (!http->daemon || search_keep(work->search, KEEP_A_TURN) != ERR_OK) {
		work_end(work);
		return;
	}
	if (http->options.wake)
		http->options.wake(http->options.arg);
	uv_timer_start(&work->timer, keep_some, 1, 0);
}

static void work_run(uv_work_t *handle)
{
	struct search_work *work = handle->data;

	work->err = search_run(work->search);
}

static void work_done(uv_work_t *handle, int status)
{
	struct search_work *work = handle->data;

	(void)status; /* work that runs is never cancelled */
	work->http->search = NULL;
	if (work->req)
		answer(work);
	if (work->http->keeping) {
		work_end(work);
		return;
	}
	work->http->keeping = work;
	keep_some(&work->timer);
}

/* --- asking ----------------------------------------------------------------------------------- */

static enum err read_body(struct http_request *req, struct question_words **ret_words,
	int *ret_limit, struct errbuf *eb)
{
	const json_t *words, *limit;
	json_t *body;
	enum err err = http_body_object(req, &body, eb);

	if (err)
		return err;
	words = json_object_get(body, "words");
	limit = json_object_get(body, "limit");
	if (!json_is_string(words) || json_object_size(body) != (limit ? 2u : 1u) ||
		(limit && (!json_is_integer(limit) || json_integer_value(limit) < 1 ||
				  json_integer_value(limit) > SEARCH_HITS_MAX)))
		err = errbuf_set(eb, ERR_INVALID,
			"the body must be {\"words\": \"...\"}, with \"limit\" from 1 to %d if wanted",
			SEARCH_HITS_MAX);
	if (!err)
		err = question_words_new(json_string_value(words), ret_words, eb);
	if (!err)
		*ret_limit = limit ? (int)json_integer_value(limit) : HITS_DEFAULT;
	json_decref(body);
	return err;
}

static enum err work_new(struct http_request *req, struct search_work **ret_work, struct errbuf *eb)
{
	struct search_work *work = calloc(1, sizeof(*work));
	struct reader reader = http_reader(req);
	struct key_holder holder = reader_holder(&reader);
	int limit = 0;
	enum err err;

	if (!work)
		return ERR_NOMEM;
	work->http = req->http;
	work->req = req;
	work->session_id = req->caller.session ? session_id(req->caller.session) : 0;
	work->work.data = work;
	work->timer.data = work;
	err = read_body(req, &work->words, &limit, eb);
	if (!err)
		err = search_new(&(struct search_options){.store = req->http->options.store,
					 .reader = &holder,
					 .matches = question_words_match,
					 .arg = work->words,
					 .limit = limit},
			&work->search);
	if (err) {
		work_free(work);
		return err;
	}
	*ret_work = work;
	return ERR_OK;
}

void search_post(struct http_request *req)
{
	struct http *http = req->http;
	struct errbuf eb = {0};
	struct search_work *work;
	enum err err = work_new(req, &work, &eb);

	if (!err && http->search) {
		work_free(work);
		err = errbuf_set(&eb, ERR_BUSY, "somebody is searching: try again in a moment");
	}
	if (err) {
		http_reply_err(req, err, &eb);
		return;
	}
	http->search = work;
	http->open_handles++;
	CHECK(uv_timer_init(http->options.loop, &work->timer) == 0);
	/* Fails only without a function to run. */
	CHECK(uv_queue_work(http->options.loop, &work->work, work_run, work_done) == 0);
	http_answer_begin(req);
}

void search_forget(struct http *http, const struct http_request *req)
{
	if (!http->search || (req && http->search->req != req))
		return;
	http->search->req = NULL;
	search_stop(http->search->search);
}
