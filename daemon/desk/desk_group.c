/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Groups of residents: a message there is a report like any other, but everybody reads along, so
 * that the answer in the group is only an invitation to write privately, the same words for all and
 * for whatever was written. Number and code of the report go to the member alone.
 */
#include "daemon/desk/desk_private.h"
#include "store/place.h"
#include "store/zalo_group.h"

#define INVITE_EVERY_MS	  DAY_MS
#define INVITE_EXPIRES_MS (6 * HOUR_MS) /* later nobody knows any more what it is about */

/* The place that a group lives at; ERR_NOT_FOUND. */
static enum err place_of_group(const struct desk *desk, const char *gid, struct place *ret_place)
{
	struct zalo_group group;
	struct party party;
	enum err err = party_find(desk->store, PARTY_ZALO_GROUP, gid, &party);

	if (!err)
		err = zalo_group_of_party(desk->store, party.id, &group);
	if (!err && !group.place_id)
		err = ERR_NOT_FOUND;
	return err ? err : place_load(desk->store, group.place_id, ret_place);
}

bool desk_is_duty_group(const struct desk *desk, const char *group)
{
	struct place place;

	if (desk->duty_group[0] && str_eq(desk->duty_group, group))
		return true;
	/* If that can't be told now, one report too many is better than one too few. */
	return !place_of_group(desk, group, &place) && place.kind == PLACE_COMMITTEE;
}

static enum err queue_invitation(struct desk *desk, const char *group)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	struct party party;
	CLEAN_BUF text = {0};
	int64_t id;
	enum err err = party_get(desk->store, PARTY_ZALO_GROUP, group, &party);

	buf_init(&text, OUTBOX_BODY_MAX);
	if (!err)
		err = phrase("group_invitation", PHRASE_FULL, none, &text);
	if (err)
		return err;
	return outbox_add(desk->store,
		&(struct outbox_new){.channel = CHANNEL_ZALO_GROUP,
			.lane = LANE_ANSWER,
			.kind = OUTBOX_KIND_RECEIPT,
			.party_id = party.id,
			.due_ms = desk_now(desk),
			.expires_ms = desk_now(desk) + INVITE_EXPIRES_MS,
			.text = buf_text(&text)},
		&id);
}

enum err desk_group_invite(struct desk *desk, int64_t party_id, const char *group)
{
	int64_t now_ms = desk_now(desk), at_ms = 0;
	struct desk_way way = {.is_hushed = true};
	enum err err = desk_gate(desk, party_id, &way);

	if (err || way.is_hushed)
		return err;
	err = party_invited(desk->store, party_id, &at_ms);

	/* A time that lies ahead comes from a clock that was wrong. */
	if (err || !desk->has_zalo || (at_ms <= now_ms && now_ms - at_ms < INVITE_EVERY_MS))
		return err;
	err = queue_invitation(desk, group);
	return err ? err : party_set_invited(desk->store, party_id, now_ms);
}
