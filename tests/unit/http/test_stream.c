/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an open page is told by the clock, in a flood, when it comes back and when it is slow. */
#include "daemon/http/stream.h"

#include "daemon/http/auth_private.h"
#include "store/event.h"
#include "store/turn.h"
#include "tests/unit/http/client.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cmocka.h>

#define WAIT_TURNS 6000 /* of 5 ms: far more than a tick of the streams */

/* What goes by between two ticks. Five such fill the queue to more than the 16182 bytes that
 * libmicrohttpd takes at a time, which ends within a record then. */
#define BATCH	       58
#define BULLETIN_FIRST INT64_C(1000000000000000000)
#define SLOW_BATCHES   20 /* of 3257 bytes: the queue overflows more than once */
#define SLOW_BYTES     ((size_t)500)
/* The queue, as much that libmicrohttpd has on its way, and the socket. */
#define KEPT_MAX (2 * STREAM_QUEUE_BYTES + (size_t)8 * 1024)
#define IDLE_S	 2u
#define CUT_MAX	 80 /* ticks: 20 s, in which nobody is cut off who has HTTP_IDLE_S */

static int setup(void **state)
{
	static struct api api;

	api_open(&api);
	*state = &api;
	return 0;
}

static int teardown(void **state)
{
	api_close(*state);
	return 0;
}

/* Until it was told so; what came before it is taken. Whether that had a reset in it. */
static bool told(struct client *client, const char *text)
{
	for (int i = 0; i < WAIT_TURNS; i++) {
		struct pollfd pfd = {.fd = client->fd, .events = POLLIN};
		const char *at;

		client_turns(client, 1);
		at = client->in.len ? strstr(buf_text(&client->in), text) : NULL;
		if (at) {
			const char *reset = strstr(buf_text(&client->in), "event: reset");
			bool is_reset = reset && reset < at;

			buf_drop(&client->in, (size_t)(at - buf_text(&client->in)) + strlen(text));
			return is_reset;
		}
		assert_false(client->is_ended);
		poll(&pfd, 1, 5);
	}
	print_error("never told %s\n", text);
	fail();
	return false;
}

static void take_id(struct client *client, char *id, size_t bytes)
{
	told(client, "id: ");
	for (int i = 0; i < WAIT_TURNS && !strchr(buf_text(&client->in), '\n'); i++)
		client_turns(client, 1);
	snprintf(id, bytes, "%.*s", (int)strspn(buf_text(&client->in), "0123456789"),
		buf_text(&client->in));
	assert_true(id[0] != 0);
}

static void ask(struct client *client, struct api *api, const char *header, const char *value)
{
	char text[240];

	snprintf(text, sizeof(text),
		"GET /api/v1/events HTTP/1.1\r\nHost: binhyen\r\n%s: %s\r\n\r\n", header, value);
	client_open(client, api);
	client_send(client, text);
}

static void is_open(struct client *client)
{
	told(client, "HTTP/1.1 200");
	told(client, "retry: 2000\n\n");
}

static void listen_from(struct client *client, struct api *api, const char *last_id)
{
	ask(client, api, "Last-Event-ID", last_id);
	is_open(client);
}

static void say(struct api *api)
{
	char line[] = "theft mat xe";

	api_say(api, line);
}

static void flood(struct api *api)
{
	struct errbuf eb = {0};

	for (int i = 0; i <= STREAM_ROWS_MAX; i++)
		assert_int_equal(
			event_add(api->store, "duty.seen", "duty/1", "system", "{}"), ERR_OK);
	assert_int_equal(turn_end(api->store, &eb), ERR_OK);
}

static void record_of(int number, char *record, size_t bytes)
{
	snprintf(record, bytes, "event: bulletin\ndata: {\"bulletin\":%lld}\n\n",
		(long long)(BULLETIN_FIRST + number));
}

/* Each is told by a record of its own. */
static void make_bulletins(struct api *api, int first, int count)
{
	struct errbuf eb = {0};
	char subject[48];

	for (int i = first; i < first + count; i++) {
		snprintf(
			subject, sizeof(subject), "bulletin/%lld", (long long)(BULLETIN_FIRST + i));
		assert_int_equal(
			event_add(api->store, "bulletin.sent", subject, "system", "{}"), ERR_OK);
	}
	assert_int_equal(turn_end(api->store, &eb), ERR_OK);
}

static void test_a_quiet_stream_beats(void **state)
{
	struct api *api = *state;
	struct client client;

	listen_from(&client, api, "");
	for (int i = 0; i < 2; i++) {
		clock_virtual_advance(&api->clock, STREAM_BEAT_MS);
		told(&client, ": \n\n");
	}
	client_close(&client);
}

static void test_a_flood_is_told_as_one_word(void **state)
{
	struct api *api = *state;
	struct client client;

	listen_from(&client, api, "");
	flood(api);
	told(&client, "event: reset");
	told(&client, "id: ");
	/* The next one when its time has come, and what follows is told as ever. */
	flood(api);
	clock_virtual_advance(&api->clock, STREAM_RESET_MS);
	told(&client, "event: reset");
	told(&client, "id: ");
	say(api);
	told(&client, "event: report");
	client_close(&client);
}

static void test_who_comes_back_misses_nothing(void **state)
{
	struct api *api = *state;
	struct client client;
	char id[24];

	listen_from(&client, api, "");
	say(api);
	told(&client, "event: report");
	take_id(&client, id, sizeof(id));
	client_close(&client);
	say(api);
	listen_from(&client, api, id);
	assert_false(told(&client, "event: report\ndata: {\"report\":\""));
	client_close(&client);
	/* Too much has happened since, or it is no place in the log. */
	flood(api);
	listen_from(&client, api, id);
	told(&client, "event: reset");
	client_close(&client);
	listen_from(&client, api, "12x");
	told(&client, "event: reset");
	client_close(&client);
}

/* One tab too many is told so at once, and has room when another is closed. */
static void test_a_session_has_so_many_streams(void **state)
{
	struct api *api = *state;
	struct client clients[STREAMS_EACH_MAX], late;

	for (int i = 0; i < STREAMS_EACH_MAX; i++)
		listen_from(&clients[i], api, "");
	api_refused(api, "GET", "/api/v1/events", NULL, 429, "RATE");
	client_close(&clients[0]);
	listen_from(&late, api, "");
	/* Those that were there before are told as ever. */
	say(api);
	for (int i = 1; i < STREAMS_EACH_MAX; i++)
		told(&clients[i], "event: report");
	told(&late, "event: report");
	for (int i = 1; i < STREAMS_EACH_MAX; i++)
		client_close(&clients[i]);
	client_close(&late);
}

/* ---- a door has so many streams ---------------------------------------------------------------
 */

/* A session as the login leaves it; its token is good as "Bearer TOKEN". */
static void begin(struct api *api, int64_t officer_id, char *bearer, size_t bytes)
{
	char token[SESSION_TOKEN_BYTES];
	struct session *session;
	struct keypair *pair;

	assert_int_equal(keypair_new(&pair), ERR_OK);
	assert_int_equal(session_begin(api->auth->sessions, officer_id, pair, "uid1000", false,
				 token, &session),
		ERR_OK);
	snprintf(bearer, bytes, "Bearer %s", token);
}

static int64_t add_officer(struct api *api, const char *login)
{
	struct errbuf eb = {0};
	int64_t id;

	assert_int_equal(
		officer_add(api->store,
			&(struct officer_new){
				.login = login, .name = login, .role = OFFICER_DUTY, .phone = ""},
			&id),
		ERR_OK);
	assert_int_equal(turn_end(api->store, &eb), ERR_OK);
	return id;
}

/* No session has too many, and yet all of them together do: also a first tab is one too many then.
 */
static void test_a_door_has_so_many_streams(void **state)
{
	struct api *api = *state;
	int64_t duty = add_officer(api, "truc");
	struct client clients[STREAMS_MAX], late;
	char bearer[SESSION_TOKEN_BYTES + 16], other[sizeof(bearer)];
	struct reply reply;
	char record[96];

	begin(api, add_officer(api, "truc2"), other, sizeof(other));
	for (int i = 0; i < STREAMS_MAX; i++) {
		if (i % STREAMS_EACH_MAX == 0)
			begin(api, duty, bearer, sizeof(bearer));
		ask(&clients[i], api, "Authorization", bearer);
		is_open(&clients[i]);
	}
	ask(&late, api, "Authorization", other);
	assert_true(client_read(&late, false, &reply));
	assert_int_equal(reply.status, 429);
	assert_non_null(strstr(buf_text(&reply.body), "\"RATE\""));
	reply_done(&reply);
	client_close(&late);
	client_close(&clients[STREAMS_EACH_MAX]);
	ask(&late, api, "Authorization", other);
	is_open(&late);
	make_bulletins(api, 0, 1);
	record_of(0, record, sizeof(record));
	for (int i = 0; i < STREAMS_MAX; i++) {
		if (i == STREAMS_EACH_MAX)
			continue;
		told(&clients[i], record);
		client_close(&clients[i]);
	}
	told(&late, record);
	client_close(&late);
}

/* ---- a reader that is too slow ----------------------------------------------------------------
 */

/* What is sent into a unix socket counts against its sender, whatever the buffer of the reader: so
 * it is the server's end, found by the name of this one, that gets the least there is. */
static void narrow(struct client *client)
{
	struct sockaddr_un own = {.sun_family = AF_UNIX}, peer;
	socklen_t len = sizeof(own.sun_family), peer_len;
	int found = 0;

	assert_int_equal(bind(client->fd, (struct sockaddr *)&own, len), 0);
	len = sizeof(own);
	assert_int_equal(getsockname(client->fd, (struct sockaddr *)&own, &len), 0);
	for (int fd = 0; fd < 1024; fd++) {
		int bytes = 1;

		peer_len = sizeof(peer);
		if (getpeername(fd, (struct sockaddr *)&peer, &peer_len) != 0 || peer_len != len ||
			memcmp(&peer, &own, len) != 0)
			continue;
		assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)), 0);
		found++;
	}
	assert_int_equal(found, 1);
}

/* One batch, and the next only when the other one has it all: nothing is left out for her. */
static void tell_batch(struct api *api, int batch, struct client *other)
{
	char record[96];

	make_bulletins(api, batch * BATCH, BATCH);
	for (int i = 0; i < BATCH; i++) {
		record_of(batch * BATCH + i, record, sizeof(record));
		assert_false(told(other, record));
	}
}

/* At most so many bytes of what there is. */
static void sip(struct client *client, size_t bytes)
{
	char data[4096];
	ssize_t n = recv(client->fd, data, bytes, 0);

	assert_true(bytes <= sizeof(data));
	if (n > 0)
		assert_int_equal(buf_add(&client->in, data, (size_t)n), ERR_OK);
}

/* What came in chunks behind the first of them, of which only the end is left. */
static void unchunk(const struct client *client, struct buf *ret_body)
{
	const char *at = buf_text(&client->in), *end = at + client->in.len;

	buf_reset(ret_body);
	while (end - at > 2) {
		const char *data = strstr(at + 2, "\r\n");
		size_t len = strtoul(at + 2, NULL, 16);

		assert_memory_equal(at, "\r\n", 2);
		if (!data || len + 2 > (size_t)(end - data))
			return;
		assert_int_equal(buf_add(ret_body, data + 2, len), ERR_OK);
		at = data + 2 + len;
	}
}

/* Each record is whole, and before one is missing it was said to read all anew. How often. */
static int check_records(const char *text)
{
	static const char bulletin[] = "event: bulletin\ndata: {\"bulletin\":";
	static const char reset[] = "event: reset\ndata: {}\n\n";
	int64_t next = BULLETIN_FIRST;
	bool may_miss = false;
	int resets = 0;

	while (*text) {
		const char *end = strstr(text, "\n\n");

		assert_non_null(end);
		if (strncmp(text, bulletin, strlen(bulletin)) == 0) {
			char *tail;
			int64_t id = strtoll(text + strlen(bulletin), &tail, 10);

			assert_true(tail + 1 == end && *tail == '}');
			assert_true(id == next || (may_miss && id > next));
			next = id + 1;
			may_miss = false;
		} else if (strncmp(text, reset, strlen(reset)) == 0) {
			may_miss = true;
			resets++;
		} else {
			assert_int_equal(strncmp(text, "id: ", 4), 0);
			assert_int_equal(strspn(text + 4, "0123456789"), end - text - 4);
		}
		text = end + 2;
	}
	return resets;
}

/* It takes all that there is, up to that text. */
static void take_until(struct client *client, const char *text, struct buf *ret_body)
{
	for (int i = 0; i < WAIT_TURNS; i++) {
		struct pollfd pfd = {.fd = client->fd, .events = POLLIN};

		assert_false(client->is_ended);
		client_turns(client, 1);
		unchunk(client, ret_body);
		if (strstr(buf_text(ret_body), text))
			return;
		poll(&pfd, 1, 5);
	}
	print_error("never told %s\n", text);
	fail();
}

static void test_for_a_slow_reader_only_so_much_is_kept(void **state)
{
	struct api *api = *state;
	struct client slow, other;
	CLEAN_BUF body = {0};
	char id[24], text[96];
	size_t sipped;
	int resets;

	listen_from(&slow, api, "");
	listen_from(&other, api, "");
	narrow(&slow);
	for (int i = 0; i < SLOW_BATCHES; i++) {
		tell_batch(api, i, &other);
		sip(&slow, SLOW_BYTES);
	}
	sipped = slow.in.len;
	buf_init(&body, slow.in.max);
	/* Now it takes what was kept, which is told up to where the other one is, */
	take_id(&other, id, sizeof(id));
	snprintf(text, sizeof(text), "id: %s\n\n", id);
	take_until(&slow, text, &body);
	assert_true(slow.in.len - sipped <= KEPT_MAX);
	resets = check_records(buf_text(&body));
	assert_true(resets > 0);
	/* and hears everything again. */
	tell_batch(api, SLOW_BATCHES, &other);
	take_id(&other, id, sizeof(id));
	snprintf(text, sizeof(text), "id: %s\n\n", id);
	take_until(&slow, text, &body);
	assert_int_equal(check_records(buf_text(&body)), resets);
	record_of(SLOW_BATCHES * BATCH, text, sizeof(text));
	assert_non_null(strstr(buf_text(&body), text));
	client_close(&slow);
	client_close(&other);
}

static bool is_cut_off(const struct client *client)
{
	struct pollfd look = {.fd = client->fd, .events = POLLRDHUP};

	return poll(&look, 1, 0) > 0;
}

/* Who takes nothing at all is no reader: his place is another's. */
static void test_who_takes_nothing_is_cut_off(void **state)
{
	struct api *api = *state;
	struct client slow, others[STREAMS_EACH_MAX];
	struct http_options options = api_options(api);
	struct errbuf eb = {0};
	int batch = 0;

	assert_true(api_close_http(api));
	options.idle_s = IDLE_S;
	assert_int_equal(http_open(&options, &api->http, &eb), ERR_OK);
	listen_from(&slow, api, "");
	listen_from(&others[0], api, "");
	narrow(&slow);
	while (!is_cut_off(&slow)) {
		assert_true(batch < CUT_MAX);
		tell_batch(api, batch++, &others[0]);
	}
	for (int i = 1; i < STREAMS_EACH_MAX; i++)
		listen_from(&others[i], api, "");
	tell_batch(api, batch, &others[0]);
	for (int i = 0; i < STREAMS_EACH_MAX; i++)
		client_close(&others[i]);
	client_close(&slow);
}

#define STREAM_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STREAM_TEST(test_a_quiet_stream_beats),
		STREAM_TEST(test_a_flood_is_told_as_one_word),
		STREAM_TEST(test_who_comes_back_misses_nothing),
		STREAM_TEST(test_a_session_has_so_many_streams),
		STREAM_TEST(test_a_door_has_so_many_streams),
		STREAM_TEST(test_for_a_slow_reader_only_so_much_is_kept),
		STREAM_TEST(test_who_takes_nothing_is_cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
