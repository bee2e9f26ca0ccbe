/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The calls of the group pages of the OA API v3 (GMF): assets, making and changing a group, its
 * members and those who ask to be. What a call does to several people it does to all or to none.
 */
#include "tests/sim/zalo/api.h"
#include "tests/sim/zalo/gmf.h"
#include "tests/sim/zalo/sha256.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <inttypes.h>
#include <string.h>

#define MEMBERS_MAX    99
#define NAME_MAX_BYTES 200

static json_t *body_of(const struct call *call)
{
	json_t *body = json_loadb(call->body, call->body_len, 0, NULL);

	if (json_is_object(body))
		return body;
	json_decref(body);
	return NULL;
}

static json_t *time_text(int64_t ms)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, ms);
	return json_string(text);
}

/* ---- what is shown ---------------------------------------------------------------------------
 */

static json_t *group_row(const json_t *group)
{
	const char *id = gmf_text(group, "group_id");
	uint8_t digest[SHA256_BYTES];
	char name[13], link[96];

	/* As with the real one the link does not tell the id. */
	sha256(id, strlen(id), digest);
	str_hex(digest, 6, name);
	snprintf(link, sizeof(link), "https://zalo.me/g/%s", name);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:s}", "group_id",
		gmf_text(group, "group_id"), "name", gmf_text(group, "name"), "avatar",
		gmf_text(group, "avatar"), "group_link", link, "group_description",
		gmf_text(group, "description"), "total_member",
		(json_int_t)json_array_size(json_object_get(group, "members")), "status",
		json_is_true(json_object_get(group, "disabled")) ? "disabled" : "enabled");
}

static json_t *group_whole(const struct world *world, const json_t *group)
{
	const json_t *asset = gmf_asset(world, gmf_text(group, "asset_id"));
	int64_t end_ms = gmf_number(group, "auto_delete_ms");
	json_t *info = group_row(group);

	json_object_set_new(info, "max_member", json_integer(gmf_group_max(world, group)));
	json_object_set_new(info, "auto_delete_date", end_ms ? time_text(end_ms) : json_string(""));
	return json_pack("{s:o, s:{s:s, s:s, s:o, s:b}, s:O}", "group_info", info, "asset_info",
		"asset_type", gmf_text(asset, "type"), "asset_id", gmf_text(group, "asset_id"),
		"valid_through", time_text(gmf_number(asset, "valid_ms")), "auto_renew",
		json_is_true(json_object_get(asset, "auto_renew")), "group_setting",
		json_object_get(group, "settings"));
}

void api_group_assets(struct world *world, const struct call *call, struct reply *reply)
{
	json_t *body = body_of(call), *rows = json_array(), *asset;
	const char *owner = json_string_value(json_object_get(body, "quota_owner"));
	const json_t *assets = json_object_get(world->gmf, "assets");
	bool is_ours = str_eq(owner, "OA"), is_good = is_ours || str_eq(owner, "APP");
	size_t i;

	gmf_tick(world);
	json_decref(body);
	if (!is_good) {
		json_decref(rows);
		return api_fail(reply, -201);
	}
	json_array_foreach (assets, i, asset) {
		const char *used = gmf_text(asset, "used_id");

		json_array_append_new(
			rows, json_pack("{s:s, s:s, s:s, s:o, s:b, s:s, s:s}", "product_type",
				      gmf_text(asset, "type"), "quota_type", "sub_quota",
				      "asset_id", gmf_text(asset, "asset_id"), "valid_through",
				      time_text(gmf_number(asset, "valid_ms")), "auto_renew",
				      json_is_true(json_object_get(asset, "auto_renew")), "status",
				      used[0] ? "used" : "available", "used_id", used));
	}
	api_answer(reply, rows);
}

/* One page of a list: {offset,count,total,<counted>,<key>:[…]}. */
static void answer_page(const struct call *call, const json_t *rows, const char *counted,
	const char *key, struct reply *reply)
{
	int64_t offset = call_query_number(call, "offset", 0);
	int64_t count = call_query_number(call, "count", 5);
	int64_t total = (int64_t)json_array_size(rows);
	json_t *page = json_array();

	if (offset < 0 || count < 1 || count > API_COUNT_MAX) {
		json_decref(page);
		return api_fail(reply, count > API_COUNT_MAX ? -210 : -201);
	}
	for (int64_t i = offset; i < offset + count && i < total; i++)
		json_array_append(page, json_array_get(rows, (size_t)i));
	api_answer(reply, json_pack("{s:I, s:I, s:I, s:I, s:o}", "offset", (json_int_t)offset,
				  "count", (json_int_t)count, "total", (json_int_t)total, counted,
				  (json_int_t)json_array_size(page), key, page));
}

void api_group_all(struct world *world, const struct call *call, struct reply *reply)
{
	json_t *rows = json_array(), *group;
	size_t i;

	gmf_tick(world);
	json_array_foreach (gmf_groups(world), i, group)
		json_array_append_new(rows, group_row(group));
	answer_page(call, rows, "group_count", "groups", reply);
	json_decref(rows);
}

static json_t *queried_group(struct world *world, const struct call *call)
{
	const char *id = call_query(call, "group_id");

	gmf_tick(world);
	return id ? gmf_group(world, id) : NULL;
}

void api_group_show(struct world *world, const struct call *call, struct reply *reply)
{
	json_t *group = queried_group(world, call);

	if (!group)
		return api_fail(reply, call_query(call, "group_id") ? -403 : -201);
	api_answer(reply, group_whole(world, group));
}

static void list_people(
	struct world *world, const struct call *call, const char *list, struct reply *reply)
{
	json_t *group = queried_group(world, call), *rows = json_array(), *person;
	bool is_members = str_eq(list, "members");
	size_t i;

	if (!group) {
		json_decref(rows);
		return api_fail(reply, -403);
	}
	if (is_members)
		json_array_append_new(
			rows, json_pack("{s:s, s:s, s:s}", "oa_id", world->options.oa_id, "name",
				      "OA", "avatar", ""));
	json_array_foreach (json_object_get(group, list), i, person)
		json_array_append_new(
			rows, json_pack("{s:o, s:s, s:s}", "user_id",
				      api_user_id(world, gmf_text(person, "user_id")), "name",
				      gmf_text(person, "name"), "avatar", ""));
	answer_page(call, rows, "member_count", "members", reply);
	json_decref(rows);
}

void api_group_members(struct world *world, const struct call *call, struct reply *reply)
{
	list_people(world, call, "members", reply);
}

void api_group_pending(struct world *world, const struct call *call, struct reply *reply)
{
	list_people(world, call, "pending", reply);
}

/* ---- what is done ----------------------------------------------------------------------------
 */

/* Ids of member_user_ids, or why not. */
static int take_ids(const json_t *body, json_t *ids)
{
	const json_t *list = json_object_get(body, "member_user_ids");
	char id[WORLD_ID_BYTES];
	json_t *item;
	size_t i;

	if (json_array_size(list) < 1)
		return -201;
	if (json_array_size(list) > MEMBERS_MAX)
		return -210;
	json_array_foreach (list, i, item) {
		if (!api_id(item, id))
			return -201;
		json_array_append_new(ids, json_string(id));
	}
	return 0;
}

static int check_create(
	struct world *world, const json_t *body, json_t *ids, const char **ret_asset)
{
	const char *name = gmf_text(body, "group_name"), *id;
	json_t *asset, *item;
	bool has_admin = false;
	size_t i;
	int error = take_ids(body, ids);

	if (error)
		return error;
	asset = gmf_asset(world, gmf_text(body, "asset_id"));
	if (!name[0] || !asset)
		return -201;
	if (strlen(name) > NAME_MAX_BYTES)
		return -210;
	if (gmf_text(asset, "used_id")[0] || gmf_number(asset, "valid_ms") <= world_now_ms(world))
		return -238;
	json_array_foreach (ids, i, item) {
		id = json_string_value(item);
		has_admin |= gmf_is_admin(world, id);
		if (!gmf_is_admin(world, id) && !world_user(world, id))
			return -201;
	}
	*ret_asset = gmf_text(asset, "asset_id");
	return has_admin ? 0 : -201;
}

void api_group_create(struct world *world, const struct call *call, struct reply *reply)
{
	json_t *body = body_of(call), *ids = json_array(), *group, *item;
	const char *asset = NULL;
	size_t i;
	int error;

	gmf_tick(world);
	error = check_create(world, body, ids, &asset);
	if (error) {
		api_fail(reply, error);
	} else {
		group = gmf_group_add(world, gmf_text(body, "group_name"), asset);
		json_object_set_new(
			group, "description", json_string(gmf_text(body, "group_description")));
		json_array_foreach (ids, i, item)
			gmf_add(world, json_object_get(group, "members"), json_string_value(item));
		reply->has_acted = true;
		api_answer(reply, group_row(group));
	}
	json_decref(ids);
	json_decref(body);
}

/* The group of a POST, or NULL and the failure in the reply. */
static json_t *posted_group(struct world *world, const json_t *body, struct reply *reply)
{
	char id[WORLD_ID_BYTES];
	json_t *group;

	gmf_tick(world);
	if (!api_id(json_object_get(body, "group_id"), id)) {
		api_fail(reply, -201);
		return NULL;
	}
	group = gmf_group(world, id);
	if (!group)
		api_fail(reply, -403);
	return group;
}

static bool take_setting(json_t *settings, const char *name, const json_t *value)
{
	if (!value)
		return true;
	if (!json_is_boolean(value))
		return false;
	json_object_set_new(settings, name, json_boolean(json_is_true(value)));
	return true;
}

static int change(struct world *world, json_t *group, const json_t *body)
{
	static const char *const names[] = {
		"lock_send_msg", "join_appr", "enable_msg_history", "enable_link_join"};
	json_t *settings = json_object_get(group, "settings");
	const char *name = gmf_text(body, "group_name"), *url = gmf_text(body, "group_avatar");
	char avatar[128];

	if (json_is_true(json_object_get(group, "disabled")))
		return -237;
	if (strlen(name) > NAME_MAX_BYTES)
		return -210;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!take_setting(settings, names[i], json_object_get(body, names[i])))
			return -201;
	}
	if (name[0])
		json_object_set_new(group, "name", json_string(name));
	if (json_object_get(body, "group_description"))
		json_object_set_new(
			group, "description", json_string(gmf_text(body, "group_description")));
	if (url[0]) {
		/* The platform fetches it and shows a copy of its own, under a passing query. */
		snprintf(avatar, sizeof(avatar), "https://s120-ava-grp.zadn.vn/%08x.jpg?t=%" PRId64,
			(unsigned)(strlen(url) * 2654435761u), world_now_ms(world));
		json_object_set_new(group, "avatar", json_string(avatar));
	}
	world->is_dirty = true;
	return 0;
}

void api_group_update(struct world *world, const struct call *call, struct reply *reply)
{
	json_t *body = body_of(call), *group = posted_group(world, body, reply);
	int error = group ? change(world, group, body) : 0;

	if (error)
		api_fail(reply, error);
	else if (group) {
		reply->has_acted = true;
		api_answer(reply, group_whole(world, group));
	}
	json_decref(body);
}

void api_group_renew(struct world *world, const struct call *call, struct reply *reply)
{
	json_t *body = body_of(call), *group = posted_group(world, body, reply), *asset, *old;

	if (!group) {
		json_decref(body);
		return;
	}
	asset = gmf_asset(world, gmf_text(body, "asset_id"));
	old = gmf_asset(world, gmf_text(group, "asset_id"));
	if (!asset || gmf_text(asset, "used_id")[0] ||
		gmf_number(asset, "valid_ms") <= world_now_ms(world)) {
		api_fail(reply, asset ? -238 : -201);
	} else {
		if (old)
			json_object_set_new(old, "used_id", json_string(""));
		json_object_set(asset, "used_id", json_object_get(group, "group_id"));
		json_object_set(group, "asset_id", json_object_get(asset, "asset_id"));
		gmf_tick(world);
		world->is_dirty = true;
		reply->has_acted = true;
		api_answer(reply, group_whole(world, group));
	}
	json_decref(body);
}

void api_group_delete(struct world *world, const struct call *call, struct reply *reply)
{
	json_t *body = body_of(call), *group = posted_group(world, body, reply);

	if (group) {
		gmf_group_end(world, gmf_text(body, "group_id"));
		reply->has_acted = true;
		api_answer(reply, json_object());
	}
	json_decref(body);
}

/* ---- people ----------------------------------------------------------------------------------
 */

typedef int (*person_fn)(struct world *world, json_t *group, const char *id, bool is_trial);

static int invite_one(struct world *world, json_t *group, const char *id, bool is_trial)
{
	const struct world_user *user = world_user(world, id);
	bool joins = json_is_true(json_object_get(world->gmf, "invites_join"));

	if (!user)
		return -201;
	if (user->error)
		return user->error;
	if (user->last_ms < 0 || world_now_ms(world) - user->last_ms > 7 * DAY_MS)
		return -230;
	if (!is_trial)
		gmf_add(world, json_object_get(group, joins ? "members" : "invited"), id);
	return 0;
}

static int settle_one(json_t *group, const char *id, bool is_trial)
{
	json_t *pending = json_object_get(group, "pending");
	int at = gmf_find(pending, id);

	if (at < 0)
		return -201;
	if (!is_trial)
		json_array_remove(pending, (size_t)at);
	return 0;
}

static int accept_one(struct world *world, json_t *group, const char *id, bool is_trial)
{
	json_t *members = json_object_get(group, "members");

	if ((int)json_array_size(members) >= gmf_group_max(world, group))
		return -210;
	if (settle_one(group, id, is_trial))
		return -201;
	if (!is_trial)
		gmf_add(world, members, id);
	return 0;
}

static int reject_one(struct world *world, json_t *group, const char *id, bool is_trial)
{
	world->is_dirty = true;
	return settle_one(group, id, is_trial);
}

static int remove_one(struct world *world, json_t *group, const char *id, bool is_trial)
{
	json_t *members = json_object_get(group, "members");
	int at = gmf_find(members, id);

	if (at < 0)
		return -201;
	if (!is_trial)
		json_array_remove(members, (size_t)at);
	world->is_dirty = true;
	return 0;
}

static int set_admin(struct world *world, json_t *group, const char *id, bool is_trial, bool is_on)
{
	json_t *members = json_object_get(group, "members");
	int at = gmf_find(members, id);

	if (at < 0)
		return -201;
	if (!is_trial)
		json_object_set_new(
			json_array_get(members, (size_t)at), "admin", json_boolean(is_on));
	world->is_dirty = true;
	return 0;
}

static int promote_one(struct world *world, json_t *group, const char *id, bool is_trial)
{
	return set_admin(world, group, id, is_trial, true);
}

static int demote_one(struct world *world, json_t *group, const char *id, bool is_trial)
{
	return set_admin(world, group, id, is_trial, false);
}

static void people(struct world *world, const struct call *call, person_fn one, struct reply *reply)
{
	json_t *body = body_of(call), *group = posted_group(world, body, reply);
	json_t *ids = json_array(), *item;
	int error = group ? take_ids(body, ids) : 0;
	size_t i;

	for (int pass = 0; group && !error && pass < 2; pass++) {
		json_array_foreach (ids, i, item) {
			if (!error)
				error = one(world, group, json_string_value(item), pass == 0);
		}
	}
	if (error) {
		api_fail(reply, error);
	} else if (group) {
		reply->has_acted = true;
		api_answer(reply, json_object());
	}
	json_decref(ids);
	json_decref(body);
}

void api_group_invite(struct world *world, const struct call *call, struct reply *reply)
{
	people(world, call, invite_one, reply);
}

void api_group_accept(struct world *world, const struct call *call, struct reply *reply)
{
	people(world, call, accept_one, reply);
}

void api_group_reject(struct world *world, const struct call *call, struct reply *reply)
{
	people(world, call, reject_one, reply);
}

void api_group_remove(struct world *world, const struct call *call, struct reply *reply)
{
	people(world, call, remove_one, reply);
}

void api_group_promote(struct world *world, const struct call *call, struct reply *reply)
{
	people(world, call, promote_one, reply);
}

void api_group_demote(struct world *world, const struct call *call, struct reply *reply)
{
	people(world, call, demote_one, reply);
}
