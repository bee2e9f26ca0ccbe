/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zalo takes no key that would make a second try harmless. What became of an act whose answer was
 * lost is seen in what it should have changed:
 *
 *   create                 its asset is used by a group, or free
 *   update, asset          the group as getgroup tells it
 *   accept, reject         he still asks, or does not any more
 *   remove                 he still is a member, or is not any more
 *   invite                 he is a member or asks to be one; otherwise nobody can tell
 *   delete                 the list of groups names it, or does not any more
 *   deputies, hand-over    no call shows rights, but giving or taking them twice is as good as once
 *
 * What is not there a minute or more after the try was not done, and is tried again.
 */
#include "daemon/relay/zalo_group_private.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "store/group_act.h"
#include "store/party.h"

#include <inttypes.h>
#include <string.h>

#define LOOK_MS	   (15 * SECOND_MS)
#define LATER_MS   (10 * MINUTE_MS)
#define SURE_MS	   MINUTE_MS
#define REPEAT_MAX 3 /* of what can't be read back */

static bool is_sure(const struct zalo_groups *g)
{
	return zalo_mono(g->zalo) >= g->sure_ms &&
	       zalo_wall(g->zalo) - g->act.claimed_ms >= SURE_MS;
}

static enum err stay(struct zalo_groups *g, int64_t wait_ms)
{
	return group_act_move(
		g->zalo->store, &g->act, GROUP_ACT_STATE_IN_DOUBT, zalo_wall(g->zalo) + wait_ms);
}

static enum err was_done(struct zalo_groups *g, const struct desk_group_told *told)
{
	log_info("group_act", "id=%" PRId64 " found=yes", g->act.id);
	return desk_group_done(g->desk, &g->act, told);
}

/* Not there: it was not done, unless it is only late. */
static enum err was_not(struct zalo_groups *g)
{
	if (!is_sure(g))
		return stay(g, LOOK_MS);
	log_info("group_act", "id=%" PRId64 " found=no", g->act.id);
	return group_act_move(g->zalo->store, &g->act, GROUP_ACT_STATE_QUEUED, zalo_wall(g->zalo));
}

static enum err repeat(struct zalo_groups *g)
{
	if (g->act.attempts >= REPEAT_MAX)
		return stay(g, GROUP_ACT_DOUBT_MS); /* a person settles it */
	return was_not(g);
}

enum err zalo_group_doubt_start(struct zalo_groups *g)
{
	const struct group_act *act = &g->act;
	enum zalo_look look = ZALO_LOOK_GROUP;
	enum err err;

	switch (act->kind) {
	case GROUP_ACT_CREATE:
		look = ZALO_LOOK_ASSETS;
		break;
	case GROUP_ACT_UPDATE:
	case GROUP_ACT_ASSET:
		break;
	case GROUP_ACT_DELETE:
		look = ZALO_LOOK_GROUPS;
		break;
	case GROUP_ACT_ACCEPT:
	case GROUP_ACT_REJECT:
		look = ZALO_LOOK_REQUESTS;
		break;
	case GROUP_ACT_INVITE:
	case GROUP_ACT_REMOVE:
		look = ZALO_LOOK_MEMBERS;
		break;
	default:
		if (act->kind != GROUP_ACT_HANDOVER || act->step != GROUP_HANDOVER_INVITE)
			return repeat(g);
		look = ZALO_LOOK_MEMBERS;
	}
	g->is_doubting = true;
	err = zalo_group_look_start(g, look, act->group_id);
	g->is_doubting = !err;
	if (err == ERR_RATE || err == ERR_AUTH)
		return stay(g, LOOK_MS);
	return err ? err : ERR_BUSY;
}

/* ---- judging ---------------------------------------------------------------------------------
 */

struct asset_search {
	const char *asset_id;
	struct zalo_asset asset;
	bool is_found;
};

static void compare_asset(void *arg, const struct zalo_asset *asset)
{
	struct asset_search *search = arg;

	if (!str_eq(asset->asset_id, search->asset_id))
		return;
	search->asset = *asset;
	search->is_found = true;
}

static enum err judge_create(struct zalo_groups *g, const struct zalo_group *group)
{
	struct asset_search search = {.asset_id = group->asset_id};
	struct desk_group_told told = {
		.look.on = {-1, -1, -1, -1}, .members = -1, .members_max = -1};
	struct store *store = g->zalo->store;
	struct zalo_group other;
	struct buf address;
	enum err err = zalo_asset_list(store, compare_asset, &search);

	if (err)
		return err;
	if (!search.is_found || (search.asset.is_used && !search.asset.used_by))
		return stay(g, LOOK_MS);
	if (!search.asset.is_used)
		return was_not(g);
	err = zalo_group_of_party(store, search.asset.used_by, &other);
	if (!err && other.id != group->id && other.place_id) {
		g->act.error = ERR_EXISTS; /* somebody took the asset for another group */
		return desk_group_failed(g->desk, &g->act);
	}
	if (err && err != ERR_NOT_FOUND)
		return err;
	buf_init(&address, sizeof(told.group_id) - 1);
	err = party_address(store, search.asset.used_by, &address);
	if (!err)
		err = str_copy(told.group_id, sizeof(told.group_id), buf_text(&address));
	buf_done(&address);
	return err ? err : was_done(g, &told);
}

static enum err judge_update(struct zalo_groups *g, const struct zalo_group *group)
{
	char drift[160];

	desk_group_drift(group, drift, sizeof(drift));
	return drift[0] ? was_not(g) : was_done(g, NULL);
}

static enum err judge_person(struct zalo_groups *g)
{
	struct group_person person;
	enum err err = group_person_load(g->zalo->store, g->act.person_id, &person);

	if (err)
		return err;
	switch (g->act.kind) {
	case GROUP_ACT_ACCEPT:
	case GROUP_ACT_REJECT:
		return person.state == GROUP_PERSON_ASKING ? was_not(g) : was_done(g, NULL);
	case GROUP_ACT_REMOVE:
		return person.state == GROUP_PERSON_MEMBER ? was_not(g) : was_done(g, NULL);
	default: /* an invitation that he has not followed yet looks like none */
		return person.state == GROUP_PERSON_MEMBER || person.state == GROUP_PERSON_ASKING
			       ? was_done(g, NULL)
			       : stay(g, LATER_MS);
	}
}

enum err zalo_group_doubt_judge(struct zalo_groups *g)
{
	struct zalo_group group;
	struct group_act now;
	enum err err = group_act_load(g->zalo->store, g->act.id, &now);

	if (!err)
		err = zalo_group_load(g->zalo->store, g->act.group_id, &group);
	if (err)
		return err;
	/* A person may have settled it meanwhile. */
	if (now.state != GROUP_ACT_STATE_IN_DOUBT)
		return ERR_OK;
	switch (g->act.kind) {
	case GROUP_ACT_CREATE:
		return judge_create(g, &group);
	case GROUP_ACT_UPDATE:
		return judge_update(g, &group);
	case GROUP_ACT_ASSET:
		return str_eq(group.asset_id, g->act.asset_id) ? was_done(g, NULL) : was_not(g);
	case GROUP_ACT_DELETE:
		return g->is_listed ? was_not(g) : was_done(g, NULL);
	default:
		return judge_person(g);
	}
}
