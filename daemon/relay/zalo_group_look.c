/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading: what groups can be made of, which groups there are, how each is, who asks to join, who
 * is in, and who somebody is. One page a turn, each committed with what the desk makes of it. A
 * list that changed while it was read says nothing about who is missing, and is read again.
 */
#include "daemon/relay/zalo_group_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "store/party.h"

#include <inttypes.h>
#include <string.h>

#define GROUPS_EVERY_MS	  HOUR_MS
#define ASSETS_EVERY_MS	  HOUR_MS
#define CHECK_EVERY_MS	  HOUR_MS
#define FOUND_EVERY_MS	  DAY_MS /* one that nobody has linked */
#define REQUESTS_EVERY_MS (10 * MINUTE_MS)
#define MEMBERS_EVERY_MS  DAY_MS
#define ASK_EVERY_MS	  DAY_MS	/* who somebody is that asks to join */
#define ASK_MEMBER_MS	  (30 * DAY_MS) /* and who is in */
#define FAILED_MS	  (30 * SECOND_MS)
#define SHIFTED_MS	  (5 * SECOND_MS)

/* ---- what is due -----------------------------------------------------------------------------
 */

/* A time that lies ahead was written by a clock that was wrong. */
static bool is_old(int64_t read_ms, int64_t now_ms, int64_t every_ms)
{
	return !read_ms || read_ms > now_ms || now_ms - read_ms >= every_ms;
}

/* Somebody whom Zalo may know more about. */
static bool find_person(struct zalo_groups *g, int64_t group_id, int64_t now_ms)
{
	struct group_person person;
	enum err err;

	if (zalo_mono(g->zalo) < g->persons_ms)
		return false;
	err = group_person_unasked(
		g->zalo->store, group_id, GROUP_PERSON_ASKING, now_ms - ASK_EVERY_MS, &person);

	if (err == ERR_NOT_FOUND)
		err = group_person_unasked(g->zalo->store, group_id, GROUP_PERSON_MEMBER,
			now_ms - ASK_MEMBER_MS, &person);
	if (!err)
		g->person_id = person.id;
	return !err;
}

static enum zalo_look due_of(struct zalo_groups *g, const struct zalo_group *group, int64_t now_ms)
{
	if (!group->party_id || !zalo_group_lives(group->state))
		return ZALO_LOOK_NONE;
	if (is_old(group->checked_ms, now_ms, group->place_id ? CHECK_EVERY_MS : FOUND_EVERY_MS))
		return ZALO_LOOK_GROUP;
	if (!group->place_id || group->state != ZALO_GROUP_ACTIVE)
		return ZALO_LOOK_NONE;
	if (is_old(group->requests_ms, now_ms, REQUESTS_EVERY_MS))
		return ZALO_LOOK_REQUESTS;
	if (is_old(group->members_ms, now_ms, MEMBERS_EVERY_MS))
		return ZALO_LOOK_MEMBERS;
	return find_person(g, group->id, now_ms) ? ZALO_LOOK_PERSON : ZALO_LOOK_NONE;
}

/* Has one been refused for so long that the list should be asked? */
static bool is_missed(const struct zalo_group *group, int64_t now_ms)
{
	return group->refused_ms && zalo_group_lives(group->state) &&
	       is_old(group->refused_ms, now_ms, DESK_REFUSED_MS);
}

/* From the group after the last one around to it again. */
static enum err choose(
	struct zalo_groups *g, int64_t now_ms, enum zalo_look *ret_look, int64_t *ret_group_id)
{
	struct zalo_group group = {.id = g->after_group};
	bool has_wrapped = false;
	enum err err;

	*ret_look = ZALO_LOOK_NONE;
	for (;;) {
		err = zalo_group_next(g->zalo->store, group.id, &group);
		if (err == ERR_NOT_FOUND && !has_wrapped && g->after_group) {
			has_wrapped = true;
			group.id = 0;
			continue;
		}
		if (err)
			return err == ERR_NOT_FOUND ? ERR_OK : err;
		if (has_wrapped && group.id > g->after_group)
			return ERR_OK;
		if (is_missed(&group, now_ms))
			g->groups_ms = zalo_sooner(g->groups_ms, zalo_mono(g->zalo));
		*ret_look = due_of(g, &group, now_ms);
		if (*ret_look != ZALO_LOOK_NONE) {
			*ret_group_id = group.id;
			return ERR_OK;
		}
	}
}

enum err zalo_group_look_next(struct zalo_groups *g, int64_t *ret_due_ms)
{
	int64_t mono = zalo_mono(g->zalo), group_id = 0;
	enum zalo_look look = ZALO_LOOK_NONE;
	enum err err = ERR_OK;

	if (mono >= g->assets_ms)
		look = ZALO_LOOK_ASSETS;
	else if (mono >= g->groups_ms)
		look = ZALO_LOOK_GROUPS;
	else
		err = choose(g, zalo_wall(g->zalo), &look, &group_id);
	if (err)
		return err;
	*ret_due_ms = mono + MINUTE_MS;
	if (look == ZALO_LOOK_NONE) {
		/* To search the members of every group costs more than to look at its times. */
		if (mono >= g->persons_ms)
			g->persons_ms = mono + REQUESTS_EVERY_MS;
		return ERR_OK;
	}
	g->after_group = group_id ? group_id : g->after_group;
	g->is_doubting = false;
	err = zalo_group_look_start(g, look, group_id);
	if (err == ERR_RATE || err == ERR_AUTH) {
		*ret_due_ms = mono + FAILED_MS / 6;
		return ERR_OK;
	}
	return err;
}

/* ---- asking ----------------------------------------------------------------------------------
 */

static enum err add_group_id(struct zalo_groups *g, struct buf *path)
{
	struct buf address;
	enum err err;

	buf_init(&address, ZALO_USER_ID_BYTES);
	err = zalo_group_address(g, g->group_id, &address);
	if (!err)
		err = buf_adds(path, "?group_id=");
	if (!err)
		err = zalo_text_escape(buf_text(&address), address.len, path);
	buf_done(&address);
	return err;
}

static enum err add_person(struct zalo_groups *g, struct buf *path)
{
	struct buf user_id, data;
	enum err err;

	buf_init(&user_id, ZALO_USER_ID_BYTES);
	buf_init(&data, 128);
	err = group_person_user(g->zalo->store, g->person_id, &user_id);
	if (!err)
		err = buf_addf(&data, "{\"user_id\":\"%s\"}", buf_text(&user_id));
	if (!err)
		err = buf_adds(path, "?data=");
	if (!err)
		err = zalo_text_escape(buf_text(&data), data.len, path);
	buf_wipe(&user_id);
	buf_wipe(&data);
	return err;
}

static const char *const paths[] = {
	[ZALO_LOOK_ASSETS] = "/v3.0/oa/quota/group",
	[ZALO_LOOK_GROUPS] = "/v3.0/oa/group/getgroupsofoa",
	[ZALO_LOOK_GROUP] = "/v3.0/oa/group/getgroup",
	[ZALO_LOOK_REQUESTS] = "/v3.0/oa/group/listpendinginvite",
	[ZALO_LOOK_MEMBERS] = "/v3.0/oa/group/listmember",
	[ZALO_LOOK_PERSON] = "/v3.0/oa/user/detail",
};

static bool is_list(enum zalo_look look)
{
	return look == ZALO_LOOK_GROUPS || look == ZALO_LOOK_REQUESTS || look == ZALO_LOOK_MEMBERS;
}

static enum err ask(struct zalo_groups *g)
{
	struct buf path;
	enum err err;

	buf_init(&path, ZALO_URL_MAX);
	err = buf_adds(&path, paths[g->look]);
	if (!err && g->look == ZALO_LOOK_PERSON)
		err = add_person(g, &path);
	else if (!err && g->look != ZALO_LOOK_ASSETS && g->look != ZALO_LOOK_GROUPS)
		err = add_group_id(g, &path);
	if (!err && is_list(g->look))
		err = buf_addf(&path, "%coffset=%" PRId64 "&count=%d",
			g->look == ZALO_LOOK_GROUPS ? '?' : '&', g->offset, ZALO_GROUP_ROWS);
	if (!err)
		err = zalo_call_path(&g->call, buf_text(&path));
	if (!err && g->look == ZALO_LOOK_ASSETS)
		err = buf_adds(&g->call.body, "{\"quota_owner\":\"OA\"}");
	buf_wipe(&path);
	g->call.use = ZALO_USE_WALK;
	return err ? err : zalo_call_start(&g->call);
}

enum err zalo_group_look_start(struct zalo_groups *g, enum zalo_look look, int64_t group_id)
{
	enum err err;

	g->look = look;
	g->group_id = group_id;
	g->since_ms = zalo_wall(g->zalo);
	g->offset = 0;
	g->total = -1;
	g->pages = 0;
	g->is_shifted = false;
	g->is_listed = false;
	err = ask(g);
	if (err)
		g->look = ZALO_LOOK_NONE;
	return err;
}

/* ---- answers ---------------------------------------------------------------------------------
 */

static enum err take_asset(struct zalo_groups *g, const json_t *json)
{
	char used_id[ZALO_USER_ID_BYTES];
	struct zalo_asset asset;
	struct party party;

	if (zalo_group_asset(json, &asset, used_id)) {
		log_warn("group", "row=unreadable list=assets");
		return ERR_OK;
	}
	asset.seen_ms = g->since_ms;
	if (used_id[0]) {
		enum err err = party_get(g->zalo->store, PARTY_ZALO_GROUP, used_id, &party);

		if (err)
			return err;
		asset.used_by = party.id;
	}
	return zalo_asset_put(g->zalo->store, &asset);
}

static enum err take_assets(struct zalo_groups *g, const json_t *data)
{
	const json_t *json;
	size_t i;
	enum err err = ERR_OK;

	if (data && !json_is_array(data) && !json_is_null(data) && json_object_size(data))
		return ERR_PROTOCOL;
	json_array_foreach (data, i, json) {
		err = take_asset(g, json);
		if (err)
			return err;
	}
	g->assets_ms = zalo_mono(g->zalo) + ASSETS_EVERY_MS;
	return zalo_asset_prune(g->zalo->store, g->since_ms);
}

static enum err take_group_row(struct zalo_groups *g, const json_t *json)
{
	struct desk_group_told told;
	struct zalo_group group;
	enum err err;

	if (zalo_group_told(json, &told) || !told.group_id[0]) {
		log_warn("group", "row=unreadable list=groups");
		return ERR_OK;
	}
	err = desk_group_found(g->desk, &told, &group);
	if (err)
		return err == ERR_BUSY ? ERR_OK : err;
	if (g->is_doubting && group.id == g->act.group_id)
		g->is_listed = true;
	else if (!zalo_group_lives(group.state))
		return desk_group_seen(g->desk, group.id, &told);
	return ERR_OK;
}

static enum err take_person_row(struct zalo_groups *g, const json_t *json)
{
	struct zalo_group_row row;
	enum err err = zalo_group_row(json, &row);

	if (err == ERR_INVALID)
		log_warn("group", "id=%" PRId64 " row=unreadable", g->group_id);
	if (err)
		return ERR_OK;
	return g->look == ZALO_LOOK_MEMBERS
		       ? desk_member_seen(g->desk, g->group_id, row.user_id)
		       : desk_request_seen(g->desk, g->group_id, row.user_id, row.name);
}

static enum err whole(struct zalo_groups *g)
{
	g->persons_ms = 0;
	if (g->look == ZALO_LOOK_MEMBERS)
		return desk_members_whole(g->desk, g->group_id, g->since_ms);
	if (g->look == ZALO_LOOK_REQUESTS)
		return desk_requests_whole(g->desk, g->group_id, g->since_ms);
	g->groups_ms = zalo_mono(g->zalo) + GROUPS_EVERY_MS;
	return desk_groups_whole(g->desk, g->since_ms);
}

/* ERR_BUSY: the next page was asked for. */
static enum err take_page(struct zalo_groups *g, const json_t *data)
{
	const char *key = g->look == ZALO_LOOK_GROUPS ? "groups" : "members";
	struct zalo_group_page page;
	const json_t *json;
	size_t i;
	enum err err = zalo_group_page(data, key, &page);

	if (err)
		return err;
	json_array_foreach (page.rows, i, json) {
		err = g->look == ZALO_LOOK_GROUPS ? take_group_row(g, json)
						  : take_person_row(g, json);
		if (err)
			return err;
	}
	if (g->pages++ && page.total != g->total)
		g->is_shifted = true;
	g->total = page.total;
	g->offset += (int64_t)page.count;
	if (page.count && (g->total < 0 || g->offset < g->total) && g->pages < ZALO_GROUP_PAGES) {
		err = ask(g);
		return err ? err : ERR_BUSY;
	}
	/* Too few rows, or of two different lists: somebody would be taken for gone. */
	if (g->is_shifted || (g->total >= 0 && g->offset < g->total))
		return ERR_IN_DOUBT;
	return whole(g);
}

static enum err take_group(struct zalo_groups *g, const struct zalo_answer *answer)
{
	struct desk_group_told told;
	enum err err;

	if (answer->code)
		return desk_group_refused(g->desk, g->group_id);
	err = zalo_group_told(answer->data, &told);
	return err ? ERR_PROTOCOL : desk_group_seen(g->desk, g->group_id, &told);
}

static enum err take_person(struct zalo_groups *g, const struct zalo_answer *answer)
{
	char phone[40];
	enum err err;

	zalo_shared_phone(answer->code ? NULL : answer->data, phone, sizeof(phone));
	err = desk_person_told(g->desk, g->person_id, phone);
	explicit_bzero(phone, sizeof(phone));
	return err;
}

static enum err take(struct zalo_groups *g, const struct zalo_answer *answer)
{
	enum err err = zalo_answer_err(answer);
	enum zalo_action action = zalo_code(answer->code)->action;
	bool is_reply = zalo_answer_is_reply(answer);

	/* Whatever Zalo has against telling: he is not asked about again today. */
	if (g->look == ZALO_LOOK_PERSON && is_reply && action != ZALO_NEXT_MINUTE &&
		action != ZALO_TOKEN)
		return take_person(g, answer);
	if (g->look == ZALO_LOOK_GROUP && is_reply && action == ZALO_REFUSED) {
		err = take_group(g, answer);
		return err ? err : ERR_RECIPIENT;
	}
	if (err)
		return err;
	if (g->look == ZALO_LOOK_GROUP)
		return take_group(g, answer);
	return g->look == ZALO_LOOK_ASSETS ? take_assets(g, answer->data)
					   : take_page(g, answer->data);
}

static void look_failed(struct zalo_groups *g, enum err err, const struct zalo_answer *answer)
{
	int64_t mono = zalo_mono(g->zalo);

	log_info("group", "look=%s id=%" PRId64 " error=%s code=%" PRId64,
		paths[g->look] + sizeof("/v3.0/oa/") - 1, g->group_id, err_name(err),
		answer->is_envelope ? answer->code : 0);
	g->rest_ms = mono + (err == ERR_IN_DOUBT ? SHIFTED_MS : FAILED_MS);
	/* The account can't: nothing else is held up by it. */
	if (g->look == ZALO_LOOK_ASSETS && answer->is_envelope)
		g->assets_ms = mono + ASSETS_EVERY_MS / 4;
	if (g->look == ZALO_LOOK_GROUPS && answer->is_envelope)
		g->groups_ms = mono + (err == ERR_IN_DOUBT ? SHIFTED_MS : GROUPS_EVERY_MS / 4);
}

/* What a page brought is kept, unless it could not be written. */
static enum err take_within(struct zalo_groups *g, const struct zalo_answer *answer)
{
	struct store *store = g->zalo->store;
	enum err err = store_savepoint_begin(store), end;

	if (err)
		return err;
	err = take(g, answer);
	if (err_class(err) != ERR_CLASS_BUG && err != ERR_IO && err != ERR_DISK_FULL) {
		end = store_savepoint_release(store);
		return end ? end : err;
	}
	store_savepoint_rollback(store);
	return err;
}

void zalo_group_look_done(struct zalo_groups *g, const struct zalo_answer *answer)
{
	enum err err = take_within(g, answer);

	if (err == ERR_BUSY && zalo_call_is_active(&g->call))
		return;
	if (!err && g->is_doubting)
		err = zalo_group_within(g, zalo_group_doubt_judge);
	else if (err && g->is_doubting &&
		 group_act_move(g->zalo->store, &g->act, GROUP_ACT_STATE_IN_DOUBT,
			 zalo_wall(g->zalo) + 15 * SECOND_MS))
		log_error("group_act", "id=%" PRId64 " doubt=stays", g->act.id);
	if (err)
		look_failed(g, err, answer);
	g->is_doubting = false;
	g->look = ZALO_LOOK_NONE;
}
