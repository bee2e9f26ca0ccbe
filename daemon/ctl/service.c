/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about what residents ask of the box itself. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#define DAYS_MAX 400

static enum exit_code prepare_service(struct ctl *ctl)
{
	int64_t days = 30;

	if (ctl->rest_count > 1 ||
		(ctl->rest_count && str_to_int64(ctl->rest[0], 1, DAYS_MAX, &days)))
		return usage_error("DAYS is a number from 1 to 400");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/statistics/service?days=%lld",
		(long long)days);
	return EXIT_DONE;
}

static enum exit_code prepare_questions(struct ctl *ctl)
{
	return prepare_list(ctl, "questions");
}

void show_figure(FILE *out, const json_t *object, const char *key, int width)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_integer(value))
		fprintf(out, "%*lld", width, (long long)json_integer_value(value));
	else
		fprintf(out, "%*s", width, "<5");
}

static void show_counts(FILE *out, const char *name, const json_t *row)
{
	static const char *const keys[] = {"asked", "answered", "person", "lost"};

	fprintf(out, "%-14s", name);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		show_figure(out, row, keys[i], 11);
	fputc('\n', out);
}

static void show_wanted(FILE *out, const json_t *body)
{
	const json_t *row;
	size_t i;

	json_array_foreach (json_object_get(body, "procedures"), i, row) {
		show_figure(out, row, "asked", 6);
		fprintf(out, "  %-20s ", show_member(row, "code"));
		show_text(out, show_member(row, "title"));
		fputc('\n', out);
	}
}

static void show_service(FILE *out, const json_t *body)
{
	const json_t *row;
	size_t i;

	fprintf(out, "Asked of the box (người dân hỏi máy) since %s, %lld days\n",
		show_member(body, "since"), show_number(body, "days"));
	fprintf(out, "%-14s%11s%11s%11s%11s\n", "", "ASKED", "ANSWERED", "TO PERSON", "LOST");
	show_counts(out, "all", json_object_get(body, "sums"));
	json_array_foreach (json_object_get(body, "doors"), i, row)
		show_counts(out, show_member(row, "door"), row);
	json_array_foreach (json_object_get(body, "topics"), i, row)
		show_counts(out, show_member(row, "what"), row);
	fputs("Entries that were wanted (mục được hỏi):\n", out);
	show_wanted(out, body);
	fputs("questions that no entry answered (câu hỏi chưa có mục trả lời): ", out);
	show_figure(out, body, "missed", 0);
	fputs("\nfewer than five are not told (dưới năm thì không nêu)\n", out);
}

static void show_near(FILE *out, const json_t *row)
{
	const json_t *near;
	size_t i;

	json_array_foreach (json_object_get(row, "near"), i, near) {
		fprintf(out, "    %4lld  %-20s ", show_number(near, "worth"),
			show_member(near, "code"));
		show_text(out, show_member(near, "title"));
		fputc('\n', out);
	}
}

static void show_questions(FILE *out, const json_t *body)
{
	const json_t *row, *list = json_object_get(body, "questions");
	size_t i;

	if (!json_array_size(list))
		fputs("no question was left to a person (không có câu hỏi nào)\n", out);
	json_array_foreach (list, i, row) {
		fprintf(out, "%s  %.10s  %-8s  ", show_member(row, "report"),
			show_member(row, "received"), show_member(row, "state"));
		show_text(out, json_is_string(json_object_get(row, "text"))
				       ? show_member(row, "text")
				       : "(not yours to read; không thuộc quyền đọc)");
		fputc('\n', out);
		show_near(out, row);
	}
	if (json_is_integer(json_object_get(body, "next_before")))
		fprintf(out, "more with --before %lld\n", show_number(body, "next_before"));
}

const struct command service_commands[] = {
	{"statistics service", " DAYS",
		"what residents ask of the box, by door and topic, and what became of it; of 30 days",
		COMMAND_ANY, false, prepare_service, show_service},
	{"questions", "", "questions that no entry answered, and the entries that came nearest", 0,
		true, prepare_questions, show_questions},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
