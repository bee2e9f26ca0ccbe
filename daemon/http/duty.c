/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is on duty, the roster that says so, and the alarms that somebody has to take on. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/alarm.h"
#include "daemon/desk/roster_text.h"
#include "gateway/sms_text.h"
#include "store/event.h"
#include "store/officer.h"

#include <stdlib.h>
#include <string.h>

#define NOTE_MAX      1000
#define ERRORS_MAX    50
#define UNANSWERED_MS DAY_MS

/* ---- who is on duty --------------------------------------------------------------------------
 */

static json_t *officer_json(struct store *store, int64_t id)
{
	struct officer officer;

	if (!id || officer_load(store, id, &officer))
		return json_null();
	return json_string(officer.login);
}

static json_t *watch_json(struct store *store, const struct roster_watch *watch)
{
	json_t *list = json_array();

	for (int i = 0; i < watch->count; i++) {
		struct officer officer;

		if (officer_load(store, watch->posts[i].officer_id, &officer))
			continue;
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:i, s:b}", "officer", officer.login, "name",
				      officer.name, "rank", watch->posts[i].rank, "has_phone",
				      (int)officer.has_phone));
	}
	return list;
}

static json_t *gaps_json(const struct roster *roster, int64_t now_ms)
{
	struct roster_gap gaps[ROSTER_GAPS_MAX];
	int count = roster->count ? roster_gaps(roster, now_ms, gaps) : 0;
	json_t *list = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(
			list, json_pack("{s:o, s:o}", "from", json_time(gaps[i].from_ms), "to",
				      json_time(gaps[i].to_ms)));
	return list;
}

json_t *json_duty(struct desk *desk, struct store *store, enum err *ret_err)
{
	int64_t now_ms = clock_wall_ms(store_clock(store)), ringing, unanswered, next_ms;
	CLEANUP(cleanup_free) void *memory = NULL;
	struct roster *roster = NULL;
	struct roster_watch watch;
	bool is_nobody = false;
	enum err err = alarm_counts(store, now_ms - UNANSWERED_MS, &ringing, &unanswered);

	if (!err)
		err = desk_roster(desk, &roster);
	memory = roster;
	if (!err)
		err = alarm_nobody_on_duty(desk, roster, &is_nobody);
	if (err) {
		*ret_err = err;
		return NULL;
	}
	roster_at(roster, now_ms, &watch);
	next_ms = roster_next_change(roster, now_ms);
	return json_pack("{s:b, s:b, s:o, s:o, s:o, s:I, s:I}", "has_roster", roster->count > 0,
		"is_nobody", (int)is_nobody, "on_duty", watch_json(store, &watch), "until",
		next_ms == INT64_MAX ? json_null() : json_time(next_ms), "gaps",
		gaps_json(roster, now_ms), "alarms_ringing", (json_int_t)ringing,
		"alarms_unanswered", (json_int_t)unanswered);
}

void duty_get(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	enum err err = ERR_OK;
	json_t *duty = json_duty(options->desk, options->store, &err);

	if (err)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK, duty);
}

/* ---- the roster ------------------------------------------------------------------------------
 */

static json_t *shift_json(struct store *store, const struct duty_shift *shift)
{
	char day[ROSTER_DAY_BYTES], from[ROSTER_TIME_BYTES], to[ROSTER_TIME_BYTES];

	roster_day_format(shift, day);
	roster_time_format(shift->minute, from);
	roster_time_format(shift->minute + shift->minutes, to);
	return json_pack("{s:s, s:s, s:s, s:i, s:o, s:o}", "day", day, "from", from, "to", to,
		"rank", shift->rank, "officer", officer_json(store, shift->officer_id),
		"instead_of", officer_json(store, shift->instead_id));
}

void roster_get(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	CLEANUP(cleanup_free) void *memory = NULL;
	struct roster *roster = NULL;
	json_t *list = json_array();
	enum err err = desk_roster(options->desk, &roster);

	memory = roster;
	for (int i = 0; !err && i < roster->count; i++)
		json_array_append_new(list, shift_json(options->store, &roster->shifts[i]));
	if (err) {
		json_decref(list);
		http_reply_err(req, err, NULL);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK, json_pack("{s:o}", "shifts", list));
}

struct import {
	struct store *store;
	struct roster *before, *after;
	json_t *errors;
};

static bool is_same(const struct duty_shift *a, const struct duty_shift *b)
{
	return a->officer_id == b->officer_id && a->weekday == b->weekday && a->day == b->day &&
	       a->minute == b->minute && a->minutes == b->minutes && a->rank == b->rank &&
	       a->instead_id == b->instead_id;
}

static int count_in(const struct roster *roster, const struct duty_shift *shift)
{
	int count = 0;

	for (int i = 0; i < roster->count; i++)
		count += is_same(&roster->shifts[i], shift);
	return count;
}

static const char *cell(const json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	return text ? text : "";
}

static enum err take_row(struct import *in, const json_t *row, size_t index)
{
	struct errbuf eb = {0};
	struct duty_shift shift = {0};
	enum err err = roster_row_parse(in->store,
		&(struct roster_row){.day = cell(row, "day"),
			.from = cell(row, "from"),
			.to = cell(row, "to"),
			.rank = cell(row, "rank"),
			.officer = cell(row, "officer"),
			.instead_of = cell(row, "instead_of")},
		&shift, &eb);

	if (!err && count_in(in->after, &shift))
		err = errbuf_set(&eb, ERR_INVALID, "the same shift stands here twice");
	if (!err) {
		in->after->shifts[in->after->count++] = shift;
		return ERR_OK;
	}
	if (err != ERR_INVALID && err != ERR_NOT_FOUND)
		return err;
	if (json_array_size(in->errors) < ERRORS_MAX)
		json_array_append_new(in->errors,
			json_pack("{s:i, s:s, s:s}", "row", (int)index + 1, "message",
				errbuf_en(&eb, err), "message_vi", errbuf_vi(&eb, err)));
	return ERR_OK;
}

static enum err store_rows(
	struct http_request *req, const struct import *in, int added, int removed)
{
	int64_t today = clock_local_day(clock_wall_ms(store_clock(in->store)));
	char data[96];
	enum err err = duty_replace(in->store, in->after->shifts, in->after->count, today - 1);

	snprintf(data, sizeof(data), "{\"shifts\":%d,\"added\":%d,\"removed\":%d}",
		in->after->count, added, removed);
	return err ? err : event_add(in->store, "roster.changed", "", req->actor, data);
}

static enum err take_rows(struct http_request *req, struct import *in, const json_t *rows,
	bool is_trial, json_t **ret_answer)
{
	int added = 0, removed = 0;
	const json_t *row;
	size_t i;
	enum err err = ERR_OK;

	json_array_foreach (rows, i, row) {
		if (!err)
			err = take_row(in, row, i);
	}
	for (int k = 0; k < in->after->count; k++)
		added += !count_in(in->before, &in->after->shifts[k]);
	for (int k = 0; k < in->before->count; k++)
		removed += !count_in(in->after, &in->before->shifts[k]);
	if (!err && !is_trial && !json_array_size(in->errors))
		err = store_rows(req, in, added, removed);
	if (err)
		return err;
	*ret_answer = json_pack("{s:b, s:i, s:i, s:i, s:O, s:o}", "is_stored",
		!is_trial && !json_array_size(in->errors), "added", added, "removed", removed,
		"same", in->after->count - added, "errors", in->errors, "gaps",
		gaps_json(in->after, clock_wall_ms(store_clock(in->store))));
	return *ret_answer ? ERR_OK : ERR_NOMEM;
}

enum err roster_import(
	struct http_request *req, const json_t *body, json_t **ret_answer, struct errbuf *eb)
{
	const json_t *rows = json_object_get(body, "rows"),
		     *trial = json_object_get(body, "dry_run");
	struct import in = {.store = req->http->options.store};
	enum err err;

	if (!json_is_array(rows) || (trial && !json_is_boolean(trial)) ||
		json_object_size(body) != (size_t)1 + (trial != NULL))
		return errbuf_set(eb, ERR_INVALID,
			"the body must be {\"rows\": [...], \"dry_run\": true or false}");
	if (json_array_size(rows) > DUTY_SHIFTS_MAX)
		return errbuf_set(
			eb, ERR_TOO_BIG, "a roster has at most %d shifts", DUTY_SHIFTS_MAX);
	/* The same holidays, other shifts. */
	err = desk_roster(req->http->options.desk, &in.before);
	if (!err)
		err = desk_roster(req->http->options.desk, &in.after);
	in.errors = json_array();
	if (!err && !in.errors)
		err = ERR_NOMEM;
	if (!err) {
		in.after->count = 0;
		err = take_rows(req, &in, rows, json_is_true(trial), ret_answer);
	}
	json_decref(in.errors);
	free(in.before);
	free(in.after);
	return err;
}

void roster_post(struct http_request *req)
{
	struct errbuf eb = {0};
	json_t *body = NULL, *answer = NULL;
	enum err err = http_body_object(req, &body, &eb);

	if (!err)
		err = roster_import(req, body, &answer, &eb);
	json_decref(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK, answer);
}

/* ---- alarms ----------------------------------------------------------------------------------
 */

json_t *json_alarm(const struct alarm *alarm)
{
	return json_pack("{s:I, s:i, s:s, s:b, s:i, s:o, s:o, s:o, s:s?}", "id",
		(json_int_t)alarm->id, "number", alarm->number, "state",
		alarm_state_text(alarm->state), "is_noisy", (int)alarm->is_noisy, "step",
		alarm->step, "began", json_time(alarm->began_ms), "next", json_time(alarm->next_ms),
		"taken", json_time(alarm->taken_ms), "taken_by",
		alarm->taken_by[0] ? alarm->taken_by : NULL);
}

static void alarm_row(void *arg, const struct alarm *alarm)
{
	http_list_add(arg, alarm->id, json_alarm(alarm));
}

void alarms_get(struct http_request *req)
{
	struct http_list list;

	if (http_list_begin(&list, req, "alarms"))
		http_list_end(&list, alarm_list(list.store, list.page.before, list.page.limit,
					     alarm_row, &list));
}

/* {"note":"..."}, or {}. */
static enum err note_of_body(struct http_request *req, struct buf *note, struct errbuf *eb)
{
	json_t *body;
	const json_t *text;
	enum err err = http_body_object(req, &body, eb);

	if (err)
		return err;
	text = json_object_get(body, "note");
	if (json_object_size(body) != (text ? 1u : 0u) || (text && !json_is_string(text)))
		err = errbuf_set(eb, ERR_INVALID, "the body must be {\"note\": \"...\"} or {}");
	else if (text && json_string_length(text) > NOTE_MAX)
		err = errbuf_set(eb, ERR_TOO_BIG, "the note is longer than %d bytes", NOTE_MAX);
	else if (text)
		err = sms_text_normalize(json_string_value(text), note);
	json_decref(body);
	return err;
}

static const char *note_text(const struct buf *note)
{
	return note->len ? buf_text(note) : "";
}

static enum err take_alarm(struct http_request *req, struct errbuf *eb)
{
	struct http_options *options = &req->http->options;
	CLEAN_BUF note = {0};
	struct alarm alarm;
	int64_t number = 0;
	enum err err;

	buf_init(&note, 2 * NOTE_MAX);
	err = note_of_body(req, &note, eb);
	if (!err && str_to_int64(req->param, ALARM_NUMBER_MIN, ALARM_NUMBER_MAX, &number))
		err = errbuf_set(
			eb, ERR_INVALID, "an alarm is named by its number of three digits");
	if (err)
		return err;
	err = alarm_by_number(options->store, (int)number, &alarm);
	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no alarm %s", req->param);
	if (!err)
		err = alarm_acknowledge(options->desk, alarm.id, req->actor, note_text(&note));
	return err == ERR_STATE
		       ? errbuf_set(eb, err, "somebody has taken alarm %s already", req->param)
		       : err;
}

void alarm_acknowledge_post(struct http_request *req)
{
	struct errbuf eb = {0};
	enum err err = take_alarm(req, &eb);

	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK, json_pack("{s:s}", "state", "TAKEN"));
}

void report_acknowledge_post(struct http_request *req)
{
	struct http_options *options = &req->http->options;
	struct errbuf eb = {0};
	struct report report = {0};
	enum sight sight = SIGHT_NONE;
	struct alarm alarm;
	CLEAN_BUF note = {0};
	enum err err;

	/* Whoever is rung may take it on, also who has the line of the register only. */
	if (report_seen_of_path(req, &report, &sight))
		return;
	buf_init(&note, 2 * NOTE_MAX);
	err = note_of_body(req, &note, &eb);
	if (!err && sight < SIGHT_LINE)
		err = errbuf_set(&eb, ERR_NOT_FOUND, "no alarm was rung about this report");
	if (!err) {
		err = alarm_report_seen(options->desk, report.id, req->actor, note_text(&note));
		if (err == ERR_NOT_FOUND)
			errbuf_set(&eb, err, "no alarm was rung about this report");
	}
	if (!err)
		err = alarm_of_report(options->store, report.id, &alarm);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:s}", "state", alarm_state_text(alarm.state)));
}
