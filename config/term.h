/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A term of law, and when it ends (Civil Code 2015 art. 147-148; the Criminal Procedure Code counts
 * in the same way): minutes and hours run from the moment; of days, working days and months the
 * first day is not counted, the last one ends at midnight, and when it is a day off, the next
 * working day is the last one.
 */
#ifndef BINHYEN_CONFIG_TERM_H
#define BINHYEN_CONFIG_TERM_H

#include "config/calendar.h"

enum term_unit {
	TERM_MINUTES,
	TERM_HOURS,
	TERM_DAYS,
	TERM_WORKING_DAYS,
	TERM_MONTHS,
	TERM_BY /* a time of the same day, or after it one of the next */
};

struct term {
	enum term_unit unit;
	int count;	  /* 0 minutes: at once */
	int by_minute[2]; /* TERM_BY: of the day, and of the next */
};

/* "at once", "30 minutes", "24 hours", "20 days", "3 working days", "2 months", "23:00 or 08:00".
 * ERR_INVALID. */
#define TERM_ALLOWED \
	"\"at once\", as \"30 minutes\", \"24 hours\", \"20 days\", \"3 working days\", \"2 months\", or \"23:00 or 08:00\""
MUST_CHECK
enum err term_parse(const char *text, struct term *ret_term);
/* The same in Vietnamese: "3 ngày làm việc". */
#define TERM_BYTES 48
void term_format(const struct term *term, char text[TERM_BYTES]);

/* Does it end with a day, so that nobody needs to be woken for it? */
bool term_is_days(const struct term *term);

/* The last moment that is still in time. To lengthen a term by another, start_ms is its end. */
int64_t term_end_ms(const struct calendar *calendar, const struct term *term, int64_t start_ms);
/* That much before an end: of days, when the office opens on the last working day that is so far
 * before it. Not for TERM_BY. */
int64_t term_before_ms(const struct calendar *calendar, const struct term *term, int64_t end_ms);

/* What of a term was left when it was frozen is left when it goes on: the new end of one that ended
 * at end_ms and stood still from one moment to the other. Days that began within are given back. */
int64_t term_thaw_ms(const struct calendar *calendar, const struct term *term, int64_t end_ms,
	int64_t frozen_ms, int64_t thawed_ms);

#endif
