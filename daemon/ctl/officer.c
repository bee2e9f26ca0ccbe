/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands of the chief about the officers. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

static enum exit_code officer_path(struct ctl *ctl, const char *suffix)
{
	size_t len = strlen(ctl->subject);

	if (!len || len > 32 ||
		strspn(ctl->subject, "abcdefghijklmnopqrstuvwxyz0123456789._-") != len)
		return usage_error("NAME is the login name of an officer, as binhyenctl officers "
				   "shows it");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/officers/%s%s", ctl->subject, suffix);
	return EXIT_DONE;
}

static enum exit_code prepare_officers(struct ctl *ctl)
{
	return prepare_list(ctl, "officers");
}

static enum exit_code prepare_officer(struct ctl *ctl)
{
	return officer_path(ctl, "");
}

/* "thon-1,thon-2"; "" is none. */
static json_t *places_of(const char *text)
{
	json_t *places = json_array();

	while (*text) {
		size_t len = strcspn(text, ",");

		json_array_append_new(places, json_stringn(text, len));
		text += len + (text[len] == ',');
	}
	return places;
}

/* FIELD=VALUE into the body. */
static enum exit_code add_field(json_t *body, const char *field)
{
	static const char *const names[] = {"name", "role", "phone", "superior", "places"};
	const char *equals = strchr(field, '=');

	for (size_t i = 0; equals && i < ARRAY_LEN(names); i++) {
		size_t len = strlen(names[i]);

		if ((size_t)(equals - field) != len || strncmp(field, names[i], len) != 0)
			continue;
		json_object_set_new(body, names[i],
			str_eq(names[i], "places") ? places_of(equals + 1)
						   : json_string(equals + 1));
		return EXIT_DONE;
	}
	return usage_error("FIELD=VALUE: name=, role=, phone=, superior=LOGIN, places=CODE,CODE");
}

static enum exit_code add_fields(struct ctl *ctl, json_t *body, int from)
{
	enum exit_code code = EXIT_DONE;

	for (int i = from; code == EXIT_DONE && i < ctl->rest_count; i++)
		code = add_field(body, ctl->rest[i]);
	if (code == EXIT_DONE)
		return ctl_body(ctl, body);
	json_decref(body);
	return code;
}

static enum exit_code prepare_add(struct ctl *ctl)
{
	if (ctl->rest_count < 3)
		return usage_error("an officer is made with LOGIN ROLE NAME, and FIELD=VALUE ...");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/officers");
	return add_fields(ctl,
		json_pack("{s:s, s:s, s:s}", "login", ctl->rest[0], "role", ctl->rest[1], "name",
			ctl->rest[2]),
		3);
}

static enum exit_code prepare_set(struct ctl *ctl)
{
	enum exit_code code = officer_path(ctl, "");

	return code == EXIT_DONE ? add_fields(ctl, json_object(), 0) : code;
}

static enum exit_code deed(struct ctl *ctl, const char *what)
{
	enum exit_code code = officer_path(ctl, "/state");

	return code == EXIT_DONE ? ctl_body(ctl, json_pack("{s:s}", "do", what)) : code;
}

static enum exit_code prepare_lock(struct ctl *ctl)
{
	return deed(ctl, "lock");
}

static enum exit_code prepare_unlock(struct ctl *ctl)
{
	return deed(ctl, "unlock");
}

static enum exit_code prepare_remove(struct ctl *ctl)
{
	return deed(ctl, "remove");
}

static enum exit_code prepare_reset(struct ctl *ctl)
{
	enum exit_code code = officer_path(ctl, "/reset");

	if (!str_eq(ctl->text, "totp") && !str_eq(ctl->text, "passphrase"))
		return usage_error("what is reset is totp (his phone) or passphrase");
	return code == EXIT_DONE ? ctl_body(ctl, json_pack("{s:s}", "what", ctl->text)) : code;
}

/* Typed, or a file on standard input: never an argument. */
static enum exit_code prepare_recover(struct ctl *ctl)
{
	enum exit_code code = officer_path(ctl, "/recover");
	struct buf words;

	buf_init(&words, 1024);
	if (code == EXIT_DONE)
		code = input_is_terminal()
			       ? input_line("Escrow words from the safe (cụm từ trong két): ", true,
					 &words)
			       : input_all(&words);
	if (code == EXIT_DONE)
		code = ctl_body(ctl, json_pack("{s:s}", "words", buf_text(&words)));
	buf_wipe(&words);
	return code;
}

const struct command officer_commands[] = {
	{"officers", "", "who works with the reports, and in which role", 0, true, prepare_officers,
		show_officers},
	{"officer add", " LOGIN ROLE NAME [FIELD=VALUE ...]", "a new one, and his one-time code",
		COMMAND_MANY, false, prepare_add, show_officer_code},
	{"officer NAME set", " FIELD=VALUE ...", "change name, role, phone, superior, places",
		COMMAND_MANY, false, prepare_set, show_officer},
	{"officer NAME lock", "", "he may not log in any more", 0, false, prepare_lock,
		show_officer},
	{"officer NAME unlock", "", "he may again", 0, false, prepare_unlock, show_officer},
	{"officer NAME remove", "", "he has left; this is final", 0, false, prepare_remove,
		show_officer},
	{"officer NAME reset", " WHAT", "lost: his phone (totp) or his passphrase", 1, false,
		prepare_reset, show_officer_code},
	{"officer NAME recover", "", "a chief who lost both, by the escrow words of the safe", 0,
		false, prepare_recover, show_officer_code},
	{"officer NAME", "", "one officer", 0, false, prepare_officer, show_officer},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
