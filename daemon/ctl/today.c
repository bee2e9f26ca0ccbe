/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What needs whoever is at the box now: the first page of the console, as text. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

static enum exit_code prepare_today(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/today");
	return EXIT_DONE;
}

static void show_part(FILE *out, const json_t *body, const char *key, const char *title,
	const struct show_column *columns, size_t n)
{
	size_t count = json_array_size(json_object_get(body, key));

	if (!count)
		return;
	fprintf(out, "%s: %zu\n", title, count);
	show_list(out, body, key, columns, n);
}

static void show_today(FILE *out, const json_t *body)
{
	static const struct show_column alarms[] = {{"ALARM", "number", false},
		{"STATE", "state", false}, {"BEGAN", "began", true}, {"NEXT", "next", true}};
	static const struct show_column reports[] = {{"REPORT", "report", false},
		{"URGENCY", "urgency", false}, {"RECEIVED", "received", true},
		{"CATEGORY", "category", false}, {"HAMLET", "hamlet", false}};
	static const struct show_column clocks[] = {{"REPORT", "report", false},
		{"DUE", "due", true}, {"CLOCK", "code", false}, {"LATE", "is_late", false}};
	static const struct show_column waiting[] = {
		{"WAITING", "kind", false}, {"COUNT", "count", false}};
	static const struct show_column problems[] = {{"PROBLEM", "code", false},
		{"OF", "subject", false}, {"SINCE", "since", true}};

	show_part(out, body, "alarms", "Báo động (alarms)", alarms, ARRAY_LEN(alarms));
	show_part(out, body, "reports", "Tin chưa trả lời (open reports)", reports,
		ARRAY_LEN(reports));
	show_part(out, body, "clocks", "Sắp đến hạn hoặc trễ (terms that end)", clocks,
		ARRAY_LEN(clocks));
	show_part(out, body, "waiting", "Đang chờ (waiting)", waiting, ARRAY_LEN(waiting));
	show_part(out, body, "problems", "Trục trặc (problems; advice: binhyenctl status)", problems, ARRAY_LEN(problems));
	if (!json_array_size(json_object_get(body, "alarms")) && !show_number(body, "open"))
		fprintf(out, "Không còn tin nào chờ trả lời. No report waits for an answer.\n");
}

const struct command today_commands[] = {
	{"today", "", "what needs somebody now: alarms, open reports, terms, problems", 0, false,
		prepare_today, show_today},
	{NULL, NULL, NULL, 0, false, NULL, NULL}};
