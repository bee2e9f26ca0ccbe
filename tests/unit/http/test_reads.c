/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a GET tells is of one state of the database, and neither a failure nor a write of its own
 * leaves a transaction behind. */
#include "store/event.h"
#include "store/internal.h"
#include "tests/unit/http/client.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define STATUS "/api/v1/status"

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

/* Another process that writes, before the n-th statement of the connection begins. */
static struct other {
	sqlite3 *db;
	int at, seen;
	bool is_moved;
} other;

static void move_report(void)
{
	char *sql = sqlite3_mprintf(
		"UPDATE report SET state = '%s'", other.is_moved ? "open" : "answered");

	assert_int_equal(sqlite3_exec(other.db, sql, NULL, NULL, NULL), SQLITE_OK);
	other.is_moved = !other.is_moved;
	sqlite3_free(sql);
}

static int before_statement(unsigned kind, void *arg, void *stmt, void *sql)
{
	(void)kind;
	(void)arg;
	(void)stmt;
	(void)sql;
	if (++other.seen == other.at)
		move_report();
	return 0;
}

/* Open, answered and closed reports as the API tells them. */
static int reports_told(struct api *api)
{
	json_t *json = api_json(api, STATUS, 200), *reports = json_object_get(json, "reports"),
	       *count;
	const char *state;
	int sum = 0;

	json_object_foreach (reports, state, count)
		sum += (int)json_integer_value(count);
	json_decref(json);
	return sum;
}

static void test_counts_fit_together_whenever_somebody_writes(void **state)
{
	struct api *api = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/binhyen.db", api->folder);
	assert_int_equal(sqlite3_open_v2(path, &other.db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_equal(reports_told(api), 1);
	sqlite3_trace_v2(api->store->db, SQLITE_TRACE_STMT, before_statement, NULL);
	other.at = 0;
	do {
		other.at++;
		other.seen = 0;
		assert_int_equal(reports_told(api), 1);
		assert_true(sqlite3_get_autocommit(api->store->db));
	} while (other.seen >= other.at);
	/* It asks for more than one thing. */
	assert_true(other.at > 10);
	sqlite3_trace_v2(api->store->db, 0, NULL, NULL);
	sqlite3_close(other.db);
}

static void add_event(struct api *api)
{
	assert_int_equal(event_add(api->store, "test.seen", "", "system", "{}"), ERR_OK);
	assert_int_equal(turn_stats(api->store).failures, 0);
}

static void test_a_read_may_write(void **state)
{
	struct api *api = *state;
	int64_t commits = turn_stats(api->store).commits;
	struct event_head before, after;

	assert_int_equal(event_last(api->store, &before), ERR_OK);
	api->in_status = add_event;
	json_decref(api_json(api, STATUS, 200));
	api->in_status = NULL;
	api_turn(api);
	assert_int_equal(turn_stats(api->store).commits, commits + 1);
	turn_abort(api->store, ERR_IO);
	assert_int_equal(event_last(api->store, &after), ERR_OK);
	assert_int_equal(after.id, before.id + 1);
}

static void test_a_refused_read_leaves_nothing_open(void **state)
{
	static const char *const paths[] = {"/api/v1/reports/77", "/api/v1/reports/x",
		"/api/v1/reports?limit=0", "/api/v1/attachments/99", "/api/v1/polls/5"};
	struct api *api = *state;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct reply reply = {0};

		api_ask(api, "GET", paths[i], NULL, &reply);
		assert_in_range(reply.status, 400, 499);
		reply_done(&reply);
		assert_false(api->store->turn.is_reading);
		assert_true(sqlite3_get_autocommit(api->store->db));
	}
	json_decref(api_post(api, "/api/v1/reports/1/note", "{\"text\":\"x\"}", 200));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_counts_fit_together_whenever_somebody_writes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_read_may_write, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_refused_read_leaves_nothing_open, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
