/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What needs the caller now, on one page: alarms that ring, open reports from the most dangerous
 * and oldest on, clocks that are late or end soon, what waits for somebody of his role, what is
 * down in words, and who is on duty. Each part is left empty for whom it is not.
 */
#include "daemon/http/legal_json.h"

#include "daemon/desk/enrolment.h"
#include "daemon/http/rights.h"
#include "store/alarm.h"
#include "store/bulletin.h"
#include "store/enrolment.h"
#include "store/poll.h"
#include "store/stay.h"

#define ALARMS_LOOKED 20 /* the newest; one that nobody took stays among them for days */
#define REPORTS_SHOWN 50
#define CLOCKS_SHOWN  50
#define CLOCK_DAYS    2
#define WAITING_MAX   200 /* more than that are not counted: somebody begins with the first */

static bool is_one_of(const struct http_request *req, unsigned who)
{
	return (req->caller.who & who) != 0;
}

/* ---- reports and their clocks ----------------------------------------------------------------
 */

struct part {
	struct http_request *req;
	json_t *rows;
	int64_t now_ms;
};

static void alarm_add_row(void *arg, const struct alarm *alarm)
{
	if (alarm->state != ALARM_TAKEN)
		json_array_append_new(arg, json_alarm(alarm));
}

static void report_add_row(void *arg, const struct report *report, enum sight sight)
{
	struct part *part = arg;

	json_array_append_new(part->rows, json_report(part->req, report, sight));
}

static void clock_add_row(void *arg, const struct report_clock *clock)
{
	struct part *part = arg;

	json_array_append_new(part->rows, json_clock(part->req, clock, part->now_ms));
}

static enum err add_reports(struct http_request *req, const struct reader *reader, json_t *today)
{
	struct desk *desk = req->http->options.desk;
	struct part open = {.req = req, .rows = json_array()};
	struct part due = {.req = req, .rows = json_array()};
	int64_t count = 0;
	enum err err = open.rows && due.rows ? ERR_OK : ERR_NOMEM;

	json_object_set_new(today, "reports", open.rows);
	json_object_set_new(today, "clocks", due.rows);
	if (!err && is_one_of(req, WHO_READERS)) {
		err = reading_open(desk, reader, REPORTS_SHOWN, report_add_row, &open);
		if (!err)
			err = reading_count(desk, reader, "open", &count);
		if (!err)
			err = desk_legal_now(desk, &due.now_ms);
		if (!err)
			err = reading_clocks(desk, reader,
				&(struct reading_clocks){due.now_ms + CLOCK_DAYS * DAY_MS,
					CLOCKS_SHOWN, clock_add_row, &due});
	}
	json_object_set_new(today, "open", json_integer(count));
	return err;
}

static enum err add_alarms(struct http_request *req, json_t *today)
{
	json_t *rows = json_array();

	json_object_set_new(today, "alarms", rows);
	if (!rows || !is_one_of(req, WHO_HANDLERS))
		return rows ? ERR_OK : ERR_NOMEM;
	return alarm_list(req->http->options.store, 0, ALARMS_LOOKED, alarm_add_row, rows);
}

/* ---- what waits ------------------------------------------------------------------------------
 */

struct judging {
	const struct http_request *req;
	int64_t count;
};

/* Not by who wrote or submitted it; what is sensitive, by a leader. */
static void bulletin_count(void *arg, const struct bulletin *b)
{
	struct judging *judging = arg;
	int64_t officer_id = judging->req->caller.officer_id;
	bool is_his = officer_id && (b->author_id == officer_id || b->writer_id == officer_id ||
					    b->submitter_id == officer_id);
	bool is_high = b->is_sensitive || b->is_emergency;

	if (!is_his && is_one_of(judging->req, is_high ? WHO_LEADERS : WHO_HANDLERS))
		judging->count++;
}

static enum err bulletins_waiting(struct http_request *req, int64_t *ret_count)
{
	const enum bulletin_state state = BULLETIN_SUBMITTED;
	struct judging judging = {.req = req};
	enum err err = bulletin_list(
		req->http->options.store, &state, 0, WAITING_MAX, bulletin_count, &judging);

	if (!err)
		*ret_count = judging.count;
	return err;
}

/* An area officer's are those of his places. */
static enum err enrolments_waiting(struct http_request *req, int64_t *ret_count)
{
	struct http_options *options = &req->http->options;
	struct enrolment e = {.id = 0};
	int64_t count = 0;
	enum err err = ERR_OK;

	while (!err && count < WAITING_MAX) {
		bool is_his = false;

		err = enrolment_next(options->store, e.id, &e);
		if (!err)
			err = desk_enrolment_is_his(
				options->desk, e.place_id, req->caller.officer_id, &is_his);
		count += !err && is_his;
	}
	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret_count = count;
	return ERR_OK;
}

static enum err polls_waiting(struct http_request *req, int64_t *ret_count)
{
	return poll_waiting(req->http->options.store, ret_count);
}

static enum err stays_waiting(struct http_request *req, int64_t *ret_count)
{
	return stay_waiting(req->http->options.store, ret_count);
}

static const struct {
	const char *kind;
	unsigned who;
	enum err (*count)(struct http_request *req, int64_t *ret_count);
} queues[] = {
	{"bulletins", WHO_HANDLERS, bulletins_waiting},
	{"enrolments", WHO_KEEPERS, enrolments_waiting},
	{"polls", WHO_HANDLERS, polls_waiting},
	{"stays", WHO(CHIEF) | WHO(CLERK), stays_waiting},
};

static enum err add_waiting(struct http_request *req, json_t *today)
{
	json_t *rows = json_array();
	enum err err = rows ? ERR_OK : ERR_NOMEM;

	json_object_set_new(today, "waiting", rows);
	for (size_t i = 0; !err && i < ARRAY_LEN(queues); i++) {
		int64_t count = 0;

		if (is_one_of(req, queues[i].who))
			err = queues[i].count(req, &count);
		if (!err && count)
			json_array_append_new(rows, json_pack("{s:s, s:I}", "kind", queues[i].kind,
							    "count", (json_int_t)count));
	}
	return err;
}

/* ---- the page --------------------------------------------------------------------------------
 */

/* What the box knows of itself is the same for everybody. */
static enum err add_box(struct http_request *req, const struct reader *reader, json_t *today)
{
	static const char *const members[] = {"now", "problems", "duty"};
	enum err err = ERR_OK;
	json_t *status = http_status(&req->http->options, reader, &err);

	for (size_t i = 0; !err && i < ARRAY_LEN(members); i++) {
		if (json_object_set(today, members[i], json_object_get(status, members[i])) != 0)
			err = ERR_NOMEM;
	}
	json_decref(status);
	return err;
}

void today_get(struct http_request *req)
{
	struct reader reader = http_reader(req);
	json_t *today = json_object();
	enum err err = today ? add_box(req, &reader, today) : ERR_NOMEM;

	if (!err)
		err = add_alarms(req, today);
	if (!err)
		err = add_reports(req, &reader, today);
	if (!err)
		err = add_waiting(req, today);
	if (err) {
		json_decref(today);
		http_reply_err(req, err, NULL);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK, today);
}
