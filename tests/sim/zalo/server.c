/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo/server.h"

#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "tests/sim/zalo/api.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 128

static const char *const mode_names[] = {
	[SERVER_UP] = "up",
	[SERVER_REFUSE] = "refuse",
	[SERVER_RESET] = "reset",
	[SERVER_BLACKHOLE] = "blackhole",
};

const char *server_mode_name(enum server_mode mode)
{
	return mode_names[mode];
}

struct server_counter *server_counter(struct server *server, const char *path)
{
	struct server_counter *counter;

	if (str_starts(path, MEDIA_PATH))
		path = "/media";
	else if (!api_is_path(path))
		path = "other";
	for (size_t i = 0; i < server->counter_count; i++) {
		if (str_eq(server->counters[i].path, path))
			return &server->counters[i];
	}
	CHECK(server->counter_count < SERVER_COUNTERS_MAX);
	counter = &server->counters[server->counter_count++];
	CHECK(str_copy(counter->path, sizeof(counter->path), path) == ERR_OK);
	return counter;
}

static int bound_socket(uint16_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1;

	if (fd < 0)
		return -1;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
		bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		close(fd);
		return -1;
	}
	return fd;
}

static enum err face_listen(struct face *face, struct errbuf *eb)
{
	if (face->listener >= 0)
		return ERR_OK;
	face->listener = bound_socket(face->port);
	if (face->listener < 0 || listen(face->listener, BACKLOG)) {
		return errbuf_set(eb, err_from_errno(errno), "port %u: %s", (unsigned)face->port,
			strerror(errno));
	}
	return ERR_OK;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Dissolving the association (connect(2), AF_UNSPEC) resets it now; a close with SO_LINGER 0 would
 * come after the FIN that libmicrohttpd sends first. */
void server_reset_socket(int fd)
{
	struct sockaddr nobody = {.sa_family = AF_UNSPEC};

	if (connect(fd, &nobody, sizeof(nobody)))
		shutdown(fd, SHUT_RDWR);
}

static void connection_noted(void *arg, struct MHD_Connection *connection, void **socket_context,
	enum MHD_ConnectionNotificationCode code)
{
	struct face *face = arg;
	int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;

	(void)socket_context;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		if (face->socket_count < SERVER_SOCKETS_MAX)
			face->sockets[face->socket_count++] = fd;
		return;
	}
	for (size_t i = 0; i < face->socket_count; i++) {
		if (face->sockets[i] == fd) {
			face->sockets[i] = face->sockets[--face->socket_count];
			return;
		}
	}
}

static enum err face_open(
	struct face *face, struct server *server, uint16_t port, struct errbuf *eb)
{
	struct sockaddr_in address = {0};
	socklen_t address_len = sizeof(address);

	face->server = server;
	face->listener = -1;
	face->reserve = bound_socket(port);
	if (face->reserve < 0 ||
		getsockname(face->reserve, (struct sockaddr *)&address, &address_len)) {
		return errbuf_set(
			eb, err_from_errno(errno), "port %u: %s", (unsigned)port, strerror(errno));
	}
	face->port = ntohs(address.sin_port);
	face->daemon = MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0,
		NULL, NULL, request_handle, face, MHD_OPTION_NOTIFY_COMPLETED, request_completed,
		face, MHD_OPTION_NOTIFY_CONNECTION, connection_noted, face,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)SERVER_SOCKETS_MAX, MHD_OPTION_END);
	if (!face->daemon)
		return errbuf_set(eb, ERR_NOMEM, "HTTP server");
	return face_listen(face, eb);
}

enum err server_open(
	struct server *server, uint16_t api_port, uint16_t control_port, struct errbuf *eb)
{
	enum err err;

	server->webhook = webhook_new(server->world);
	server->control.is_control = true;
	server->api.listener = server->api.reserve = -1;
	server->control.listener = server->control.reserve = -1;
	err = face_open(&server->api, server, api_port, eb);
	if (!err)
		err = face_open(&server->control, server, control_port, eb);
	if (err)
		server_close(server);
	return err;
}

static void swallowed_close(struct server *server)
{
	for (size_t i = 0; i < server->swallowed_count; i++) {
		server_reset_socket(server->swallowed[i]);
		close(server->swallowed[i]);
	}
	server->swallowed_count = 0;
}

/* The daemon sees the end of its sockets in its next run and closes them. */
static void face_cut(struct face *face, bool is_reset)
{
	for (size_t i = 0; i < face->socket_count; i++) {
		if (is_reset)
			server_reset_socket(face->sockets[i]);
		else
			shutdown(face->sockets[i], SHUT_RDWR);
	}
}

enum err server_set_mode(struct server *server, enum server_mode mode, struct errbuf *eb)
{
	enum server_mode before = server->mode;

	server->mode = mode;
	if (mode == before)
		return ERR_OK;
	swallowed_close(server);
	request_abandon(
		server, mode == SERVER_UP || mode == SERVER_BLACKHOLE ? REQUEST_HELD : REQUEST_API);
	if (mode == SERVER_REFUSE || mode == SERVER_RESET)
		face_cut(&server->api, mode == SERVER_RESET);
	if (mode != SERVER_REFUSE)
		return face_listen(&server->api, eb);
	close_fd(&server->api.listener);
	return ERR_OK;
}

static void face_accept(struct face *face)
{
	struct server *server = face->server;
	struct sockaddr_storage address;
	socklen_t address_len = sizeof(address);
	int fd = accept4(face->listener, (struct sockaddr *)&address, &address_len,
		SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	if (!face->is_control && server->mode == SERVER_BLACKHOLE &&
		server->swallowed_count < SERVER_SOCKETS_MAX) {
		server->swallowed[server->swallowed_count++] = fd;
		return;
	}
	if (fd >= FD_SETSIZE || (!face->is_control && server->mode != SERVER_UP)) {
		server_reset_socket(fd);
		close(fd);
		return;
	}
	/* On failure the daemon has closed it. */
	if (MHD_add_connection(face->daemon, fd, (struct sockaddr *)&address, address_len) !=
		MHD_YES)
		log_warn("accept", "error=refused");
}

static int64_t face_wait_ms(struct face *face, int64_t wait_ms)
{
	MHD_UNSIGNED_LONG_LONG timeout;

	if (MHD_get_timeout(face->daemon, &timeout) == MHD_YES && timeout < (uint64_t)wait_ms)
		return (int64_t)timeout;
	return wait_ms;
}

static void watch(int fd, fd_set *read_set, int *max_fd)
{
	if (fd < 0)
		return;
	FD_SET(fd, read_set);
	if (fd > *max_fd)
		*max_fd = fd;
}

static int64_t mono_ms(void)
{
	return clock_mono_ms(clock_system());
}

/* One turn; false = the lifeline has ended. */
static bool server_turn(struct server *server, const sigset_t *unblocked)
{
	struct face *faces[] = {&server->api, &server->control};
	fd_set read_set, write_set, except_set;
	int64_t wait_ms = webhook_run(server->webhook), due_ms = request_next_ms(server, mono_ms());
	struct timespec timeout;
	int max_fd = -1;

	FD_ZERO(&read_set);
	FD_ZERO(&write_set);
	FD_ZERO(&except_set);
	if (due_ms >= 0 && due_ms < wait_ms)
		wait_ms = due_ms;
	for (size_t i = 0; i < ARRAY_LEN(faces); i++) {
		watch(faces[i]->listener, &read_set, &max_fd);
		CHECK(MHD_get_fdset(faces[i]->daemon, &read_set, &write_set, &except_set,
			      &max_fd) == MHD_YES);
		wait_ms = face_wait_ms(faces[i], wait_ms);
	}
	/* libmicrohttpd 0.9.75 does not wake an external select() for a resumed connection. */
	if (server->has_resumed)
		wait_ms = 0;
	server->has_resumed = false;
	watch(server->lifeline, &read_set, &max_fd);
	timeout.tv_sec = wait_ms / SECOND_MS;
	timeout.tv_nsec = (long)(wait_ms % SECOND_MS) * 1000000;
	if (pselect(max_fd + 1, &read_set, &write_set, &except_set, &timeout, unblocked) < 0) {
		FD_ZERO(&read_set);
		FD_ZERO(&write_set);
		FD_ZERO(&except_set);
	}
	for (size_t i = 0; i < ARRAY_LEN(faces); i++) {
		if (faces[i]->listener >= 0 && FD_ISSET(faces[i]->listener, &read_set))
			face_accept(faces[i]);
		MHD_run_from_select(faces[i]->daemon, &read_set, &write_set, &except_set);
	}
	request_run_suspended(server, mono_ms());
	if (server->lifeline >= 0 && FD_ISSET(server->lifeline, &read_set)) {
		char rest[64];

		return read(server->lifeline, rest, sizeof(rest)) > 0;
	}
	return true;
}

enum err server_run(struct server *server, const volatile int *stop, const sigset_t *unblocked,
	struct errbuf *eb)
{
	enum err err = ERR_OK;

	while (!err && !*stop && server_turn(server, unblocked))
		err = world_save(server->world, eb);
	return err ? err : world_save(server->world, eb);
}

static void face_close(struct face *face)
{
	close_fd(&face->listener);
	close_fd(&face->reserve);
	if (face->daemon)
		MHD_stop_daemon(face->daemon);
	face->daemon = NULL;
}

void server_close(struct server *server)
{
	request_abandon(server, REQUEST_ALL);
	swallowed_close(server);
	face_close(&server->api);
	face_close(&server->control);
	fault_clear(&server->faults);
	media_done(&server->media);
	webhook_free(server->webhook);
	server->webhook = NULL;
}
