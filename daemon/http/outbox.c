/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What has to leave or has left: how far each message is, never its words or its recipient. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"

static const char *lane_text(enum lane lane)
{
	static const char *const names[LANE_COUNT] = {
		[LANE_ALARM] = "alarm",
		[LANE_ANSWER] = "answer",
		[LANE_URGENT] = "urgent",
		[LANE_BULLETIN] = "bulletin",
	};

	return (unsigned)lane < LANE_COUNT ? names[lane] : "unknown";
}

static json_t *row_json(struct http_request *req, const struct outbox_row *row)
{
	return json_pack("{s:o, s:s, s:s, s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:i, s:s?, s:s?, s:o}",
		"id", json_id(req, READING_OUTBOX, row->id), "channel",
		channel_kind_text(row->channel), "lane", lane_text(row->lane), "kind",
		outbox_kind_text(row->kind), "state", outbox_state_text(row->state), "is_final",
		(int)row->is_final, "created", json_time(row->created_ms), "due",
		json_time(row->due_ms), "sent", json_time(row->sent_ms), "deadline",
		json_time(row->deadline_ms), "attempts", row->attempts, "error",
		row->error == ERR_OK ? NULL : err_name(row->error), "note",
		row->note[0] ? row->note : NULL, "report", json_report_name(req, row->report_id));
}

static void row_add(void *arg, const struct outbox_row *row)
{
	struct http_list *list = arg;

	http_list_add(list, row->id, row_json(list->req, row));
}

void outbox_get(struct http_request *req)
{
	struct http_list list;

	if (http_list_masked(&list, req, "outbox", READING_OUTBOX))
		http_list_end(&list, reading_outbox(req->http->options.desk, &list.reader,
					     list.page.before, list.page.limit, row_add, &list));
}

static enum err settle(struct http_request *req, const json_t *body, struct errbuf *eb)
{
	const struct http_options *options = &req->http->options;
	const json_t *how = json_object_get(body, "as");
	struct reader reader = http_reader(req);
	int64_t id;

	if (!json_is_string(how) || json_object_size(body) != 1)
		return errbuf_set(eb, ERR_INVALID,
			"the body must be {\"as\": \"sent\"|\"failed\"|\"again\"}");
	if (str_to_int64(req->param, 1, INT64_MAX, &id) != ERR_OK)
		return errbuf_set(eb, ERR_INVALID, "a message is named by its id");
	id = reading_unmask(options->desk, &reader, READING_OUTBOX, id);
	if (reading_message(options->desk, &reader, id) != ERR_OK)
		return errbuf_set(eb, ERR_NOT_FOUND, "there is no message %.20s", req->param);
	if (!options->outbox_settle)
		return errbuf_set(eb, ERR_UNSUPPORTED, "nothing is sent here");
	return options->outbox_settle(options->arg, id, json_string_value(how), req->actor, eb);
}

void outbox_settle_post(struct http_request *req)
{
	struct errbuf eb = {0};
	json_t *body;
	enum err err = http_body_object(req, &body, &eb);

	if (err == ERR_OK) {
		err = settle(req, body, &eb);
		json_decref(body);
	}
	if (err != ERR_OK) {
		http_reply_err(req, err, &eb);
		return;
	}
	http_reply_json(
		req, MHD_HTTP_OK, json_pack("{s:s, s:s}", "id", req->param, "state", "settled"));
}
