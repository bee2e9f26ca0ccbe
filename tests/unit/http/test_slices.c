/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables, the register and searches of more reports than one turn of the loop may take: who is
 * answered between their slices, what is committed when, and what becomes of one that nobody waits
 * for. */
#include "daemon/base/str.h"
#include "daemon/http/auth_private.h"
#include "daemon/http/slices.h"
#include "daemon/intake/intake.h"
#include "store/event.h"
#include "store/outbox.h"
#include "store/party.h"
#include "store/report.h"
#include "store/turn.h"
#include "tests/unit/http/client.h"

#include <poll.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define REPORTS	      300 /* besides the fixture's */
#define SOME_TURNS    50
#define MANY_TURNS    20000
#define EXPORT_BODY   "{\"list\":\"reports\",\"year\":2026}"
#define REGISTER_BODY "{\"year\":2026,\"format\":\"csv\"}"
#define SEARCH_BODY   "{\"words\":\"tram bom\",\"limit\":200}"
#define SEARCH_HITS   200
#define STATUS	      "GET /api/v1/status HTTP/1.1\r\nHost: b\r\n\r\n"

static void add_reports(struct api *api, int count)
{
	struct errbuf eb = {0};
	struct report report;
	struct party party;

	assert_int_equal(party_get(api->store, PARTY_PHONE, "+84900000077", &party), ERR_OK);
	for (int i = 0; i < count; i++)
		assert_int_equal(report_add(api->store,
					 &(struct report_new){.party_id = party.id,
						 .source = "modem",
						 .received_ms = API_NOW_MS,
						 .text = "trạm bơm hỏng"},
					 &report),
			ERR_OK);
	assert_int_equal(turn_end(api->store, &eb), ERR_OK);
}

static int setup(void **state)
{
	static struct api api;

	api_open(&api);
	add_reports(&api, REPORTS);
	*state = &api;
	return 0;
}

static int teardown(void **state)
{
	api_close(*state);
	return 0;
}

/* A slice waits a millisecond for its turn. */
static void turn_slowly(struct api *api)
{
	poll(NULL, 0, 1);
	api_turn(api);
}

static void ask(struct client *client, struct api *api, const char *path, const char *body,
	const char *headers)
{
	CLEAN_BUF text = {0};

	buf_init(&text, 4096);
	assert_int_equal(
		buf_addf(&text, "POST %s HTTP/1.1\r\nHost: b\r\n%sContent-Length: %zu\r\n\r\n%s",
			path, headers, strlen(body), body),
		ERR_OK);
	client_open(client, api);
	client_send(client, buf_text(&text));
	for (int i = 0; i < MANY_TURNS && !api->http->slices; i++)
		assert_int_equal(client_turns(client, 1), 0);
	assert_non_null(api->http->slices);
}

static void ask_export(struct client *client, struct api *api)
{
	ask(client, api, "/api/v1/export", EXPORT_BODY, "");
}

static void ask_register(struct client *client, struct api *api)
{
	ask(client, api, "/api/v1/register", REGISTER_BODY, "");
}

static void ask_search(struct client *client, struct api *api)
{
	ask(client, api, "/api/v1/search", SEARCH_BODY, "");
}

static void read_status(struct client *client, int status, struct reply *ret_reply)
{
	assert_true(client_read(client, false, ret_reply));
	assert_int_equal(ret_reply->status, status);
}

static int lines_of(const struct reply *reply)
{
	const char *at = buf_text(&reply->body);
	int count = 0;

	for (; (at = strstr(at, "\r\n")); at += 2)
		count++;
	return count;
}

/* As another process sees the file: what is committed. */
static sqlite3 *open_file(const struct api *api)
{
	char path[128];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/binhyen.db", api->folder);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	return db;
}

#define ENTERED "SELECT count(*) FROM report WHERE entry_no IS NOT NULL"

/* As on a box with officers, where no page was printed yet. */
static void forget_numbers(const struct api *api)
{
	sqlite3 *db = open_file(api);

	assert_int_equal(
		sqlite3_exec(db, "UPDATE report SET entry_no = NULL", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static int64_t committed(const struct api *api, const char *sql)
{
	sqlite3 *db = open_file(api);
	sqlite3_stmt *stmt;
	int64_t value;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return value;
}

static int64_t events(const struct api *api, const char *kind)
{
	char sql[96];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM event WHERE kind = '%s'", kind);
	return committed(api, sql);
}

/* A resident's SMS, of which the modem is told that it is safe once its turn is committed. */
static void text_in(struct api *api, int n)
{
	char id[32], from[20];

	snprintf(id, sizeof(id), "slice/%d", n);
	snprintf(from, sizeof(from), "+8490000%04d", 3000 + n);
	assert_int_equal(intake_accept(api->intake, &(struct inbound){.channel = "modem",
							    .external_id = id,
							    .kind = INBOX_KIND_TEXT,
							    .from_kind = PARTY_PHONE,
							    .from = from,
							    .text = "mat xe o cho"}),
		ERR_OK);
}

/* Reads, writes, and a text with its receipt, one after the other for as long as the other one is
 * not answered. */
static void serve_others_until_answered(struct api *api, struct client *waits, int *ret_served)
{
	static const char receipts[] = "SELECT count(*) FROM outbox WHERE kind = 'receipt'";

	*ret_served = 0;
	while (!client_turns(waits, 0)) {
		int64_t before = committed(api, receipts);
		struct client other;
		struct reply reply;

		text_in(api, *ret_served);
		client_open(&other, api);
		client_send(&other, STATUS);
		read_status(&other, 200, &reply);
		reply_done(&reply);
		client_close(&other);
		assert_int_equal(committed(api, receipts), before + 1);
		*ret_served += !client_turns(waits, 0);
	}
}

static void test_others_are_answered_between_the_slices(void **state)
{
	struct api *api = *state;
	struct client client;
	struct reply reply;
	int served;

	ask_register(&client, api);
	serve_others_until_answered(api, &client, &served);
	assert_true(served > 1);
	read_status(&client, 200, &reply);
	/* Whole, and of what was there when it began: the head, the fixture's and its two changes.
	 */
	assert_true(lines_of(&reply) > REPORTS + 1);
	assert_non_null(strstr(buf_text(&reply.body), "\r\n\"301\",\"301/2026\""));
	reply_done(&reply);
	/* The connection lives on. */
	client_send(&client, STATUS);
	read_status(&client, 200, &reply);
	reply_done(&reply);
	client_close(&client);
	assert_int_equal(events(api, "register.printed"), 1);
	assert_null(api->http->slices);
}

static void test_a_table_is_whole(void **state)
{
	struct api *api = *state;
	struct client client;
	struct reply reply;
	int served;

	ask_export(&client, api);
	serve_others_until_answered(api, &client, &served);
	read_status(&client, 200, &reply);
	/* Head, and each report once; those that came meanwhile behind them. */
	assert_in_range(lines_of(&reply), REPORTS + 2, REPORTS + 3 + served);
	for (int i = 1; i <= REPORTS + 1; i++) {
		char cell[32];

		snprintf(cell, sizeof(cell), "\r\n\"2026-%d\",", i);
		assert_non_null(strstr(buf_text(&reply.body), cell));
		assert_null(strstr(strstr(buf_text(&reply.body), cell) + 1, cell));
	}
	reply_done(&reply);
	client_close(&client);
	assert_int_equal(events(api, "list.exported"), 1);
}

/* Slice by slice, each committed by hand, up to the last, which is not; how many there were. */
static int run_to_the_last(struct api *api, struct client *client)
{
	struct errbuf eb = {0};
	int slices = 0;

	api->holds_turns = true;
	for (int i = 0; i < MANY_TURNS && api->http->slices; i++) {
		if (turn_is_open(api->store)) {
			assert_int_equal(turn_end(api->store, &eb), ERR_OK);
			slices++;
		}
		turn_slowly(api);
		assert_int_equal(client_turns(client, 0), 0);
	}
	assert_null(api->http->slices);
	assert_true(turn_is_open(api->store));
	return slices + 1;
}

/* Numbers are committed before a line is printed, and none of it is told before its event is. */
static void test_numbers_are_committed_first(void **state)
{
	struct api *api = *state;
	struct client client;
	struct reply reply;

	forget_numbers(api);
	assert_int_equal(committed(api, ENTERED), 0);
	ask_register(&client, api);
	assert_true(run_to_the_last(api, &client) > 5);
	assert_int_equal(committed(api, ENTERED), REPORTS + 1);
	assert_int_equal(events(api, "register.printed"), 0);
	assert_int_equal(client_turns(&client, SOME_TURNS), 0);
	api->holds_turns = false;
	read_status(&client, 200, &reply);
	assert_int_equal(events(api, "register.printed"), 1);
	reply_done(&reply);
	client_close(&client);
}

/* The turn of the request itself is committed, that of the first slice not yet. */
static void run_to_the_first(struct api *api)
{
	struct errbuf eb = {0};

	assert_int_equal(turn_end(api->store, &eb), ERR_OK);
	for (int i = 0; i < MANY_TURNS && !turn_is_open(api->store); i++)
		turn_slowly(api);
	assert_true(turn_is_open(api->store));
}

static void assert_nothing_was_stored(struct client *client)
{
	struct reply reply;

	read_status(client, 503, &reply);
	assert_non_null(strstr(buf_text(&reply.body), "DISK_FULL"));
	reply_done(&reply);
	client_close(client);
}

static void test_a_failed_commit_ends_it(void **state)
{
	struct api *api = *state;
	struct client client;

	/* Of the numbers. */
	forget_numbers(api);
	api->holds_turns = true;
	ask_register(&client, api);
	run_to_the_first(api);
	api->fail_with = ERR_DISK_FULL;
	api->holds_turns = false;
	assert_nothing_was_stored(&client);
	assert_null(api->http->slices);
	assert_int_equal(committed(api, ENTERED), 0);
	/* Of the event that it was made. */
	ask_register(&client, api);
	run_to_the_last(api, &client);
	api->fail_with = ERR_DISK_FULL;
	api->holds_turns = false;
	assert_nothing_was_stored(&client);
	assert_int_equal(events(api, "register.printed"), 0);
	ask_export(&client, api);
	run_to_the_last(api, &client);
	api->fail_with = ERR_DISK_FULL;
	api->holds_turns = false;
	assert_nothing_was_stored(&client);
	assert_int_equal(events(api, "list.exported"), 0);
}

static void test_who_leaves_is_not_waited_for(void **state)
{
	static const struct {
		void (*ask)(struct client *client, struct api *api);
		const char *event;
	} jobs[] = {{ask_register, "register.printed"}, {ask_export, "list.exported"},
		{ask_search, "report.searched"}};
	struct api *api = *state;

	for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
		struct client client;

		jobs[i].ask(&client, api);
		client_close(&client);
		for (int t = 0; t < MANY_TURNS && api->http->slices; t++)
			turn_slowly(api);
		assert_null(api->http->slices);
		assert_int_equal(events(api, jobs[i].event), 0);
	}
}

static void test_so_many_at_a_time(void **state)
{
	struct client clients[SLICES_AT_ONCE];
	struct api *api = *state;
	struct reply reply;

	for (size_t i = 0; i < ARRAY_LEN(clients); i++)
		ask_register(&clients[i], api);
	api_refused(api, "POST", "/api/v1/export", EXPORT_BODY, 503, "BUSY");
	api_refused(api, "POST", "/api/v1/register", REGISTER_BODY, 503, "BUSY");
	for (size_t i = 0; i < ARRAY_LEN(clients); i++) {
		read_status(&clients[i], 200, &reply);
		reply_done(&reply);
		client_close(&clients[i]);
	}
	api_ask(api, "POST", "/api/v1/export", EXPORT_BODY, &reply);
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
	assert_int_equal(events(api, "register.printed"), SLICES_AT_ONCE);
}

static void test_closing_in_the_middle(void **state)
{
	struct client clients[SLICES_AT_ONCE];
	struct api *api = *state;
	struct errbuf eb = {0};
	struct reply reply;

	ask_register(&clients[0], api);
	ask_export(&clients[1], api);
	api->holds_turns = true; /* one of them waits for a commit, or both */
	client_turns(&clients[0], 5);
	assert_true(api_close_http(api));
	for (size_t i = 0; i < ARRAY_LEN(clients); i++) {
		assert_false(client_read(&clients[i], false, &reply));
		client_close(&clients[i]);
	}
	api->holds_turns = false;
	assert_int_equal(turn_end(api->store, &eb), ERR_OK);
	assert_int_equal(events(api, "register.printed"), 0);
}

/* ---- searching -------------------------------------------------------------------------------
 */

#define KEPT "SELECT count(*) FROM entry_key"

static size_t hits_of(const struct reply *reply)
{
	json_t *answer = json_loads(buf_text(&reply->body), 0, NULL);
	size_t count = json_array_size(json_object_get(answer, "hits"));

	json_decref(answer);
	return count;
}

static void run_to_the_end(struct api *api)
{
	for (int i = 0; i < MANY_TURNS && api->http->slices; i++)
		turn_slowly(api);
	assert_null(api->http->slices);
}

static void test_a_search_lets_others_through(void **state)
{
	struct api *api = *state;
	struct client client;
	struct reply reply;
	int served;

	ask_search(&client, api);
	serve_others_until_answered(api, &client, &served);
	assert_true(served > 1);
	read_status(&client, 200, &reply);
	assert_int_equal(hits_of(&reply), SEARCH_HITS);
	reply_done(&reply);
	client_close(&client);
	assert_int_equal(events(api, "report.searched"), 1);
}

/* What it brought home is kept behind the answer, some in each turn. */
static void test_keys_are_kept_in_slices(void **state)
{
	struct api *api = *state;
	struct client client;
	struct reply reply;
	int64_t kept = 0;
	int grown = 0;

	ask(&client, api, "/api/v1/search", "{\"words\":\"khong co\"}", "");
	read_status(&client, 200, &reply);
	assert_int_equal(hits_of(&reply), 0);
	reply_done(&reply);
	for (int i = 0; i < MANY_TURNS && api->http->slices; i++) {
		int64_t now;

		turn_slowly(api);
		now = committed(api, KEPT);
		grown += now > kept;
		kept = now;
	}
	assert_null(api->http->slices);
	/* The fixture's as well; an answer may have come behind the first slice. */
	assert_true(committed(api, KEPT) > REPORTS);
	assert_true(grown >= 1);
	client_close(&client);
}

/* One runs at a time, and the next may while the first one's keys are still being kept. */
static void test_one_search_at_a_time(void **state)
{
	struct api *api = *state;
	struct client client, next;
	struct reply reply;

	ask_search(&client, api);
	api_refused(api, "POST", "/api/v1/search", SEARCH_BODY, 503, "BUSY");
	/* Tables have places of their own. */
	api_ask(api, "POST", "/api/v1/export", EXPORT_BODY, &reply);
	assert_int_equal(reply.status, 200);
	reply_done(&reply);
	read_status(&client, 200, &reply);
	reply_done(&reply);
	ask_search(&next, api);
	read_status(&next, 200, &reply);
	assert_int_equal(hits_of(&reply), SEARCH_HITS);
	reply_done(&reply);
	run_to_the_end(api);
	client_close(&client);
	client_close(&next);
}

static void test_a_search_whose_slice_is_not_stored(void **state)
{
	struct api *api = *state;
	struct client client;

	ask_search(&client, api);
	api->fail_after = 3;
	api->fail_with = ERR_DISK_FULL;
	assert_nothing_was_stored(&client);
	run_to_the_end(api);
	assert_int_equal(events(api, "report.searched"), 0);
}

static void test_closing_within_a_search(void **state)
{
	struct api *api = *state;
	struct client client;
	struct errbuf eb = {0};
	struct reply reply;

	ask_search(&client, api);
	/* It waits for the thread, which is told to stop. */
	for (int i = 0; i < MANY_TURNS && !(i ? api->is_closed : api_close_http(api)); i++)
		turn_slowly(api);
	assert_true(api->is_closed);
	assert_false(client_read(&client, false, &reply));
	client_close(&client);
	assert_int_equal(turn_end(api->store, &eb), ERR_OK);
	assert_int_equal(events(api, "report.searched"), 0);
}

/* ---- whose it is -----------------------------------------------------------------------------
 */

/* The box has officers from now on, and one of them is logged in: "Authorization: …". */
static int64_t log_in(struct api *api, enum officer_role role, char *header, size_t bytes)
{
	struct officer_new in = {.login = "can.bo", .name = "Cán bộ", .role = role, .phone = ""};
	char token[SESSION_TOKEN_BYTES];
	struct session *session;
	struct keypair *pair;
	struct errbuf eb = {0};
	int64_t id;

	assert_int_equal(officer_add(api->store, &in, &id), ERR_OK);
	assert_int_equal(turn_end(api->store, &eb), ERR_OK);
	assert_int_equal(keypair_new(&pair), ERR_OK);
	assert_int_equal(
		session_begin(api->auth->sessions, id, pair, "uid1", false, token, &session),
		ERR_OK);
	snprintf(header, bytes, "Authorization: Bearer %s\r\n", token);
	return id;
}

static void end_session(struct api *api, int64_t id)
{
	assert_int_equal(sessions_end_of(api->auth->sessions, id), 1);
}

static void lock(struct api *api, int64_t id)
{
	assert_int_equal(officer_set_state(api->store, id, OFFICER_LOCKED), ERR_OK);
}

static void move_to_the_machine(struct api *api, int64_t id)
{
	struct officer officer;

	assert_int_equal(officer_load(api->store, id, &officer), ERR_OK);
	officer.role = OFFICER_IT;
	assert_int_equal(officer_set(api->store, &officer), ERR_OK);
}

static void let_be(struct api *api, int64_t id)
{
	(void)api;
	(void)id;
}

static void run_while(void **state, void (*happens)(struct api *api, int64_t id), int status)
{
	struct api *api = *state;
	struct client client;
	struct reply reply;
	char header[128];
	int64_t id = log_in(api, OFFICER_CHIEF, header, sizeof(header));

	ask(&client, api, "/api/v1/export", EXPORT_BODY, header);
	happens(api, id);
	read_status(&client, status, &reply);
	assert_int_equal(lines_of(&reply), status == 200 ? REPORTS + 2 : 0);
	assert_int_equal(events(api, "list.exported"), status == 200);
	reply_done(&reply);
	client_close(&client);
}

static void test_who_stays_gets_his_table(void **state)
{
	run_while(state, let_be, 200);
}

static void test_who_logs_out_gets_none(void **state)
{
	run_while(state, end_session, 401);
}

static void test_who_is_locked_gets_none(void **state)
{
	run_while(state, lock, 401);
}

static void test_who_has_another_role_gets_none(void **state)
{
	run_while(state, move_to_the_machine, 401);
}

/* While the thread is at it. */
static void test_who_logs_out_finds_nothing(void **state)
{
	struct api *api = *state;
	struct client client;
	struct reply reply;
	char header[128];
	int64_t id = log_in(api, OFFICER_CHIEF, header, sizeof(header));

	ask(&client, api, "/api/v1/search", SEARCH_BODY, header);
	end_session(api, id);
	read_status(&client, 401, &reply);
	reply_done(&reply);
	client_close(&client);
	run_to_the_end(api);
	assert_int_equal(events(api, "report.searched"), 0);
}

/* Of the office's, which could read all of it when the search began. */
static void test_who_leaves_between_slices_finds_nothing(void **state)
{
	struct api *api = *state;
	struct errbuf eb = {0};
	struct client client;
	struct reply reply;
	char header[128];

	api->holds_turns = true;
	ask_search(&client, api);
	assert_int_equal(turn_end(api->store, &eb), ERR_OK);
	for (int i = 0; i < MANY_TURNS && !turn_is_open(api->store); i++)
		turn_slowly(api);
	assert_true(turn_is_open(api->store)); /* the first slice waits for its commit */
	api->holds_turns = false;
	log_in(api, OFFICER_CHIEF, header, sizeof(header));
	read_status(&client, 401, &reply);
	assert_null(strstr(buf_text(&reply.body), "hỏng"));
	reply_done(&reply);
	client_close(&client);
	run_to_the_end(api);
	assert_int_equal(events(api, "report.searched"), 0);
}

/* Whoever was at the box before it had officers is nobody then. */
static void test_the_office_ends_with_the_first_officer(void **state)
{
	struct api *api = *state;
	struct client client;
	struct reply reply;
	char header[128];

	ask_export(&client, api);
	log_in(api, OFFICER_CHIEF, header, sizeof(header));
	read_status(&client, 401, &reply);
	reply_done(&reply);
	client_close(&client);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_others_are_answered_between_the_slices),
		TEST(test_a_table_is_whole),
		TEST(test_numbers_are_committed_first),
		TEST(test_a_failed_commit_ends_it),
		TEST(test_who_leaves_is_not_waited_for),
		TEST(test_so_many_at_a_time),
		TEST(test_closing_in_the_middle),
		TEST(test_a_search_lets_others_through),
		TEST(test_keys_are_kept_in_slices),
		TEST(test_one_search_at_a_time),
		TEST(test_a_search_whose_slice_is_not_stored),
		TEST(test_closing_within_a_search),
		TEST(test_who_logs_out_finds_nothing),
		TEST(test_who_leaves_between_slices_finds_nothing),
		TEST(test_who_stays_gets_his_table),
		TEST(test_who_logs_out_gets_none),
		TEST(test_who_is_locked_gets_none),
		TEST(test_who_has_another_role_gets_none),
		TEST(test_the_office_ends_with_the_first_officer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
