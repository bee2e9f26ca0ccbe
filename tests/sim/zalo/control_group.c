/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What people do in the Zalo app with a group, and what the shop sells.
 *
 *   GET  /control/groups        {"groups":[…],"assets":[…]} as gmf.h shows them
 *   POST /control/group_do      {"what":…}:
 *     asset {asset, type?, days?, auto_renew?}   a new asset, or other dates of one
 *     set {group, name?, description?, avatar?, lock_send_msg?, join_appr?, …}   by a human
 *     join {group, user, name?}     by the link: a member, or one who asks
 *     leave {group, user}           also takes a request back
 *     answer {group, user, accept?} by a human
 *     dissolve {group}              admin {user}              invites {join}
 */
#include "tests/sim/zalo/control.h"
#include "tests/sim/zalo/gmf.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <string.h>

#define WRONG_KEYS "a key is unknown, missing or of the wrong type"
#define DAYS_MAX   3650

void control_groups(struct server *server, struct reply *reply)
{
	gmf_tick(server->world);
	control_answer(reply, json_deep_copy(server->world->gmf));
}

static const char *do_asset(struct world *world, json_t *json)
{
	json_t *assets = json_object_get(world->gmf, "assets"), *asset;
	const char *what, *id, *type = "gmf50";
	json_int_t days = 365;
	int renews = 0;

	if (json_unpack(json, "{s:s, s:s, s?s, s?I, s?b !}", "what", &what, "asset", &id, "type",
		    &type, "days", &days, "auto_renew", &renews))
		return WRONG_KEYS;
	if (!control_is_id(id) || days > DAYS_MAX || days < -DAYS_MAX)
		return "asset or days is no good";
	asset = gmf_asset(world, id);
	if (!asset) {
		asset = json_pack("{s:s, s:s}", "asset_id", id, "used_id", "");
		MUST_HAVE(asset);
		json_array_append_new(assets, asset);
	}
	json_object_set_new(asset, "type", json_string(type));
	json_object_set_new(asset, "valid_ms", json_integer(world_now_ms(world) + days * DAY_MS));
	json_object_set_new(asset, "auto_renew", json_boolean(renews));
	return NULL;
}

static json_t *group_of(struct world *world, const json_t *json)
{
	gmf_tick(world);
	return gmf_group(world, gmf_text(json, "group"));
}

static const char *do_set(struct world *world, json_t *json)
{
	json_t *group = group_of(world, json), *settings = json_object_get(group, "settings"),
	       *value;
	const char *key;

	if (!group)
		return "group is unknown";
	json_object_foreach (json, key, value) {
		if (str_eq(key, "what") || str_eq(key, "group"))
			continue;
		if (json_object_get(settings, key) && json_is_boolean(value))
			json_object_set(settings, key, value);
		else if ((str_eq(key, "name") || str_eq(key, "description") ||
				 str_eq(key, "avatar")) &&
			 json_is_string(value))
			json_object_set(group, key, value);
		else
			return WRONG_KEYS;
	}
	return NULL;
}

static const char *do_join(struct world *world, json_t *json)
{
	json_t *group = group_of(world, json), *invited = json_object_get(group, "invited");
	const char *what, *group_id, *id, *name = NULL;
	bool asks;
	int at;

	if (json_unpack(json, "{s:s, s:s, s:s, s?s !}", "what", &what, "group", &group_id, "user",
		    &id, "name", &name))
		return WRONG_KEYS;
	if (!group || !control_is_id(id) || (name && strlen(name) >= WORLD_NAME_BYTES))
		return "group, user or name is no good";
	world_user_add(world, id, name);
	at = gmf_find(invited, id);
	if (at >= 0)
		json_array_remove(invited, (size_t)at);
	asks = at < 0 &&
	       json_is_true(json_object_get(json_object_get(group, "settings"), "join_appr"));
	gmf_add(world, json_object_get(group, asks ? "pending" : "members"), id);
	return NULL;
}

static const char *take_out(json_t *group, const char *list, const char *id)
{
	int at = gmf_find(json_object_get(group, list), id);

	if (at < 0)
		return "he is not there";
	json_array_remove(json_object_get(group, list), (size_t)at);
	return NULL;
}

static const char *do_leave(struct world *world, json_t *json)
{
	json_t *group = group_of(world, json);
	const char *id = gmf_text(json, "user");

	if (!group)
		return "group is unknown";
	return take_out(group, "members", id) ? take_out(group, "pending", id) : NULL;
}

static const char *do_answer(struct world *world, json_t *json)
{
	json_t *group = group_of(world, json);
	const char *what, *group_id, *id, *why;
	int is_accepted = 1;

	if (json_unpack(json, "{s:s, s:s, s:s, s?b !}", "what", &what, "group", &group_id, "user",
		    &id, "accept", &is_accepted))
		return WRONG_KEYS;
	if (!group)
		return "group is unknown";
	why = take_out(group, "pending", id);
	if (!why && is_accepted)
		gmf_add(world, json_object_get(group, "members"), id);
	return why;
}

static const char *do_dissolve(struct world *world, json_t *json)
{
	if (!group_of(world, json))
		return "group is unknown";
	gmf_group_end(world, gmf_text(json, "group"));
	return NULL;
}

static const char *do_admin(struct world *world, json_t *json)
{
	const char *id = gmf_text(json, "user");

	if (!control_is_id(id))
		return "user is not an id";
	json_array_append_new(json_object_get(world->gmf, "admins"), json_string(id));
	return NULL;
}

static const char *do_invites(struct world *world, json_t *json)
{
	const json_t *join = json_object_get(json, "join");

	if (!json_is_boolean(join))
		return WRONG_KEYS;
	json_object_set_new(world->gmf, "invites_join", json_boolean(json_is_true(join)));
	return NULL;
}

static const struct {
	const char *what;
	const char *(*act)(struct world *world, json_t *json);
} acts[] = {
	{"asset", do_asset},
	{"set", do_set},
	{"join", do_join},
	{"leave", do_leave},
	{"answer", do_answer},
	{"dissolve", do_dissolve},
	{"admin", do_admin},
	{"invites", do_invites},
};

void control_group_do(struct server *server, const struct call *call, struct reply *reply)
{
	json_t *json = json_loadb(call->body, call->body_len, JSON_REJECT_DUPLICATES, NULL);
	const char *what = gmf_text(json, "what"), *why = "\"what\" is unknown";

	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		if (str_eq(acts[i].what, what)) {
			why = acts[i].act(server->world, json);
			break;
		}
	}
	server->world->is_dirty = true;
	if (why)
		control_refuse(reply, why);
	else
		control_answer(reply, json_pack("{s:b}", "ok", 1));
	json_decref(json);
}
