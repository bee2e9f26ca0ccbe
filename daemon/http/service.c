/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the service for residents does: what they ask of the box and what becomes of it, in counts
 * from which nobody can be told; and the questions that no entry answered, which show what to write
 * next, each with the entries that came nearest.
 */
#include "daemon/http/resources.h"

#include "daemon/base/date.h"
#include "daemon/base/str.h"
#include "daemon/desk/service_figures.h"
#include "daemon/intake/command.h"
#include "daemon/intake/intake.h"
#include "daemon/intake/procedure_find.h"
#include "store/procedure_tally.h"

#include <stdlib.h>
#include <string.h>

#define DAYS_DEFAULT 30
#define NEAR_MAX     3

json_t *json_figure(int64_t count)
{
	return count == FIGURES_HIDDEN ? json_null() : json_integer(count);
}

enum err service_figures_of(struct http_request *req, int *ret_days,
	struct service_figures **ret_figures, struct errbuf *eb)
{
	const char *text = http_argument(req, "days");
	struct service_figures *figures;
	int64_t days = DAYS_DEFAULT;
	enum err err;

	if (text && str_to_int64(text, 1, PROCEDURE_TALLY_DAYS, &days) != ERR_OK)
		return errbuf_set(eb, ERR_INVALID, "days must be a number from 1 to %d",
			PROCEDURE_TALLY_DAYS);
	figures = malloc(sizeof(*figures));
	err = figures ? desk_service_figures(req->http->options.desk, (int)days, figures)
		      : ERR_NOMEM;
	if (err) {
		free(figures);
		return err;
	}
	*ret_days = (int)days;
	*ret_figures = figures;
	return ERR_OK;
}

/* ---- counts -------------------------------------------------------------------------------- */

static json_t *counts_json(
	const int64_t counts[SERVICE_OUTCOMES], const char *key, const char *name)
{
	json_t *object = key ? json_pack("{s:s}", key, name) : json_object();

	for (int i = 0; i < SERVICE_OUTCOMES; i++)
		json_object_set_new(object, service_outcome_text((enum service_outcome)i),
			json_figure(counts[i]));
	return object;
}

static json_t *lines_json(const struct service_line *lines, int count, const char *key)
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(list, counts_json(lines[i].counts, key, lines[i].name));
	return list;
}

/* What was asked for may be an entry that is no more. */
static json_t *entries_json(struct http_request *req, const struct service_figures *f)
{
	struct intake *intake = req->http->options.intake;
	const struct procedure_index *index = intake ? intake_procedures(intake) : NULL;
	const struct procedures *all = index ? procedure_index_entries(index) : NULL;
	json_t *list = json_array();

	for (int i = 0; i < f->entry_count; i++) {
		const char *code = f->entries[i].code;
		const struct procedure *entry = all ? procedures_find(all, code) : NULL;

		json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "code", code, "title",
						    entry ? json_string(entry->title) : json_null(),
						    "asked", json_figure(f->entries[i].asked)));
	}
	return list;
}

void statistics_service_get(struct http_request *req)
{
	struct service_figures *f = NULL;
	char since[DATE_BYTES];
	struct errbuf eb = {0};
	int days = 0;
	enum err err = service_figures_of(req, &days, &f, &eb);

	if (err) {
		http_reply_err(req, err, &eb);
		return;
	}
	CHECK(f);
	date_format(f->since_day, since);
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:i, s:s, s:o, s:o, s:o, s:o, s:o}", "days", days, "since", since,
			"sums", counts_json(f->sums, NULL, NULL), "doors",
			lines_json(f->doors, SERVICE_DOORS, "door"), "topics",
			lines_json(f->topics, f->topic_count, "what"), "procedures",
			entries_json(req, f), "missed", json_figure(f->missed)));
	free(f);
}

/* ---- what no entry answered ---------------------------------------------------------------- */

struct question_list {
	struct http_list list;
	int64_t ids[HTTP_PAGE_MAX]; /* 0: its words are not his to read */
};

static void row_add(void *arg, const struct report *row, enum sight sight)
{
	struct question_list *questions = arg;
	struct http_list *list = &questions->list;

	questions->ids[list->count] = sight == SIGHT_WORDS ? row->id : 0;
	http_list_add(list, row->id, json_report(list->req, row, sight));
}

static void keep_first(void *arg, const struct report_entry *entry)
{
	struct buf *text = arg;

	if (entry->kind == REPORT_ENTRY_RECEIVED && !text->len)
		(void)!buf_adds(text, entry->text);
}

static json_t *near_json(struct http_request *req, const char *question)
{
	struct intake *intake = req->http->options.intake;
	const struct procedure_index *index = intake ? intake_procedures(intake) : NULL;
	struct procedure_hit hits[PROCEDURE_HITS_MAX];
	struct command command;
	json_t *list = json_array();
	int count;

	command_parse(question, &command);
	count = index ? procedure_find(index, command.words, hits) : 0;

	for (int i = 0; i < count && i < NEAR_MAX; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:i}", "code", hits[i].entry->code, "title",
				      hits[i].entry->title, "worth", hits[i].worth));
	return list;
}

/* After the rows were read: one statement at a time. */
static enum err add_words(struct question_list *questions)
{
	struct http_list *list = &questions->list;
	enum err err = ERR_OK;
	json_t *row;
	size_t i;

	json_array_foreach (list->rows, i, row) {
		CLEAN_BUF text = {0};

		buf_init(&text, INBOX_BODY_MAX);
		if (questions->ids[i])
			err = reading_entries(list->req->http->options.desk, &list->reader,
				questions->ids[i], keep_first, &text);
		if (err)
			break;
		json_object_set_new(
			row, "text", questions->ids[i] ? json_text(buf_text(&text)) : json_null());
		json_object_set_new(row, "near", near_json(list->req, buf_text(&text)));
		buf_wipe(&text);
	}
	return err;
}

void questions_get(struct http_request *req)
{
	struct question_list *questions = calloc(1, sizeof(*questions));
	enum err err;

	if (!questions) {
		http_reply_err(req, ERR_NOMEM, NULL);
		return;
	}
	if (http_list_masked(&questions->list, req, "questions", READING_REPORT)) {
		struct http_list *list = &questions->list;

		err = reading_questions(req->http->options.desk, &list->reader, list->page.before,
			list->page.limit, row_add, questions);
		if (!err)
			err = add_words(questions);
		http_list_end(list, err);
	}
	free(questions);
}
