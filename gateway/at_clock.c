/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gateway/at_clock.h"
#include "daemon/base/clock_trust.h"
#include "daemon/base/str.h"

#include <string.h>
#include <time.h>

#define QUARTER_MS  (15 * MINUTE_MS)
#define ZONE_MIN    (-48) /* 3GPP TS 27.007 §8.41, quarters of an hour */
#define ZONE_MAX    56
#define YEAR_MAX    2069 /* two digits: 70, 80 and 90 are clocks that were never set */
#define CENTURY	    2000
#define TIME_FIELDS 6

/* One line of the kinds that tell a time: numbers in a known order with known marks between. */
struct form {
	const char *begin;
	const char *pattern; /* Y M D h m s, z a zone with its sign, n any number, else itself */
	bool is_local;
};

/* Without quotes and blanks, for modules differ in both. */
static const struct form forms[] = {
	{"+CCLK:", "Y/M/D,h:m:sz", true},
	{"+CTZE:", "z,n,Y/M/D,h:m:s", true},
	{"+CTZEU:", "z,n,Y/M/D,h:m:s", false},
	{"+QLTS:", "Y/M/D,h:m:sz,n", false},
	{"^NWTIME:", "Y/M/D,h:m:sz,n", false},
	{"*PSUTTZ:", "Y,M,D,h,m,s,z,n", false},
};

struct reading {
	int time[TIME_FIELDS]; /* year to second */
	int zone;
};

static const char *skip(const char *text)
{
	return text + strspn(text, " \"");
}

/* At most four digits; NULL when there are none. */
static const char *read_number(const char *text, int *ret_number)
{
	size_t len = strspn(text, "0123456789");
	int number = 0;

	if (!len || len > 4)
		return NULL;
	for (size_t i = 0; i < len; i++)
		number = number * 10 + (text[i] - '0');
	*ret_number = number;
	return text + len;
}

static const char *read_zone(const char *text, int *ret_zone)
{
	bool is_west = *text == '-';
	int zone;

	if (!is_west && *text != '+')
		return NULL;
	text = read_number(text + 1, &zone);
	if (text)
		*ret_zone = is_west ? -zone : zone;
	return text;
}

static const char *read_one(const char *text, char what, struct reading *reading)
{
	static const char fields[TIME_FIELDS + 1] = "YMDhms";
	const char *field = strchr(fields, what);
	int ignored;

	if (field)
		return read_number(text, &reading->time[field - fields]);
	if (what == 'z')
		return read_zone(text, &reading->zone);
	if (what == 'n')
		return read_number(text, &ignored);
	return *text == what ? text + 1 : NULL;
}

static bool read_form(const struct form *form, const char *text, struct reading *ret_reading)
{
	for (const char *what = form->pattern; *what && text; what++)
		text = read_one(skip(text), *what, ret_reading);
	return text && !*skip(text);
}

static enum err to_utc(const struct reading *r, bool is_local, int64_t *ret_utc_ms)
{
	const int *t = r->time;
	int year = t[0] < 100 ? t[0] + CENTURY : t[0];
	struct tm tm = {.tm_year = year - 1900,
		.tm_mon = t[1] - 1,
		.tm_mday = t[2],
		.tm_hour = t[3],
		.tm_min = t[4],
		.tm_sec = t[5]};
	struct tm back = tm;
	int64_t ms;

	if (year > YEAR_MAX || r->zone < ZONE_MIN || r->zone > ZONE_MAX)
		return ERR_INVALID;
	ms = (int64_t)timegm(&back) * SECOND_MS;
	/* A 31 June has become another day. */
	if (back.tm_mon != tm.tm_mon || back.tm_mday != tm.tm_mday || back.tm_hour != tm.tm_hour ||
		back.tm_min != tm.tm_min || back.tm_sec != tm.tm_sec)
		return ERR_INVALID;
	if (is_local)
		ms -= r->zone * QUARTER_MS;
	if (ms < CLOCK_FLOOR_MS)
		return ERR_INVALID;
	*ret_utc_ms = ms;
	return ERR_OK;
}

enum err at_clock_parse(const char *line, int64_t *ret_utc_ms)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct reading reading = {.zone = 0};

		if (!str_starts(line, forms[i].begin))
			continue;
		if (!read_form(&forms[i], line + strlen(forms[i].begin), &reading))
			return ERR_PROTOCOL;
		return to_utc(&reading, forms[i].is_local, ret_utc_ms);
	}
	return ERR_PROTOCOL;
}
