/* SPDX-License-Identifier: GPL-2.0-or-later */
/* binhyenctl file: the bytes of a file are the body, its name stands in the query. */
#include "daemon/ctl/ctl.h"

#include <curl/curl.h>
#include <string.h>

#define FILE_MAX_BYTES (5 * 1024 * 1024) /* the most that Zalo takes of any kind */

static enum exit_code add_name(struct ctl *ctl, const char *file)
{
	const char *slash = strrchr(file, '/');
	char *name = curl_easy_escape(NULL, slash ? slash + 1 : file, 0);
	size_t len = strlen(ctl->path);
	int used = name ? snprintf(ctl->path + len, sizeof(ctl->path) - len, "?name=%s", name) : -1;

	curl_free(name);
	if (used < 0 || (size_t)used >= sizeof(ctl->path) - len)
		return usage_error("the name of FILE is too long");
	return EXIT_DONE;
}

enum exit_code ctl_file_body(struct ctl *ctl, const char *file)
{
	enum exit_code code = add_name(ctl, file);

	if (code != EXIT_DONE)
		return code;
	buf_done(&ctl->body);
	buf_init(&ctl->body, FILE_MAX_BYTES);
	ctl->has_body = true;
	return input_file(file, &ctl->body);
}

enum exit_code prepare_file(struct ctl *ctl)
{
	enum exit_code code = ctl_report_path(ctl, "/files");

	return code == EXIT_DONE ? ctl_file_body(ctl, ctl->text) : code;
}
