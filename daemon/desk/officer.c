/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/officer.h"

#include "daemon/desk/confinement.h"
#include "daemon/desk/desk_private.h"
#include "daemon/desk/keyring.h"
#include "gateway/sms_text.h"
#include "store/event.h"
#include "store/place.h"

#include <string.h>

#define LOGIN_HELP "a login name has 1 to 32 of a-z 0-9 . _ -, as truong.ca"
#define ROLE_HELP  "the role is chief, deputy, area, duty, clerk, chairman or it"

static enum err note(struct desk *desk, const char *kind, int64_t officer_id, const char *actor,
	const char *name, const char *value)
{
	char subject[48], data[128] = "{}";

	snprintf(subject, sizeof(subject), "officer/%lld", (long long)officer_id);
	if (name)
		snprintf(data, sizeof(data), "{\"%s\":\"%s\"}", name, value);
	return event_add(desk->store, kind, subject, actor, data);
}

/* The values of `in` in the form in which they are kept; what is not given stays as it is. */
static enum err take_values(struct desk *desk, const struct desk_officer_in *in,
	struct officer *officer, struct errbuf *eb)
{
	struct officer superior = {0};
	enum err err = ERR_OK;

	if (in->name && desk_clean_name(in->name, officer->name, sizeof(officer->name)))
		return errbuf_set(eb, ERR_INVALID, "the name has 1 to %d bytes in one line",
			OFFICER_NAME_BYTES - 1);
	if (in->role && officer_role_of(in->role, &officer->role))
		return errbuf_set(eb, ERR_INVALID, ROLE_HELP);
	if (in->superior && in->superior[0])
		err = officer_find(desk->store, in->superior, &superior);
	if (err)
		return err == ERR_NOT_FOUND
			       ? errbuf_set(eb, ERR_INVALID,
					 "there is no officer %.32s to be above him", in->superior)
			       : err;
	if (in->superior)
		officer->superior_id = superior.id;
	return ERR_OK;
}

static enum err take_phone(const char *typed, char ret_phone[MSISDN_BYTES], struct errbuf *eb)
{
	ret_phone[0] = 0;
	if (!typed || !typed[0])
		return ERR_OK;
	return msisdn_normalize(typed, ret_phone)
		       ? errbuf_set(eb, ERR_INVALID, "the phone is no number of a mobile phone")
		       : ERR_OK;
}

struct place_ids {
	int64_t ids[DESK_OFFICER_PLACES_MAX];
	int count;
	bool is_full;
};

static void place_note(void *arg, int64_t id)
{
	struct place_ids *old = arg;

	if (old->count == DESK_OFFICER_PLACES_MAX)
		old->is_full = true;
	else
		old->ids[old->count++] = id;
}

/* Exactly these are his afterwards. */
static enum err set_places(
	struct desk *desk, int64_t officer_id, const struct desk_officer_in *in, struct errbuf *eb)
{
	struct place_ids old = {.count = 0};
	struct place place;
	enum err err = officer_places(desk->store, officer_id, place_note, &old);

	if (in->place_count < 0 || err)
		return err;
	if (old.is_full)
		return errbuf_set(
			eb, ERR_TOO_BIG, "this officer has too many places to be changed");
	for (int i = 0; !err && i < old.count; i++)
		err = officer_place_set(desk->store, officer_id, old.ids[i], false);
	for (int i = 0; !err && i < in->place_count; i++) {
		err = place_find_open(desk->store, in->places[i], &place);
		if (err == ERR_NOT_FOUND)
			return errbuf_set(eb, ERR_INVALID,
				"there is no place %.31s; see binhyenctl places", in->places[i]);
		if (!err)
			err = officer_place_set(desk->store, officer_id, place.id, true);
	}
	return err;
}

static enum err insert(struct desk *desk, const struct officer *officer, const char *phone,
	struct officer *ret_officer, struct errbuf *eb)
{
	int64_t id;
	enum err err = officer_add(desk->store,
		&(struct officer_new){.login = officer->login,
			.name = officer->name,
			.role = officer->role,
			.phone = phone,
			.superior_id = officer->superior_id},
		&id);

	if (err == ERR_INVALID)
		return errbuf_set(eb, err, LOGIN_HELP);
	if (err == ERR_EXISTS)
		return errbuf_set(eb, err,
			"the login name %s is taken, or was somebody's who was removed",
			officer->login);
	return err ? err : officer_load(desk->store, id, ret_officer);
}

enum err desk_officer_add(struct desk *desk, const struct desk_officer_in *in,
	const struct desk_actor *actor, struct officer *ret_officer,
	char ret_code[LOGIN_CODE_BYTES], struct errbuf *eb)
{
	struct officer officer = {0};
	char phone[MSISDN_BYTES];
	enum err err;

	if (!in->login || str_copy(officer.login, sizeof(officer.login), in->login))
		return errbuf_set(eb, ERR_INVALID, LOGIN_HELP);
	if (!in->name || !in->role)
		return errbuf_set(eb, ERR_INVALID, "login, name and role are needed; " ROLE_HELP);
	err = take_values(desk, in, &officer, eb);
	if (!err)
		err = take_phone(in->phone, phone, eb);
	if (!err)
		err = insert(desk, &officer, phone, &officer, eb);
	if (!err)
		err = set_places(desk, officer.id, in, eb);
	if (!err)
		err = login_code_new(
			desk->store, officer.id, desk_now(desk) + DESK_CODE_LIFE_MS, ret_code);
	if (!err)
		err = note(desk, "officer.created", officer.id, actor->name, "role",
			officer_role_text(officer.role));
	if (!err)
		*ret_officer = officer;
	return err;
}

enum err desk_officer_claim(struct desk *desk, const char *login, const char *name,
	const char *actor, struct officer *ret_officer, struct errbuf *eb)
{
	struct officer officer = {.role = OFFICER_CHIEF};
	bool any;
	enum err err = officer_any(desk->store, &any);

	if (err)
		return err;
	if (any)
		return errbuf_set(eb, ERR_STATE, "the box has its first officer already");
	if (str_copy(officer.login, sizeof(officer.login), login))
		return errbuf_set(eb, ERR_INVALID, LOGIN_HELP);
	if (desk_clean_name(name, officer.name, sizeof(officer.name)))
		return errbuf_set(eb, ERR_INVALID, "the name has 1 to %d bytes in one line",
			OFFICER_NAME_BYTES - 1);
	err = insert(desk, &officer, "", ret_officer, eb);
	if (!err)
		err = note(desk, "officer.created", ret_officer->id, actor, "role", "chief");
	return err;
}

static enum err find(
	struct desk *desk, const char *login, struct officer *ret_officer, struct errbuf *eb)
{
	enum err err = officer_find(desk->store, login ? login : "", ret_officer);

	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no such officer; see binhyenctl officers");
	if (!err && ret_officer->state == OFFICER_REMOVED)
		return errbuf_set(eb, ERR_STATE, "this officer was removed, which is final");
	return err;
}

/* Nothing of what he proved himself with is of use to anybody any more. */
static enum err forget_login(struct desk *desk, int64_t officer_id)
{
	enum err err = login_code_drop(desk->store, officer_id);

	if (!err)
		err = login_drop_totp(desk->store, officer_id);
	return err ? err : login_drop_key(desk->store, officer_id);
}

/* He is about to be no active chief any more. */
static enum err check_last_chief(
	struct desk *desk, const struct officer *officer, struct errbuf *eb)
{
	int64_t chiefs;
	enum err err = officer_active(desk->store, OFFICER_CHIEF, &chiefs);

	if (err || officer->role != OFFICER_CHIEF || officer->state != OFFICER_ACTIVE)
		return err;
	return chiefs > 1 ? ERR_OK
			  : errbuf_set(eb, ERR_STATE,
				    "this is the only chief; make another officer chief before");
}

enum err desk_officer_change(struct desk *desk, const struct desk_officer_in *in,
	const struct desk_actor *actor, struct officer *ret_officer, struct errbuf *eb)
{
	struct officer officer;
	enum officer_role was;
	int64_t superior_id;
	char phone[MSISDN_BYTES];
	enum err err = find(desk, in->login, &officer, eb);

	if (err)
		return err;
	was = officer.role;
	superior_id = officer.superior_id;
	err = take_values(desk, in, &officer, eb);
	if (!err)
		err = take_phone(in->phone, phone, eb);
	if (err)
		return err;
	if (officer.role != was) {
		struct officer before = officer;

		before.role = was;
		if (officer.id == actor->officer_id)
			return errbuf_set(
				eb, ERR_DENIED, "nobody changes his own role; another chief may");
		err = check_last_chief(desk, &before, eb);
	}
	if (!err)
		err = officer_set(desk->store, &officer);
	if (err == ERR_INVALID)
		return errbuf_set(eb, err, "nobody can be above himself");
	if (!err && in->phone)
		err = officer_set_phone(desk->store, officer.id, phone);
	if (!err)
		err = set_places(desk, officer.id, in, eb);
	if (!err)
		err = note(desk, officer.role == was ? "officer.changed" : "officer.role",
			officer.id, actor->name, "role", officer_role_text(officer.role));
	if (!err)
		err = keyring_review(desk, officer.id, actor->name);
	/* Who is chief, and who stands under whom, decides about others' reports too. */
	if (!err && (officer.role != was || officer.superior_id != superior_id))
		err = confinement_settle_all(desk, actor->name);
	return err ? err : officer_load(desk->store, officer.id, ret_officer);
}

static const struct {
	const char *what;
	enum officer_state state;
	const char *event;
} deeds[] = {{"lock", OFFICER_LOCKED, "officer.locked"},
	{"unlock", OFFICER_ACTIVE, "officer.unlocked"},
	{"remove", OFFICER_REMOVED, "officer.removed"}};

enum err desk_officer_do(struct desk *desk, const char *login, const char *what,
	const struct desk_actor *actor, struct officer *ret_officer, struct errbuf *eb)
{
	struct officer officer;
	size_t i = 0;
	enum err err = find(desk, login, &officer, eb);

	if (err)
		return err;
	while (i < ARRAY_LEN(deeds) && !str_eq(deeds[i].what, what))
		i++;
	if (i == ARRAY_LEN(deeds))
		return errbuf_set(eb, ERR_INVALID, "an officer is locked, unlocked or removed");
	if (officer.id == actor->officer_id)
		return errbuf_set(eb, ERR_DENIED, "nobody does this to himself; another chief may");
	if (deeds[i].state == officer.state)
		return errbuf_set(
			eb, ERR_STATE, "he is %s already", officer_state_text(officer.state));
	if (deeds[i].state != OFFICER_ACTIVE)
		err = check_last_chief(desk, &officer, eb);
	if (!err)
		err = officer_set_state(desk->store, officer.id, deeds[i].state);
	if (!err && deeds[i].state == OFFICER_REMOVED)
		err = forget_login(desk, officer.id);
	if (!err && deeds[i].state == OFFICER_REMOVED)
		err = keyring_empty(desk, officer.id, actor->name);
	if (!err)
		err = note(desk, deeds[i].event, officer.id, actor->name, NULL, NULL);
	return err ? err : officer_load(desk->store, officer.id, ret_officer);
}

enum err desk_officer_reset(struct desk *desk, const char *login, const char *what,
	const struct desk_actor *actor, struct officer *ret_officer,
	char ret_code[LOGIN_CODE_BYTES], struct errbuf *eb)
{
	bool is_totp = str_eq(what, "totp");
	struct officer officer;
	enum err err = find(desk, login, &officer, eb);

	if (err)
		return err;
	if (!is_totp && !str_eq(what, "passphrase"))
		return errbuf_set(eb, ERR_INVALID, "what is reset is passphrase or totp");
	if (officer.id == actor->officer_id)
		return errbuf_set(eb, ERR_DENIED, "nobody does this to himself; another chief may");
	err = login_drop_totp(desk->store, officer.id);
	if (!err && !is_totp)
		err = login_drop_key(desk->store, officer.id);
	if (!err && !is_totp)
		err = keyring_empty(desk, officer.id, actor->name);
	if (!err)
		err = login_code_new(
			desk->store, officer.id, desk_now(desk) + DESK_CODE_LIFE_MS, ret_code);
	if (!err)
		err = note(desk, "officer.reset", officer.id, actor->name, "what", what);
	if (!err)
		*ret_officer = officer;
	return err;
}

enum err desk_officer_lockouts(struct desk *desk, int64_t count, const char *login)
{
	char count_text[24];
	const struct phrase_field fields[] = {
		{"count", count_text}, {"officer", login[0] ? login : "?"}, {NULL, NULL}};

	snprintf(count_text, sizeof(count_text), "%lld", (long long)count);
	return desk_tell_role(desk, OFFICER_CHIEF, LANE_ALARM, "login_refused", fields);
}
