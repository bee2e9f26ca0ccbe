/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about polls. */
#include "daemon/base/str.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

static enum exit_code prepare_polls(struct ctl *ctl)
{
	return prepare_list(ctl, "polls");
}

static enum exit_code poll_path(struct ctl *ctl, const char *what)
{
	int64_t id;

	if (str_to_int64(ctl->subject, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error("N is a number of binhyenctl polls");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/polls/%lld%s", (long long)id, what);
	return EXIT_DONE;
}

static enum exit_code prepare_poll(struct ctl *ctl)
{
	return poll_path(ctl, "");
}

static enum exit_code act(struct ctl *ctl, const char *what)
{
	enum exit_code code = poll_path(ctl, what);

	return code == EXIT_DONE ? ctl_body(ctl, json_object()) : code;
}

static enum exit_code prepare_open(struct ctl *ctl)
{
	return act(ctl, "/open");
}

static enum exit_code prepare_close(struct ctl *ctl)
{
	return act(ctl, "/close");
}

static enum exit_code prepare_cancel(struct ctl *ctl)
{
	return act(ctl, "/cancel");
}

static enum exit_code prepare_result(struct ctl *ctl)
{
	return act(ctl, "/result");
}

static enum exit_code prepare_unclear(struct ctl *ctl)
{
	return poll_path(ctl, "/unclear");
}

/* VOICE OPTION [all] */
static enum exit_code prepare_assign(struct ctl *ctl)
{
	enum exit_code code = poll_path(ctl, "/assign");
	int64_t option;
	json_t *body;

	if (code != EXIT_DONE)
		return code;
	if (ctl->rest_count < 2 || ctl->rest_count > 3 ||
		str_to_int64(ctl->rest[1], 0, 8, &option) != ERR_OK ||
		(ctl->rest_count == 3 && !str_eq(ctl->rest[2], "all")))
		return usage_error("an answer is sorted as VOICE OPTION [all]; OPTION 0 is none");
	body = json_pack("{s:s, s:i}", "voice", ctl->rest[0], "option", (int)option);
	if (body && ctl->rest_count == 3)
		json_object_set_new(body, "all", json_true());
	return body ? ctl_body(ctl, body)
		    : usage_error("VOICE is one of binhyenctl poll N unclear");
}

static enum exit_code prepare_try(struct ctl *ctl)
{
	enum exit_code code = poll_path(ctl, "/try");
	json_t *body;

	if (code != EXIT_DONE)
		return code;
	body = json_pack("{s:s}", "text", ctl->text);
	return body ? ctl_body(ctl, body) : usage_error("TEXT is not UTF-8");
}

/* ---- writing one -----------------------------------------------------------------------------
 */

/* "Đồng ý = ok, dc": a label, and other words for it. */
static json_t *option_of(const char *text)
{
	const char *sign = strchr(text, '=');
	size_t len = sign ? (size_t)(sign - text) : strlen(text);
	json_t *option, *label;

	while (len && text[len - 1] == ' ')
		len--;
	option = json_object();
	label = json_stringn(text, len);
	if (label)
		json_object_set_new(option, "label", label);
	if (label && sign)
		json_object_set_new(option, "aliases", json_string(sign + 1));
	if (label)
		return option;
	json_decref(option);
	return NULL;
}

static enum exit_code put_value(json_t *body, json_t *options, const char *name, const char *value)
{
	static const char *const texts[] = {"question", "per", "closes", "category"};
	json_t *json = NULL;
	int64_t number;

	if (str_eq(name, "option")) {
		json = option_of(value);
		return json && !json_array_append_new(options, json)
			       ? EXIT_DONE
			       : usage_error("option= is a label, then = and other words for it");
	}
	for (size_t i = 0; !json && i < ARRAY_LEN(texts); i++) {
		if (str_eq(texts[i], name))
			json = json_string(value);
	}
	if (str_eq(name, "quorum") && str_to_int64(value, 0, 100, &number) == ERR_OK)
		json = json_integer(number);
	else if (str_eq(name, "to"))
		json = ctl_audience(value);
	if (!json)
		return usage_error(
			"a poll is question=, option= (two or more), closes=, to=, per=household or "
			"phone, quorum=0..100, category=");
	json_object_set_new(body, str_eq(name, "to") ? "audience" : name, json);
	return EXIT_DONE;
}

static enum exit_code prepare_new(struct ctl *ctl)
{
	json_t *body = json_object(), *options = json_array();
	enum exit_code code = EXIT_DONE;

	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/polls");
	for (int i = 0; code == EXIT_DONE && i < ctl->rest_count; i++) {
		char *sign = strchr(ctl->rest[i], '=');

		if (!sign) {
			code = usage_error("a value is given as NAME=VALUE");
			break;
		}
		*sign = 0;
		code = put_value(body, options, ctl->rest[i], sign + 1);
	}
	json_object_set(body, "options", options);
	json_decref(options);
	if (code == EXIT_DONE)
		return ctl_body(ctl, body);
	json_decref(body);
	return code;
}

/* ---- what is shown ---------------------------------------------------------------------------
 */

static void show_polls(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"N", "id", false},
		{"STATE", "state", false},
		{"CLOSES", "closes", true},
		{"PER", "per", false},
		{"VOICES", "voices", false},
		{"QUESTION", "question", false},
	};

	if (!json_array_size(json_object_get(body, "polls"))) {
		fputs("No polls yet (chưa có cuộc lấy ý kiến nào).\n", out);
		return;
	}
	show_list(out, body, "polls", columns, ARRAY_LEN(columns));
}

static void show_count(FILE *out, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_integer(value))
		fprintf(out, "%lld", (long long)json_integer_value(value));
	else
		fputs("few (ít, không nêu)", out);
}

static void show_option(FILE *out, const json_t *option, bool has_votes)
{
	const json_t *alias;
	size_t i;

	fprintf(out, "  %lld ", show_number(option, "number"));
	show_text(out, show_member(option, "label"));
	json_array_foreach (json_object_get(option, "aliases"), i, alias) {
		fputs(i ? ", " : " = ", out);
		show_text(out, json_string_value(alias));
	}
	if (has_votes) {
		fputs(": ", out);
		show_count(out, option, "votes");
	}
	fputc('\n', out);
}

static void show_poll(FILE *out, const json_t *body)
{
	const char *state = show_member(body, "state");
	bool has_votes = str_eq(state, "CLOSED") || str_eq(state, "DONE");
	const json_t *option;
	size_t i;

	fprintf(out, "poll %lld: %s, closes %s, one voice a %s, quorum %lld%%\n  ",
		show_number(body, "id"), state, show_member(body, "closes"),
		show_member(body, "per"), show_number(body, "quorum"));
	show_text(out, show_member(body, "question"));
	fputc('\n', out);
	json_array_foreach (json_object_get(body, "options"), i, option)
		show_option(out, option, has_votes);
	fprintf(out, "  asked %lld, answered ", show_number(body, "voices"));
	show_count(out, body, "answered");
	fprintf(out, ", not clear %lld%s\n", show_number(body, "unclear"),
		json_is_true(json_object_get(body, "has_quorum")) ? "" : "; below the quorum");
	if (str_eq(state, "DRAFT"))
		fprintf(out, "  its question is bulletin %lld: submit and approve that\n",
			show_number(body, "bulletin"));
	if (show_number(body, "result"))
		fprintf(out, "  its result is bulletin %lld, a draft\n",
			show_number(body, "result"));
}

static void show_unclear(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"VOICE", "voice", false},
		{"COUNTS", "option", false},
		{"AS WRITTEN", "text", false},
	};

	if (!json_array_size(json_object_get(body, "unclear"))) {
		fputs("Every answer is clear (không có ý kiến nào chưa rõ).\n", out);
		return;
	}
	show_list(out, body, "unclear", columns, ARRAY_LEN(columns));
}

static void show_sorted(FILE *out, const json_t *body)
{
	fprintf(out, "%lld put right (đã xếp).\n", show_number(body, "sorted"));
}

static void show_tried(FILE *out, const json_t *body)
{
	if (show_number(body, "option"))
		fprintf(out, "option (phương án) %lld\n", show_number(body, "option"));
	else
		fputs("not clear: an officer would sort it (chưa rõ, cán bộ phải xem).\n", out);
}

const struct command poll_commands[] = {
	{"polls", "", "polls, newest first", 0, true, prepare_polls, show_polls},
	{"poll new", " NAME=VALUE ...",
		"write one: question=, option= (two or more), closes=, to=, ...", COMMAND_MANY,
		false, prepare_new, show_poll},
	{"poll N open", "", "its question was asked otherwise: open it now", 0, false, prepare_open,
		show_poll},
	{"poll N close", "", "before its time", 0, false, prepare_close, show_poll},
	{"poll N cancel", "", "nothing of it counts", 0, false, prepare_cancel, show_poll},
	{"poll N unclear", "", "answers that nobody could count by itself", 0, false,
		prepare_unclear, show_unclear},
	{"poll N assign", " VOICE OPTION [all]", "what an answer means; all with the same words",
		COMMAND_MANY, false, prepare_assign, show_sorted},
	{"poll N try", " TEXT", "how an answer would be heard", 1, false, prepare_try, show_tried},
	{"poll N result", "", "count it, and write the result as a bulletin draft", 0, false,
		prepare_result, show_poll},
	{"poll", " N", "one poll with its options and figures", 1, false, prepare_poll, show_poll},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
