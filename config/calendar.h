/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The working calendar of the office as data (config/calendar/vn.json, or the file that
 * law.calendar names): the weekly days off, holidays, days on which work is made up, office hours.
 * Days are those of base/date.h in the calendar's own zone.
 *
 * Of a year that the file does not have only the weekly days off and the holidays on fixed dates
 * are known; whoever computes a term is told so (CALENDAR_UNKNOWN) and says it wherever he shows
 * it.
 */
#ifndef BINHYEN_CONFIG_CALENDAR_H
#define BINHYEN_CONFIG_CALENDAR_H

#include "daemon/base/clock.h"
#include "daemon/base/err.h"

#include <stdbool.h>

/* What the days of a span are known by: the worst of them. */
#define CALENDAR_CERTAINTY_TABLE(X) \
	X(CONFIRMED, "confirmed") /* announced, or plain weeks between */ \
	X(UNCONFIRMED, \
		"unconfirmed") /* a holiday in it is not announced yet: the commune confirms */ \
	X(UNKNOWN, "unknown")  /* a year that the file does not have */
enum calendar_certainty {
#define X(name, text) CALENDAR_##name,
	CALENDAR_CERTAINTY_TABLE(X)
#undef X
		CALENDAR_CERTAINTIES
};
const char *calendar_certainty_text(enum calendar_certainty certainty);

#define CALENDAR_NAME_BYTES   128
#define CALENDAR_SOURCE_BYTES 160

struct calendar;

/* `name` stands for the file in messages. `eb` says which entry is wrong and what is allowed. */
MUST_CHECK
enum err calendar_parse(const char *text, size_t len, const char *name,
	struct calendar **ret_calendar, struct errbuf *eb);
void calendar_free(struct calendar *calendar);

/* The day of a moment, and the moment at which a day begins. */
int64_t calendar_day(const struct calendar *calendar, int64_t wall_ms);
int64_t calendar_begins_ms(const struct calendar *calendar, int64_t day);
/* Minutes since midnight. */
int calendar_minute(const struct calendar *calendar, int64_t wall_ms);

bool calendar_is_working_day(const struct calendar *calendar, int64_t day);
/* Within office hours of a working day? */
bool calendar_is_working(const struct calendar *calendar, int64_t wall_ms);
/* When the office opens first on or after that day. */
int64_t calendar_opens_ms(const struct calendar *calendar, int64_t day);

/* The next working day after `day`; the nearest one at or before it. */
int64_t calendar_next_working_day(const struct calendar *calendar, int64_t day);
int64_t calendar_last_working_day(const struct calendar *calendar, int64_t day);
/* The count-th working day after `day`; count 0 is the day itself. */
int64_t calendar_add_working_days(const struct calendar *calendar, int64_t day, int count);
/* Working days after `from` up to `to`. */
int calendar_count_working_days(const struct calendar *calendar, int64_t from, int64_t to);

/* What is known of the days after `from` up to `to`. */
enum calendar_certainty calendar_certainty(
	const struct calendar *calendar, int64_t from, int64_t to);

/* The years of the file: first and last. */
int calendar_first_year(const struct calendar *calendar);
int calendar_last_year(const struct calendar *calendar);

/* An entry of the file, in the order of its days; borrowed from the calendar. */
struct calendar_entry {
	int64_t from, to;
	bool is_work; /* worked to make up for another day; else off */
	bool is_confirmed;
	char name[CALENDAR_NAME_BYTES];
	char source[CALENDAR_SOURCE_BYTES];
};
/* NULL past the end. */
const struct calendar_entry *calendar_entry(const struct calendar *calendar, size_t index);

#endif
