/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Saved audiences, and who wants no bulletins. People go in; only counts come out. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/audience.h"
#include "daemon/desk/refusal.h"

#include <stdlib.h>
#include <string.h>

#define MEMBERS_MAX 500 /* of one request, as of a list of residents */
#define PHONE_MAX   64

static json_t *audience_json(const struct audience *audience)
{
	json_t *rule = audience->rule[0] ? json_loads(audience->rule, 0, NULL) : json_null();

	return json_pack("{s:s, s:o, s:o, s:I, s:o, s:o}", "code", audience->code, "name",
		json_text(audience->name), "rule", rule ? rule : json_null(), "members",
		(json_int_t)audience->members, "created", json_time(audience->created_ms),
		"changed", json_time(audience->changed_ms));
}

static void audience_add(void *arg, const struct audience *audience)
{
	http_list_add(arg, audience->id, audience_json(audience));
}

void audiences_get(struct http_request *req)
{
	struct http_list list;

	if (http_list_begin(&list, req, "audiences"))
		http_list_end(&list, audience_list(list.store, list.page.before, list.page.limit,
					     audience_add, &list));
}

static enum err rule_text(const json_t *rule, char **ret_text, struct errbuf *eb)
{
	*ret_text = NULL;
	if (!rule || json_is_null(rule))
		return ERR_OK;
	if (!json_is_object(rule))
		return errbuf_set(eb, ERR_INVALID, "\"rule\" is an audience, or null for a list");
	*ret_text = json_dumps(rule, JSON_COMPACT);
	return *ret_text ? ERR_OK : ERR_NOMEM;
}

void audiences_post(struct http_request *req)
{
	struct audience *audience = calloc(1, sizeof(*audience));
	CLEANUP(cleanup_free) char *rule = NULL;
	struct desk_actor actor = http_desk_actor(req);
	const char *code = NULL, *name = NULL;
	struct errbuf eb = {0};
	json_t *body = NULL, *value = NULL;
	enum err err = audience ? http_body_object(req, &body, &eb) : ERR_NOMEM;

	if (!err && json_unpack(body, "{s:s, s:s, s?o !}", "code", &code, "name", &name, "rule",
			    &value))
		err = errbuf_set(&eb, ERR_INVALID,
			"the body must be {\"code\", \"name\", \"rule\"?} and nothing else");
	if (!err)
		err = rule_text(value, &rule, &eb);
	if (!err)
		err = desk_audience_put(
			req->http->options.desk, code, name, rule, &actor, audience, &eb);
	json_decref(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK, audience_json(audience));
	free(audience);
}

void audience_remove_post(struct http_request *req)
{
	struct desk_actor actor = http_desk_actor(req);
	struct errbuf eb = {0};
	enum err err = http_body_empty(req, &eb);

	if (!err)
		err = desk_audience_remove(req->http->options.desk, req->param, &actor, &eb);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK, json_pack("{s:s}", "removed", req->param));
}

/* ---- their people ----------------------------------------------------------------------------
 */

/* The row, never the number, of what is wrong. */
static enum err put_members(struct http_request *req, const json_t *phones, bool is_member,
	json_t *errors, struct errbuf *eb)
{
	json_t *phone;
	size_t i;

	json_array_foreach (phones, i, phone) {
		const char *text = json_string_value(phone);
		struct errbuf detail = {0};
		enum err err = text && strlen(text) <= PHONE_MAX
				       ? desk_audience_member(req->http->options.desk, req->param,
						 text, is_member, &detail)
				       : errbuf_set(&detail, ERR_INVALID, "this is no phone");

		if (err && err != ERR_INVALID && err != ERR_NOT_FOUND) {
			*eb = detail;
			return err;
		}
		if (err)
			json_array_append_new(
				errors, json_pack("{s:I, s:s, s:s, s:s}", "row", (json_int_t)i + 1,
						"list", is_member ? "add" : "remove", "message",
						errbuf_en(&detail, err), "message_vi",
						errbuf_vi(&detail, err)));
	}
	return ERR_OK;
}

static enum err check_lists(
	const json_t *body, const json_t *add, const json_t *remove, struct errbuf *eb)
{
	size_t known = (add ? 1U : 0U) + (remove ? 1U : 0U);

	if (!known || known != json_object_size(body) || (add && !json_is_array(add)) ||
		(remove && !json_is_array(remove)))
		return errbuf_set(eb, ERR_INVALID,
			"the body must be {\"add\": [phones], \"remove\": [phones]}");
	return json_array_size(add) + json_array_size(remove) > MEMBERS_MAX
		       ? errbuf_set(eb, ERR_TOO_BIG, "at most %d phones a request", MEMBERS_MAX)
		       : ERR_OK;
}

/* All or nothing. */
static enum err change_members(
	struct http_request *req, const json_t *body, json_t *errors, struct errbuf *eb)
{
	const json_t *add = json_object_get(body, "add"), *remove = json_object_get(body, "remove");
	struct store *store = req->http->options.store;
	enum err err = check_lists(body, add, remove, eb);

	if (!err)
		err = store_savepoint_begin(store);
	if (err)
		return err;
	err = put_members(req, add, true, errors, eb);
	if (!err)
		err = put_members(req, remove, false, errors, eb);
	if (!err && !json_array_size(errors))
		return store_savepoint_release(store);
	store_savepoint_rollback(store);
	return err;
}

void audience_members_post(struct http_request *req)
{
	struct audience *audience = calloc(1, sizeof(*audience));
	json_t *body = NULL, *errors = json_array();
	struct errbuf eb = {0};
	enum err err = audience ? http_body_object(req, &body, &eb) : ERR_NOMEM;

	if (!err) {
		err = audience_find(req->http->options.store, req->param, audience);
		if (err)
			errbuf_set(&eb, err, "there is no saved audience %s", req->param);
	}
	if (!err)
		err = change_members(req, body, errors, &eb);
	if (!err)
		err = audience_find(req->http->options.store, req->param, audience);
	json_decref(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:b, s:o, s:O}", "is_stored", (int)!json_array_size(errors),
				"audience", audience_json(audience), "errors", errors));
	json_decref(errors);
	free(audience);
}

/* ---- who wants none --------------------------------------------------------------------------
 */

void refusals_get(struct http_request *req)
{
	int64_t all, topic, blocked;
	enum err err = refusal_counts(req->http->options.store, &all, &topic, &blocked);

	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:I, s:I, s:I}", "all", (json_int_t)all, "topic",
				(json_int_t)topic, "blocked", (json_int_t)blocked));
}

/* A resident asked for it in person or on the telephone, or a number is not to be texted. */
void refusals_post(struct http_request *req)
{
	struct desk_actor actor = http_desk_actor(req);
	const char *phone = NULL, *what = NULL;
	struct errbuf eb = {0};
	json_t *body = NULL;
	int topic = 0;
	enum err err = http_body_object(req, &body, &eb);

	if (!err && json_unpack(body, "{s:s, s:s, s?i !}", "phone", &phone, "do", &what, "topic",
			    &topic))
		err = errbuf_set(&eb, ERR_INVALID,
			"the body must be {\"phone\", \"do\", \"topic\"?} and nothing else");
	if (!err)
		err = desk_refusal_set(req->http->options.desk, phone, what, topic, &actor, &eb);
	http_body_wipe(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		refusals_get(req);
}
