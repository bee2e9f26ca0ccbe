/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo_link/cloud_group.h"

#include "daemon/base/str.h"

#include <stdio.h>
#include <string.h>

#define NO_GROUP -403

static struct cloud_person *person(const char *user)
{
	struct cloud_group *g = &cloud->group;

	for (int i = 0; i < g->person_count; i++) {
		if (str_eq(g->person[i].user, user))
			return &g->person[i];
	}
	CHECK(g->person_count < CLOUD_PEOPLE);
	CHECK(!str_copy(g->person[g->person_count].user, sizeof(g->person[0].user), user));
	return &g->person[g->person_count++];
}

const struct cloud_person *cloud_group_person(const char *user)
{
	return person(user);
}

const char *cloud_group_id(void)
{
	static char id[16];

	snprintf(id, sizeof(id), "%d", 7000 + cloud->group.created);
	return cloud->group.exists ? id : "";
}

void cloud_group_ask(const char *user)
{
	struct cloud_person *p = person(user);

	if (!cloud->group.exists || p->is_in || p->is_asking)
		return;
	/* Without approval there is nobody to ask. */
	p->is_asking = cloud->group.on[ZALO_SWITCH_APPR];
	p->is_in = !p->is_asking;
	p->came += p->is_in;
}

void cloud_group_leave(const char *user)
{
	struct cloud_person *p = person(user);

	p->left += p->is_in || p->is_asking;
	p->is_in = p->is_asking = p->is_deputy = false;
}

void cloud_group_rename(const char *name)
{
	CHECK(!str_copy(cloud->group.name, sizeof(cloud->group.name), name));
}

void cloud_group_toggle(enum zalo_switch which)
{
	cloud->group.on[which] = !cloud->group.on[which];
}

static int members(void)
{
	int count = 0;

	for (int i = 0; i < cloud->group.person_count; i++)
		count += cloud->group.person[i].is_in;
	return count;
}

static json_t *info(void)
{
	const struct cloud_group *g = &cloud->group;

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:i}", "group_id", cloud_group_id(),
		"name", g->name, "group_link", "https://zalo.me/g/x", "status", "enabled",
		"group_description", "", "total_member", members(), "max_member", 50);
}

static json_t *detail(void)
{
	json_t *setting = json_object();

	for (int i = 0; i < ZALO_SWITCH_COUNT; i++)
		json_object_set_new(setting, zalo_switch_text((enum zalo_switch)i),
			json_boolean(cloud->group.on[i]));
	return json_pack("{s:o, s:{s:s, s:s, s:s, s:b}, s:o}", "group_info", info(), "asset_info",
		"asset_type", "gmf50", "asset_id", CLOUD_ASSET, "valid_through", "31/12/2099",
		"auto_renew", 0, "group_setting", setting);
}

static json_t *assets(void)
{
	bool is_used = cloud->group.exists;

	return json_pack("[{s:s, s:s, s:s, s:s, s:b, s:s, s:s}]", "product_type", "gmf50",
		"quota_type", "sub_quota", "asset_id", CLOUD_ASSET, "valid_through", "31/12/2099",
		"auto_renew", 0, "status", is_used ? "used" : "available", "used_id",
		cloud_group_id());
}

static json_t *list(bool is_asking)
{
	json_t *rows = json_array();

	for (int i = 0; i < cloud->group.person_count; i++) {
		const struct cloud_person *p = &cloud->group.person[i];

		if (is_asking ? p->is_asking : p->is_in)
			json_array_append_new(
				rows, json_pack("{s:s, s:s}", "user_id", p->user, "name", "x"));
	}
	return json_pack("{s:i, s:o}", "total", (int)json_array_size(rows), "members", rows);
}

static json_t *groups(void)
{
	json_t *rows = cloud->group.exists ? json_pack("[o]", info()) : json_array();

	return json_pack("{s:i, s:o}", "total", (int)json_array_size(rows), "groups", rows);
}

static json_t *create(const json_t *body, int *ret_error)
{
	struct cloud_group *g = &cloud->group;
	const json_t *ids = json_object_get(body, "member_user_ids"), *id;
	size_t i;

	if (g->exists) {
		*ret_error = -238;
		return NULL;
	}
	g->exists = true;
	g->created++;
	CHECK(!str_copy(
		g->name, sizeof(g->name), json_string_value(json_object_get(body, "group_name"))));
	json_array_foreach (ids, i, id)
		person(json_string_value(id))->is_in = true;
	person(CLOUD_BINH)->is_asking = true;
	return info();
}

static json_t *update(const json_t *body)
{
	struct cloud_group *g = &cloud->group;
	const json_t *name = json_object_get(body, "group_name");

	if (name)
		CHECK(!str_copy(g->name, sizeof(g->name), json_string_value(name)));
	for (int i = 0; i < ZALO_SWITCH_COUNT; i++) {
		const json_t *on = json_object_get(body, zalo_switch_text((enum zalo_switch)i));

		if (on)
			g->on[i] = json_is_true(on);
	}
	return detail();
}

static void of_each(const json_t *body, void (*act)(struct cloud_person *p))
{
	const json_t *id;
	size_t i;

	json_array_foreach (json_object_get(body, "member_user_ids"), i, id)
		act(person(json_string_value(id)));
}

static void invite(struct cloud_person *p)
{
	p->invited++;
	p->is_in = true;
	p->is_asking = false;
}

static void accept(struct cloud_person *p)
{
	p->accepted++;
	p->let_in += p->is_asking;
	p->is_in = p->is_in || p->is_asking;
	p->is_asking = false;
}

static void reject(struct cloud_person *p)
{
	p->is_asking = false;
}

static void take_out(struct cloud_person *p)
{
	p->removed++;
	p->put_out += p->is_in;
	p->is_in = p->is_deputy = false;
}

static void dissolve(void)
{
	struct cloud_group *g = &cloud->group;

	for (int i = 0; i < g->person_count; i++)
		g->person[i].is_in = g->person[i].is_asking = g->person[i].is_deputy = false;
	g->exists = false;
	g->deleted++;
}

static void appoint(struct cloud_person *p)
{
	p->is_deputy = true;
}

static void dismiss(struct cloud_person *p)
{
	p->is_deputy = false;
}

static const struct {
	const char *path;
	json_t *(*read)(void);
	void (*act)(struct cloud_person *p);
} calls[] = {
	{"/getgroupsofoa", groups, NULL},
	{"/getgroup?", detail, NULL},
	{"/invite", NULL, invite},
	{"/acceptpendinginvite", NULL, accept},
	{"/rejectpendinginvite", NULL, reject},
	{"/removemembers", NULL, take_out},
	{"/addadmins", NULL, appoint},
	{"/removeadmins", NULL, dismiss},
};

/* Not about one that was dissolved before it. */
static bool is_about_it(const char *url, const json_t *body)
{
	const char *at = strstr(url, "group_id="), *id = cloud_group_id();
	size_t len = strlen(id);

	if (!at)
		return len && str_eq(json_string_value(json_object_get(body, "group_id")), id);
	return len && strncmp(at + 9, id, len) == 0;
}

bool cloud_group_call(
	const char *url, const json_t *body, int *ret_error, json_t **ret_data, bool *ret_acted)
{
	const char *group = strstr(url, "/oa/group/");

	*ret_data = NULL;
	*ret_error = 0;
	if (strstr(url, "/quota/group"))
		*ret_data = assets();
	else if (strstr(url, "/user/detail"))
		*ret_data = json_pack("{s:{}}", "shared_info");
	if (*ret_data)
		return true;
	if (!group || strstr(url, "/message") || strstr(url, "recentchat") ||
		strstr(url, "conversation"))
		return false;
	if (strstr(url, "/creategroupwithoa")) {
		*ret_data = create(body, ret_error);
		*ret_acted = !*ret_error;
		return true;
	}
	if (!strstr(url, "/getgroupsofoa") && !is_about_it(url, body)) {
		*ret_error = NO_GROUP;
		return true;
	}
	if (strstr(url, "/group/delete")) {
		dissolve();
		*ret_acted = true;
		return true;
	}
	if (strstr(url, "/listpendinginvite") || strstr(url, "/listmember")) {
		*ret_data = list(strstr(url, "/listpendinginvite") != NULL);
		return true;
	}
	if (strstr(url, "/updateinfo")) {
		*ret_data = update(body);
		*ret_acted = true;
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		if (!strstr(url, calls[i].path))
			continue;
		if (calls[i].read) {
			*ret_data = calls[i].read();
		} else {
			of_each(body, calls[i].act);
			*ret_acted = true;
		}
		return true;
	}
	*ret_error = 404;
	return true;
}
