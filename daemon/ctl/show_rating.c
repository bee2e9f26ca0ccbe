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
