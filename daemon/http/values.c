/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values that several resources show in the same way. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "store/inbox.h"
#include "store/outbox.h"

#include <string.h>

json_t *json_time(int64_t wall_ms)
{
	char text[CLOCK_TEXT_BYTES];

	if (wall_ms == 0)
		return json_null();
	clock_format(wall_ms, text);
	return json_string(text);
}

json_t *json_text(const char *text)
{
	if (!str_is_utf8(text, strlen(text)))
		return json_string("(không đọc được)");
	return json_string(text);
}

json_t *json_report_named(const struct report *report)
{
	char number[REPORT_NUMBER_BYTES];

	report_number_text(report, number);
	return json_sprintf("%d-%s", report->year, number);
}

json_t *json_report_name(struct http_request *req, int64_t report_id)
{
	struct reader reader = http_reader(req);
	struct report report = {0};
	enum sight sight;

	if (report_id == 0 || reading_load(req->http->options.desk, &reader, report_id, &report,
				      &sight) != ERR_OK)
		return json_null();
	return sight == SIGHT_BLANK ? json_null() : json_report_named(&report);
}

json_t *json_id(struct http_request *req, enum reading_kind kind, int64_t id)
{
	struct reader reader = http_reader(req);

	return json_integer(reading_mask(req->http->options.desk, &reader, kind, id));
}

typedef enum err (*count_fn)(
	struct desk *desk, const struct reader *reader, int state, int64_t *ret_count);

static enum err inbox_count_of(
	struct desk *desk, const struct reader *reader, int state, int64_t *ret_count)
{
	return reading_inbox_count(desk, reader, (enum inbox_state)state, ret_count);
}

static enum err outbox_count_of(
	struct desk *desk, const struct reader *reader, int state, int64_t *ret_count)
{
	return reading_outbox_count(desk, reader, (enum outbox_state)state, ret_count);
}

struct counted {
	const char *const *names;
	size_t n;
	count_fn count;
};

static json_t *counts(
	struct desk *desk, const struct reader *reader, const struct counted *of, enum err *ret_err)
{
	json_t *object = json_object();
	int64_t rows;
	enum err err = object ? ERR_OK : ERR_NOMEM;

	for (size_t i = 0; i < of->n && err == ERR_OK; i++) {
		err = of->count(desk, reader, (int)i, &rows);
		if (err == ERR_OK &&
			json_object_set_new(object, of->names[i], json_integer(rows)) != 0)
			err = ERR_NOMEM;
	}
	if (err != ERR_OK) {
		json_decref(object);
		*ret_err = err;
		return NULL;
	}
	return object;
}

#define X(name) #name,
static const char *const inbox_states[] = {INBOX_STATE_TABLE(X)};
static const char *const outbox_states[] = {OUTBOX_STATE_TABLE(X)};
#undef X

json_t *json_inbox_counts(struct desk *desk, const struct reader *reader, enum err *ret_err)
{
	return counts(desk, reader,
		&(struct counted){inbox_states, ARRAY_LEN(inbox_states), inbox_count_of}, ret_err);
}

json_t *json_outbox_counts(struct desk *desk, const struct reader *reader, enum err *ret_err)
{
	return counts(desk, reader,
		&(struct counted){outbox_states, ARRAY_LEN(outbox_states), outbox_count_of},
		ret_err);
}

bool http_list_begin(struct http_list *list, struct http_request *req, const char *name)
{
	struct errbuf eb = {0};
	enum err err;

	*list = (struct http_list){
		.req = req, .store = req->http->options.store, .name = name, .rows = json_array()};
	err = list->rows ? http_page_get(req, &list->page, &eb) : ERR_NOMEM;
	if (err == ERR_OK)
		return true;
	json_decref(list->rows);
	http_reply_err(req, err, &eb);
	return false;
}

bool http_list_masked(
	struct http_list *list, struct http_request *req, const char *name, enum reading_kind kind)
{
	struct reader reader = http_reader(req);

	if (!http_list_begin(list, req, name))
		return false;
	list->is_masked = true;
	list->kind = kind;
	list->reader = reader;
	list->page.before = reading_unmask(
		req->http->options.desk, &list->reader, kind, list->page.before);
	return true;
}

void http_list_add(struct http_list *list, int64_t id, json_t *row)
{
	json_array_append_new(list->rows, row);
	list->last_id = id;
	list->count++;
}

void http_list_end(struct http_list *list, enum err err)
{
	int64_t last = list->is_masked ? reading_mask(list->req->http->options.desk, &list->reader,
						 list->kind, list->last_id)
				       : list->last_id;
	json_t *next = list->count == list->page.limit ? json_integer(last) : json_null();

	if (err != ERR_OK) {
		json_decref(next);
		json_decref(list->rows);
		http_reply_err(list->req, err, NULL);
		return;
	}
	http_reply_json(list->req, MHD_HTTP_OK,
		json_pack("{s:o, s:o}", list->name, list->rows, "next_before", next));
}
