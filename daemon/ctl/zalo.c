/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about the Zalo account. What opens it is read from standard input and never an argument,
 * which everybody on the machine could see. */
#include "daemon/base/str.h"
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

enum exit_code ctl_body(struct ctl *ctl, json_t *body)
{
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	enum err err = text ? buf_adds(&ctl->body, text) : ERR_NOMEM;

	json_decref(body);
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	ctl->has_body = true;
	return err ? usage_error("what was given is too long, or no UTF-8") : EXIT_DONE;
}

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

enum exit_code prepare_token(struct ctl *ctl)
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
enum exit_code prepare_login(struct ctl *ctl)
{
	struct api_answer answer = {0};
	CLEAN_BUF pasted = {0};
	enum exit_code code;

	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/zalo/login");
	ctl->has_body = true;
	if (buf_adds(&ctl->body, "{}") != ERR_OK)
		return usage_error("out of memory");
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

enum exit_code prepare_doctor(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/zalo/doctor");
	return ctl_body(ctl, json_object());
}
