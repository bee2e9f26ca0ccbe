/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about who can read which report. */
#include "daemon/base/str.h"
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

#define LOGIN_MAX 32

static bool is_login(const char *text)
{
	size_t len = strlen(text);

	return len && len <= LOGIN_MAX &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-") == len;
}

/* ---- admission -------------------------------------------------------------------------------
 */

static json_t *admission(const struct buf *words, json_int_t after)
{
	json_t *body = json_object();

	if (words->len)
		json_object_set_new(body, "words", json_string(buf_text(words)));
	if (after)
		json_object_set_new(body, "after", json_integer(after));
	return body;
}

/* One request for some hundred reports. */
static enum exit_code admit_some(
	struct ctl *ctl, const struct buf *words, json_int_t *after, json_int_t *shared)
{
	struct api_answer answer = {0};
	enum exit_code code;

	buf_wipe(&ctl->body);
	buf_init(&ctl->body, STDIN_MAX);
	code = ctl_body(ctl, admission(words, *after));
	if (code == EXIT_DONE)
		code = ctl_request(ctl, &answer);
	if (code == EXIT_DONE) {
		*after = json_integer_value(json_object_get(answer.body, "next"));
		*shared += json_integer_value(json_object_get(answer.body, "shared"));
	}
	api_answer_done(&answer);
	return code;
}

static enum exit_code admit(struct ctl *ctl, const struct buf *words)
{
	json_int_t after = 0, shared = 0;
	enum exit_code code;

	do
		code = admit_some(ctl, words, &after, &shared);
	while (code == EXIT_DONE && after);
	ctl->is_over = true;
	if (code != EXIT_DONE)
		return code;
	if (ctl->wants_json)
		printf("{\"officer\": \"%s\", \"shared\": %lld}\n", ctl->subject,
			(long long)shared);
	else
		printf("%s reads %lld more reports (được đọc thêm %lld tin).\n", ctl->subject,
			(long long)shared, (long long)shared);
	return EXIT_DONE;
}

static enum exit_code admission_path(struct ctl *ctl)
{
	if (!is_login(ctl->subject))
		return usage_error("NAME is the login name of an officer");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/officers/%s/admission", ctl->subject);
	return EXIT_DONE;
}

static enum exit_code prepare_admit(struct ctl *ctl)
{
	const struct buf none = {0};
	enum exit_code code = admission_path(ctl);

	return code == EXIT_DONE ? admit(ctl, &none) : code;
}

/* The words are asked for: an argument is seen by whoever looks at the processes. */
static enum exit_code prepare_admit_escrow(struct ctl *ctl)
{
	enum exit_code code = admission_path(ctl);
	struct buf words;

	buf_init(&words, 1024);
	if (code == EXIT_DONE)
		code = input_line(
			"Words of the sheet in the safe (các từ trên tờ giấy trong két): ", true,
			&words);
	if (code == EXIT_DONE)
		code = admit(ctl, &words);
	buf_wipe(&words);
	return code;
}

/* ---- places ----------------------------------------------------------------------------------
 */

static enum exit_code prepare_handover(struct ctl *ctl)
{
	if (ctl->rest_count != 3 || !is_login(ctl->rest[0]) || !is_login(ctl->rest[1]) ||
		!is_login(ctl->rest[2]))
		return usage_error("a place is handed over with CODE FROM TO: its code and two "
				   "login names");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/places/%s/handover", ctl->rest[0]);
	return ctl_body(ctl, json_pack("{s:s, s:s}", "from", ctl->rest[1], "to", ctl->rest[2]));
}

static void show_handover(FILE *out, const json_t *body)
{
	const json_t *open = json_object_get(body, "open"), *name;
	size_t i;

	fprintf(out, "Handed over, with %zu reports under way (đã bàn giao, %zu tin đang xử lý)",
		json_array_size(open), json_array_size(open));
	json_array_foreach (open, i, name) {
		fputs(i ? ", " : ": ", out);
		show_text(out, json_string_value(name));
	}
	fputs("\n", out);
}

/* ---- subjects --------------------------------------------------------------------------------
 */

static enum exit_code prepare_about(struct ctl *ctl)
{
	json_t *list = json_array();
	enum exit_code code = ctl_report_path(ctl, "/subjects");

	for (int i = 0; code == EXIT_DONE && i < ctl->rest_count; i++) {
		if (ctl->rest_count == 1 && str_eq(ctl->rest[i], "nobody"))
			break;
		if (!is_login(ctl->rest[i]))
			code = usage_error("say the login names of officers, or nobody");
		else
			json_array_append_new(list, json_string(ctl->rest[i]));
	}
	if (code != EXIT_DONE) {
		json_decref(list);
		return code;
	}
	return ctl_body(ctl, json_pack("{s:o}", "officers", list));
}

static void show_about(FILE *out, const json_t *body)
{
	show_text(out, show_member(body, "report"));
	fputs(str_eq(show_member(body, "sight"), "words")
			? ": stored (đã ghi)\n"
			: ": stored, and no longer yours to read (đã ghi; đồng chí không đọc được nữa)\n",
		out);
}

const struct command keys_commands[] = {
	{"officer NAME admit escrow", "", "the same by the words of the sheet in the safe", 0,
		false, prepare_admit_escrow, show_json},
	{"officer NAME admit", "", "hand him the keys of the old reports that are his to read", 0,
		false, prepare_admit, show_json},
	{"handover", " CODE FROM TO", "a place goes from one area officer to another", COMMAND_MANY,
		false, prepare_handover, show_handover},
	{"report N about", " LOGIN ... | nobody", "which officers report N is about", COMMAND_MANY,
		false, prepare_about, show_about},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
