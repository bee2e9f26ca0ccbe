/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words for officers on their own phones, by SMS: the one way for everything that is about the work
 * and not the alarm of a report. Never with a word of a resident.
 */
#include "daemon/desk/desk_private.h"
#include "store/report_key.h"

#include <limits.h>

#define TELL_OFFICERS_MAX 200 /* of one role; a commune has some twenty of all */

static enum err tell_phone(struct desk *desk, const char *phone, enum lane lane, const char *key,
	const struct phrase_field *fields)
{
	enum channel_kind channel;
	CLEAN_BUF text = {0};
	struct party party;
	int64_t id;
	enum err err;

	if (!desk_phone_channel(desk, &channel))
		return ERR_OK;
	buf_init(&text, OUTBOX_BODY_MAX);
	err = phrase(key, PHRASE_SMS, fields, &text);
	if (!err)
		err = party_get(desk->store, PARTY_PHONE, phone, &party);
	return err ? err
		   : outbox_add(desk->store,
			     &(struct outbox_new){.channel = channel,
				     .lane = lane,
				     .kind = OUTBOX_KIND_ALARM,
				     .party_id = party.id,
				     .due_ms = desk_now(desk),
				     .expires_ms = desk_now(desk) + desk_expires_ms(lane),
				     .text = buf_text(&text)},
			     &id);
}

enum err desk_tell_officer(struct desk *desk, int64_t officer_id, enum lane lane,
	const char *phrase_key, const struct phrase_field *fields)
{
	CLEAN_BUF phone = {0};
	enum err err;

	buf_init(&phone, OFFICER_PHONE_MAX);
	err = officer_phone(desk->store, officer_id, &phone);
	if (!err)
		err = tell_phone(desk, buf_text(&phone), lane, phrase_key, fields);
	buf_wipe(&phone);
	return err == ERR_NOT_FOUND ? ERR_OK : err;
}

struct role_members {
	enum officer_role role;
	int64_t ids[TELL_OFFICERS_MAX];
	int count;
};

static void keep_member(void *arg, const struct officer *officer)
{
	struct role_members *members = arg;

	if (officer->role == members->role && officer->state == OFFICER_ACTIVE &&
		officer->has_phone && members->count < TELL_OFFICERS_MAX)
		members->ids[members->count++] = officer->id;
}

enum err desk_tell_role(struct desk *desk, enum officer_role role, enum lane lane,
	const char *phrase_key, const struct phrase_field *fields)
{
	struct role_members members = {.role = role};
	enum err err = officer_list(desk->store, 0, INT_MAX, keep_member, &members);

	for (int i = 0; !err && i < members.count; i++)
		err = desk_tell_officer(desk, members.ids[i], lane, phrase_key, fields);
	for (int i = 0; !err && !members.count && i < desk->duty_phone_count; i++)
		err = tell_phone(desk, desk->duty_phones[i], lane, phrase_key, fields);
	return err;
}

struct command {
	int64_t leaders[TELL_OFFICERS_MAX], others[TELL_OFFICERS_MAX];
	int leader_count, other_count;
	bool has_chief;
};

static void keep_rank(void *arg, const struct officer *officer)
{
	struct command *command = arg;

	if (officer->state != OFFICER_ACTIVE || !officer->has_phone)
		return;
	command->has_chief |= officer->role == OFFICER_CHIEF;
	if (officer->role == OFFICER_CHIEF || officer->role == OFFICER_DEPUTY) {
		if (command->leader_count < TELL_OFFICERS_MAX)
			command->leaders[command->leader_count++] = officer->id;
	} else if (command->other_count < TELL_OFFICERS_MAX) {
		command->others[command->other_count++] = officer->id;
	}
}

enum err desk_tell_leaders(struct desk *desk, enum lane lane, const char *phrase_key,
	const struct phrase_field *fields)
{
	struct command command = {.leader_count = 0};
	enum err err = officer_list(desk->store, 0, INT_MAX, keep_rank, &command);

	for (int i = 0; !err && i < command.leader_count; i++)
		err = desk_tell_officer(desk, command.leaders[i], lane, phrase_key, fields);
	for (int i = 0; !err && !command.has_chief && i < command.other_count; i++)
		err = desk_tell_officer(desk, command.others[i], lane, phrase_key, fields);
	if (command.leader_count || command.other_count)
		return err;
	for (int i = 0; !err && i < desk->duty_phone_count; i++)
		err = tell_phone(desk, desk->duty_phones[i], lane, phrase_key, fields);
	return err;
}

struct readers {
	int64_t ids[TELL_OFFICERS_MAX];
	int count;
};

static void keep_reader(void *arg, int64_t holder_id)
{
	struct readers *readers = arg;

	if (holder_id > 0 && readers->count < TELL_OFFICERS_MAX)
		readers->ids[readers->count++] = holder_id;
}

enum err desk_tell_readers(struct desk *desk, const struct report *report, enum lane lane,
	const char *phrase_key, const struct phrase_field *fields)
{
	struct readers readers = {.count = 0};
	enum err err = report_key_holders(desk->store, report->id, keep_reader, &readers);

	for (int i = 0; !err && i < readers.count; i++) {
		struct officer officer;

		err = officer_load(desk->store, readers.ids[i], &officer);
		if (!err && officer.state == OFFICER_ACTIVE &&
			(officer.role == OFFICER_CHIEF || officer.role == OFFICER_DEPUTY ||
				officer.role == OFFICER_CHAIRMAN))
			err = desk_tell_officer(desk, officer.id, lane, phrase_key, fields);
	}
	return err;
}
