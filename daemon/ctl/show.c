/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/ctl/show.h"

#include "daemon/base/str.h"
#include "daemon/ctl/text.h"

#include <stdlib.h>
#include <string.h>

#define CELL_MAX    256		  /* bytes of a table's cell after escaping */
#define TEXT_MAX    (1024 * 1024) /* of an escaped text: a 64 KB body of control characters */
#define JSON_MAX    ((size_t)32 * 1024 * 1024)
#define COLUMNS_MAX 12

void show_text(FILE *out, const char *text)
{
	CLEAN_BUF safe;

	buf_init(&safe, TEXT_MAX);
	if (text_escape(text, false, &safe) != ERR_OK)
		fputs("(too long to show)", out);
	else
		fputs(buf_text(&safe), out);
}

void show_page(FILE *out, const char *text)
{
	for (const char *end; *text; text = *end ? end + 1 : end) {
		char *line;

		end = strchrnul(text, '\n');
		line = strndup(text, (size_t)(end - text));
		show_text(out, line ? line : "(out of memory: print it again)");
		fputc('\n', out);
		free(line);
	}
}

const char *show_member(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

long long show_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/* Tables. */

/* "2026-11-22T14:05:09+07:00" as "2026-11-22 14:05:09": every time of the API is Vietnamese. */
static void time_short(char *text)
{
	if (strlen(text) == 25 && text[10] == 'T') {
		text[10] = ' ';
		text[19] = 0;
	}
}

static void cell_text(const json_t *row, const struct show_column *column, char cell[CELL_MAX])
{
	const json_t *value = json_object_get(row, column->key);
	CLEAN_BUF safe;

	buf_init(&safe, CELL_MAX - 1);
	if (json_is_integer(value))
		snprintf(cell, CELL_MAX, "%lld", (long long)json_integer_value(value));
	else if (json_is_boolean(value))
		snprintf(cell, CELL_MAX, "%s", json_is_true(value) ? "yes" : "no");
	else if (json_is_string(value) && json_string_length(value) &&
		 text_escape(json_string_value(value), false, &safe) == ERR_OK)
		snprintf(cell, CELL_MAX, "%s", buf_text(&safe));
	else
		snprintf(cell, CELL_MAX, "%s", json_is_string(value) ? "" : "-");
	if (column->is_time)
		time_short(cell);
}

static void pad(FILE *out, const char *text, size_t width)
{
	fputs(text, out);
	for (size_t i = text_columns(text); i < width; i++)
		fputc(' ', out);
}

static void show_table(FILE *out, const json_t *list, const struct show_column *columns, size_t n)
{
	size_t width[COLUMNS_MAX];
	char cell[CELL_MAX];
	const json_t *row;
	size_t i;

	CHECK(n <= COLUMNS_MAX);
	for (size_t c = 0; c < n; c++) {
		width[c] = text_columns(columns[c].title);
		json_array_foreach (list, i, row) {
			cell_text(row, &columns[c], cell);
			if (text_columns(cell) > width[c])
				width[c] = text_columns(cell);
		}
	}
	for (size_t c = 0; c < n; c++)
		pad(out, columns[c].title, c + 1 < n ? width[c] + 2 : 0);
	fputc('\n', out);
	json_array_foreach (list, i, row) {
		for (size_t c = 0; c < n; c++) {
			cell_text(row, &columns[c], cell);
			pad(out, cell, c + 1 < n ? width[c] + 2 : 0);
		}
		fputc('\n', out);
	}
}

void show_list(
	FILE *out, const json_t *body, const char *key, const struct show_column *columns, size_t n)
{
	const json_t *list = json_object_get(body, key);
	const json_t *next = json_object_get(body, "next_before");

	if (json_array_size(list))
		show_table(out, list, columns, n);
	else if (!json_is_integer(next))
		fprintf(out, "Nothing here yet (chưa có gì).\n");
	if (json_is_integer(next))
		fprintf(out, "There may be older ones: --before %lld\n",
			(long long)json_integer_value(next));
}

void show_inbox(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"ID", "id", false},
		{"RECEIVED", "received", true},
		{"CHANNEL", "channel", false},
		{"KIND", "kind", false},
		{"STATE", "state", false},
		{"PART", "part", false},
		{"OF", "parts", false},
		{"REPORT", "report", false},
	};

	show_list(out, body, "inbox", columns, ARRAY_LEN(columns));
}

void show_outbox(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"ID", "id", false},
		{"CREATED", "created", true},
		{"CHANNEL", "channel", false},
		{"LANE", "lane", false},
		{"KIND", "kind", false},
		{"STATE", "state", false},
		{"FINAL", "is_final", false},
		{"TRIES", "attempts", false},
		{"SENT", "sent", true},
		{"ERROR", "error", false},
		{"REPORT", "report", false},
		{"WHY", "note", false},
	};

	show_list(out, body, "outbox", columns, ARRAY_LEN(columns));
}

void show_reports(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"REPORT", "report", false},
		{"CODE", "code", false},
		{"RECEIVED", "received", true},
		{"SOURCE", "source", false},
		{"STATE", "state", false},
		{"CATEGORY", "category", false},
		{"HAMLET", "hamlet", false},
		{"FROM", "from", false},
		{"ID", "id", false},
	};

	show_list(out, body, "reports", columns, ARRAY_LEN(columns));
}

/* One report. */

static void show_field(FILE *out, const char *name, const char *value)
{
	fprintf(out, "  %-10s ", name);
	show_text(out, value[0] ? value : "-");
	fputc('\n', out);
}

static void show_time_field(FILE *out, const char *name, const char *value)
{
	char text[CELL_MAX];

	snprintf(text, sizeof(text), "%s", value);
	time_short(text);
	show_field(out, name, text);
}

static const char *state_vi(const char *state)
{
	static const char *const names[][2] = {
		{"open", "chưa trả lời"},
		{"answered", "đã trả lời"},
		{"closed", "đã đóng"},
		{"QUEUED", "đang chờ gửi"},
		{"CLAIMED", "đang gửi"},
		{"SUBMITTED", "đang gửi"},
		{"SENT", "đã gửi"},
		{"IN_DOUBT", "chưa rõ đã gửi hay chưa"},
		{"DELIVERED", "người nhận đã nhận"},
		{"FAILED", "gửi không được"},
		{"EXPIRED", "quá hạn, chưa gửi"},
		{"CANCELLED", "đã hủy"},
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_eq(names[i][0], state))
			return names[i][1];
	}
	return "";
}

static const char *kind_title(const char *kind)
{
	if (str_eq(kind, "answer"))
		return "answer of the police (công an trả lời)";
	if (str_eq(kind, "amended"))
		return "more from the reporter (bổ sung)";
	return "report (người dân báo)";
}

/* Each line of the text on a line of its own, indented; nothing in it can leave its line. */
static void show_lines(FILE *out, const char *text)
{
	CLEAN_BUF safe;
	const char *line, *end;

	buf_init(&safe, TEXT_MAX);
	if (text_escape(text, true, &safe) != ERR_OK) {
		fprintf(out, "    (too long to show)\n");
		return;
	}
	for (line = buf_text(&safe); *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		fprintf(out, "    %.*s\n", (int)(end - line), line);
	}
}

static void show_entry(FILE *out, const json_t *entry)
{
	const char *state = show_member(entry, "outbox_state");
	char at[CELL_MAX];

	snprintf(at, sizeof(at), "%s", show_member(entry, "at"));
	time_short(at);
	fputs("  ", out);
	show_text(out, at);
	fprintf(out, "  %s", kind_title(show_member(entry, "kind")));
	if (state[0]) {
		fputs(", ", out);
		show_text(out, state);
		fprintf(out, " (%s)", state_vi(state));
	}
	fputs(":\n", out);
	show_lines(out, show_member(entry, "text"));
}

static void show_attachment(FILE *out, const json_t *item)
{
	const char *reason = show_member(item, "reason_vi");

	fprintf(out, "  %lld: ", show_number(item, "id"));
	show_text(out, show_member(item, "kind"));
	fputs(", ", out);
	show_text(out, show_member(item, "state"));
	if (show_member(item, "mime")[0]) {
		fputs(", ", out);
		show_text(out, show_member(item, "mime"));
		fprintf(out, ", %lld bytes", show_number(item, "bytes"));
	}
	if (show_member(item, "name")[0]) {
		fputs(", ", out);
		show_text(out, show_member(item, "name"));
	}
	if (reason[0]) {
		fputs(" (", out);
		show_text(out, reason);
		fputc(')', out);
	}
	fputc('\n', out);
}

/* Nothing without a marking. */
static void show_secrecy(FILE *out, const json_t *secrecy)
{
	if (!json_is_object(secrecy))
		return;
	if (json_is_string(json_object_get(secrecy, "offline"))) {
		show_time_field(out, "off-line", show_member(secrecy, "offline"));
		return;
	}
	if (!json_is_string(json_object_get(secrecy, "found")))
		return;
	fputs("  ! carries the marking (mang dấu) \"", out);
	show_text(out, show_member(secrecy, "marking"));
	fputs("\": if it is a state secret, binhyenctl report N print REASON, then offline\n", out);
}

void show_report(FILE *out, const json_t *body)
{
	const json_t *attachments = json_object_get(body, "attachments"), *item;
	const char *state = show_member(body, "state");
	const json_t *entry;
	size_t i;

	fprintf(out, "Report (tin báo) %lld/%lld, code ", show_number(body, "number"),
		show_number(body, "year"));
	show_text(out, show_member(body, "code"));
	fputs("\n  state      ", out);
	show_text(out, state);
	fprintf(out, " (%s)\n", state_vi(state));
	show_time_field(out, "received", show_member(body, "received"));
	show_field(out, "source", show_member(body, "source"));
	show_field(out, "from", show_member(body, "from"));
	show_rating(out, body);
	show_secrecy(out, json_object_get(body, "secrecy"));
	show_field(out, "hamlet", show_member(body, "hamlet"));
	show_ties(out, body);
	if (json_is_true(json_object_get(body, "is_incomplete")))
		fprintf(out, "  Parts of the message are missing (thiếu một phần tin).\n");
	fprintf(out, "Dialogue (nội dung):\n");
	json_array_foreach (json_object_get(body, "dialogue"), i, entry)
		show_entry(out, entry);
	if (json_array_size(attachments))
		fprintf(out,
			"Attachments (tệp gửi kèm), saved by binhyenctl attachment ID FILE:\n");
	json_array_foreach (attachments, i, item)
		show_attachment(out, item);
}

void show_answered(FILE *out, const json_t *body)
{
	if (show_number(body, "held"))
		fprintf(out,
			"The sender asked for silence: %lld answers wait for code and PIN (chờ tra bằng mã và PIN).\n",
			show_number(body, "held"));
	if (!show_number(body, "sent"))
		return;
	fputs("The answer to report ", out);
	show_text(out, show_member(body, "report"));
	fprintf(out, " is stored and will be sent (đã lưu, sẽ gửi): outbox %lld.\n",
		show_number(body, "outbox_id"));
}

void show_gaps(FILE *out, const json_t *body)
{
	const json_t *gaps = json_object_get(body, "gaps"), *gap;
	size_t i;

	if (!json_array_size(gaps))
		fprintf(out, "There are no gaps (không có khoảng trống).\n");
	json_array_foreach (gaps, i, gap) {
		bool is_seen = json_is_string(json_object_get(gap, "seen"));

		fprintf(out, "%lld: ", show_number(gap, "id"));
		show_text(out, show_member(gap, "list"));
		fputs(", from (từ) ", out);
		show_text(out, show_member(gap, "from"));
		fputs(" to (đến) ", out);
		show_text(out, show_member(gap, "to"));
		fputs(is_seen ? ", seen (đã xem)\n"
			      : ", look in the inbox of the OA (xem hộp thư OA)\n",
			out);
	}
}

void show_gap_seen(FILE *out, const json_t *body)
{
	fprintf(out, "Gap %lld is marked as seen (đã đánh dấu đã xem).\n", show_number(body, "id"));
}

void show_settled(FILE *out, const json_t *body)
{
	fputs("Message ", out);
	show_text(out, show_member(body, "id"));
	fputs(" is settled (đã xử lý).\n", out);
}

void show_token_saved(FILE *out, const json_t *body)
{
	(void)body;
	fprintf(out, "The Zalo token pair is stored (đã lưu mã truy cập Zalo).\n");
}

void show_json(FILE *out, const json_t *body)
{
	CLEANUP(cleanup_free) char *text = json_dumps(body, JSON_INDENT(2));
	CLEAN_BUF safe;

	buf_init(&safe, JSON_MAX);
	/* In JSON these characters stand only within strings, where \uXXXX means the same. */
	if (text && text_escape(text, true, &safe) == ERR_OK)
		fprintf(out, "%s\n", buf_text(&safe));
}

void show_refusal(FILE *out, const json_t *body, long http_status)
{
	const char *message = show_member(body, "message");

	if (!message[0]) {
		fprintf(out, "binhyenctl: binhyend answered with HTTP status %ld\n", http_status);
		return;
	}
	fputs("binhyenctl: ", out);
	show_text(out, message);
	fputs(" (", out);
	show_text(out, show_member(body, "error"));
	fputs(")\n            ", out);
	show_text(out, show_member(body, "message_vi"));
	fputc('\n', out);
}

enum exit_code show_table_faults(const json_t *body)
{
	const json_t *errors = json_object_get(body, "errors"), *error;
	long long all = show_number(body, "error_count");
	size_t i;

	json_array_foreach (errors, i, error) {
		fprintf(stderr, "row %lld", show_number(error, "row"));
		if (show_member(error, "column")[0]) {
			fputs(", ", stderr);
			show_text(stderr, show_member(error, "column"));
		}
		fputs(": ", stderr);
		show_text(stderr, show_member(error, "message"));
		if (show_member(error, "message_vi")[0]) {
			fputs(" (", stderr);
			show_text(stderr, show_member(error, "message_vi"));
			fputc(')', stderr);
		}
		fputc('\n', stderr);
	}
	if (!json_array_size(errors))
		return EXIT_DONE;
	if (all > (long long)json_array_size(errors))
		fprintf(stderr, "and %lld more\n", all - (long long)json_array_size(errors));
	fprintf(stderr,
		"binhyenctl: nothing was stored; mend these rows and try again (chưa lưu gì; "
		"hãy sửa các dòng trên rồi thử lại)\n");
	return EXIT_REFUSED;
}
