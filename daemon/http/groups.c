/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Zalo groups as an officer sees them. People are numbers ("thành viên #12"); a name is shown
 * only of who asks to join, to whom has to decide about it.
 */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/group.h"
#include "store/place.h"
#include "store/resident.h"

#include <string.h>

#define PEOPLE_MAX 200 /* of a list; the counts tell of all */

static json_t *words_json(const char *words)
{
	json_t *list = json_array();

	while (*words) {
		size_t len = strcspn(words, " ");

		json_array_append_new(list, json_stringn(words, len));
		words += len + (words[len] == ' ');
	}
	return list;
}

static json_t *text_or_null(const char *text)
{
	return text[0] ? json_text(text) : json_null();
}

static json_t *group_json(struct store *store, const struct zalo_group *g)
{
	int64_t requests = 0, ignored;
	struct place place = {0};

	if (g->place_id && place_load(store, g->place_id, &place))
		return NULL;
	if (group_person_counts(store, g->id, GROUP_PERSON_ASKING, &requests, &ignored))
		return NULL;
	return json_pack(
		"{s:I, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:i, s:i, s:I, s:i, s:i, s:i, s:o, "
		"s:o, s:o, s:o}",
		"id", (json_int_t)g->id, "place", text_or_null(place.code), "place_name",
		text_or_null(place.name), "state", zalo_group_state_text(g->state), "name",
		json_text(g->is.name[0] ? g->is.name : g->want.name), "asset",
		text_or_null(g->asset_id), "asset_type", text_or_null(g->asset_type), "ends",
		json_time(g->state == ZALO_GROUP_DISABLED ? g->dissolves_ms : g->expires_ms),
		"members", g->members, "members_max", g->members_max, "requests",
		(json_int_t)requests, "strangers", g->strangers, "missing", g->missing, "unknown",
		g->unknown, "drift", words_json(g->drift), "drift_at", json_time(g->drift_ms),
		"checked", json_time(g->checked_ms), "compared", json_time(g->members_ms));
}

static void row_add(void *arg, const struct zalo_group *group)
{
	struct http_list *list = arg;

	http_list_add(list, group->id, group_json(list->store, group));
}

void groups_get(struct http_request *req)
{
	struct http_list list;

	if (http_list_begin(&list, req, "groups"))
		http_list_end(&list, zalo_group_list(list.store, list.page.before, list.page.limit,
					     row_add, &list));
}

enum err group_of_path(struct http_request *req, struct zalo_group *ret_group)
{
	struct errbuf eb = {0};
	int64_t id = 0;
	enum err err = str_to_int64(req->param, 1, INT64_MAX, &id);

	if (err != ERR_OK)
		errbuf_set(&eb, err, "a group is named by its number");
	else
		err = zalo_group_load(req->http->options.store, id, ret_group);
	if (err == ERR_NOT_FOUND)
		errbuf_set(&eb, err, "there is no group %s", req->param);
	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	return err;
}

/* ---- one group -------------------------------------------------------------------------------
 */

static json_t *look_json(const struct zalo_group_look *look)
{
	json_t *json = json_pack("{s:o, s:o, s:o}", "name", text_or_null(look->name), "description",
		text_or_null(look->description), "avatar", text_or_null(look->avatar));

	for (int i = 0; i < ZALO_SWITCH_COUNT; i++)
		json_object_set_new(json, zalo_switch_text((enum zalo_switch)i),
			look->on[i] < 0 ? json_null() : json_boolean(look->on[i]));
	return json;
}

struct role_search {
	int64_t people[PEOPLE_MAX];
	int count;
};

static void role_note(void *arg, const struct group_person *person)
{
	struct role_search *search = arg;

	if (person->has_role && search->count < PEOPLE_MAX)
		search->people[search->count++] = person->id;
}

static enum err roles_json(
	struct store *store, const struct zalo_group *group, json_t **ret_head, json_t *deputies)
{
	struct role_search search = {.count = 0};
	enum err err = group_person_list(
		store, group->id, GROUP_PERSON_MEMBER, 0, INT32_MAX, role_note, &search);

	*ret_head = json_null();
	for (int i = 0; !err && i < search.count; i++) {
		enum place_role role;

		err = place_role_get(store, group->place_id, search.people[i], &role);
		if (!err && role == PLACE_ROLE_HEAD)
			*ret_head = json_integer(search.people[i]);
		else if (!err)
			json_array_append_new(deputies, json_integer(search.people[i]));
	}
	return err;
}

void group_get(struct http_request *req)
{
	struct store *store = req->http->options.store;
	struct zalo_group group;
	json_t *json, *head, *deputies = json_array();
	enum err err;

	if (group_of_path(req, &group) != ERR_OK) {
		json_decref(deputies);
		return;
	}
	err = roles_json(store, &group, &head, deputies);
	json = err ? NULL : group_json(store, &group);
	json_object_set_new(json, "link", text_or_null(group.link));
	json_object_set_new(json, "wanted", look_json(&group.want));
	json_object_set_new(json, "is", look_json(&group.is));
	json_object_set_new(json, "auto_accept", json_boolean(group.is_auto_accept));
	json_object_set(json, "head", head);
	json_object_set(json, "deputies", deputies);
	json_decref(head);
	json_decref(deputies);
	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK, json);
}

/* ---- its people ------------------------------------------------------------------------------
 */

static void stranger_add(void *arg, const struct group_person *person)
{
	if (!person->is_listed && !person->has_role && !person->is_confirmed &&
		json_array_size(arg) < PEOPLE_MAX)
		json_array_append_new(arg, json_pack("{s:I, s:o}", "person", (json_int_t)person->id,
						   "since", json_time(person->first_ms)));
}

static void missing_add(void *arg, int64_t resident_id, bool is_on_zalo)
{
	json_array_append_new(arg, json_pack("{s:I, s:b}", "resident", (json_int_t)resident_id,
					   "on_zalo", is_on_zalo));
}

/* Who is in that should not be, and who is missing: numbers, no names. */
void group_members_get(struct http_request *req)
{
	struct store *store = req->http->options.store;
	json_t *strangers, *missing;
	struct zalo_group group;
	enum err err;

	if (group_of_path(req, &group) != ERR_OK)
		return;
	strangers = json_array();
	missing = json_array();
	err = group_person_list(
		store, group.id, GROUP_PERSON_MEMBER, 0, INT32_MAX, stranger_add, strangers);
	if (!err && group.place_id)
		err = group_missing_list(
			store, group.id, group.place_id, 0, PEOPLE_MAX, missing_add, missing);
	if (!err)
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:I, s:o, s:i, s:i, s:i, s:i, s:O, s:O}", "group",
				(json_int_t)group.id, "compared", json_time(group.members_ms),
				"members", group.members, "stranger_count", group.strangers,
				"missing_count", group.missing, "unknown_count", group.unknown,
				"strangers", strangers, "missing", missing));
	else
		http_reply_err(req, err, NULL);
	json_decref(strangers);
	json_decref(missing);
}

static void request_add(void *arg, const struct group_person *person)
{
	if (json_array_size(arg) < PEOPLE_MAX)
		json_array_append_new(
			arg, json_pack("{s:I, s:o, s:b, s:b}", "person", (json_int_t)person->id,
				     "since", json_time(person->first_ms), "on_list",
				     person->is_listed, "invited", person->is_confirmed));
}

/* His name, what the list says to it, and whether an answer is on its way. */
static enum err request_complete(
	struct http_request *req, const struct zalo_group *group, json_t *row)
{
	const struct http_options *options = &req->http->options;
	int64_t id = json_integer_value(json_object_get(row, "person"));
	struct group_act act;
	struct buf name;
	bool is_named;
	enum err err = desk_request_is_named(options->desk, id, &is_named);

	if (err)
		return err;
	json_object_set_new(row, "same_name_on_list", json_boolean(is_named));
	buf_init(&name, GROUP_PERSON_NAME_MAX);
	err = group_person_name(options->store, id, &name);
	json_object_set_new(row, "name", err ? json_null() : json_text(buf_text(&name)));
	buf_wipe(&name);
	if (err && err != ERR_NOT_FOUND)
		return err;
	err = group_act_open(options->store, group->id, -1, id, &act);
	json_object_set_new(
		row, "answer", err ? json_null() : json_string(group_act_kind_text(act.kind)));
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

void group_requests_get(struct http_request *req)
{
	struct zalo_group group;
	json_t *rows, *row;
	size_t i;
	enum err err;

	if (group_of_path(req, &group) != ERR_OK)
		return;
	rows = json_array();
	err = group_person_list(req->http->options.store, group.id, GROUP_PERSON_ASKING, 0,
		PEOPLE_MAX, request_add, rows);
	json_array_foreach (rows, i, row) {
		if (!err)
			err = request_complete(req, &group, row);
	}
	if (!err)
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:I, s:o, s:O}", "group", (json_int_t)group.id, "read",
				json_time(group.requests_ms), "requests", rows));
	else
		http_reply_err(req, err, NULL);
	json_decref(rows);
}

/* ---- assets ----------------------------------------------------------------------------------
 */

static void asset_add(void *arg, const struct zalo_asset *asset)
{
	json_array_append_new(
		arg, json_pack("{s:s, s:s, s:o, s:b, s:b, s:o}", "asset", asset->asset_id, "type",
			     asset->type, "ends", json_time(asset->expires_ms), "auto_renew",
			     asset->is_renewed, "used", asset->is_used, "read",
			     json_time(asset->seen_ms)));
}

void group_assets_get(struct http_request *req)
{
	json_t *rows = json_array();
	enum err err = zalo_asset_list(req->http->options.store, asset_add, rows);

	if (!err)
		http_reply_json(req, MHD_HTTP_OK, json_pack("{s:O}", "assets", rows));
	else
		http_reply_err(req, err, NULL);
	json_decref(rows);
}

/* ---- for the status --------------------------------------------------------------------------
 */

struct sums {
	int64_t now_ms;
	int groups, unlinked, drift, strangers, disabled, ending_days;
	int64_t requests;
};

#define ENDS_SOON_DAYS 14

static void sum_up(void *arg, const struct zalo_group *g)
{
	struct sums *sums = arg;
	int64_t left_ms = g->expires_ms - sums->now_ms;
	int days = (int)((left_ms + DAY_MS - 1) / DAY_MS);

	if (!zalo_group_lives(g->state))
		return;
	sums->groups++;
	if (!g->place_id) {
		sums->unlinked++;
		return;
	}
	sums->drift += g->drift[0] != 0;
	sums->strangers += g->strangers;
	sums->disabled += g->state == ZALO_GROUP_DISABLED;
	if (g->state == ZALO_GROUP_ACTIVE && g->expires_ms && !g->is_renewed && left_ms > 0 &&
		left_ms <= ENDS_SOON_DAYS * DAY_MS &&
		(sums->ending_days < 0 || days < sums->ending_days))
		sums->ending_days = days;
}

json_t *json_groups(struct store *store, enum err *ret_err)
{
	struct sums sums = {.now_ms = clock_wall_ms(store_clock(store)), .ending_days = -1};
	int64_t in_doubt = 0, failed = 0, queued = 0, residents = 0;
	enum err err = zalo_group_list(store, 0, INT32_MAX, sum_up, &sums);

	if (!err)
		err = group_requests_open(store, &sums.requests);
	if (!err)
		err = group_act_count(store, GROUP_ACT_STATE_IN_DOUBT, &in_doubt);
	if (!err)
		err = group_act_count(store, GROUP_ACT_STATE_QUEUED, &queued);
	if (!err)
		err = group_act_failed_since(store, sums.now_ms - DAY_MS, &failed);
	if (!err)
		err = resident_count(store, &residents);
	if (err) {
		*ret_err = err;
		return NULL;
	}
	return json_pack("{s:i, s:i, s:i, s:i, s:i, s:o, s:I, s:I, s:I, s:I, s:I}", "count",
		sums.groups, "unlinked", sums.unlinked, "drift", sums.drift, "strangers",
		sums.strangers, "disabled", sums.disabled, "ending_days",
		sums.ending_days < 0 ? json_null() : json_integer(sums.ending_days), "requests",
		(json_int_t)sums.requests, "acts_queued", (json_int_t)queued, "acts_in_doubt",
		(json_int_t)in_doubt, "acts_failed", (json_int_t)failed, "residents",
		(json_int_t)residents);
}
