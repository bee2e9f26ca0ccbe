/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about reports as their reporters see them: what they wrote and what they are answered.
 */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

static enum exit_code prepare_reports(struct ctl *ctl)
{
	return prepare_list(ctl, "reports");
}

static enum exit_code prepare_report_take(struct ctl *ctl)
{
	enum exit_code code = ctl_report_path(ctl, "/acknowledge");

	return code == EXIT_DONE ? ctl_body(ctl, json_object()) : code;
}

static enum exit_code prepare_report(struct ctl *ctl)
{
	return ctl_report_path(ctl, "");
}

static enum exit_code answer_body(struct ctl *ctl, const char *text)
{
	CLEANUP(cleanup_free) char *dumped = NULL;
	json_t *body;

	if (!str_is_utf8(text, strlen(text)))
		return usage_error("TEXT is not UTF-8");
	if (text[strspn(text, " \t\r\n")] == 0)
		return usage_error("TEXT is empty");
	body = json_pack("{s:s}", "text", text);
	dumped = body ? json_dumps(body, JSON_COMPACT) : NULL;
	json_decref(body);
	if (!dumped || buf_adds(&ctl->body, dumped) != ERR_OK)
		return usage_error("TEXT is too long");
	ctl->has_body = true;
	return EXIT_DONE;
}

static enum exit_code prepare_answer(struct ctl *ctl)
{
	enum exit_code code = ctl_report_path(ctl, "/answer");
	CLEAN_BUF text;

	buf_init(&text, STDIN_MAX);
	if (code != EXIT_DONE)
		return code;
	if (!str_eq(ctl->text, "-"))
		return answer_body(ctl, ctl->text);
	code = input_all(&text);
	if (code != EXIT_DONE)
		return code;
	if (text.len && memchr(text.data, 0, text.len))
		return usage_error("the standard input holds a NUL byte");
	while (text.len && strchr("\r\n", text.data[text.len - 1]))
		text.data[--text.len] = 0;
	return answer_body(ctl, buf_text(&text));
}

/* {"category":"fire"} */
static enum exit_code rating_body(struct ctl *ctl, const char *member)
{
	if (!ctl->text[0] || ctl->text[strspn(ctl->text, "abcdefghijklmnopqrstuvwxyz_")] ||
		strlen(ctl->text) > 31)
		return usage_error("a category or an urgency is a word such as fire or danger");
	ctl->has_body = true;
	if (buf_addf(&ctl->body, "{\"%s\":\"%s\"}", member, ctl->text) != ERR_OK)
		return usage_error("out of memory");
	return ctl_report_path(ctl, "/rating");
}

static enum exit_code prepare_category(struct ctl *ctl)
{
	return rating_body(ctl, "category");
}

static enum exit_code prepare_urgency(struct ctl *ctl)
{
	return rating_body(ctl, "urgency");
}

static enum exit_code prepare_statistics(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/statistics/guess");
	return EXIT_DONE;
}

static enum exit_code prepare_attachment(struct ctl *ctl)
{
	int64_t id;

	if (str_to_int64(ctl->subject, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error("ID is that of an attachment, as binhyenctl report N shows it");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/attachments/%lld", (long long)id);
	return EXIT_DONE;
}

const struct command dialogue_commands[] = {
	{"reports", "", "the register of reports", 0, true, prepare_reports, show_reports},
	{"report N category", " CODE", "what report N is about; binhyenctl(1) lists the codes", 1,
		false, prepare_category, show_rated},
	{"report N urgency", " WORD", "how urgent report N is: normal, urgent, danger", 1, false,
		prepare_urgency, show_rated},
	{"report N take", "", "you have it in hand: its alarm rings nobody else", 0, false,
		prepare_report_take, show_alarm_taken},
	{"report", " N", "one report with its dialogue; N is 12, 12/2026 or 2026-12", 1, false,
		prepare_report, show_report},
	{"answer", " N TEXT", "answer the reporter; TEXT \"-\" reads standard input", 2, false,
		prepare_answer, show_answered},
	{"file", " N FILE", "send the reporter a picture or a file, by Zalo", 2, false,
		prepare_file, show_answered},
	{"statistics", "", "how well categories and dangers were guessed", 0, false,
		prepare_statistics, show_statistics},
	{"attachment", " ID FILE", "save what came with a report; FILE \"-\" is standard output", 2,
		false, prepare_attachment, NULL},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
