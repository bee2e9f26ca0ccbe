/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bulletins on their way, for a person's eyes. */
#include "daemon/ctl/show.h"

#include "daemon/base/str.h"

static long long number(const json_t *body, const char *key)
{
	return (long long)json_integer_value(json_object_get(body, key));
}

static void line(FILE *out, const char *title, long long value, const char *unit)
{
	fprintf(out, "  %-28s %10lld %s\n", title, value, unit);
}

static void minutes(FILE *out, const char *title, const json_t *value)
{
	if (json_is_integer(value))
		line(out, title, (long long)json_integer_value(value), "minutes");
	else
		fprintf(out, "  %-28s      never\n", title);
}

static void show_instead(FILE *out, const json_t *body)
{
	const json_t *word;
	size_t i;

	if (json_is_true(json_object_get(body, "fits")))
		return;
	fputs("\nIt does not fit its time, its money or the caps of the SIMs. Instead:", out);
	json_array_foreach (json_object_get(body, "instead"), i, word)
		fprintf(out, " %s", json_string_value(word));
	fputc('\n', out);
}

static void show_written(FILE *out, const json_t *body)
{
	const json_t *written = json_object_get(body, "written");

	if (json_is_object(written))
		fprintf(out, "\nAs it is written: %lld segments, %lld dong (%+lld)\n",
			number(written, "segments"), number(written, "cost"),
			number(written, "cost") - number(body, "cost"));
}

void show_bulletin_preview(FILE *out, const json_t *body)
{
	const json_t *not_told = json_object_get(body, "not_told");
	const json_t *shorter = json_object_get(body, "shorter");

	fputs("SMS: ", out);
	show_text(out, json_string_value(json_object_get(body, "sms")));
	fputs("\n\n", out);
	line(out, "people", number(body, "people"), "");
	line(out, "of them heads", number(body, "heads"), "");
	line(out, "by Zalo groups", number(body, "by_group"), "");
	line(out, "by Zalo", number(body, "by_zalo"), "");
	line(out, "text messages", number(body, "texts"), "");
	line(out, "  if Zalo stays away", number(body, "texts_most"), "");
	line(out, "segments of each", number(body, "segments"), "");
	line(out, "cost", number(body, "cost"), "dong");
	line(out, "  if Zalo stays away", number(body, "cost_most"), "dong");
	if (json_is_integer(json_object_get(body, "budget_left")))
		line(out, "left of the month's money", number(body, "budget_left"), "dong");
	minutes(out, "the modems take", json_object_get(body, "minutes"));
	minutes(out, "  if Zalo stays away", json_object_get(body, "minutes_most"));
	fprintf(out, "  %-28s %.16s\n", "over at about",
		json_string_value(json_object_get(body, "finishes")));
	line(out, "without a way (Zalo, text)", number(not_told, "no_way"), "");
	line(out, "who refused", number(not_told, "refused"), "");
	line(out, "who refused this topic", number(not_told, "refused_topic"), "");
	line(out, "who is blocked", number(not_told, "blocked"), "");
	if (json_is_object(shorter))
		fprintf(out, "\n%lld characters less save one segment for %lld people: %lld dong\n",
			number(shorter, "characters"), number(shorter, "people"),
			number(shorter, "saves"));
	show_written(out, body);
	show_instead(out, body);
}

void show_delivery(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"STATE", "state", false},
		{"CHANNEL", "channel", false},
		{"WAVE", "wave", false},
		{"COUNT", "count", false},
		{"COST", "cost", false},
		{"REASON", "reason", false},
	};

	const char *state = json_string_value(json_object_get(body, "state"));

	fprintf(out, "bulletin %lld: %s\n\n", number(body, "bulletin"),
		state ? state : "has not begun");
	show_list(out, body, "counts", columns, ARRAY_LEN(columns));
}

void show_ledger(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"RECIPIENT", "recipient", false},
		{"STATE", "state", false},
		{"CHANNEL", "channel", false},
		{"AT", "at", true},
		{"CONFIRMED", "confirmed", true},
		{"COST", "cost", false},
		{"REASON", "reason", false},
	};

	show_list(out, body, "ledger", columns, ARRAY_LEN(columns));
}
