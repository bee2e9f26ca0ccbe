/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about who is behind a report, and about how long what is known is kept. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

/* The arguments as one text under that name; without any an empty object. */
static enum exit_code words_body(struct ctl *ctl, const char *name)
{
	CLEAN_BUF words = {0};
	enum exit_code code;

	buf_init(&words, 4000);
	code = ctl_words(ctl, 0, &words, "the reason is too long, or not UTF-8");
	if (code != EXIT_DONE)
		return code;
	return ctl_body(
		ctl, words.len ? json_pack("{s:s}", name, buf_text(&words)) : json_object());
}

static enum exit_code prepare_reveal(struct ctl *ctl)
{
	enum exit_code code = words_body(ctl, "reason");

	return code == EXIT_DONE ? ctl_report_path(ctl, "/identity") : code;
}

static enum exit_code prepare_hold(struct ctl *ctl)
{
	enum exit_code code = words_body(ctl, "reason");

	return code == EXIT_DONE ? ctl_report_path(ctl, "/hold") : code;
}

static enum exit_code prepare_kept(struct ctl *ctl)
{
	return ctl_report_path(ctl, "/retention");
}

static enum exit_code prepare_release(struct ctl *ctl)
{
	enum exit_code code = ctl_body(ctl, json_object());

	return code == EXIT_DONE ? ctl_report_path(ctl, "/release") : code;
}

static enum exit_code prepare_forget_sender(struct ctl *ctl)
{
	enum exit_code code = ctl_body(ctl, json_object());

	return code == EXIT_DONE ? ctl_report_path(ctl, "/forget") : code;
}

static enum exit_code prepare_forget_phone(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/erasure-requests");
	return ctl_body(ctl, json_pack("{s:s}", "phone", ctl->text));
}

static enum exit_code prepare_reveals(struct ctl *ctl)
{
	return prepare_list(ctl, "reveals");
}

static enum exit_code prepare_retention(struct ctl *ctl)
{
	const char *until = ctl->rest_count ? ctl->rest[0] : "";

	if (ctl->rest_count > 1 || strlen(until) > 10 || until[strspn(until, "0123456789-")])
		return usage_error("UNTIL is a day as 2026-12-31");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/retention%s%s", until[0] ? "?until=" : "",
		until);
	return EXIT_DONE;
}

/* --- showing ---------------------------------------------------------------------------------- */

static void show_line(FILE *out, const char *title, const json_t *object, const char *name)
{
	fprintf(out, "%-14s ", title);
	show_text(out, show_member(object, name));
	fputc('\n', out);
}

static void show_identity(FILE *out, const json_t *body)
{
	show_line(out, "report", body, "report");
	show_line(out, show_member(body, "kind"), body, "address");
	show_line(out, "open until", body, "until");
}

static void show_reveals(FILE *out, const json_t *body)
{
	json_t *row;
	size_t i;

	json_array_foreach (json_object_get(body, "reveals"), i, row) {
		show_text(out, show_member(row, "at"));
		fprintf(out, "  ");
		show_text(out, show_member(row, "report"));
		fprintf(out, "  ");
		show_text(out, show_member(row, "by"));
		fprintf(out, "  ");
		show_text(out, show_member(row, "reason"));
		fputc('\n', out);
	}
}

static void show_hold(FILE *out, const json_t *hold)
{
	if (!json_is_object(hold))
		return;
	show_line(out, "  by", hold, "by");
	show_line(out, "  since", hold, "at");
	show_line(out, "  because", hold, "reason");
}

static void show_kept(FILE *out, const json_t *body)
{
	const json_t *retention = json_object_get(body, "retention");

	show_line(out, "report", body, "report");
	show_line(out, "closed", retention, "closed");
	show_line(out, "sanitised", retention, "sanitised");
	show_line(out, "  due", retention, "sanitise_due");
	show_line(out, "erased", retention, "erased");
	show_line(out, "  due", retention, "erase_due");
	fprintf(out, "%-14s %s\n", "held",
		json_is_true(json_object_get(retention, "held")) ? "yes" : "no");
	show_hold(out, json_object_get(retention, "hold"));
}

static void show_due(FILE *out, const char *title, const json_t *names)
{
	json_t *name;
	size_t i;

	fprintf(out, "%s: %zu\n", title, json_array_size(names));
	json_array_foreach (names, i, name) {
		fprintf(out, "  ");
		show_text(out, json_string_value(name) ? json_string_value(name) : "-");
		fputc('\n', out);
	}
}

static void show_retention(FILE *out, const json_t *body)
{
	show_line(out, "until", body, "until");
	show_due(out, "lose their sender", json_object_get(body, "sanitise"));
	show_due(out, "lose their words", json_object_get(body, "erase"));
}

static void show_forgotten(FILE *out, const json_t *body)
{
	static const char *const words[][2] = {
		{"erased", "is erased as soon as nothing is on its way for it"},
		{"open", "stays until it is closed; then ask again"},
		{"held", "stays: somebody holds it (report N release)"},
		{"law", "stays for its term: the law wants it kept"},
	};
	const char *what = show_member(body, "becomes");

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq(words[i][0], what))
			what = words[i][1];
	}
	show_text(out, show_member(body, "report"));
	fputc(' ', out);
	show_text(out, what);
	fputc('\n', out);
}

static void show_accepted(FILE *out, const json_t *body)
{
	(void)body;
	fprintf(out, "accepted: whatever may go goes, and whoever has this number is told\n");
}

const struct command keep_commands[] = {
	{"report N reveal", " REASON", "who sent report N; written down, and the chief is told",
		COMMAND_ANY, false, prepare_reveal, show_identity},
	{"reveals", "", "who had an identity opened, newest first", 0, true, prepare_reveals,
		show_reveals},
	{"retention", " UNTIL", "what loses its sender or its words until a day; today",
		COMMAND_ANY, false, prepare_retention, show_retention},
	{"report N retention", "", "when report N loses its sender and its words", 0, false,
		prepare_kept, show_kept},
	{"report N hold", " REASON", "keep report N as it is", COMMAND_MANY, false, prepare_hold,
		show_kept},
	{"report N release", "", "let its retention go on", 0, false, prepare_release, show_kept},
	{"report N forget", "", "its sender asks for the erasure of his data", 0, false,
		prepare_forget_sender, show_forgotten},
	{"forget", " PHONE", "whoever has this number asks for it", 1, false, prepare_forget_phone,
		show_accepted},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
