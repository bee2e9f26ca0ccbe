/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sockets below the HTTP client: opened and closed for curl, so that it is known which families
 * of addresses were tried, and how many bytes each of them carried. Not shared between loops.
 */
#ifndef BINHYEN_RELAY_HTTP_LINE_H
#define BINHYEN_RELAY_HTTP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_LINE_SOCKETS 32 /* four connections, and two attempts for each that is being made */

/* As the kernel counts: TLS, TCP and IP headers and what was sent twice included. */
struct http_traffic {
	int64_t up_bytes;
	int64_t down_bytes;
};

struct http_line_socket {
	int fd; /* -1: free */
	bool is_ipv6;
	bool *has_connected; /* to be told, by whoever opened it; NULL: nobody any more */
	struct http_traffic counted;
};

struct http_line {
	struct http_line_socket sockets[HTTP_LINE_SOCKETS];
	struct http_traffic total;
	unsigned open;
	unsigned open_most; /* at one time, since the start */
};

void http_line_init(struct http_line *line);
/* A new socket of that family, type and protocol; -1 when there is none to be had. When it closes
 * after it was connected, *has_connected is set, unless http_line_disown() came before. */
int http_line_open(struct http_line *line, int family, int type, int protocol, bool *has_connected);
void http_line_disown(struct http_line *line, const bool *has_connected);
int http_line_close(struct http_line *line, int fd);
/* What all sockets carried, those that are open included. */
struct http_traffic http_line_traffic(struct http_line *line);

#endif
