/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file for a reporter: the body is the file itself, the query says its name. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "gateway/sms_text.h"
#include "store/enclosure.h"
#include "store/outbox.h"

#include <string.h>

static enum err file_name(struct http_request *req, struct buf *out, struct errbuf *eb)
{
	const char *name = http_argument(req, "name");

	if (!name || !str_is_utf8(name, strlen(name)) || sms_text_normalize(name, out))
		return errbuf_set(eb, ERR_INVALID,
			"the query has to name the file, in UTF-8: files?name=giay-hen.pdf");
	return ERR_OK;
}

void report_file_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	struct report report = {0};
	int64_t outbox_id = 0;
	CLEAN_BUF name = {0};
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	buf_init(&name, 4 * ENCLOSURE_NAME_MAX);
	err = file_name(req, &name, &eb);
	if (err == ERR_OK)
		err = desk_report_file(options->desk, report.id,
			&(struct desk_file){.name = buf_text(&name),
				.data = req->body.data,
				.bytes = req->body.len},
			req->actor, &outbox_id, &eb);
	if (err != ERR_OK) {
		http_reply_err(req, err, &eb);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:o, s:I, s:s}", "report", json_report_named(&report), "outbox_id",
			(json_int_t)outbox_id, "state", outbox_state_text(OUTBOX_QUEUED)));
}
