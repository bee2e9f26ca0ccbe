/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bulletins and audiences for a person's eyes. */
#include "daemon/ctl/show.h"

#include "daemon/base/str.h"

#include <stdlib.h>
#include <string.h>

void show_bulletins(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"N", "id", false},
		{"STATE", "state", false},
		{"SPEED", "speed", false},
		{"CATEGORY", "category", false},
		{"BY", "writer", false},
		{"CHANGED", "changed", true},
		{"EXPIRES", "expires", true},
		{"OPEN", "unanswered", false},
		{"TITLE", "title", false},
	};

	show_list(out, body, "bulletins", columns, ARRAY_LEN(columns));
}

void show_bulletin_categories(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"TOPIC", "topic", false},
		{"CATEGORY", "code", false},
		{"LEADERS", "sensitive", false},
		{"DAYS", "days", false},
		{"URGENCY", "urgency", false},
		{"SEVERITY", "severity", false},
		{"CERTAINTY", "certainty", false},
		{"NAME", "name", false},
	};

	show_list(out, body, "categories", columns, ARRAY_LEN(columns));
}

static void line(FILE *out, const char *title, const char *text)
{
	if (!text[0])
		return;
	fprintf(out, "  %-12s ", title);
	show_text(out, text);
	fputc('\n', out);
}

/* A text of several lines, each behind a bar. */
static void block(FILE *out, const char *title, const char *text)
{
	fprintf(out, "\n%s\n", title);
	while (*text) {
		size_t len = strcspn(text, "\n");
		char *piece = strndup(text, len);

		fputs("  | ", out);
		if (piece)
			show_text(out, piece);
		fputc('\n', out);
		free(piece);
		text += len + (text[len] == '\n');
	}
}

static void show_class(FILE *out, const json_t *body)
{
	static const struct {
		const char *key, *words;
	} marks[] = {{"sensitive", "sensitive: a chief or deputy approves"},
		{"drill", "a drill: to heads only"},
		{"trial", "to the test audience only, marked as a trial"},
		{"to_refusers", "also to who refused bulletins: two approvals"}};

	line(out, "category", show_member(body, "category_name"));
	fprintf(out, "  %-12s %s / %s / %s: %s\n", "class", show_member(body, "urgency"),
		show_member(body, "severity"), show_member(body, "certainty"),
		show_member(body, "speed"));
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (json_is_true(json_object_get(body, marks[i].key)))
			line(out, "", marks[i].words);
	}
}

static void show_to(FILE *out, const json_t *body)
{
	char *text = json_dumps(json_object_get(body, "audience"), JSON_ENCODE_ANY);

	line(out, "to", text ? text : "");
	free(text);
}

static void show_sms(FILE *out, const json_t *sms)
{
	char title[96];

	snprintf(title, sizeof(title), "SMS, %lld segments%s:", show_number(sms, "segments"),
		json_is_true(json_object_get(sms, "unaccented")) ? " without accents" : "");
	block(out, title, show_member(sms, "text"));
}

static void show_judgements(FILE *out, const json_t *body)
{
	const json_t *list = json_object_get(body, "judgements"), *judgement;
	size_t i;

	json_array_foreach (list, i, judgement) {
		fprintf(out, "%s  %s ", i ? "" : "\n", show_member(judgement, "at"));
		show_text(out, show_member(judgement, "officer"));
		fprintf(out, " (%s): %s of version %lld", show_member(judgement, "role"),
			show_member(judgement, "verdict"), show_number(judgement, "version"));
		if (show_member(judgement, "note")[0]) {
			fputs(": ", out);
			show_text(out, show_member(judgement, "note"));
		}
		fputc('\n', out);
	}
}

void show_bulletin(FILE *out, const json_t *body)
{
	const json_t *file = json_object_get(body, "file");

	fprintf(out, "Bulletin %lld (bản tin), version %lld: %s\n", show_number(body, "id"),
		show_number(body, "version"), show_member(body, "state"));
	show_class(out, body);
	show_to(out, body);
	line(out, "from", show_member(body, "from"));
	line(out, "expires", show_member(body, "expires"));
	line(out, "written by", show_member(body, "writer"));
	line(out, "submitted by", show_member(body, "submitter"));
	line(out, "started", show_member(body, "started"));
	line(out, "ended", show_member(body, "ended"));
	line(out, "review until", show_member(body, "review_due"));
	line(out, "file", show_member(file, "name"));
	if (show_number(body, "refers_to"))
		fprintf(out, "  %-12s bulletin %lld\n", show_member(body, "refers_how"),
			show_number(body, "refers_to"));
	if (show_member(body, "as_zalo")[0])
		block(out, "Zalo:", show_member(body, "as_zalo"));
	show_sms(out, json_object_get(body, "as_sms"));
	show_judgements(out, body);
	if (show_number(body, "unanswered"))
		fprintf(out,
			"\nThe screen found %lld places that have no answer yet (chưa giải trình): "
			"binhyenctl bulletin %lld screen\n",
			show_number(body, "unanswered"), show_number(body, "id"));
}

void show_bulletin_findings(FILE *out, const json_t *body)
{
	const json_t *list = json_object_get(body, "findings"), *finding;
	size_t i;

	json_array_foreach (list, i, finding) {
		fprintf(out, "%lld  %s, byte %lld: \"", show_number(finding, "id"),
			show_member(finding, "field"), show_number(finding, "at"));
		show_text(out, show_member(finding, "what"));
		fputs("\" (", out);
		show_text(out, show_member(finding, "word"));
		fputs(")\n    ", out);
		if (show_member(finding, "answered")[0]) {
			show_text(out, show_member(finding, "officer"));
			fputs(": ", out);
			show_text(out, show_member(finding, "reason"));
		} else {
			fputs("no answer yet (chưa giải trình)", out);
		}
		fputc('\n', out);
	}
	if (!i)
		fputs("The screen found nothing (không có gì phải giải trình).\n", out);
}

/* A count, or that it is too small to be told. */
static void show_count(FILE *out, const json_t *object, const char *key)
{
	if (json_is_integer(json_object_get(object, key)))
		fprintf(out, " %7lld", show_number(object, key));
	else
		fprintf(out, " %7s", "few");
}

static void show_seconds(FILE *out, const char *title, const json_t *body, const char *key)
{
	if (json_is_integer(json_object_get(body, key)))
		fprintf(out, "  %-14s %lld s\n", title, show_number(body, key));
	else
		fprintf(out, "  %-14s not yet\n", title);
}

static void show_parts(FILE *out, const char *title, const json_t *list, const char *name,
	const char *first, const char *second)
{
	const json_t *part;
	size_t i;

	if (json_array_size(list))
		fprintf(out, "\n%s\n", title);
	json_array_foreach (list, i, part) {
		fputs(" ", out);
		show_count(out, part, first);
		if (second)
			show_count(out, part, second);
		fputs("  ", out);
		show_text(out, show_member(part, name)[0] ? show_member(part, name) : "-");
		fputc('\n', out);
	}
}

void show_bulletin_statistics(FILE *out, const json_t *body)
{
	if (!show_member(body, "began")[0]) {
		fprintf(out, "It was not sent yet (chưa gửi).\n");
		return;
	}
	fprintf(out,
		"%lld of %lld told (đã báo được), %lld under way, %lld not known, %lld not told; "
		"%lld refused or are blocked. %lld of %lld heads said that everybody knows. %lld "
		"đồng.\n",
		show_number(body, "told"), show_number(body, "people"),
		show_number(body, "under_way"), show_number(body, "in_doubt"),
		show_number(body, "not_told"), show_number(body, "skipped"),
		show_number(body, "heads_confirmed"), show_number(body, "heads"),
		show_number(body, "cost"));
	show_seconds(out, "half told in", body, "half_s");
	show_seconds(out, "90 % told in", body, "most_s");
	show_seconds(out, "all told in", body, "all_s");
	show_parts(out, "    told    đồng  by way of", json_object_get(body, "channels"), "channel",
		"told", "cost");
	show_parts(out, "  people  not told, why", json_object_get(body, "reasons"), "reason",
		"people", NULL);
	show_parts(out, "  people    told  at", json_object_get(body, "places"), "name", "people",
		"told");
}

void show_bulletin_done(FILE *out, const json_t *body)
{
	fprintf(out, "Bulletin %lld is %s now (bản tin số %lld).\n", show_number(body, "id"),
		show_member(body, "state"), show_number(body, "id"));
	if (show_member(body, "review_due")[0] && !show_member(body, "reviewed")[0])
		fprintf(out, "A second person has to review it until %s.\n",
			show_member(body, "review_due"));
}

void show_bulletin_stopped(FILE *out, const json_t *body)
{
	fprintf(out, "Bulletin %lld waits until it is resumed or recalled (đã tạm dừng).\n",
		show_number(body, "id"));
}

void show_bulletin_resumed(FILE *out, const json_t *body)
{
	fprintf(out, "Bulletin %lld goes on (gửi tiếp).\n", show_number(body, "id"));
}

void show_audiences(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"CODE", "code", false},
		{"PEOPLE", "members", false},
		{"CHANGED", "changed", true},
		{"NAME", "name", false},
	};

	show_list(out, body, "audiences", columns, ARRAY_LEN(columns));
}

void show_audience(FILE *out, const json_t *body)
{
	char *rule = json_dumps(json_object_get(body, "rule"), JSON_ENCODE_ANY);

	fputs("Stored (đã lưu): ", out);
	show_text(out, show_member(body, "name"));
	if (json_is_object(json_object_get(body, "rule"))) {
		fputs(", ", out);
		show_text(out, rule ? rule : "");
	} else {
		fprintf(out, ", a list of %lld people", show_number(body, "members"));
	}
	fputc('\n', out);
	free(rule);
}

void show_audience_members(FILE *out, const json_t *body)
{
	const json_t *errors = json_object_get(body, "errors"), *error;
	size_t i;

	json_array_foreach (errors, i, error) {
		fprintf(out, "%lld: ", show_number(error, "row"));
		show_text(out, show_member(error, "message"));
		fputc('\n', out);
	}
	if (i)
		fputs("Nothing was stored (chưa lưu gì).\n", out);
	else
		show_audience(out, json_object_get(body, "audience"));
}

void show_audience_removed(FILE *out, const json_t *body)
{
	fputs("Removed (đã xóa): ", out);
	show_text(out, show_member(body, "removed"));
	fputc('\n', out);
}

void show_refusals(FILE *out, const json_t *body)
{
	fprintf(out,
		"%lld want no bulletins (từ chối mọi bản tin), %lld not all topics (từ chối một số "
		"loại), %lld numbers are blocked (bị chặn).\n",
		show_number(body, "all"), show_number(body, "topic"), show_number(body, "blocked"));
}
