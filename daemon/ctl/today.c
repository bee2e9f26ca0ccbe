/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What needs whoever is at the box now: the first page of the console, as text. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

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
	static const struct show_column problems[] = {
		{"PROBLEM", "code", false}, {"OF", "subject", false}, {"SINCE", "since", true}};

	show_part(out, body, "alarms", "Báo động (alarms)", alarms, ARRAY_LEN(alarms));
	show_part(out, body, "reports", "Tin chưa trả lời (open reports)", reports,
		ARRAY_LEN(reports));
	show_part(out, body, "clocks", "Sắp đến hạn hoặc trễ (terms that end)", clocks,
		ARRAY_LEN(clocks));
	show_part(out, body, "waiting", "Đang chờ (waiting)", waiting, ARRAY_LEN(waiting));
	show_part(out, body, "problems", "Trục trặc (problems; advice: binhyenctl status)",
		problems, ARRAY_LEN(problems));
	if (!json_array_size(json_object_get(body, "alarms")) && !show_number(body, "open"))
		fprintf(out, "Không còn tin nào chờ trả lời. No report waits for an answer.\n");
}

/* DAY DAY [day|week|month] */
static enum exit_code prepare_figures(struct ctl *ctl)
{
	static const char *const names[] = {"from", "to", "by"};
	int len = snprintf(ctl->path, sizeof(ctl->path), "/api/v1/figures");

	if (ctl->rest_count > (int)ARRAY_LEN(names))
		return usage_error("figures takes two dates and day, week or month");
	for (int i = 0; i < ctl->rest_count; i++) {
		const char *word = ctl->rest[i];

		if (!word[0] || word[strspn(word, "0123456789-abcdefghijklmnopqrstuvwxyz")] ||
			strlen(word) > 10)
			return usage_error("a date is written 2026-11-22; then day, week or month");
		len += snprintf(ctl->path + len, sizeof(ctl->path) - (size_t)len, "%c%s=%s",
			i ? '&' : '?', names[i], word);
	}
	return EXIT_DONE;
}

static void show_figures(FILE *out, const json_t *body)
{
	static const struct show_column targets[] = {{"TARGET", "name", false},
		{"DONE", "done", false}, {"OF", "of", false}, {"PERCENT", "percent", false}};
	const json_t *periods = json_object_get(body, "periods"), *period;
	size_t i;

	show_list(out, body, "targets", targets, ARRAY_LEN(targets));
	json_array_foreach (periods, i, period)
		fprintf(out, "%s  tin nhận (reports) %lld, đã xử lý (answered) %lld\n",
			json_string_value(period),
			(long long)json_integer_value(
				json_array_get(json_object_get(body, "reports"), i)),
			(long long)json_integer_value(
				json_array_get(json_object_get(body, "answered"), i)));
}

const struct command today_commands[] = {
	{"figures", " DAYS", "reports over time, and the plan's targets; DAYS: FROM TO BY, or none",
		COMMAND_ANY, false, prepare_figures, show_figures},
	{"today", "", "what needs somebody now: alarms, open reports, terms, problems", 0, false,
		prepare_today, show_today},
	{NULL, NULL, NULL, 0, false, NULL, NULL}};
