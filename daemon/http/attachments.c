/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What came with a report: listed with it, and one by one as the bytes that were sent. They were
 * written by anybody, so a browser is told to save them and to guess nothing.
 */
#include "daemon/http/resources.h"

#include "config/phrases.h"
#include "daemon/base/str.h"
#include "store/attachment.h"
#include "store/report_key.h"

#include <string.h>

struct attachment_list {
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
	json_t *row = json_pack("{s:I, s:s, s:s, s:s?, s:o, s:s, s:s, s:I, s:o}", "id",
		(json_int_t)a->id, "kind", attachment_kind_text(a->kind), "state",
		state_name(a->state), "reason", a->reason[0] ? a->reason : NULL, "reason_vi",
		reason_vi(a->reason), "name", a->name, "mime", a->mime, "bytes",
		(json_int_t)a->bytes, "at", json_time(a->done_ms));

	if (json_array_append_new(list->rows, row) != 0)
		list->has_failed = true;
}

json_t *json_attachments(struct store *store, int64_t report_id, enum err *ret_err)
{
	struct attachment_list list = {.rows = json_array()};
	enum err err = list.rows ? attachment_of_report(
					   store, &key_holder_box, report_id, row_add, &list)
				 : ERR_NOMEM;

	if (!err && list.has_failed)
		err = ERR_NOMEM;
	if (!err)
		return list.rows;
	json_decref(list.rows);
	*ret_err = err;
	return NULL;
}

static enum err open_stored(struct store *store, const char *param, struct attachment *a,
	struct media_reader **reader, struct errbuf *eb)
{
	struct media_file file = {.name = ""};
	int64_t id;
	enum err err;

	if (str_to_int64(param, 1, INT64_MAX, &id))
		return errbuf_set(eb, ERR_INVALID, "an attachment is named by its id");
	err = attachment_load(store, id, a);
	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no attachment %s", param);
	if (!err && a->state != ATTACHMENT_STORED)
		return errbuf_set(eb, ERR_STATE, "attachment %s is not stored: %s", param,
			a->reason[0] ? a->reason : "it is being fetched");
	if (!err)
		err = attachment_file(store, &key_holder_box, id, &file);
	if (!err)
		err = media_reader_new(store, &file, reader);
	explicit_bzero(&file, sizeof(file));
	return err;
}

void attachment_get(struct http_request *req)
{
	struct media_reader *reader = NULL;
	struct errbuf eb = {0};
	struct attachment a = {0};
	enum err err = open_stored(req->http->options.store, req->param, &a, &reader, &eb);

	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_media(req, a.mime, a.name, (uint64_t)a.bytes, reader);
}
