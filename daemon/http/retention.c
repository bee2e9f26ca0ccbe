/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long reports are kept: what is due when, holds, and erasure because a person asks for it. */
#include "daemon/http/resources.h"

#include "daemon/base/date.h"
#include "daemon/base/str.h"
#include "daemon/desk/retention.h"
#include "gateway/sms_text.h"

#include <string.h>

/* Reports of one step in an answer; more are there when the next ones have been done. */
#define PREVIEW_MAX 200

/* Who keeps it from being erased, and why; null for nobody. */
static json_t *json_hold(struct http_request *req, int64_t report_id, enum err *err)
{
	struct reader reader = http_reader(req);
	struct retention_holder holder = {.at_ms = 0};
	json_t *object = NULL;
	CLEAN_BUF reason = {0};

	buf_init(&reason, RETENTION_REASON_MAX + 1);
	*err = reading_hold(req->http->options.desk, &reader, report_id, &holder, &reason);
	if (!*err)
		object = json_pack("{s:s, s:o, s:o}", "by", holder.actor, "at",
			json_time(holder.at_ms), "reason", json_text(buf_text(&reason)));
	else if (*err == ERR_NOT_FOUND)
		*err = ERR_OK;
	buf_wipe(&reason);
	return object ? object : json_null();
}

static json_t *json_retention(struct http_request *req, int64_t report_id, enum err *ret_err)
{
	struct retention retention;
	json_t *hold;

	*ret_err = retention_load(req->http->options.store, report_id, &retention);
	if (*ret_err)
		return NULL;
	hold = json_hold(req, report_id, ret_err);
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "closed",
		json_time(retention.closed_ms), "sanitise_due",
		json_time(retention.sanitise_due_ms), "erase_due",
		json_time(retention.erase_due_ms), "sanitised", json_time(retention.sanitised_ms),
		"erased", json_time(retention.erased_ms), "held", (int)retention.is_held, "hold",
		hold);
}

/* ?until=2026-12-31: what would be done by the end of that day if nobody did anything. */
static enum err until_of(struct http_request *req, int64_t *ret_until_ms, struct errbuf *eb)
{
	const char *text = http_argument(req, "until");
	int64_t day;

	*ret_until_ms = clock_wall_ms(store_clock(req->http->options.store));
	if (!text)
		return ERR_OK;
	if (date_parse(text, &day))
		return errbuf_set(eb, ERR_INVALID, "until is a day as 2026-12-31");
	*ret_until_ms = (day + 1) * DAY_MS - VIETNAM_OFFSET_MS;
	return ERR_OK;
}

static void preview_add(void *arg, const struct report *report, enum sight sight)
{
	(void)sight;
	json_array_append_new(arg, json_report_named(report));
}

static json_t *preview_of(
	struct http_request *req, enum retention_step step, int64_t until_ms, enum err *ret_err)
{
	struct reader reader = http_reader(req);
	json_t *rows = json_array();

	*ret_err = rows ? reading_due(req->http->options.desk, &reader,
				  &(struct reading_due){
					  step, until_ms, PREVIEW_MAX, preview_add, rows})
			: ERR_NOMEM;
	return rows;
}

void retention_get(struct http_request *req)
{
	json_t *sanitise = NULL, *erase = NULL;
	struct errbuf eb = {0};
	int64_t until_ms;
	enum err err = until_of(req, &until_ms, &eb);

	if (!err)
		sanitise = preview_of(req, RETENTION_SANITISE, until_ms, &err);
	if (!err)
		erase = preview_of(req, RETENTION_ERASE, until_ms, &err);
	if (err) {
		json_decref(sanitise);
		json_decref(erase);
		http_reply_err(req, err, &eb);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:o, s:o, s:o}", "until", json_time(until_ms), "sanitise", sanitise,
			"erase", erase));
}

/* --- one report ------------------------------------------------------------------------------- */

/* A body that has exactly this member, a string. */
static enum err one_member(
	struct http_request *req, const char *name, json_t **ret_body, struct errbuf *eb)
{
	enum err err = http_body_object(req, ret_body, eb);

	if (err)
		return err;
	if (json_object_size(*ret_body) == 1 && json_is_string(json_object_get(*ret_body, name)))
		return ERR_OK;
	return errbuf_set(eb, ERR_INVALID, "the body must be {\"%s\": \"...\"}", name);
}

static void reply_retention(struct http_request *req, const struct report *report)
{
	enum err err;
	json_t *object = json_retention(req, report->id, &err);

	if (err) {
		json_decref(object);
		http_reply_err(req, err, NULL);
	} else {
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:o, s:o}", "report", json_report_named(report), "retention",
				object));
	}
}

void report_retention_get(struct http_request *req)
{
	struct report report = {0};

	if (report_of_path(req, &report) == ERR_OK)
		reply_retention(req, &report);
}

void report_hold_post(struct http_request *req)
{
	struct errbuf eb = {0};
	struct report report = {0};
	json_t *body = NULL;
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = one_member(req, ERR_WORD("reason"), &body, &eb);
	if (!err)
		err = desk_hold(req->http->options.desk, report.id,
			json_string_value(json_object_get(body, "reason")), req->actor, &eb);
	json_decref(body);
	if (err)
		http_reply_err(req, err, &eb);
	else
		reply_retention(req, &report);
}

void report_release_post(struct http_request *req)
{
	struct errbuf eb = {0};
	struct report report = {0};
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = http_body_empty(req, &eb);
	if (!err)
		err = desk_release(req->http->options.desk, report.id, req->actor, &eb);
	if (err)
		http_reply_err(req, err, &eb);
	else
		reply_retention(req, &report);
}

/* --- on request ------------------------------------------------------------------------------- */

void report_forget_post(struct http_request *req)
{
	struct errbuf eb = {0};
	struct report report = {0};
	enum forget what;
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = http_body_empty(req, &eb);
	if (!err)
		err = desk_forget(req->http->options.desk,
			&(struct forget_ask){.report_id = report.id, .actor = req->actor}, &what,
			&eb);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK,
			json_pack("{s:o, s:s}", "report", json_report_named(&report), "becomes",
				forget_text(what)));
}

void erasure_requests_post(struct http_request *req)
{
	char phone[MSISDN_BYTES] = "";
	struct errbuf eb = {0};
	enum forget what;
	json_t *body = NULL;
	enum err err = one_member(req, ERR_WORD("phone"), &body, &eb);

	if (!err && msisdn_normalize(json_string_value(json_object_get(body, "phone")), phone))
		err = errbuf_set(&eb, ERR_INVALID, "phone is a telephone number");
	if (!err)
		err = desk_forget(req->http->options.desk,
			&(struct forget_ask){.phone = phone, .actor = req->actor}, &what, &eb);
	json_decref(body);
	explicit_bzero(phone, sizeof(phone));
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_json(req, MHD_HTTP_OK, json_pack("{s:b}", "accepted", 1));
}
