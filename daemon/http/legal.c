/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the law asks: the regimes and the calendar as they are in force here, the class and the
 * clocks of a report and what is done to them, what is late or ends soon, and how clocks were kept.
 */
#include "daemon/http/legal_json.h"

#include "daemon/base/date.h"
#include "daemon/base/str.h"
#include "gateway/sms_text.h"

#include <string.h>

#define DAYS_DEFAULT 3
#define DAYS_MAX     366
#define FIELDS_MAX   6
/* Fewer clocks than this of one hamlet are not told by hamlet: they would tell of a reporter. */
#define CELL_MIN 5

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
	struct field fields[] = {{.key = "class", .max = 24, .is_required = true},
		{.key = "urgent"}, {.key = "reason", .max = DESK_REASON_MAX},
		{.key = "tell", .is_true = true}};
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
	struct field fields[] = {{.key = "clock", .max = 24, .is_required = true},
		{.key = "do", .max = 16, .is_required = true},
		{.key = "reason", .max = DESK_REASON_MAX, .is_required = true},
		{.key = "extension", .max = 24}};
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
	struct field fields[] = {{.key = "moment", .max = 16, .is_required = true},
		{.key = "at", .max = 20, .is_required = true}};
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
	struct field fields[FIELDS_MAX] = {{.key = "kind", .max = 16, .is_required = true},
		{.key = "addressee", .max = REPORT_ADDRESSEE_BYTES - 1},
		{.key = "receipt", .max = REPORT_RECEIPT_BYTES - 1}, {.key = "at", .max = 20},
		{.key = "note", .max = DESK_REASON_MAX}, {.key = "tell"}};
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

/* ---- what is late or ends soon ---------------------------------------------------------------
 */

struct due_list {
	struct report_clock clocks[HTTP_PAGE_MAX];
	int count;
};

static void due_add(void *arg, const struct report_clock *clock)
{
	struct due_list *due = arg;

	if (due->count < HTTP_PAGE_MAX)
		due->clocks[due->count++] = *clock;
}

/* Of a report that he may know of. */
static void due_row(
	struct http_request *req, json_t *rows, const struct report_clock *clock, int64_t now_ms)
{
	struct reader reader = http_reader(req);
	bool knows = false;

	if (!reading_knows(req->http->options.desk, &reader, clock->report_id, &knows) && knows)
		json_array_append_new(rows, json_clock(req, clock, now_ms));
}

void clocks_get(struct http_request *req)
{
	const char *text = MHD_lookup_connection_value(
		req->connection, MHD_GET_ARGUMENT_KIND, "days");
	struct http_options *options = &req->http->options;
	int64_t days = DAYS_DEFAULT, now_ms = 0;
	struct errbuf eb = {0};
	struct due_list *due;
	struct http_page page;
	json_t *rows;
	enum err err = http_page_get(req, &page, &eb);

	if (err == ERR_OK && text && str_to_int64(text, 0, DAYS_MAX, &days) != ERR_OK)
		err = errbuf_set(&eb, ERR_INVALID, "days must be a number from 0 to %d", DAYS_MAX);
	if (err == ERR_OK)
		err = desk_legal_now(options->desk, &now_ms);
	due = calloc(1, sizeof(*due));
	if (err == ERR_OK)
		err = due ? report_clock_until(options->store, now_ms + days * DAY_MS, page.limit,
				    due_add, due)
			  : ERR_NOMEM;
	if (err != ERR_OK) {
		free(due);
		http_reply_err(req, err, &eb);
		return;
	}
	rows = json_array();
	for (int i = 0; i < due->count; i++)
		due_row(req, rows, &due->clocks[i], now_ms);
	free(due);
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:o, s:o}", "now", json_time(now_ms), "clocks", rows));
}

/* ---- how clocks were kept --------------------------------------------------------------------
 */

struct kept {
	json_t *rows;
	char class[REPORT_CLASS_BYTES], code[24]; /* of the sum under way */
	json_int_t met, late, running;
};

static json_t *json_kept(const char *class, const char *code, const char *hamlet, json_int_t met,
	json_int_t late, json_int_t running)
{
	return json_pack("{s:s, s:s, s:s?, s:I, s:I, s:I}", "class", class[0] ? class : "tiep_nhan",
		"clock", code, "hamlet", hamlet, "met", met, "late", late, "running", running);
}

static void kept_close(struct kept *kept)
{
	if (kept->code[0])
		json_array_append_new(kept->rows, json_kept(kept->class, kept->code, NULL,
							  kept->met, kept->late, kept->running));
	kept->met = kept->late = kept->running = 0;
}

/* Rows come by class, clock, hamlet: after the hamlets of a clock its sum, which has those that are
 * too few to be shown by themselves as well. */
static void kept_add(void *arg, const struct clock_tally *tally)
{
	struct kept *kept = arg;
	json_int_t sum = tally->met + tally->late + tally->running;

	if (!str_eq(kept->class, tally->class) || !str_eq(kept->code, tally->code)) {
		kept_close(kept);
		snprintf(kept->class, sizeof(kept->class), "%s", tally->class);
		snprintf(kept->code, sizeof(kept->code), "%s", tally->code);
	}
	kept->met += tally->met;
	kept->late += tally->late;
	kept->running += tally->running;
	if (sum >= CELL_MIN)
		json_array_append_new(
			kept->rows, json_kept(tally->class, tally->code, tally->hamlet, tally->met,
					    tally->late, tally->running));
}

void statistics_clocks_get(struct http_request *req)
{
	const char *text = MHD_lookup_connection_value(
		req->connection, MHD_GET_ARGUMENT_KIND, "year");
	struct http_options *options = &req->http->options;
	struct kept kept = {.rows = json_array()};
	struct errbuf eb = {0};
	int64_t now_ms = 0, year = 0, from_ms, to_ms;
	enum err err = desk_legal_now(options->desk, &now_ms);

	if (err == ERR_OK)
		year = clock_local_year(now_ms);
	if (err == ERR_OK && text && str_to_int64(text, 2000, 2199, &year) != ERR_OK)
		err = errbuf_set(&eb, ERR_INVALID, "year must be a number from 2000 to 2199");
	from_ms = date_day((struct date){(int)year, 1, 1}) * DAY_MS - VIETNAM_OFFSET_MS;
	to_ms = date_day((struct date){(int)year + 1, 1, 1}) * DAY_MS - VIETNAM_OFFSET_MS;
	if (err == ERR_OK)
		err = report_clock_tally(options->store, from_ms, to_ms, now_ms, kept_add, &kept);
	if (err != ERR_OK) {
		json_decref(kept.rows);
		http_reply_err(req, err, &eb);
		return;
	}
	kept_close(&kept);
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:I, s:o}", "year", (json_int_t)year, "rows", kept.rows));
}
