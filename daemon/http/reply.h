/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What request.c asks of an answer; handlers have http_reply_*() of request.h. */
#ifndef BINHYEN_HTTP_REPLY_H
#define BINHYEN_HTTP_REPLY_H

#include "daemon/http/request.h"

#define REPLY_JSON "application/json"

/* 503: the commit, or what leads to it, failed with `err`, and nothing was written. */
void reply_not_stored(struct http_request *req, enum err err);
/* Hands the answer to libmicrohttpd and logs the request. */
enum MHD_Result reply_queue(struct http_request *req);
/* Frees and wipes the answer, once it has left or will never leave. */
void reply_free(struct http_request *req);

#endif
