/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is in a group, and who asks to be, against the list of its place. A Zalo user is known to be
 * a resident when the number that he shared with the account is on the list; the first who shows a
 * number is believed, a second one is left to an officer. A display name proves nothing.
 */
#include "daemon/desk/group_private.h"

#include "gateway/sms_text.h"
#include "store/resident.h"

enum err desk_member_seen(struct desk *desk, int64_t group_id, const char *user_id)
{
	struct group_person person;
	bool is_new;
	enum err err = group_person_get(
		desk->store, group_id, user_id, GROUP_PERSON_MEMBER, &person, &is_new);

	if (err)
		return err;
	person.state = GROUP_PERSON_MEMBER;
	person.seen_ms = desk_now(desk);
	return group_person_save(desk->store, &person);
}

static enum err keep_name(struct desk *desk, int64_t person_id, const char *name)
{
	struct buf clean;
	enum err err;

	buf_init(&clean, 4096);
	err = sms_text_normalize(name, &clean);
	if (!err && clean.len && clean.len < GROUP_PERSON_NAME_MAX)
		err = group_person_set_name(desk->store, person_id, buf_text(&clean));
	buf_wipe(&clean);
	/* A name that can't be kept is no reason not to hear the request. */
	return err == ERR_INVALID || err == ERR_TOO_BIG ? ERR_OK : err;
}

enum err desk_request_seen(
	struct desk *desk, int64_t group_id, const char *user_id, const char *name)
{
	struct group_person person;
	bool is_new, is_news;
	enum err err = group_person_get(
		desk->store, group_id, user_id, GROUP_PERSON_ASKING, &person, &is_new);

	if (err)
		return err;
	is_news = is_new || person.state != GROUP_PERSON_ASKING;
	/* An invitation is an answer given beforehand; everything older is not. */
	if (is_news && person.state != GROUP_PERSON_INVITED)
		person.is_confirmed = false;
	person.state = GROUP_PERSON_ASKING;
	person.seen_ms = desk_now(desk);
	err = group_person_save(desk->store, &person);
	if (!err && (is_news || !person.has_name))
		err = keep_name(desk, person.id, name);
	return err || !is_news ? err : group_judge(desk, group_id, person.id);
}

static enum err is_on_list(struct desk *desk, const struct zalo_group *group,
	const struct group_person *person, bool *ret_is)
{
	struct buf user_id;
	int64_t resident_id;
	enum err err;

	buf_init(&user_id, ZALO_USER_ID_BYTES);
	err = group_person_user(desk->store, person->id, &user_id);
	if (!err)
		err = resident_of_zalo(desk->store, buf_text(&user_id), &resident_id);
	buf_wipe(&user_id);
	*ret_is = false;
	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	return resident_is_at(desk->store, resident_id, group->place_id, ret_is);
}

enum err group_judge(struct desk *desk, int64_t group_id, int64_t person_id)
{
	struct group_person person;
	struct zalo_group group;
	bool is_welcome;
	int64_t act_id;
	enum err err = zalo_group_load(desk->store, group_id, &group);

	if (!err)
		err = group_person_load(desk->store, person_id, &person);
	if (err || person.state != GROUP_PERSON_ASKING || !group.place_id)
		return err;
	is_welcome = person.is_confirmed;
	if (!is_welcome && group.is_auto_accept)
		err = is_on_list(desk, &group, &person, &is_welcome);
	if (err || !is_welcome)
		return err;
	return group_order(desk,
		&(struct group_act_new){.group_id = group_id,
			.kind = GROUP_ACT_ACCEPT,
			.person_id = person_id,
			.actor = "system",
			.due_ms = desk_now(desk)},
		&act_id);
}

/* The number is that of somebody on the list, whom nobody else has claimed to be. */
static enum err recognise(struct desk *desk, const struct zalo_group *group,
	const struct group_person *person, const char *phone)
{
	char msisdn[MSISDN_BYTES];
	bool is_at = false, is_taken = true;
	struct buf user_id;
	int64_t resident_id;
	enum err err;

	if (msisdn_normalize(phone, msisdn))
		return ERR_OK;
	err = resident_find(desk->store, msisdn, &resident_id);
	explicit_bzero(msisdn, sizeof(msisdn));
	if (!err)
		err = resident_is_at(desk->store, resident_id, group->place_id, &is_at);
	if (!err && is_at)
		err = resident_has_zalo(desk->store, resident_id, &is_taken);
	if (err || is_taken)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	buf_init(&user_id, ZALO_USER_ID_BYTES);
	err = group_person_user(desk->store, person->id, &user_id);
	if (!err)
		err = resident_set_zalo(desk->store, resident_id, buf_text(&user_id));
	buf_wipe(&user_id);
	if (err)
		return err;
	struct zalo_group counted = *group;

	return group_recount(desk, &counted);
}

enum err desk_person_told(struct desk *desk, int64_t person_id, const char *phone)
{
	struct group_person person;
	struct zalo_group group;
	enum err err = group_person_load(desk->store, person_id, &person);

	if (!err)
		err = zalo_group_load(desk->store, person.group_id, &group);
	if (err)
		return err;
	person.asked_ms = desk_now(desk);
	err = group_person_save(desk->store, &person);
	if (!err && phone[0] && group.place_id)
		err = recognise(desk, &group, &person, phone);
	return err ? err : group_judge(desk, group.id, person_id);
}

enum err desk_requests_whole(struct desk *desk, int64_t group_id, int64_t since_ms)
{
	struct zalo_group group;
	enum err err = zalo_group_load(desk->store, group_id, &group);

	if (!err)
		err = group_person_unseen(desk->store, group_id, GROUP_PERSON_ASKING, since_ms);
	if (err)
		return err;
	group.requests_ms = desk_now(desk);
	return zalo_group_save(desk->store, &group);
}

enum err group_recount(struct desk *desk, struct zalo_group *group)
{
	int64_t members, strangers, missing = 0, unknown = 0;
	enum err err = group_person_counts(
		desk->store, group->id, GROUP_PERSON_MEMBER, &members, &strangers);

	if (!err && group->place_id)
		err = group_missing_counts(
			desk->store, group->id, group->place_id, &missing, &unknown);
	if (err)
		return err;
	group->strangers = (int)strangers;
	group->missing = (int)missing;
	group->unknown = (int)unknown;
	return zalo_group_save(desk->store, group);
}

enum err desk_members_whole(struct desk *desk, int64_t group_id, int64_t since_ms)
{
	struct zalo_group group;
	char data[128];
	enum err err = zalo_group_load(desk->store, group_id, &group);

	if (!err)
		err = group_person_unseen(desk->store, group_id, GROUP_PERSON_MEMBER, since_ms);
	group.members_ms = desk_now(desk);
	if (!err)
		err = group_recount(desk, &group);
	if (err || !group.place_id)
		return err;
	snprintf(data, sizeof(data),
		"{\"members\":%d,\"strangers\":%d,\"missing\":%d,\"unknown\":%d}", group.members,
		group.strangers, group.missing, group.unknown);
	return group_event(desk, "group.members", group_id, "system", data);
}

/* ---- a hint for the officer ------------------------------------------------------------------
 */

/* Without marks and capitals, one blank between words. */
static enum err plain_name(const char *name, struct buf *out)
{
	bool is_word = false;
	enum err err = sms_text_unaccent(name, out);
	size_t len = 0;

	for (size_t i = 0; !err && i < out->len; i++) {
		char c = out->data[i];

		if (c == ' ' && !is_word)
			continue;
		is_word = c != ' ';
		out->data[len++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	if (!err && len) {
		out->len = len - (out->data[len - 1] == ' ');
		out->data[out->len] = 0;
	}
	return err;
}

static bool is_same_name(void *arg, const char *name)
{
	struct buf plain;
	bool is_same;

	buf_init(&plain, 1024);
	is_same = !plain_name(name, &plain) && str_eq(buf_text(&plain), arg);
	buf_wipe(&plain);
	return is_same;
}

enum err desk_request_is_named(struct desk *desk, int64_t person_id, bool *ret_is_named)
{
	struct group_person person;
	struct zalo_group group;
	struct buf name, plain;
	enum err err = group_person_load(desk->store, person_id, &person);

	*ret_is_named = false;
	if (!err)
		err = zalo_group_load(desk->store, person.group_id, &group);
	if (err || !group.place_id || !person.has_name)
		return err;
	buf_init(&name, GROUP_PERSON_NAME_MAX);
	buf_init(&plain, 1024);
	err = group_person_name(desk->store, person_id, &name);
	if (!err)
		err = plain_name(buf_text(&name), &plain);
	if (!err && plain.len)
		err = resident_is_named(
			desk->store, group.place_id, is_same_name, plain.data, ret_is_named);
	buf_wipe(&name);
	buf_wipe(&plain);
	return err;
}
