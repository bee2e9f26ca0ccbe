/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Zalo brings by itself: the very bytes are signed, so they are handed on as they came. */
#include "daemon/http/resources.h"

#define SIGNATURE_HEADER "X-ZEvent-Signature"

void zalo_webhook_post(struct http_request *req)
{
	const struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	enum err err = ERR_UNSUPPORTED;

	if (options->zalo_webhook)
		err = options->zalo_webhook(options->arg, buf_text(&req->body), req->body.len,
			MHD_lookup_connection_value(
				req->connection, MHD_HEADER_KIND, SIGNATURE_HEADER),
			&eb);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_empty(req, MHD_HTTP_OK);
}
