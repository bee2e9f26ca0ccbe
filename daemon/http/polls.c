/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Polls: written, opened, sorted, counted. Nobody sees who said what, and as long as a poll is open
 * nobody sees more than how many have answered. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/poll.h"
#include "daemon/desk/poll_words.h"

#include <stdlib.h>
#include <string.h>

#define UNCLEAR_MAX  200 /* shown; when some are sorted the others follow */
#define AUDIENCE_MAX 8192

static struct desk *desk_of(const struct http_request *req)
{
	return req->http->options.desk;
}

/* ---- as lists and pages show it --------------------------------------------------------------
 */

static json_t *number_or_null(int64_t number)
{
	return number == FIGURES_HIDDEN ? json_null() : json_integer(number);
}

static json_t *id_or_null(int64_t id)
{
	return id ? json_integer(id) : json_null();
}

static json_t *row_json(const struct poll *poll)
{
	return json_pack("{s:I, s:s, s:o, s:s, s:i, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "id",
		(json_int_t)poll->id, "state", poll_state_text(poll->state), "question",
		json_text(poll->question), "per", poll_per_text(poll->per), "quorum", poll->quorum,
		"created", json_time(poll->created_ms), "opened", json_time(poll->opened_ms),
		"closes", json_time(poll->closes_ms), "ended", json_time(poll->ended_ms), "voices",
		(json_int_t)poll->voices, "bulletin", id_or_null(poll->bulletin_id), "result",
		id_or_null(poll->result_id));
}

static json_t *option_json(const struct poll_option *option, bool has_votes)
{
	json_t *aliases = json_loads(option->aliases, 0, NULL);

	return json_pack("{s:i, s:o, s:o, s:o}", "number", option->number, "label",
		json_text(option->label), "aliases", aliases ? aliases : json_array(), "votes",
		has_votes ? number_or_null(option->votes) : json_null());
}

/* Whole, with its options and figures. */
static json_t *poll_json(struct http_request *req, const struct poll *poll, enum err *ret_err)
{
	struct desk_poll_figures *figures = calloc(1, sizeof(*figures));
	json_t *json = NULL, *options = json_array();
	CLEAN_BUF audience = {0};
	enum err err = figures ? desk_poll_figures(desk_of(req), poll, figures) : ERR_NOMEM;

	buf_init(&audience, AUDIENCE_MAX);
	if (!err)
		err = poll_audience(req->http->options.store, poll->id, &audience);
	if (!err)
		json = row_json(poll);
	for (int i = 0; json && i < figures->option_count; i++)
		json_array_append_new(
			options, option_json(&figures->options[i], figures->has_votes));
	if (json) {
		json_object_set(json, "options", options);
		json_object_set_new(json, "audience", json_loads(buf_text(&audience), 0, NULL));
		json_object_set_new(json, "answered", number_or_null(figures->answered));
		json_object_set_new(json, "unclear", json_integer(figures->unclear));
		json_object_set_new(json, "has_quorum", json_boolean(figures->has_quorum));
	}
	json_decref(options);
	free(figures);
	*ret_err = err ? err : json ? ERR_OK : ERR_NOMEM;
	return json;
}

static void poll_add_row(void *arg, const struct poll *poll)
{
	http_list_add(arg, poll->id, row_json(poll));
}

void polls_get(struct http_request *req)
{
	struct http_list list;

	if (http_list_begin(&list, req, "polls"))
		http_list_end(&list, poll_list(list.store, list.page.before, list.page.limit,
					     poll_add_row, &list));
}

static enum err id_of(struct http_request *req, int64_t *ret_id, struct errbuf *eb)
{
	return str_to_int64(req->param, 1, INT64_MAX, ret_id)
		       ? errbuf_set(eb, ERR_INVALID, "a poll is named by its number")
		       : ERR_OK;
}

static enum err find(struct http_request *req, struct poll *ret_poll, struct errbuf *eb)
{
	int64_t id = 0;
	enum err err = id_of(req, &id, eb);

	if (!err)
		err = poll_load(req->http->options.store, id, ret_poll);
	return err == ERR_NOT_FOUND ? errbuf_set(eb, err, "there is no poll %s", req->param) : err;
}

static void reply(struct http_request *req, enum err err, struct errbuf *eb, int64_t id)
{
	struct poll poll = {0};
	json_t *json = NULL;

	if (!err)
		err = poll_load(req->http->options.store, id, &poll);
	if (!err)
		json = poll_json(req, &poll, &err);
	if (err)
		http_reply_err(req, err, eb);
	else
		http_reply_json(req, MHD_HTTP_OK, json);
}

void poll_get(struct http_request *req)
{
	struct errbuf eb = {0};
	struct poll poll = {.id = 0};
	enum err err = find(req, &poll, &eb);

	reply(req, err, &eb, poll.id);
}

/* ---- writing one -----------------------------------------------------------------------------
 */

struct body {
	json_t *json; /* owned; what the rest points into */
	struct desk_poll_in in;
	struct desk_poll_option options[POLL_OPTIONS_MAX];
	char *audience; /* owned */
};

static void body_done(struct body *body)
{
	json_decref(body->json);
	free(body->audience);
}
#define CLEAN_BODY CLEANUP(body_done) struct body

static enum err read_options(const json_t *list, struct body *body, struct errbuf *eb)
{
	const json_t *option;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) > POLL_OPTIONS_MAX)
		return errbuf_set(
			eb, ERR_INVALID, "\"options\" is a list of 2 to %d", POLL_OPTIONS_MAX);
	json_array_foreach (list, i, option) {
		const json_t *aliases = json_object_get(option, "aliases");
		const char *label = json_string_value(json_object_get(option, "label"));

		if (!label || (aliases && !json_is_string(aliases)))
			return errbuf_set(eb, ERR_INVALID,
				"an option is {\"label\": \"...\"}, with \"aliases\" or not: other words "
				"for it with commas between them");
		body->options[i] = (struct desk_poll_option){label, json_string_value(aliases)};
	}
	body->in.options = body->options;
	body->in.option_count = (int)json_array_size(list);
	return ERR_OK;
}

static enum err read_per(const json_t *value, struct body *body, struct errbuf *eb)
{
	const char *text = json_string_value(value);

	if (!text || (!str_eq(text, "household") && !str_eq(text, "phone")))
		return errbuf_set(eb, ERR_INVALID, "\"per\" is household or phone");
	body->in.per = str_eq(text, "phone") ? POLL_PER_PHONE : POLL_PER_HOUSEHOLD;
	return ERR_OK;
}

static enum err read_audience(const json_t *value, struct body *body)
{
	free(body->audience);
	body->audience = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	body->in.audience = body->audience;
	return body->audience ? ERR_OK : ERR_NOMEM;
}

static enum err read_member(
	const char *key, const json_t *value, struct body *body, struct errbuf *eb)
{
	const char *text = json_string_value(value);

	if (str_eq(key, "options"))
		return read_options(value, body, eb);
	if (str_eq(key, "per"))
		return read_per(value, body, eb);
	if (str_eq(key, "audience"))
		return read_audience(value, body);
	if (str_eq(key, "quorum") && json_is_integer(value)) {
		json_int_t quorum = json_integer_value(value);

		body->in.quorum = quorum < 0 || quorum > 100 ? -1 : (int)quorum;
		return ERR_OK;
	}
	if (str_eq(key, "closes") && text && http_moment(text, &body->in.closes_ms))
		return ERR_OK;
	if (str_eq(key, "question") && text)
		body->in.question = text;
	else if (str_eq(key, "category") && text)
		body->in.category = text;
	else
		return errbuf_set(eb, ERR_INVALID,
			"\"%.32s\" is wrong here: a poll has question, options, per, quorum, closes "
			"(\"2026-11-22 14:05\"), audience and category",
			key);
	return ERR_OK;
}

static enum err read_body(struct http_request *req, struct body *body, struct errbuf *eb)
{
	enum err err = http_body_object(req, &body->json, eb);
	const char *key;
	json_t *value;

	body->in.per = POLL_PER_HOUSEHOLD;
	json_object_foreach (body->json, key, value) {
		if (!err)
			err = read_member(key, value, body, eb);
	}
	return err;
}

void polls_post(struct http_request *req)
{
	struct desk_actor actor = http_desk_actor(req);
	CLEAN_BODY body = {.json = NULL};
	struct errbuf eb = {0};
	int64_t id = 0;
	enum err err = read_body(req, &body, &eb);

	if (!err)
		err = desk_poll_new(desk_of(req), &body.in, &actor, &id, &eb);
	reply(req, err, &eb, id);
}

/* ---- what is done with it --------------------------------------------------------------------
 */

typedef enum err (*act_fn)(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb);

static void act(struct http_request *req, act_fn fn)
{
	struct desk_actor actor = http_desk_actor(req);
	struct errbuf eb = {0};
	int64_t id = 0;
	enum err err = http_body_empty(req, &eb);

	if (!err)
		err = id_of(req, &id, &eb);
	if (!err)
		err = fn(desk_of(req), id, &actor, &eb);
	reply(req, err, &eb, id);
}

void poll_open_post(struct http_request *req)
{
	act(req, desk_poll_open);
}

void poll_close_post(struct http_request *req)
{
	act(req, desk_poll_close);
}

void poll_cancel_post(struct http_request *req)
{
	act(req, desk_poll_cancel);
}

void poll_result_post(struct http_request *req)
{
	struct desk_actor actor = http_desk_actor(req);
	struct errbuf eb = {0};
	int64_t id = 0, bulletin_id;
	enum err err = http_body_empty(req, &eb);

	if (!err)
		err = id_of(req, &id, &eb);
	if (!err)
		err = desk_poll_result(desk_of(req), id, &actor, &bulletin_id, &eb);
	reply(req, err, &eb, id);
}

/* ---- the pile --------------------------------------------------------------------------------
 */

static json_t *unclear_json(const struct poll_unclear *unclear)
{
	char voice[2 * VAULT_HASH_BYTES + 1];

	str_hex(unclear->voice, VAULT_HASH_BYTES, voice);
	return json_pack("{s:s, s:o, s:o}", "voice", voice, "text",
		json_text(buf_text(&unclear->words)), "option", id_or_null(unclear->choice));
}

static enum err pile(struct http_request *req, const struct poll *poll, json_t *rows)
{
	struct poll_unclear unclear;
	uint8_t last[VAULT_HASH_BYTES];
	const uint8_t *after = NULL;
	enum err err = ERR_OK;

	while (!err && json_array_size(rows) < UNCLEAR_MAX) {
		buf_init(&unclear.words, POLL_WORDS_MAX + 1);
		err = poll_unclear_next(req->http->options.store, poll->id, after, &unclear);
		if (!err)
			json_array_append_new(rows, unclear_json(&unclear));
		buf_wipe(&unclear.words);
		memcpy(last, unclear.voice, sizeof(last));
		after = last;
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

void poll_unclear_get(struct http_request *req)
{
	json_t *rows = json_array();
	struct errbuf eb = {0};
	struct poll poll = {0};
	int64_t answered, unclear = 0;
	enum err err = find(req, &poll, &eb);

	if (!err)
		err = poll_turnout(req->http->options.store, poll.id, &answered, &unclear);
	if (!err && poll.state != POLL_DONE)
		err = pile(req, &poll, rows);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:O, s:I}", "unclear", rows, "waiting",
				(json_int_t)(poll.state == POLL_DONE ? 0 : unclear)));
	json_decref(rows);
}

static bool voice_of(const char *hex, uint8_t voice[VAULT_HASH_BYTES])
{
	static const char digits[] = "0123456789abcdef";

	if (!hex || strlen(hex) != (size_t)2 * VAULT_HASH_BYTES ||
		strspn(hex, digits) != (size_t)2 * VAULT_HASH_BYTES)
		return false;
	for (int i = 0; i < VAULT_HASH_BYTES; i++)
		voice[i] = (uint8_t)((strchr(digits, hex[2 * i]) - digits) << 4 |
				     (strchr(digits, hex[2 * i + 1]) - digits));
	return true;
}

static enum err read_assign(const json_t *body, uint8_t voice[VAULT_HASH_BYTES], int *ret_option,
	bool *ret_is_all, struct errbuf *eb)
{
	const json_t *option = json_object_get(body, "option"), *all = json_object_get(body, "all");

	if (!json_is_integer(option) || (all && !json_is_boolean(all)) ||
		!voice_of(json_string_value(json_object_get(body, "voice")), voice) ||
		json_object_size(body) != (all ? 3u : 2u))
		return errbuf_set(eb, ERR_INVALID,
			"the body is {\"voice\": \"...\", \"option\": 2}, 0 for none of them, with "
			"\"all\": true for every answer in the same words");
	*ret_option = json_integer_value(option) < 0 ||
				      json_integer_value(option) > POLL_OPTIONS_MAX
			      ? -1
			      : (int)json_integer_value(option);
	*ret_is_all = json_is_true(all);
	return ERR_OK;
}

void poll_assign_post(struct http_request *req)
{
	struct desk_actor actor = http_desk_actor(req);
	uint8_t voice[VAULT_HASH_BYTES];
	struct errbuf eb = {0};
	json_t *body = NULL;
	int64_t id = 0, count = 0;
	bool is_all = false;
	int option = 0;
	enum err err = http_body_object(req, &body, &eb);

	if (!err)
		err = read_assign(body, voice, &option, &is_all, &eb);
	if (!err)
		err = id_of(req, &id, &eb);
	if (!err)
		err = desk_poll_assign(
			desk_of(req), id, voice, option, is_all, &actor, &count, &eb);
	json_decref(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK, json_pack("{s:I}", "sorted", (json_int_t)count));
}

/* How an answer would be heard; nothing is counted. */
void poll_try_post(struct http_request *req)
{
	struct poll_option *options = calloc(POLL_OPTIONS_MAX, sizeof(*options));
	struct poll_heard heard = {.number = 0};
	struct errbuf eb = {0};
	json_t *body = NULL;
	struct poll poll = {0};
	const char *text;
	int count = 0;
	enum err err = options ? http_body_object(req, &body, &eb) : ERR_NOMEM;

	text = json_string_value(json_object_get(body, "text"));
	if (!err && (!text || json_object_size(body) != 1))
		err = errbuf_set(&eb, ERR_INVALID, "the body is {\"text\": \"dong y\"}");
	if (!err)
		err = find(req, &poll, &eb);
	if (!err)
		err = poll_options(req->http->options.store, poll.id, options, &count);
	if (!err)
		poll_hear(text, options, count, &heard);
	json_decref(body);
	free(options);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(
			req, MHD_HTTP_OK, json_pack("{s:o}", "option", id_or_null(heard.number)));
}
