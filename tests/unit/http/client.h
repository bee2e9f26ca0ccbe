/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A client by hand, driven by the same thread as the loop, so that a test says in which order
 * things happen. */
#ifndef BINHYEN_TESTS_HTTP_CLIENT_H
#define BINHYEN_TESTS_HTTP_CLIENT_H

#include "daemon/base/buf.h"
#include "tests/unit/http/fixture.h"

struct client {
	struct api *api;
	int fd;
	bool is_ended; /* the server closed */
	struct buf in; /* received and not yet taken by client_read */
};

struct reply {
	int status;
	struct buf head; /* status line and headers */
	struct buf body;
};

void client_open(struct client *client, struct api *api);
void client_close(struct client *client);
void client_send(struct client *client, const char *text);
/* All of it, turning the loop whenever the socket is full; false when the server closed. */
bool client_send_all(struct client *client, const void *data, size_t len);
/* Turns the loop n times and takes what came; how many bytes wait to be read. */
size_t client_turns(struct client *client, int n);
/* The next whole reply; false when the server closed before or none came in a bounded time. */
bool client_read(struct client *client, bool is_head, struct reply *ret_reply);
void reply_done(struct reply *reply);

/* A whole exchange over a connection of its own: GET with body NULL, else POST. */
void api_ask(struct api *api, const char *method, const char *path, const char *body,
	struct reply *ret_reply);
/* The same, as JSON; asserts the status. */
json_t *api_json(struct api *api, const char *path, int status);
json_t *api_post(struct api *api, const char *path, const char *body, int status);
/* Asserts an error answer of that name. */
void api_refused(struct api *api, const char *method, const char *path, const char *body,
	int status, const char *error);

#endif
