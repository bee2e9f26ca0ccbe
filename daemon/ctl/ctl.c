/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What commands share: paths, bodies and requests. */
#include "daemon/ctl/ctl.h"

#include "daemon/base/str.h"
#include "daemon/ctl/api.h"
#include "daemon/ctl/show.h"

#include <string.h>

enum exit_code prepare_list(struct ctl *ctl, const char *name)
{
	int64_t limit = 50, before = 0;

	if (ctl->limit && str_to_int64(ctl->limit, 1, 200, &limit) != ERR_OK)
		return usage_error("--limit takes a number from 1 to 200");
	if (ctl->before && str_to_int64(ctl->before, 1, INT64_MAX, &before) != ERR_OK)
		return usage_error("--before takes the id of a row");
	if (before)
		snprintf(ctl->path, sizeof(ctl->path), "/api/v1/%s?limit=%lld&before=%lld", name,
			(long long)limit, (long long)before);
	else
		snprintf(ctl->path, sizeof(ctl->path), "/api/v1/%s?limit=%lld", name,
			(long long)limit);
	return EXIT_DONE;
}

#define REPORT_HELP "N is a report's number: 12, 12/2026 or 2026-12"

/* "12", "2026-12", or as it stands in the register, "12/2026". */
enum exit_code ctl_report_path(struct ctl *ctl, const char *suffix)
{
	char name[32], *number = name, *sign;
	int64_t year = 0, n;

	if (str_copy(name, sizeof(name), ctl->subject) != ERR_OK)
		return usage_error(REPORT_HELP);
	sign = strpbrk(name, "/-");
	if (sign) {
		bool is_slash = *sign == '/';

		*sign = 0;
		number = is_slash ? name : sign + 1;
		if (str_to_int64(is_slash ? sign + 1 : name, 1000, 9999, &year) != ERR_OK)
			return usage_error(REPORT_HELP);
	}
	/* R and C: the books of reports about officers. */
	if (str_to_int64(number + (number[0] == 'R' || number[0] == 'C'), 1, INT32_MAX, &n) !=
		ERR_OK)
		return usage_error(REPORT_HELP);
	if (year)
		snprintf(ctl->path, sizeof(ctl->path), "/api/v1/reports/%lld-%s%s", (long long)year,
			number, suffix);
	else
		snprintf(ctl->path, sizeof(ctl->path), "/api/v1/reports/%s%s", number, suffix);
	return EXIT_DONE;
}

enum exit_code ctl_body(struct ctl *ctl, json_t *body)
{
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	enum err err = text ? buf_adds(&ctl->body, text) : ERR_NOMEM;

	json_decref(body);
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	ctl->has_body = true;
	return err ? usage_error("what was given is too long, or no UTF-8") : EXIT_DONE;
}

enum exit_code ctl_not_reached(const struct errbuf *eb)
{
	fprintf(stderr, "binhyenctl: ");
	show_text(stderr, eb->text);
	fputc('\n', stderr);
	return EXIT_NOT_REACHED;
}

enum exit_code ctl_request(struct ctl *ctl, struct api_answer *ret_answer)
{
	struct errbuf eb = {0};
	enum exit_code code = EXIT_DONE;

	if (api_request(&(struct api_door){ctl->socket_path, ctl->token}, ctl->path,
		    ctl->has_body ? &ctl->body : NULL, ret_answer, &eb) != ERR_OK)
		return ctl_not_reached(&eb);
	if (ret_answer->status / 100 != 2) {
		if (ctl->wants_json && ret_answer->body)
			show_json(stdout, ret_answer->body);
		show_refusal(stderr, ret_answer->body, ret_answer->status);
		code = ret_answer->status == 404 ? EXIT_NOT_FOUND : EXIT_REFUSED;
	} else if (!ret_answer->body) {
		fprintf(stderr, "binhyenctl: the answer is not JSON; is that binhyend's socket?\n");
		code = EXIT_NOT_REACHED;
	}
	return code;
}

enum exit_code ctl_post(
	struct ctl *ctl, const char *path, json_t *body, struct api_answer *ret_answer)
{
	enum exit_code code;

	buf_wipe(&ctl->body);
	buf_init(&ctl->body, STDIN_MAX);
	snprintf(ctl->path, sizeof(ctl->path), "%s", path);
	code = ctl_body(ctl, body);
	return code == EXIT_DONE ? ctl_request(ctl, ret_answer) : code;
}

enum exit_code ctl_words(struct ctl *ctl, int first, struct buf *out, const char *complaint)
{
	enum err err = ERR_OK;

	for (int i = first; err == ERR_OK && i < ctl->rest_count; i++)
		err = buf_addf(out, "%s%s", i > first ? " " : "", ctl->rest[i]);
	return err == ERR_OK && str_is_utf8(buf_text(out), out->len) ? EXIT_DONE
								     : usage_error(complaint);
}
