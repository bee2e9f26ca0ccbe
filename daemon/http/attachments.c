/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What came with a report: listed with it, and one by one as the bytes that were sent. They were
 * written by anybody, so a browser is told to save them and to guess nothing.
 */
#include "daemon/http/resources.h"

#include "config/phrases.h"
#include "daemon/base/str.h"

#include <string.h>

struct attachment_list {
	struct http_request *req;
	json_t *rows;
	bool has_failed;
};

static const char *state_name(enum attachment_state state)
{
	switch (state) {
	case ATTACHMENT_STORED:
		return "stored";
	case ATTACHMENT_FAILED:
		return "failed";
	case ATTACHMENT_WAITING:
		break;
	}
	return "waiting";
}

/* The reason in words; null for none. */
static json_t *reason_vi(const char *reason)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	CLEAN_BUF text = {0};
	char key[64];

	if (!reason[0])
		return json_null();
	buf_init(&text, 256);
	snprintf(key, sizeof(key), "attachment_reason_%s", reason);
	return json_string(phrase(key, PHRASE_FULL, none, &text) ? reason : buf_text(&text));
}

static void row_add(void *arg, const struct attachment *a)
{
	struct attachment_list *list = arg;
	json_t *row = json_pack("{s:o, s:s, s:s, s:s?, s:o, s:s, s:s, s:I, s:o}", "id",
		json_id(list->req, READING_ATTACHMENT, a->id), "kind",
		attachment_kind_text(a->kind), "state", state_name(a->state), "reason",
		a->reason[0] ? a->reason : NULL, "reason_vi", reason_vi(a->reason), "name", a->name,
		"mime", a->mime, "bytes", (json_int_t)a->bytes, "at", json_time(a->done_ms));

	if (json_array_append_new(list->rows, row) != 0)
		list->has_failed = true;
}

json_t *json_attachments(struct http_request *req, int64_t report_id, enum err *ret_err)
{
	struct reader reader = http_reader(req);
	struct attachment_list list = {.req = req, .rows = json_array()};
	enum err err = list.rows ? reading_attachments(req->http->options.desk, &reader, report_id,
					   row_add, &list)
				 : ERR_NOMEM;

	if (!err && list.has_failed)
		err = ERR_NOMEM;
	if (!err)
		return list.rows;
	json_decref(list.rows);
	*ret_err = err;
	return NULL;
}

static enum err open_stored(struct http_request *req, struct attachment *a,
	struct media_reader **media, struct errbuf *eb)
{
	struct reader reader = http_reader(req);
	struct desk *desk = req->http->options.desk;
	int64_t id;
	enum err err;

	if (str_to_int64(req->param, 1, INT64_MAX, &id))
		return errbuf_set(eb, ERR_INVALID, "an attachment is named by its id");
	id = reading_unmask(desk, &reader, READING_ATTACHMENT, id);
	err = reading_attachment(desk, &reader, id, a, media);
	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no attachment %s", req->param);
	if (!err && a->state != ATTACHMENT_STORED)
		return errbuf_set(eb, ERR_STATE, "attachment %s is not stored: %s", req->param,
			a->reason[0] ? a->reason : ERR_WORD("it is being fetched"));
	return err;
}

void attachment_get(struct http_request *req)
{
	struct media_reader *reader = NULL;
	struct errbuf eb = {0};
	struct attachment a = {0};
	enum err err = open_stored(req, &a, &reader, &eb);

	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_media(req, a.mime, a.name, (uint64_t)a.bytes, reader);
}
