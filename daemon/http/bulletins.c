/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bulletins: written, screened, submitted, judged, recalled. */
#include "daemon/http/bulletin_json.h"

#include "daemon/base/str.h"
#include "daemon/desk/bulletin_category.h"
#include "gateway/sms_text.h"
#include "store/enclosure.h"

#include <string.h>

/* ---- reading ---------------------------------------------------------------------------------
 */

struct rows {
	struct bulletin list[HTTP_PAGE_MAX];
	int count;
};

static void row_keep(void *arg, const struct bulletin *bulletin)
{
	struct rows *rows = arg;

	if (rows->count < HTTP_PAGE_MAX)
		rows->list[rows->count++] = *bulletin;
}

static enum err wanted_state(struct http_request *req, enum bulletin_state *state,
	const enum bulletin_state **ret_state, struct errbuf *eb)
{
	const char *text = http_argument(req, "state");

	*ret_state = NULL;
	if (!text)
		return ERR_OK;
	*ret_state = state;
	return bulletin_state_of(text, state)
		       ? errbuf_set(eb, ERR_INVALID,
				 "state is DRAFT, SUBMITTED, APPROVED, SENDING, DONE, RECALLED, "
				 "EXPIRED or DISCARDED")
		       : ERR_OK;
}

void bulletins_get(struct http_request *req)
{
	const enum bulletin_state *wanted;
	enum bulletin_state state;
	struct errbuf eb = {0};
	struct http_list list;
	struct rows *rows;
	enum err err = wanted_state(req, &state, &wanted, &eb);

	if (err) {
		http_reply_err(req, err, &eb);
		return;
	}
	if (!http_list_begin(&list, req, "bulletins"))
		return;
	rows = calloc(1, sizeof(*rows));
	err = rows ? bulletin_list(
			     list.store, wanted, list.page.before, list.page.limit, row_keep, rows)
		   : ERR_NOMEM;
	for (int i = 0; !err && i < rows->count; i++)
		http_list_add(
			&list, rows->list[i].id, json_bulletin_row(req, &rows->list[i], &err));
	free(rows);
	http_list_end(&list, err);
}

enum err bulletin_of_path(struct http_request *req, struct bulletin *ret_bulletin)
{
	struct errbuf eb = {0};
	int64_t id = 0;
	enum err err = str_to_int64(req->param, 1, INT64_MAX, &id);

	if (err)
		errbuf_set(&eb, err, "a bulletin is named by its number");
	else
		err = bulletin_load(req->http->options.store, id, ret_bulletin);
	if (err == ERR_NOT_FOUND)
		errbuf_set(&eb, err, "there is no bulletin %s", req->param);
	if (err)
		http_reply_err(req, err, &eb);
	return err;
}

static void reply_bulletin(struct http_request *req, const struct bulletin *bulletin)
{
	enum err err = ERR_OK;
	json_t *json = json_bulletin(req, bulletin, &err);

	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK, json);
}

void bulletin_get(struct http_request *req)
{
	struct bulletin bulletin;

	if (bulletin_of_path(req, &bulletin) == ERR_OK)
		reply_bulletin(req, &bulletin);
}

void bulletin_categories_get(struct http_request *req)
{
	const struct bulletin_category *category, *of_polls = bulletin_category_of_polls();
	json_t *list = json_array();

	for (int i = 0; (category = bulletin_category_at(i)); i++)
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:i, s:b, s:b, s:i, s:s, s:s, s:s}", "code",
				      category->code, "name", category->name, "topic",
				      category->topic, "sensitive", (int)category->is_sensitive,
				      "polls", (int)(category == of_polls), "days", category->days,
				      "urgency", bulletin_urgency_text(category->urgency),
				      "severity", bulletin_severity_text(category->severity),
				      "certainty", bulletin_certainty_text(category->certainty)));
	http_reply_json(req, MHD_HTTP_OK, json_pack("{s:o}", "categories", list));
}

/* The picture or the PDF itself, as bytes that no browser opens by itself. */
void bulletin_file_get(struct http_request *req)
{
	struct store *store = req->http->options.store;
	struct bulletin bulletin;
	struct enclosure enclosure = {.name = ""};
	struct errbuf eb = {0};
	CLEAN_BUF body = {0};
	enum err err;

	if (bulletin_of_path(req, &bulletin) != ERR_OK)
		return;
	buf_init(&body, ENCLOSURE_MAX + 1);
	err = bulletin.enclosure_id ? enclosure_load(store, bulletin.enclosure_id, &enclosure)
				    : ERR_NOT_FOUND;
	if (!err)
		err = enclosure_body(store, bulletin.enclosure_id, &body);
	if (err == ERR_NOT_FOUND)
		errbuf_set(&eb, err, "it has no picture or file");
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_download(req, "application/octet-stream", enclosure.name, &body);
}

/* ---- writing ---------------------------------------------------------------------------------
 */

static void reply_done(struct http_request *req, enum err err, const struct errbuf *eb, int64_t id)
{
	struct bulletin bulletin;

	if (!err)
		err = bulletin_load(req->http->options.store, id, &bulletin);
	if (err)
		http_reply_err(req, err, eb);
	else
		reply_bulletin(req, &bulletin);
}

/* Stands or falls with its screening and its event. */
static enum err write_in_one(
	struct http_request *req, int64_t *id, const struct desk_bulletin_in *in, struct errbuf *eb)
{
	struct http_options *options = &req->http->options;
	struct desk_actor actor = http_desk_actor(req);
	enum err err = store_savepoint_begin(options->store);

	if (err)
		return err;
	err = *id ? desk_bulletin_edit(options->desk, *id, in, &actor, eb)
		  : desk_bulletin_new(options->desk, BULLETIN_ORIGIN_OFFICER, in, &actor, id, eb);
	if (!err)
		return store_savepoint_release(options->store);
	store_savepoint_rollback(options->store);
	return err;
}

static void write_body(struct http_request *req, int64_t id)
{
	struct desk_bulletin_in in;
	struct errbuf eb = {0};
	CLEAN_BUF audience = {0};
	json_t *body = NULL;
	enum err err = http_body_object(req, &body, &eb);

	buf_init(&audience, BULLETIN_AUDIENCE_MAX);
	if (!err)
		err = bulletin_in_of(body, &in, &audience, &eb);
	if (!err)
		err = write_in_one(req, &id, &in, &eb);
	json_decref(body);
	reply_done(req, err, &eb, id);
}

void bulletins_post(struct http_request *req)
{
	write_body(req, 0);
}

void bulletin_post(struct http_request *req)
{
	struct bulletin bulletin;

	if (bulletin_of_path(req, &bulletin) == ERR_OK)
		write_body(req, bulletin.id);
}

static enum err file_name(struct http_request *req, struct buf *out, struct errbuf *eb)
{
	const char *name = http_argument(req, "name");

	if (!name || !str_is_utf8(name, strlen(name)) || sms_text_normalize(name, out))
		return errbuf_set(eb, ERR_INVALID,
			"the query has to name the file, in UTF-8: file?name=canh-bao.jpg");
	return ERR_OK;
}

/* The body is the file itself. */
void bulletin_file_post(struct http_request *req)
{
	struct desk_bulletin_in in = DESK_BULLETIN_AS_IS;
	struct http_options *options = &req->http->options;
	struct bulletin bulletin;
	struct errbuf eb = {0};
	CLEAN_BUF name = {0};
	enum err err;

	if (bulletin_of_path(req, &bulletin) != ERR_OK)
		return;
	buf_init(&name, 4 * ENCLOSURE_NAME_MAX);
	err = file_name(req, &name, &eb);
	if (!err)
		err = store_savepoint_begin(options->store);
	if (err) {
		http_reply_err(req, err, &eb);
		return;
	}
	err = desk_bulletin_file(options->desk,
		&(struct desk_file){
			.name = buf_text(&name), .data = req->body.data, .bytes = req->body.len},
		&in.enclosure_id, &eb);
	if (!err)
		err = write_in_one(req, &bulletin.id, &in, &eb);
	if (!err)
		err = store_savepoint_release(options->store);
	else
		store_savepoint_rollback(options->store);
	reply_done(req, err, &eb, bulletin.id);
}

/* ---- acts ------------------------------------------------------------------------------------
 */

/* What an act says; each route takes some of it. */
struct act_body {
	json_t *json;
	int64_t finding, version;
	bool is_alone;
	const char *words; /* note or reason; "" none */
};
enum act_member { ACT_FINDING = 1, ACT_VERSION = 2, ACT_ALONE = 4, ACT_NOTE = 8, ACT_REASON = 16 };

static enum err read_member(struct act_body *body, const char *key, const json_t *value,
	unsigned allowed, struct errbuf *eb)
{
	if ((allowed & ACT_FINDING) && str_eq(key, "finding") && json_is_integer(value))
		body->finding = json_integer_value(value);
	else if ((allowed & ACT_VERSION) && str_eq(key, "version") && json_is_integer(value))
		body->version = json_integer_value(value);
	else if ((allowed & ACT_ALONE) && str_eq(key, "alone") && json_is_boolean(value))
		body->is_alone = json_is_true(value);
	else if ((((allowed & ACT_NOTE) && str_eq(key, "note")) ||
			 ((allowed & ACT_REASON) && str_eq(key, "reason"))) &&
		 json_is_string(value))
		body->words = json_string_value(value);
	else
		return errbuf_set(eb, ERR_INVALID,
			"\"%.32s\" is not known or wrong; openapi.json lists the members", key);
	return ERR_OK;
}

static enum err read_act(
	struct http_request *req, unsigned allowed, struct act_body *ret_body, struct errbuf *eb)
{
	struct act_body body = {.words = ""};
	const char *key;
	json_t *value;
	enum err err = http_body_object(req, &body.json, eb);

	if (err)
		return err;
	json_object_foreach (body.json, key, value) {
		if (!err)
			err = read_member(&body, key, value, allowed, eb);
	}
	if (!err && (allowed & ACT_VERSION) && (body.version < 1 || body.version > INT32_MAX))
		err = errbuf_set(eb, ERR_INVALID, "\"version\" is the one that was read");
	if (!err && (allowed & ACT_FINDING) && body.finding < 1)
		err = errbuf_set(eb, ERR_INVALID, "\"finding\" is the id of what the screen found");
	if (err)
		json_decref(body.json);
	else
		*ret_body = body;
	return err;
}

typedef enum err (*act_fn)(struct desk *desk, int64_t id, const struct act_body *body,
	const struct desk_actor *actor, struct errbuf *eb);

static void act(struct http_request *req, unsigned allowed, act_fn fn)
{
	struct http_options *options = &req->http->options;
	struct desk_actor actor = http_desk_actor(req);
	struct act_body body = {.json = NULL};
	struct bulletin bulletin;
	struct errbuf eb = {0};
	enum err err;

	if (bulletin_of_path(req, &bulletin) != ERR_OK)
		return;
	err = read_act(req, allowed, &body, &eb);
	if (!err)
		err = store_savepoint_begin(options->store);
	if (!err) {
		err = fn(options->desk, bulletin.id, &body, &actor, &eb);
		if (!err)
			err = store_savepoint_release(options->store);
		else
			store_savepoint_rollback(options->store);
	}
	json_decref(body.json);
	reply_done(req, err, &eb, bulletin.id);
}

static enum err do_answer(struct desk *desk, int64_t id, const struct act_body *body,
	const struct desk_actor *actor, struct errbuf *eb)
{
	return desk_bulletin_answer(desk, id, body->finding, body->words, actor, eb);
}

static enum err do_submit(struct desk *desk, int64_t id, const struct act_body *body,
	const struct desk_actor *actor, struct errbuf *eb)
{
	(void)body;
	return desk_bulletin_submit(desk, id, actor, eb);
}

static enum err do_withdraw(struct desk *desk, int64_t id, const struct act_body *body,
	const struct desk_actor *actor, struct errbuf *eb)
{
	(void)body;
	return desk_bulletin_withdraw(desk, id, actor, eb);
}

static enum err do_approve(struct desk *desk, int64_t id, const struct act_body *body,
	const struct desk_actor *actor, struct errbuf *eb)
{
	bool is_approved;

	return desk_bulletin_approve(
		desk, id, (int)body->version, body->is_alone, body->words, actor, &is_approved, eb);
}

static enum err do_reject(struct desk *desk, int64_t id, const struct act_body *body,
	const struct desk_actor *actor, struct errbuf *eb)
{
	return desk_bulletin_reject(desk, id, (int)body->version, body->words, actor, eb);
}

static enum err do_review(struct desk *desk, int64_t id, const struct act_body *body,
	const struct desk_actor *actor, struct errbuf *eb)
{
	return desk_bulletin_review(desk, id, body->words, actor, eb);
}

static enum err do_recall(struct desk *desk, int64_t id, const struct act_body *body,
	const struct desk_actor *actor, struct errbuf *eb)
{
	return desk_bulletin_recall(desk, id, body->words, actor, eb);
}

static enum err do_stop(struct desk *desk, int64_t id, const struct act_body *body,
	const struct desk_actor *actor, struct errbuf *eb)
{
	(void)body;
	return desk_bulletin_stop(desk, id, actor, eb);
}

static enum err do_resume(struct desk *desk, int64_t id, const struct act_body *body,
	const struct desk_actor *actor, struct errbuf *eb)
{
	(void)body;
	return desk_bulletin_resume(desk, id, actor, eb);
}

static enum err do_discard(struct desk *desk, int64_t id, const struct act_body *body,
	const struct desk_actor *actor, struct errbuf *eb)
{
	(void)body;
	return desk_bulletin_discard(desk, id, actor, eb);
}

void bulletin_answer_post(struct http_request *req)
{
	act(req, ACT_FINDING | ACT_REASON, do_answer);
}

void bulletin_submit_post(struct http_request *req)
{
	act(req, 0, do_submit);
}

void bulletin_withdraw_post(struct http_request *req)
{
	act(req, 0, do_withdraw);
}

void bulletin_approve_post(struct http_request *req)
{
	act(req, ACT_VERSION | ACT_ALONE | ACT_NOTE, do_approve);
}

void bulletin_reject_post(struct http_request *req)
{
	act(req, ACT_VERSION | ACT_REASON, do_reject);
}

void bulletin_review_post(struct http_request *req)
{
	act(req, ACT_NOTE, do_review);
}

void bulletin_recall_post(struct http_request *req)
{
	act(req, ACT_REASON, do_recall);
}

void bulletin_discard_post(struct http_request *req)
{
	act(req, 0, do_discard);
}

void bulletin_stop_post(struct http_request *req)
{
	act(req, 0, do_stop);
}

void bulletin_resume_post(struct http_request *req)
{
	act(req, 0, do_resume);
}
