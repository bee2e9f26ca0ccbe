/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about places and the lists of who belongs to them. */
#include "daemon/base/str.h"
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#include <string.h>

static enum exit_code prepare_places(struct ctl *ctl)
{
	return prepare_list(ctl, "places");
}

static enum exit_code prepare_place(struct ctl *ctl)
{
	if (ctl->rest_count < 3 || ctl->rest_count > 4)
		return usage_error("a place is given as CODE KIND NAME [PARENT]");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/places");
	return ctl_body(ctl,
		json_pack("{s:s, s:s, s:s, s:s}", "code", ctl->rest[0], "kind", ctl->rest[1],
			"name", ctl->rest[2], "parent", ctl->rest_count == 4 ? ctl->rest[3] : ""));
}

/* The path of the place that `subject` names. */
static enum exit_code close_path(struct ctl *ctl)
{
	size_t len = strlen(ctl->subject);

	if (!len || len > 31 ||
		strspn(ctl->subject, "abcdefghijklmnopqrstuvwxyz0123456789-") != len)
		return usage_error("CODE is that of a place: a-z, 0-9 and -");
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/places/%s/close", ctl->subject);
	return EXIT_DONE;
}

static enum exit_code prepare_place_close(struct ctl *ctl)
{
	enum exit_code code = close_path(ctl);

	if (ctl->rest_count > 2)
		return usage_error("a place is closed with REASON [INTO]");
	if (code != EXIT_DONE)
		return code;
	return ctl_body(ctl, json_pack("{s:s, s:s}", "reason", ctl->rest[0], "into",
				     ctl->rest_count == 2 ? ctl->rest[1] : ""));
}

static void show_place_closed(FILE *out, const json_t *body)
{
	show_text(out, show_member(json_object_get(body, "place"), "code"));
	fputs(" is closed (đã đóng)", out);
	if (show_member(body, "into")[0]) {
		fputs("; moved to ", out);
		show_text(out, show_member(body, "into"));
		fprintf(out, ": %lld residents, %lld open reports, %lld officers, %lld places",
			show_number(body, "residents"), show_number(body, "reports"),
			show_number(body, "officers"), show_number(body, "places"));
	}
	fputs(".\n", out);
}

/* ---- residents -------------------------------------------------------------------------------
 */

#define IMPORT_BYTES_MAX (4 * 1024 * 1024) /* the API takes no more */

static enum exit_code show_sums(const struct ctl *ctl, const json_t *body, bool is_trial)
{
	if (ctl->wants_json) {
		show_json(stdout, body);
		return EXIT_DONE;
	}
	printf("%s%lld added, %lld changed, %lld removed, %lld as before.\n",
		is_trial ? "Nothing was stored yet (chưa lưu). Would be: " : "Stored (đã lưu): ",
		show_number(body, "added"), show_number(body, "changed"),
		show_number(body, "removed"), show_number(body, "same"));
	if (show_number(body, "listed"))
		printf("%lld times somebody is on a saved list.\n", show_number(body, "listed"));
	if (show_number(body, "mended"))
		printf("%lld numbers had lost their leading 0, or were of eleven digits, and are "
		       "mended.\n",
			show_number(body, "mended"));
	return EXIT_DONE;
}

/* The table goes as it is: the box reads it, and takes all of it or nothing. */
static enum exit_code import_file(struct ctl *ctl, bool is_trial)
{
	return input_import(ctl, "/api/v1/residents/import", IMPORT_BYTES_MAX, is_trial, show_sums);
}

static enum exit_code prepare_residents_check(struct ctl *ctl)
{
	return import_file(ctl, true);
}

static enum exit_code prepare_residents_import(struct ctl *ctl)
{
	return import_file(ctl, false);
}

const struct command place_commands[] = {
	{"places", "", "hamlets, committees, agencies, schools, enterprises", 0, true,
		prepare_places, show_places},
	{"place", " CODE KIND NAME [PARENT]", "add or change one", COMMAND_MANY, false,
		prepare_place, show_place},
	{"place CODE close", " REASON [INTO]", "it is gone, or merged into place INTO",
		COMMAND_MANY, false, prepare_place_close, show_place_closed},
	{"residents check", " FILE", "what an import of this CSV file would do", 1, false,
		prepare_residents_check, NULL},
	{"residents import", " FILE", "take a list of residents over from a CSV file", 1, false,
		prepare_residents_import, NULL},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
