/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an open page is told by the clock, in a flood, and when it comes back. */
#include "daemon/http/stream.h"

#include "store/event.h"
#include "store/turn.h"
#include "tests/unit/http/client.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define WAIT_TURNS 6000 /* of 5 ms: far more than a tick of the streams */

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

static void listen_from(struct client *client, struct api *api, const char *last_id)
{
	char text[160];

	snprintf(text, sizeof(text),
		"GET /api/v1/events HTTP/1.1\r\nHost: binhyen\r\nLast-Event-ID: %s\r\n\r\n",
		last_id);
	client_open(client, api);
	client_send(client, text);
	told(client, "HTTP/1.1 200");
	told(client, "retry: 2000\n\n");
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
	told(&client, "id: ");
	for (int i = 0; i < WAIT_TURNS && !strchr(buf_text(&client.in), '\n'); i++)
		client_turns(&client, 1);
	snprintf(id, sizeof(id), "%.*s", (int)strspn(buf_text(&client.in), "0123456789"),
		buf_text(&client.in));
	assert_true(id[0] != 0);
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

#define STREAM_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STREAM_TEST(test_a_quiet_stream_beats),
		STREAM_TEST(test_a_flood_is_told_as_one_word),
		STREAM_TEST(test_who_comes_back_misses_nothing),
		STREAM_TEST(test_a_session_has_so_many_streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
