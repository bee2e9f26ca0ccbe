/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about the entries on procedures and law. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"
#include "daemon/ctl/text.h"

#include <curl/curl.h>

static enum exit_code prepare_procedures(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/procedures");
	return EXIT_DONE;
}

static enum exit_code prepare_ask(struct ctl *ctl)
{
	CLEAN_BUF words = {0};
	enum exit_code code;
	char *query;
	int len;

	buf_init(&words, 400);
	code = ctl_words(ctl, 0, &words, "the question is too long, or not UTF-8");
	if (code != EXIT_DONE)
		return code;
	query = curl_easy_escape(NULL, buf_text(&words), (int)words.len);
	len = query ? snprintf(ctl->path, sizeof(ctl->path), "/api/v1/procedures?q=%s", query) : -1;
	curl_free(query);
	return len < 0 || len >= (int)sizeof(ctl->path) ? usage_error("the question is too long")
							: EXIT_DONE;
}

static enum exit_code prepare_procedure(struct ctl *ctl)
{
	char *code = curl_easy_escape(NULL, ctl->rest[0], 0);
	int len = code ? snprintf(ctl->path, sizeof(ctl->path), "/api/v1/procedures/%s", code) : -1;

	curl_free(code);
	return len < 0 || len >= (int)sizeof(ctl->path) ? usage_error("CODE is too long")
							: EXIT_DONE;
}

static const char *state_of(const json_t *entry)
{
	return json_is_true(json_object_get(entry, "is_expired"))     ? "expired"
	       : json_is_true(json_object_get(entry, "is_confirmed")) ? "confirmed"
								      : "unconfirmed";
}

static void show_procedures(FILE *out, const json_t *body)
{
	const json_t *entry;
	size_t i;

	fprintf(out, "%-20s %-12s %-10s %6s  %s\n", "CODE", "STATE", "EXPIRES", "ASKED", "TITLE");
	json_array_foreach (json_object_get(body, "procedures"), i, entry) {
		fprintf(out, "%-20s %-12s %-10s ", show_member(entry, "code"), state_of(entry),
			show_member(entry, "expires"));
		show_figure(out, entry, "asked", 6);
		fputs("  ", out);
		show_text(out, show_member(entry, "title"));
		fputc('\n', out);
	}
	fputs("questions that no entry answered (câu hỏi chưa có mục trả lời): ", out);
	show_figure(out, body, "missed", 0);
	fputc('\n', out);
}

static void show_hits(FILE *out, const json_t *body)
{
	const json_t *entry, *list = json_object_get(body, "procedures");
	size_t i;

	json_array_foreach (list, i, entry) {
		fprintf(out, "%4lld  %-20s ", show_number(entry, "worth"),
			show_member(entry, "code"));
		show_text(out, show_member(entry, "title"));
		fputc('\n', out);
	}
	fputs(json_is_true(json_object_get(json_array_get(list, 0), "is_answer"))
			? "the first one answers it (mục đầu trả lời câu này)\n"
			: "no entry answers it: it would be a report for an officer (chuyển cán bộ trả lời)\n",
		out);
}

static void show_lines(FILE *out, const json_t *list)
{
	const json_t *line;
	size_t i;

	json_array_foreach (list, i, line) {
		fputs("  ", out);
		show_text(out, json_string_value(line));
		fputc('\n', out);
	}
}

/* With its paragraphs. */
static void show_block(FILE *out, const char *text)
{
	CLEAN_BUF safe = {0};

	buf_init(&safe, 64 * 1024);
	if (text_escape(text, true, &safe) == ERR_OK)
		fprintf(out, "%s\n", buf_text(&safe));
}

static void show_procedure(FILE *out, const json_t *body)
{
	fprintf(out, "%s (%s), %s, expires %s, asked ", show_member(body, "code"),
		show_member(body, "branch"), state_of(body), show_member(body, "expires"));
	show_figure(out, body, "asked", 0);
	fputs(" times in 30 days\nby SMS:\n  ", out);
	show_text(out, show_member(body, "by_sms"));
	fputs("\nby Zalo:\n", out);
	show_block(out, show_member(body, "by_zalo"));
	fputs("asked for as:\n", out);
	show_lines(out, json_object_get(body, "asks"));
}

/* Of the entry that `subject` names. */
static enum exit_code act_path(struct ctl *ctl, const char *act)
{
	char *code = curl_easy_escape(NULL, ctl->subject, 0);
	int len = code ? snprintf(ctl->path, sizeof(ctl->path), "/api/v1/procedures/%s/%s", code,
				 act)
		       : -1;

	curl_free(code);
	return len < 0 || len >= (int)sizeof(ctl->path) ? usage_error("CODE is too long")
							: EXIT_DONE;
}

static enum exit_code prepare_confirm(struct ctl *ctl)
{
	enum exit_code code = act_path(ctl, "confirm");

	return code == EXIT_DONE ? ctl_body(ctl, json_pack("{s:s}", "checked", ctl->text)) : code;
}

static enum exit_code prepare_unconfirm(struct ctl *ctl)
{
	enum exit_code code = act_path(ctl, "unconfirm");

	return code == EXIT_DONE ? ctl_body(ctl, json_object()) : code;
}

const struct command procedure_commands[] = {
	{"procedures", "", "entries on procedures and law, and how often each was asked for", 0,
		false, prepare_procedures, show_procedures},
	{"procedures ask", " QUESTION", "which entry answers a question", COMMAND_MANY, false,
		prepare_ask, show_hits},
	{"procedure", " CODE", "one entry, in the words that are sent", 1, false, prepare_procedure,
		show_procedure},
	{"procedure CODE confirm", " DATE",
		"the commune stands by it, read against the law on DATE", 1, false, prepare_confirm,
		show_procedure},
	{"procedure CODE unconfirm", "", "and does no more", 0, false, prepare_unconfirm,
		show_procedure},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
