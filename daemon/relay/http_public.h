/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which addresses lie in the public internet: what a message names must not lead into this machine
 * or its network. Pure. */
#ifndef BINHYEN_RELAY_HTTP_PUBLIC_H
#define BINHYEN_RELAY_HTTP_PUBLIC_H

#include <stdbool.h>
#include <sys/socket.h>

/* IPv4 and IPv6 (also with an IPv4 address within); false for every other family. The special
 * blocks are those of RFC 6890 and its registries. */
bool http_is_public(const struct sockaddr *address);

#endif
