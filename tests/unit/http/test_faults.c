/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commits that fail or take their time, clients that leave, dawdle, shout or talk nonsense. */
#include "daemon/base/str.h"
#include "store/turn.h"
#include "tests/unit/http/client.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cmocka.h>

#define ANSWER_BODY "{\"text\":\"Da nhan\"}"
#define ANSWER_HEAD \
	"POST /api/v1/reports/1/answer HTTP/1.1\r\nHost: b\r\nContent-Length: 18\r\n\r\n"
#define ANSWER_REQUEST ANSWER_HEAD ANSWER_BODY
#define HEALTH_REQUEST "GET /healthz HTTP/1.1\r\nHost: b\r\n\r\n"
#define SOME_TURNS     50
#define CONNECTIONS    64 /* that the server takes at a time */

static int setup(void **state)
{
	static struct api api;

	_Static_assert(sizeof(ANSWER_BODY) - 1 == 18, "Content-Length");
	api_open(&api);
	*state = &api;
	return 0;
}

static int teardown(void **state)
{
	api_close(*state);
	return 0;
}

static size_t dialogue_size(struct api *api)
{
	json_t *json = api_json(api, "/api/v1/reports/1", 200);
	size_t n = json_array_size(json_object_get(json, "dialogue"));

	json_decref(json);
	return n;
}

static void read_status(struct client *client, int status)
{
	struct reply reply;

	assert_true(client_read(client, false, &reply));
	assert_int_equal(reply.status, status);
	reply_done(&reply);
}

static void test_answer_waits_for_commit(void **state)
{
	struct api *api = *state;
	struct client client, other;

	api->holds_turns = true;
	client_open(&client, api);
	client_send(&client, ANSWER_REQUEST);
	assert_int_equal(client_turns(&client, SOME_TURNS), 0);
	assert_true(turn_is_open(api->store));
	assert_int_equal(api->wakes, 1);
	/* Others are served meanwhile. */
	client_open(&other, api);
	client_send(&other, HEALTH_REQUEST);
	read_status(&other, 200);
	client_close(&other);
	assert_int_equal(client_turns(&client, SOME_TURNS), 0);
	api->holds_turns = false;
	read_status(&client, 200);
	/* The connection lives on. */
	client_send(&client, HEALTH_REQUEST);
	read_status(&client, 200);
	client_close(&client);
}

static void test_failed_commit_is_503(void **state)
{
	struct api *api = *state;
	size_t before = dialogue_size(api);
	struct reply reply;
	json_t *json;

	api->fail_with = ERR_DISK_FULL;
	api_ask(api, "POST", "/api/v1/reports/1/answer", ANSWER_BODY, &reply);
	assert_int_equal(reply.status, 503);
	json = json_loads(buf_text(&reply.body), 0, NULL);
	assert_string_equal(json_string_value(json_object_get(json, "error")), "DISK_FULL");
	assert_non_null(strstr(json_string_value(json_object_get(json, "message")), "nothing was"));
	json_decref(json);
	reply_done(&reply);
	assert_int_equal(dialogue_size(api), before);
	/* The next one is stored. */
	api_ask(api, "POST", "/api/v1/reports/1/answer", ANSWER_BODY, &reply);
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
	assert_int_equal(dialogue_size(api), before + 1);
}

/* The same with a real disk that takes no byte more. */
static void test_full_disk_is_503(void **state)
{
	struct api *api = *state;
	size_t before = dialogue_size(api);
	struct rlimit none, saved;
	struct reply reply;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &saved), 0);
	none = saved;
	none.rlim_cur = 0;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	api_ask(api, "POST", "/api/v1/reports/1/answer", ANSWER_BODY, &reply);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &saved), 0);
	assert_int_equal(reply.status, 503);
	reply_done(&reply);
	assert_int_equal(dialogue_size(api), before);
}

static void test_client_leaves_while_it_waits(void **state)
{
	struct api *api = *state;
	size_t before = dialogue_size(api);
	struct client client;

	for (int i = 0; i < 3; i++) {
		api->holds_turns = true;
		client_open(&client, api);
		client_send(&client, ANSWER_REQUEST);
		client_turns(&client, SOME_TURNS);
		client_close(&client);
		for (int t = 0; t < SOME_TURNS; t++)
			api_turn(api);
		/* The middle one's commit fails: there is nobody left to tell. */
		api->fail_with = i == 1 ? ERR_DISK_FULL : ERR_OK;
		api->holds_turns = false;
		for (int t = 0; t < SOME_TURNS; t++)
			api_turn(api);
	}
	assert_int_equal(dialogue_size(api), before + 2);
}

static void test_client_leaves_in_the_middle(void **state)
{
	static const char whole[] = ANSWER_REQUEST;
	struct api *api = *state;
	size_t before = dialogue_size(api);
	struct client client;

	for (size_t n = 0; n < sizeof(whole) - 1; n += 3) {
		client_open(&client, api);
		assert_true(client_send_all(&client, whole, n));
		client_close(&client);
		for (int t = 0; t < 5; t++)
			api_turn(api);
	}
	assert_int_equal(dialogue_size(api), before);
}

static void test_close_cuts_what_waits(void **state)
{
	struct api *api = *state;
	struct client client, idle;
	struct reply reply;
	struct errbuf eb = {0};

	api->holds_turns = true;
	client_open(&idle, api);
	client_open(&client, api);
	client_send(&client, ANSWER_REQUEST);
	client_turns(&client, SOME_TURNS);
	assert_true(turn_is_open(api->store));
	assert_true(api_close_http(api));
	assert_false(client_read(&client, false, &reply));
	assert_false(client_read(&idle, false, &reply));
	client_close(&client);
	client_close(&idle);
	/* Nothing of the request is left in the turn's list. */
	api->holds_turns = false;
	assert_int_equal(turn_end(api->store, &eb), ERR_OK);
}

static void test_slow_client(void **state)
{
	static const char whole[] = ANSWER_REQUEST;
	struct api *api = *state;
	struct client slow, other;

	client_open(&slow, api);
	for (size_t i = 0; i < sizeof(whole) - 1; i++) {
		assert_true(client_send_all(&slow, whole + i, 1));
		if (i % 20)
			continue;
		client_open(&other, api);
		client_send(&other, HEALTH_REQUEST);
		read_status(&other, 200);
		client_close(&other);
	}
	read_status(&slow, 200);
	client_close(&slow);
}

static void test_pipelined(void **state)
{
	struct api *api = *state;
	struct client client;

	client_open(&client, api);
	client_send(&client, HEALTH_REQUEST ANSWER_REQUEST HEALTH_REQUEST
		"GET /api/v1/reports/7 HTTP/1.1\r\nHost: b\r\n\r\n" ANSWER_REQUEST);
	read_status(&client, 200);
	read_status(&client, 200);
	read_status(&client, 200);
	read_status(&client, 404);
	read_status(&client, 200);
	client_close(&client);
	assert_int_equal(dialogue_size(api), 3);
}

/* Many writes of one turn are one commit, and each gets its answer. */
static void test_group_commit(void **state)
{
	struct client clients[16];
	struct api *api = *state;
	int64_t commits = turn_stats(api->store).commits;

	api->holds_turns = true;
	for (size_t i = 0; i < ARRAY_LEN(clients); i++) {
		client_open(&clients[i], api);
		client_send(&clients[i], ANSWER_REQUEST);
	}
	client_turns(&clients[0], SOME_TURNS);
	api->holds_turns = false;
	for (size_t i = 0; i < ARRAY_LEN(clients); i++) {
		read_status(&clients[i], 200);
		client_close(&clients[i]);
	}
	assert_true(turn_stats(api->store).commits == commits + 1);
	assert_int_equal(dialogue_size(api), 1 + ARRAY_LEN(clients));
}

static void test_connections_are_limited(void **state)
{
	static struct client clients[CONNECTIONS + 6];
	struct api *api = *state;
	struct client *last = &clients[ARRAY_LEN(clients) - 1];

	for (size_t i = 0; i < CONNECTIONS; i++) {
		client_open(&clients[i], api);
		client_send(&clients[i], HEALTH_REQUEST);
		read_status(&clients[i], 200);
	}
	for (size_t i = CONNECTIONS; i < ARRAY_LEN(clients); i++) {
		client_open(&clients[i], api);
		client_send(&clients[i], HEALTH_REQUEST);
	}
	assert_int_equal(client_turns(last, SOME_TURNS), 0);
	/* Those beyond wait in the backlog until there is room. */
	for (size_t i = 0; i < CONNECTIONS; i++)
		client_close(&clients[i]);
	for (size_t i = CONNECTIONS; i < ARRAY_LEN(clients); i++) {
		read_status(&clients[i], 200);
		client_close(&clients[i]);
	}
}

static void fill(struct buf *out, size_t len)
{
	static const char piece[] =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

	while (len) {
		size_t n = len < sizeof(piece) - 1 ? len : sizeof(piece) - 1;

		assert_int_equal(buf_add(out, piece, n), ERR_OK);
		len -= n;
	}
}

static void test_bodies_are_limited(void **state)
{
	struct api *api = *state;
	struct client client;
	CLEAN_BUF body;

	buf_init(&body, 2 * 1024 * 1024);
	fill(&body, 64 * 1024 + 1);
	api_refused(api, "POST", "/api/v1/reports/1/answer", buf_text(&body), 413, "TOO_BIG");
	api_refused(api, "POST", "/api/v1/nothing", buf_text(&body), 404, "NOT_FOUND");
	/* One that announces more than is ever read is refused before it is sent. */
	client_open(&client, api);
	client_send(&client, "POST /api/v1/zalo/token HTTP/1.1\r\nHost: b\r\n"
			     "Content-Length: 4000000000\r\n\r\n");
	read_status(&client, 413);
	client_close(&client);
	/* One that announces nothing and does not end is cut. */
	client_open(&client, api);
	client_send(&client, "POST /api/v1/zalo/token HTTP/1.1\r\nHost: b\r\n"
			     "Transfer-Encoding: chunked\r\n\r\n10000000\r\n");
	fill(&body, 1024 * 1024);
	client_send_all(&client, body.data, body.len);
	client_turns(&client, SOME_TURNS);
	assert_true(client.is_ended);
	client_close(&client);
	assert_int_equal(api->tokens, 0);
}

static void test_headers_are_limited(void **state)
{
	struct api *api = *state;
	struct client client;
	struct reply reply;
	CLEAN_BUF head;

	buf_init(&head, 128 * 1024);
	assert_int_equal(buf_adds(&head, "GET /healthz HTTP/1.1\r\nHost: b\r\nX: "), ERR_OK);
	fill(&head, 64 * 1024);
	assert_int_equal(buf_adds(&head, "\r\n\r\n"), ERR_OK);
	client_open(&client, api);
	client_send_all(&client, head.data, head.len);
	if (client_read(&client, false, &reply)) {
		assert_in_range(reply.status, 400, 499);
		reply_done(&reply);
	}
	client_close(&client);
	buf_reset(&head);
	assert_int_equal(buf_adds(&head, "GET /"), ERR_OK);
	fill(&head, 64 * 1024);
	client_open(&client, api);
	client_send_all(&client, head.data, head.len);
	if (client_read(&client, false, &reply)) {
		assert_in_range(reply.status, 400, 499);
		reply_done(&reply);
	}
	client_close(&client);
	api_ask(api, "GET", "/healthz", NULL, &reply);
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
}

static void test_nonsense(void **state)
{
	static const char *const texts[] = {"\r\n\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02\x01",
		"GET / HTTP/9.9\r\n\r\n", "GET /healthz HTTP/1.1\r\n\r\n",
		"POST /api/v1/zalo/token HTTP/1.1\r\nHost: b\r\nContent-Length: -1\r\n\r\n",
		"POST /api/v1/zalo/token HTTP/1.1\r\nHost: b\r\nContent-Length: 5, 6\r\n\r\nabcde",
		"POST /api/v1/zalo/token HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\nzz",
		"GET /%00%0d%0a HTTP/1.1\r\nHost: b\r\n\r\n"};
	struct api *api = *state;
	struct client client;
	struct reply reply;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		client_open(&client, api);
		client_send_all(&client, texts[i], strlen(texts[i]));
		client_turns(&client, SOME_TURNS);
		client_close(&client);
	}
	api_ask(api, "GET", "/healthz", NULL, &reply);
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
	assert_int_equal(api->tokens, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_answer_waits_for_commit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failed_commit_is_503, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full_disk_is_503, setup, teardown),
		cmocka_unit_test_setup_teardown(test_client_leaves_while_it_waits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_client_leaves_in_the_middle, setup, teardown),
		cmocka_unit_test_setup_teardown(test_close_cuts_what_waits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slow_client, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pipelined, setup, teardown),
		cmocka_unit_test_setup_teardown(test_group_commit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_connections_are_limited, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bodies_are_limited, setup, teardown),
		cmocka_unit_test_setup_teardown(test_headers_are_limited, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nonsense, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
