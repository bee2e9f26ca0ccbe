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

json_t *json_report_name(struct store *store, int64_t report_id)
{
	struct report report;

	if (report_id == 0 || report_load(store, report_id, &report) != ERR_OK)
		return json_null();
	return json_sprintf("%d-%d", report.year, report.number);
}

typedef enum err (*count_fn)(struct store *store, int state, int64_t *ret_count);

static enum err inbox_count_of(struct store *store, int state, int64_t *ret_count)
{
	return inbox_count(store, (enum inbox_state)state, ret_count);
}

static enum err outbox_count_of(struct store *store, int state, int64_t *ret_count)
{
	return outbox_count(store, (enum outbox_state)state, ret_count);
}

static json_t *counts(
	struct store *store, const char *const *names, size_t n, count_fn count, enum err *ret_err)
{
	json_t *object = json_object();
	int64_t rows;
	enum err err = object ? ERR_OK : ERR_NOMEM;

	for (size_t i = 0; i < n && err == ERR_OK; i++) {
		err = count(store, (int)i, &rows);
		if (err == ERR_OK && json_object_set_new(object, names[i], json_integer(rows)) != 0)
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

json_t *json_inbox_counts(struct store *store, enum err *ret_err)
{
	return counts(store, inbox_states, ARRAY_LEN(inbox_states), inbox_count_of, ret_err);
}

json_t *json_outbox_counts(struct store *store, enum err *ret_err)
{
	return counts(store, outbox_states, ARRAY_LEN(outbox_states), outbox_count_of, ret_err);
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

void http_list_add(struct http_list *list, int64_t id, json_t *row)
{
	json_array_append_new(list->rows, row);
	list->last_id = id;
	list->count++;
}

void http_list_end(struct http_list *list, enum err err)
{
	json_t *next = list->count == list->page.limit ? json_integer(list->last_id) : json_null();

	if (err != ERR_OK) {
		json_decref(next);
		json_decref(list->rows);
		http_reply_err(list->req, err, NULL);
		return;
	}
	http_reply_json(list->req, MHD_HTTP_OK,
		json_pack("{s:o, s:o}", list->name, list->rows, "next_before", next));
}
