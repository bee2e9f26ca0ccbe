/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What officers do with reports, and the reception register. */
#include "daemon/base/clock.h"
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

/* "12/2026" as the API names it, "2026-12". */
static enum exit_code report_name(const char *given, char name[32])
{
	int64_t number, year = 0;
	const char *sign = strpbrk(given, "/-");
	char first[16] = "";

	if (!sign) {
		if (str_to_int64(given, 1, INT32_MAX, &number) != ERR_OK)
			return usage_error("N is a report's number: 12, 12/2026 or 2026-12");
		snprintf(name, 32, "%lld", (long long)number);
		return EXIT_DONE;
	}
	if (sign - given < (int)sizeof(first))
		snprintf(first, sizeof(first), "%.*s", (int)(sign - given), given);
	if (str_to_int64(*sign == '/' ? sign + 1 : first, 1000, 9999, &year) != ERR_OK ||
		str_to_int64(*sign == '/' ? first : sign + 1, 1, INT32_MAX, &number) != ERR_OK)
		return usage_error("N is a report's number: 12, 12/2026 or 2026-12");
	snprintf(name, 32, "%lld-%lld", (long long)year, (long long)number);
	return EXIT_DONE;
}

static enum exit_code act_on(struct ctl *ctl, const char *what, json_t *body)
{
	char name[32];
	enum exit_code code = report_name(ctl->subject, name);

	if (code != EXIT_DONE) {
		json_decref(body);
		return code;
	}
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/reports/%s/%s", name, what);
	return ctl_body(ctl, body);
}

/* "-" is nothing. */
static json_t *text_or_null(const char *text)
{
	return str_eq(text, "-") ? json_null() : json_string(text);
}

static enum exit_code prepare_hamlet(struct ctl *ctl)
{
	return act_on(ctl, "hamlet", json_pack("{s:o}", "hamlet", text_or_null(ctl->text)));
}

static enum exit_code prepare_assign(struct ctl *ctl)
{
	return act_on(ctl, "assignee", json_pack("{s:o}", "officer", text_or_null(ctl->text)));
}

static enum exit_code prepare_note(struct ctl *ctl)
{
	return act_on(ctl, "note", json_pack("{s:s}", "text", ctl->text));
}

static enum exit_code with_other(struct ctl *ctl, const char *what, const char *member, int linked)
{
	char other[32];
	enum exit_code code = report_name(ctl->text, other);

	if (code != EXIT_DONE)
		return code;
	return act_on(ctl, what,
		linked < 0 ? json_pack("{s:s}", member, other)
			   : json_pack("{s:s, s:b}", member, other, "linked", linked));
}

static enum exit_code prepare_merge(struct ctl *ctl)
{
	return with_other(ctl, "merge", "into", -1);
}

static enum exit_code prepare_unmerge(struct ctl *ctl)
{
	return act_on(ctl, "merge", json_pack("{s:n}", "into"));
}

static enum exit_code prepare_link(struct ctl *ctl)
{
	return with_other(ctl, "link", "to", 1);
}

static enum exit_code prepare_unlink(struct ctl *ctl)
{
	return with_other(ctl, "link", "to", 0);
}

static enum exit_code prepare_pin(struct ctl *ctl)
{
	return act_on(ctl, "pin", json_object());
}

static enum exit_code prepare_near(struct ctl *ctl)
{
	char name[32];
	enum exit_code code = report_name(ctl->subject, name);

	if (code == EXIT_DONE)
		snprintf(ctl->path, sizeof(ctl->path), "/api/v1/reports/%s/near", name);
	return code;
}

static enum exit_code prepare_answer_by(struct ctl *ctl)
{
	json_t *body;

	if (!ctl->template)
		return usage_error("--template NAME says which; binhyenctl templates lists them");
	if (ctl->rest_count > 1)
		return usage_error("too many arguments (a TEXT with blanks must be quoted)");
	body = json_pack("{s:s}", "template", ctl->template);
	if (body && ctl->rest_count)
		json_object_set_new(body, "text", json_string(ctl->rest[0]));
	return act_on(ctl, "answer", body);
}

static enum exit_code prepare_templates(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/answer-templates");
	return EXIT_DONE;
}

/* KIND TEXT [phone=N] [hamlet=CODE] ... [quiet] [anonymous] */
static enum exit_code add_detail(json_t *body, const char *given)
{
	static const char *const names[] = {
		"phone", "hamlet", "told", "receiver", "category", "urgency"};
	const char *value = strchr(given, '=');

	if (str_eq(given, "quiet") || str_eq(given, "anonymous")) {
		json_object_set_new(
			body, given[0] == 'q' ? "is_quiet" : "is_anonymous", json_true());
		return EXIT_DONE;
	}
	for (size_t i = 0; value && i < ARRAY_LEN(names); i++) {
		if (strlen(names[i]) != (size_t)(value - given) ||
			strncmp(names[i], given, (size_t)(value - given)) != 0)
			continue;
		return json_object_set_new(body, names[i], json_string(value + 1)) == 0
			       ? EXIT_DONE
			       : usage_error("what was given is no UTF-8");
	}
	return usage_error(
		"after TEXT come phone=, hamlet=, told=, receiver=, category=, urgency=, quiet, anonymous");
}

static enum exit_code prepare_new(struct ctl *ctl)
{
	enum exit_code code = EXIT_DONE;
	json_t *body;

	if (ctl->rest_count < 2)
		return usage_error("KIND (walk_in, call or on_behalf) and TEXT are needed");
	body = json_pack("{s:s, s:s}", "source", ctl->rest[0], "text", ctl->rest[1]);
	if (!body)
		return usage_error("what was given is no UTF-8");
	for (int i = 2; code == EXIT_DONE && i < ctl->rest_count; i++)
		code = add_detail(body, ctl->rest[i]);
	if (code != EXIT_DONE) {
		json_decref(body);
		return code;
	}
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/reports");
	return ctl_body(ctl, body);
}

static enum exit_code add_period(json_t *body, const char *given)
{
	int64_t number;

	if (str_starts(given, "year=") && str_to_int64(given + 5, 2000, 9998, &number) == ERR_OK)
		json_object_set_new(body, "year", json_integer(number));
	else if (str_starts(given, "month=") && str_to_int64(given + 6, 1, 12, &number) == ERR_OK)
		json_object_set_new(body, "month", json_integer(number));
	else if (str_starts(given, "from="))
		json_object_set_new(body, "from", json_string(given + 5));
	else if (str_starts(given, "to="))
		json_object_set_new(body, "to", json_string(given + 3));
	else if (str_eq(given, "csv"))
		json_object_set_new(body, "format", json_string("csv"));
	else
		return usage_error(
			"after FILE come year=2026, month=11, from=2026-11-01 to=2026-11-30, csv");
	return EXIT_DONE;
}

/* Without a time: this year. Takes the body over. */
static enum exit_code prepare_period(struct ctl *ctl, const char *path, json_t *body)
{
	enum exit_code code = EXIT_DONE;

	for (int i = 1; body && code == EXIT_DONE && i < ctl->rest_count; i++)
		code = add_period(body, ctl->rest[i]);
	if (code != EXIT_DONE) {
		json_decref(body);
		return code;
	}
	if (!json_object_get(body, "from") && !json_object_get(body, "to") &&
		!json_object_get(body, "year"))
		json_object_set_new(body, "year",
			json_integer(clock_local_year(clock_wall_ms(clock_system()))));
	snprintf(ctl->path, sizeof(ctl->path), "%s", path);
	return ctl_body(ctl, body);
}

static enum exit_code prepare_register(struct ctl *ctl)
{
	return prepare_period(ctl, "/api/v1/register", json_object());
}

static enum exit_code prepare_export(struct ctl *ctl)
{
	const char *list = ctl->rest_count ? ctl->rest[0] : "";
	enum exit_code code;

	if (ctl->rest_count < 2)
		return usage_error("LIST (reports, alarms, clocks, clock_statistics or "
				   "guess_statistics) and FILE are needed");
	ctl->rest++;
	ctl->rest_count--;
	ctl->text = ctl->rest[0];
	code = prepare_period(ctl, "/api/v1/export",
		json_pack("{s:s}", "list", str_is_utf8(list, strlen(list)) ? list : ""));
	return code;
}

static void show_handled(FILE *out, const json_t *body)
{
	fputs("Report (tin báo) ", out);
	show_text(out, show_member(body, "report"));
	fputs(", code (mã) ", out);
	show_text(out, show_member(body, "code"));
	fputs(": stored (đã lưu).\n", out);
}

static void show_pin(FILE *out, const json_t *body)
{
	fputs("Code (mã) ", out);
	show_text(out, show_member(body, "code"));
	fputs(", new PIN (mã PIN mới) ", out);
	show_text(out, show_member(body, "pin"));
	fputs("\nTell it to the reporter only; it is not shown again (chỉ báo cho người gửi, không "
	      "xem lại được).\n",
		out);
}

static void show_templates(FILE *out, const json_t *body)
{
	const json_t *row;
	size_t i;

	json_array_foreach (json_object_get(body, "templates"), i, row) {
		show_text(out, show_member(row, "name"));
		fputs(" (", out);
		show_text(out, show_member(row, "state"));
		fputs("): ", out);
		show_text(out, show_member(row, "words"));
		fputc('\n', out);
	}
}

const struct command report_commands[] = {
	{"report new", " KIND TEXT [NAME=VALUE...]",
		"enter what a visitor or caller told; binhyenctl(1) lists the names", COMMAND_MANY,
		false, prepare_new, show_handled},
	{"report N hamlet", " CODE", "where report N happened; CODE \"-\" is unknown", 1, false,
		prepare_hamlet, show_handled},
	{"report N assign", " LOGIN", "who works on report N; LOGIN \"-\" is nobody", 1, false,
		prepare_assign, show_handled},
	{"report N note", " TEXT", "a note for officers, sent to nobody", 1, false, prepare_note,
		show_handled},
	{"report N merge", " MAIN", "work on report MAIN of the same matter instead", 1, false,
		prepare_merge, show_handled},
	{"report N unmerge", "", "undo that", 0, false, prepare_unmerge, show_handled},
	{"report N link", " OTHER", "reports N and OTHER belong together", 1, false, prepare_link,
		show_handled},
	{"report N unlink", " OTHER", "undo that", 1, false, prepare_unlink, show_handled},
	{"report N near", "", "reports that may tell of the same", 0, false, prepare_near,
		show_reports},
	{"report N pin", "", "a new PIN for its sender, shown once", 0, false, prepare_pin,
		show_pin},
	{"report N answer", " [TEXT]", "answer by --template NAME; TEXT is what it leaves open",
		COMMAND_ANY, false, prepare_answer_by, show_answered},
	{"templates", "", "ready words for answers", 0, false, prepare_templates, show_templates},
	{"register", " FILE [year=Y] [month=M] [csv]",
		"the reception register as a page to print, or as CSV", COMMAND_MANY, false,
		prepare_register, NULL},
	{"export", " LIST FILE [year=Y] [month=M]",
		"reports, alarms, clocks or statistics as CSV for a spreadsheet", COMMAND_MANY,
		false, prepare_export, NULL},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
