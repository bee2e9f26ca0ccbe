/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists as tables for a spreadsheet: the rows that the caller is shown elsewhere as JSON, one cell
 * a member, each guarded against being taken for a formula. No table names a sender, his code or
 * one of his words. That one was made is an event.
 */
#include "daemon/http/legal_json.h"

#include "config/phrases.h"
#include "daemon/base/str.h"
#include "daemon/desk/register.h"
#include "store/alarm.h"
#include "store/event.h"

#include <ctype.h>
#include <string.h>

#define EXPORT_ROWS_MAX	  20000 /* reports of two busy years, in some seconds of one turn */
#define EXPORT_CLOCKS_MAX 5000	/* each asks for the record of law that it runs by */
#define EXPORT_CLOCK_DAYS 366
#define EXPORT_BYTES_MAX  (8 * 1024 * 1024)
#define BODY_HELP \
	"the body is {\"list\": \"reports\", \"year\": 2026}, with \"month\", or \"from\" and \"to\"; lists are reports, alarms, clocks, clock_statistics, guess_statistics"

struct column {
	const char *title, *key;
	const char *words; /* its codes are phrases of this name; NULL: as they are */
};

struct table {
	struct http_request *req;
	struct reader reader;
	json_t *rows;
	int64_t from_ms, to_ms; /* to_ms: the first moment after it */
	int64_t now_ms;
	bool is_over; /* more rows than a table may have */
};

/* ---- rows ------------------------------------------------------------------------------------
 */

static void row_add(struct table *table, json_t *row, size_t max)
{
	if (json_array_size(table->rows) < max) {
		json_array_append_new(table->rows, row);
		return;
	}
	table->is_over = true;
	json_decref(row);
}

static void add_report(void *arg, const struct report *report, enum sight sight)
{
	struct table *table = arg;

	row_add(table, json_report(table->req, report, sight), EXPORT_ROWS_MAX);
}

static enum err rows_of_reports(struct table *table)
{
	return reading_period(table->req->http->options.desk, &table->reader, table->from_ms,
		table->to_ms, add_report, table);
}

static void add_alarm(void *arg, const struct alarm *alarm)
{
	struct table *table = arg;

	if (alarm->began_ms >= table->from_ms && alarm->began_ms < table->to_ms)
		row_add(table, json_alarm(alarm), EXPORT_ROWS_MAX);
}

static enum err rows_of_alarms(struct table *table)
{
	return alarm_list(table->req->http->options.store, 0, INT32_MAX, add_alarm, table);
}

static void add_clock(void *arg, const struct report_clock *clock)
{
	struct table *table = arg;

	row_add(table, json_clock(table->req, clock, table->now_ms), EXPORT_CLOCKS_MAX);
}

/* Those that run now, whenever they began. */
static enum err rows_of_clocks(struct table *table)
{
	return reading_clocks(table->req->http->options.desk, &table->reader,
		&(struct reading_clocks){table->now_ms + EXPORT_CLOCK_DAYS * DAY_MS,
			EXPORT_CLOCKS_MAX + 1, add_clock, table});
}

static enum err rows_of_clock_statistics(struct table *table)
{
	const struct clock_period period = {table->from_ms, table->to_ms, table->now_ms};
	enum err err;
	json_t *rows = json_clock_tally(table->req, &period, &err);

	json_array_extend(table->rows, rows);
	json_decref(rows);
	return err;
}

/* Of all that were decided. */
static enum err rows_of_guess_statistics(struct table *table)
{
	json_t *sums = json_object();
	enum err err;
	json_t *rows = json_guess_rows(table->req, sums, &err);

	json_array_extend(table->rows, rows);
	json_decref(rows);
	json_decref(sums);
	return err;
}

static const struct list {
	const char *name;
	enum err (*rows)(struct table *table);
	struct column columns[12]; /* until a title is NULL */
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

static enum err write_table(const struct list *list, const json_t *rows, struct buf *out)
{
	/* The mark by which spreadsheets know UTF-8. */
	enum err err = buf_adds(out, "\xef\xbb\xbf");
	json_t *row;
	size_t i;

	if (!err)
		err = line(list, NULL, out);
	json_array_foreach (rows, i, row) {
		if (!err)
			err = line(list, row, out);
	}
	return err;
}

static enum err note(struct http_request *req, const struct list *list, size_t rows)
{
	char data[80];

	snprintf(data, sizeof(data), "{\"list\":\"%s\",\"rows\":%zu}", list->name, rows);
	return event_add(req->http->options.store, "list.exported", "", req->actor, data);
}

static const struct list *list_named(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_LEN(lists); i++) {
		if (str_eq(lists[i].name, name))
			return &lists[i];
	}
	return NULL;
}

static enum err read_ask(
	const json_t *body, const struct list **ret_list, struct table *table, struct errbuf *eb)
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
	*ret_list = list_named(json_string_value(json_object_get(body, "list")));
	if (!*ret_list)
		return errbuf_set(eb, ERR_INVALID, BODY_HELP);
	err = http_days(&days, &from_day, &to_day, eb);
	if (!err && (to_day < from_day || to_day - from_day >= DESK_REGISTER_DAYS_MAX))
		err = errbuf_set(eb, ERR_INVALID, "a table is made for 1 to %d days",
			DESK_REGISTER_DAYS_MAX);
	table->from_ms = from_day * DAY_MS - VIETNAM_OFFSET_MS;
	table->to_ms = (to_day + 1) * DAY_MS - VIETNAM_OFFSET_MS;
	return err;
}

static enum err make(
	struct table *table, const struct list *list, struct buf *out, struct errbuf *eb)
{
	enum err err = desk_legal_now(table->req->http->options.desk, &table->now_ms);

	/* A desk without legal regimes has no clocks either. */
	if (err == ERR_STATE)
		err = ERR_OK;
	if (!err)
		err = list->rows(table);
	if (!err && table->is_over)
		err = ERR_TOO_BIG;
	if (!err)
		err = write_table(list, table->rows, out);
	if (err == ERR_TOO_BIG)
		return errbuf_set(
			eb, err, "that is more than one table holds; take a shorter time");
	return err ? err : note(table->req, list, json_array_size(table->rows));
}

void export_post(struct http_request *req)
{
	struct table table = {.req = req, .reader = http_reader(req), .rows = json_array()};
	const struct list *list = NULL;
	struct errbuf eb = {0};
	json_t *body = NULL;
	CLEAN_BUF page = {0};
	enum err err = table.rows ? http_body_object(req, &body, &eb) : ERR_NOMEM;

	buf_init(&page, EXPORT_BYTES_MAX);
	if (!err)
		err = read_ask(body, &list, &table, &eb);
	if (!err && list)
		err = make(&table, list, &page, &eb);
	json_decref(body);
	json_decref(table.rows);
	if (err)
		http_reply_err(req, err, &eb);
	else
		http_reply_text(req, MHD_HTTP_OK, "text/csv; charset=utf-8", &page);
}
