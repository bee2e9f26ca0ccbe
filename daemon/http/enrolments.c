/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who asked by SMS or Zalo to be in the registry, or changed his number, and what an officer says
 * to it. */
#include "daemon/http/resources.h"

#include "config/phrases.h"
#include "daemon/base/date.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/desk/enrolment.h"
#include "store/place.h"

#define WAITING_MAX 200 /* shown; when some are decided the others follow */

static json_t *row_json(struct store *store, const struct enrolment *e, enum err *ret_err)
{
	struct enrolment_words words;
	struct place place = {.code = ""};
	char day[DATE_BYTES], tail[LOG_TAIL_BYTES];
	json_t *json;

	*ret_err = e->place_id ? place_load(store, e->place_id, &place) : ERR_OK;
	if (!*ret_err)
		*ret_err = enrolment_words(store, e->id, &words);
	if (*ret_err)
		return NULL;
	date_format(e->day, day);
	json = json_pack("{s:I, s:s?, s:s?, s:o, s:s, s:s, s:i, s:b, s:b, s:b}", "id",
		(json_int_t)e->id, "place", place.code[0] ? place.code : NULL, "said",
		words.said.len ? buf_text(&words.said) : NULL, "name",
		json_text(buf_text(&words.name)), "phone", log_tail(buf_text(&words.phone), tail),
		"day", day, "wording", e->version, "is_move", e->is_move, "has_zalo",
		words.zalo.len > 0, "is_asked",
		e->asked_day == clock_local_day(clock_wall_ms(store_clock(store))));
	enrolment_words_free(&words);
	return json;
}

/* His, as far as he is an area officer; the number by its last digits: he knows his people. */
static enum err list(struct http_request *req, json_t *rows)
{
	struct http_options *options = &req->http->options;
	struct enrolment e = {.id = 0};
	enum err err;

	while (!(err = enrolment_next(options->store, e.id, &e)) &&
		json_array_size(rows) < WAITING_MAX) {
		bool is_his;
		json_t *row = NULL;

		err = desk_enrolment_is_his(
			options->desk, e.place_id, req->caller.officer_id, &is_his);
		if (!err && is_his)
			row = row_json(options->store, &e, &err);
		if (err)
			return err;
		if (row)
			json_array_append_new(rows, row);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

void enrolments_get(struct http_request *req)
{
	json_t *rows = json_array();
	int64_t waiting = 0;
	enum err err = enrolment_count(req->http->options.store, &waiting);

	if (!err)
		err = list(req, rows);
	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack(
				"{s:O, s:I}", "enrolments", rows, "waiting", (json_int_t)waiting));
	json_decref(rows);
}

/* What the poster has to say, word for word: it is what people agree to. */
void enrolment_wording_get(struct http_request *req)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	CLEAN_BUF text = {0};
	enum err err;

	buf_init(&text, 4096);
	err = phrase("enrol_wording", PHRASE_FULL, none, &text);
	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:i, s:s}", "version", ENROLMENT_WORDING, "text",
				buf_text(&text)));
}

/* ---- decisions -------------------------------------------------------------------------------
 */

static enum err read_in(const json_t *body, const char *const *keys, struct desk_enrolment_in *in,
	struct errbuf *eb)
{
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)(uintptr_t)body, key, value) {
		bool is_known = false;

		for (const char *const *k = keys; *k; k++)
			is_known = is_known || str_eq(*k, key);
		if (!is_known || !json_is_string(value))
			return errbuf_set(eb, ERR_INVALID,
				"the body takes texts under name, place, role, "
				"household and old_phone");
	}
	in->name = json_string_value(json_object_get(body, "name"));
	in->place = json_string_value(json_object_get(body, "place"));
	in->role = json_string_value(json_object_get(body, "role"));
	in->household = json_string_value(json_object_get(body, "household"));
	in->old_phone = json_string_value(json_object_get(body, "old_phone"));
	return ERR_OK;
}

static enum err id_of(struct http_request *req, int64_t *ret_id, struct errbuf *eb)
{
	if (str_to_int64(req->param, 1, INT64_MAX, ret_id))
		return errbuf_set(eb, ERR_INVALID, "who asks is named by the number in the list");
	return ERR_OK;
}

static void reply_state(
	struct http_request *req, enum err err, const struct errbuf *eb, enum enrolment_state state)
{
	if (err)
		http_reply_err(req, err, eb);
	else
		http_reply_json(
			req, MHD_HTTP_OK, json_pack("{s:s}", "state", enrolment_state_text(state)));
}

void enrolment_accept_post(struct http_request *req)
{
	static const char *const keys[] = {"name", "place", "role", "household", "old_phone", NULL};
	struct desk_actor actor = http_desk_actor(req);
	struct desk_enrolment_in in = {.name = NULL};
	struct errbuf eb = {0};
	json_t *body = NULL;
	int64_t id = 0;
	enum err err = http_body_object(req, &body, &eb);

	if (!err)
		err = read_in(body, keys, &in, &eb);
	if (!err)
		err = id_of(req, &id, &eb);
	if (!err)
		err = desk_enrolment_accept(req->http->options.desk, id, &in, &actor, &eb);
	http_body_wipe(body);
	reply_state(req, err, &eb, ENROLMENT_ACCEPTED);
}

void enrolment_decline_post(struct http_request *req)
{
	struct desk_actor actor = http_desk_actor(req);
	struct errbuf eb = {0};
	int64_t id = 0;
	enum err err = http_body_empty(req, &eb);

	if (!err)
		err = id_of(req, &id, &eb);
	if (!err)
		err = desk_enrolment_decline(req->http->options.desk, id, &actor, &eb);
	reply_state(req, err, &eb, ENROLMENT_DECLINED);
}

void enrolment_ask_post(struct http_request *req)
{
	static const char *const words[] = {[ENROLMENT_ASK_HAMLET] = "hamlet",
		[ENROLMENT_ASK_NAME] = "name",
		[ENROLMENT_ASK_BOTH] = "both"};
	struct desk_actor actor = http_desk_actor(req);
	struct errbuf eb = {0};
	json_t *body = NULL;
	const char *what;
	size_t i = 0;
	int64_t id = 0;
	enum err err = http_body_object(req, &body, &eb);

	what = json_string_value(json_object_get(body, "what"));
	for (; what && i < ARRAY_LEN(words) && !str_eq(words[i], what); i++)
		;
	if (!err && (!what || i == ARRAY_LEN(words) || json_object_size(body) != 1))
		err = errbuf_set(&eb, ERR_INVALID,
			"the body must be {\"what\": \"hamlet\", \"name\" or \"both\"}");
	if (!err)
		err = id_of(req, &id, &eb);
	if (!err)
		err = desk_enrolment_ask(
			req->http->options.desk, id, (enum enrolment_ask)i, &actor, &eb);
	json_decref(body);
	reply_state(req, err, &eb, ENROLMENT_WAITING);
}

void enrolments_post(struct http_request *req)
{
	static const char *const keys[] = {
		"phone", "name", "place", "role", "household", "old_phone", NULL};
	struct desk_actor actor = http_desk_actor(req);
	struct desk_enrolment_in in = {.name = NULL};
	struct errbuf eb = {0};
	const char *phone;
	json_t *body = NULL;
	enum err err = http_body_object(req, &body, &eb);

	phone = json_string_value(json_object_get(body, "phone"));
	if (!err)
		err = read_in(body, keys, &in, &eb);
	if (!err)
		err = desk_enrolment_enter(
			req->http->options.desk, phone ? phone : "", &in, &actor, &eb);
	http_body_wipe(body);
	reply_state(req, err, &eb, ENROLMENT_ACCEPTED);
}
