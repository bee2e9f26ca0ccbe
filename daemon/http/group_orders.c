/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an officer orders about a group. The answer says that it is stored; Zalo comes later. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/group.h"

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static enum err id_of_path(struct http_request *req, int64_t *ret_id, struct errbuf *eb)
{
	if (str_to_int64(req->param, 1, INT64_MAX, ret_id) != ERR_OK)
		return errbuf_set(eb, ERR_INVALID, "it is named by its number");
	return ERR_OK;
}

/* true, false; null: not watched any more; absent: as it is. */
static enum err take_switch(
	const json_t *body, const char *name, bool has_null, int *ret_on, struct errbuf *eb)
{
	const json_t *value = json_object_get(body, name);

	if (json_is_boolean(value))
		*ret_on = json_is_true(value);
	else if (json_is_null(value) && has_null)
		*ret_on = -1;
	else if (value)
		return errbuf_set(eb, ERR_INVALID, "%s is true or false", name);
	return ERR_OK;
}

static enum err take_wish(const json_t *body, struct desk_group_wish *wish, struct errbuf *eb)
{
	enum err err = ERR_OK;

	desk_group_wish_init(wish);
	wish->name = text_of(body, "name");
	wish->description = text_of(body, "description");
	wish->avatar = text_of(body, "avatar");
	for (int i = 0; err == ERR_OK && i < ZALO_SWITCH_COUNT; i++)
		err = take_switch(
			body, zalo_switch_text((enum zalo_switch)i), true, &wish->on[i], eb);
	if (err == ERR_OK)
		err = take_switch(body, "auto_accept", false, &wish->is_auto_accept, eb);
	return err;
}

static enum err create(
	struct http_request *req, const json_t *body, int64_t *ret_id, struct errbuf *eb)
{
	const json_t *members = json_object_get(body, "members");
	const char *founders[DESK_FOUNDERS_MAX];
	struct desk_group_wish wish;
	size_t count = json_array_size(members);
	enum err err = take_wish(body, &wish, eb);

	if (err == ERR_OK && (!text_of(body, "place") || !json_is_array(members)))
		err = errbuf_set(eb, ERR_INVALID,
			"the body must have \"place\" and \"members\", a list of Zalo user ids");
	if (err == ERR_OK && count > DESK_FOUNDERS_MAX)
		err = errbuf_set(eb, ERR_TOO_BIG, "a group begins with at most %d members",
			DESK_FOUNDERS_MAX);
	for (size_t i = 0; err == ERR_OK && i < count; i++) {
		founders[i] = json_string_value(json_array_get(members, i));
		if (!founders[i])
			err = errbuf_set(eb, ERR_INVALID,
				"a Zalo user id is a string: as a number it would lose its last digits");
	}
	if (err != ERR_OK)
		return err;
	return desk_group_create(req->http->options.desk,
		&(struct desk_group_new){.place = text_of(body, "place"),
			.asset_id = text_of(body, "asset"),
			.founders = founders,
			.founder_count = (int)count,
			.wish = &wish},
		req->actor, ret_id, eb);
}

/* {"group":12,"state":"stored"} */
static void reply_stored(struct http_request *req, int64_t group_id)
{
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:I, s:s}", "group", (json_int_t)group_id, "state", "stored"));
}

void groups_post(struct http_request *req)
{
	struct errbuf eb = {0};
	int64_t id = 0;
	json_t *body;
	enum err err = http_body_object(req, &body, &eb);

	if (err == ERR_OK) {
		err = create(req, body, &id, &eb);
		json_decref(body);
	}
	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	else
		reply_stored(req, id);
}

/* ---- orders about one group ------------------------------------------------------------------
 */

typedef enum err (*order_fn)(
	struct http_request *req, int64_t group_id, const json_t *body, struct errbuf *eb);

static void order(struct http_request *req, order_fn fn)
{
	struct errbuf eb = {0};
	int64_t id = 0;
	json_t *body = NULL;
	enum err err = id_of_path(req, &id, &eb);

	if (err == ERR_OK)
		err = http_body_object(req, &body, &eb);
	if (err == ERR_OK)
		err = fn(req, id, body, &eb);
	json_decref(body);
	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	else
		reply_stored(req, id);
}

/* A body of one member that is a text. */
static enum err only_text(
	const json_t *body, const char *name, const char **ret_text, struct errbuf *eb)
{
	*ret_text = text_of(body, name);
	if (!*ret_text || json_object_size(body) != 1)
		return errbuf_set(eb, ERR_INVALID, "the body must be {\"%s\": \"...\"}", name);
	return ERR_OK;
}

static enum err link_group(
	struct http_request *req, int64_t id, const json_t *body, struct errbuf *eb)
{
	const char *place;
	enum err err = only_text(body, ERR_WORD("place"), &place, eb);

	return err ? err : desk_group_link(req->http->options.desk, id, place, req->actor, eb);
}

static enum err set_group(
	struct http_request *req, int64_t id, const json_t *body, struct errbuf *eb)
{
	struct desk_group_wish wish;
	enum err err = take_wish(body, &wish, eb);

	if (err == ERR_OK && !json_object_size(body))
		err = errbuf_set(eb, ERR_INVALID, "the body says nothing");
	return err ? err : desk_group_set(req->http->options.desk, id, &wish, req->actor, eb);
}

static enum err renew_group(
	struct http_request *req, int64_t id, const json_t *body, struct errbuf *eb)
{
	const char *asset;
	enum err err = only_text(body, "asset", &asset, eb);

	return err ? err : desk_group_renew(req->http->options.desk, id, asset, req->actor, eb);
}

static enum err delete_group(
	struct http_request *req, int64_t id, const json_t *body, struct errbuf *eb)
{
	const char *name;
	enum err err = only_text(body, ERR_WORD("name"), &name, eb);

	return err ? err : desk_group_delete(req->http->options.desk, id, name, req->actor, eb);
}

static enum err check_group(
	struct http_request *req, int64_t id, const json_t *body, struct errbuf *eb)
{
	if (json_object_size(body))
		return errbuf_set(eb, ERR_INVALID, "the body must be {}");
	return desk_group_look(req->http->options.desk, id, eb);
}

void group_link_post(struct http_request *req)
{
	order(req, link_group);
}

void group_settings_post(struct http_request *req)
{
	order(req, set_group);
}

void group_asset_post(struct http_request *req)
{
	order(req, renew_group);
}

void group_delete_post(struct http_request *req)
{
	order(req, delete_group);
}

void group_check_post(struct http_request *req)
{
	order(req, check_group);
}

/* ---- people ----------------------------------------------------------------------------------
 */

static enum err person_order(
	struct http_request *req, int64_t id, const json_t *body, struct errbuf *eb)
{
	struct desk *desk = req->http->options.desk;
	const struct desk_person_ref ref = {
		.person_id = json_integer_value(json_object_get(body, "person")),
		.user_id = text_of(body, "user_id")};
	const char *what = text_of(body, "do");

	if (!ref.person_id == !ref.user_id)
		return errbuf_set(eb, ERR_INVALID,
			"say who: \"person\", his number in the group, or \"user_id\", a string");
	if (str_eq(what, "invite"))
		return desk_group_call_in(desk, id, &ref, req->actor, eb);
	if (str_eq(what, "remove"))
		return desk_group_remove(desk, id, &ref, req->actor, eb);
	if (str_eq(what, "handover"))
		return desk_group_handover(desk, id, &ref, req->actor, eb);
	if (str_eq(what, "deputy-add") || str_eq(what, "deputy-remove"))
		return desk_group_deputy(
			desk, id, &ref, str_eq(what, "deputy-add"), req->actor, eb);
	if (str_eq(what, "accept") || str_eq(what, "reject"))
		return desk_group_answer(
			desk, id, ref.person_id, str_eq(what, "accept"), req->actor, eb);
	if (str_eq(what, "confirm"))
		return desk_group_confirm(desk, id, ref.person_id, req->actor, eb);
	return errbuf_set(eb, ERR_INVALID,
		"\"do\" is accept, reject, invite, confirm, remove, deputy-add, deputy-remove or "
		"handover");
}

void group_people_post(struct http_request *req)
{
	order(req, person_order);
}

/* ---- acts ------------------------------------------------------------------------------------
 */

static void act_add(void *arg, const struct group_act *act)
{
	struct http_list *list = arg;

	http_list_add(list, act->id,
		json_pack("{s:I, s:s, s:s, s:o, s:i, s:s, s:o, s:o, s:o, s:i, s:s?, s:i}", "id",
			(json_int_t)act->id, "kind", group_act_kind_text(act->kind), "state",
			group_act_state_text(act->state), "person",
			act->person_id ? json_integer(act->person_id) : json_null(), "step",
			act->step, "actor", act->actor, "created", json_time(act->created_ms),
			"due",
			group_act_is_final(act->state) ? json_null() : json_time(act->due_ms),
			"ended", json_time(act->final_ms), "attempts", act->attempts, "error",
			act->error ? err_name(act->error) : NULL, "code", act->code));
}

void group_acts_get(struct http_request *req)
{
	struct zalo_group group;
	struct http_list list;

	if (group_of_path(req, &group) == ERR_OK && http_list_begin(&list, req, "acts"))
		http_list_end(&list, group_act_list(list.store, group.id, list.page.before,
					     list.page.limit, act_add, &list));
}

void group_act_settle_post(struct http_request *req)
{
	struct errbuf eb = {0};
	const char *how;
	int64_t id = 0;
	json_t *body = NULL;
	enum err err = id_of_path(req, &id, &eb);

	if (err == ERR_OK)
		err = http_body_object(req, &body, &eb);
	if (err == ERR_OK)
		err = only_text(body, "as", &how, &eb);
	if (err == ERR_OK)
		err = desk_group_settle(req->http->options.desk, id, how, req->actor, &eb);
	json_decref(body);
	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:s, s:s}", "id", req->param, "state", "settled"));
}
