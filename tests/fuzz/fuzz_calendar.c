/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as a calendar. What is accepted can be counted with: terms end, on working days, not
 * before they began. */
#include "config/calendar.h"
#include "config/term.h"
#include "daemon/base/date.h"
#include "daemon/base/str.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_term(const struct calendar *calendar, int64_t from_ms, struct term term)
{
	int64_t end_ms = term_end_ms(calendar, &term, from_ms);

	CHECK(end_ms >= from_ms);
	if (term_is_days(&term))
		CHECK(calendar_is_working_day(calendar, calendar_day(calendar, end_ms)));
	CHECK(term_before_ms(calendar, &term, end_ms) <= end_ms);
	CHECK(term_thaw_ms(calendar, &term, end_ms, from_ms, from_ms + 3 * DAY_MS) >= end_ms);
}

static void check_calendar(const struct calendar *calendar)
{
	const struct calendar_entry *entry;
	int64_t before = INT64_MIN;
	int64_t from_ms;

	for (size_t i = 0; (entry = calendar_entry(calendar, i)); i++) {
		CHECK(entry->from > before && entry->to >= entry->from);
		CHECK(calendar_is_working_day(calendar, entry->from) == entry->is_work);
		before = entry->to;
	}
	from_ms = calendar_begins_ms(
		calendar, date_day((struct date){calendar_last_year(calendar), 12, 30}));
	check_term(calendar, from_ms, (struct term){.unit = TERM_DAYS, .count = 20});
	check_term(calendar, from_ms, (struct term){.unit = TERM_WORKING_DAYS, .count = 10});
	check_term(calendar, from_ms, (struct term){.unit = TERM_MONTHS, .count = 2});
	check_term(calendar, from_ms, (struct term){.unit = TERM_HOURS, .count = 24});
	CHECK(calendar_is_working(
		calendar, calendar_opens_ms(calendar, calendar_day(calendar, from_ms))));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct calendar *calendar = NULL;
	struct errbuf eb = {0};

	if (calendar_parse((const char *)data, size, "f", &calendar, &eb)) {
		CHECK(!calendar && eb.text[0]);
		CHECK(str_is_utf8(eb.text, strlen(eb.text)));
		return 0;
	}
	check_calendar(calendar);
	calendar_free(calendar);
	return 0;
}
