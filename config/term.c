/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/term.h"

#include "daemon/base/date.h"
#include "daemon/base/str.h"

#include <string.h>

static const struct {
	const char *one, *many, *vi;
	int max; /* ten years, or for what is counted finer, enough */
} units[] = {
	[TERM_MINUTES] = {"minute", "minutes", "phút", 100000},
	[TERM_HOURS] = {"hour", "hours", "giờ", 10000},
	[TERM_DAYS] = {"day", "days", "ngày", 3660},
	[TERM_WORKING_DAYS] = {"working day", "working days", "ngày làm việc", 2600},
	[TERM_MONTHS] = {"month", "months", "tháng", 1200},
};

/* "23:00" as minutes since midnight. */
static bool read_minute(const char *text, int *ret_minute)
{
	int hour, minute;

	for (int i = 0; i < 5; i++) {
		if (i == 2 ? text[i] != ':' : text[i] < '0' || text[i] > '9')
			return false;
	}
	hour = (text[0] - '0') * 10 + text[1] - '0';
	minute = (text[3] - '0') * 10 + text[4] - '0';
	*ret_minute = hour * 60 + minute;
	return hour < 24 && minute < 60;
}

static enum err parse_by(const char *text, struct term *ret_term)
{
	struct term term = {.unit = TERM_BY};

	if (strlen(text) != 14 || strncmp(text + 5, " or ", 4) != 0 ||
		!read_minute(text, &term.by_minute[0]) ||
		!read_minute(text + 9, &term.by_minute[1]))
		return ERR_INVALID;
	*ret_term = term;
	return ERR_OK;
}

enum err term_parse(const char *text, struct term *ret_term)
{
	const char *blank = strchr(text, ' ');
	char digits[8];
	int64_t count;

	if (str_eq(text, "at once")) {
		*ret_term = (struct term){.unit = TERM_MINUTES};
		return ERR_OK;
	}
	if (strchr(text, ':'))
		return parse_by(text, ret_term);
	if (!blank || blank == text || (size_t)(blank - text) >= sizeof(digits))
		return ERR_INVALID;
	snprintf(digits, sizeof(digits), "%.*s", (int)(blank - text), text);
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (!str_eq(blank + 1, units[i].one) && !str_eq(blank + 1, units[i].many))
			continue;
		if (str_to_int64(digits, 1, units[i].max, &count))
			return ERR_INVALID;
		*ret_term = (struct term){.unit = (enum term_unit)i, .count = (int)count};
		return ERR_OK;
	}
	return ERR_INVALID;
}

void term_format(const struct term *term, char text[TERM_BYTES])
{
	if (term->unit == TERM_BY)
		snprintf(text, TERM_BYTES, "%02d:%02d, hoặc %02d:%02d hôm sau",
			term->by_minute[0] / 60 % 24, term->by_minute[0] % 60,
			term->by_minute[1] / 60 % 24, term->by_minute[1] % 60);
	else if (!term->count)
		snprintf(text, TERM_BYTES, "ngay");
	else
		snprintf(text, TERM_BYTES, "%d %s", term->count, units[term->unit].vi);
}

bool term_is_days(const struct term *term)
{
	return term->unit == TERM_DAYS || term->unit == TERM_WORKING_DAYS ||
	       term->unit == TERM_MONTHS;
}

static int64_t end_of_day(const struct calendar *calendar, int64_t day)
{
	if (!calendar_is_working_day(calendar, day))
		day = calendar_next_working_day(calendar, day);
	return calendar_begins_ms(calendar, day + 1) - 1;
}

/* Before the first time it is that of this day; after it the one of the next. */
static int64_t end_by(const struct calendar *calendar, const struct term *term, int64_t start_ms)
{
	int64_t day = calendar_day(calendar, start_ms);
	int64_t first_ms = calendar_begins_ms(calendar, day) + term->by_minute[0] * MINUTE_MS;

	if (start_ms <= first_ms)
		return first_ms;
	return calendar_begins_ms(calendar, day + 1) + term->by_minute[1] * MINUTE_MS;
}

int64_t term_end_ms(const struct calendar *calendar, const struct term *term, int64_t start_ms)
{
	int64_t day = calendar_day(calendar, start_ms);

	switch (term->unit) {
	case TERM_MINUTES:
		return start_ms + term->count * MINUTE_MS;
	case TERM_HOURS:
		return start_ms + term->count * HOUR_MS;
	case TERM_DAYS:
		return end_of_day(calendar, day + term->count);
	case TERM_WORKING_DAYS:
		return end_of_day(calendar, calendar_add_working_days(calendar, day, term->count));
	case TERM_MONTHS:
		return end_of_day(calendar, date_add_months(day, term->count));
	case TERM_BY:
		break;
	}
	return end_by(calendar, term, start_ms);
}

static int64_t working_days_back(const struct calendar *calendar, int64_t day, int count)
{
	for (; count > 0; count--)
		day = calendar_last_working_day(calendar, day - 1);
	return day;
}

int64_t term_before_ms(const struct calendar *calendar, const struct term *term, int64_t end_ms)
{
	int64_t day = calendar_day(calendar, end_ms);

	if (term->unit == TERM_MINUTES)
		return end_ms - term->count * MINUTE_MS;
	if (term->unit == TERM_HOURS)
		return end_ms - term->count * HOUR_MS;
	if (term->unit == TERM_DAYS)
		day -= term->count;
	else if (term->unit == TERM_MONTHS)
		day = date_add_months(day, -term->count);
	else
		day = working_days_back(calendar, day, term->count);
	return calendar_opens_ms(calendar, calendar_last_working_day(calendar, day));
}

int64_t term_thaw_ms(const struct calendar *calendar, const struct term *term, int64_t end_ms,
	int64_t frozen_ms, int64_t thawed_ms)
{
	int64_t from = calendar_day(calendar, frozen_ms), to = calendar_day(calendar, thawed_ms);
	int64_t day = calendar_day(calendar, end_ms);

	if (!term_is_days(term))
		return end_ms + (thawed_ms - frozen_ms);
	if (term->unit == TERM_WORKING_DAYS)
		day = calendar_add_working_days(
			calendar, day, calendar_count_working_days(calendar, from, to));
	else
		day += to - from;
	return end_of_day(calendar, day);
}
