/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Orders about people in a group, and what a person says about an act in doubt. */
#include "daemon/desk/group_private.h"

/* Who is meant. *ret_is_new: named by a user id that was not known in this group; he is added as
 * INVITED. */
static enum err find_person(struct desk *desk, int64_t group_id, const struct desk_person_ref *ref,
	struct group_person *ret_person, bool *ret_is_new, struct errbuf *eb)
{
	enum err err;

	*ret_is_new = false;
	if (ref->person_id) {
		err = group_person_load(desk->store, ref->person_id, ret_person);
		if (err == ERR_NOT_FOUND || (!err && ret_person->group_id != group_id))
			return errbuf_set(eb, ERR_NOT_FOUND,
				"nobody in this group is number %" PRId64, ref->person_id);
		return err;
	}
	if (!ref->user_id || !ref->user_id[0] ||
		strspn(ref->user_id, "0123456789") != strlen(ref->user_id))
		return errbuf_set(eb, ERR_INVALID,
			"a person is named by his number in the group or by his Zalo user id");
	err = group_person_get(
		desk->store, group_id, ref->user_id, GROUP_PERSON_INVITED, ret_person, ret_is_new);
	return err == ERR_INVALID ? errbuf_set(eb, err, "that is no Zalo user id") : err;
}

static enum err find_member(struct desk *desk, int64_t group_id, const struct desk_person_ref *ref,
	struct group_person *ret_person, struct errbuf *eb)
{
	bool is_new;
	enum err err = find_person(desk, group_id, ref, ret_person, &is_new, eb);

	if (err)
		return err;
	if (is_new || ret_person->state != GROUP_PERSON_MEMBER)
		return errbuf_set(eb, ERR_STATE,
			"he is not known to be in the group; invite him, or have it looked at: "
			"binhyenctl group %" PRId64 " check",
			group_id);
	return ERR_OK;
}

static enum err order(struct desk *desk, int64_t group_id, enum group_act_kind kind,
	int64_t person_id, const char *actor)
{
	int64_t act_id;
	char data[96], name[48];
	enum err err = group_order(desk,
		&(struct group_act_new){.group_id = group_id,
			.kind = kind,
			.person_id = person_id,
			.actor = actor,
			.due_ms = desk_now(desk)},
		&act_id);

	snprintf(data, sizeof(data), "{\"person\":%" PRId64 "}", person_id);
	snprintf(name, sizeof(name), "group.%s", group_act_kind_text(kind));
	return err ? err : group_event(desk, name, group_id, actor, data);
}

enum err desk_group_call_in(struct desk *desk, int64_t group_id, const struct desk_person_ref *ref,
	const char *actor, struct errbuf *eb)
{
	struct group_person person = {0};
	struct zalo_group group;
	bool is_new;
	enum err err = group_find_alive(desk, group_id, &group, eb);

	if (!err)
		err = find_person(desk, group_id, ref, &person, &is_new, eb);
	if (err)
		return err;
	if (person.state == GROUP_PERSON_MEMBER)
		return errbuf_set(eb, ERR_STATE, "he is in the group");
	person.is_confirmed = true;
	if (person.state != GROUP_PERSON_ASKING)
		person.state = GROUP_PERSON_INVITED;
	err = group_person_save(desk->store, &person);
	/* Who asks is let in; an invitation would only confuse him. */
	return err ? err
		   : order(desk, group_id,
			     person.state == GROUP_PERSON_ASKING ? GROUP_ACT_ACCEPT
								 : GROUP_ACT_INVITE,
			     person.id, actor);
}

enum err desk_group_answer(struct desk *desk, int64_t group_id, int64_t person_id, bool is_accepted,
	const char *actor, struct errbuf *eb)
{
	const struct desk_person_ref ref = {.person_id = person_id};
	struct group_person person = {0};
	struct zalo_group group;
	struct group_act act;
	bool is_new;
	enum err err = group_find_alive(desk, group_id, &group, eb);

	if (!err)
		err = find_person(desk, group_id, &ref, &person, &is_new, eb);
	if (err)
		return err;
	if (person.state != GROUP_PERSON_ASKING)
		return errbuf_set(eb, ERR_STATE, "he does not ask to join any more");
	err = group_act_open(desk->store, group_id, -1, person_id, &act);
	if (!err && act.state != GROUP_ACT_STATE_QUEUED)
		return errbuf_set(eb, ERR_STATE, "his request is being answered");
	if (err && err != ERR_NOT_FOUND)
		return err;
	/* An officer may change his mind as long as nothing has begun. */
	if (!err)
		err = group_act_move(desk->store, &act, GROUP_ACT_STATE_CANCELLED, act.due_ms);
	else
		err = ERR_OK;
	person.is_confirmed = is_accepted;
	if (!err)
		err = group_person_save(desk->store, &person);
	return err ? err
		   : order(desk, group_id, is_accepted ? GROUP_ACT_ACCEPT : GROUP_ACT_REJECT,
			     person_id, actor);
}

/* Orders that change where one person stands must not cross: which of them is carried out last is
 * nobody's will. The same one again is no other. */
static enum err check_others(struct desk *desk, int64_t group_id, int64_t person_id,
	enum group_act_kind ordered, struct errbuf *eb)
{
	static const enum group_act_kind kinds[] = {GROUP_ACT_REMOVE, GROUP_ACT_ADD_DEPUTY,
		GROUP_ACT_REMOVE_DEPUTY, GROUP_ACT_HANDOVER};
	struct group_act act = {.id = 0};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		enum err err = ERR_NOT_FOUND;

		if (kinds[i] != ordered)
			err = group_act_open(desk->store, group_id, (int)kinds[i], person_id, &act);
		if (!err)
			return errbuf_set(eb, ERR_STATE,
				"act %" PRId64 " (%s) about him is not over yet", act.id,
				group_act_kind_text(act.kind));
		if (err != ERR_NOT_FOUND)
			return err;
	}
	return ERR_OK;
}

enum err desk_group_remove(struct desk *desk, int64_t group_id, const struct desk_person_ref *ref,
	const char *actor, struct errbuf *eb)
{
	struct group_person person = {0};
	struct zalo_group group;
	enum place_role role = PLACE_ROLE_NONE;
	enum err err = group_find_alive(desk, group_id, &group, eb);

	if (!err)
		err = find_member(desk, group_id, ref, &person, eb);
	if (!err && group.place_id)
		err = place_role_get(desk->store, group.place_id, person.id, &role);
	if (err)
		return err;
	if (role != PLACE_ROLE_NONE)
		return errbuf_set(eb, ERR_STATE,
			"he has rights here; take them away first (deputy-remove, handover)");
	err = check_others(desk, group_id, person.id, GROUP_ACT_REMOVE, eb);
	return err ? err : order(desk, group_id, GROUP_ACT_REMOVE, person.id, actor);
}

enum err desk_group_confirm(struct desk *desk, int64_t group_id, int64_t person_id,
	const char *actor, struct errbuf *eb)
{
	const struct desk_person_ref ref = {.person_id = person_id};
	struct group_person person = {0};
	struct zalo_group group;
	char data[64];
	enum err err = group_find_alive(desk, group_id, &group, eb);

	if (!err)
		err = find_member(desk, group_id, &ref, &person, eb);
	if (err)
		return err;
	person.is_confirmed = true;
	snprintf(data, sizeof(data), "{\"person\":%" PRId64 "}", person_id);
	err = group_person_save(desk->store, &person);
	if (!err)
		err = group_recount(desk, &group);
	return err ? err : group_event(desk, "group.confirmed", group_id, actor, data);
}

static enum err get_linked(
	struct desk *desk, int64_t group_id, struct zalo_group *ret_group, struct errbuf *eb)
{
	enum err err = group_find_alive(desk, group_id, ret_group, eb);

	if (!err && !ret_group->place_id)
		return errbuf_set(eb, ERR_STATE,
			"say first what the group is for: binhyenctl group %" PRId64 " link PLACE",
			group_id);
	return err;
}

enum err desk_group_deputy(struct desk *desk, int64_t group_id, const struct desk_person_ref *ref,
	bool is_deputy, const char *actor, struct errbuf *eb)
{
	enum group_act_kind kind = is_deputy ? GROUP_ACT_ADD_DEPUTY : GROUP_ACT_REMOVE_DEPUTY;
	struct group_person person = {0};
	struct zalo_group group;
	enum place_role role = PLACE_ROLE_NONE;
	enum err err = get_linked(desk, group_id, &group, eb);

	if (!err)
		err = find_member(desk, group_id, ref, &person, eb);
	if (!err)
		err = place_role_get(desk->store, group.place_id, person.id, &role);
	if (err)
		return err;
	if (role == PLACE_ROLE_HEAD)
		return errbuf_set(eb, ERR_STATE, "he is the head; his rights go by a hand-over");
	if (is_deputy && role == PLACE_ROLE_DEPUTY)
		return errbuf_set(eb, ERR_STATE, "he is a deputy already");
	err = check_others(desk, group_id, person.id, kind, eb);
	return err ? err : order(desk, group_id, kind, person.id, actor);
}

enum err desk_group_handover(struct desk *desk, int64_t group_id, const struct desk_person_ref *ref,
	const char *actor, struct errbuf *eb)
{
	struct group_person person = {0};
	struct zalo_group group;
	struct group_act act;
	enum place_role role = PLACE_ROLE_NONE;
	bool is_new;
	enum err err = get_linked(desk, group_id, &group, eb);

	if (err)
		return err;
	err = group_act_open(desk->store, group_id, GROUP_ACT_HANDOVER, 0, &act);
	if (!err)
		return errbuf_set(eb, ERR_STATE, "a hand-over is under way, act %" PRId64, act.id);
	if (err != ERR_NOT_FOUND)
		return err;
	err = find_person(desk, group_id, ref, &person, &is_new, eb);
	if (!err)
		err = place_role_get(desk->store, group.place_id, person.id, &role);
	if (!err && role == PLACE_ROLE_HEAD)
		return errbuf_set(eb, ERR_STATE, "he is the head already");
	if (!err)
		err = check_others(desk, group_id, person.id, GROUP_ACT_HANDOVER, eb);
	person.is_confirmed = true;
	if (!err)
		err = group_person_save(desk->store, &person);
	return err ? err : order(desk, group_id, GROUP_ACT_HANDOVER, person.id, actor);
}

/* ---- acts in doubt ---------------------------------------------------------------------------
 */

static enum err settle(struct desk *desk, struct group_act *act, const char *how, struct errbuf *eb)
{
	if (str_eq(how, "cancel")) {
		if (act->state != GROUP_ACT_STATE_QUEUED)
			return errbuf_set(eb, ERR_STATE, "it has begun or is over");
		if (act->kind == GROUP_ACT_CREATE || act->kind == GROUP_ACT_HANDOVER) {
			act->error = ERR_STATE;
			return desk_group_failed(desk, act);
		}
		return group_act_move(desk->store, act, GROUP_ACT_STATE_CANCELLED, act->due_ms);
	}
	if (act->state != GROUP_ACT_STATE_IN_DOUBT)
		return errbuf_set(eb, ERR_STATE, "it is not in doubt");
	if (str_eq(how, "failed")) {
		act->error = ERR_REFUSED;
		return desk_group_failed(desk, act);
	}
	if (str_eq(how, "again"))
		return group_act_move(desk->store, act, GROUP_ACT_STATE_QUEUED, desk_now(desk));
	if (!str_eq(how, "done"))
		return errbuf_set(
			eb, ERR_INVALID, "an act is settled as done, failed, again or cancel");
	if (act->kind == GROUP_ACT_CREATE)
		return errbuf_set(eb, ERR_STATE,
			"a group that was made is found by itself; settle as failed, then link the "
			"group that was found");
	return desk_group_done(desk, act, NULL);
}

enum err desk_group_settle(
	struct desk *desk, int64_t act_id, const char *how, const char *actor, struct errbuf *eb)
{
	struct group_act act;
	char data[96];
	enum err err = group_act_load(desk->store, act_id, &act);

	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no act %" PRId64, act_id);
	if (!err)
		err = settle(desk, &act, how, eb);
	if (err)
		return err;
	snprintf(data, sizeof(data), "{\"act\":%" PRId64 ",\"as\":\"%s\"}", act_id, how);
	return group_event(desk, "group.settled", act.group_id, actor, data);
}
