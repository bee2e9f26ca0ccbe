/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What came in: facts about each message, never its words or its sender. */
#include "daemon/http/resources.h"

static json_t *row_json(struct http_request *req, const struct inbox_row *row)
{
	return json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:i, s:i}", "id",
		json_id(req, READING_INBOX, row->id), "channel", row->channel, "kind",
		inbox_kind_text(row->kind), "state", inbox_state_text(row->state), "received",
		json_time(row->received_ms), "sent", json_time(row->sent_ms), "report",
		json_report_name(req, row->report_id), "part", row->part_no, "parts",
		row->part_total);
}

static void row_add(void *arg, const struct inbox_row *row)
{
	struct http_list *list = arg;

	http_list_add(list, row->id, row_json(list->req, row));
}

void inbox_get(struct http_request *req)
{
	struct http_list list;

	if (http_list_masked(&list, req, "inbox", READING_INBOX))
		http_list_end(&list, reading_inbox(req->http->options.desk, &list.reader,
					     list.page.before, list.page.limit, row_add, &list));
}
