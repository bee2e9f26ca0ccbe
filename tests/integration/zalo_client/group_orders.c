/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/integration/zalo_client/group_orders.h"

#include "daemon/base/str.h"
#include "daemon/desk/group.h"
#include "daemon/desk/place.h"
#include "daemon/relay/zalo_json.h"
#include "store/event.h"

#define ACTOR "officer:test"

struct place_order {
	struct store *store;
	struct desk *desk;
	const json_t *json;
	struct errbuf eb;
};

static int64_t number(const json_t *json, const char *key)
{
	return json_integer_value(json_object_get(json, key));
}

static int choice(const json_t *json, const char *key)
{
	const json_t *value = json_object_get(json, key);

	return json_is_boolean(value) ? json_is_true(value) : DESK_UNCHANGED;
}

static void take_wish(const json_t *json, struct desk_group_wish *wish)
{
	desk_group_wish_init(wish);
	wish->name = json_string_value(json_object_get(json, "name"));
	wish->description = json_string_value(json_object_get(json, "description"));
	wish->avatar = json_string_value(json_object_get(json, "avatar"));
	for (int i = 0; i < ZALO_SWITCH_COUNT; i++)
		wish->on[i] = choice(json, zalo_switch_text((enum zalo_switch)i));
	wish->is_auto_accept = choice(json, "auto_accept");
}

static enum err do_place(struct place_order *o)
{
	struct place place;

	return desk_place_put(o->desk,
		&(struct desk_place_new){.code = zalo_json_text(o->json, "code"),
			.name = zalo_json_text(o->json, "name"),
			.kind = zalo_json_text(o->json, "kind")},
		ACTOR, &place, &o->eb);
}

static enum err do_resident(struct place_order *o)
{
	enum desk_resident_change change;

	return desk_resident_put(o->desk,
		&(struct desk_resident_row){.phone = zalo_json_text(o->json, "phone"),
			.name = zalo_json_text(o->json, "name"),
			.place = zalo_json_text(o->json, "place"),
			.role = zalo_json_text(o->json, "role")},
		&change, &o->eb);
}

static enum err do_create(struct place_order *o)
{
	const json_t *list = json_object_get(o->json, "founders");
	const char *founders[DESK_FOUNDERS_MAX];
	struct desk_group_wish wish;
	int64_t id;
	size_t i;

	take_wish(o->json, &wish);
	for (i = 0; i < json_array_size(list) && i < DESK_FOUNDERS_MAX; i++)
		founders[i] = json_string_value(json_array_get(list, i));
	return desk_group_create(o->desk,
		&(struct desk_group_new){.place = zalo_json_text(o->json, "place"),
			.asset_id = json_string_value(json_object_get(o->json, "asset")),
			.founders = founders,
			.founder_count = (int)i,
			.wish = &wish},
		ACTOR, &id, &o->eb);
}

static enum err do_set(struct place_order *o)
{
	struct desk_group_wish wish;

	take_wish(o->json, &wish);
	return desk_group_set(o->desk, number(o->json, "group"), &wish, ACTOR, &o->eb);
}

static enum err do_person(struct place_order *o)
{
	const struct desk_person_ref ref = {.person_id = number(o->json, "person"),
		.user_id = json_string_value(json_object_get(o->json, "user"))};
	const char *what = zalo_json_text(o->json, "do");
	int64_t group = number(o->json, "group");

	if (str_eq(what, "group_invite"))
		return desk_group_call_in(o->desk, group, &ref, ACTOR, &o->eb);
	if (str_eq(what, "group_remove"))
		return desk_group_remove(o->desk, group, &ref, ACTOR, &o->eb);
	if (str_eq(what, "group_handover"))
		return desk_group_handover(o->desk, group, &ref, ACTOR, &o->eb);
	if (str_eq(what, "group_confirm"))
		return desk_group_confirm(o->desk, group, ref.person_id, ACTOR, &o->eb);
	if (str_eq(what, "group_answer"))
		return desk_group_answer(o->desk, group, ref.person_id,
			json_is_true(json_object_get(o->json, "accept")), ACTOR, &o->eb);
	return desk_group_deputy(
		o->desk, group, &ref, json_is_true(json_object_get(o->json, "on")), ACTOR, &o->eb);
}

static enum err do_other(struct place_order *o)
{
	const char *what = zalo_json_text(o->json, "do");
	int64_t group = number(o->json, "group");

	if (str_eq(what, "group_link"))
		return desk_group_link(
			o->desk, group, zalo_json_text(o->json, "place"), ACTOR, &o->eb);
	if (str_eq(what, "group_renew"))
		return desk_group_renew(
			o->desk, group, zalo_json_text(o->json, "asset"), ACTOR, &o->eb);
	if (str_eq(what, "group_delete"))
		return desk_group_delete(
			o->desk, group, zalo_json_text(o->json, "name"), ACTOR, &o->eb);
	if (str_eq(what, "group_look"))
		return desk_group_look(o->desk, group, &o->eb);
	return desk_group_settle(
		o->desk, number(o->json, "act"), zalo_json_text(o->json, "how"), ACTOR, &o->eb);
}

/* ---- questions -------------------------------------------------------------------------------
 */

static void add_group(void *arg, const struct zalo_group *g)
{
	json_array_insert_new(arg, 0,
		json_pack("{s:I,s:I,s:s,s:s,s:s,s:s,s:i,s:I,s:I,s:I,s:I,s:i,s:i}", "id",
			(json_int_t)g->id, "place", (json_int_t)g->place_id, "state",
			zalo_group_state_text(g->state), "name", g->is.name, "asset", g->asset_id,
			"drift", g->drift, "members", g->members, "checked",
			(json_int_t)g->checked_ms, "requests", (json_int_t)g->requests_ms, "listed",
			(json_int_t)g->members_ms, "dissolves", (json_int_t)g->dissolves_ms,
			"mends", g->mends, "warned", g->warned_days));
}

static void add_act(void *arg, const struct group_act *a)
{
	json_array_insert_new(arg, 0,
		json_pack("{s:I,s:s,s:s,s:i,s:i,s:s,s:i,s:I,s:s}", "id", (json_int_t)a->id, "kind",
			group_act_kind_text(a->kind), "state", group_act_state_text(a->state),
			"step", a->step, "attempts", a->attempts, "error", err_name(a->error),
			"code", a->code, "person", (json_int_t)a->person_id, "actor", a->actor));
}

static void add_person(void *arg, const struct group_person *p)
{
	json_array_append_new(
		arg, json_pack("{s:I,s:s,s:b,s:b,s:b,s:b}", "id", (json_int_t)p->id, "state",
			     group_person_state_text(p->state), "confirmed", p->is_confirmed,
			     "named", p->has_name, "listed", p->is_listed, "role", p->has_role));
}

static void add_asset(void *arg, const struct zalo_asset *asset)
{
	json_array_append_new(arg, json_pack("{s:s,s:s,s:b}", "asset", asset->asset_id, "type",
					   asset->type, "used", asset->is_used));
}

static enum err ask(struct place_order *o, json_t **ret_json)
{
	const char *what = zalo_json_text(o->json, "do");
	int64_t group = number(o->json, "group");
	json_t *list = json_array();
	enum err err = ERR_OK;

	*ret_json = list;
	if (str_eq(what, "group_list"))
		return zalo_group_list(o->store, 0, 1000, add_group, list);
	if (str_eq(what, "group_acts"))
		return group_act_list(o->store, group, 0, 1000, add_act, list);
	if (str_eq(what, "group_assets"))
		return zalo_asset_list(o->store, add_asset, list);
	if (str_eq(what, "group_counts")) {
		struct zalo_group row;

		err = zalo_group_load(o->store, group, &row);
		json_decref(list);
		*ret_json = json_pack("{s:i,s:i,s:i}", "strangers", row.strangers, "missing",
			row.missing, "unknown", row.unknown);
		return err;
	}
	for (int state = 0; !err && state < GROUP_PERSON_STATE_COUNT; state++)
		err = group_person_list(
			o->store, group, (enum group_person_state)state, 0, 1000, add_person, list);
	return err;
}

static enum err head_of(struct place_order *o, json_t **ret_json)
{
	int64_t person = 0;
	enum err err = place_head(o->store, number(o->json, "place"), &person);

	*ret_json = json_pack("{s:I}", "head", (json_int_t)person);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err obey_group(struct store *store, struct desk *desk, const json_t *json, json_t **ret_json)
{
	static const char *const questions[] = {
		"group_list", "group_acts", "group_assets", "group_counts", "group_people"};
	static const char *const people[] = {"group_invite", "group_remove", "group_handover",
		"group_confirm", "group_answer", "group_deputy"};
	struct place_order o = {.store = store, .desk = desk, .json = json};
	const char *what = zalo_json_text(json, "do");

	for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
		if (str_eq(what, questions[i]))
			return ask(&o, ret_json);
	}
	for (size_t i = 0; i < ARRAY_LEN(people); i++) {
		if (str_eq(what, people[i]))
			return do_person(&o);
	}
	if (str_eq(what, "group_head"))
		return head_of(&o, ret_json);
	if (str_eq(what, "group_place"))
		return do_place(&o);
	if (str_eq(what, "group_resident"))
		return do_resident(&o);
	if (str_eq(what, "group_create"))
		return do_create(&o);
	return str_eq(what, "group_set") ? do_set(&o) : do_other(&o);
}
