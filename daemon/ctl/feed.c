/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about the official sources that the box watches. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

#define NAME_MAX_BYTES 24

static enum exit_code prepare_feeds(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/feeds");
	return EXIT_DONE;
}

static enum exit_code prepare_check(struct ctl *ctl)
{
	size_t len = strlen(ctl->subject);

	if (!len || len >= NAME_MAX_BYTES ||
		strspn(ctl->subject, "abcdefghijklmnopqrstuvwxyz0123456789-") != len)
		return usage_error("NAME is that of a feed, as binhyenctl feeds shows it");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/feeds/%s/check", ctl->subject);
	return ctl_body(ctl, json_object());
}

static void show_feeds(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"NAME", "name", false},
		{"FORMAT", "format", false},
		{"READ", "read", true},
		{"NEWS", "news", true},
		{"DRAFTS", "drafted", false},
		{"FAILURES", "failures", false},
		{"ERROR", "error", false},
	};
	const json_t *feeds = json_object_get(body, "feeds"), *feed;
	size_t i;

	if (!json_array_size(feeds)) {
		fputs("No source is configured (chưa cấu hình nguồn tin): feeds in "
		      "binhyen.json(5).\n",
			out);
		return;
	}
	show_list(out, body, "feeds", columns, ARRAY_LEN(columns));
	json_array_foreach (feeds, i, feed) {
		if (!show_member(feed, "detail")[0])
			continue;
		show_text(out, show_member(feed, "name"));
		fputs(": ", out);
		show_text(out, show_member(feed, "detail"));
		fputc('\n', out);
	}
}

static void show_asked(FILE *out, const json_t *body)
{
	show_text(out, show_member(body, "name"));
	fputs(" is being asked (đang hỏi nguồn tin); binhyenctl feeds shows what comes of it.\n",
		out);
}

const struct command feed_commands[] = {
	{"feeds", "", "the official sources: when they were read, what is wrong", 0, false,
		prepare_feeds, show_feeds},
	{"feed NAME check", "", "ask this source now, for all that it has", 0, false, prepare_check,
		show_asked},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
