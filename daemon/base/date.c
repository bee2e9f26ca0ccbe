/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Years are counted from March, so that the day that leap years have more comes last. */
#include "daemon/base/date.h"

#include "daemon/base/str.h"

#include <string.h>

#define ERA_DAYS    146097 /* of 400 years */
#define EPOCH_SHIFT 719468 /* from 0000-03-01 to 1970-01-01 */

int64_t date_day(struct date date)
{
	int64_t year = date.month > 2 ? date.year : date.year - 1;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t of_era = year - era * 400;
	int64_t month = (date.month + 9) % 12;
	int64_t of_year = (153 * month + 2) / 5 + date.day - 1;

	return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH_SHIFT;
}

struct date date_of_day(int64_t day)
{
	int64_t shifted = day + EPOCH_SHIFT;
	int64_t era = (shifted >= 0 ? shifted : shifted - ERA_DAYS + 1) / ERA_DAYS;
	int64_t of_era = shifted - era * ERA_DAYS;
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	struct date date = {.day = (int)(of_year - (153 * month + 2) / 5 + 1),
		.month = (int)(month < 10 ? month + 3 : month - 9)};

	date.year = (int)(year + era * 400 + (date.month <= 2));
	return date;
}

int date_weekday(int64_t day)
{
	/* 1970-01-01 was a Thursday. */
	return (int)(((day + 3) % 7 + 7) % 7) + 1;
}

int date_month_days(int year, int month)
{
	int64_t next = month == 12 ? date_day((struct date){year + 1, 1, 1})
				   : date_day((struct date){year, month + 1, 1});

	return (int)(next - date_day((struct date){year, month, 1}));
}

int64_t date_add_months(int64_t day, int months)
{
	struct date date = date_of_day(day);
	int count = date.year * 12 + date.month - 1 + months, last;

	date.year = count / 12;
	date.month = count % 12 + 1;
	last = date_month_days(date.year, date.month);
	if (date.day > last)
		date.day = last;
	return date_day(date);
}

static bool read_digits(const char *text, int count, int *ret_number)
{
	int number = 0;

	for (int i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		number = number * 10 + text[i] - '0';
	}
	*ret_number = number;
	return true;
}

enum err date_parse(const char *text, int64_t *ret_day)
{
	struct date date;

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
		!read_digits(text, 4, &date.year) || !read_digits(text + 5, 2, &date.month) ||
		!read_digits(text + 8, 2, &date.day))
		return ERR_INVALID;
	if (date.year < DATE_YEAR_MIN || date.year > DATE_YEAR_MAX || date.month < 1 ||
		date.month > 12 || date.day < 1 ||
		date.day > date_month_days(date.year, date.month))
		return ERR_INVALID;
	*ret_day = date_day(date);
	return ERR_OK;
}

void date_format(int64_t day, char text[DATE_BYTES])
{
	struct date date = date_of_day(day);
	char wide[40];

	snprintf(wide, sizeof(wide), "%04d-%02d-%02d", date.year, date.month, date.day);
	if (str_copy(text, DATE_BYTES, wide))
		text[0] = 0;
}
