/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about the Zalo account. What opens it is read from standard input and never an argument,
 * which everybody on the machine could see. */
#include "daemon/base/str.h"
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

static void trim(struct buf *line)
{
	while (line->len && strchr(" \t\r\n", line->data[line->len - 1]))
		line->data[--line->len] = 0;
}

/* As Zalo's API Explorer shows them: one after the other. */
static enum exit_code token_by_hand(struct ctl *ctl)
{
	CLEAN_BUF access = {0};
	CLEAN_BUF refresh = {0};
	enum exit_code code;

	buf_init(&access, STDIN_MAX);
	buf_init(&refresh, STDIN_MAX);
	code = input_line(
		"Access token (it is not shown), or all as JSON in one line: ", true, &access);
	trim(&access);
	if (code == EXIT_DONE && buf_text(&access)[0] == '{') {
		ctl->has_body = true;
		if (buf_add(&ctl->body, access.data, access.len) != ERR_OK)
			code = usage_error("it is too long");
	} else if (code == EXIT_DONE) {
		code = input_line("Refresh token (it is not shown): ", true, &refresh);
		trim(&refresh);
		if (code == EXIT_DONE)
			code = ctl_body(
				ctl, json_pack("{s:s, s:s}", "access_token", buf_text(&access),
					     "refresh_token", buf_text(&refresh)));
	}
	buf_wipe(&access);
	buf_wipe(&refresh);
	return code;
}

static enum exit_code prepare_token(struct ctl *ctl)
{
	enum exit_code code;

	if (input_is_terminal())
		code = token_by_hand(ctl);
	else
		code = input_all(&ctl->body);
	ctl->has_body = true;
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/zalo/token");
	return code;
}

/* First the address, by a request of its own; then what the browser brought back is the command. */
static enum exit_code prepare_login(struct ctl *ctl)
{
	struct api_answer answer = {0};
	CLEAN_BUF pasted = {0};
	enum exit_code code;

	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/zalo/login");
	code = ctl_body(ctl, json_object());
	if (code == EXIT_DONE)
		code = ctl_request(ctl, &answer);
	if (code == EXIT_DONE) {
		fprintf(stderr,
			"Mở địa chỉ này bằng trình duyệt, đăng nhập bằng tài khoản quản trị OA và đồng "
			"ý:\nOpen this address as an administrator of the Official Account and "
			"consent:\n\n");
		show_text(stderr, show_member(answer.body, "url"));
		fprintf(stderr,
			"\n\nSau đó chép toàn bộ địa chỉ mà trình duyệt hiện ra (trang có thể báo lỗi, "
			"không sao), trong vòng 10 phút.\nThen copy the whole address that the browser "
			"shows (the page may fail to load), within 10 minutes.\n");
	}
	api_answer_done(&answer);
	if (code != EXIT_DONE)
		return code;
	buf_init(&pasted, STDIN_MAX);
	code = input_line("Address or code: ", false, &pasted);
	trim(&pasted);
	if (code == EXIT_DONE && !pasted.len)
		code = usage_error("nothing was pasted");
	buf_wipe(&ctl->body);
	buf_init(&ctl->body, STDIN_MAX);
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/zalo/login/code");
	if (code == EXIT_DONE)
		code = ctl_body(ctl, json_pack("{s:s}", "pasted", buf_text(&pasted)));
	buf_wipe(&pasted);
	return code;
}

static enum exit_code prepare_doctor(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/zalo/doctor");
	return ctl_body(ctl, json_object());
}

static enum exit_code prepare_gaps(struct ctl *ctl)
{
	return prepare_list(ctl, "zalo/gaps");
}

static enum exit_code prepare_gap_seen(struct ctl *ctl)
{
	int64_t id;

	if (str_to_int64(ctl->subject, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error("ID is that of a gap, as binhyenctl zalo gaps shows it");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/zalo/gaps/%lld/seen", (long long)id);
	return ctl_body(ctl, json_object());
}

const struct command zalo_commands[] = {
	{"zalo gaps", "", "times of which Zalo tells nothing more", 0, true, prepare_gaps,
		show_gaps},
	{"zalo gap ID seen", "", "somebody has looked in the inbox of the OA", 0, false,
		prepare_gap_seen, show_gap_seen},
	{"zalo login", "", "let an administrator of the OA consent in his browser", 0, false,
		prepare_login, show_token_saved},
	{"zalo doctor", "", "what the Zalo account can and cannot do, and what to do", 0, false,
		prepare_doctor, show_doctor},
	{"zalo set-token", "", "store a Zalo token pair, given on standard input", 0, false,
		prepare_token, show_token_saved},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
