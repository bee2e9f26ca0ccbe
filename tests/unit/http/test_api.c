/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each route as its page in openapi.json says, and every way to ask for it wrongly. */
#include "daemon/base/str.h"
#include "store/event.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "store/party.h"
#include "store/turn.h"
#include "tests/unit/http/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

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

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static int64_t add_inbox(struct api *api, const char *external_id, const char *words)
{
	struct inbox_new in = {.channel = "modem",
		.external_id = external_id,
		.kind = INBOX_KIND_TEXT,
		.received_ms = API_NOW_MS,
		.body = words,
		.body_bytes = strlen(words)};
	struct errbuf eb = {0};
	struct party party;
	int64_t id;

	assert_int_equal(party_get(api->store, PARTY_PHONE, API_PHONE, &party), ERR_OK);
	in.party_id = party.id;
	assert_int_equal(inbox_add(api->store, &in, &id), ERR_OK);
	assert_int_equal(turn_end(api->store, &eb), ERR_OK);
	return id;
}

/* No trace of the sender's number or words in an answer. */
static void assert_private(struct api *api, const char *path, bool may_show_words)
{
	struct reply reply;

	api_ask(api, "GET", path, NULL, &reply);
	assert_int_equal(reply.status, 200);
	assert_null(strstr(buf_text(&reply.body), "90000"));
	assert_null(strstr(buf_text(&reply.body), "1234"));
	if (!may_show_words)
		assert_null(strstr(buf_text(&reply.body), "ấp 3"));
	reply_done(&reply);
}

static void test_health(void **state)
{
	json_t *json = api_json(*state, "/healthz", 200);

	assert_string_equal(text_of(json, "status"), "ok");
	json_decref(json);
}

static bool has_problem(const json_t *status, const char *code, const char *subject)
{
	json_t *problem;
	size_t i;

	json_array_foreach (json_object_get(status, "problems"), i, problem) {
		if (str_eq(text_of(problem, "code"), code) &&
			str_eq(text_of(problem, "subject"), subject))
			return true;
	}
	return false;
}

static void test_status(void **state)
{
	json_t *json = api_json(*state, "/api/v1/status", 200);
	json_t *outbox = json_object_get(json, "outbox");

	assert_string_equal(text_of(json, "version"), "0.0.test");
	assert_string_equal(text_of(json, "now"), "2026-11-22T14:05:09+07:00");
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(json, "reports"), "open")), 1);
	assert_true(json_integer_value(json_object_get(outbox, "QUEUED")) > 0);
	assert_true(json_is_integer(json_object_get(outbox, "IN_DOUBT")));
	assert_true(has_problem(json, "MODEM_DOWN", "modem1"));
	assert_false(has_problem(json, "MODEM_DOWN", "modem0"));
	assert_true(has_problem(json, "ZALO_CONSENT", ""));
	assert_true(has_problem(json, "ZALO_UNREACHABLE", ""));
	assert_false(has_problem(json, "QUARANTINE", ""));
	json_decref(json);
}

/* Nobody notices by himself that next year's holidays are missing. */
static void test_the_calendar_ends(void **state)
{
	struct api *api = *state;
	int64_t now_ms = api->clock.wall;
	json_t *json = api_json(api, "/api/v1/status", 200);

	assert_false(has_problem(json, "CALENDAR_ENDS", ""));
	json_decref(json);
	api->clock.wall = INT64_C(1918000000000); /* October 2030 */
	json = api_json(api, "/api/v1/status", 200);
	assert_true(has_problem(json, "CALENDAR_ENDS", ""));
	json_decref(json);
	api->clock.wall = now_ms;
}

static void test_metrics(void **state)
{
	struct reply reply;

	api_ask(*state, "GET", "/metrics", NULL, &reply);
	assert_int_equal(reply.status, 200);
	assert_non_null(strstr(buf_text(&reply.head), "text/plain; version=0.0.4"));
	assert_non_null(strstr(buf_text(&reply.body), "\nbinhyen_reports 1\n"));
	assert_non_null(
		strstr(buf_text(&reply.body), "\nbinhyen_outbox_messages{state=\"IN_DOUBT\"} 0\n"));
	assert_non_null(strstr(buf_text(&reply.body), "\nbinhyen_inbox_messages{state=\"NEW\"} 0"));
	assert_non_null(strstr(buf_text(&reply.body), "\nbinhyen_quarantine_messages 0\n"));
	assert_non_null(strstr(buf_text(&reply.body), "\nbinhyen_commits_total "));
	assert_non_null(strstr(buf_text(&reply.body), "\nbinhyen_wal_bytes "));
	assert_non_null(strstr(buf_text(&reply.body), "\nbinhyen_zalo_reachable 0\n"));
	assert_non_null(strstr(buf_text(&reply.body), "\nbinhyen_zalo_sent_bytes_total 7\n"));
	assert_non_null(strstr(buf_text(&reply.body), "\nbinhyen_zalo_month_received_bytes 12\n"));
	reply_done(&reply);
	assert_private(*state, "/metrics", false);
}

static void test_inbox(void **state)
{
	struct api *api = *state;
	int64_t first = add_inbox(api, "a", API_WORDS), second = add_inbox(api, "b", API_WORDS);
	json_t *json, *row;
	char path[64];

	assert_private(api, "/api/v1/inbox", false);
	json = api_json(api, "/api/v1/inbox?limit=1", 200);
	assert_int_equal(json_array_size(json_object_get(json, "inbox")), 1);
	row = json_array_get(json_object_get(json, "inbox"), 0);
	assert_int_equal(json_integer_value(json_object_get(row, "id")), second);
	assert_string_equal(text_of(row, "channel"), "modem");
	assert_string_equal(text_of(row, "state"), "NEW");
	assert_string_equal(text_of(row, "received"), "2026-11-22T14:05:09+07:00");
	assert_true(json_is_null(json_object_get(row, "sent")));
	assert_int_equal(json_integer_value(json_object_get(json, "next_before")), second);
	json_decref(json);
	snprintf(path, sizeof(path), "/api/v1/inbox?limit=3&before=%lld", (long long)second);
	json = api_json(api, path, 200);
	/* The other is the fixture's. */
	assert_int_equal(json_array_size(json_object_get(json, "inbox")), 2);
	row = json_array_get(json_object_get(json, "inbox"), 0);
	assert_int_equal(json_integer_value(json_object_get(row, "id")), first);
	assert_true(json_is_null(json_object_get(json, "next_before")));
	json_decref(json);
}

static void test_outbox(void **state)
{
	json_t *json = api_json(*state, "/api/v1/outbox", 200);
	json_t *list = json_object_get(json, "outbox"), *row;
	bool has_receipt = false, has_alarm = false;
	size_t i;

	json_array_foreach (list, i, row) {
		assert_string_equal(text_of(row, "state"), "QUEUED");
		assert_string_equal(text_of(row, "report"), "2026-1");
		has_receipt |= str_eq(text_of(row, "kind"), "receipt");
		has_alarm |= str_eq(text_of(row, "lane"), "alarm");
	}
	assert_true(has_receipt);
	assert_true(has_alarm);
	json_decref(json);
	assert_private(*state, "/api/v1/outbox", false);
}

static void test_pages_are_checked(void **state)
{
	static const char *const lists[] = {"inbox", "outbox", "reports"};
	static const char *const queries[] = {"limit=0", "limit=201", "limit=x",
		"limit=", "before=0", "before=-1", "before=99999999999999999999", "limit=%00"};
	char path[128];

	for (size_t l = 0; l < ARRAY_LEN(lists); l++) {
		for (size_t q = 0; q < ARRAY_LEN(queries); q++) {
			snprintf(path, sizeof(path), "/api/v1/%s?%s", lists[l], queries[q]);
			api_refused(*state, "GET", path, NULL, 400, "INVALID");
		}
	}
}

static void test_reports(void **state)
{
	json_t *json = api_json(*state, "/api/v1/reports", 200);
	json_t *row = json_array_get(json_object_get(json, "reports"), 0);

	assert_int_equal(json_array_size(json_object_get(json, "reports")), 1);
	assert_string_equal(text_of(row, "report"), "2026-1");
	assert_string_equal(text_of(row, "state"), "open");
	assert_true(str_starts(text_of(row, "from"), "người gửi #"));
	json_decref(json);
	assert_private(*state, "/api/v1/reports", false);
}

static void test_report(void **state)
{
	static const char *const names[] = {"1", "2026-1"};
	char path[64];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		json_t *json, *entry;

		snprintf(path, sizeof(path), "/api/v1/reports/%s", names[i]);
		json = api_json(*state, path, 200);
		assert_int_equal(json_integer_value(json_object_get(json, "year")), 2026);
		assert_int_equal(json_integer_value(json_object_get(json, "number")), 1);
		entry = json_array_get(json_object_get(json, "dialogue"), 0);
		assert_string_equal(text_of(entry, "kind"), "received");
		assert_string_equal(text_of(entry, "text"), API_WORDS);
		json_decref(json);
		assert_private(*state, path, true);
	}
}

static void test_report_names(void **state)
{
	static const char *const bad[] = {"0", "-1", "x", "2026-", "26-1", "2026-0", "2026-1-1",
		"99999999999", "1.0", "%2e%2e", "2026%2F1"};
	char path[64];

	api_refused(*state, "GET", "/api/v1/reports/2", NULL, 404, "NOT_FOUND");
	api_refused(*state, "GET", "/api/v1/reports/2025-1", NULL, 404, "NOT_FOUND");
	api_refused(
		*state, "POST", "/api/v1/reports/2/answer", "{\"text\":\"a\"}", 404, "NOT_FOUND");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct reply reply;

		snprintf(path, sizeof(path), "/api/v1/reports/%s", bad[i]);
		api_ask(*state, "GET", path, NULL, &reply);
		/* An escaped slash makes it another path, which is not there. */
		assert_true(reply.status == 400 || (reply.status == 404 && strchr(bad[i], 'F')));
		reply_done(&reply);
	}
}

static void test_paths_and_methods(void **state)
{
	static const char *const paths[] = {"/", "/api", "/api/v1", "/api/v1/", "/api/v1/status/",
		"/api/v2/status", "/api/v1/reports/", "/api/v1/reports/1/",
		"/api/v1/reports//answer", "/healthz/../metrics", "/%2e%2e/etc/passwd"};
	struct reply reply;
	char path[400];

	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		api_refused(*state, "GET", paths[i], NULL, 404, "NOT_FOUND");
	memset(path, 'a', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = 0;
	api_refused(*state, "GET", path, NULL, 404, "NOT_FOUND");
	api_refused(*state, "POST", "/api/v1/status", "{}", 405, "UNSUPPORTED");
	api_refused(*state, "PUT", "/api/v1/inbox", "{}", 405, "UNSUPPORTED");
	api_refused(*state, "DELETE", "/api/v1/reports/1", NULL, 405, "UNSUPPORTED");
	api_refused(*state, "GET", "/api/v1/reports/1/answer", NULL, 405, "UNSUPPORTED");
	api_ask(*state, "GET", "/api/v1/zalo/token", NULL, &reply);
	assert_int_equal(reply.status, 405);
	assert_non_null(strstr(buf_text(&reply.head), "\r\nAllow: POST\r\n"));
	reply_done(&reply);
	api_ask(*state, "DELETE", "/api/v1/reports/1", NULL, &reply);
	assert_non_null(strstr(buf_text(&reply.head), "\r\nAllow: GET, HEAD\r\n"));
	reply_done(&reply);
}

static void test_head(void **state)
{
	struct client client;
	struct reply reply;

	client_open(&client, *state);
	/* The second reply starts where the first ends only if that has no body. */
	client_send(&client, "HEAD /api/v1/reports/1 HTTP/1.1\r\nHost: b\r\n\r\n"
			     "HEAD /api/v1/reports/9 HTTP/1.1\r\nHost: b\r\n\r\n"
			     "HEAD /api/v1/zalo/token HTTP/1.1\r\nHost: b\r\n\r\n");
	assert_true(client_read(&client, true, &reply));
	assert_int_equal(reply.status, 200);
	assert_non_null(strstr(buf_text(&reply.head), "Content-Length: "));
	reply_done(&reply);
	assert_true(client_read(&client, true, &reply));
	assert_int_equal(reply.status, 404);
	reply_done(&reply);
	assert_true(client_read(&client, true, &reply));
	assert_int_equal(reply.status, 405);
	reply_done(&reply);
	client_close(&client);
}

static void test_reads_open_no_transaction(void **state)
{
	static const char *const paths[] = {"/healthz", "/metrics", "/api/v1/status",
		"/api/v1/inbox", "/api/v1/outbox", "/api/v1/reports", "/api/v1/reports/1",
		"/api/v1/reports/99", "/api/v1/nothing"};
	struct api *api = *state;
	int64_t commits = turn_stats(api->store).commits;
	struct reply reply;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		api_ask(api, "GET", paths[i], NULL, &reply);
		reply_done(&reply);
	}
	assert_int_equal(api->open_turns, 0);
	assert_int_equal(api->wakes, 0);
	assert_true(turn_stats(api->store).commits == commits);
}

static void test_answer(void **state)
{
	struct api *api = *state;
	json_t *json, *entry;
	int64_t outbox_id;

	json = api_post(api, "/api/v1/reports/1/answer",
		"{\"text\":\"Da cu luc luong den, xin giu lien lac.\"}", 200);
	assert_string_equal(text_of(json, "report"), "2026-1");
	assert_string_equal(text_of(json, "state"), "QUEUED");
	outbox_id = json_integer_value(json_object_get(json, "outbox_id"));
	assert_true(outbox_id > 0);
	json_decref(json);
	assert_int_equal(api->wakes, 1);
	json = api_json(api, "/api/v1/reports/1", 200);
	assert_string_equal(text_of(json, "state"), "answered");
	entry = json_array_get(json_object_get(json, "dialogue"), 1);
	assert_string_equal(text_of(entry, "kind"), "answer");
	assert_string_equal(text_of(entry, "outbox_state"), "QUEUED");
	assert_int_equal(json_integer_value(json_object_get(entry, "outbox_id")), outbox_id);
	json_decref(json);
}

static void test_answer_is_composed(void **state)
{
	json_t *json, *entry;

	/* "Ấ" as A, circumflex, acute: stored as one character; the bell is gone. */
	json = api_post(*state, "/api/v1/reports/1/answer",
		"{\"text\":\"A\xcc\x82\xcc\x81p 3\\u0007\"}", 200);
	json_decref(json);
	json = api_json(*state, "/api/v1/reports/1", 200);
	entry = json_array_get(json_object_get(json, "dialogue"), 1);
	assert_string_equal(text_of(entry, "text"), "Ấp 3");
	json_decref(json);
}

static void test_answer_bodies(void **state)
{
	static const char *const bad[] = {"", "{", "[]", "null", "\"text\"", "{}", "{\"text\":1}",
		"{\"text\":null}", "{\"text\":\"\"}", "{\"text\":\" \\n\\t \"}",
		"{\"text\":\"\\u0007\"}", "{\"text\":\"a\",\"text\":\"b\"}",
		"{\"text\":\"a\",\"urgent\":true}", "{\"text\":\"a\"} x", "{\"text\":\"\xff\"}",
		"{\"text\":\"\xed\xa0\x80\"}", "{\"text\":\"a\\u0000b\"}", "text=a"};
	struct api *api = *state;
	CLEAN_BUF body;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		api_refused(api, "POST", "/api/v1/reports/1/answer", bad[i], 400, "INVALID");
	buf_init(&body, 8192);
	assert_int_equal(buf_adds(&body, "{\"text\":\""), ERR_OK);
	for (int i = 0; i < 4001; i++)
		assert_int_equal(buf_adds(&body, "a"), ERR_OK);
	assert_int_equal(buf_adds(&body, "\"}"), ERR_OK);
	api_refused(api, "POST", "/api/v1/reports/1/answer", buf_text(&body), 413, "TOO_BIG");
	assert_int_equal(api->wakes, 0);
}

static void test_token(void **state)
{
	struct api *api = *state;
	struct reply reply;

	api_ask(api, "POST", "/api/v1/zalo/token",
		"{\"access_token\":\"secret-a\",\"refresh_token\":\"secret-r\"}", &reply);
	assert_int_equal(reply.status, 200);
	assert_null(strstr(buf_text(&reply.body), "secret"));
	reply_done(&reply);
	assert_int_equal(api->tokens, 1);
	assert_int_equal(api->wakes, 1);
	api_ask(api, "POST", "/api/v1/zalo/token", "{\"access_token\":\"secret-a\" \"x\"}", &reply);
	assert_int_equal(reply.status, 400);
	assert_null(strstr(buf_text(&reply.body), "secret"));
	reply_done(&reply);
	api_refused(api, "POST", "/api/v1/zalo/token", "[]", 400, "INVALID");
	assert_int_equal(api->tokens, 1);
}

/* What a refused write had written before it was refused is undone. */
static void test_refused_write_leaves_nothing(void **state)
{
	struct api *api = *state;
	int64_t before, after, bad;

	assert_int_equal(event_verify(api->store, &before, &bad), ERR_OK);
	api_refused(api, "POST", "/api/v1/zalo/token", "{\"refresh_token\":\"r\"}", 400, "INVALID");
	api_turn(api);
	assert_int_equal(event_verify(api->store, &after, &bad), ERR_OK);
	assert_true(after == before);
	assert_int_equal(api->tokens, 1);
	assert_int_equal(api->wakes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_health, setup, teardown),
		cmocka_unit_test_setup_teardown(test_status, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_calendar_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(test_metrics, setup, teardown),
		cmocka_unit_test_setup_teardown(test_inbox, setup, teardown),
		cmocka_unit_test_setup_teardown(test_outbox, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pages_are_checked, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reports, setup, teardown),
		cmocka_unit_test_setup_teardown(test_report, setup, teardown),
		cmocka_unit_test_setup_teardown(test_report_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_paths_and_methods, setup, teardown),
		cmocka_unit_test_setup_teardown(test_head, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reads_open_no_transaction, setup, teardown),
		cmocka_unit_test_setup_teardown(test_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_answer_is_composed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_answer_bodies, setup, teardown),
		cmocka_unit_test_setup_teardown(test_token, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused_write_leaves_nothing, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
