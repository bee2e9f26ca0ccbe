/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/feed_time.h"

#include "daemon/base/clock.h"
#include "daemon/base/date.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

struct moment {
	struct date date;
	int hour, minute, second;
	int zone_min; /* ahead of UTC */
};

static void skip_space(const char **at)
{
	*at += strspn(*at, " \t\r\n");
}

/* min..max digits; -1 when there are fewer. */
static int number(const char **at, int min, int max)
{
	int value = 0, digits = 0;

	while (digits < max && **at >= '0' && **at <= '9') {
		value = value * 10 + (**at - '0');
		digits++;
		(*at)++;
	}
	return digits < min ? -1 : value;
}

static bool take(const char **at, char sign)
{
	if (**at != sign)
		return false;
	(*at)++;
	return true;
}

/* "+0700", "+07:00", "-05:30" */
static bool offset(const char **at, int *ret_min)
{
	int sign = **at == '-' ? -1 : 1, hours, minutes;

	if (!take(at, '+') && !take(at, '-'))
		return false;
	hours = number(at, 2, 2);
	take(at, ':');
	minutes = number(at, 2, 2);
	if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
		return false;
	*ret_min = sign * (hours * 60 + minutes);
	return true;
}

static int64_t moment_ms(const struct moment *m)
{
	const struct date *d = &m->date;

	if (d->year < 1971 || d->year > DATE_YEAR_MAX || d->month < 1 || d->month > 12 ||
		d->day < 1 || d->day > date_month_days(d->year, d->month))
		return 0;
	if (m->hour < 0 || m->hour > 23 || m->minute < 0 || m->minute > 59 || m->second < 0 ||
		m->second > 60)
		return 0;
	return date_day(*d) * DAY_MS + m->hour * HOUR_MS + (m->minute - m->zone_min) * MINUTE_MS +
	       m->second * SECOND_MS;
}

/* Hour, minute and, if told, second. */
static bool clock_part(const char **at, struct moment *m)
{
	m->hour = number(at, 1, 2);
	if (!take(at, ':'))
		return false;
	m->minute = number(at, 2, 2);
	m->second = take(at, ':') ? number(at, 2, 2) : 0;
	if (take(at, '.'))
		*at += strspn(*at, "0123456789");
	return m->hour >= 0 && m->minute >= 0 && m->second >= 0;
}

static bool internet(const char *at, struct moment *m)
{
	m->date.year = number(&at, 4, 4);
	if (!take(&at, '-'))
		return false;
	m->date.month = number(&at, 2, 2);
	if (!take(&at, '-'))
		return false;
	m->date.day = number(&at, 2, 2);
	if (!take(&at, 'T') && !take(&at, 't') && !take(&at, ' '))
		return false;
	if (!clock_part(&at, m))
		return false;
	if (take(&at, 'Z') || take(&at, 'z'))
		m->zone_min = 0;
	else if (!offset(&at, &m->zone_min))
		return false;
	skip_space(&at);
	return !*at;
}

/* The zones of RFC 822; a letter of the military ones means nothing certain (RFC 2822 §4.3). */
static bool named_zone(const char *at, int *ret_min)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = {{"GMT", 0}, {"UT", 0}, {"UTC", 0}, {"Z", 0}, {"EST", -5}, {"EDT", -4},
		{"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
	size_t len = strcspn(at, " \t\r\n(");

	for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
		if (strlen(zones[i].name) != len || strncasecmp(zones[i].name, at, len) != 0)
			continue;
		*ret_min = zones[i].hours * 60;
		return true;
	}
	return false;
}

static bool mail(const char *at, struct moment *m)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	const char *comma = strchr(at, ',');

	if (comma)
		at = comma + 1;
	skip_space(&at);
	m->date.day = number(&at, 1, 2);
	skip_space(&at);
	for (int i = 0; i < 12; i++) {
		if (strncasecmp(months + (size_t)i * 3, at, 3) == 0)
			m->date.month = i + 1;
	}
	at += strcspn(at, " \t");
	skip_space(&at);
	m->date.year = number(&at, 2, 4);
	if (m->date.year >= 0 && m->date.year < 100)
		m->date.year += m->date.year < 50 ? 2000 : 1900;
	skip_space(&at);
	if (!clock_part(&at, m))
		return false;
	skip_space(&at);
	return offset(&at, &m->zone_min) || named_zone(at, &m->zone_min);
}

int64_t feed_time(const char *text)
{
	struct moment m = {0};

	skip_space(&text);
	if (strnlen(text, 64) >= 64)
		return 0;
	if (internet(text, &m))
		return moment_ms(&m);
	m = (struct moment){0};
	return mail(text, &m) ? moment_ms(&m) : 0;
}
