/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about the log of events. */
#include "daemon/base/str.h"
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PAGE_ROWS 200

static enum exit_code prepare_audit(struct ctl *ctl)
{
	return prepare_list(ctl, "audit");
}

static enum exit_code prepare_head(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/audit/head");
	return EXIT_DONE;
}

static enum exit_code prepare_faults(struct ctl *ctl)
{
	return prepare_list(ctl, "audit/faults");
}

static enum exit_code prepare_fault_seen(struct ctl *ctl)
{
	int64_t id;

	if (str_to_int64(ctl->subject, 1, INT64_MAX, &id) != ERR_OK)
		return usage_error("ID is that of a fault, as binhyenctl audit faults shows it");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/audit/faults/%lld/seen", (long long)id);
	return ctl_body(ctl, json_object());
}

static enum exit_code prepare_verify(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/audit/verify");
	return ctl_body(ctl, json_object());
}

/* DAY, then the digits as they were written down, with or without blanks between the groups. */
static enum exit_code prepare_check(struct ctl *ctl)
{
	CLEAN_BUF head = {0};
	enum err err = ERR_OK;

	if (ctl->rest_count < 2)
		return usage_error("give DAY and HEAD: 22/11/2026 3F2A 91BC 77D0 1E5F");
	buf_init(&head, 256);
	for (int i = 1; err == ERR_OK && i < ctl->rest_count; i++)
		err = buf_adds(&head, ctl->rest[i]);
	if (err != ERR_OK)
		return usage_error("HEAD has 16 digits");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/audit/check");
	return ctl_body(ctl, json_pack("{s:s, s:s}", "day", ctl->rest[0], "head", buf_text(&head)));
}

/* One event a line, oldest first, page by page. *ret_last: where the next page begins. */
static enum exit_code export_page(struct ctl *ctl, FILE *to, long long *last, bool *ret_goes_on)
{
	struct api_answer answer = {0};
	const json_t *events, *event;
	enum exit_code code;
	size_t i;

	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/audit?limit=%d&after=%lld", PAGE_ROWS,
		*last);
	code = ctl_request(ctl, &answer);
	events = json_object_get(answer.body, "events");
	json_array_foreach (events, i, event) {
		CLEANUP(cleanup_free) char *line = json_dumps(event, JSON_COMPACT);

		if (code != EXIT_DONE || !line || fprintf(to, "%s\n", line) < 0)
			break;
		*last = show_number(event, "id");
	}
	*ret_goes_on = code == EXIT_DONE && json_array_size(events) == PAGE_ROWS;
	api_answer_done(&answer);
	return code;
}

static enum exit_code prepare_export(struct ctl *ctl)
{
	bool is_stdout = str_eq(ctl->subject, "-"), goes_on = true;
	enum exit_code code = EXIT_DONE;
	long long last = 0;
	FILE *to = stdout;
	int fd;

	if (!is_stdout) {
		fd = open(ctl->subject, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		to = fd < 0 ? NULL : fdopen(fd, "w");
	}
	if (!to) {
		fprintf(stderr, "binhyenctl: %s: %s\n", ctl->subject, strerror(errno));
		return EXIT_REFUSED;
	}
	while (code == EXIT_DONE && goes_on)
		code = export_page(ctl, to, &last, &goes_on);
	if (fflush(to) != 0 && code == EXIT_DONE) {
		fprintf(stderr, "binhyenctl: the file cannot be written: %s\n", strerror(errno));
		code = EXIT_REFUSED;
	}
	if (!is_stdout) {
		fclose(to);
		if (code != EXIT_DONE)
			unlink(ctl->subject);
	}
	ctl->is_over = true;
	return code;
}

static void show_events(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"ID", "id", false},
		{"AT", "at", true},
		{"KIND", "kind", false},
		{"SUBJECT", "subject", false},
		{"ACTOR", "actor", false},
	};

	show_list(out, body, "events", columns, ARRAY_LEN(columns));
}

static void show_head(FILE *out, const json_t *body)
{
	const json_t *day = json_object_get(body, "day"), *last = json_object_get(body, "last");

	if (json_is_object(day)) {
		fputs("Day (ngày) ", out);
		show_text(out, show_member(day, "day"));
		fprintf(out, ": event (mục) %lld, head (mã) ", show_number(day, "event"));
		show_text(out, show_member(day, "head"));
		fputc('\n', out);
	} else {
		fputs("No day is closed yet (chưa có ngày nào được chốt).\n", out);
	}
	fprintf(out, "Now (hiện tại): event (mục) %lld, head (mã) ", show_number(last, "event"));
	show_text(out, show_member(last, "head"));
	fputc('\n', out);
}

static void show_compared(FILE *out, const json_t *body)
{
	const char *answer = show_member(body, "answer");

	if (str_eq(answer, "same"))
		fputs("The log still has that head (nhật ký vẫn khớp).\n", out);
	else if (str_eq(answer, "other"))
		fputs("ANOTHER head: the log was changed since then, or the digits are misread "
		      "(KHÔNG KHỚP: nhật ký đã bị thay đổi, hoặc đọc nhầm mã).\n",
			out);
	else
		fputs("This log has no head of that day: it did not run then, its end was cut off, or "
		      "an older copy was put back (không có mã của ngày đó).\n",
			out);
}

static void show_verified(FILE *out, const json_t *body)
{
	if (str_eq(show_member(body, "state"), "good")) {
		fprintf(out, "The log is whole (nhật ký nguyên vẹn): %lld events.\n",
			show_number(body, "checked_events"));
		return;
	}
	fprintf(out, "The log is NOT whole, at event %lld: ", show_number(body, "fault_event"));
	show_text(out, show_member(body, "message"));
	fputs(" (", out);
	show_text(out, show_member(body, "message_vi"));
	fputs(").\n", out);
}

static void show_faults(FILE *out, const json_t *body)
{
	const json_t *faults = json_object_get(body, "faults"), *fault;
	size_t i;

	if (!json_array_size(faults))
		fputs("Nothing was found wrong (không có gì bất thường).\n", out);
	json_array_foreach (faults, i, fault) {
		fprintf(out, "%lld: event %lld, ", show_number(fault, "id"),
			show_number(fault, "event"));
		show_text(out, show_member(fault, "message"));
		fputs(" (", out);
		show_text(out, show_member(fault, "message_vi"));
		fputs("), found ", out);
		show_text(out, show_member(fault, "found"));
		fputs(json_is_string(json_object_get(fault, "seen")) ? ", seen (đã xem)\n" : "\n",
			out);
	}
}

static void show_fault_seen(FILE *out, const json_t *body)
{
	fprintf(out, "Fault %lld is marked as seen (đã đánh dấu đã xem).\n",
		show_number(body, "id"));
}

const struct command audit_commands[] = {
	{"audit verify", "", "check the whole log of events now", 0, false, prepare_verify,
		show_verified},
	{"audit head", "", "the last row of the last day, to print or to compare", 0, false,
		prepare_head, show_head},
	{"audit check", " DAY HEAD", "is the log what it was when somebody noted HEAD?",
		COMMAND_MANY, false, prepare_check, show_compared},
	{"audit export", " FILE", "save the whole log, one event a line; \"-\" prints it", 1, false,
		prepare_export, NULL},
	{"audit faults", "", "what was found wrong with the log", 0, true, prepare_faults,
		show_faults},
	{"audit fault ID seen", "", "somebody has looked after it", 0, false, prepare_fault_seen,
		show_fault_seen},
	{"audit", "", "the log of events, newest first", 0, true, prepare_audit, show_events},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
