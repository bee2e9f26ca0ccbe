/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/http/client.h"

#include "daemon/base/str.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define IN_MAX	   ((size_t)1024 * 1024)
#define WAIT_TURNS 5000 /* turns of a millisecond that a reply may take */
#define SEND_TURNS 20000

void client_open(struct client *client, struct api *api)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};

	*client = (struct client){.api = api};
	buf_init(&client->in, IN_MAX);
	assert_int_equal(str_copy(addr.sun_path, sizeof(addr.sun_path), api->socket_path), ERR_OK);
	client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(client->fd >= 0);
	assert_int_equal(connect(client->fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
}

void client_close(struct client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	client->fd = -1;
	buf_done(&client->in);
}

bool client_send_all(struct client *client, const void *data, size_t len)
{
	const char *p = data;

	for (int i = 0; len && i < SEND_TURNS; i++) {
		ssize_t n = send(client->fd, p, len, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN)
			return false;
		if (n > 0) {
			p += n;
			len -= (size_t)n;
		}
		api_turn(client->api);
	}
	return len == 0;
}

void client_send(struct client *client, const char *text)
{
	assert_true(client_send_all(client, text, strlen(text)));
}

static void client_receive(struct client *client)
{
	char data[4096];
	ssize_t n;

	while ((n = recv(client->fd, data, sizeof(data), 0)) > 0)
		assert_int_equal(buf_add(&client->in, data, (size_t)n), ERR_OK);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		client->is_ended = true;
}

size_t client_turns(struct client *client, int n)
{
	for (int i = 0; i < n; i++)
		api_turn(client->api);
	client_receive(client);
	return client->in.len;
}

/* Length of the whole reply at the start of what was received, 0 while it is not all here. */
static size_t reply_bytes(const struct client *client, bool is_head, size_t *ret_head)
{
	const char *end, *field;
	size_t len = 0;

	end = client->in.len ? strstr(client->in.data, "\r\n\r\n") : NULL;
	if (!end)
		return 0;
	*ret_head = (size_t)(end - client->in.data) + 4;
	field = strcasestr(client->in.data, "\r\nContent-Length: ");
	if (field && field < end && !is_head)
		len = (size_t)strtoul(field + 18, NULL, 10);
	return client->in.len >= *ret_head + len ? *ret_head + len : 0;
}

bool client_read(struct client *client, bool is_head, struct reply *ret_reply)
{
	size_t whole = 0, head = 0;

	for (int i = 0; i < WAIT_TURNS && !whole; i++) {
		struct pollfd pfd = {.fd = client->fd, .events = POLLIN};

		client_turns(client, 1);
		whole = reply_bytes(client, is_head, &head);
		if (!whole && client->is_ended)
			return false;
		if (!whole)
			poll(&pfd, 1, 1);
	}
	if (!whole)
		return false;
	buf_init(&ret_reply->head, IN_MAX);
	buf_init(&ret_reply->body, IN_MAX);
	assert_int_equal(buf_add(&ret_reply->head, client->in.data, head), ERR_OK);
	assert_int_equal(buf_add(&ret_reply->body, client->in.data + head, whole - head), ERR_OK);
	buf_drop(&client->in, whole);
	assert_true(str_starts(buf_text(&ret_reply->head), "HTTP/1.1 "));
	ret_reply->status = (int)strtol(buf_text(&ret_reply->head) + 9, NULL, 10);
	return true;
}

void reply_done(struct reply *reply)
{
	buf_done(&reply->head);
	buf_done(&reply->body);
}

void api_ask(struct api *api, const char *method, const char *path, const char *body,
	struct reply *ret_reply)
{
	struct client client;
	CLEAN_BUF request;

	buf_init(&request, IN_MAX);
	assert_int_equal(
		buf_addf(&request, "%s %s HTTP/1.1\r\nHost: binhyen\r\n", method, path), ERR_OK);
	if (body)
		assert_int_equal(
			buf_addf(&request, "Content-Length: %zu\r\n", strlen(body)), ERR_OK);
	assert_int_equal(buf_addf(&request, "\r\n%s", body ? body : ""), ERR_OK);
	client_open(&client, api);
	assert_true(client_send_all(&client, request.data, request.len));
	assert_true(client_read(&client, str_eq(method, "HEAD"), ret_reply));
	client_close(&client);
}

static json_t *reply_json(struct reply *reply, int status)
{
	json_t *json = json_loads(buf_text(&reply->body), 0, NULL);

	if (reply->status != status)
		print_error("%s%s\n", buf_text(&reply->head), buf_text(&reply->body));
	assert_int_equal(reply->status, status);
	assert_non_null(strcasestr(buf_text(&reply->head), "\r\nContent-Type: application/json"));
	assert_non_null(json);
	reply_done(reply);
	return json;
}

json_t *api_json(struct api *api, const char *path, int status)
{
	struct reply reply = {0};

	api_ask(api, "GET", path, NULL, &reply);
	return reply_json(&reply, status);
}

json_t *api_post(struct api *api, const char *path, const char *body, int status)
{
	struct reply reply = {0};

	api_ask(api, "POST", path, body, &reply);
	return reply_json(&reply, status);
}

void api_refused(struct api *api, const char *method, const char *path, const char *body,
	int status, const char *error)
{
	struct reply reply = {0};
	json_t *json;

	api_ask(api, method, path, body, &reply);
	json = reply_json(&reply, status);
	assert_string_equal(json_string_value(json_object_get(json, "error")), error);
	assert_true(json_string_length(json_object_get(json, "message")) > 0);
	assert_true(json_string_length(json_object_get(json, "message_vi")) > 0);
	json_decref(json);
}
