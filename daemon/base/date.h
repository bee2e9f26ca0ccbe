/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Days as numbers: since 1970-01-01 in the Gregorian calendar, the same count as
 * clock_local_day(). Nothing here knows of hours or zones.
 */
#ifndef BINHYEN_BASE_DATE_H
#define BINHYEN_BASE_DATE_H

#include "daemon/base/err.h"

#include <stdint.h>

#define DATE_YEAR_MIN 1900
#define DATE_YEAR_MAX 2200

struct date {
	int year, month, day; /* 2026, 1..12, 1..31 */
};

/* The date must exist. */
int64_t date_day(struct date date);
struct date date_of_day(int64_t day);
int date_weekday(int64_t day); /* 1 Monday .. 7 Sunday */
int date_month_days(int year, int month);

/* The same day of the month so many months later, or the last of that month when it has none
 * (Civil Code 2015 art. 148.3). months may be negative. */
int64_t date_add_months(int64_t day, int months);

/* "2026-02-17", of a year from DATE_YEAR_MIN to DATE_YEAR_MAX; ERR_INVALID. */
MUST_CHECK
enum err date_parse(const char *text, int64_t *ret_day);
#define DATE_BYTES 11
void date_format(int64_t day, char text[DATE_BYTES]);

#endif
