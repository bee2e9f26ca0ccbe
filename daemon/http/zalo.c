/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The token pair that a person fetched from Zalo's consent page. It is never shown again. */
#include "daemon/http/resources.h"

#include <string.h>

/* jansson frees without wiping; what passed through it were credentials. */
static void object_wipe(json_t *object)
{
	const char *key;
	json_t *value;

	json_object_foreach (object, key, value) {
		if (json_is_string(value))
			explicit_bzero((void *)(uintptr_t)json_string_value(value),
				json_string_length(value));
	}
	json_decref(object);
}

void zalo_token_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	json_t *token;
	enum err err;

	err = http_body_object(req, &token, &eb);
	if (err == ERR_OK) {
		if (options->zalo_set_token)
			err = options->zalo_set_token(options->arg, token, &eb);
		else
			err = errbuf_set(&eb, ERR_STATE, "Zalo is not configured");
		object_wipe(token);
	}
	if (err != ERR_OK) {
		http_reply_err(req, err, &eb);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK, json_pack("{s:s}", "state", "saved"));
}
