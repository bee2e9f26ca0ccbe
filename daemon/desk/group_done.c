/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The effects of an act, once Zalo has carried it out or never will. */
#include "daemon/desk/group_private.h"

#include "store/party.h"

#define WAIT_MS (10 * MINUTE_MS) /* between looks whether the new head has come */

/* The list may have shown the new group before its creation was settled. */
static enum err absorb(struct desk *desk, const struct zalo_group *group, int64_t party_id)
{
	struct zalo_group other;
	enum err err = zalo_group_of_party(desk->store, party_id, &other);

	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	if (other.id == group->id)
		return ERR_OK;
	other.party_id = 0;
	other.place_id = 0;
	other.state = ZALO_GROUP_GONE;
	return zalo_group_save(desk->store, &other);
}

static enum err created(
	struct desk *desk, struct zalo_group *group, const struct desk_group_told *told)
{
	struct party party;
	enum err err;

	if (!told || !told->group_id[0])
		return ERR_STATE;
	err = party_get(desk->store, PARTY_ZALO_GROUP, told->group_id, &party);
	if (!err)
		err = absorb(desk, group, party.id);
	if (err)
		return err;
	group->party_id = party.id;
	group->state = ZALO_GROUP_ACTIVE;
	group_take(group, told);
	/* Its settings are told by the first look, which also begins to mend them. */
	group->checked_ms = group->members_ms = group->requests_ms = 0;
	return zalo_group_save(desk->store, group);
}

static enum err updated(
	struct desk *desk, struct zalo_group *group, const struct desk_group_told *told)
{
	if (told)
		group_take(group, told);
	if (told && group->want.avatar[0] && !group->avatar_kept[0])
		memcpy(group->avatar_kept, group->is.avatar, sizeof(group->avatar_kept));
	desk_group_drift(group, group->drift, sizeof(group->drift));
	/* The answer did not show all of it, or Zalo took not all of it. */
	if (group->drift[0])
		group->checked_ms = 0;
	return zalo_group_save(desk->store, group);
}

static enum err renewed(struct desk *desk, struct zalo_group *group, const struct group_act *act,
	const struct desk_group_told *told)
{
	if (told)
		group_take(group, told);
	memcpy(group->asset_id, act->asset_id, sizeof(group->asset_id));
	group->state = ZALO_GROUP_ACTIVE;
	group->dissolves_ms = 0;
	group->warned_for_ms = 0;
	group->checked_ms = 0; /* its new dates */
	return zalo_group_save(desk->store, group);
}

static enum err person_becomes(
	struct desk *desk, int64_t person_id, enum group_person_state state, bool keeps_trust)
{
	struct group_person person;
	enum err err = group_person_load(desk->store, person_id, &person);

	if (err)
		return err;
	person.state = state;
	person.seen_ms = desk_now(desk);
	if (!keeps_trust)
		person.is_confirmed = false;
	return group_person_save(desk->store, &person);
}

/* ---- hand-over -------------------------------------------------------------------------------
 */

enum err desk_group_step(struct desk *desk, struct group_act *act, int step, int64_t due_ms)
{
	if (act->step != step) {
		act->attempts = 0;
		act->was_in_doubt = false;
	}
	act->step = step;
	act->error = ERR_OK;
	act->code = 0;
	return group_act_move(desk->store, act, GROUP_ACT_STATE_QUEUED, due_ms);
}

enum err desk_group_old_head(struct desk *desk, const struct group_act *act, int64_t *ret_person_id)
{
	struct group_person person;
	struct zalo_group group;
	int64_t head_id;
	enum err err = zalo_group_load(desk->store, act->group_id, &group);

	if (!err)
		err = place_head(desk->store, group.place_id, &head_id);
	if (!err && head_id != act->person_id)
		err = group_person_load(desk->store, head_id, &person);
	else if (!err)
		err = ERR_NOT_FOUND;
	if (err && err != ERR_NOT_FOUND)
		return err;
	/* Who has left the group, or had no place in this one, has no rights to lose. */
	*ret_person_id = !err && person.group_id == act->group_id &&
					 person.state == GROUP_PERSON_MEMBER
				 ? head_id
				 : 0;
	return ERR_OK;
}

/* One act in the books: the old head's time ends where the new one's begins. */
static enum err handed_over(
	struct desk *desk, struct group_act *act, const struct zalo_group *group)
{
	int64_t old_id = 0;
	char data[128];
	enum err err = place_head(desk->store, group->place_id, &old_id);

	if (!err && old_id != act->person_id)
		err = place_role_set(desk->store, group->place_id, old_id, PLACE_ROLE_NONE);
	else if (err == ERR_NOT_FOUND)
		err = ERR_OK;
	if (!err)
		err = place_role_set(desk->store, group->place_id, act->person_id, PLACE_ROLE_HEAD);
	if (!err)
		err = group_act_move(desk->store, act, GROUP_ACT_STATE_DONE, act->due_ms);
	snprintf(data, sizeof(data),
		"{\"act\":%" PRId64 ",\"from\":%" PRId64 ",\"to\":%" PRId64 "}", act->id, old_id,
		act->person_id);
	return err ? err : group_event(desk, "group.handed_over", group->id, act->actor, data);
}

static enum err stepped(struct desk *desk, struct group_act *act, const struct zalo_group *group)
{
	int64_t old_id;
	enum err err;

	switch (act->step) {
	case GROUP_HANDOVER_INVITE:
		return desk_group_step(desk, act, GROUP_HANDOVER_WAIT, desk_now(desk) + WAIT_MS);
	case GROUP_HANDOVER_APPOINT:
		err = desk_group_old_head(desk, act, &old_id);
		if (!err && old_id)
			return desk_group_step(desk, act, GROUP_HANDOVER_DISMISS, desk_now(desk));
		return err ? err : handed_over(desk, act, group);
	default:
		return handed_over(desk, act, group);
	}
}

/* ---- both ends -------------------------------------------------------------------------------
 */

static enum err apply(struct desk *desk, struct group_act *act, struct zalo_group *group,
	const struct desk_group_told *told)
{
	switch (act->kind) {
	case GROUP_ACT_CREATE:
		return created(desk, group, told);
	case GROUP_ACT_UPDATE:
		return updated(desk, group, told);
	case GROUP_ACT_ASSET:
		return renewed(desk, group, act, told);
	case GROUP_ACT_ACCEPT:
		return person_becomes(desk, act->person_id, GROUP_PERSON_MEMBER, true);
	case GROUP_ACT_REJECT:
		return person_becomes(desk, act->person_id, GROUP_PERSON_REJECTED, false);
	case GROUP_ACT_REMOVE:
		return person_becomes(desk, act->person_id, GROUP_PERSON_GONE, false);
	case GROUP_ACT_ADD_DEPUTY:
		return place_role_set(
			desk->store, group->place_id, act->person_id, PLACE_ROLE_DEPUTY);
	case GROUP_ACT_REMOVE_DEPUTY:
		return place_role_set(
			desk->store, group->place_id, act->person_id, PLACE_ROLE_NONE);
	default:
		return ERR_OK;
	}
}

static enum err act_event(struct desk *desk, const char *kind, const struct group_act *act)
{
	char data[160];

	snprintf(data, sizeof(data),
		"{\"act\":%" PRId64 ",\"kind\":\"%s\",\"error\":\"%s\",\"code\":%d}", act->id,
		group_act_kind_text(act->kind), err_name(act->error), act->code);
	return group_event(desk, kind, act->group_id, act->actor, data);
}

enum err desk_group_done(
	struct desk *desk, struct group_act *act, const struct desk_group_told *told)
{
	struct zalo_group group;
	enum err err = zalo_group_load(desk->store, act->group_id, &group);

	if (err)
		return err;
	act->error = ERR_OK;
	act->code = 0;
	if (act->kind == GROUP_ACT_HANDOVER)
		return stepped(desk, act, &group);
	err = apply(desk, act, &group, told);
	if (!err)
		err = group_act_move(desk->store, act, GROUP_ACT_STATE_DONE, act->due_ms);
	if (!err)
		err = act_event(desk, "group.done", act);
	if (!err && act->kind == GROUP_ACT_DELETE)
		err = group_gone(desk, &group, "deleted");
	return err;
}

enum err desk_group_failed(struct desk *desk, struct group_act *act)
{
	struct zalo_group group;
	enum err err = zalo_group_load(desk->store, act->group_id, &group);

	if (!err)
		err = group_act_move(desk->store, act, GROUP_ACT_STATE_FAILED, act->due_ms);
	if (!err)
		err = act_event(desk, "group.failed", act);
	if (err)
		return err;
	if (act->kind == GROUP_ACT_CREATE) {
		group.state = ZALO_GROUP_ABANDONED;
		err = zalo_group_save(desk->store, &group);
		return err ? err : group_cancel_acts(desk, group.id);
	}
	/* He has the rights at Zalo by then: that must be seen, and can be taken back. */
	if (act->kind == GROUP_ACT_HANDOVER && act->step == GROUP_HANDOVER_DISMISS)
		return place_role_set(
			desk->store, group.place_id, act->person_id, PLACE_ROLE_DEPUTY);
	return ERR_OK;
}
