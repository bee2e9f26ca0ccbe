/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about who asked to be in the registry or has another number, and the poster that says
 * how. */
#include "daemon/base/str.h"
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

static enum exit_code prepare_enrolments(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/enrolments");
	return EXIT_DONE;
}

static enum exit_code enrolment_path(struct ctl *ctl, const char *what)
{
	int64_t id;

	if (str_to_int64(ctl->subject, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error("N is a number of binhyenctl enrolments");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/enrolments/%lld/%s", (long long)id, what);
	return EXIT_DONE;
}

/* [PLACE [ROLE [HOUSEHOLD]]] [old=PHONE], "-" as it is. */
static enum exit_code add_rest(json_t *body, const struct ctl *ctl, int first)
{
	static const char *const keys[] = {"place", "role", "household"};
	size_t at = 0;

	for (int i = first; i < ctl->rest_count; i++) {
		const char *word = ctl->rest[i];

		if (str_starts(word, "old=")) {
			json_object_set_new(body, "old_phone", json_string(word + 4));
			continue;
		}
		if (at == ARRAY_LEN(keys))
			return usage_error("PLACE ROLE HOUSEHOLD at most, and old=PHONE");
		if (!str_eq(word, "-"))
			json_object_set_new(body, keys[at], json_string(word));
		at++;
	}
	return EXIT_DONE;
}

static enum exit_code prepare_accept(struct ctl *ctl)
{
	enum exit_code code = enrolment_path(ctl, "accept");
	json_t *body;

	if (code != EXIT_DONE)
		return code;
	body = json_object();
	code = add_rest(body, ctl, 0);
	if (code == EXIT_DONE)
		return ctl_body(ctl, body);
	json_decref(body);
	return code;
}

static enum exit_code prepare_ask(struct ctl *ctl)
{
	enum exit_code code = enrolment_path(ctl, "ask");

	return code == EXIT_DONE ? ctl_body(ctl, json_pack("{s:s}", "what", ctl->text)) : code;
}

static enum exit_code prepare_decline(struct ctl *ctl)
{
	enum exit_code code = enrolment_path(ctl, "decline");

	return code == EXIT_DONE ? ctl_body(ctl, json_object()) : code;
}

static enum exit_code prepare_enter(struct ctl *ctl)
{
	json_t *body;

	enum exit_code code;

	if (ctl->rest_count < 3)
		return usage_error("somebody is entered as PHONE NAME PLACE [ROLE [HOUSEHOLD]] "
				   "[old=PHONE]");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/enrolments");
	body = json_pack("{s:s, s:s}", "phone", ctl->rest[0], "name", ctl->rest[1]);
	if (!body)
		return usage_error("PHONE or NAME is not UTF-8");
	code = add_rest(body, ctl, 2);
	if (code == EXIT_DONE)
		return ctl_body(ctl, body);
	json_decref(body);
	return code;
}

static void show_enrolments(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"N", "id", false},
		{"DAY", "day", false},
		{"PLACE", "place", false},
		{"AS WRITTEN", "said", false},
		{"PHONE", "phone", false},
		{"NEW NUMBER", "is_move", false},
		{"ZALO", "has_zalo", false},
		{"NAME", "name", false},
	};

	if (!json_array_size(json_object_get(body, "enrolments"))) {
		fputs("Nobody waits to be enrolled (không có ai chờ đăng ký).\n", out);
		return;
	}
	show_list(out, body, "enrolments", columns, ARRAY_LEN(columns));
}

static void show_enrolled(FILE *out, const json_t *body)
{
	fputs(str_eq(show_member(body, "state"), "ACCEPTED")
			? "He is in the registry (đã ghi vào danh sách).\n"
			: "Declined, and told so (đã từ chối và báo lại).\n",
		out);
}

/* ---- the poster ------------------------------------------------------------------------------
 */

/* What a camera reads opens a message with the keyword in it (RFC 5724). */
static void show_code(const char *number)
{
	char uri[64];

	snprintf(uri, sizeof(uri), "sms:%s?body=DK%%20", number);
	qr_print(stdout, uri);
	printf("%s\n", uri);
}

static enum exit_code prepare_poster(struct ctl *ctl)
{
	struct api_answer answer = {0};
	enum exit_code code;
	size_t len = strlen(ctl->text);

	ctl->is_over = true;
	if (len < 3 || len > 15 ||
		strspn(ctl->text + (ctl->text[0] == '+'), "0123456789") !=
			len - (ctl->text[0] == '+'))
		return usage_error("NUMBER is that of the box, as people dial it: digits");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/enrolments/wording");
	code = ctl_request(ctl, &answer);
	if (code == EXIT_DONE && ctl->wants_json) {
		show_json(stdout, answer.body);
	} else if (code == EXIT_DONE) {
		show_text(stdout, show_member(answer.body, "text"));
		printf("\n\nSMS: %s\n\n", ctl->text);
		show_code(ctl->text);
	}
	api_answer_done(&answer);
	return code;
}

const struct command enrolment_commands[] = {
	{"enrolments", "", "who asked by SMS to be in the registry, or has a new number, and waits",
		0, false, prepare_enrolments, show_enrolments},
	{"enrolment poster", " NUMBER", "what a poster says, with the code that opens the SMS", 1,
		false, prepare_poster, NULL},
	{"enrolment N accept", " [PLACE [ROLE [HOUSEHOLD]]] [old=PHONE]",
		"he is in the registry from now on", COMMAND_ANY, false, prepare_accept,
		show_enrolled},
	{"enrolment N ask", " WHAT", "ask him again for his hamlet, name or both", 1, false,
		prepare_ask, show_enrolled},
	{"enrolment N decline", "", "he is not to be in it", 0, false, prepare_decline,
		show_enrolled},
	{"enrol-resident", " PHONE NAME PLACE [ROLE [HOUSEHOLD]] [old=PHONE]",
		"somebody who agreed in the office", COMMAND_MANY, false, prepare_enter,
		show_enrolled},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
