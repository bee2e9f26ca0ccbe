/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words in the safe. They are asked for and shown on a screen, and never an argument. */
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

/* The words are good from the first answer on; what follows seals old reports to them. */
static enum exit_code fill(struct ctl *ctl, bool more)
{
	enum exit_code code = EXIT_DONE;

	while (code == EXIT_DONE && more) {
		struct api_answer answer = {0};

		code = ctl_post(ctl, "/api/v1/escrow/fill", json_object(), &answer);
		more = json_is_true(json_object_get(answer.body, "more"));
		api_answer_done(&answer);
	}
	return code;
}

static enum exit_code prepare_new(struct ctl *ctl)
{
	struct api_answer answer = {0};
	struct buf passphrase;
	enum exit_code code;

	buf_init(&passphrase, 512);
	code = input_passphrase(ctl, "Your passphrase (mật khẩu của đồng chí): ", &passphrase);
	if (code == EXIT_DONE)
		code = ctl_post(ctl, "/api/v1/escrow",
			json_pack("{s:s}", "passphrase", buf_text(&passphrase)), &answer);
	buf_wipe(&passphrase);
	if (code == EXIT_DONE && ctl->wants_json)
		show_json(stdout, answer.body);
	else if (code == EXIT_DONE)
		show_escrow(stdout, show_member(answer.body, "words"));
	if (code == EXIT_DONE) {
		fflush(stdout);
		code = fill(ctl, json_is_true(json_object_get(answer.body, "more")));
	}
	ctl->is_over = true;
	api_answer_done(&answer);
	return code;
}

static enum exit_code prepare_check(struct ctl *ctl)
{
	struct buf words;
	enum exit_code code;

	buf_init(&words, 1024);
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/escrow/check");
	code = input_line(
		"Words of the sheet in the safe (các từ trên tờ giấy trong két): ", true, &words);
	if (code == EXIT_DONE)
		code = ctl_body(ctl, json_pack("{s:s}", "words", buf_text(&words)));
	buf_wipe(&words);
	return code;
}

static void show_checked(FILE *out, const json_t *body)
{
	(void)body;
	fputs("These are the words of this box: put the sheet back into the safe (đúng; hãy cất lại "
	      "vào két).\n",
		out);
}

const struct command escrow_commands[] = {
	{"escrow new", "", "draw other words for the safe; the former sheet counts no more", 0,
		false, prepare_new, show_json},
	{"escrow check", "", "are the words on the sheet in the safe the right ones?", 0, false,
		prepare_check, show_checked},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
