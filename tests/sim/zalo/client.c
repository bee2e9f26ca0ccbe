/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/sim/zalo/client.h"

#include "daemon/base/buf.h"
#include "daemon/base/clock.h"
#include "daemon/base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MAX    (64 * 1024 * 1024)
#define WATCH_WAIT_MS 30000

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static enum err connect_control(uint16_t port, int *ret_fd, struct errbuf *eb)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		errbuf_set(eb, ERR_UNREACHABLE, "no sim-zalo on control port %u: %s",
			(unsigned)port, strerror(errno));
		close_fd(&fd);
		return ERR_UNREACHABLE;
	}
	*ret_fd = fd;
	return ERR_OK;
}

static enum err exchange(int fd, const struct buf *request, struct buf *answer)
{
	size_t sent = 0;
	char chunk[8192];
	ssize_t n;

	while (sent < request->len) {
		n = send(fd, request->data + sent, request->len - sent, MSG_NOSIGNAL);
		if (n < 0)
			return err_from_errno(errno);
		sent += (size_t)n;
	}
	while ((n = recv(fd, chunk, sizeof(chunk), 0)) > 0) {
		if (buf_add(answer, chunk, (size_t)n))
			return ERR_TOO_BIG;
	}
	return n < 0 ? err_from_errno(errno) : ERR_OK;
}

enum err client_request(uint16_t control_port, const char *target, const char *body,
	char **ret_answer, struct errbuf *eb)
{
	CLEANUP(close_fd) int fd = -1;
	CLEAN_BUF request;
	CLEAN_BUF answer;
	const char *content;
	enum err err;

	buf_init(&request, ANSWER_MAX);
	buf_init(&answer, ANSWER_MAX);
	/* HTTP/1.0: the answer ends with the connection and is never chunked. */
	err = buf_addf(&request,
		"%s %s HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: %zu\r\n"
		"Content-Type: application/json\r\n\r\n%s",
		body ? "POST" : "GET", target, body ? strlen(body) : 0, body ? body : "");
	if (!err)
		err = connect_control(control_port, &fd, eb);
	if (err)
		return err;
	err = exchange(fd, &request, &answer);
	content = strstr(buf_text(&answer), "\r\n\r\n");
	if (err || !content)
		return errbuf_set(eb, err ? err : ERR_PROTOCOL, "sim-zalo did not answer");
	*ret_answer = str_dup(content + 4);
	if (!*ret_answer)
		return ERR_NOMEM;
	if (strncmp(strchr(buf_text(&answer), ' '), " 200", 4) != 0)
		return errbuf_set(eb, ERR_REFUSED, "%s", content + 4);
	return ERR_OK;
}

enum err client_write(uint16_t control_port, const char *user, const char *group, const char *name,
	const char *text, struct errbuf *eb)
{
	json_t *json = json_pack("{s:s, s:s}", "user", user, "text", text);
	CLEANUP(cleanup_free) char *answer = NULL;
	CLEANUP(cleanup_free) char *body = NULL;

	if (!json)
		return errbuf_set(eb, ERR_INVALID, "the text is not UTF-8");
	if (group)
		json_object_set_new(json, "group", json_string(group));
	if (name)
		json_object_set_new(json, "name", json_string(name));
	body = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (!body)
		return ERR_NOMEM;
	return client_request(control_port, group ? "/control/group_message" : "/control/message",
		body, &answer, eb);
}

static void print_received(json_t *messages, json_int_t *after)
{
	const char *to, *text;
	json_int_t seq, at_ms;
	json_t *row;
	int is_group;
	size_t i;

	json_array_foreach (messages, i, row) {
		char at[CLOCK_TEXT_BYTES];

		if (json_unpack(row, "{s:I, s:s, s:s, s:b, s:I}", "seq", &seq, "to", &to, "text",
			    &text, "is_group", &is_group, "at_ms", &at_ms))
			continue;
		clock_format(at_ms, at);
		printf("%.8s zalo %s %s: %s\n", at + 11, is_group ? "group" : "user", to, text);
		*after = seq;
	}
	fflush(stdout);
}

enum err client_watch(uint16_t control_port, struct errbuf *eb)
{
	json_int_t after = 0;
	int min = 0; /* the first round prints what is there already */

	for (;;) {
		CLEANUP(cleanup_free) char *answer = NULL;
		char target[128];
		json_t *json;
		enum err err;

		snprintf(target, sizeof(target),
			"/control/received?after=%" JSON_INTEGER_FORMAT "&min=%d&timeout_ms=%d",
			after, min, WATCH_WAIT_MS);
		err = client_request(control_port, target, NULL, &answer, eb);
		if (err)
			return err;
		json = json_loads(answer, 0, NULL);
		print_received(json_object_get(json, "messages"), &after);
		json_decref(json);
		min = 1;
	}
}
