/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stay notices, for the residence clerks. The list names nobody; what a notice says is read one by
 * one, and leaves after the trace of it is committed. */
#include "daemon/http/resources.h"

#include "daemon/base/date.h"
#include "daemon/base/str.h"
#include "daemon/desk/stay.h"

#include <string.h>

static json_t *day_json(int64_t day)
{
	char text[DATE_BYTES];

	if (!day)
		return json_null();
	date_format(day, text);
	return json_string(text);
}

static json_t *stay_json(const struct stay *stay)
{
	return json_pack("{s:I, s:s, s:s, s:o, s:o, s:i, s:o, s:o, s:b}", "id",
		(json_int_t)stay->id, "state", stay_state_text(stay->state), "timing",
		stay_timing_text(stay->timing), "received", json_time(stay->received_ms), "changed",
		json_time(stay->changed_ms), "guests", stay->guests, "from",
		day_json(stay->from_day), "to", day_json(stay->to_day), "is_erased",
		(int)stay->is_erased);
}

static void stay_add(void *arg, const struct stay *stay)
{
	http_list_add(arg, stay->id, stay_json(stay));
}

void stays_get(struct http_request *req)
{
	struct http_list list;

	if (http_list_begin(&list, req, "stays"))
		http_list_end(&list,
			stay_list(list.store, list.page.before, list.page.limit, stay_add, &list));
}

static enum err id_of(struct http_request *req, int64_t *ret_id, struct errbuf *eb)
{
	if (str_to_int64(req->param, 1, INT64_MAX, ret_id))
		return errbuf_set(eb, ERR_INVALID, "a stay notice is named by its number");
	return ERR_OK;
}

static void reply_stay(struct http_request *req, int64_t id, json_t *words)
{
	struct stay stay;
	enum err err = stay_load(req->http->options.store, id, &stay);
	json_t *json = err ? NULL : stay_json(&stay);

	if (json && words)
		json_object_set(json, "words", words);
	if (json)
		http_reply_json(req, MHD_HTTP_OK, json);
	else
		http_reply_err(req, err ? err : ERR_NOMEM, NULL);
}

void stay_read_post(struct http_request *req)
{
	struct reader reader = http_reader(req);
	struct key_holder holder = reader_holder(&reader);
	struct errbuf eb = {0};
	json_t *words = NULL;
	CLEAN_BUF text = {0};
	int64_t id = 0;
	enum err err = http_body_empty(req, &eb);

	buf_init(&text, 64 * 1024);
	if (!err)
		err = id_of(req, &id, &eb);
	if (!err)
		err = desk_stay_read(req->http->options.desk, id, &holder, req->actor, &text, &eb);
	if (!err)
		words = json_loadb(buf_text(&text), text.len, 0, NULL);
	if (!err && !words)
		err = ERR_CORRUPT;
	buf_wipe(&text);
	if (err)
		http_reply_err(req, err, &eb);
	else
		reply_stay(req, id, words);
	http_body_wipe(words);
}

static enum err read_decision(
	const json_t *body, const char **ret_how, const char **ret_reason, struct errbuf *eb)
{
	const json_t *how = json_object_get(body, "how");
	const json_t *reason = json_object_get(body, "reason");

	if (!json_is_string(how) || (reason && !json_is_string(reason)) ||
		json_object_size(body) != (reason ? 2u : 1u))
		return errbuf_set(eb, ERR_INVALID,
			"the body is {\"how\": \"entered\"}, {\"how\": \"recorded\"} or {\"how\": \"declined\", \"reason\": \"...\"}");
	*ret_how = json_string_value(how);
	*ret_reason = reason ? json_string_value(reason) : "";
	return ERR_OK;
}

void stay_decide_post(struct http_request *req)
{
	struct desk_actor actor = http_desk_actor(req);
	const char *how = NULL, *reason = NULL;
	struct errbuf eb = {0};
	json_t *body = NULL;
	int64_t id = 0;
	enum err err = http_body_object(req, &body, &eb);

	if (!err)
		err = read_decision(body, &how, &reason, &eb);
	if (!err)
		err = id_of(req, &id, &eb);
	if (!err)
		err = desk_stay_decide(req->http->options.desk, id, how, reason, &actor, &eb);
	json_decref(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		reply_stay(req, id, NULL);
}
