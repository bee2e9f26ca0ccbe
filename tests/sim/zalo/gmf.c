/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo/gmf.h"

#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <inttypes.h>
#include <string.h>

#define DISSOLVE_MS (45 * DAY_MS)
#define RENEWAL_MS  (365 * DAY_MS)

json_t *gmf_new(void)
{
	json_t *gmf = json_pack("{s:[], s:[], s:[s], s:b, s:i}", "groups", "assets", "admins",
		GMF_ADMIN, "invites_join", 1, "next", 1);

	MUST_HAVE(gmf);
	return gmf;
}

const char *gmf_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

int64_t gmf_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static json_t *find(const json_t *list, const char *key, const char *id)
{
	json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		if (str_eq(gmf_text(item, key), id))
			return item;
	}
	return NULL;
}

json_t *gmf_asset(const struct world *world, const char *id)
{
	return find(json_object_get(world->gmf, "assets"), "asset_id", id);
}

static json_t *group_new(const char *id, const char *name, const char *asset_id)
{
	json_t *group = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:b, s:i, s:{s:b, s:b, s:b, s:b}, s:[], s:[], s:[]}",
		"group_id", id, "name", name, "description", "", "avatar",
		"https://s120-ava-grp.zadn.vn/default.jpg", "asset_id", asset_id, "disabled", 0,
		"auto_delete_ms", 0, "settings", "lock_send_msg", 0, "join_appr", 0,
		"enable_msg_history", 1, "enable_link_join", 1, "members", "pending", "invited");

	MUST_HAVE(group);
	return group;
}

json_t *gmf_group(struct world *world, const char *id)
{
	json_t *groups = json_object_get(world->gmf, "groups");
	json_t *group = find(groups, "group_id", id);
	struct world_group *room = world_group(world, id);

	if (group || !room)
		return group;
	group = group_new(id, room->name, "");
	json_array_append_new(groups, group);
	gmf_add(world, json_object_get(group, "members"), GMF_ADMIN);
	return group;
}

json_t *gmf_groups(struct world *world)
{
	for (size_t i = 0; i < world->group_count; i++)
		gmf_group(world, world->groups[i]->id);
	return json_object_get(world->gmf, "groups");
}

json_t *gmf_group_add(struct world *world, const char *name, const char *asset_id)
{
	int64_t next = gmf_number(world->gmf, "next");
	char id[WORLD_ID_BYTES];
	json_t *group;

	snprintf(id, sizeof(id), "90071992547499%05" PRId64, next);
	json_object_set_new(world->gmf, "next", json_integer(next + 1));
	/* The room's name is only for show; a group's own may be longer. */
	world_group_add(world, id, NULL);
	group = group_new(id, name, asset_id);
	json_array_append_new(json_object_get(world->gmf, "groups"), group);
	json_object_set_new(gmf_asset(world, asset_id), "used_id", json_string(id));
	return group;
}

void gmf_group_end(struct world *world, const char *id)
{
	json_t *groups = json_object_get(world->gmf, "groups"), *group, *asset;
	size_t i;

	json_array_foreach (groups, i, group) {
		if (!str_eq(gmf_text(group, "group_id"), id))
			continue;
		asset = gmf_asset(world, gmf_text(group, "asset_id"));
		if (asset)
			json_object_set_new(asset, "used_id", json_string(""));
		for (size_t r = 0; r < world->group_count; r++) {
			if (!str_eq(world->groups[r]->id, id))
				continue;
			free(world->groups[r]);
			world->group_count--;
			memmove(world->groups + r, world->groups + r + 1,
				(world->group_count - r) * sizeof(void *));
			break;
		}
		json_array_remove(groups, i);
		break;
	}
	world->is_dirty = true;
}

int gmf_group_max(const struct world *world, const json_t *group)
{
	const char *type = gmf_text(gmf_asset(world, gmf_text(group, "asset_id")), "type");
	int64_t max;

	type += strcspn(type, "0123456789");
	return str_to_int64(type, 1, 100000, &max) ? 100 : (int)max;
}

int gmf_find(const json_t *list, const char *user_id)
{
	json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		if (str_eq(gmf_text(item, "user_id"), user_id))
			return (int)i;
	}
	return -1;
}

void gmf_add(struct world *world, json_t *list, const char *user_id)
{
	const struct world_user *user = world_user(world, user_id);

	if (gmf_find(list, user_id) < 0)
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:b}", "user_id", user_id, "name",
				      user ? user->name : "Quản trị viên", "admin", 0));
	world->is_dirty = true;
}

bool gmf_is_admin(const struct world *world, const char *user_id)
{
	const json_t *admins = json_object_get(world->gmf, "admins");
	json_t *admin;
	size_t i;

	json_array_foreach (admins, i, admin) {
		if (str_eq(json_string_value(admin), user_id))
			return true;
	}
	return false;
}

/* ---- time ------------------------------------------------------------------------------------
 */

static void renew(json_t *asset, int64_t now_ms)
{
	int64_t valid_ms = gmf_number(asset, "valid_ms");

	while (valid_ms <= now_ms && json_is_true(json_object_get(asset, "auto_renew")))
		valid_ms += RENEWAL_MS;
	json_object_set_new(asset, "valid_ms", json_integer(valid_ms));
}

static void group_tick(struct world *world, json_t *group, int64_t now_ms)
{
	const json_t *asset = gmf_asset(world, gmf_text(group, "asset_id"));
	struct world_group *room = world_group(world, gmf_text(group, "group_id"));
	int64_t valid_ms = gmf_number(asset, "valid_ms");
	bool is_over = asset && valid_ms <= now_ms;

	if (asset) {
		json_object_set_new(group, "disabled", json_boolean(is_over));
		json_object_set_new(group, "auto_delete_ms",
			json_integer(is_over ? valid_ms + DISSOLVE_MS : 0));
	}
	if (room && asset)
		room->is_disabled = is_over;
}

void gmf_tick(struct world *world)
{
	json_t *assets = json_object_get(world->gmf, "assets"), *groups = gmf_groups(world), *item;
	int64_t now_ms = world_now_ms(world);
	size_t i;

	json_array_foreach (assets, i, item)
		renew(item, now_ms);
	json_array_foreach (groups, i, item)
		group_tick(world, item, now_ms);
	for (i = json_array_size(groups); i-- > 0;) {
		int64_t end_ms;

		item = json_array_get(groups, i);
		end_ms = gmf_number(item, "auto_delete_ms");
		if (end_ms && end_ms <= now_ms)
			gmf_group_end(world, gmf_text(item, "group_id"));
	}
}
