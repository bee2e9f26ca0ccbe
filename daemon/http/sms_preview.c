/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a text will be by SMS. Of a bulletin that is being written that is its words with all that
 * goes with them: how it is marked, and how it is refused. */
#include "daemon/http/bulletin_json.h"

/* {"bulletin": {...}, ...} becomes {"text", "lane", ...}. */
static enum err take_bulletin(
	struct http_request *req, json_t *ask, const json_t *written, struct errbuf *eb)
{
	struct desk_bulletin_in in;
	enum lane lane = LANE_BULLETIN;
	CLEAN_BUF audience = {0};
	CLEAN_BUF text = {0};
	enum err err;

	if (!json_is_object(written) || json_object_get(ask, "text") ||
		json_object_get(ask, "lane"))
		return errbuf_set(eb, ERR_INVALID,
			"\"bulletin\" is an object, and stands in the place of text and lane");
	buf_init(&audience, BULLETIN_AUDIENCE_MAX);
	buf_init(&text, OUTBOX_BODY_MAX);
	err = bulletin_in_of(written, &in, &audience, eb);
	if (!err)
		err = desk_bulletin_sms(req->http->options.desk, &in, &lane, &text, eb);
	if (!err && (json_object_set_new(ask, "text", json_text(buf_text(&text))) ||
			    json_object_set_new(ask, "lane",
				    json_string(lane == LANE_URGENT ? "urgent" : "bulletin")) ||
			    json_object_del(ask, "bulletin")))
		err = ERR_NOMEM;
	buf_wipe(&text);
	return err;
}

/* Writes nothing; a text and numbers have no place in an address, so it is a POST. */
void sms_preview_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	json_t *body = NULL, *answer = NULL;
	const json_t *written;
	enum err err = http_body_object(req, &body, &eb);

	if (!err) {
		written = json_object_get(body, "bulletin");
		if (written)
			err = take_bulletin(req, body, written, &eb);
		if (!err && options->sms_preview)
			err = options->sms_preview(options->arg, body, &answer, &eb);
		else if (!err)
			err = errbuf_set(&eb, ERR_NOT_FOUND, "no modem is configured");
	}
	json_decref(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK, answer);
}
