/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What reports were thought to be, and what they were. */
#include "daemon/ctl/show.h"

#include "daemon/base/str.h"

void show_rating(FILE *out, const json_t *body)
{
	const json_t *guess = json_object_get(body, "guess");
	bool is_decided = json_is_string(json_object_get(body, "decided"));

	fputs("  category   ", out);
	show_text(out, show_member(body, "category"));
	fputs("\n  urgency    ", out);
	show_text(out, show_member(body, "urgency"));
	fprintf(out, "\n  by         %s",
		is_decided ? "an officer (cán bộ phân loại)" : "guess (máy đoán)");
	if (json_is_object(guess)) {
		const char *words = show_member(guess, "words");

		if (is_decided) {
			fputs("; guessed (máy đoán) ", out);
			show_text(out, show_member(guess, "category"));
		}
		fputs(", words (theo từ): ", out);
		show_text(out, words[0] ? words : "-");
	}
	fputc('\n', out);
}

void show_rated(FILE *out, const json_t *body)
{
	fputs("Report ", out);
	show_text(out, show_member(body, "report"));
	fputs(" is (đã phân loại) ", out);
	show_text(out, show_member(body, "category"));
	fputs(", ", out);
	show_text(out, show_member(body, "urgency"));
	fputs(".\n", out);
}

void show_statistics(FILE *out, const json_t *body)
{
	const json_t *row;
	size_t i;

	fprintf(out, "Decided by officers (đã phân loại): %lld\n", show_number(body, "decided"));
	fprintf(out, "  category guessed right (đoán đúng loại): %lld\n",
		show_number(body, "category_right"));
	fprintf(out, "  danger missed (bỏ sót nguy hiểm): %lld\n",
		show_number(body, "danger_missed"));
	fprintf(out, "  danger seen where none was (báo thừa): %lld\n",
		show_number(body, "danger_false"));
	json_array_foreach (json_object_get(body, "rows"), i, row) {
		if (str_eq(show_member(row, "guessed"), show_member(row, "decided")))
			continue;
		fputs("  guessed (đoán) ", out);
		show_text(out, show_member(row, "guessed"));
		fputs(", was (thực tế) ", out);
		show_text(out, show_member(row, "decided"));
		fprintf(out, ": %lld\n", show_number(row, "reports"));
	}
}

static void show_names(FILE *out, const char *title, const json_t *list, bool has_kind)
{
	const json_t *item;
	size_t i;

	json_array_foreach (list, i, item) {
		fprintf(out, "  %-10s ", title);
		show_text(out, has_kind ? show_member(item, "report") : json_string_value(item));
		if (has_kind) {
			fputs(" (", out);
			show_text(out, show_member(item, "kind"));
			fputc(')', out);
		}
		fputc('\n', out);
	}
}

void show_ties(FILE *out, const json_t *body)
{
	static const char *const texts[] = {"receiver", "assignee", "merged_into"};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const char *text = show_member(body, texts[i]);

		if (!text[0])
			continue;
		fprintf(out, "  %-10s ", texts[i]);
		show_text(out, text);
		fputc('\n', out);
	}
	show_names(out, "merged", json_object_get(body, "merged"), false);
	show_names(out, "linked", json_object_get(body, "links"), true);
	if (json_is_true(json_object_get(body, "is_quiet")))
		fputs("  Its sender asked for silence: nothing is sent to him (không nhắn lại).\n",
			out);
	if (json_is_true(json_object_get(body, "is_anonymous")))
		fputs("  Its sender is anonymous (ẩn danh).\n", out);
}
