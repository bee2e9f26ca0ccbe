/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The client against a server on the same loop that answers as each test says. Every wait is a run
 * of the loop that ends with the event waited for, or with the test's timer, which fails it.
 */
#include "daemon/base/buf.h"
#include "daemon/relay/http_client.h"

#include <netdb.h>
#include <netinet/in.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define PATIENCE_MS 10000
#define OK_REPLY \
	"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-RateLimit-Remain: 41\r\n" \
	"Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n\r\nhello"

struct peer {
	uv_tcp_t tcp;
	uv_write_t write;
	struct fixture *f;
	struct buf in;
};

struct fixture {
	uv_loop_t loop;
	uv_timer_t patience;
	uv_tcp_t listener;
	int port;
	/* What the server does with its n-th request: a reply, "" = close, NULL = nothing ever. */
	const char *script[4];
	int requests;
	int connections;
	struct buf last;
	struct http_client *client;
	struct http_transfer *transfer;
	int done;
	bool is_closed;
	struct http_result result;
	char body[64];
	char remain[16];
	int64_t date_ms;
};

/* ---- the server ------------------------------------------------------------------------------
 */

static void peer_closed(uv_handle_t *handle)
{
	struct peer *peer = container_of((uv_tcp_t *)handle, struct peer, tcp);

	buf_done(&peer->in);
	free(peer);
}

static void peer_close(struct peer *peer)
{
	if (!uv_is_closing((uv_handle_t *)&peer->tcp))
		uv_close((uv_handle_t *)&peer->tcp, peer_closed);
}

static bool is_whole(const struct buf *in)
{
	const char *end = strstr(buf_text(in), "\r\n\r\n");
	const char *length = strstr(buf_text(in), "Content-Length: ");
	size_t body = length ? (size_t)strtol(length + 16, NULL, 10) : 0;

	return end && in->len >= (size_t)(end + 4 - in->data) + body;
}

static void peer_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	static char room[65536];

	(void)handle;
	(void)size;
	*buf = uv_buf_init(room, sizeof(room));
}

static void peer_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
	struct peer *peer = container_of((uv_tcp_t *)stream, struct peer, tcp);
	struct fixture *f = peer->f;
	const char *reply;

	if (len < 0) {
		peer_close(peer);
		return;
	}
	assert_int_equal(buf_add(&peer->in, buf->base, (size_t)len), ERR_OK);
	if (!is_whole(&peer->in))
		return;
	buf_reset(&f->last);
	assert_int_equal(buf_add(&f->last, peer->in.data, peer->in.len), ERR_OK);
	buf_reset(&peer->in);
	reply = f->script[f->requests < 3 ? f->requests : 3];
	f->requests++;
	if (reply && reply[0]) {
		uv_buf_t out = uv_buf_init((char *)(uintptr_t)reply, (unsigned)strlen(reply));

		uv_write(&peer->write, stream, &out, 1, NULL);
	} else if (reply) {
		peer_close(peer);
	}
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct fixture *f = listener->data;
	struct peer *peer = calloc(1, sizeof(*peer));

	assert_int_equal(status, 0);
	assert_non_null(peer);
	peer->f = f;
	f->connections++;
	buf_init(&peer->in, 1 << 20);
	assert_int_equal(uv_tcp_init(&f->loop, &peer->tcp), 0);
	assert_int_equal(uv_accept(listener, (uv_stream_t *)&peer->tcp), 0);
	uv_read_start((uv_stream_t *)&peer->tcp, peer_alloc, peer_read);
}

/* ---- fixture ---------------------------------------------------------------------------------
 */

static void out_of_patience(uv_timer_t *timer)
{
	(void)timer;
	fail_msg("nothing happened for %d ms", PATIENCE_MS);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct sockaddr_in addr;
	int len = sizeof(addr);
	struct http_client_options options = {.user_agent = "test/1"};

	if (!f)
		return -1;
	buf_init(&f->last, 1 << 20);
	uv_loop_init(&f->loop);
	uv_timer_init(&f->loop, &f->patience);
	uv_timer_start(&f->patience, out_of_patience, PATIENCE_MS, 0);
	uv_tcp_init(&f->loop, &f->listener);
	f->listener.data = f;
	uv_ip4_addr("127.0.0.1", 0, &addr);
	uv_tcp_bind(&f->listener, (struct sockaddr *)&addr, 0);
	uv_listen((uv_stream_t *)&f->listener, 8, on_connection);
	uv_tcp_getsockname(&f->listener, (struct sockaddr *)&addr, &len);
	f->port = ntohs(addr.sin_port);
	options.loop = &f->loop;
	*state = f;
	return http_client_new(&options, &f->client) ? -1 : 0;
}

static void on_closed(void *arg)
{
	((struct fixture *)arg)->is_closed = true;
}

static void close_all(uv_handle_t *handle, void *arg)
{
	struct fixture *f = arg;

	if (uv_is_closing(handle))
		return;
	if (handle->type == UV_TCP && handle != (uv_handle_t *)&f->listener)
		peer_close(container_of((uv_tcp_t *)handle, struct peer, tcp));
	else
		uv_close(handle, NULL);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	int rc;

	if (f->client)
		http_client_close(f->client, on_closed, f);
	while (!f->is_closed)
		uv_run(&f->loop, UV_RUN_ONCE);
	uv_walk(&f->loop, close_all, f);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	rc = uv_loop_close(&f->loop);
	buf_done(&f->last);
	free(f);
	return rc;
}

static void on_done(void *arg, const struct http_result *result)
{
	struct fixture *f = arg;
	const char *remain = http_result_header(result, "X-RateLimit-Remain");

	f->done++;
	/* A transfer that ends among the timers must not leave the loop asleep on its sockets. */
	uv_stop(&f->loop);
	f->result = *result;
	snprintf(f->body, sizeof(f->body), "%s", result->body);
	snprintf(f->remain, sizeof(f->remain), "%s", remain ? remain : "");
	f->date_ms = http_result_date_ms(result);
}

static void start_url(struct fixture *f, const char *url, const char *body, int64_t deadline_ms)
{
	const char *headers[] = {"X-Test: 1", NULL};

	assert_int_equal(
		http_client_start(f->client,
			&(struct http_client_request){.method = body ? HTTP_POST : HTTP_GET,
				.url = url,
				.headers = headers,
				.body = body,
				.body_bytes = body ? strlen(body) : 0,
				.deadline_ms = deadline_ms,
				.reply_max = 1000,
				.done = on_done,
				.arg = f},
			&f->transfer),
		ERR_OK);
}

static void start(struct fixture *f, const char *body, int64_t deadline_ms)
{
	char url[64];

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/path?q=1", f->port);
	start_url(f, url, body, deadline_ms);
}

static void run_until(struct fixture *f, const int *value, int target)
{
	while (*value < target)
		uv_run(&f->loop, UV_RUN_ONCE);
}

/* ---- tests -----------------------------------------------------------------------------------
 */

static void test_get(void **state)
{
	struct fixture *f = *state;

	f->script[0] = OK_REPLY;
	start(f, NULL, 5000);
	assert_int_equal(f->done, 0);
	run_until(f, &f->done, 1);
	assert_int_equal(f->result.err, ERR_OK);
	assert_int_equal(f->result.status, 200);
	assert_int_equal(f->result.body_bytes, 5);
	assert_string_equal(f->body, "hello");
	assert_string_equal(f->remain, "41");
	assert_int_equal(f->date_ms, 1700000000000);
	assert_non_null(strstr(buf_text(&f->last), "GET /path?q=1 HTTP/1.1\r\n"));
	assert_non_null(strstr(buf_text(&f->last), "X-Test: 1\r\n"));
	assert_non_null(strstr(buf_text(&f->last), "User-Agent: test/1\r\n"));
}

static void test_post(void **state)
{
	struct fixture *f = *state;

	f->script[0] = OK_REPLY;
	start(f, "the body", 5000);
	run_until(f, &f->done, 1);
	assert_int_equal(f->result.err, ERR_OK);
	assert_true(f->result.may_have_left);
	assert_non_null(strstr(buf_text(&f->last), "Content-Length: 8\r\n"));
	assert_non_null(strstr(buf_text(&f->last), "\r\n\r\nthe body"));
}

static void test_connections_are_reused(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 3; i++) {
		f->script[i] = OK_REPLY;
		start(f, i % 2 ? "x" : NULL, 5000);
		run_until(f, &f->done, i + 1);
		assert_int_equal(f->result.err, ERR_OK);
	}
	assert_int_equal(f->requests, 3);
	assert_int_equal(f->connections, 1);
}

static void test_nobody_listens(void **state)
{
	struct fixture *f = *state;

	start_url(f, "http://127.0.0.1:1/", "x", 5000);
	run_until(f, &f->done, 1);
	assert_int_equal(f->result.err, ERR_UNREACHABLE);
	assert_false(f->result.may_have_left);
	assert_int_equal(f->result.status, 0);
}

static void test_closed_after_the_request(void **state)
{
	struct fixture *f = *state;

	f->script[0] = "";
	start(f, "x", 5000);
	run_until(f, &f->done, 1);
	assert_int_equal(f->result.err, ERR_UNREACHABLE);
	assert_true(f->result.may_have_left);
	assert_int_equal(f->requests, 1);
}

/* curl would repeat it by itself on a fresh connection: the message would be sent twice. */
static void test_a_post_on_a_reused_connection_is_never_repeated(void **state)
{
	struct fixture *f = *state;

	f->script[0] = OK_REPLY;
	f->script[1] = "";
	f->script[2] = OK_REPLY;
	start(f, NULL, 5000);
	run_until(f, &f->done, 1);
	start(f, "x", 5000);
	run_until(f, &f->done, 2);
	assert_int_equal(f->result.err, ERR_UNREACHABLE);
	assert_true(f->result.may_have_left);
	assert_int_equal(f->requests, 2);
}

static void test_no_answer(void **state)
{
	struct fixture *f = *state;

	start(f, "x", 200);
	run_until(f, &f->done, 1);
	assert_int_equal(f->result.err, ERR_TIMEOUT);
	assert_int_equal(f->result.fault, NET_SILENT);
	assert_true(f->result.may_have_left);
}

/* Another hangs on the connection that it would share or could have: it doesn't wait for its end.
 */
static void test_who_waits_for_a_connection_ends_by_his_deadline(void **state)
{
	struct fixture *f = *state;

	start(f, "x", 60000);
	run_until(f, &f->connections, 1);
	start(f, "last", 200);
	run_until(f, &f->done, 1);
	assert_int_equal(f->result.err, ERR_TIMEOUT);
	assert_false(f->result.may_have_left);
	assert_int_equal(f->done, 1);
}

static void test_a_reply_that_is_too_big(void **state)
{
	static char reply[4096];
	struct fixture *f = *state;
	int head = snprintf(
		reply, sizeof(reply), "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n");

	memset(reply + head, 'x', 2000);
	f->script[0] = reply;
	start(f, "x", 5000);
	run_until(f, &f->done, 1);
	assert_int_equal(f->result.err, ERR_TOO_BIG);
	assert_true(f->result.may_have_left);
}

static void test_redirects_are_not_followed(void **state)
{
	struct fixture *f = *state;

	f->script[0] = "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n";
	start(f, NULL, 5000);
	run_until(f, &f->done, 1);
	assert_int_equal(f->result.err, ERR_OK);
	assert_int_equal(f->result.status, 302);
	assert_int_equal(f->requests, 1);
}

static void test_what_is_not_http(void **state)
{
	struct fixture *f = *state;

	start_url(f, "file:///etc/hostname", NULL, 1000);
	run_until(f, &f->done, 1);
	assert_int_equal(f->result.err, ERR_CONFIG);
	f->script[0] = "220 mail.example ESMTP\r\n\r\n";
	start(f, "x", 5000);
	run_until(f, &f->done, 2);
	assert_int_not_equal(f->result.err, ERR_OK);
	assert_true(f->result.may_have_left);
}

static void test_cancel(void **state)
{
	struct fixture *f = *state;

	start(f, "x", 5000);
	http_transfer_cancel(f->transfer);
	assert_int_equal(f->done, 1);
	assert_true(f->result.is_cancelled);
	assert_false(f->result.may_have_left);
	start(f, "x", 5000);
	run_until(f, &f->requests, 1);
	http_transfer_cancel(f->transfer);
	assert_int_equal(f->done, 2);
	assert_true(f->result.is_cancelled);
	assert_true(f->result.may_have_left);
}

static void test_close_ends_what_is_under_way(void **state)
{
	struct fixture *f = *state;

	f->script[0] = OK_REPLY;
	start(f, NULL, 5000);
	run_until(f, &f->done, 1);
	start(f, NULL, 5000);
	start(f, "x", 5000);
	run_until(f, &f->requests, 3);
	http_client_close(f->client, on_closed, f);
	f->client = NULL;
	assert_int_equal(f->done, 3);
	assert_true(f->result.is_cancelled);
	while (!f->is_closed)
		uv_run(&f->loop, UV_RUN_ONCE);
}

static void close_from_done(void *arg, const struct http_result *result)
{
	struct fixture *f = arg;

	on_done(arg, result);
	if (f->client) {
		struct http_client *client = f->client;

		f->client = NULL;
		http_client_close(client, on_closed, f);
	}
}

static void test_close_from_within_done(void **state)
{
	struct fixture *f = *state;
	char url[64];

	f->script[0] = OK_REPLY;
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", f->port);
	for (int i = 0; i < 2; i++)
		assert_int_equal(http_client_start(f->client,
					 &(struct http_client_request){.url = url,
						 .deadline_ms = 5000,
						 .reply_max = 100,
						 .done = close_from_done,
						 .arg = f},
					 NULL),
			ERR_OK);
	while (!f->is_closed)
		uv_run(&f->loop, UV_RUN_ONCE);
	assert_int_equal(f->done, 2);
}

/* ---- a name that does not resolve ------------------------------------------------------------
 */

static sem_t stuck, unstuck;

/* Stands before libc's for the whole program: the name "stuck.test" hangs like a dead DNS server.
 */
int getaddrinfo(
	const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **res)
{
	static const struct addrinfo none;
	struct addrinfo *info;
	struct sockaddr_in *addr;

	if (strcmp(node, "stuck.test") == 0) {
		sem_wait(&stuck);
		sem_post(&unstuck);
		return EAI_AGAIN;
	}
	/* Numeric addresses only. */
	info = calloc(1, sizeof(*info) + sizeof(*addr));
	if (!info)
		return EAI_MEMORY;
	*info = none;
	addr = (struct sockaddr_in *)(void *)(info + 1);
	if (uv_ip4_addr(node, service ? (int)strtol(service, NULL, 10) : 0, addr)) {
		free(info);
		return EAI_NONAME;
	}
	info->ai_family = AF_INET;
	info->ai_socktype = hints ? hints->ai_socktype : SOCK_STREAM;
	info->ai_addr = (struct sockaddr *)addr;
	info->ai_addrlen = sizeof(*addr);
	*res = info;
	return 0;
}

void freeaddrinfo(struct addrinfo *res)
{
	free(res);
}

static void test_dead_dns_does_not_stop_the_loop(void **state)
{
	struct fixture *f = *state;
	uint64_t begun;

	sem_init(&stuck, 0, 0);
	sem_init(&unstuck, 0, 0);
	begun = uv_hrtime();
	start_url(f, "http://stuck.test/", "x", 300);
	run_until(f, &f->done, 1);
	assert_int_equal(f->result.err, ERR_TIMEOUT);
	assert_false(f->result.may_have_left);
	http_client_close(f->client, on_closed, f);
	f->client = NULL;
	while (!f->is_closed)
		uv_run(&f->loop, UV_RUN_ONCE);
	assert_true((uv_hrtime() - begun) / 1000000 < PATIENCE_MS);
	/* The resolver's thread is still where it was. */
	assert_int_not_equal(sem_trywait(&unstuck), 0);
	sem_post(&stuck);
	sem_wait(&unstuck);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_get, setup, teardown),
		cmocka_unit_test_setup_teardown(test_post, setup, teardown),
		cmocka_unit_test_setup_teardown(test_connections_are_reused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nobody_listens, setup, teardown),
		cmocka_unit_test_setup_teardown(test_closed_after_the_request, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_post_on_a_reused_connection_is_never_repeated, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_who_waits_for_a_connection_ends_by_his_deadline, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_reply_that_is_too_big, setup, teardown),
		cmocka_unit_test_setup_teardown(test_redirects_are_not_followed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_not_http, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cancel, setup, teardown),
		cmocka_unit_test_setup_teardown(test_close_ends_what_is_under_way, setup, teardown),
		cmocka_unit_test_setup_teardown(test_close_from_within_done, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_dead_dns_does_not_stop_the_loop, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
