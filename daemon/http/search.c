/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words looked for in all reports that the caller may read: in a thread of the pool, one search at
 * a time, since each has memory for what it brings home. The hits are read anew in slices
 * (slices.h), with the rights of that moment. What it brought home is put beside the entries
 * afterwards, some in each turn, while the next one may run; what that brings home before this is
 * over is left, and found again by a later one.
 */
#include "store/search.h"

#include "daemon/desk/question_words.h"
#include "daemon/http/http_private.h"
#include "daemon/http/resources.h"
#include "daemon/http/slices.h"
#include "store/event.h"

#include <string.h>

#define HITS_DEFAULT	50
#define HITS_A_STEP	5   /* dialogues that are opened: some milliseconds */
#define KEEP_A_TURN	200 /* rows: some milliseconds of one commit */
#define EXCERPT_LETTERS 200 /* code points of an answer's text */

struct search_job {
	struct search *search;
	struct question_words *words;
	json_t *rows;  /* of the answer */
	int hits_done; /* of those that were found */
};

static void job_free(void *arg)
{
	struct search_job *job = arg;

	search_free(job->search);
	question_words_free(job->words);
	json_decref(job->rows);
	free(job);
}

static enum err job_work(void *arg)
{
	struct search_job *job = arg;

	return search_run(job->search);
}

static void job_stop(void *arg)
{
	struct search_job *job = arg;

	search_stop(job->search);
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

static enum err note(struct search_job *job, const struct http_request *req)
{
	char data[40];
	int count;

	search_hits(job->search, &count);
	snprintf(data, sizeof(data), "{\"hits\":%d}", count);
	return event_add(req->http->options.store, "report.searched", "", req->actor, data);
}

/* That somebody searched is written down before he gets to see it; not for what. */
static enum err job_step(void *arg, struct http_request *req, bool *ret_is_done, struct errbuf *eb)
{
	struct search_job *job = arg;
	struct reader reader = http_reader(req);
	const struct search_hit *hits;
	int count;

	(void)eb;
	hits = search_hits(job->search, &count);
	for (int n = 0; n < HITS_A_STEP && job->hits_done < count; n++)
		hit_add(req, &reader, &hits[job->hits_done++], job->rows);
	*ret_is_done = job->hits_done == count;
	return *ret_is_done ? note(job, req) : ERR_OK;
}

static void job_answer(void *arg, struct http_request *req)
{
	struct search_job *job = arg;

	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:O, s:b, s:I}", "hits", job->rows, "is_cut",
			(int)search_is_cut(job->search), "damaged",
			(json_int_t)search_damaged(job->search)));
}

/* Keys of entries, for the next search. */
static enum err job_rest(void *arg, bool *ret_is_done)
{
	struct search_job *job = arg;
	enum err err = search_keep(job->search, KEEP_A_TURN);

	*ret_is_done = err == ERR_NOT_FOUND;
	return *ret_is_done ? ERR_OK : err;
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

static enum err job_new(struct http_request *req, struct search_job **ret_job, struct errbuf *eb)
{
	struct search_job *job = calloc(1, sizeof(*job));
	struct reader reader = http_reader(req);
	struct key_holder holder = reader_holder(&reader);
	int limit = 0;
	enum err err;

	if (!job)
		return ERR_NOMEM;
	job->rows = json_array();
	err = job->rows ? read_body(req, &job->words, &limit, eb) : ERR_NOMEM;
	if (!err)
		err = search_new(&(struct search_options){.store = req->http->options.store,
					 .reader = &holder,
					 .matches = question_words_match,
					 .arg = job->words,
					 .limit = limit},
			&job->search);
	if (err) {
		job_free(job);
		return err;
	}
	*ret_job = job;
	return ERR_OK;
}

void search_post(struct http_request *req)
{
	static const struct slices_ops ops = {.kind = SLICES_SEARCH,
		.step = job_step,
		.answer = job_answer,
		.free = job_free,
		.work = job_work,
		.stop = job_stop,
		.rest = job_rest};
	struct search_job *job = NULL;
	struct errbuf eb = {0};
	enum err err = job_new(req, &job, &eb);

	if (!err)
		err = slices_begin(req, &ops, job, &eb);
	if (err)
		http_reply_err(req, err, &eb);
}
