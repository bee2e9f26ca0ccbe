/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Officers and sessions for a person's eyes. */
#include "daemon/ctl/show.h"

#include "daemon/base/str.h"

#include <string.h>

void show_officers(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"LOGIN", "login", false},
		{"ROLE", "role", false},
		{"STATE", "state", false},
		{"READY", "is_ready", false},
		{"ABOVE HIM", "superior", false},
		{"PHONE", "has_phone", false},
		{"LAST LOGIN", "last_login", true},
		{"NAME", "name", false},
	};

	show_list(out, body, "officers", columns, ARRAY_LEN(columns));
}

static void show_line(FILE *out, const char *title, const char *text)
{
	fprintf(out, "  %-12s ", title);
	show_text(out, text[0] ? text : "-");
	fputc('\n', out);
}

void show_officer(FILE *out, const json_t *body)
{
	const json_t *places = json_object_get(body, "places"), *place;
	size_t i;

	show_text(out, show_member(body, "name"));
	fputc('\n', out);
	show_line(out, "login", show_member(body, "login"));
	show_line(out, "role", show_member(body, "role"));
	show_line(out, "state", show_member(body, "state"));
	show_line(out, "above him", show_member(body, "superior"));
	show_line(out, "last login", show_member(body, "last_login"));
	show_line(
		out, "can log in", json_is_true(json_object_get(body, "is_ready")) ? "yes" : "no");
	show_line(out, "phone", json_is_true(json_object_get(body, "has_phone")) ? "known" : "-");
	fprintf(out, "  %-12s", "places");
	json_array_foreach (places, i, place) {
		fputc(' ', out);
		show_text(out, json_string_value(place));
	}
	fputs(i ? "\n" : " -\n", out);
}

/* "ABCD-EFGH-JKMN" */
static void show_code(FILE *out, const json_t *body)
{
	const char *code = show_member(body, "code");
	size_t len = strlen(code);

	for (size_t i = 0; i < len; i++)
		fprintf(out, "%s%c", i && i % 4 == 0 ? "-" : "", code[i]);
}

void show_officer_code(FILE *out, const json_t *body)
{
	const json_t *officer = json_object_get(body, "officer");

	fputs("One-time code of (mã dùng một lần của) ", out);
	show_text(out, show_member(officer, "login"));
	fputs(": ", out);
	show_code(out, body);
	fprintf(out,
		"\nIt is shown this once and is good for %lld hours: he runs binhyenctl enrol (mã chỉ "
		"hiện một lần, dùng trong %lld giờ).\n",
		show_number(body, "left_s") / 3600, show_number(body, "left_s") / 3600);
}

void show_setup_code(FILE *out, const json_t *body)
{
	fputs("Setup code (mã khởi tạo): ", out);
	show_code(out, body);
	fprintf(out, "\nGood once, for %lld minutes: binhyenctl setup\n",
		show_number(body, "left_s") / 60);
}

void show_me(FILE *out, const json_t *body)
{
	const json_t *session = json_object_get(body, "session");

	show_officer(out, json_object_get(body, "officer"));
	fprintf(out, "  %-12s %lld, ends in %lld minutes without use\n", "session",
		show_number(session, "id"), show_number(session, "left_s") / 60);
}

void show_sessions(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"ID", "id", false},
		{"FROM", "peer", false},
		{"BY", "by", false},
		{"THIS ONE", "is_own", false},
		{"AGE S", "age_s", false},
		{"IDLE S", "idle_s", false},
		{"LEFT S", "left_s", false},
	};

	show_list(out, body, "sessions", columns, ARRAY_LEN(columns));
}

void show_state(FILE *out, const json_t *body)
{
	show_text(out, show_member(body, "state"));
	fputc('\n', out);
}

void show_escrow(FILE *out, const char *words)
{
	fputs("\nWrite these words down NOW, on paper, for the safe of the commune. They are never "
	      "shown again.\nWhoever has them can have every report opened. (Ghi NGAY các từ này "
	      "ra giấy, cất vào két. Máy không\nhiện lại lần nào nữa; ai có chúng thì mở được mọi "
	      "tin báo.)\n\n    ",
		out);
	show_text(out, words);
	fputs("\n\nThen try them from the paper (rồi nhập thử từ tờ giấy): binhyenctl escrow check\n\n",
		out);
}

void show_logged_in(FILE *out, const json_t *body)
{
	const json_t *officer = json_object_get(body, "officer");

	fputs("Logged in as (đã đăng nhập): ", out);
	show_text(out, show_member(officer, "login"));
	fputs(", ", out);
	show_text(out, show_member(officer, "role"));
	fputc('\n', out);
	if (json_object_get(body, "escrow"))
		show_escrow(out, show_member(body, "escrow"));
}
