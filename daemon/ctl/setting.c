/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about the settings that officers may change. */
#include "daemon/base/str.h"
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

static enum exit_code prepare_settings(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/settings");
	return EXIT_DONE;
}

/* Takes the value over. */
static enum exit_code change(struct ctl *ctl, json_t *value)
{
	json_t *values = json_object();

	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/settings");
	json_object_set_new(values, ctl->subject, value);
	return ctl_body(ctl, json_pack("{s:o}", "values", values));
}

/* Is it a number, as the box says? One that it does not know is none, and the box says so. */
static enum exit_code is_number(struct ctl *ctl, bool *ret_is_number)
{
	struct api_answer answer = {0};
	enum exit_code code = prepare_settings(ctl);
	const json_t *row;
	size_t i;

	*ret_is_number = false;
	if (code == EXIT_DONE)
		code = ctl_request(ctl, &answer);
	json_array_foreach (json_object_get(answer.body, "settings"), i, row) {
		if (str_eq(show_member(row, "name"), ctl->subject))
			*ret_is_number = str_eq(show_member(row, "type"), "integer");
	}
	api_answer_done(&answer);
	return code;
}

/* What is no number goes as it is typed: the box says what it should be. */
static enum exit_code prepare_set(struct ctl *ctl)
{
	int64_t number;
	bool wants_number;
	enum exit_code code = is_number(ctl, &wants_number);

	if (code != EXIT_DONE)
		return code;
	if (wants_number && str_to_int64(ctl->text, INT32_MIN, INT32_MAX, &number) == ERR_OK)
		return change(ctl, json_integer(number));
	return change(ctl, json_string(ctl->text));
}

static enum exit_code prepare_reset(struct ctl *ctl)
{
	return change(ctl, json_null());
}

static void show_value(FILE *out, const json_t *value)
{
	if (json_is_integer(value))
		fprintf(out, "%lld", (long long)json_integer_value(value));
	else if (json_string_length(value))
		show_text(out, json_string_value(value));
	else
		fputs("(none)", out);
}

static void show_one(FILE *out, const json_t *row)
{
	fprintf(out, "%-28s ", show_member(row, "name"));
	show_value(out, json_object_get(row, "value"));
	if (show_member(row, "unit")[0])
		fprintf(out, " %s", show_member(row, "unit"));
	fprintf(out, "  (%s)", show_member(row, "title"));
	if (json_is_true(json_object_get(row, "is_ignored")))
		fputs("  changed, but does not fit any more: the file holds", out);
	else if (json_is_true(json_object_get(row, "is_changed"))) {
		fputs("  changed by ", out);
		show_text(out, show_member(row, "changed_by"));
		fputs(", file: ", out);
		show_value(out, json_object_get(row, "value_file"));
	}
	fputc('\n', out);
}

static void show_settings(FILE *out, const json_t *body)
{
	const json_t *row;
	size_t i;

	json_array_foreach (json_object_get(body, "settings"), i, row)
		show_one(out, row);
	fputs("The other settings stand in the configuration file; binhyend --dump-config shows "
	      "them (các mục khác ở trong tệp cấu hình).\n",
		out);
}

const struct command setting_commands[] = {
	{"settings", "", "the settings that officers may change, and what they are", 0, false,
		prepare_settings, show_settings},
	{"setting NAME set", " VALUE", "change one, at once", 1, false, prepare_set, show_settings},
	{"setting NAME reset", "", "as the configuration file says again", 0, false, prepare_reset,
		show_settings},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
