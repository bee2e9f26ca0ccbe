/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists as tables for a spreadsheet: the rows that the caller is shown elsewhere as JSON, one cell
 * a member, each guarded against being taken for a formula. No table names a sender, his code or
 * one of his words. That one was made is an event.
 *
 * Tables are made in slices (slices.h): a row is as of the moment in which it was written, and of
 * those that come in meanwhile some are in it.
 */
#include "daemon/http/legal_json.h"

#include "config/phrases.h"
#include "daemon/base/str.h"
#include "daemon/desk/register.h"
#include "daemon/http/slices.h"
#include "store/alarm.h"
#include "store/event.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT_ROWS_MAX	  ((size_t)100000) /* reports of a commune in its busiest year, and more */
#define EXPORT_CLOCKS_MAX 5000		   /* each asks for the record of law that it runs by */
#define EXPORT_CLOCK_DAYS 366
#define EXPORT_BYTES_MAX  (16 * 1024 * 1024)
#define ALARMS_A_STEP	  500
#define CLOCKS_A_STEP	  25
#define BODY_HELP \
	"the body is {\"list\": \"reports\", \"year\": 2026}, with \"month\", or \"from\" and \"to\"; lists are reports, alarms, clocks, clock_statistics, guess_statistics"

struct column {
	const char *title, *key;
	const char *words; /* its codes are phrases of this name; NULL: as they are */
};

struct table {
	const struct list *list;
	struct http_request *req; /* of this step, and who asks */
	struct reader reader;
	int64_t from_ms, to_ms; /* to_ms: the first moment after it */
	int64_t now_ms;
	struct report_span span;
	int64_t before_id;	     /* alarms */
	struct report_clock *clocks; /* as they were at the first step */
	int clock_count, clocks_done;
	size_t rows;
	struct buf page;
	enum err err; /* of a row of this step */
};

static void row_add(struct table *table, json_t *row);

/* ---- rows ------------------------------------------------------------------------------------
 */

static void add_report(void *arg, const struct report *report, enum sight sight)
{
	struct table *table = arg;

	row_add(table, json_report(table->req, report, sight));
}

static enum err rows_of_reports(struct table *table, bool *ret_is_done)
{
	return reading_span(table->req->http->options.desk, &table->reader, &table->span,
		add_report, table, ret_is_done);
}

static void add_alarm(void *arg, const struct alarm *alarm)
{
	struct table *table = arg;

	table->before_id = alarm->id;
	if (alarm->began_ms >= table->from_ms && alarm->began_ms < table->to_ms)
		row_add(table, json_alarm(alarm));
}

static enum err rows_of_alarms(struct table *table, bool *ret_is_done)
{
	int64_t before_id = table->before_id;
	enum err err = alarm_list(
		table->req->http->options.store, before_id, ALARMS_A_STEP, add_alarm, table);

	*ret_is_done = table->before_id == before_id;
	return err;
}

static void keep_clock(void *arg, const struct report_clock *clock)
{
	struct table *table = arg;

	if (table->clock_count == EXPORT_CLOCKS_MAX)
		table->err = ERR_TOO_BIG;
	else
		table->clocks[table->clock_count++] = *clock;
}

/* Those that run now, whenever they began. */
static enum err find_clocks(struct table *table)
{
	table->clocks = calloc(EXPORT_CLOCKS_MAX, sizeof(*table->clocks));
	if (!table->clocks)
		return ERR_NOMEM;
	return reading_clocks(table->req->http->options.desk, &table->reader,
		&(struct reading_clocks){table->now_ms + EXPORT_CLOCK_DAYS * DAY_MS,
			EXPORT_CLOCKS_MAX + 1, keep_clock, table});
}

static enum err rows_of_clocks(struct table *table, bool *ret_is_done)
{
	struct desk *desk = table->req->http->options.desk;
	enum err err = table->clocks ? ERR_OK : find_clocks(table);

	for (int n = 0; !err && n < CLOCKS_A_STEP && table->clocks_done < table->clock_count; n++) {
		const struct report_clock *clock = &table->clocks[table->clocks_done++];
		bool knows = false;

		err = reading_knows(desk, &table->reader, clock->report_id, &knows);
		if (!err && knows)
			row_add(table, json_clock(table->req, clock, table->now_ms));
	}
	*ret_is_done = table->clocks_done == table->clock_count;
	return err;
}

static void add_all(struct table *table, json_t *rows)
{
	json_t *row;
	size_t i;

	json_array_foreach (rows, i, row)
		row_add(table, json_incref(row));
	json_decref(rows);
}

static enum err rows_of_clock_statistics(struct table *table, bool *ret_is_done)
{
	const struct clock_period period = {table->from_ms, table->to_ms, table->now_ms};
	enum err err;

	add_all(table, json_clock_tally(table->req, &period, &err));
	*ret_is_done = true;
	return err;
}

/* Of all that were decided. */
static enum err rows_of_guess_statistics(struct table *table, bool *ret_is_done)
{
	json_t *sums = json_object();
	enum err err;

	add_all(table, json_guess_rows(table->req, sums, &err));
	json_decref(sums);
	*ret_is_done = true;
	return err;
}

static const struct list {
	const char *name;
	enum err (*rows)(struct table *table, bool *ret_is_done); /* some more of them */
	struct column columns[12];				  /* until a title is NULL */
} lists[] = {
	{"reports", rows_of_reports,
		{{"Số", "report", NULL}, {"Tiếp nhận", "received", NULL},
			{"Nguồn", "source", "source"}, {"Phân loại", "category", "category"},
			{"Mức độ", "urgency", "urgency"}, {"Địa bàn", "hamlet", NULL},
			{"Trạng thái", "state", "progress"}, {"Người tiếp nhận", "receiver", NULL},
			{"Xác định lúc", "decided", NULL}, {"Đã ghép", "is_merged", NULL},
			{"Ẩn danh", "is_anonymous", NULL}}},
	{"alarms", rows_of_alarms,
		{{"Số báo động", "number", NULL}, {"Bắt đầu", "began", NULL},
			{"Trạng thái", "state", "alarm_state"}, {"Bậc", "step", NULL},
			{"Nhận lúc", "taken", NULL}, {"Người nhận", "taken_by", "who"}}},
	{"clocks", rows_of_clocks,
		{{"Tin", "report", NULL}, {"Loại", "class", NULL}, {"Thời hạn", "name", NULL},
			{"Bắt đầu", "started", NULL}, {"Hết hạn", "due", NULL},
			{"Trạng thái", "state", "clock_state"}, {"Quá hạn", "is_late", NULL},
			{"Gia hạn", "extensions", NULL}, {"Căn cứ", "source", NULL},
			{"Đã đối chiếu", "is_confirmed", NULL}}},
	{"clock_statistics", rows_of_clock_statistics,
		{{"Loại", "class", NULL}, {"Thời hạn", "clock", NULL}, {"Địa bàn", "hamlet", NULL},
			{"Đúng hạn", "met", NULL}, {"Quá hạn", "late", NULL},
			{"Đang chạy", "running", NULL}, {"% đúng hạn", "percent", NULL}}},
	{"guess_statistics", rows_of_guess_statistics,
		{{"Máy đoán", "guessed", "category"}, {"Cán bộ xác định", "decided", "category"},
			{"Số tin", "reports", NULL}}},
};

/* ---- the table -------------------------------------------------------------------------------
 */

/* A code as people say it; one that has no words, as it is. */
static enum err words_cell(const char *group, const char *code, struct buf *out)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	CLEAN_BUF words = {0};
	char key[64];
	enum err err;

	buf_init(&words, 256);
	snprintf(key, sizeof(key), "%s_%s", group, code);
	for (char *c = key; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	err = phrase(key, PHRASE_FULL, none, &words);
	if (err && err != ERR_NOT_FOUND)
		return err;
	return desk_csv_cell(err ? code : buf_text(&words), out);
}

static enum err cell(const struct column *column, const json_t *value, struct buf *out)
{
	char number[32];

	if (json_is_string(value) && column->words)
		return words_cell(column->words, json_string_value(value), out);
	if (json_is_string(value))
		return desk_csv_cell(json_string_value(value), out);
	if (json_is_boolean(value))
		return desk_csv_cell(json_is_true(value) ? "có" : "không", out);
	if (!json_is_integer(value))
		return desk_csv_cell("", out);
	snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(value));
	return desk_csv_cell(number, out);
}

static enum err line(const struct list *list, const json_t *row, struct buf *out)
{
	enum err err = ERR_OK;

	for (const struct column *c = list->columns; !err && c->title; c++) {
		err = buf_adds(out, c == list->columns ? "" : ",");
		if (!err)
			err = row ? cell(c, json_object_get(row, c->key), out)
				  : desk_csv_cell(c->title, out);
	}
	return err ? err : buf_adds(out, "\r\n");
}

/* What it can't take is the error of the step. */
static void row_add(struct table *table, json_t *row)
{
	if (!table->err && !row)
		table->err = ERR_NOMEM;
	if (!table->err && table->rows == EXPORT_ROWS_MAX)
		table->err = ERR_TOO_BIG;
	if (!table->err)
		table->err = line(table->list, row, &table->page);
	table->rows++;
	json_decref(row);
}

static enum err note(struct table *table)
{
	char data[80];

	snprintf(data, sizeof(data), "{\"list\":\"%s\",\"rows\":%zu}", table->list->name,
		table->rows);
	return event_add(
		table->req->http->options.store, "list.exported", "", table->req->actor, data);
}

static enum err table_step(
	void *arg, struct http_request *req, bool *ret_is_done, struct errbuf *eb)
{
	struct table *table = arg;
	bool is_done = false;
	enum err err;

	table->req = req;
	table->reader = http_reader(req);
	err = table->list->rows(table, &is_done);
	if (!err)
		err = table->err;
	if (!err && is_done)
		err = note(table);
	if (err == ERR_TOO_BIG)
		return errbuf_set(
			eb, err, "that is more than one table holds; take a shorter time");
	if (!err)
		*ret_is_done = is_done;
	return err;
}

static void table_answer(void *arg, struct http_request *req)
{
	struct table *table = arg;

	http_reply_text(req, MHD_HTTP_OK, "text/csv; charset=utf-8", &table->page);
}

static void table_free(void *arg)
{
	struct table *table = arg;

	buf_done(&table->page);
	free(table->clocks);
	free(table);
}

/* ---- asking ----------------------------------------------------------------------------------
 */

static const struct list *list_named(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_LEN(lists); i++) {
		if (str_eq(lists[i].name, name))
			return &lists[i];
	}
	return NULL;
}

static enum err read_ask(const json_t *body, struct table *table, struct errbuf *eb)
{
	struct http_days days = {.year = 0};
	int64_t from_day = 0, to_day = 0;
	const char *name;
	json_t *value;
	enum err err;

	json_object_foreach ((json_t *)body, name, value) {
		if (!str_eq(name, "list") && !http_days_member(&days, name, value))
			return errbuf_set(eb, ERR_INVALID, BODY_HELP);
	}
	table->list = list_named(json_string_value(json_object_get(body, "list")));
	if (!table->list)
		return errbuf_set(eb, ERR_INVALID, BODY_HELP);
	err = http_days(&days, &from_day, &to_day, eb);
	if (!err && (to_day < from_day || to_day - from_day >= DESK_REGISTER_DAYS_MAX))
		err = errbuf_set(eb, ERR_INVALID, "a table is made for 1 to %d days",
			DESK_REGISTER_DAYS_MAX);
	table->from_ms = from_day * DAY_MS - VIETNAM_OFFSET_MS;
	table->to_ms = (to_day + 1) * DAY_MS - VIETNAM_OFFSET_MS;
	return err;
}

static enum err table_begin(
	struct http_request *req, const json_t *body, struct table *table, struct errbuf *eb)
{
	enum err err = read_ask(body, table, eb);

	if (err)
		return err;
	table->span = (struct report_span){table->from_ms, 0, table->to_ms};
	err = desk_legal_now(req->http->options.desk, &table->now_ms);
	/* A desk without legal regimes has no clocks either. */
	if (err == ERR_STATE)
		err = ERR_OK;
	/* The mark by which spreadsheets know UTF-8. */
	if (!err)
		err = buf_adds(&table->page, "\xef\xbb\xbf");
	return err ? err : line(table->list, NULL, &table->page);
}

void export_post(struct http_request *req)
{
	static const struct slices_ops ops = {.kind = SLICES_TABLE,
		.step = table_step,
		.answer = table_answer,
		.free = table_free};
	struct table *table = calloc(1, sizeof(*table));
	struct errbuf eb = {0};
	json_t *body = NULL;
	enum err err = table ? http_body_object(req, &body, &eb) : ERR_NOMEM;

	if (table)
		buf_init(&table->page, EXPORT_BYTES_MAX);
	if (!err)
		err = table_begin(req, body, table, &eb);
	json_decref(body);
	if (!err)
		err = slices_begin(req, &ops, table, &eb);
	else if (table)
		table_free(table);
	if (err)
		http_reply_err(req, err, &eb);
}
