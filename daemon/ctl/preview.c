/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a text will be by SMS: the question and its answer for a person's eyes. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

static void cleanup_json(json_t **json)
{
	json_decref(*json);
}

/* "0900000001, +84900000002" */
static enum exit_code add_numbers(json_t *body, const char *numbers)
{
	json_t *list = json_array();

	json_object_set_new(body, "to", list);
	while (*numbers) {
		size_t len;

		numbers += strspn(numbers, " ,");
		len = strcspn(numbers, ",");
		while (len && numbers[len - 1] == ' ')
			len--;
		if (len && json_array_append_new(list, json_stringn(numbers, len)) != 0)
			return usage_error("NUMBERS are not UTF-8");
		numbers += len + strspn(numbers + len, " ");
	}
	if (!json_array_size(list))
		return usage_error("NUMBERS are phone numbers with commas between");
	return EXIT_DONE;
}

static enum exit_code add_options(const struct ctl *ctl, json_t *body)
{
	static const char *const lanes[] = {"alarm", "answer", "urgent", "bulletin"};
	int64_t count;
	size_t i;

	if (ctl->to && ctl->count)
		return usage_error("--to and --count exclude each other");
	if (ctl->count) {
		if (str_to_int64(ctl->count, 1, 100000, &count) != ERR_OK)
			return usage_error("--count takes a number from 1 to 100000");
		json_object_set_new(body, "count", json_integer(count));
	}
	if (ctl->lane) {
		for (i = 0; i < ARRAY_LEN(lanes) && !str_eq(ctl->lane, lanes[i]); i++)
			;
		if (i == ARRAY_LEN(lanes))
			return usage_error("LANE is alarm, answer, urgent or bulletin");
		json_object_set_new(body, "lane", json_string(ctl->lane));
	}
	return ctl->to ? add_numbers(body, ctl->to) : EXIT_DONE;
}

enum exit_code prepare_preview(struct ctl *ctl)
{
	CLEANUP(cleanup_free) char *dumped = NULL;
	CLEANUP(cleanup_json) json_t *body = json_pack("{s:s}", "text", ctl->subject);
	enum exit_code code;

	if (!body)
		return usage_error("TEXT is not UTF-8");
	code = add_options(ctl, body);
	if (code != EXIT_DONE)
		return code;
	dumped = json_dumps(body, JSON_COMPACT);
	if (!dumped || buf_adds(&ctl->body, dumped) != ERR_OK)
		return usage_error("TEXT and NUMBERS are too long");
	ctl->has_body = true;
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/sms/preview");
	return EXIT_DONE;
}

static const char *way_text(const char *alternative)
{
	if (str_eq(alternative, "http_sms"))
		return "the SMS gateway (http_sms; dùng tổng đài SMS)";
	if (str_eq(alternative, "zalo"))
		return "Zalo, loudspeaker or visit (dùng Zalo, loa hoặc đến tận nhà)";
	return "more SIM cards or an SMS gateway (thêm SIM hoặc tổng đài SMS)";
}

static void show_time(FILE *out, const json_t *body)
{
	const json_t *minutes = json_object_get(body, "minutes");
	long long modems = show_number(body, "modems"), late = show_number(body, "too_late");

	fputs("  time       ", out);
	if (json_is_integer(minutes))
		fprintf(out, "%lld min", show_number(body, "minutes"));
	else
		fputs("never", out);
	fprintf(out, " with %lld modem%s, at most %lld min\n", modems, modems == 1 ? "" : "s",
		show_number(body, "minutes_allowed"));
	if (late <= 0)
		return;
	fprintf(out, "  TOO LATE   for %lld of %lld (không kịp hạn): use %s\n", late,
		show_number(body, "recipients"), way_text(show_member(body, "alternative")));
}

void show_preview(FILE *out, const json_t *body)
{
	bool is_gsm7 = str_eq(show_member(body, "alphabet"), "gsm7");
	bool is_unaccented = json_is_true(json_object_get(body, "unaccented"));

	show_text(out, show_member(body, "text"));
	fprintf(out, "\n  length     %lld segments, %lld characters %s%s\n",
		show_number(body, "segments"), show_number(body, "characters"),
		is_gsm7 ? "without accents" : "with accents",
		is_unaccented ? " (đã bỏ dấu để ngắn hơn)" : "");
	fprintf(out, "  recipients %lld\n", show_number(body, "recipients"));
	if (json_is_integer(json_object_get(body, "price")))
		fprintf(out, "  price      %lld d\n", show_number(body, "price"));
	else
		fputs("  price      not known: set modems[].price\n", out);
	show_time(out, body);
}

const struct command preview_commands[] = {
	{"preview", " TEXT", "what TEXT will be by SMS, its price and time; nothing is sent", 1,
		false, prepare_preview, show_preview},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
