/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Orders about a group as such: making one, what it is for, how it has to be, its asset, its end.
 */
#include "daemon/desk/group_private.h"

#include "gateway/sms_text.h"
#include "store/party.h"

#include <ctype.h>

#define URL_START "https://"

enum err group_event(
	struct desk *desk, const char *kind, int64_t group_id, const char *actor, const char *data)
{
	char subject[40];

	snprintf(subject, sizeof(subject), "group/%" PRId64, group_id);
	return event_add(desk->store, kind, subject, actor, data);
}

enum err group_find(
	struct desk *desk, int64_t group_id, struct zalo_group *ret_group, struct errbuf *eb)
{
	enum err err = zalo_group_load(desk->store, group_id, ret_group);

	if (err == ERR_NOT_FOUND)
		return errbuf_set(
			eb, err, "there is no group %" PRId64 "; see binhyenctl groups", group_id);
	return err;
}

enum err group_find_alive(
	struct desk *desk, int64_t group_id, struct zalo_group *ret_group, struct errbuf *eb)
{
	enum err err = group_find(desk, group_id, ret_group, eb);

	if (err)
		return err;
	if (ret_group->state == ZALO_GROUP_PLANNED)
		return errbuf_set(eb, ERR_STATE, "Zalo has not made this group yet");
	if (!zalo_group_lives(ret_group->state))
		return errbuf_set(eb, ERR_STATE, "this group is no more");
	return ERR_OK;
}

enum err group_order(struct desk *desk, const struct group_act_new *in, int64_t *ret_id)
{
	struct group_act act;
	enum err err = group_act_open(
		desk->store, in->group_id, (int)in->kind, in->person_id, &act);

	if (err && err != ERR_NOT_FOUND)
		return err;
	if (!err) {
		*ret_id = act.id;
		return ERR_OK;
	}
	return group_act_add(desk->store, in, ret_id);
}

/* ---- wishes ----------------------------------------------------------------------------------
 */

void desk_group_wish_init(struct desk_group_wish *wish)
{
	*wish = (struct desk_group_wish){.is_auto_accept = DESK_UNCHANGED};
	for (int i = 0; i < ZALO_SWITCH_COUNT; i++)
		wish->on[i] = DESK_UNCHANGED;
}

static enum err take_text(
	const char *text, char *dst, size_t bytes, const char *what, struct errbuf *eb)
{
	struct buf clean;
	enum err err;

	buf_init(&clean, 4096);
	err = sms_text_normalize(text, &clean);
	if (!err)
		err = str_copy(dst, bytes, buf_text(&clean));
	buf_done(&clean);
	return err ? errbuf_set(
			     eb, err, "%s is not UTF-8 or longer than %zu bytes", what, bytes - 1)
		   : ERR_OK;
}

static enum err take_wish(
	struct zalo_group *group, const struct desk_group_wish *wish, struct errbuf *eb)
{
	struct zalo_group_look *want = &group->want;
	enum err err = ERR_OK;

	if (wish->name)
		err = take_text(
			wish->name, want->name, sizeof(want->name), ERR_WORD("the name"), eb);
	if (!err && wish->description)
		err = take_text(wish->description, want->description, sizeof(want->description),
			ERR_WORD("the description"), eb);
	if (err)
		return err;
	if (wish->avatar && wish->avatar[0] && !str_starts(wish->avatar, URL_START))
		return errbuf_set(eb, ERR_INVALID,
			"the picture is an address that Zalo can open, beginning with https://");
	if (wish->avatar && !str_eq(wish->avatar, want->avatar)) {
		if (str_copy(want->avatar, sizeof(want->avatar), wish->avatar))
			return errbuf_set(
				eb, ERR_TOO_BIG, "the address of the picture is too long");
		group->avatar_kept[0] = 0;
	}
	for (int i = 0; i < ZALO_SWITCH_COUNT; i++) {
		if (wish->on[i] != DESK_UNCHANGED)
			want->on[i] = wish->on[i];
	}
	if (wish->is_auto_accept != DESK_UNCHANGED)
		group->is_auto_accept = wish->is_auto_accept;
	return ERR_OK;
}

/* Who joins waits to be let in, and does not see what was written before he came. */
static void want_defaults(struct zalo_group *group)
{
	group->want.on[ZALO_SWITCH_APPR] = 1;
	group->want.on[ZALO_SWITCH_HISTORY] = 0;
	group->is_auto_accept = true;
}

/* ---- create ----------------------------------------------------------------------------------
 */

struct asset_choice {
	const char *wanted; /* NULL any */
	int64_t now_ms;
	struct zalo_asset asset;
	bool is_found;
};

static int type_size(const char *type)
{
	int64_t size;

	type += strcspn(type, "0123456789");
	return str_to_int64(type, 1, 1000000, &size) ? INT32_MAX : (int)size;
}

static void consider_asset(void *arg, const struct zalo_asset *asset)
{
	struct asset_choice *choice = arg;

	if (choice->wanted) {
		if (!str_eq(choice->wanted, asset->asset_id))
			return;
	} else if (asset->is_used || (asset->expires_ms && asset->expires_ms <= choice->now_ms) ||
		   (choice->is_found && type_size(asset->type) >= type_size(choice->asset.type))) {
		return;
	}
	choice->asset = *asset;
	choice->is_found = true;
}

static enum err choose_asset(
	struct desk *desk, const char *wanted, struct zalo_asset *ret_asset, struct errbuf *eb)
{
	struct asset_choice choice = {.wanted = wanted, .now_ms = desk_now(desk)};
	struct zalo_group holder;
	enum err err = zalo_asset_list(desk->store, consider_asset, &choice);

	if (err)
		return err;
	if (!choice.is_found && !wanted)
		return errbuf_set(eb, ERR_NOT_FOUND,
			"no free asset is known; see binhyenctl group assets, and buy one at Zalo if "
			"there is none");
	if (!choice.is_found) { /* bought since the list was read: Zalo will say */
		if (str_copy(choice.asset.asset_id, sizeof(choice.asset.asset_id), wanted))
			return errbuf_set(eb, ERR_TOO_BIG, "the id of the asset is too long");
	} else if (choice.asset.is_used) {
		return errbuf_set(eb, ERR_STATE, "that asset is used by another group");
	}
	err = zalo_group_of_asset(desk->store, choice.asset.asset_id, &holder);
	if (!err)
		return errbuf_set(eb, ERR_STATE, "group %" PRId64 " has that asset", holder.id);
	if (err != ERR_NOT_FOUND)
		return err;
	*ret_asset = choice.asset;
	return ERR_OK;
}

static bool is_user_id(const char *id)
{
	size_t len = strlen(id);

	return len && len < ZALO_USER_ID_BYTES && strspn(id, "0123456789") == len;
}

static enum err add_founders(
	struct desk *desk, int64_t group_id, const struct desk_group_new *in, struct errbuf *eb)
{
	enum err err = ERR_OK;

	if (in->founder_count < 1 || in->founder_count > DESK_FOUNDERS_MAX)
		return errbuf_set(eb, ERR_INVALID,
			"a group begins with 1 to %d members, at least one of them an administrator "
			"of the account",
			DESK_FOUNDERS_MAX);
	for (int i = 0; !err && i < in->founder_count; i++) {
		struct group_person person;
		bool is_new;

		if (!is_user_id(in->founders[i]))
			return errbuf_set(eb, ERR_INVALID,
				"a member is named by his Zalo user id, which has only digits");
		err = group_person_get(desk->store, group_id, in->founders[i], GROUP_PERSON_FOUNDER,
			&person, &is_new);
		person.is_confirmed = true;
		if (!err)
			err = group_person_save(desk->store, &person);
	}
	return err;
}

static enum err free_place(
	struct desk *desk, const char *code, struct place *ret_place, struct errbuf *eb)
{
	struct zalo_group other;
	enum err err = place_find_open(desk->store, code, ret_place);

	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no place %.31s; see binhyenctl places", code);
	if (err)
		return err;
	err = zalo_group_of_place(desk->store, ret_place->id, &other);
	if (!err)
		return errbuf_set(eb, ERR_EXISTS, "%s has a group already, number %" PRId64,
			ret_place->code, other.id);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err desk_group_create(struct desk *desk, const struct desk_group_new *in, const char *actor,
	int64_t *ret_id, struct errbuf *eb)
{
	struct zalo_group group = {.state = ZALO_GROUP_PLANNED,
		.want.on = {-1, -1, -1, -1},
		.is.on = {-1, -1, -1, -1}};
	struct zalo_asset asset = {0};
	struct place place;
	int64_t act_id;
	enum err err;

	if (!desk->has_zalo)
		return errbuf_set(eb, ERR_STATE, "Zalo is not configured");
	err = free_place(desk, in->place, &place, eb);
	if (!err)
		err = choose_asset(desk, in->asset_id, &asset, eb);
	if (err)
		return err;
	group.place_id = place.id;
	snprintf(group.asset_id, sizeof(group.asset_id), "%s", asset.asset_id);
	snprintf(group.asset_type, sizeof(group.asset_type), "%s", asset.type);
	snprintf(group.want.name, sizeof(group.want.name), "%s", place.name);
	want_defaults(&group);
	err = take_wish(&group, in->wish, eb);
	if (!err && !group.want.name[0])
		return errbuf_set(eb, ERR_INVALID, "the group needs a name");
	if (!err)
		err = zalo_group_save(desk->store, &group);
	if (!err)
		err = add_founders(desk, group.id, in, eb);
	if (!err)
		err = group_act_add(desk->store,
			&(struct group_act_new){.group_id = group.id,
				.kind = GROUP_ACT_CREATE,
				.actor = actor,
				.due_ms = desk_now(desk)},
			&act_id);
	if (!err)
		err = group_event(desk, "group.ordered", group.id, actor, "{}");
	if (!err)
		*ret_id = group.id;
	return err;
}

/* ---- the rest --------------------------------------------------------------------------------
 */

enum err desk_group_link(
	struct desk *desk, int64_t group_id, const char *code, const char *actor, struct errbuf *eb)
{
	struct zalo_group group;
	struct place place;
	char data[64];
	enum err err = group_find_alive(desk, group_id, &group, eb);

	if (!err)
		err = free_place(desk, code, &place, eb);
	if (err)
		return err;
	/* As it is now is how it has to be, but for what keeps strangers out. */
	if (!group.place_id) {
		group.want = group.is;
		group.want.avatar[0] = 0;
		want_defaults(&group);
	}
	group.place_id = place.id;
	group.members_ms = group.requests_ms = 0;
	err = zalo_group_save(desk->store, &group);
	if (!err && group.checked_ms)
		err = group_mend(desk, &group);
	snprintf(data, sizeof(data), "{\"place\":\"%s\"}", place.code);
	return err ? err : group_event(desk, "group.linked", group_id, actor, data);
}

enum err desk_group_set(struct desk *desk, int64_t group_id, const struct desk_group_wish *wish,
	const char *actor, struct errbuf *eb)
{
	struct zalo_group group;
	enum err err = group_find(desk, group_id, &group, eb);

	if (err)
		return err;
	if (!zalo_group_lives(group.state))
		return errbuf_set(eb, ERR_STATE, "this group is no more");
	if (!group.place_id)
		return errbuf_set(eb, ERR_STATE,
			"say first what the group is for: binhyenctl group %" PRId64 " link PLACE",
			group_id);
	err = take_wish(&group, wish, eb);
	/* A person's order is not held back by what was mended today. */
	group.mends = 0;
	if (!err)
		err = zalo_group_save(desk->store, &group);
	if (!err && group.state == ZALO_GROUP_ACTIVE && group.checked_ms)
		err = group_mend(desk, &group);
	return err ? err : group_event(desk, "group.set", group_id, actor, "{}");
}

enum err desk_group_renew(struct desk *desk, int64_t group_id, const char *asset_id,
	const char *actor, struct errbuf *eb)
{
	struct zalo_group group;
	struct zalo_asset asset;
	int64_t act_id;
	enum err err = group_find_alive(desk, group_id, &group, eb);

	if (!err)
		err = choose_asset(desk, asset_id, &asset, eb);
	if (err)
		return err;
	err = group_order(desk,
		&(struct group_act_new){.group_id = group_id,
			.kind = GROUP_ACT_ASSET,
			.asset_id = asset.asset_id,
			.actor = actor,
			.due_ms = desk_now(desk)},
		&act_id);
	return err ? err : group_event(desk, "group.renewal", group_id, actor, "{}");
}

enum err desk_group_delete(
	struct desk *desk, int64_t group_id, const char *name, const char *actor, struct errbuf *eb)
{
	struct zalo_group group;
	int64_t act_id;
	enum err err = group_find_alive(desk, group_id, &group, eb);

	if (err)
		return err;
	if (!str_eq(name, group.is.name))
		return errbuf_set(eb, ERR_INVALID,
			"to dissolve a group give its exact name: its messages are lost to everybody");
	err = group_order(desk,
		&(struct group_act_new){.group_id = group_id,
			.kind = GROUP_ACT_DELETE,
			.actor = actor,
			.due_ms = desk_now(desk)},
		&act_id);
	return err ? err : group_event(desk, "group.delete", group_id, actor, "{}");
}

static enum err find_known(struct desk *desk, const char *gid, struct zalo_group *ret_group)
{
	struct party party;
	enum err err = party_find(desk->store, PARTY_ZALO_GROUP, gid, &party);

	return err ? err : zalo_group_of_party(desk->store, party.id, ret_group);
}

enum err desk_group_is_linked(struct desk *desk, const char *gid, bool *ret_is)
{
	struct zalo_group group;
	enum err err = find_known(desk, gid, &group);

	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_is = !err && group.place_id;
	return ERR_OK;
}

static enum err read_again(struct desk *desk, const char *gid, bool is_all)
{
	struct zalo_group group;
	enum err err = find_known(desk, gid, &group);

	if (!err) {
		group.requests_ms = 0;
		if (is_all)
			group.checked_ms = group.members_ms = 0;
		err = zalo_group_save(desk->store, &group);
	}
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err desk_group_asked(struct desk *desk, const char *gid)
{
	return read_again(desk, gid, false);
}

enum err desk_group_changed(struct desk *desk, const char *gid)
{
	return read_again(desk, gid, true);
}

enum err desk_group_look(struct desk *desk, int64_t group_id, struct errbuf *eb)
{
	struct zalo_group group;
	enum err err = group_find_alive(desk, group_id, &group, eb);

	if (err)
		return err;
	group.checked_ms = group.requests_ms = group.members_ms = 0;
	return zalo_group_save(desk->store, &group);
}
