/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one thread of sim-zalo: a select() loop over two faces, each a listener of ours and a
 * libmicrohttpd daemon that is handed the accepted sockets. Accepting ourselves is what makes an
 * outage real: the API face can refuse, reset or swallow connections while the control face lives.
 */
#ifndef BINHYEN_SIM_ZALO_SERVER_H
#define BINHYEN_SIM_ZALO_SERVER_H

#include "daemon/base/buf.h"
#include "tests/sim/zalo/call.h"
#include "tests/sim/zalo/fault.h"
#include "tests/sim/zalo/media.h"
#include "tests/sim/zalo/webhook.h"
#include "tests/sim/zalo/world.h"

#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>

#define SERVER_SOCKETS_MAX  512 /* below FD_SETSIZE with room for the rest */
#define SERVER_COUNTERS_MAX 64	/* paths told apart; the others count together */

enum server_mode {
	SERVER_UP,
	SERVER_REFUSE,	 /* nobody listens: connection refused */
	SERVER_RESET,	 /* accepted and reset at once */
	SERVER_BLACKHOLE /* accepted, read, never answered, never carried out */
};

struct server;
struct request;

struct face {
	struct server *server;
	struct MHD_Daemon *daemon;
	int reserve; /* bound without listening: keeps the port ours while refused */
	int listener;
	uint16_t port;
	bool is_control;
	int sockets[SERVER_SOCKETS_MAX]; /* alive, owned by the daemon */
	size_t socket_count;
};

struct server_counter {
	char path[FAULT_PATH_BYTES];
	int64_t requests;
	int64_t acted;
	int64_t errors;
};

struct server {
	struct world *world; /* borrowed */
	FILE *log;	     /* borrowed, NULL = none */
	enum server_mode mode;
	struct face api;
	struct face control;
	struct fault_list faults;
	struct media_shelf media;
	struct webhook *webhook; /* owned */
	struct server_counter counters[SERVER_COUNTERS_MAX];
	size_t counter_count;
	int swallowed[SERVER_SOCKETS_MAX]; /* accepted in a black hole: never read */
	size_t swallowed_count;
	struct request *requests; /* suspended ones: delayed, held or waiting */
	bool has_resumed;	  /* the daemons must be run again before the loop sleeps */
	int in_flight;		  /* API requests begun and not yet ended */
	int in_flight_max;
	int lifeline; /* end of file here ends the server; -1 = none */
};

MUST_CHECK
enum err server_open(
	struct server *server, uint16_t api_port, uint16_t control_port, struct errbuf *eb);
/* Returns when *stop is set by a signal, which must be blocked outside of `unblocked`, or when the
 * lifeline ends. */
MUST_CHECK
enum err server_run(struct server *server, const volatile int *stop, const sigset_t *unblocked,
	struct errbuf *eb);
void server_close(struct server *server);

MUST_CHECK
enum err server_set_mode(struct server *server, enum server_mode mode, struct errbuf *eb);
const char *server_mode_name(enum server_mode mode);
struct server_counter *server_counter(struct server *server, const char *path);
/* Sends RST at once; the descriptor is still to be closed by its owner. */
void server_reset_socket(int fd);

/* request.c: life of one request within libmicrohttpd. */
enum MHD_Result request_handle(void *arg, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *body, size_t *body_len,
	void **request);
void request_completed(void *arg, struct MHD_Connection *connection, void **request,
	enum MHD_RequestTerminationCode why);
/* Goes on with the suspended ones whose time or event has come. */
void request_run_suspended(struct server *server, int64_t now_mono_ms);
/* Milliseconds until the next is due, -1 = none. */
int64_t request_next_ms(const struct server *server, int64_t now_mono_ms);
/* Ends suspended ones without an answer: those of a black hole, of the API, or all. */
enum request_scope { REQUEST_HELD, REQUEST_API, REQUEST_ALL };
void request_abandon(struct server *server, enum request_scope scope);

/* control.c: false = nothing to answer yet, ask again after the next event; with `is_last` it
 * always answers. */
bool control_call(
	struct server *server, const struct call *call, bool is_last, struct reply *ret_reply);

#endif
