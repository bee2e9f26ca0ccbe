/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The listening sockets. A daemon that was killed leaves its file behind: whoever connects to
 * it is refused, so it is replaced. A file that answers belongs to a living daemon and is left
 * alone.
 */
#include "daemon/http/http_private.h"

#include "daemon/base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LISTEN_BACKLOG 64 /* as many as may be connected */
#define SOCKET_MODE    0660

static int socket_new(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* ERR_OK: nobody listens there and the file may go. */
static enum err probe_stale(const struct sockaddr_un *addr, struct errbuf *eb)
{
	struct stat st;
	int fd, rc, errnum;

	if (lstat(addr->sun_path, &st) != 0)
		return errbuf_set(eb, err_from_errno(errno), "%s: %s", addr->sun_path,
			strerrordesc_np(errno));
	if (!S_ISSOCK(st.st_mode))
		return errbuf_set(eb, ERR_EXISTS,
			"%s is not a socket; remove it or set http.socket", addr->sun_path);
	fd = socket_new();
	if (fd < 0)
		return errbuf_set(eb, err_from_errno(errno), "socket: %s", strerrordesc_np(errno));
	rc = connect(fd, (const struct sockaddr *)addr, sizeof(*addr));
	errnum = errno;
	close(fd);
	if (rc != 0 && errnum == ECONNREFUSED)
		return ERR_OK;
	if (rc == 0 || errnum == EAGAIN)
		return errbuf_set(eb, ERR_BUSY, "another daemon listens on %s", addr->sun_path);
	return errbuf_set(
		eb, err_from_errno(errnum), "%s: %s", addr->sun_path, strerrordesc_np(errnum));
}

static enum err bind_path(int fd, const struct sockaddr_un *addr, struct errbuf *eb)
{
	enum err err;

	if (bind(fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0)
		return ERR_OK;
	if (errno == ENOENT)
		return errbuf_set(eb, ERR_NOT_FOUND,
			"the folder of the socket %s does not exist; create it or set http.socket",
			addr->sun_path);
	if (errno != EADDRINUSE)
		return errbuf_set(eb, err_from_errno(errno), "cannot bind %s: %s", addr->sun_path,
			strerrordesc_np(errno));
	err = probe_stale(addr, eb);
	if (err != ERR_OK)
		return err;
	if (unlink(addr->sun_path) != 0 && errno != ENOENT)
		return errbuf_set(eb, err_from_errno(errno),
			"cannot remove the stale socket %s: %s", addr->sun_path,
			strerrordesc_np(errno));
	if (bind(fd, (const struct sockaddr *)addr, sizeof(*addr)) != 0)
		return errbuf_set(eb, err_from_errno(errno), "cannot bind %s: %s", addr->sun_path,
			strerrordesc_np(errno));
	return ERR_OK;
}

enum err http_listener_open(const char *path, struct http_listener *ret_listener, struct errbuf *eb)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	struct http_listener listener = {0};
	struct stat st;
	enum err err;

	_Static_assert(sizeof(listener.path) == sizeof(addr.sun_path), "a path fits both");
	if (str_copy(addr.sun_path, sizeof(addr.sun_path), path) != ERR_OK)
		return errbuf_set(eb, ERR_TOO_BIG,
			"the socket path has %zu bytes, at most %zu fit (http.socket)",
			strlen(path), sizeof(addr.sun_path) - 1);
	memcpy(listener.path, addr.sun_path, sizeof(listener.path));
	listener.fd = socket_new();
	if (listener.fd < 0)
		return errbuf_set(eb, err_from_errno(errno), "socket: %s", strerrordesc_np(errno));
	err = bind_path(listener.fd, &addr, eb);
	if (err != ERR_OK)
		goto fail_socket;
	/* Nobody can connect before listen(), so the mode is right from the first moment. */
	if (chmod(path, SOCKET_MODE) != 0 || lstat(path, &st) != 0 ||
		listen(listener.fd, LISTEN_BACKLOG) != 0) {
		err = errbuf_set(eb, err_from_errno(errno), "cannot listen on %s: %s", path,
			strerrordesc_np(errno));
		goto fail_bind;
	}
	listener.dev = st.st_dev;
	listener.ino = st.st_ino;
	*ret_listener = listener;
	return ERR_OK;

fail_bind:
	unlink(path);
fail_socket:
	close(listener.fd);
	return err;
}

/* The address of loopback, whatever the configuration has let through. */
static enum err tcp_address(const char *address, int port, struct sockaddr_storage *ret_addr,
	socklen_t *ret_bytes, struct errbuf *eb)
{
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
	bool is_four = inet_pton(AF_INET, address, &four.sin_addr) == 1;
	bool is_six = !is_four && inet_pton(AF_INET6, address, &six.sin6_addr) == 1;

	if (!(is_four && ntohl(four.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET) &&
		!(is_six && IN6_IS_ADDR_LOOPBACK(&six.sin6_addr)))
		return errbuf_set(eb, ERR_CONFIG, "%s is no address of this machine", address);
	*ret_bytes = is_four ? sizeof(four) : sizeof(six);
	memcpy(ret_addr, is_four ? (const void *)&four : (const void *)&six, *ret_bytes);
	return ERR_OK;
}

/* The listener has no file then. */
static enum err listen_tcp(const struct sockaddr_storage *addr, socklen_t bytes, const char *where,
	struct http_listener *ret_listener, struct errbuf *eb)
{
	int fd, on = 1;
	enum err err;

	fd = socket(addr->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errbuf_set(eb, err_from_errno(errno), "socket: %s", strerrordesc_np(errno));
	/* The connections of a daemon that has just ended must not keep the next one away. */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
		bind(fd, (const struct sockaddr *)addr, bytes) != 0 ||
		listen(fd, LISTEN_BACKLOG) != 0) {
		err = errbuf_set(eb, errno == EADDRINUSE ? ERR_BUSY : err_from_errno(errno),
			"cannot listen on %s: %s", where, strerrordesc_np(errno));
		close(fd);
		return err;
	}
	*ret_listener = (struct http_listener){.fd = fd};
	return ERR_OK;
}

enum err http_listener_open_tcp(
	const char *address, int port, struct http_listener *ret_listener, struct errbuf *eb)
{
	struct sockaddr_storage addr = {0};
	socklen_t bytes = 0;
	char where[INET6_ADDRSTRLEN + 24];
	enum err err = tcp_address(address, port, &addr, &bytes, eb);

	if (err != ERR_OK)
		return err;
	snprintf(where, sizeof(where), "port %d of %s", port, address);
	return listen_tcp(&addr, bytes, where, ret_listener, eb);
}

/* config/ has checked the text. */
static enum err lan_address(const char *where, struct sockaddr_storage *ret_addr,
	socklen_t *ret_bytes, struct errbuf *eb)
{
	const char *colon = strrchr(where, ':');
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	char address[INET6_ADDRSTRLEN];
	int64_t port;
	size_t len;

	if (!colon || str_to_int64(colon + 1, 0, 65535, &port))
		return errbuf_set(eb, ERR_CONFIG, "%s has no port", where);
	where += where[0] == '[';
	len = (size_t)(colon - where);
	len -= len && where[len - 1] == ']';
	if (len >= sizeof(address))
		return errbuf_set(eb, ERR_CONFIG, "%s is no address", where);
	memcpy(address, where, len);
	address[len] = 0;
	four.sin_port = six.sin6_port = htons((uint16_t)port);
	if (inet_pton(AF_INET, address, &four.sin_addr) == 1) {
		*ret_bytes = sizeof(four);
		memcpy(ret_addr, &four, sizeof(four));
		return ERR_OK;
	}
	if (inet_pton(AF_INET6, address, &six.sin6_addr) != 1)
		return errbuf_set(eb, ERR_CONFIG, "%s is no address", address);
	*ret_bytes = sizeof(six);
	memcpy(ret_addr, &six, sizeof(six));
	return ERR_OK;
}

enum err http_listener_open_lan(
	const char *where, struct http_listener *ret_listener, struct errbuf *eb)
{
	struct sockaddr_storage addr = {0};
	socklen_t bytes = 0;
	enum err err = lan_address(where, &addr, &bytes, eb);

	return err ? err : listen_tcp(&addr, bytes, where, ret_listener, eb);
}

void http_listener_unlink(const struct http_listener *listener)
{
	struct stat st;

	if (!listener->path[0] || lstat(listener->path, &st) != 0)
		return;
	if (st.st_dev == listener->dev && st.st_ino == listener->ino)
		unlink(listener->path);
}
