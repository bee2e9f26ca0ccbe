/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about markings of state secrets. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

static enum exit_code send_word(struct ctl *ctl, const char *suffix, const char *member)
{
	if (!str_is_utf8(ctl->text, strlen(ctl->text)) || !ctl->text[strspn(ctl->text, " \t\r\n")])
		return usage_error("the text is empty or not UTF-8");
	if (ctl_body(ctl, json_pack("{s:s}", member, ctl->text)) != EXIT_DONE)
		return EXIT_USAGE;
	return ctl_report_path(ctl, suffix);
}

static enum exit_code prepare_clear(struct ctl *ctl)
{
	return send_word(ctl, "/clearance", "text");
}

static enum exit_code prepare_print(struct ctl *ctl)
{
	return send_word(ctl, "/offline", "reason");
}

static enum exit_code prepare_offline(struct ctl *ctl)
{
	return send_word(ctl, "/offline", "digits");
}

static void show_cleared(FILE *out, const json_t *body)
{
	fputs("Confirmed for report (đã xác nhận cho tin báo) ", out);
	show_text(out, show_member(body, "report"));
	fputs(": this text may be answered now.\n", out);
}

static void show_print(FILE *out, const json_t *body)
{
	show_page(out, show_member(body, "print"));
	fputs("--\nIn trang này ra giấy, rồi: print this page, then:\n  binhyenctl report ", out);
	show_text(out, show_member(body, "report"));
	fputs(" offline \"", out);
	show_text(out, show_member(body, "digits"));
	fputs("\"\n", out);
}

static void show_offline(FILE *out, const json_t *body)
{
	fputs("Report (tin báo) ", out);
	show_text(out, show_member(body, "report"));
	fputs(" is off-line (đã đưa ra khỏi hệ thống): a stub stands for its words and files.\n",
		out);
}

const struct command secrecy_commands[] = {
	{"report N clear", " TEXT", "confirm that TEXT with a marking of secrets is none", 1, false,
		prepare_clear, show_cleared},
	{"report N print", " REASON", "the whole report for paper, before it is taken off-line", 1,
		false, prepare_print, show_print},
	{"report N offline", " DIGITS", "replace what was printed by a stub; DIGITS of the print",
		1, false, prepare_offline, show_offline},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
