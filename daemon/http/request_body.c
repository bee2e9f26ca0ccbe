/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a handler reads of a request: its body and its query. */
#include "daemon/base/str.h"
#include "daemon/http/request.h"

#include <string.h>

enum err http_body_object(struct http_request *req, json_t **ret_object, struct errbuf *eb)
{
	json_error_t error;
	json_t *object;

	if (req->body.len == 0)
		return errbuf_set(eb, ERR_INVALID, "the body is empty, a JSON object is wanted");
	/* The parser's own message quotes the text, which may be a secret: only the place is told.
	 */
	object = json_loadb(buf_text(&req->body), req->body.len, JSON_REJECT_DUPLICATES, &error);
	if (!object)
		return errbuf_set(eb, ERR_INVALID,
			"the body is not valid JSON (line %d, column %d)", error.line,
			error.column);
	if (!json_is_object(object)) {
		json_decref(object);
		return errbuf_set(eb, ERR_INVALID, "the body must be a JSON object");
	}
	*ret_object = object;
	return ERR_OK;
}

enum err http_body_empty(struct http_request *req, struct errbuf *eb)
{
	json_t *body = NULL;
	enum err err = http_body_object(req, &body, eb);

	if (err)
		return err;
	if (json_object_size(body))
		err = errbuf_set(eb, ERR_INVALID, "the body must be {}");
	json_decref(body);
	return err;
}

void http_body_wipe(json_t *object)
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

const char *http_argument(struct http_request *req, const char *name)
{
	return MHD_lookup_connection_value(req->connection, MHD_GET_ARGUMENT_KIND, name);
}

enum err http_page_get(struct http_request *req, struct http_page *ret_page, struct errbuf *eb)
{
	const char *limit = http_argument(req, "limit");
	const char *before = http_argument(req, "before");
	int64_t rows = HTTP_PAGE_DEFAULT, id = 0;

	if (limit && str_to_int64(limit, 1, HTTP_PAGE_MAX, &rows) != ERR_OK)
		return errbuf_set(
			eb, ERR_INVALID, "limit must be a number from 1 to %d", HTTP_PAGE_MAX);
	if (before && str_to_int64(before, 1, INT64_MAX, &id) != ERR_OK)
		return errbuf_set(eb, ERR_INVALID, "before must be the id of a row");
	ret_page->limit = (int)rows;
	ret_page->before = id;
	return ERR_OK;
}
