/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places and Zalo groups for a person's eyes. */
#include "daemon/ctl/show.h"

#include "daemon/base/str.h"

void show_places(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"CODE", "code", false},
		{"KIND", "kind", false},
		{"NAME", "name", false},
		{"WITHIN", "parent", false},
		{"RESIDENTS", "residents", false},
		{"ON ZALO", "on_zalo", false},
	};

	show_list(out, body, "places", columns, ARRAY_LEN(columns));
}

void show_place(FILE *out, const json_t *body)
{
	fputs("Stored (đã lưu): ", out);
	show_text(out, show_member(body, "code"));
	fputs(", ", out);
	show_text(out, show_member(body, "name"));
	fputc('\n', out);
}

void show_groups(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"N", "id", false},
		{"PLACE", "place", false},
		{"NAME", "name", false},
		{"STATE", "state", false},
		{"MEMBERS", "members", false},
		{"MAX", "members_max", false},
		{"ASKING", "requests", false},
		{"STRANGERS", "strangers", false},
		{"MISSING", "missing", false},
		{"ENDS", "ends", true},
	};

	show_list(out, body, "groups", columns, ARRAY_LEN(columns));
}

void show_group_assets(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"ASSET", "asset", false},
		{"TYPE", "type", false},
		{"USED", "used", false},
		{"ENDS", "ends", true},
		{"RENEWED", "auto_renew", false},
		{"READ", "read", true},
	};

	show_list(out, body, "assets", columns, ARRAY_LEN(columns));
}

static void show_words(FILE *out, const char *title, const char *words)
{
	fprintf(out, "  %-12s ", title);
	show_text(out, words[0] ? words : "-");
	fputc('\n', out);
}

static void show_switch(FILE *out, const json_t *body, const char *name)
{
	const json_t *want = json_object_get(json_object_get(body, "wanted"), name);
	const json_t *is = json_object_get(json_object_get(body, "is"), name);

	fprintf(out, "  %-20s wanted %-4s is %s\n", name,
		json_is_null(want)   ? "any"
		: json_is_true(want) ? "on"
				     : "off",
		json_is_null(is)   ? "?"
		: json_is_true(is) ? "on"
				   : "off");
}

static void show_people(FILE *out, const json_t *body)
{
	const json_t *head = json_object_get(body, "head"), *deputy;
	const json_t *deputies = json_object_get(body, "deputies");
	size_t i;

	fprintf(out, "  %-12s ", "head");
	if (json_is_integer(head))
		fprintf(out, "thành viên #%lld\n", (long long)json_integer_value(head));
	else
		fputs("-\n", out);
	fprintf(out, "  %-12s", "deputies");
	json_array_foreach (deputies, i, deputy)
		fprintf(out, " #%lld", (long long)json_integer_value(deputy));
	fputs(i ? "\n" : " -\n", out);
}

void show_group(FILE *out, const json_t *body)
{
	static const char *const switches[] = {
		"lock_send_msg", "join_appr", "enable_msg_history", "enable_link_join"};
	const json_t *drift = json_object_get(body, "drift"), *word;
	size_t i;

	fprintf(out, "Group %lld: ", show_number(body, "id"));
	show_text(out, show_member(body, "name"));
	fprintf(out, ", %s\n", show_member(body, "state"));
	show_words(out, "place", show_member(body, "place"));
	show_words(out, "link", show_member(body, "link"));
	show_words(out, "asset", show_member(body, "asset"));
	show_words(out, "ends", show_member(body, "ends"));
	fprintf(out, "  %-12s %lld of %lld; %lld ask to join; %lld on no list; %lld missing\n",
		"members", show_number(body, "members"), show_number(body, "members_max"),
		show_number(body, "requests"), show_number(body, "strangers"),
		show_number(body, "missing"));
	show_people(out, body);
	for (i = 0; i < ARRAY_LEN(switches); i++)
		show_switch(out, body, switches[i]);
	fprintf(out, "  %-20s %s\n", "auto_accept",
		json_is_true(json_object_get(body, "auto_accept")) ? "on" : "off");
	if (json_array_size(drift)) {
		fputs("  CHANGED by somebody (bị thay đổi):", out);
		json_array_foreach (drift, i, word) {
			fputc(' ', out);
			show_text(out, json_string_value(word));
		}
		fputc('\n', out);
	}
	show_words(out, "read", show_member(body, "checked"));
}

void show_group_members(FILE *out, const json_t *body)
{
	static const struct show_column strangers[] = {
		{"MEMBER", "person", false}, {"SINCE", "since", true}};
	static const struct show_column missing[] = {
		{"RESIDENT", "resident", false}, {"ON ZALO", "on_zalo", false}};

	fprintf(out, "%lld members, compared with the list at ", show_number(body, "members"));
	show_text(out, show_member(body, "compared")[0] ? show_member(body, "compared") : "-");
	fprintf(out, "\n\nOn no list (không có trong danh sách): %lld\n",
		show_number(body, "stranger_count"));
	if (json_array_size(json_object_get(body, "strangers")))
		show_list(out, body, "strangers", strangers, ARRAY_LEN(strangers));
	fprintf(out, "\nMissing (chưa vào nhóm): %lld, and %lld who are not known on Zalo\n",
		show_number(body, "missing_count"), show_number(body, "unknown_count"));
	if (json_array_size(json_object_get(body, "missing")))
		show_list(out, body, "missing", missing, ARRAY_LEN(missing));
}

void show_group_requests(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"PERSON", "person", false},
		{"SINCE", "since", true},
		{"NAME", "name", false},
		{"ON LIST", "on_list", false},
		{"SAME NAME", "same_name_on_list", false},
		{"ANSWER", "answer", false},
	};

	show_list(out, body, "requests", columns, ARRAY_LEN(columns));
}

void show_group_acts(FILE *out, const json_t *body)
{
	static const struct show_column columns[] = {
		{"ID", "id", false},
		{"CREATED", "created", true},
		{"KIND", "kind", false},
		{"PERSON", "person", false},
		{"STATE", "state", false},
		{"TRIES", "attempts", false},
		{"ERROR", "error", false},
		{"ZALO", "code", false},
		{"BY", "actor", false},
	};

	show_list(out, body, "acts", columns, ARRAY_LEN(columns));
}

void show_group_stored(FILE *out, const json_t *body)
{
	fprintf(out,
		"Stored for group %lld (đã lưu); it is done when Zalo can be reached: binhyenctl "
		"group %lld acts\n",
		show_number(body, "group"), show_number(body, "group"));
}
