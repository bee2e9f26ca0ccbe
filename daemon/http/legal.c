/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the law asks: the regimes and the calendar as they are in force here, the class and the
 * clocks of a report and what is done to them. Lists of clocks: clocks.c.
 */
#include "daemon/http/legal_json.h"

#include "daemon/base/date.h"
#include "daemon/base/str.h"
#include "gateway/sms_text.h"

#include <string.h>

#define FIELDS_MAX 6

static const struct law *law_of(struct http_request *req)
{
	struct errbuf eb = {0};
	const struct law *law = desk_law(req->http->options.desk);

	if (!law)
		http_reply_err(req,
			errbuf_set(&eb, ERR_STATE, "this desk was started without legal regimes"),
			&eb);
	return law;
}

void regimes_get(struct http_request *req)
{
	const struct law *law = law_of(req);

	if (law)
		http_reply_json(req, MHD_HTTP_OK, json_regimes(law));
}

void calendar_get(struct http_request *req)
{
	const struct law *law = law_of(req);

	if (law)
		http_reply_json(req, MHD_HTTP_OK, json_calendar(law));
}

static void reply_law(struct http_request *req, const struct report *report)
{
	struct http_options *options = &req->http->options;
	int64_t now_ms = 0;
	enum err err = desk_legal_now(options->desk, &now_ms);

	if (err != ERR_OK)
		http_reply_err(req, err, NULL);
	else
		http_reply_json(req, MHD_HTTP_OK, json_report_law(req, report, now_ms));
}

void report_law_get(struct http_request *req)
{
	struct report report = {0};

	if (report_of_path(req, &report) == ERR_OK)
		reply_law(req, &report);
}

/* A member of a body. */
struct field {
	const char *key;
	size_t max; /* bytes of a text; 0: true or false */
	bool is_required;
	bool is_true;
	struct buf text; /* NFC, one or more lines, "" not given */
};

static void fields_done(struct field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_wipe(&fields[i].text);
}

static enum err read_field(struct field *field, const json_t *value, struct errbuf *eb)
{
	enum err err;

	if (!value)
		return field->is_required
			       ? errbuf_set(eb, ERR_INVALID, "\"%s\" is missing", field->key)
			       : ERR_OK;
	if (!field->max) {
		field->is_true = json_is_true(value);
		return json_is_boolean(value)
			       ? ERR_OK
			       : errbuf_set(eb, ERR_INVALID, "\"%s\" is true or false", field->key);
	}
	if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value))
		return errbuf_set(eb, ERR_INVALID, "\"%s\" is a text", field->key);
	if (json_string_length(value) > field->max)
		return errbuf_set(
			eb, ERR_TOO_BIG, "\"%s\" is longer than %zu bytes", field->key, field->max);
	buf_init(&field->text, 2 * field->max);
	err = sms_text_normalize(json_string_value(value), &field->text);
	if (err)
		return errbuf_set(eb, err, "\"%s\" is no valid text", field->key);
	return field->is_required && !buf_text(&field->text)[0]
		       ? errbuf_set(eb, ERR_INVALID, "\"%s\" is empty", field->key)
		       : ERR_OK;
}

static enum err read_fields(
	struct http_request *req, struct field *fields, size_t count, struct errbuf *eb)
{
	json_t *body = NULL, *value;
	const char *key;
	size_t i;
	enum err err = http_body_object(req, &body, eb);

	for (i = 0; err == ERR_OK && i < count; i++)
		err = read_field(&fields[i], json_object_get(body, fields[i].key), eb);
	json_object_foreach (body, key, value) {
		for (i = 0; i < count && !str_eq(fields[i].key, key); i++)
			;
		if (i == count && err == ERR_OK)
			err = errbuf_set(eb, ERR_INVALID,
				"the body has a member that is not known; openapi.json lists them");
	}
	json_decref(body);
	return err;
}

static void reply_done(struct http_request *req, enum err err, const struct errbuf *eb,
	const struct report *report)
{
	if (err != ERR_OK)
		http_reply_err(req, err, eb);
	else
		reply_law(req, report);
}

void report_class_post(struct http_request *req)
{
	struct field fields[] = {{.key = ERR_WORD("class"), .max = 24, .is_required = true},
		{.key = ERR_WORD("urgent")}, {.key = ERR_WORD("reason"), .max = DESK_REASON_MAX},
		{.key = ERR_WORD("tell"), .is_true = true}};
	struct errbuf eb = {0};
	struct report report = {0};
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = read_fields(req, fields, ARRAY_LEN(fields), &eb);
	if (err == ERR_OK)
		err = desk_classify(req->http->options.desk, report.id,
			&(struct desk_classify){.class = buf_text(&fields[0].text),
				.is_urgent = fields[1].is_true,
				.reason = buf_text(&fields[2].text),
				.tells = fields[3].is_true,
				.actor = req->actor},
			&eb);
	fields_done(fields, ARRAY_LEN(fields));
	reply_done(req, err, &eb, &report);
}

static enum err do_act(struct http_request *req, int64_t report_id, const char *what,
	const struct desk_clock_act *act, struct errbuf *eb)
{
	struct desk *desk = req->http->options.desk;

	if (str_eq(what, "freeze"))
		return desk_clock_freeze(desk, report_id, act, eb);
	if (str_eq(what, "thaw"))
		return desk_clock_thaw(desk, report_id, act, eb);
	if (str_eq(what, "extend"))
		return desk_clock_extend(desk, report_id, act, eb);
	if (str_eq(what, "done"))
		return desk_clock_done(desk, report_id, act, eb);
	return errbuf_set(eb, ERR_INVALID, "\"do\" is freeze, thaw, extend or done");
}

void report_clock_post(struct http_request *req)
{
	struct field fields[] = {{.key = ERR_WORD("clock"), .max = 24, .is_required = true},
		{.key = ERR_WORD("do"), .max = 16, .is_required = true},
		{.key = ERR_WORD("reason"), .max = DESK_REASON_MAX, .is_required = true},
		{.key = ERR_WORD("extension"), .max = 24}};
	struct errbuf eb = {0};
	struct report report = {0};
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = read_fields(req, fields, ARRAY_LEN(fields), &eb);
	if (err == ERR_OK)
		err = do_act(req, report.id, buf_text(&fields[1].text),
			&(struct desk_clock_act){.code = buf_text(&fields[0].text),
				.extension = buf_text(&fields[3].text),
				.reason = buf_text(&fields[2].text),
				.actor = req->actor},
			&eb);
	fields_done(fields, ARRAY_LEN(fields));
	reply_done(req, err, &eb, &report);
}

void report_moment_post(struct http_request *req)
{
	struct field fields[] = {{.key = ERR_WORD("moment"), .max = 16, .is_required = true},
		{.key = ERR_WORD("at"), .max = 20, .is_required = true}};
	struct desk *desk = req->http->options.desk;
	struct errbuf eb = {0};
	struct report report = {0};
	int64_t at_ms = 0;
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = read_fields(req, fields, ARRAY_LEN(fields), &eb);
	if (err == ERR_OK)
		err = desk_legal_at(desk, buf_text(&fields[1].text), &at_ms, &eb);
	if (err == ERR_OK)
		err = desk_legal_moment(
			desk, report.id, buf_text(&fields[0].text), at_ms, req->actor, &eb);
	fields_done(fields, ARRAY_LEN(fields));
	reply_done(req, err, &eb, &report);
}

void report_outcome_post(struct http_request *req)
{
	struct field fields[FIELDS_MAX] = {
		{.key = ERR_WORD("kind"), .max = 16, .is_required = true},
		{.key = ERR_WORD("addressee"), .max = REPORT_ADDRESSEE_BYTES - 1},
		{.key = ERR_WORD("receipt"), .max = REPORT_RECEIPT_BYTES - 1},
		{.key = ERR_WORD("at"), .max = 20},
		{.key = ERR_WORD("note"), .max = DESK_REASON_MAX}, {.key = ERR_WORD("tell")}};
	struct desk *desk = req->http->options.desk;
	struct errbuf eb = {0};
	struct report report = {0};
	int64_t at_ms = 0;
	enum err err;

	if (report_of_path(req, &report) != ERR_OK)
		return;
	err = read_fields(req, fields, FIELDS_MAX, &eb);
	if (err == ERR_OK && buf_text(&fields[3].text)[0])
		err = desk_legal_at(desk, buf_text(&fields[3].text), &at_ms, &eb);
	if (err == ERR_OK)
		err = desk_report_outcome(desk, report.id,
			&(struct desk_outcome){.kind = buf_text(&fields[0].text),
				.addressee = buf_text(&fields[1].text),
				.receipt = buf_text(&fields[2].text),
				.at_ms = at_ms,
				.note = buf_text(&fields[4].text),
				.tells = fields[5].is_true,
				.actor = req->actor},
			&eb);
	fields_done(fields, FIELDS_MAX);
	reply_done(req, err, &eb, &report);
}
