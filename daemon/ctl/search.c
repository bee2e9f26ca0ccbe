/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `search WORDS`: all of them, in what the caller may read. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

static enum exit_code prepare_search(struct ctl *ctl)
{
	CLEAN_BUF words = {0};
	enum exit_code code;

	buf_init(&words, 1000);
	code = ctl_words(ctl, 0, &words, "the words are too long, or not UTF-8");
	if (code != EXIT_DONE)
		return code;
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/search");
	return ctl_body(ctl, json_pack("{s:s}", "words", buf_text(&words)));
}

static void show_hits(FILE *out, const json_t *body)
{
	json_t *row;
	size_t i;

	json_array_foreach (json_object_get(body, "hits"), i, row) {
		show_text(out, show_member(row, "at"));
		fprintf(out, "  %-9s %-12s ", show_member(row, "report"),
			show_member(row, "category"));
		show_text(out, show_member(row, "text"));
		fputc('\n', out);
	}
	if (!json_array_size(json_object_get(body, "hits")))
		fputs("No report that you may read has all these words (không có tin nào có đủ các "
		      "từ này).\n",
			out);
	if (json_is_true(json_object_get(body, "is_cut")))
		fprintf(out, "there are more: look for more words\n");
	if (show_number(body, "damaged"))
		fprintf(out, "%lld texts are damaged and could not be read\n",
			show_number(body, "damaged"));
}

const struct command search_commands[] = {
	{"search", " WORDS", "reports with all these words, newest first", COMMAND_MANY, false,
		prepare_search, show_hits},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
