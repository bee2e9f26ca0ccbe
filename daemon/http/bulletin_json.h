/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bulletins as the API shows and takes them. */
#ifndef BINHYEN_HTTP_BULLETIN_JSON_H
#define BINHYEN_HTTP_BULLETIN_JSON_H

#include "daemon/desk/bulletin.h"
#include "daemon/http/resources.h"

/* A row of a list; NULL and *ret_err on failure. */
json_t *json_bulletin_row(
	struct http_request *req, const struct bulletin *bulletin, enum err *ret_err);
/* All of it: its words, how they leave, what the screen found, who said what. */
json_t *json_bulletin(struct http_request *req, const struct bulletin *bulletin, enum err *ret_err);
/* The bulletin that the path names; otherwise the refusal is already in the answer. */
MUST_CHECK
enum err bulletin_of_path(struct http_request *req, struct bulletin *ret_bulletin);
/* A login name; null for nobody. */
json_t *json_officer(struct store *store, int64_t officer_id);

/* The members of a body; texts borrow from it, the audience is dumped into `audience`. */
MUST_CHECK
enum err bulletin_in_of(const json_t *body, struct desk_bulletin_in *ret_in, struct buf *audience,
	struct errbuf *eb);

#endif
