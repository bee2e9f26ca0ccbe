/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/calendar_private.h"

#include "daemon/base/date.h"

#include <stdlib.h>

const char *calendar_certainty_text(enum calendar_certainty certainty)
{
	static const char *const texts[] = {
#define X(name, text) [CALENDAR_##name] = text,
		CALENDAR_CERTAINTY_TABLE(X)
#undef X
	};

	return texts[certainty];
}

static int64_t floor_div(int64_t value, int64_t by)
{
	return value >= 0 ? value / by : -((-value + by - 1) / by);
}

int64_t calendar_day(const struct calendar *c, int64_t wall_ms)
{
	return floor_div(wall_ms + c->offset_minutes * MINUTE_MS, DAY_MS);
}

int64_t calendar_begins_ms(const struct calendar *c, int64_t day)
{
	return day * DAY_MS - c->offset_minutes * MINUTE_MS;
}

int calendar_minute(const struct calendar *c, int64_t wall_ms)
{
	return (int)((wall_ms - calendar_begins_ms(c, calendar_day(c, wall_ms))) / MINUTE_MS);
}

/* The first entry that ends on or after that day, entry_count when there is none. */
static size_t entry_from(const struct calendar *c, int64_t day)
{
	size_t low = 0, high = c->entry_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->entries[middle].to < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct calendar_entry *entry_of(const struct calendar *c, int64_t day)
{
	size_t at = entry_from(c, day);

	return at < c->entry_count && c->entries[at].from <= day ? &c->entries[at] : NULL;
}

static bool has_year(const struct calendar *c, int year)
{
	return c->year_count && year >= c->years[0] && year <= c->years[c->year_count - 1];
}

static bool is_fixed(const struct calendar *c, const struct date *date)
{
	for (int i = 0; i < c->fixed_count; i++) {
		if (c->fixed[i].month == date->month && c->fixed[i].day == date->day)
			return true;
	}
	return false;
}

bool calendar_is_working_day(const struct calendar *c, int64_t day)
{
	const struct calendar_entry *entry = entry_of(c, day);
	struct date date;

	if (entry)
		return entry->is_work;
	if (c->is_off[date_weekday(day)])
		return false;
	date = date_of_day(day);
	return has_year(c, date.year) || !is_fixed(c, &date);
}

bool calendar_is_working(const struct calendar *c, int64_t wall_ms)
{
	int minute = calendar_minute(c, wall_ms);

	if (!calendar_is_working_day(c, calendar_day(c, wall_ms)))
		return false;
	for (int i = 0; i < c->hours_count; i++) {
		if (minute >= c->hours[i].from && minute < c->hours[i].to)
			return true;
	}
	return false;
}

int64_t calendar_opens_ms(const struct calendar *c, int64_t day)
{
	if (!calendar_is_working_day(c, day))
		day = calendar_next_working_day(c, day);
	return calendar_begins_ms(c, day) + c->hours[0].from * MINUTE_MS;
}

/* There is a working day ahead: the week has one, and the file ends somewhere. */
int64_t calendar_next_working_day(const struct calendar *c, int64_t day)
{
	do {
		day++;
	} while (!calendar_is_working_day(c, day));
	return day;
}

int64_t calendar_last_working_day(const struct calendar *c, int64_t day)
{
	while (!calendar_is_working_day(c, day))
		day--;
	return day;
}

int64_t calendar_add_working_days(const struct calendar *c, int64_t day, int count)
{
	for (int i = 0; i < count; i++)
		day = calendar_next_working_day(c, day);
	return day;
}

int calendar_count_working_days(const struct calendar *c, int64_t from, int64_t to)
{
	int count = 0;

	for (int64_t day = from + 1; day <= to; day++)
		count += calendar_is_working_day(c, day);
	return count;
}

enum calendar_certainty calendar_certainty(const struct calendar *c, int64_t from, int64_t to)
{
	size_t at = entry_from(c, from + 1);

	if (from >= to)
		return CALENDAR_CONFIRMED;
	if (!has_year(c, date_of_day(from + 1).year) || !has_year(c, date_of_day(to).year))
		return CALENDAR_UNKNOWN;
	for (; at < c->entry_count && c->entries[at].from <= to; at++) {
		if (!c->entries[at].is_confirmed)
			return CALENDAR_UNCONFIRMED;
	}
	return CALENDAR_CONFIRMED;
}

int calendar_first_year(const struct calendar *c)
{
	return c->years[0];
}

int calendar_last_year(const struct calendar *c)
{
	return c->years[c->year_count - 1];
}

const struct calendar_entry *calendar_entry(const struct calendar *c, size_t index)
{
	return index < c->entry_count ? &c->entries[index] : NULL;
}

void calendar_free(struct calendar *c)
{
	free(c);
}
