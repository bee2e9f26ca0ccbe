/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about the copies of the database. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

static enum exit_code prepare_backups(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/backups");
	return EXIT_DONE;
}

static enum exit_code prepare_make(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/backups");
	return ctl_body(ctl, json_object());
}

static void show_line(FILE *out, const char *what, const char *value)
{
	fputs(what, out);
	show_text(out, value);
	fputc('\n', out);
}

static void show_backups(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"MADE", "at", true},
		{"BYTES", "bytes", false},
		{"FILE", "name", false},
	};
	const char *other = show_member(body, "other_folder");

	show_line(out, "In (thư mục): ", show_member(body, "folder"));
	if (other[0])
		show_line(out, "Also in (ổ lưu trữ): ", other);
	else
		fputs("On no other disk: with this one they are lost; set backup.folder (chưa sao "
		      "lưu ra ổ khác: đặt backup.folder)\n",
			out);
	if (json_is_true(json_object_get(body, "running")))
		fputs("One is being made (đang sao lưu)\n", out);
	if (show_member(body, "last_error")[0]) {
		fputs("The last try failed (lần sao lưu gần nhất không thành): ", out);
		show_text(out, show_member(body, "last_error"));
		fputs(" (", out);
		show_text(out, show_member(body, "last_error_vi"));
		fputs(")\n", out);
	}
	if (!json_array_size(json_object_get(body, "backups")))
		fputs("There is none yet (chưa có bản sao lưu nào)\n", out);
	else
		show_list(out, body, "backups", columns, ARRAY_LEN(columns));
}

static void show_started(FILE *out, const json_t *body)
{
	(void)body;
	fputs("Begun (đã bắt đầu sao lưu); binhyenctl backups tells when it is there.\n", out);
}

const struct command backup_commands[] = {
	{"backups", "", "the copies of the database, and how the last try went", 0, false,
		prepare_backups, show_backups},
	{"backups make", "", "make one now", 0, false, prepare_make, show_started},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
