/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about who is on duty, the roster, and the alarms that somebody has to take on. */
#include "daemon/base/str.h"
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define ROSTER_BYTES_MAX (512 * 1024) /* the API takes no more */

static enum exit_code prepare_duty(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/duty");
	return EXIT_DONE;
}

static enum exit_code prepare_alarms(struct ctl *ctl)
{
	return prepare_list(ctl, "duty/alarms");
}

/* NUMBER [WORDS ...] */
static enum exit_code note_body(struct ctl *ctl)
{
	CLEAN_BUF note = {0};
	enum exit_code code;

	if (ctl->rest_count < 2)
		return ctl_body(ctl, json_object());
	buf_init(&note, STDIN_MAX / 4);
	code = ctl_words(ctl, 1, &note, "NOTE is too long, or not UTF-8");
	return code == EXIT_DONE ? ctl_body(ctl, json_pack("{s:s}", "note", buf_text(&note)))
				 : code;
}

static enum exit_code prepare_take(struct ctl *ctl)
{
	int64_t number;

	if (str_to_int64(ctl->rest[0], 100, 999, &number) != ERR_OK)
		return usage_error("NUMBER is that of an alarm, three digits, as it was texted");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/duty/alarms/%lld/acknowledge",
		(long long)number);
	return note_body(ctl);
}

static enum exit_code prepare_roster(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/roster");
	return EXIT_DONE;
}

/* ---- export ----------------------------------------------------------------------------------
 */

/* Cells are logins, times and days: none begins a formula but "-", nobody. */
static void write_rows(FILE *to, const json_t *body)
{
	const json_t *shifts = json_object_get(body, "shifts"), *shift;
	size_t i;

	fputs("day,from,to,rank,officer,instead_of\n", to);
	json_array_foreach (shifts, i, shift) {
		const char *officer = show_member(shift, "officer");

		fprintf(to, "%s,%s,%s,%lld,%s,%s\n", show_member(shift, "day"),
			show_member(shift, "from"), show_member(shift, "to"),
			show_number(shift, "rank"), officer[0] ? officer : "'-",
			show_member(shift, "instead_of"));
	}
}

static enum exit_code prepare_export(struct ctl *ctl)
{
	struct api_answer answer = {0};
	bool is_stdout = str_eq(ctl->subject, "-");
	enum exit_code code;
	FILE *to = stdout;
	int fd;

	ctl->is_over = true;
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/roster");
	code = ctl_request(ctl, &answer);
	if (code == EXIT_DONE && !is_stdout) {
		fd = open(ctl->subject, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		to = fd < 0 ? NULL : fdopen(fd, "w");
	}
	if (!to) {
		fprintf(stderr, "binhyenctl: %s: %s\n", ctl->subject, strerror(errno));
		code = EXIT_REFUSED;
	}
	if (code == EXIT_DONE) {
		write_rows(to, answer.body);
		if (fflush(to) != 0) {
			fprintf(stderr, "binhyenctl: the file cannot be written: %s\n",
				strerror(errno));
			code = EXIT_REFUSED;
		}
		if (!is_stdout)
			fclose(to);
	}
	api_answer_done(&answer);
	return code;
}

/* ---- import ----------------------------------------------------------------------------------
 */

static void show_gaps_of(FILE *out, const json_t *body)
{
	const json_t *gaps = json_object_get(body, "gaps"), *gap;
	size_t i;

	json_array_foreach (gaps, i, gap) {
		fputs("Nobody is on duty (không có ai trực) from ", out);
		show_text(out, show_member(gap, "from"));
		fputs(" to ", out);
		show_text(out, show_member(gap, "to"));
		fputc('\n', out);
	}
}

static enum exit_code show_import(const struct ctl *ctl, const json_t *body, bool is_trial)
{
	if (ctl->wants_json) {
		show_json(stdout, body);
		return EXIT_DONE;
	}
	printf("%s%lld added, %lld removed, %lld as before.\n",
		is_trial ? "Nothing was stored yet (chưa lưu). Would be: " : "Stored (đã lưu): ",
		show_number(body, "added"), show_number(body, "removed"),
		show_number(body, "same"));
	show_gaps_of(stdout, body);
	return EXIT_DONE;
}

static enum exit_code import_file(struct ctl *ctl, bool is_trial)
{
	return input_import(ctl, "/api/v1/roster/import", ROSTER_BYTES_MAX, is_trial, show_import);
}

static enum exit_code prepare_check(struct ctl *ctl)
{
	return import_file(ctl, true);
}

static enum exit_code prepare_import(struct ctl *ctl)
{
	return import_file(ctl, false);
}

/* ---- showing ---------------------------------------------------------------------------------
 */

static void show_duty(FILE *out, const json_t *body)
{
	const json_t *posts = json_object_get(body, "on_duty"), *post;
	size_t i;

	if (json_is_true(json_object_get(body, "is_nobody")))
		fputs("NOBODY is on duty who could be rung (KHÔNG có ai trực): dangers ring every "
		      "officer.\n",
			out);
	else if (!json_is_true(json_object_get(body, "has_roster")))
		fputs("There is no roster: the phones of the configuration are on duty (chưa có lịch "
		      "trực).\n",
			out);
	json_array_foreach (posts, i, post) {
		fprintf(out, "%lld. ", show_number(post, "rank"));
		show_text(out, show_member(post, "officer"));
		fputs(", ", out);
		show_text(out, show_member(post, "name"));
		fputs(json_is_true(json_object_get(post, "has_phone"))
				? "\n"
				: ", without a phone (không có số điện thoại)\n",
			out);
	}
	if (show_member(body, "until")[0]) {
		fputs("Until (đến) ", out);
		show_text(out, show_member(body, "until"));
		fputc('\n', out);
	}
	show_gaps_of(out, body);
	fprintf(out,
		"Alarms (báo động): %lld ring (đang reo), %lld unanswered within a day "
		"(chưa ai nhận).\n",
		show_number(body, "alarms_ringing"), show_number(body, "alarms_unanswered"));
}

static void show_alarms(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"ID", "id", false},
		{"NUMBER", "number", false},
		{"STATE", "state", false},
		{"STEP", "step", false},
		{"BEGAN", "began", true},
		{"TAKEN", "taken", true},
		{"BY", "taken_by", false},
	};

	show_list(out, body, "alarms", columns, ARRAY_LEN(columns));
}

void show_alarm_taken(FILE *out, const json_t *body)
{
	fputs(str_eq(show_member(body, "state"), "TAKEN")
			? "The alarm is over: it is in your hands (đã nhận báo động).\n"
			: "This report is in your hands; others of the alarm are not (các tin khác của báo "
			  "động chưa có ai nhận).\n",
		out);
}

static void show_roster(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"DAY", "day", false},
		{"FROM", "from", false},
		{"TO", "to", false},
		{"RANK", "rank", false},
		{"OFFICER", "officer", false},
		{"INSTEAD OF", "instead_of", false},
	};

	show_list(out, body, "shifts", columns, ARRAY_LEN(columns));
}

const struct command duty_commands[] = {
	{"duty alarms", "", "alarms about dangers, newest first", 0, true, prepare_alarms,
		show_alarms},
	{"duty take", " NUMBER [NOTE]", "take an alarm on", COMMAND_MANY, false, prepare_take,
		show_alarm_taken},
	{"duty", "", "who is on duty now, and when nobody is", 0, false, prepare_duty, show_duty},
	{"roster check", " FILE", "what an import of this CSV file would do", 1, false,
		prepare_check, NULL},
	{"roster import", " FILE", "replace the roster by that of a CSV file", 1, false,
		prepare_import, NULL},
	{"roster export", " FILE", "save the roster as CSV; \"-\" prints it", 1, false,
		prepare_export, NULL},
	{"roster", "", "the shifts of the weekdays and of days to come", 0, false, prepare_roster,
		show_roster},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
