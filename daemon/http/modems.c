/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a person does to one modem. */
#include "daemon/http/resources.h"

/* The body says nothing yet: an object without members. */
static enum err body_is_empty(struct http_request *req, struct errbuf *eb)
{
	json_t *body;
	enum err err = http_body_object(req, &body, eb);

	if (err != ERR_OK)
		return err;
	if (json_object_size(body) != 0)
		err = errbuf_set(eb, ERR_INVALID, "the body must be {}");
	json_decref(body);
	return err;
}

void modem_accept_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	enum err err = body_is_empty(req, &eb);

	if (err == ERR_OK) {
		if (options->modem_accept)
			err = options->modem_accept(options->arg, req->param, req->actor, &eb);
		else
			err = errbuf_set(&eb, ERR_NOT_FOUND, "no modem is configured");
	}
	if (err != ERR_OK) {
		http_reply_err(req, err, &eb);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:s, s:s}", "modem", req->param, "state", "accepted"));
}
