/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The copies of the database: which there are, and making one. */
#include "daemon/http/resources.h"

#include "daemon/http/rights.h"

#define COARSE_BYTES (64 * 1024 * 1024)

/* A report that is kept from an officer makes the database longer, and its pictures are files: who
 * made a copy before and after could tell. Who looks after the machine reads no reports. */
static void blur(const struct http_request *req, json_t *answer)
{
	json_t *row;
	size_t i;

	if (req->caller.who & (WHO(IT) | WHO_BOX))
		return;
	json_object_del(answer, "media_files");
	json_array_foreach (json_object_get(answer, "backups"), i, row) {
		json_int_t steps = json_integer_value(json_object_get(row, "bytes")) / COARSE_BYTES;

		json_object_set_new(row, "bytes", json_integer((steps + 1) * COARSE_BYTES));
	}
}

void backups_get(struct http_request *req)
{
	const struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	enum err err = ERR_OK;
	json_t *answer;

	if (!options->backups) {
		http_reply_err(req,
			errbuf_set(&eb, ERR_STATE, "this desk was started without backups"), &eb);
		return;
	}
	answer = options->backups(options->arg, &err);
	if (!answer) {
		http_reply_err(req, err ? err : ERR_NOMEM, NULL);
		return;
	}
	blur(req, answer);
	http_reply_json(req, MHD_HTTP_OK, answer);
}

void backups_post(struct http_request *req)
{
	const struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	enum err err = http_body_empty(req, &eb);

	if (!err && !options->backup_make)
		err = errbuf_set(&eb, ERR_STATE, "this desk was started without backups");
	else if (!err)
		err = options->backup_make(options->arg, req->actor, &eb);
	if (err == ERR_BUSY)
		http_reply_status(req, MHD_HTTP_CONFLICT, err, &eb);
	else if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_ACCEPTED, json_pack("{s:b}", "started", 1));
}
