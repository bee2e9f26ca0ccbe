/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this folder share of struct http. */
#ifndef BINHYEN_HTTP_HTTP_PRIVATE_H
#define BINHYEN_HTTP_HTTP_PRIVATE_H

#include "daemon/http/http.h"
#include "daemon/http/router.h"

#include <sys/types.h>

struct MHD_Connection;
struct MHD_Daemon;
struct lan_connection;
struct lan_loop;
struct slices;
struct stream;
struct tls;
struct http_request;

struct http_listener {
	int fd;
	char path[108];
	dev_t dev; /* the socket file that is ours to remove */
	ino_t ino;
};

struct http {
	struct http_options options; /* socket_path is listener.path */
	enum http_door door;
	bool is_lan; /* TLS on the office's network: lan.h */
	struct lan_connection *lan_first;
	struct lan_loop *lan_loop; /* owned */
	uv_timer_t sweep;	   /* of lan_sweep */
	struct http_listener listener;
	struct MHD_Daemon *daemon; /* NULL: no socket configured */
	uv_poll_t poll;		   /* of the daemon's epoll descriptor */
	uv_timer_t timer;	   /* of its next time-out */
	int open_handles;
	unsigned connections;	      /* after the last run */
	struct http_request *waiting; /* for their commit */
	struct slices *slices;	      /* answers in the making: slices.h */
	struct stream *streams;	      /* stream.h */
	uv_timer_t *stream_timer;     /* while there are some */
	int64_t beat_ms;	      /* monotonic; of their last heartbeat */
	uint64_t status_sum;	      /* of what the last look saw in the status; 0 never */
	void (*close_cb)(void *arg);
	void *close_arg;
};

/* One of open_handles is no more. */
void http_handle_closed(struct http *http);

/* The daemon has something to do that its descriptor does not show (a resumed request). */
void http_kick(struct http *http);

/* lan.c: the certificate of the door that the connection came through; NULL: it has none. */
struct tls *http_tls_of(struct MHD_Connection *connection);

/* Binds and listens with mode 0660. ERR_BUSY: another daemon answers there; ERR_EXISTS: something
 * that is no socket is in the way; ERR_TOO_BIG: the path does not fit a socket address. */
MUST_CHECK
enum err http_listener_open(
	const char *path, struct http_listener *ret_listener, struct errbuf *eb);
/* The same on TCP, for an address of loopback; the listener has no file then. */
MUST_CHECK
enum err http_listener_open_tcp(
	const char *address, int port, struct http_listener *ret_listener, struct errbuf *eb);
/* The same for "address:port" or "[address]:port", of any address of this machine. */
MUST_CHECK
enum err http_listener_open_lan(
	const char *where, struct http_listener *ret_listener, struct errbuf *eb);
/* Removes the file unless another daemon has put its own there. The descriptor stays open: it
 * belongs to libmicrohttpd once that has started. */
void http_listener_unlink(const struct http_listener *listener);

#endif
