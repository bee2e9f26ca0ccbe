/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands about files at the one-stop office. */
#include "daemon/ctl/api.h"
#include "daemon/ctl/ctl.h"
#include "daemon/ctl/show.h"

#define IMPORT_BYTES_MAX (2 * 1024 * 1024) /* the API takes no more */

static enum exit_code prepare_dossiers(struct ctl *ctl)
{
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/dossiers");
	return EXIT_DONE;
}

static void show_dossiers(FILE *out, const json_t *body)
{
	const char *state;
	json_t *count;

	if (!show_member(body, "imported")[0]) {
		fputs("No list of the one-stop office yet (chưa có danh sách hồ sơ).\n", out);
		return;
	}
	fprintf(out, "list taken over (nhận danh sách): %s\n", show_member(body, "imported"));
	json_object_foreach (json_object_get(body, "states"), state, count)
		fprintf(out, "  %-9s %lld\n", state, (long long)json_integer_value(count));
}

static enum exit_code show_import(const struct ctl *ctl, const json_t *body, bool is_trial)
{
	if (ctl->wants_json)
		show_json(stdout, body);
	else
		printf("%s%lld added, %lld changed, %lld as before.\n",
			is_trial ? "Nothing was stored yet (chưa lưu). Would be: "
				 : "Stored (đã lưu): ",
			show_number(body, "added"), show_number(body, "changed"),
			show_number(body, "same"));
	return EXIT_DONE;
}

static enum exit_code import_file(struct ctl *ctl, bool is_trial)
{
	return input_import(
		ctl, "/api/v1/dossiers/import", IMPORT_BYTES_MAX, is_trial, show_import);
}

static enum exit_code prepare_check(struct ctl *ctl)
{
	return import_file(ctl, true);
}

static enum exit_code prepare_import(struct ctl *ctl)
{
	return import_file(ctl, false);
}

const struct command dossier_commands[] = {
	{"dossiers", "", "files at the one-stop office: how many of which state", 0, false,
		prepare_dossiers, show_dossiers},
	{"dossiers check", " FILE", "what an import of its CSV file would do", 1, false,
		prepare_check, NULL},
	{"dossiers import", " FILE", "take the office's list over from a CSV file", 1, false,
		prepare_import, NULL},
	{NULL, NULL, NULL, 0, false, NULL, NULL},
};
