/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came in: facts about each message, never its words or its sender. */
#include "daemon/http/resources.h"

#include "store/inbox.h"

struct rows {
	struct inbox_row *row;
	int count, max;
};

static void row_add(void *arg, const struct inbox_row *row)
{
	struct rows *rows = arg;

	if (rows->count < rows->max)
		rows->row[rows->count++] = *row;
}

static json_t *row_json(struct store *store, const struct inbox_row *row)
{
	return json_pack("{s:I, s:s, s:s, s:s, s:o, s:o, s:o, s:i, s:i}", "id", (json_int_t)row->id,
		"channel", row->channel, "kind", inbox_kind_text(row->kind), "state",
		inbox_state_text(row->state), "received", json_time(row->received_ms), "sent",
		json_time(row->sent_ms), "report", json_report_name(store, row->report_id), "part",
		row->part_no, "parts", row->part_total);
}

void inbox_get(struct http_request *req)
{
	struct store *store = req->http->options.store;
	CLEANUP(cleanup_free) struct inbox_row *memory = NULL;
	struct errbuf eb = {0};
	struct http_page page;
	struct rows rows;
	json_t *list;
	enum err err;

	err = http_page_get(req, &page, &eb);
	if (err != ERR_OK) {
		http_reply_err(req, err, &eb);
		return;
	}
	memory = calloc((size_t)page.limit, sizeof(*memory));
	rows = (struct rows){.row = memory, .max = page.limit};
	err = memory ? inbox_list(store, page.before, page.limit, row_add, &rows) : ERR_NOMEM;
	if (err != ERR_OK) {
		http_reply_err(req, err, NULL);
		return;
	}
	list = json_array();
	for (int i = 0; i < rows.count; i++)
		json_array_append_new(list, row_json(store, &rows.row[i]));
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:o, s:o}", "inbox", list, "next_before",
			rows.count == page.limit ? json_integer(rows.row[rows.count - 1].id)
						 : json_null()));
}
