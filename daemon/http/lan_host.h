/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headers by which a browser says where it was led, as anybody on the network may write them.
 */
#ifndef BINHYEN_HTTP_LAN_HOST_H
#define BINHYEN_HTTP_LAN_HOST_H

#include <stdbool.h>

#define LAN_HOST_BYTES 160 /* of a header Host that is looked at, and its NUL */

/* Host (RFC 9110 section 7.2) without its port and brackets; false: it is none. */
bool lan_host_name(const char *host, char ret_name[LAN_HOST_BYTES]);
/* Is the header Origin that of a page of this host, over TLS? */
bool lan_host_is_origin(const char *host, const char *origin);

#endif
