/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about stay notices. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

static enum exit_code prepare_stays(struct ctl *ctl)
{
	return prepare_list(ctl, "stays");
}

static enum exit_code stay_path(struct ctl *ctl, const char *what)
{
	int64_t id;

	if (str_to_int64(ctl->subject, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error("N is a number of binhyenctl stays");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/stays/%lld/%s", (long long)id, what);
	return EXIT_DONE;
}

static enum exit_code prepare_stay(struct ctl *ctl)
{
	enum exit_code code = stay_path(ctl, "read");

	return code == EXIT_DONE ? ctl_body(ctl, json_object()) : code;
}

static enum exit_code decide(struct ctl *ctl, const char *how)
{
	enum exit_code code = stay_path(ctl, "decide");

	return code == EXIT_DONE ? ctl_body(ctl, json_pack("{s:s}", "how", how)) : code;
}

static enum exit_code prepare_entered(struct ctl *ctl)
{
	return decide(ctl, "entered");
}

static enum exit_code prepare_recorded(struct ctl *ctl)
{
	return decide(ctl, "recorded");
}

static enum exit_code prepare_decline(struct ctl *ctl)
{
	enum exit_code code = stay_path(ctl, "decide");
	json_t *body;

	if (code != EXIT_DONE)
		return code;
	body = json_pack("{s:s, s:s}", "how", "declined", "reason", ctl->text);
	return body ? ctl_body(ctl, body) : usage_error("REASON is not UTF-8");
}

static void show_stays(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"N", "id", false},
		{"STATE", "state", false},
		{"RECEIVED", "received", true},
		{"TIMING", "timing", false},
		{"GUESTS", "guests", false},
		{"FROM", "from", false},
		{"TO", "to", false},
	};

	if (!json_array_size(json_object_get(body, "stays"))) {
		fputs("No stay notices (chưa có thông báo lưu trú).\n", out);
		return;
	}
	show_list(out, body, "stays", columns, ARRAY_LEN(columns));
}

static void show_line(FILE *out, const char *title, const char *text)
{
	fprintf(out, "  %s ", title);
	show_text(out, text);
	fputc('\n', out);
}

static void show_stay(FILE *out, const json_t *body)
{
	const json_t *words = json_object_get(body, "words"), *guest;
	size_t i;

	fprintf(out, "stay notice %lld: %s, %s, %s to %s\n", show_number(body, "id"),
		show_member(body, "state"), show_member(body, "timing"), show_member(body, "from"),
		show_member(body, "to"));
	json_array_foreach (json_object_get(words, "guests"), i, guest) {
		fprintf(out, "  %s ", show_member(guest, "id"));
		show_text(out, show_member(guest, "name"));
		fputc('\n', out);
	}
	if (show_member(words, "text")[0]) {
		show_line(out, "as written (nguyên văn):", show_member(words, "text"));
		return;
	}
	show_line(out, "reason (lý do):", show_member(words, "reason"));
	show_line(out, "address (địa chỉ):", show_member(words, "address"));
}

static void show_decided(FILE *out, const json_t *body)
{
	fprintf(out, "Stay notice %lld is %s; its sender is told (đã báo người gửi).\n",
		show_number(body, "id"), show_member(body, "state"));
}

const struct command stay_commands[] = {
	{"stays", "", "stay notices that came by SMS and Zalo", 0, true, prepare_stays, show_stays},
	{"stay", " N", "who stays where; for the residence clerks, and noted", 1, false,
		prepare_stay, show_stay},
	{"stay N entered", "", "it was typed into the national database", 0, false, prepare_entered,
		show_decided},
	{"stay N recorded", "", "it stands there", 0, false, prepare_recorded, show_decided},
	{"stay N decline", " REASON", "it can't be recorded; the sender reads why", 1, false,
		prepare_decline, show_decided},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
