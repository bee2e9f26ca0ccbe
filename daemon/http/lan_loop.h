/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the door with TLS is driven: private to http/. Within its own epoll set libmicrohttpd 0.9.75
 * asks for another run at once as long as a handshake is under way, so that one client that sends
 * three bytes and waits would keep the whole loop busy. So it names its descriptors as for
 * select(), and they are waited for here; the set's descriptor is readable when one of them is
 * ready.
 */
#ifndef BINHYEN_HTTP_LAN_LOOP_H
#define BINHYEN_HTTP_LAN_LOOP_H

#include "daemon/base/err.h"

struct MHD_Daemon;
struct lan_loop;

MUST_CHECK
enum err lan_loop_new(struct lan_loop **ret_loop);
/* After the daemon has been stopped; NULL is fine. */
void lan_loop_free(struct lan_loop *loop);
int lan_loop_fd(const struct lan_loop *loop);
/* Lets the daemon do what there is to do, and waits for what it wants then. */
void lan_loop_run(struct lan_loop *loop, struct MHD_Daemon *daemon);
/* The descriptor is another connection's from now on. */
void lan_loop_forget(struct lan_loop *loop, int fd);

#endif
