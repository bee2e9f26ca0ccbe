/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request to the daemon over its unix socket, by libcurl. */
#ifndef BINHYEN_CTL_API_H
#define BINHYEN_CTL_API_H

#include "daemon/base/buf.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct api_answer {
	long status;  /* HTTP */
	json_t *body; /* owned; NULL when it is not JSON */
};
void api_answer_done(struct api_answer *answer);

/* Where binhyend is, and who asks. */
struct api_door {
	const char *socket_path;
	const char *token; /* of a login; "" none */
};

/*
 * GET, or POST when `body` is given. An HTTP error is an answer (ERR_OK); an error is that there
 * was none, and `eb` says what to do: NOT_FOUND (no socket: not running), DENIED (permission),
 * UNREACHABLE (nobody listens), IN_DOUBT (a POST was sent but not answered), TIMEOUT, PROTOCOL.
 */
MUST_CHECK
enum err api_request(const struct api_door *door, const char *path, const struct buf *body,
	struct api_answer *ret_answer, struct errbuf *eb);
/* The same whose answer goes to `to` when the status is 200; ret_answer->body is then NULL. ERR_IO:
 * it can't be written. */
MUST_CHECK
enum err api_download(const struct api_door *door, const char *path, const struct buf *body,
	FILE *to, struct api_answer *ret_answer, struct errbuf *eb);

#endif
