/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries on procedures and law: which there are, how often each was asked for, which of them
 * answers a question, and in what words. */
#include "daemon/http/resources.h"

#include "daemon/base/date.h"
#include "daemon/base/str.h"
#include "daemon/desk/procedure.h"
#include "daemon/desk/service_figures.h"
#include "daemon/intake/intake.h"
#include "daemon/intake/procedure_find.h"

#include <stdlib.h>
#include <string.h>

#define QUESTION_BYTES_MAX 400 /* what an SMS of two segments with accents has, and more */

static const struct procedure_index *index_of(struct http_request *req)
{
	struct intake *intake = req->http->options.intake;
	const struct procedure_index *index = intake ? intake_procedures(intake) : NULL;
	struct errbuf eb = {0};

	if (!index)
		http_reply_err(req,
			errbuf_set(&eb, ERR_STATE, "this desk was started without procedures"),
			&eb);
	return index;
}

static json_t *day_json(int64_t day)
{
	char text[DATE_BYTES];

	date_format(day, text);
	return json_string(text);
}

static json_t *asked_json(const struct service_figures *figures, const char *code)
{
	for (int i = 0; i < figures->entry_count; i++) {
		if (str_eq(figures->entries[i].code, code))
			return json_figure(figures->entries[i].asked);
	}
	return json_integer(0);
}

/* ---- the list ------------------------------------------------------------------------------ */

static json_t *entry_json(struct http_request *req, const struct procedure *entry,
	const struct service_figures *figures)
{
	struct procedure_standing standing;
	struct desk *desk = req->http->options.desk;

	if (desk_procedure_standing(desk, entry, &standing))
		return NULL;
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:b, s:b, s:o, s:s?, s:o, s:b}",
		"code", entry->code, "branch", procedure_branch_code(entry->branch), "branch_title",
		procedure_branch_title(entry->branch), "title", entry->title, "short",
		entry->short_text, "checked", day_json(standing.checked_day), "expires",
		day_json(entry->expires_day), "is_expired", (int)desk_procedure_is_old(desk, entry),
		"is_confirmed", (int)standing.is_confirmed, "is_own", (int)entry->is_own, "asked",
		asked_json(figures, entry->code), "confirmed_by",
		standing.confirmed_by[0] ? standing.confirmed_by : NULL, "confirmed",
		json_time(standing.confirmed_ms), "is_changed", (int)standing.is_changed);
}

static json_t *hits_json(struct http_request *req, const struct procedure_index *index,
	const char *question, const struct service_figures *figures)
{
	struct procedure_hit hits[PROCEDURE_HITS_MAX];
	int count = procedure_find(index, question, hits);
	json_t *rows = json_array();

	for (int i = 0; i < count; i++) {
		json_t *row = entry_json(req, hits[i].entry, figures);

		if (row)
			json_object_set_new(row, "worth", json_integer(hits[i].worth));
		if (row)
			json_object_set_new(row, "is_answer",
				json_boolean(!i && procedure_is_sure(hits, count)));
		json_array_append_new(rows, row);
	}
	return rows;
}

static json_t *all_json(struct http_request *req, const struct procedures *procedures,
	const struct service_figures *figures)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < procedures->count; i++)
		json_array_append_new(rows, entry_json(req, &procedures->items[i], figures));
	return rows;
}

void procedures_get(struct http_request *req)
{
	const struct procedure_index *index = index_of(req);
	const char *question = http_argument(req, "q");
	struct service_figures *figures = NULL;
	struct errbuf eb = {0};
	enum err err = ERR_OK;
	int days;

	if (!index)
		return;
	if (question &&
		(strlen(question) > QUESTION_BYTES_MAX || !str_is_utf8(question, strlen(question))))
		err = errbuf_set(&eb, ERR_INVALID, "q must be a question of at most %d bytes",
			QUESTION_BYTES_MAX);
	if (!err)
		err = service_figures_of(req, &days, &figures, &eb);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:o, s:o}", "procedures",
				question ? hits_json(req, index, question, figures)
					 : all_json(req, procedure_index_entries(index), figures),
				"missed", json_figure(figures->missed)));
	free(figures);
}

/* ---- one of them --------------------------------------------------------------------------- */

static json_t *texts_json(const char *texts, size_t bytes, int count)
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(list, json_string(texts + (size_t)i * bytes));
	return list;
}

static enum err words_json(struct http_request *req, const struct procedure *entry, bool is_sms,
	json_t *object, const char *key)
{
	CLEAN_BUF words = {0};
	enum err err;

	buf_init(&words, 8 * 1024);
	err = desk_procedure_words(req->http->options.desk, entry, is_sms, &words);
	if (!err && json_object_set_new(object, key, json_string(buf_text(&words))))
		err = ERR_NOMEM;
	return err;
}

static enum err add_words(struct http_request *req, const struct procedure *entry, json_t *object)
{
	enum err err = words_json(req, entry, true, object, "by_sms");

	json_object_set_new(object, "text", json_string(entry->text));
	json_object_set_new(
		object, "asks", texts_json(entry->asks[0], PROCEDURE_ASK_BYTES, entry->ask_count));
	json_object_set_new(object, "basis",
		texts_json(entry->basis[0], PROCEDURE_BASIS_BYTES, entry->basis_count));
	return err ? err : words_json(req, entry, false, object, "by_zalo");
}

static void reply_entry(struct http_request *req, const struct procedure *entry)
{
	struct service_figures *figures = NULL;
	struct errbuf eb = {0};
	int days;
	enum err err = service_figures_of(req, &days, &figures, &eb);
	json_t *object = err ? NULL : entry_json(req, entry, figures);

	if (!err)
		err = object ? add_words(req, entry, object) : ERR_NOMEM;
	if (err) {
		json_decref(object);
		http_reply_err(req, err, &eb);
	} else {
		http_reply_json(req, MHD_HTTP_OK, object);
	}
	free(figures);
}

/* NULL: the refusal is in the answer. */
static const struct procedure *entry_of_path(struct http_request *req)
{
	const struct procedure_index *index = index_of(req);
	const struct procedure *entry = index ? procedures_find(
							procedure_index_entries(index), req->param)
					      : NULL;
	struct errbuf eb = {0};

	if (index && !entry)
		http_reply_err(req,
			errbuf_set(&eb, ERR_NOT_FOUND, "there is no entry \"%.31s\"", req->param),
			&eb);
	return entry;
}

void procedure_get(struct http_request *req)
{
	const struct procedure *entry = entry_of_path(req);

	if (entry)
		reply_entry(req, entry);
}

/* ---- the commune stands by it --------------------------------------------------------------- */

static enum err checked_of(const json_t *body, int64_t *ret_day, struct errbuf *eb)
{
	const char *text = json_string_value(json_object_get(body, "checked"));

	if (!text || json_object_size(body) != 1 || strlen(text) != 10 || !http_date(text, ret_day))
		return errbuf_set(eb, ERR_INVALID,
			"the body must be {\"checked\": \"2026-11-22\"}, the day on which it was read "
			"against the law");
	return ERR_OK;
}

void procedure_confirm_post(struct http_request *req)
{
	const struct procedure *entry = entry_of_path(req);
	struct errbuf eb = {0};
	json_t *body = NULL;
	int64_t day = 0;
	enum err err;

	if (!entry)
		return;
	err = http_body_object(req, &body, &eb);
	if (!err)
		err = checked_of(body, &day, &eb);
	json_decref(body);
	if (!err)
		err = desk_procedure_confirm(req->http->options.desk, entry, day, req->actor, &eb);
	if (err)
		http_reply_err(req, err, &eb);
	else
		reply_entry(req, entry);
}

void procedure_unconfirm_post(struct http_request *req)
{
	const struct procedure *entry = entry_of_path(req);
	struct errbuf eb = {0};
	enum err err;

	if (!entry)
		return;
	err = http_body_empty(req, &eb);
	if (!err)
		err = desk_procedure_unconfirm(req->http->options.desk, entry, req->actor, &eb);
	if (err)
		http_reply_err(req, err, &eb);
	else
		reply_entry(req, entry);
}
