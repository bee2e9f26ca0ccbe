/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the reader of the file fills in and calendar.c looks at. */
#ifndef BINHYEN_CONFIG_CALENDAR_PRIVATE_H
#define BINHYEN_CONFIG_CALENDAR_PRIVATE_H

#include "config/calendar.h"

#define CALENDAR_HOURS_MAX   4	 /* spans of a day */
#define CALENDAR_FIXED_MAX   16	 /* holidays on fixed dates */
#define CALENDAR_ENTRIES_MAX 600 /* some 10 a year of 40 years, and room */
#define CALENDAR_YEARS_MAX   60
#define CALENDAR_ENTRY_DAYS  31 /* more in one entry is a slip of the pen */

struct calendar_hours {
	int from, to; /* minutes since midnight */
};

struct calendar {
	int offset_minutes; /* local time minus UTC */
	bool is_off[8];	    /* by weekday, 1 Monday */
	struct calendar_hours hours[CALENDAR_HOURS_MAX];
	int hours_count;
	struct date_of_year {
		int month, day;
	} fixed[CALENDAR_FIXED_MAX];
	int fixed_count;
	int years[CALENDAR_YEARS_MAX]; /* rising by one */
	int year_count;
	struct calendar_entry entries[CALENDAR_ENTRIES_MAX]; /* rising, none overlaps */
	size_t entry_count;
};

#endif
