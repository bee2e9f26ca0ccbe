/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole picture on one page: what main and relay know (modems, Zalo, versions), what the store
 * counts, and in words what is wrong.
 */
#include "daemon/http/auth.h"
#include "daemon/http/resources.h"

#include "daemon/base/date.h"
#include "daemon/desk/legal.h"
#include "daemon/desk/procedure.h"
#include "daemon/intake/intake.h"
#include "daemon/intake/procedure_find.h"
#include "store/enrolment.h"
#include "store/escrow.h"
#include "store/poll.h"
#include "store/stay.h"
#include "store/turn.h"

#include <limits.h>

static json_t *store_json(struct store *store, enum err *ret_err)
{
	struct turn_stats turns = turn_stats(store);
	struct store_sizes sizes;
	int64_t quarantine;
	enum err err;

	err = store_sizes(store, &sizes);
	if (err == ERR_OK)
		err = quarantine_count(store, &quarantine);
	if (err != ERR_OK) {
		*ret_err = err;
		return NULL;
	}
	return json_pack("{s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "schema",
		store_schema_version(store), "database_bytes", (json_int_t)sizes.database_bytes,
		"wal_bytes", (json_int_t)sizes.wal_bytes, "free_bytes",
		(json_int_t)sizes.free_bytes, "quarantine", (json_int_t)quarantine, "commits",
		(json_int_t)turns.commits, "commit_failures", (json_int_t)turns.failures,
		"last_commit_us", (json_int_t)turns.last_commit_us, "max_commit_us",
		(json_int_t)turns.max_commit_us);
}

#define COARSE_BYTES (64 * 1024 * 1024)

/* "At least" of what is free, "less than" of what is used. */
static void blur(json_t *store, const char *name, int more)
{
	json_int_t steps = json_integer_value(json_object_get(store, name)) / COARSE_BYTES;

	json_object_set_new(store, name, json_integer((steps + more) * COARSE_BYTES));
}

/* Each report that is kept from an officer is a commit, and some bytes, at the moment it comes in
 * and whenever somebody works on it: he could watch for those that nothing in his lists explains.
 * Whoever looks after the machine, and reads no list of reports, sees them as they are. */
static void blur_store(const struct reader *reader, json_t *store)
{
	static const char *const hidden[] = {
		"wal_bytes", "commits", "last_commit_us", "max_commit_us"};

	if (!reader->officer_id || reader->role == OFFICER_IT)
		return;
	blur(store, "database_bytes", 1);
	blur(store, "free_bytes", 0);
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		json_object_set_new(store, hidden[i], json_null());
}

static json_t *reports_json(struct desk *desk, const struct reader *reader, enum err *ret_err)
{
	static const char *const states[] = {"open", "answered", "closed"};
	json_t *object = json_object();
	int64_t count;
	enum err err = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(states) && err == ERR_OK; i++) {
		err = reading_count(desk, reader, states[i], &count);
		if (err == ERR_OK)
			json_object_set_new(object, states[i], json_integer(count));
	}
	if (err != ERR_OK) {
		json_decref(object);
		*ret_err = err;
		return NULL;
	}
	return object;
}

struct leaders {
	int chiefs, chairmen;
};

static void leader_count(void *arg, const struct officer *officer)
{
	struct leaders *leaders = arg;
	bool is_in = officer->state == OFFICER_ACTIVE && officer->has_key;

	leaders->chiefs += is_in && officer->role == OFFICER_CHIEF;
	leaders->chairmen += is_in && officer->role == OFFICER_CHAIRMAN;
}

/* Without officers nobody misses anybody. */
static json_t *officers_json(const struct http_options *options, enum err *ret_err)
{
	bool is_claimed = options->auth && auth_is_claimed(options->auth), is_checked = false;
	struct leaders leaders = {.chiefs = 0};
	json_t *object = json_pack("{s:b, s:i}", "is_claimed", (int)is_claimed, "logged_in",
		is_claimed ? auth_logged_in(options->auth) : 0);
	enum err err = ERR_OK;

	if (!is_claimed)
		return object;
	err = officer_list(options->store, 0, INT_MAX, leader_count, &leaders);
	if (!err)
		err = escrow_is_checked(options->store, &is_checked);
	if (err)
		*ret_err = err;
	json_object_set_new(object, "chiefs", json_integer(leaders.chiefs));
	json_object_set_new(object, "chairmen", json_integer(leaders.chairmen));
	json_object_set_new(object, "is_escrow_checked", json_boolean(is_checked));
	return object;
}

/* How far the calendar of working days goes. */
static json_t *law_json(const struct desk *desk, int64_t now_ms)
{
	const struct law *law = desk_law(desk);
	int64_t last;

	if (!law)
		return json_null();
	last = date_day((struct date){calendar_last_year(law->calendar), 12, 31});
	return json_pack("{s:i, s:I}", "calendar_year", calendar_last_year(law->calendar),
		"calendar_days", (json_int_t)(last - calendar_day(law->calendar, now_ms)));
}

static json_t *procedures_json(const struct http_options *options)
{
	const struct procedure_index *index = options->intake ? intake_procedures(options->intake)
							      : NULL;
	struct desk_procedures_state state;

	if (!index)
		return json_null();
	desk_procedures_state(options->desk, procedure_index_entries(index), &state);
	return json_pack("{s:i, s:i, s:s}", "expired", state.expired, "ends_soon", state.soon,
		"first", state.first);
}

/* Counts only: who waits is for those whose work it is. */
static json_t *waiting_json(struct store *store, enum err *ret_err)
{
	int64_t stays = 0, enrolments = 0, polls = 0;

	*ret_err = stay_waiting(store, &stays);
	if (!*ret_err)
		*ret_err = enrolment_count(store, &enrolments);
	if (!*ret_err)
		*ret_err = poll_waiting(store, &polls);
	return json_pack("{s:I, s:I, s:I}", "stays", (json_int_t)stays, "enrolments",
		(json_int_t)enrolments, "polls", (json_int_t)polls);
}

json_t *http_status(
	const struct http_options *options, const struct reader *reader, enum err *ret_err)
{
	struct store *store = options->store;
	json_t *status = options->status ? options->status(options->arg) : json_object();
	enum err err = ERR_OK;

	json_object_set_new(status, "now", json_time(clock_wall_ms(store_clock(store))));
	json_object_set_new(status, "notice", json_notice());
	json_object_set_new(status, "officers", officers_json(options, &err));
	if (err == ERR_OK)
		json_object_set_new(status, "store", store_json(store, &err));
	if (err == ERR_OK)
		json_object_set_new(status, "reports", reports_json(options->desk, reader, &err));
	if (err == ERR_OK)
		json_object_set_new(
			status, "inbox", json_inbox_counts(options->desk, reader, &err));
	if (err == ERR_OK)
		json_object_set_new(
			status, "outbox", json_outbox_counts(options->desk, reader, &err));
	if (err == ERR_OK)
		json_object_set_new(status, "groups", json_groups(store, &err));
	if (err == ERR_OK)
		json_object_set_new(status, "feeds", json_feeds(store, &err));
	if (err == ERR_OK)
		json_object_set_new(status, "duty", json_duty(options->desk, store, &err));
	if (err == ERR_OK)
		json_object_set_new(status, "audit",
			json_audit(store, reader, json_object_get(status, "audit"), &err));
	json_object_set_new(
		status, "law", law_json(options->desk, clock_wall_ms(store_clock(store))));
	json_object_set_new(status, "procedures", procedures_json(options));
	if (err == ERR_OK)
		json_object_set_new(status, "waiting", waiting_json(store, &err));
	if (err == ERR_OK && json_object_set_new(status, "problems", problems_find(status)) != 0)
		err = ERR_NOMEM;
	if (err != ERR_OK) {
		json_decref(status);
		*ret_err = err;
		return NULL;
	}
	/* Problems are found in what is, as everybody is told them. */
	blur_store(reader, json_object_get(status, "store"));
	return status;
}

void status_get(struct http_request *req)
{
	struct reader reader = http_reader(req);
	enum err err = ERR_OK;
	json_t *status = http_status(&req->http->options, &reader, &err);

	if (status)
		http_reply_json(req, MHD_HTTP_OK, status);
	else
		http_reply_err(req, err, NULL);
}
