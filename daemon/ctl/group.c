/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about the Zalo groups of the account. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

#define USER_ID_DIGITS 12 /* at least; a person's number in a group has fewer */

static enum exit_code group_path(struct ctl *ctl, const char *suffix)
{
	int64_t id;

	if (str_to_int64(ctl->subject, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error("N is the number of a group, as binhyenctl groups shows it");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/groups/%lld%s", (long long)id, suffix);
	return EXIT_DONE;
}

static enum exit_code prepare_groups(struct ctl *ctl)
{
	return prepare_list(ctl, "groups");
}

static enum exit_code prepare_assets(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/group-assets");
	return EXIT_DONE;
}

static enum exit_code prepare_group(struct ctl *ctl)
{
	return group_path(ctl, "");
}

static enum exit_code prepare_members(struct ctl *ctl)
{
	return group_path(ctl, "/members");
}

static enum exit_code prepare_requests(struct ctl *ctl)
{
	return group_path(ctl, "/requests");
}

static enum exit_code prepare_acts(struct ctl *ctl)
{
	return group_path(ctl, "/acts");
}

static enum exit_code prepare_create(struct ctl *ctl)
{
	json_t *body = json_pack("{s:s}", "place", ctl->rest[0]), *members = json_array();

	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/groups");
	for (int i = 2; i < ctl->rest_count; i++)
		json_array_append_new(members, json_string(ctl->rest[i]));
	json_object_set_new(body, "members", members);
	if (ctl->rest_count < 3) {
		json_decref(body);
		return usage_error("a group is made with PLACE ASSET USER-ID ...");
	}
	if (!str_eq(ctl->rest[1], "any"))
		json_object_set_new(body, "asset", json_string(ctl->rest[1]));
	return ctl_body(ctl, body);
}

/* ---- settings --------------------------------------------------------------------------------
 */

static json_t *value_of(const char *name, const char *text)
{
	static const char *const texts[] = {"name", "description", "avatar"};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (str_eq(texts[i], name))
			return json_string(text);
	}
	if (str_eq(text, "on"))
		return json_true();
	if (str_eq(text, "off"))
		return json_false();
	return str_eq(text, "any") ? json_null() : NULL;
}

static enum exit_code prepare_set(struct ctl *ctl)
{
	static const char *const names[] = {"name", "description", "avatar", "lock_send_msg",
		"join_appr", "enable_msg_history", "enable_link_join", "auto_accept"};
	json_t *body = json_object();

	for (int i = 0; i < ctl->rest_count; i++) {
		char *sign = strchr(ctl->rest[i], '=');
		json_t *value = NULL;

		if (sign)
			*sign = 0;
		for (size_t n = 0; sign && n < ARRAY_LEN(names); n++) {
			if (str_eq(names[n], ctl->rest[i]))
				value = value_of(names[n], sign + 1);
		}
		if (!value) {
			json_decref(body);
			return usage_error(
				"a setting is name=, description=, avatar=TEXT, or lock_send_msg=, "
				"join_appr=, enable_msg_history=, enable_link_join=, auto_accept= with "
				"on, off or any");
		}
		json_object_set_new(body, ctl->rest[i], value);
	}
	if (group_path(ctl, "/settings") != EXIT_DONE) {
		json_decref(body);
		return EXIT_USAGE;
	}
	return ctl_body(ctl, body);
}

static enum exit_code one_text(struct ctl *ctl, const char *suffix, const char *key)
{
	enum exit_code code = group_path(ctl, suffix);

	return code == EXIT_DONE ? ctl_body(ctl, json_pack("{s:s}", key, ctl->text)) : code;
}

static enum exit_code prepare_link(struct ctl *ctl)
{
	return one_text(ctl, "/link", "place");
}

static enum exit_code prepare_asset(struct ctl *ctl)
{
	return one_text(ctl, "/asset", "asset");
}

static enum exit_code prepare_delete(struct ctl *ctl)
{
	return one_text(ctl, "/delete", "name");
}

static enum exit_code prepare_check(struct ctl *ctl)
{
	enum exit_code code = group_path(ctl, "/check");

	return code == EXIT_DONE ? ctl_body(ctl, json_object()) : code;
}

/* ---- people ----------------------------------------------------------------------------------
 */

static enum exit_code person(struct ctl *ctl, const char *what)
{
	enum exit_code code = group_path(ctl, "/people");
	size_t len = strlen(ctl->text);
	int64_t number;

	if (code != EXIT_DONE)
		return code;
	if (len >= USER_ID_DIGITS && strspn(ctl->text, "0123456789") == len)
		return ctl_body(ctl, json_pack("{s:s, s:s}", "do", what, "user_id", ctl->text));
	if (str_to_int64(ctl->text, 1, INT64_MAX, &number) != ERR_OK)
		return usage_error("PERSON is a number in the group (12) or a Zalo user id");
	return ctl_body(ctl, json_pack("{s:s, s:I}", "do", what, "person", (json_int_t)number));
}

static enum exit_code prepare_accept(struct ctl *ctl)
{
	return person(ctl, "accept");
}

static enum exit_code prepare_reject(struct ctl *ctl)
{
	return person(ctl, "reject");
}

static enum exit_code prepare_invite(struct ctl *ctl)
{
	return person(ctl, "invite");
}

static enum exit_code prepare_confirm(struct ctl *ctl)
{
	return person(ctl, "confirm");
}

static enum exit_code prepare_remove(struct ctl *ctl)
{
	return person(ctl, "remove");
}

static enum exit_code prepare_deputy_add(struct ctl *ctl)
{
	return person(ctl, "deputy-add");
}

static enum exit_code prepare_deputy_remove(struct ctl *ctl)
{
	return person(ctl, "deputy-remove");
}

static enum exit_code prepare_handover(struct ctl *ctl)
{
	return person(ctl, "handover");
}

static enum exit_code prepare_act_settle(struct ctl *ctl)
{
	int64_t id;

	if (str_to_int64(ctl->subject, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error(
			"ID is the number of an act, as binhyenctl group N acts shows it");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/group-acts/%lld/settle", (long long)id);
	return ctl_body(ctl, json_pack("{s:s}", "as", ctl->text));
}

const struct command group_commands[] = {
	{"groups", "", "the Zalo groups: for what, how many members, what is wrong", 0, true,
		prepare_groups, show_groups},
	{"group assets", "", "what Zalo groups can be made of", 0, false, prepare_assets,
		show_group_assets},
	{"group create", " PLACE ASSET USER-ID ...", "make one; ASSET \"any\" takes the smallest",
		COMMAND_MANY, false, prepare_create, show_group_stored},
	{"group act ID settle", " HOW", "what became of an act: done, failed, again, cancel", 1,
		false, prepare_act_settle, show_settled},
	{"group N members", "", "who is in and on no list, and who is missing", 0, false,
		prepare_members, show_group_members},
	{"group N requests", "", "who asks to join", 0, false, prepare_requests,
		show_group_requests},
	{"group N acts", "", "what was ordered and what became of it", 0, true, prepare_acts,
		show_group_acts},
	{"group N accept", " PERSON", "let in who asks", 1, false, prepare_accept,
		show_group_stored},
	{"group N reject", " PERSON", "turn away who asks", 1, false, prepare_reject,
		show_group_stored},
	{"group N invite", " PERSON", "invite a follower of the account", 1, false, prepare_invite,
		show_group_stored},
	{"group N confirm", " PERSON", "he may stay although he is on no list", 1, false,
		prepare_confirm, show_group_stored},
	{"group N remove", " PERSON", "put him out", 1, false, prepare_remove, show_group_stored},
	{"group N deputy-add", " PERSON", "make a member a deputy", 1, false, prepare_deputy_add,
		show_group_stored},
	{"group N deputy-remove", " PERSON", "take his rights away", 1, false,
		prepare_deputy_remove, show_group_stored},
	{"group N handover", " PERSON", "a new head; the old one loses his rights after", 1, false,
		prepare_handover, show_group_stored},
	{"group N link", " PLACE", "what the group is for", 1, false, prepare_link,
		show_group_stored},
	{"group N set", " SETTING=VALUE ...", "how it has to be", COMMAND_MANY, false, prepare_set,
		show_group_stored},
	{"group N asset", " ASSET", "renew or enlarge it by another asset", 1, false, prepare_asset,
		show_group_stored},
	{"group N check", "", "read everything about it from Zalo now", 0, false, prepare_check,
		show_group_stored},
	{"group N delete", " NAME", "dissolve it; NAME is its exact name", 1, false, prepare_delete,
		show_group_stored},
	{"group N", "", "one group: settings, rights, dates", 0, false, prepare_group, show_group},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
