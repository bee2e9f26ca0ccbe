/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is the daemon able to do its work at all: can it read its database, has it room to write? And by
 * what certificate a browser knows that it talks to this box.
 */
#include "daemon/http/resources.h"

#include "daemon/http/tls.h"

/* Below this a commit is about to fail: the WAL alone grows to 4 MB between checkpoints. */
#define HEALTH_FREE_BYTES (INT64_C(8) * 1024 * 1024)

void health_get(struct http_request *req)
{
	struct store *store = req->http->options.store;
	struct store_sizes sizes;
	int64_t count;
	enum err err;

	err = quarantine_count(store, &count);
	if (err == ERR_OK)
		err = store_sizes(store, &sizes);
	if (err == ERR_OK && sizes.free_bytes < HEALTH_FREE_BYTES)
		err = ERR_DISK_FULL;
	if (err != ERR_OK) {
		http_reply_status(req, MHD_HTTP_SERVICE_UNAVAILABLE, err, NULL);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK, json_pack("{s:s}", "status", "ok"));
}

void certificate_get(struct http_request *req)
{
	const struct tls *tls = req->http->options.tls;

	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:o}", "certificate", tls ? tls_json(tls) : json_null()));
}
