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

static enum exit_code import_file(struct ctl *ctl, bool is_trial)
{
	struct api_answer answer = {0};
	enum exit_code code;

	ctl->is_over = true;
	snprintf(ctl->path, sizeof(ctl->path), "/api/v1/dossiers/import?dry_run=%s",
		is_trial ? "yes" : "no");
	code = input_table(ctl, IMPORT_BYTES_MAX);
	if (code == EXIT_DONE)
		code = ctl_request(ctl, &answer);
	if (code == EXIT_DONE)
		code = show_table_faults(answer.body);
	if (code == EXIT_DONE && ctl->wants_json)
		show_json(stdout, answer.body);
	else if (code == EXIT_DONE)
		printf("%s%lld added, %lld changed, %lld as before.\n",
			is_trial ? "Nothing was stored yet (chưa lưu). Would be: "
				 : "Stored (đã lưu): ",
			show_number(answer.body, "added"), show_number(answer.body, "changed"),
			show_number(answer.body, "same"));
	api_answer_done(&answer);
	return code;
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
