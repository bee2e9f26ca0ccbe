/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reception register as a page or a table (desk/register.h), made in slices. */
#include "daemon/http/resources.h"

#include "daemon/base/str.h"
#include "daemon/desk/register.h"
#include "daemon/http/slices.h"

#include <stdlib.h>
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

struct register_job {
	struct desk_edition *edition;
	enum desk_register_format format;
};

static enum err job_step(void *arg, struct http_request *req, bool *ret_is_done, struct errbuf *eb)
{
	struct register_job *job = arg;
	struct reader reader = http_reader(req);

	return desk_edition_step(job->edition, &reader, req->actor, ret_is_done, eb);
}

static void job_answer(void *arg, struct http_request *req)
{
	struct register_job *job = arg;

	http_reply_text(req, MHD_HTTP_OK,
		job->format == DESK_REGISTER_CSV ? "text/csv; charset=utf-8"
						 : "text/html; charset=utf-8",
		desk_edition_page(job->edition));
}

static void job_free(void *arg)
{
	struct register_job *job = arg;

	desk_edition_free(job->edition);
	free(job);
}

static enum err job_new(struct http_request *req, const json_t *body, struct register_job **ret_job,
	struct errbuf *eb)
{
	struct desk_register_period period = {0};
	struct asked asked = {.format = NULL};
	struct register_job *job;
	enum err err = read_body(body, &asked, eb);

	if (!err)
		err = http_days(&asked.days, &period.from_day, &period.to_day, eb);
	if (err)
		return err;
	job = calloc(1, sizeof(*job));
	if (!job)
		return ERR_NOMEM;
	err = read_format(&asked, &job->format, eb);
	if (!err)
		err = desk_edition_new(
			req->http->options.desk, &period, job->format, &job->edition, eb);
	if (err)
		job_free(job);
	else
		*ret_job = job;
	return err;
}

void register_post(struct http_request *req)
{
	static const struct slices_ops ops = {
		.kind = SLICES_TABLE, .step = job_step, .answer = job_answer, .free = job_free};
	struct register_job *job = NULL;
	struct errbuf eb = {0};
	json_t *body = NULL;
	enum err err = http_body_object(req, &body, &eb);

	if (!err)
		err = job_new(req, body, &job, &eb);
	json_decref(body);
	if (!err)
		err = slices_begin(req, &ops, job, &eb);
	if (err)
		http_reply_err(req, err, &eb);
}
