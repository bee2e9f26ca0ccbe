/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reception register as a page or a table (desk/register.h). */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/register.h"

#include <string.h>
#include <time.h>

/* Days since 1970-01-01 of a date that is one. */
static bool day_of(int year, int month, int day, int64_t *ret_day)
{
	struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
	time_t at = timegm(&tm);

	if (year < 2000 || year > 9999 || tm.tm_mon != month - 1 || tm.tm_mday != day)
		return false;
	*ret_day = (int64_t)at / 86400;
	return true;
}

/* So many digits as a number. */
static bool digits(const char *text, size_t len, int *ret_value)
{
	int value = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = 10 * value + (text[i] - '0');
	}
	*ret_value = value;
	return true;
}

bool http_date(const char *text, int64_t *ret_day)
{
	int year, month, day;

	return digits(text, 4, &year) && text[4] == '-' && digits(text + 5, 2, &month) &&
	       text[7] == '-' && digits(text + 8, 2, &day) && day_of(year, month, day, ret_day);
}

bool http_minute(const char *text, int64_t *ret_minutes)
{
	int hour, minute;

	if (!digits(text, 2, &hour) || text[2] != ':' || !digits(text + 3, 2, &minute) || text[5] ||
		hour > 23 || minute > 59)
		return false;
	*ret_minutes = 60 * hour + minute;
	return true;
}

bool http_moment(const char *text, int64_t *ret_ms)
{
	int64_t day, minutes;

	if (strlen(text) != 16 || !http_date(text, &day) || (text[10] != ' ' && text[10] != 'T') ||
		!http_minute(text + 11, &minutes))
		return false;
	*ret_ms = day * DAY_MS + minutes * MINUTE_MS - VIETNAM_OFFSET_MS;
	return true;
}

static bool read_date(const char *text, int64_t *ret_day)
{
	return strlen(text) == 10 && http_date(text, ret_day);
}

struct asked {
	struct http_days days;
	const char *format;
};

bool http_days_member(struct http_days *days, const char *name, const json_t *value)
{
	if (str_eq(name, "year") && json_is_integer(value))
		days->year = json_integer_value(value);
	else if (str_eq(name, "month") && json_is_integer(value))
		days->month = json_integer_value(value);
	else if (str_eq(name, "from") && json_is_string(value))
		days->from = json_string_value(value);
	else if (str_eq(name, "to") && json_is_string(value))
		days->to = json_string_value(value);
	else
		return false;
	return true;
}

static enum err read_body(const json_t *body, struct asked *asked, struct errbuf *eb)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)body, name, value) {
		if (http_days_member(&asked->days, name, value))
			continue;
		if (str_eq(name, "format") && json_is_string(value))
			asked->format = json_string_value(value);
		else
			return errbuf_set(eb, ERR_INVALID,
				"the body is {\"year\": 2026}, {\"year\": 2026, \"month\": 11} or {\"from\": \"2026-11-01\", \"to\": \"2026-11-30\"}, each with \"format\": \"html\" or \"csv\"");
	}
	return ERR_OK;
}

enum err http_days(const struct http_days *asked, int64_t *ret_from_day, int64_t *ret_to_day,
	struct errbuf *eb)
{
	int year = (int)asked->year, month = (int)asked->month;
	bool is_good;

	if (asked->from || asked->to) {
		is_good = asked->from && asked->to && !asked->year && !asked->month &&
			  read_date(asked->from, ret_from_day) && read_date(asked->to, ret_to_day);
	} else {
		is_good = asked->year >= 2000 && asked->year < 9999 && asked->month >= 0 &&
			  asked->month <= 12 && day_of(year, month ? month : 1, 1, ret_from_day) &&
			  day_of(month && month < 12 ? year : year + 1,
				  month && month < 12 ? month + 1 : 1, 1, ret_to_day);
		--*ret_to_day;
	}
	return is_good ? ERR_OK
		       : errbuf_set(eb, ERR_INVALID,
				 "a year, a year with a month, or dates such as 2026-11-01 from and to");
}

static enum err read_format(
	const struct asked *asked, enum desk_register_format *ret_format, struct errbuf *eb)
{
	if (asked->format && !str_eq(asked->format, "html") && !str_eq(asked->format, "csv"))
		return errbuf_set(eb, ERR_INVALID, "\"format\" is html or csv");
	*ret_format = asked->format && str_eq(asked->format, "csv") ? DESK_REGISTER_CSV
								    : DESK_REGISTER_HTML;
	return ERR_OK;
}

void register_post(struct http_request *req)
{
	struct asked asked = {.format = NULL};
	struct reader reader = http_reader(req);
	struct desk_register_period period = {.reader = &reader};
	enum desk_register_format format = DESK_REGISTER_HTML;
	struct errbuf eb = {0};
	json_t *body = NULL;
	CLEAN_BUF page = {0};
	enum err err = http_body_object(req, &body, &eb);

	buf_init(&page, DESK_REGISTER_BYTES);
	if (err == ERR_OK)
		err = read_body(body, &asked, &eb);
	if (err == ERR_OK)
		err = http_days(&asked.days, &period.from_day, &period.to_day, &eb);
	if (err == ERR_OK)
		err = read_format(&asked, &format, &eb);
	if (err == ERR_OK)
		err = desk_register(
			req->http->options.desk, &period, format, req->actor, &page, &eb);
	json_decref(body);
	if (err != ERR_OK)
		http_reply_err(req, err, &eb);
	else
		http_reply_text(req, MHD_HTTP_OK,
			format == DESK_REGISTER_CSV ? "text/csv; charset=utf-8"
						    : "text/html; charset=utf-8",
			&page);
}
