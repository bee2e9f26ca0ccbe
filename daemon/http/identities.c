/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The identity behind a report, and who had one opened. The answer leaves after the commit, so
 * nobody reads a number before the trace of it is on the disk.
 */
#include "daemon/http/resources.h"

#include "daemon/desk/identity.h"

#include <string.h>

/* {"reason": "..."}, or {} while it is open. */
static enum err reason_of_body(const json_t *body, const char **ret_reason, struct errbuf *eb)
{
	const json_t *reason = json_object_get(body, "reason");

	if (json_object_size(body) != (reason ? 1u : 0u) || (reason && !json_is_string(reason)))
		return errbuf_set(eb, ERR_INVALID, "the body must be {\"reason\": \"...\"}");
	*ret_reason = reason ? json_string_value(reason) : "";
	return ERR_OK;
}

static void reply_identity(
	struct http_request *req, const struct report *report, struct identity *identity)
{
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:o, s:s, s:s, s:o}", "report", json_report_named(report), "kind",
			party_kind_text(identity->kind), "address", identity->address, "until",
			json_time(identity->until_ms)));
	explicit_bzero(identity, sizeof(*identity));
}

void report_identity_post(struct http_request *req)
{
	struct identity identity = {0};
	const char *reason = NULL;
	struct errbuf eb = {0};
	struct report report = {0};
	json_t *body = NULL;
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = http_body_object(req, &body, &eb);
	if (!err)
		err = reason_of_body(body, &reason, &eb);
	if (!err)
		err = identity_reveal(req->http->options.desk,
			&(struct identity_ask){
				.report_id = report.id, .reason = reason, .actor = req->actor},
			&identity, &eb);
	json_decref(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		reply_identity(req, &report, &identity);
}

static void row_add(
	void *arg, const struct reveal *reveal, const struct report *report, const char *reason)
{
	struct http_list *list = arg;

	http_list_add(list, reveal->id,
		json_pack("{s:o, s:o, s:s, s:o, s:o, s:o}", "id",
			json_id(list->req, READING_REVEAL, reveal->id), "report",
			json_report_named(report), "by", reveal->actor, "at",
			json_time(reveal->at_ms), "until", json_time(reveal->until_ms), "reason",
			reason ? json_text(reason) : json_null()));
}

void reveals_get(struct http_request *req)
{
	struct http_list list;

	if (http_list_masked(&list, req, "reveals", READING_REVEAL))
		http_list_end(&list, reading_reveals(req->http->options.desk, &list.reader,
					     &(struct reading_reveals){list.page.before,
						     list.page.limit, row_add, &list}));
}
