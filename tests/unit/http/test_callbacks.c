/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door of the SMS gateway: what is behind it, how fields come, and no 200 before the commit. */
#include "daemon/base/str.h"
#include "store/event.h"
#include "tests/unit/http/client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct door {
	struct api api;
	struct http *http;
	int port;
	int calls;
	enum err answer;
	char token[128], text[256];
	size_t text_bytes;
};

/* The gateway's own side of main: writes a row, so that there is something to commit. */
static enum err called(void *arg, const json_t *fields, struct errbuf *eb)
{
	struct door *door = container_of((struct api *)arg, struct door, api);
	const char *token = json_string_value(json_object_get(fields, "token"));
	const json_t *text = json_object_get(fields, "text");
	enum err err = event_add(door->api.store, "test.called", "", "system", "{}");

	(void)eb;
	door->calls++;
	door->text_bytes = json_string_length(text);
	if (text)
		memcpy(door->text, json_string_value(text), door->text_bytes + 1);
	snprintf(door->token, sizeof(door->token), "%s", token ? token : "");
	return err ? err : door->answer;
}

static struct http_options options_of(struct door *door)
{
	struct http_options options = api_options(&door->api);

	options.socket_path = "";
	options.callback_address = "127.0.0.1";
	options.callback_port = door->port;
	options.sms_report = called;
	options.sms_message = called;
	return options;
}

/* A port that nobody has just now. */
static int free_port(void)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t bytes = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, bytes), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&addr, &bytes), 0);
	close(fd);
	return ntohs(addr.sin_port);
}

static int setup(void **state)
{
	static struct door door;
	struct http_options options;
	struct errbuf eb = {0};

	memset(&door, 0, sizeof(door));
	api_open(&door.api);
	door.port = free_port();
	options = options_of(&door);
	if (http_open(&options, &door.http, &eb))
		fail_msg("%s", eb.text);
	*state = &door;
	return 0;
}

static void closed(void *arg)
{
	*(bool *)arg = true;
}

static int teardown(void **state)
{
	struct door *door = *state;
	bool is_closed = false;

	http_close(door->http, closed, &is_closed);
	for (int i = 0; i < 1000 && !is_closed; i++)
		api_turn(&door->api);
	assert_true(is_closed);
	api_close(&door->api);
	return 0;
}

static void connect_to(struct door *door, struct client *client)
{
	struct sockaddr_in addr = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)door->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	*client = (struct client){.api = &door->api};
	buf_init(&client->in, 1024 * 1024);
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(client->fd >= 0);
	assert_int_equal(connect(client->fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(fcntl(client->fd, F_SETFL, O_NONBLOCK), 0);
}

/* head: request line and headers without the last empty line; body NULL: none. */
static void ask(struct door *door, const char *head, const char *body, int status)
{
	struct client client;
	struct reply reply;
	char length[64];

	connect_to(door, &client);
	client_send(&client, head);
	snprintf(length, sizeof(length), "Host: b\r\nContent-Length: %zu\r\n\r\n",
		body ? strlen(body) : 0);
	client_send(&client, body ? length : "Host: b\r\n\r\n");
	if (body)
		assert_true(client_send_all(&client, body, strlen(body)));
	assert_true(client_read(&client, strncmp(head, "HEAD", 4) == 0, &reply));
	if (reply.status != status)
		fail_msg("%d: %s %s", reply.status, head, buf_text(&reply.body));
	if (status == 200)
		assert_int_equal(reply.body.len, 0);
	reply_done(&reply);
	client_close(&client);
}

static void test_only_callbacks(void **state)
{
	struct door *door = *state;

	ask(door, "GET /healthz HTTP/1.1\r\n", NULL, 404);
	ask(door, "GET /api/v1/status HTTP/1.1\r\n", NULL, 404);
	ask(door, "GET /api/v1/reports HTTP/1.1\r\n", NULL, 404);
	ask(door, "GET /http_sms/messages HTTP/1.1\r\n", NULL, 404);
	ask(door, "HEAD /http_sms/message HTTP/1.1\r\n", NULL, 405);
	ask(door, "PUT /http_sms/message HTTP/1.1\r\n", "", 405);
	assert_int_equal(door->calls, 0);
	/* And the callbacks are not behind the other door. */
	api_refused(&door->api, "GET", "/http_sms/message", NULL, 404, "NOT_FOUND");
	ask(door, "GET /http_sms/message HTTP/1.1\r\n", NULL, 200);
	ask(door, "GET /http_sms/report HTTP/1.1\r\n", NULL, 200);
	assert_int_equal(door->calls, 2);
	assert_int_equal(door->api.wakes, 2);
}

static void assert_text(struct door *door, const char *text, size_t bytes)
{
	assert_int_equal(door->text_bytes, bytes);
	assert_memory_equal(door->text, text, bytes);
}

#define FORM \
	"POST /http_sms/message HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
#define JSON "POST /http_sms/message HTTP/1.1\r\nContent-Type: application/json; charset=utf-8\r\n"

static void test_fields_in_every_form(void **state)
{
	struct door *door = *state;

	ask(door, "GET /http_sms/message?token=a%20b&text=%00C%1e%ad+x HTTP/1.1\r\n", NULL, 200);
	assert_string_equal(door->token, "a b");
	assert_text(door, "\0C\x1e\xad x", 6);
	ask(door, FORM, "text=a+b%26%3D%zz%&token=%41&&empty=&bare", 200);
	assert_text(door, "a b&=%zz%", 9);
	assert_string_equal(door->token, "A");
	ask(door, JSON, "{\"text\": \"Cháy\", \"n\": 5, \"z\": null}", 200);
	assert_text(door, "Cháy", 5);
	assert_string_equal(door->token, "");
	ask(door, FORM "Authorization: BEARER xyz\r\n", "text=1", 200);
	assert_string_equal(door->token, "xyz");
	ask(door, "POST /http_sms/message?token=q HTTP/1.1\r\nContent-Type: application/json\r\n",
		"{\"text\": \"b\"}", 200);
	assert_string_equal(door->token, "q");
	assert_int_equal(door->calls, 5);
}

static void test_fields_that_are_none(void **state)
{
	struct door *door = *state;
	char many[1024] = "";
	size_t len = 0;

	ask(door, "GET /http_sms/message?a=1&a=2 HTTP/1.1\r\n", NULL, 400);
	ask(door, "GET /http_sms/message?=1 HTTP/1.1\r\n", NULL, 400);
	ask(door, "GET /http_sms/message?a%00b=1 HTTP/1.1\r\n", NULL, 400);
	ask(door, "GET /http_sms/message?token=1 HTTP/1.1\r\nAuthorization: Bearer 1\r\n", NULL,
		400);
	ask(door, FORM, "a=1&a=2", 400);
	ask(door, JSON, "{\"a\": {}}", 400);
	ask(door, JSON, "{\"a\": 1.5}", 400);
	ask(door, JSON, "[]", 400);
	ask(door, JSON, "{", 400);
	ask(door, "POST /http_sms/message HTTP/1.1\r\nContent-Type: text/plain\r\n", "a=1", 400);
	ask(door, "POST /http_sms/message HTTP/1.1\r\n", "a=1", 400);
	for (int i = 0; i < 40; i++)
		len += (size_t)snprintf(many + len, sizeof(many) - len, "f%d=1&", i);
	ask(door, FORM, many, 400);
	assert_int_equal(door->calls, 0);
}

static int64_t events(struct door *door)
{
	int64_t count = 0, bad = 0;

	assert_int_equal(event_verify(door->api.store, &count, &bad), ERR_OK);
	return count;
}

static void test_no_200_before_the_commit(void **state)
{
	struct door *door = *state;
	struct client client;
	struct reply reply;

	door->api.holds_turns = true;
	connect_to(door, &client);
	client_send(&client, "GET /http_sms/message?text=1 HTTP/1.1\r\nHost: b\r\n\r\n");
	assert_int_equal(client_turns(&client, 50), 0);
	assert_int_equal(door->calls, 1);
	door->api.holds_turns = false;
	assert_true(client_read(&client, false, &reply));
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
	client_close(&client);
}

static void test_a_failed_commit_is_503(void **state)
{
	struct door *door = *state;
	int64_t before = events(door);

	door->api.fail_with = ERR_DISK_FULL;
	ask(door, "GET /http_sms/message?text=1 HTTP/1.1\r\n", NULL, 503);
	assert_int_equal(events(door), before);
	ask(door, "GET /http_sms/message?text=1 HTTP/1.1\r\n", NULL, 200);
	assert_int_equal(events(door), before + 1);
}

static void test_a_refusal_leaves_nothing(void **state)
{
	static const struct {
		enum err err;
		int status;
	} cases[] = {{ERR_DENIED, 403}, {ERR_INVALID, 400}, {ERR_NOT_FOUND, 404},
		{ERR_TOO_BIG, 413}, {ERR_IO, 503}, {ERR_NOMEM, 503}};
	struct door *door = *state;
	int64_t before = events(door);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		door->answer = cases[i].err;
		ask(door, "GET /http_sms/report?id=1 HTTP/1.1\r\n", NULL, cases[i].status);
	}
	assert_int_equal(events(door), before);
}

static void test_a_second_listener_is_refused(void **state)
{
	struct door *door = *state;
	struct http_options options = options_of(door);
	struct http *http = NULL;
	struct errbuf eb = {0};

	assert_int_equal(http_open(&options, &http, &eb), ERR_BUSY);
	options.callback_address = "0.0.0.0";
	assert_int_equal(http_open(&options, &http, &eb), ERR_CONFIG);
	options.callback_address = "::";
	assert_int_equal(http_open(&options, &http, &eb), ERR_CONFIG);
	assert_null(http);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_only_callbacks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fields_in_every_form, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fields_that_are_none, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_200_before_the_commit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_failed_commit_is_503, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_refusal_leaves_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_second_listener_is_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
