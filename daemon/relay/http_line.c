/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/relay/http_line.h"

#include <linux/tcp.h> /* glibc's struct tcp_info ends before the byte counts (Linux 4.19) */
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define IPV4_HEADER	      20
#define IPV6_HEADER	      40
#define TCP_ESTABLISHED_STATE 1	 /* TCP_ESTABLISHED of netinet/tcp.h, which has its own tcp_info */
#define TCP_HEADER	      32 /* with time stamps, as Linux sends and asks for them */

void http_line_init(struct http_line *line)
{
	*line = (struct http_line){0};
	for (size_t i = 0; i < HTTP_LINE_SOCKETS; i++)
		line->sockets[i].fd = -1;
}

static struct http_line_socket *line_find(struct http_line *line, int fd)
{
	for (size_t i = 0; i < HTTP_LINE_SOCKETS; i++) {
		if (line->sockets[i].fd == fd)
			return &line->sockets[i];
	}
	return NULL;
}

static void line_count(struct http_line *line, struct http_line_socket *s)
{
	int64_t header = TCP_HEADER + (s->is_ipv6 ? IPV6_HEADER : IPV4_HEADER);
	struct tcp_info info = {0};
	socklen_t len = sizeof(info);
	struct http_traffic now;

	if (getsockopt(s->fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return;
	now.up_bytes = (int64_t)info.tcpi_bytes_sent + info.tcpi_segs_out * header;
	now.down_bytes = (int64_t)info.tcpi_bytes_received + info.tcpi_segs_in * header;
	/* A segment came that was no reset: the other side has said yes. */
	if (s->has_connected &&
		(info.tcpi_state == TCP_ESTABLISHED_STATE || info.tcpi_bytes_received))
		*s->has_connected = true;
	line->total.up_bytes += now.up_bytes - s->counted.up_bytes;
	line->total.down_bytes += now.down_bytes - s->counted.down_bytes;
	s->counted = now;
}

int http_line_open(struct http_line *line, int family, int type, int protocol, bool *has_connected)
{
	int fd = socket(family, type | SOCK_CLOEXEC, protocol);
	struct http_line_socket *s;

	if (fd < 0)
		return -1;
	line->open++;
	if (line->open > line->open_most)
		line->open_most = line->open;
	/* One more than there is room for works all the same; its bytes are not counted. */
	s = line_find(line, -1);
	if (s)
		*s = (struct http_line_socket){
			.fd = fd, .is_ipv6 = family == AF_INET6, .has_connected = has_connected};
	return fd;
}

void http_line_disown(struct http_line *line, const bool *has_connected)
{
	for (size_t i = 0; i < HTTP_LINE_SOCKETS; i++) {
		if (line->sockets[i].has_connected == has_connected)
			line->sockets[i].has_connected = NULL;
	}
}

int http_line_close(struct http_line *line, int fd)
{
	struct http_line_socket *s = line_find(line, fd);

	if (s) {
		line_count(line, s);
		s->fd = -1;
	}
	line->open--;
	return close(fd);
}

struct http_traffic http_line_traffic(struct http_line *line)
{
	for (size_t i = 0; i < HTTP_LINE_SOCKETS; i++) {
		if (line->sockets[i].fd >= 0)
			line_count(line, &line->sockets[i]);
	}
	return line->total;
}
