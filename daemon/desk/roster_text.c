/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/roster_text.h"

#include "daemon/base/date.h"
#include "daemon/base/str.h"
#include "store/officer.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const days[] = {
	NULL, "mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"};
static const char *const days_vi[] = {NULL, "T2", "T3", "T4", "T5", "T6", "T7", "CN", "le"};

/* Up to `most` digits; NULL without any, else what stands behind them. */
static const char *take_number(const char *text, int most, int *ret_value)
{
	int value = 0, count = 0;

	for (; count < most && *text >= '0' && *text <= '9'; text++, count++)
		value = 10 * value + (*text - '0');
	*ret_value = value;
	return count ? text : NULL;
}

static bool parse_date(const char *text, int64_t *ret_day)
{
	int day, month, year;
	char iso[32];

	if (!date_parse(text, ret_day))
		return true;
	text = take_number(text, 2, &day);
	text = text && *text == '/' ? take_number(text + 1, 2, &month) : NULL;
	text = text && *text == '/' ? take_number(text + 1, 4, &year) : NULL;
	if (!text || *text)
		return false;
	snprintf(iso, sizeof(iso), "%04d-%02d-%02d", year, month, day);
	return !date_parse(iso, ret_day);
}

static enum err parse_day(const char *text, struct duty_shift *shift, struct errbuf *eb)
{
	for (int i = 1; i <= DUTY_HOLIDAY; i++) {
		if (strcasecmp(text, days[i]) == 0 || strcasecmp(text, days_vi[i]) == 0)
			shift->weekday = i;
	}
	if (str_eq(text, "lễ") || str_eq(text, "Lễ"))
		shift->weekday = DUTY_HOLIDAY;
	if (shift->weekday || parse_date(text, &shift->day))
		return ERR_OK;
	return errbuf_set(eb, ERR_INVALID,
		"the day is a weekday (mon to sun, T2 to T7 and CN), a holiday (holiday, lễ) or a "
		"date such as 2026-11-24 or 24/11/2026");
}

/* "7:00", "07h00", "7h" */
static bool parse_time(const char *text, int *ret_minute)
{
	int hour, minute = 0;

	text = take_number(text, 2, &hour);
	if (!text || !*text || !strchr("hH:", *text))
		return false;
	text++;
	if (*text)
		text = take_number(text, 2, &minute);
	if (!text || *text || hour > 24 || minute > 59 || (hour == 24 && minute))
		return false;
	*ret_minute = hour * 60 + minute;
	return true;
}

static enum err parse_times(
	const struct roster_row *row, struct duty_shift *shift, struct errbuf *eb)
{
	int from, to;

	if (!parse_time(row->from, &from) || !parse_time(row->to, &to) || from == 24 * 60)
		return errbuf_set(eb, ERR_INVALID, "a time is written 07:00 or 7h00");
	shift->minute = from;
	shift->minutes = to > from ? to - from : to + DUTY_DAY_MINUTES - from;
	return ERR_OK;
}

static enum err find_officer(
	struct store *store, const char *login, int64_t *ret_id, struct errbuf *eb)
{
	struct officer officer;
	enum err err = officer_find(store, login, &officer);

	if (!err && officer.state == OFFICER_REMOVED)
		return errbuf_set(eb, ERR_NOT_FOUND, "this officer is removed");
	if (err == ERR_NOT_FOUND)
		return errbuf_set(eb, err, "there is no officer with this login name");
	if (!err)
		*ret_id = officer.id;
	return err;
}

enum err roster_row_parse(struct store *store, const struct roster_row *row,
	struct duty_shift *ret_shift, struct errbuf *eb)
{
	struct duty_shift shift = {.rank = 1};
	int64_t rank = 1;
	enum err err = parse_day(row->day, &shift, eb);

	if (!err)
		err = parse_times(row, &shift, eb);
	if (!err && row->rank[0] && str_to_int64(row->rank, 1, DUTY_RANK_MAX, &rank))
		err = errbuf_set(eb, ERR_INVALID, "the rank is a number from 1, rung first, to %d",
			DUTY_RANK_MAX);
	shift.rank = (int)rank;
	if (!err && shift.weekday && row->instead_of[0])
		err = errbuf_set(eb, ERR_INVALID,
			"somebody stands in for another one on a date, not each week");
	if (!err && row->instead_of[0])
		err = find_officer(store, row->instead_of, &shift.instead_id, eb);
	if (!err && !(str_eq(row->officer, "-") && row->instead_of[0]))
		err = find_officer(store, row->officer, &shift.officer_id, eb);
	if (!err && shift.officer_id == shift.instead_id)
		err = errbuf_set(eb, ERR_INVALID, "nobody stands in for himself");
	if (!err)
		*ret_shift = shift;
	return err;
}

void roster_day_format(const struct duty_shift *shift, char ret_text[ROSTER_DAY_BYTES])
{
	char date[DATE_BYTES];

	if (!shift->weekday)
		date_format(shift->day, date);
	snprintf(ret_text, ROSTER_DAY_BYTES, "%s", shift->weekday ? days[shift->weekday] : date);
}

void roster_time_format(int minute, char ret_text[ROSTER_TIME_BYTES])
{
	minute %= DUTY_DAY_MINUTES;
	snprintf(ret_text, ROSTER_TIME_BYTES, "%02d:%02d", (minute / 60) % 24, minute % 60);
}
