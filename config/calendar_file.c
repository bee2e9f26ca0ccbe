/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of the calendar:
 *
 *   {"zone": "+07:00",
 *    "hours": [{"from": "07:30", "to": "11:30"}, {"from": "13:30", "to": "17:00"}],
 *    "weekly_off": ["saturday", "sunday"],
 *    "fixed": ["01-01", "04-30"],
 *    "years": [{"year": 2026, "days": [
 *       {"from": "2026-02-16", "to": "2026-02-20", "kind": "off", "name": "Tết Bính Ngọ",
 *        "confirmed": true, "source": "..."}]}]}
 *
 * "to" may be left out for a single day; "kind" is "off", or "work" for a day on which work is made
 * up. Years follow one another and each entry lies within its own, so that a holiday that reaches
 * over the end of a year is two of them.
 */
#include "config/calendar_private.h"

#include "config/json_read.h"
#include "daemon/base/date.h"
#include "daemon/base/str.h"

#include <stdlib.h>
#include <string.h>

static const char *const weekdays[] = {
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

/* "07:30" as minutes since midnight; "24:00" is the end of the day. */
static bool read_minute(const char *text, int *ret_minute)
{
	int hour, minute;

	if (strlen(text) != 5 || text[2] != ':' || strspn(text, "0123456789") != 2 ||
		strspn(text + 3, "0123456789") != 2)
		return false;
	hour = (text[0] - '0') * 10 + text[1] - '0';
	minute = (text[3] - '0') * 10 + text[4] - '0';
	if (minute > 59 || hour * 60 + minute > 24 * 60)
		return false;
	*ret_minute = hour * 60 + minute;
	return true;
}

static void read_zone(struct json_read *r, const json_t *root, struct calendar *c)
{
	char text[8];
	int minutes = 0;

	json_read_text(r, root, "zone", 6, text, 6);
	if (r->err)
		return;
	if ((text[0] != '+' && text[0] != '-') || !read_minute(text + 1, &minutes) ||
		minutes > 14 * 60)
		json_read_fault(r, "zone", "is no distance from UTC; allowed: as \"+07:00\"");
	c->offset_minutes = text[0] == '-' ? -minutes : minutes;
}

static int read_time(struct json_read *r, const json_t *object, const char *key)
{
	char text[8];
	int minute = 0;

	json_read_text(r, object, key, 5, text, 5);
	if (!r->err && !read_minute(text, &minute))
		json_read_fault(r, key, "is no time of day; allowed: as \"07:30\"");
	return minute;
}

static void read_hours(struct json_read *r, const json_t *root, struct calendar *c)
{
	static const char *const keys[] = {"from", "to", NULL};
	const json_t *list = json_read_list(r, root, "hours", 1, CALENDAR_HOURS_MAX);
	size_t mark = json_read_enter(r, "hours");

	for (size_t i = 0; i < json_array_size(list) && !r->err; i++) {
		const json_t *span = json_array_get(list, i);
		struct calendar_hours *hours = &c->hours[c->hours_count++];
		size_t inner = json_read_element(r, i);

		json_read_keys(r, span, keys);
		hours->from = read_time(r, span, "from");
		hours->to = read_time(r, span, "to");
		if (!r->err && (hours->from >= hours->to || (i && hours[-1].to > hours->from)))
			json_read_fault(r, "",
				"ends before it begins, or begins before the one before has ended");
		json_read_leave(r, inner);
	}
	json_read_leave(r, mark);
}

static void read_week(struct json_read *r, const json_t *root, struct calendar *c)
{
	const json_t *list = json_read_list(r, root, "weekly_off", 0, 6);

	for (size_t i = 0; i < json_array_size(list) && !r->err; i++) {
		const char *text = json_string_value(json_array_get(list, i));
		size_t day;

		for (day = 0; day < ARRAY_LEN(weekdays) && !str_eq(weekdays[day], text); day++)
			;
		if (day == ARRAY_LEN(weekdays) || c->is_off[day + 1])
			json_read_fault(r, "weekly_off",
				"entry %zu is no day of the week, or the same again; allowed: monday to sunday",
				i + 1);
		else
			c->is_off[day + 1] = true;
	}
}

static void read_fixed(struct json_read *r, const json_t *root, struct calendar *c)
{
	const json_t *list = json_read_list(r, root, "fixed", 0, CALENDAR_FIXED_MAX);

	for (size_t i = 0; i < json_array_size(list) && !r->err; i++) {
		const char *text = json_string_value(json_array_get(list, i));
		char whole[DATE_BYTES];
		struct date date;
		int64_t day;

		/* Of a leap year, so that each day of a year is one. */
		snprintf(whole, sizeof(whole), "2000-%.5s", text ? text : "");
		if (!text || strlen(text) != 5 || date_parse(whole, &day)) {
			json_read_fault(r, "fixed",
				"entry %zu is no day of a year; allowed: month and day as \"04-30\"",
				i + 1);
			return;
		}
		date = date_of_day(day);
		c->fixed[c->fixed_count++] = (struct date_of_year){date.month, date.day};
	}
}

static void check_entry(
	struct json_read *r, const struct calendar *c, const struct calendar_entry *e, int year)
{
	if (date_of_day(e->from).year != year || date_of_day(e->to).year != year)
		json_read_fault(r, "", "does not lie within the year %d; split it", year);
	else if (e->to < e->from)
		json_read_fault(r, "to", "is before \"from\"");
	else if (e->to - e->from >= CALENDAR_ENTRY_DAYS)
		json_read_fault(
			r, "to", "is more than %d days after \"from\"", CALENDAR_ENTRY_DAYS - 1);
	else if (c->entry_count && c->entries[c->entry_count - 1].to >= e->from)
		json_read_fault(r, "",
			"is not after the entry before it; write them in the order of their days");
}

static void read_entry(struct json_read *r, const json_t *object, struct calendar *c, int year)
{
	static const char *const keys[] = {
		"from", "to", "kind", "name", "confirmed", "source", NULL};
	static const char *const kinds[] = {"off", "work"};
	struct calendar_entry e = {0};
	int kind = 0;

	json_read_keys(r, object, keys);
	json_read_date(r, object, "from", false, &e.from);
	e.to = e.from;
	json_read_date(r, object, "to", true, &e.to);
	json_read_word(r, object, "kind", kinds, 2, &kind);
	json_read_text(r, object, "name", 1, e.name, sizeof(e.name) - 1);
	json_read_bool(r, object, "confirmed", &e.is_confirmed);
	json_read_text(r, object, "source", 1, e.source, sizeof(e.source) - 1);
	e.is_work = kind == 1;
	if (!r->err)
		check_entry(r, c, &e, year);
	if (!r->err && c->entry_count == CALENDAR_ENTRIES_MAX)
		json_read_fault(r, "", "is one too many; allowed: %d", CALENDAR_ENTRIES_MAX);
	if (!r->err)
		c->entries[c->entry_count++] = e;
}

static void read_year(struct json_read *r, const json_t *object, struct calendar *c)
{
	static const char *const keys[] = {"year", "days", NULL};
	const json_t *list;
	int year = 0;
	size_t mark;

	json_read_keys(r, object, keys);
	json_read_int(r, object, "year", DATE_YEAR_MIN, DATE_YEAR_MAX, &year);
	if (!r->err && (!year || (c->year_count && year != c->years[c->year_count - 1] + 1)))
		json_read_fault(r, "year", "is missing, or does not follow the one before");
	list = json_read_list(r, object, "days", 0, CALENDAR_ENTRIES_MAX);
	mark = json_read_enter(r, "days");
	if (!r->err)
		c->years[c->year_count++] = year;
	for (size_t i = 0; i < json_array_size(list) && !r->err; i++) {
		size_t inner = json_read_element(r, i);

		read_entry(r, json_array_get(list, i), c, year);
		json_read_leave(r, inner);
	}
	json_read_leave(r, mark);
}

static void read_calendar(struct json_read *r, const json_t *root, struct calendar *c)
{
	static const char *const keys[] = {"zone", "hours", "weekly_off", "fixed", "years", NULL};
	const json_t *list;
	size_t mark;

	json_read_keys(r, root, keys);
	read_zone(r, root, c);
	read_hours(r, root, c);
	read_week(r, root, c);
	read_fixed(r, root, c);
	list = json_read_list(r, root, "years", 1, CALENDAR_YEARS_MAX);
	mark = json_read_enter(r, "years");
	for (size_t i = 0; i < json_array_size(list) && !r->err; i++) {
		size_t inner = json_read_element(r, i);

		read_year(r, json_array_get(list, i), c);
		json_read_leave(r, inner);
	}
	json_read_leave(r, mark);
}

enum err calendar_parse(const char *text, size_t len, const char *name,
	struct calendar **ret_calendar, struct errbuf *eb)
{
	struct json_read r = {.name = name, .eb = eb};
	json_t *root = json_read_begin(&r, text, len);
	struct calendar *calendar;

	if (!root)
		return r.err;
	calendar = calloc(1, sizeof(*calendar));
	if (calendar)
		read_calendar(&r, root, calendar);
	else
		r.err = ERR_NOMEM;
	json_decref(root);
	if (r.err) {
		free(calendar);
		return r.err;
	}
	*ret_calendar = calendar;
	return ERR_OK;
}
