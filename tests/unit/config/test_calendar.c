/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config/law.h"
#include "config/law_builtin.h"
#include "daemon/base/date.h"
#include "daemon/base/str.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static int load(void **state)
{
	struct errbuf eb = {0};
	struct calendar *calendar = NULL;
	enum err err = calendar_parse(
		law_calendar_vn, law_calendar_vn_bytes, "vn.json", &calendar, &eb);

	if (err)
		print_error("%s\n", eb.text);
	*state = calendar;
	return (int)err;
}

static int unload(void **state)
{
	calendar_free(*state);
	return 0;
}

static int64_t day_of(const char *text)
{
	int64_t day = 0;

	assert_int_equal(date_parse(text, &day), ERR_OK);
	return day;
}

/* "2026-02-13 16:59" in Vietnam. */
static int64_t moment(const char *text)
{
	char date[DATE_BYTES];

	snprintf(date, sizeof(date), "%.10s", text);
	return day_of(date) * DAY_MS - 7 * HOUR_MS +
	       ((text[11] - '0') * 10 + text[12] - '0') * HOUR_MS +
	       ((text[14] - '0') * 10 + text[15] - '0') * MINUTE_MS;
}

static void test_working_days(void **state)
{
	static const struct {
		const char *day;
		bool is_working;
	} days[] = {
		{"2026-11-20", true}, /* Friday */
		{"2026-11-21", false},
		{"2026-11-22", false},
		{"2026-11-23", true},
		{"2026-01-01", false},
		{"2026-01-02", false}, /* swapped */
		{"2026-01-10", true},  /* a Saturday that is worked */
		{"2026-02-13", true},
		{"2026-02-16", false},
		{"2026-02-20", false},
		{"2026-02-23", true},
		{"2026-04-26", false},
		{"2026-04-27", false},
		{"2026-04-28", true},
		{"2025-04-26", true},
		{"2025-05-02", false},
		{"2027-02-10", false},
		{"2027-02-11", true},
		{"2030-02-06", false},
		{"2030-02-07", true},
	};

	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		if (calendar_is_working_day(*state, day_of(days[i].day)) != days[i].is_working)
			fail_msg("%s", days[i].day);
	}
}

/* Every year that ships has the days off of art. 112, each on working days of the week. */
static void test_every_year_has_its_days(void **state)
{
	for (int year = calendar_first_year(*state); year <= calendar_last_year(*state); year++) {
		int off = 0, made_up = 0;
		const struct calendar_entry *e;

		for (size_t i = 0; (e = calendar_entry(*state, i)); i++) {
			if (date_of_day(e->from).year != year)
				continue;
			for (int64_t day = e->from; day <= e->to; day++) {
				bool is_weekend = date_weekday(day) > 5;

				assert_int_equal(e->is_work && is_weekend, e->is_work);
				off += !e->is_work && !is_weekend;
				made_up += e->is_work;
			}
		}
		/* 11 by law, one more since the Day of Culture; what is swapped is made up. */
		assert_int_equal(off - made_up, year < 2026 ? 11 : 12);
	}
	assert_int_equal(calendar_first_year(*state), 2025);
	assert_true(calendar_last_year(*state) >= 2030);
}

static void test_office_hours(void **state)
{
	assert_true(calendar_is_working(*state, moment("2026-11-20 07:30")));
	assert_false(calendar_is_working(*state, moment("2026-11-20 07:29")));
	assert_true(calendar_is_working(*state, moment("2026-11-20 11:29")));
	assert_false(calendar_is_working(*state, moment("2026-11-20 11:30")));
	assert_true(calendar_is_working(*state, moment("2026-11-20 16:59")));
	assert_false(calendar_is_working(*state, moment("2026-11-20 17:00")));
	assert_false(calendar_is_working(*state, moment("2026-11-21 09:00")));
	assert_true(calendar_is_working(*state, moment("2026-01-10 09:00")));
	assert_int_equal(
		calendar_opens_ms(*state, day_of("2026-02-14")), moment("2026-02-23 07:30"));
	assert_int_equal(calendar_minute(*state, moment("2026-11-20 13:37")), 13 * 60 + 37);
	assert_int_equal(calendar_day(*state, moment("2026-11-20 00:00")), day_of("2026-11-20"));
	assert_int_equal(
		calendar_day(*state, moment("2026-11-20 00:00") - 1), day_of("2026-11-19"));
}

/* The end of a term as "2026-02-13 23:59", from a moment on. */
static void expect_end(
	const struct calendar *calendar, const char *from, const char *text, const char *end)
{
	struct term term;

	assert_int_equal(term_parse(text, &term), ERR_OK);
	if (term_is_days(&term))
		assert_int_equal(
			term_end_ms(calendar, &term, moment(from)), moment(end) + MINUTE_MS - 1);
	else
		assert_int_equal(term_end_ms(calendar, &term, moment(from)), moment(end));
}

static void test_terms(void **state)
{
	static const struct {
		const char *from, *term, *end;
	} cases[] = {
		{"2026-11-20 10:00", "at once", "2026-11-20 10:00"},
		{"2026-11-20 10:00", "30 minutes", "2026-11-20 10:30"},
		{"2026-11-21 23:50", "24 hours", "2026-11-22 23:50"}, /* hours know no Sunday */
		{"2026-11-16 10:00", "3 working days", "2026-11-19 23:59"},
		{"2026-11-19 23:59", "3 working days", "2026-11-25 23:59"}, /* 24/11 is off */
		{"2026-11-14 10:00", "3 working days", "2026-11-18 23:59"}, /* came on a Saturday */
		/* Over Tết: Friday before it, nine days, and the week after. */
		{"2026-02-13 08:00", "3 working days", "2026-02-25 23:59"},
		{"2026-02-12 08:00", "3 working days", "2026-02-24 23:59"},
		{"2027-02-03 08:00", "1 working day", "2027-02-11 23:59"},
		/* Over the end of a year, and with a Saturday that is worked. */
		{"2025-12-31 08:00", "3 working days", "2026-01-07 23:59"},
		{"2026-01-08 08:00", "2 working days", "2026-01-10 23:59"},
		{"2025-12-30 08:00", "7 days", "2026-01-06 23:59"},
		/* Days of the calendar end on a working day. */
		{"2026-02-06 08:00", "7 days", "2026-02-13 23:59"},
		{"2026-02-07 08:00", "7 days",
			"2026-02-23 23:59"}, /* the 14th, Saturday, then Tết */
		{"2026-11-13 08:00", "20 days", "2026-12-03 23:59"},
		{"2026-11-02 08:00", "20 days", "2026-11-23 23:59"}, /* the 22nd is a Sunday */
		/* Months, also without such a day. */
		{"2026-12-31 08:00", "2 months", "2027-03-01 23:59"}, /* 28/2 is a Sunday */
		{"2027-12-31 08:00", "2 months", "2028-02-29 23:59"},
		{"2026-11-20 08:00", "2 months", "2027-01-20 23:59"},
		{"2026-12-16 08:00", "2 months", "2027-02-16 23:59"},
		{"2026-12-05 08:00", "2 months", "2027-02-11 23:59"}, /* 5/2 is within Tết */
		{"2026-11-20 22:59", "23:00 or 08:00", "2026-11-20 23:00"},
		{"2026-11-20 23:01", "23:00 or 08:00", "2026-11-21 08:00"},
		{"2026-11-21 00:10", "23:00 or 08:00", "2026-11-21 23:00"},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_end(*state, cases[i].from, cases[i].term, cases[i].end);
}

/* A working day is never skipped and never counted twice, from any moment of six years. */
static void test_working_terms_against_counting(void **state)
{
	int64_t last = day_of("2030-11-01");

	for (int64_t day = day_of("2025-01-01"); day < last; day++) {
		for (int count = 1; count <= 10; count += 3) {
			struct term term = {.unit = TERM_WORKING_DAYS, .count = count};
			int64_t from_ms = calendar_begins_ms(*state, day) + 9 * HOUR_MS;
			int64_t end = calendar_day(*state, term_end_ms(*state, &term, from_ms));

			assert_true(calendar_is_working_day(*state, end));
			assert_int_equal(calendar_count_working_days(*state, day, end), count);
		}
	}
}

static void test_warnings(void **state)
{
	struct term day = {.unit = TERM_WORKING_DAYS, .count = 1};
	struct term days = {.unit = TERM_DAYS, .count = 2};
	struct term hours = {.unit = TERM_HOURS, .count = 4};
	int64_t end_ms = moment("2026-11-25 23:59");

	/* The 24th is off. */
	assert_int_equal(term_before_ms(*state, &day, end_ms), moment("2026-11-23 07:30"));
	assert_int_equal(term_before_ms(*state, &days, end_ms), moment("2026-11-23 07:30"));
	/* Two days before Monday is a Saturday: the Friday before it. */
	assert_int_equal(term_before_ms(*state, &days, moment("2026-11-23 23:59")),
		moment("2026-11-20 07:30"));
	assert_int_equal(term_before_ms(*state, &hours, end_ms), moment("2026-11-25 19:59"));
}

static void test_thaw(void **state)
{
	struct term working = {.unit = TERM_WORKING_DAYS, .count = 3};
	struct term days = {.unit = TERM_DAYS, .count = 20};
	struct term hours = {.unit = TERM_HOURS, .count = 24};
	int64_t end_ms = moment("2026-11-19 23:59") + MINUTE_MS - 1;

	/* Friday, Monday and Wednesday began while it stood still; Tuesday is off. */
	assert_int_equal(term_thaw_ms(*state, &working, end_ms, moment("2026-11-19 10:00"),
				 moment("2026-11-25 09:00")),
		moment("2026-11-25 23:59") + MINUTE_MS - 1);
	assert_int_equal(term_thaw_ms(*state, &days, end_ms, moment("2026-11-10 10:00"),
				 moment("2026-11-11 09:00")),
		moment("2026-11-20 23:59") + MINUTE_MS - 1);
	/* On the same day nothing is won. */
	assert_int_equal(term_thaw_ms(*state, &days, end_ms, moment("2026-11-10 10:00"),
				 moment("2026-11-10 17:00")),
		end_ms);
	assert_int_equal(term_thaw_ms(*state, &hours, end_ms, moment("2026-11-10 10:00"),
				 moment("2026-11-10 10:25")),
		end_ms + 25 * MINUTE_MS);
}

/* Past the data the weeks and the fixed dates go on, and it is said. */
static void test_unknown_years(void **state)
{
	int64_t from = day_of("2029-12-20");
	struct term term = {.unit = TERM_WORKING_DAYS, .count = 3};

	assert_false(calendar_is_working_day(*state, day_of("2041-01-01")));
	assert_false(calendar_is_working_day(*state, day_of("2041-04-30")));
	assert_false(calendar_is_working_day(*state, day_of("2041-05-04")));
	assert_true(calendar_is_working_day(*state, day_of("2041-05-02")));
	assert_int_equal(calendar_certainty(*state, day_of("2041-05-01"), day_of("2041-05-02")),
		CALENDAR_UNKNOWN);
	assert_int_equal(calendar_certainty(*state, day_of("2030-12-30"), day_of("2031-01-02")),
		CALENDAR_UNKNOWN);
	assert_int_equal(
		calendar_certainty(*state, from, day_of("2030-01-03")), CALENDAR_CONFIRMED);
	assert_int_equal(calendar_certainty(*state, day_of("2030-01-30"), day_of("2030-02-08")),
		CALENDAR_UNCONFIRMED);
	assert_int_equal(calendar_certainty(*state, day_of("2024-12-30"), day_of("2025-01-02")),
		CALENDAR_UNKNOWN);
	/* Nothing lies after a day itself. */
	assert_int_equal(calendar_certainty(*state, day_of("2041-01-01"), day_of("2041-01-01")),
		CALENDAR_CONFIRMED);
	assert_int_equal(
		calendar_day(*state, term_end_ms(*state, &term, moment("2041-04-29 09:00"))),
		day_of("2041-05-06"));
}

static void test_term_words(void **state)
{
	static const char *const bad[] = {"", "3", "days", "0 days", "-1 days", "3 weeks",
		"3  days", "99999999 days", "3 days ", "at  once", "23:00", "23:00 or 24:00",
		"23:00 or 8:00", "1e3 days", "+3 days", "3 Days"};
	struct term term = {.unit = TERM_BY};
	char text[TERM_BYTES];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (!term_parse(bad[i], &term))
			fail_msg("\"%s\" is no term", bad[i]);
	}
	assert_int_equal(term.unit, TERM_BY);
	assert_int_equal(term_parse("1 working day", &term), ERR_OK);
	term_format(&term, text);
	assert_string_equal(text, "1 ngày làm việc");
	assert_int_equal(term_parse("at once", &term), ERR_OK);
	term_format(&term, text);
	assert_string_equal(text, "ngay");
	assert_int_equal(term_parse("23:00 or 08:00", &term), ERR_OK);
	term_format(&term, text);
	assert_string_equal(text, "23:00, hoặc 08:00 hôm sau");
}

/* What is wrong is named with its place. */
static void test_faults(void **state)
{
#define HEAD \
	"{\"zone\":\"+07:00\",\"hours\":[{\"from\":\"07:30\",\"to\":\"17:00\"}],\"weekly_off\":[\"sunday\"],"
#define ENTRY(dates) \
	HEAD "\"years\":[{\"year\":2026,\"days\":[{" dates \
	     ",\"kind\":\"off\",\"name\":\"x\",\"confirmed\":true,\"source\":\"y\"}]}]}"
	static const struct {
		const char *text, *says;
	} cases[] = {
		{"", "f: is empty"},
		{"[]", "f: must be an object"},
		{"{\"zone\":\"+07:00\"}", "f: hours: is missing"},
		{"{\"zone\":\"7\"}", "f: zone: is no such text"},
		{"{\"zone\":\"+77:00\",\"hours\":[]}", "f: zone: is no distance"},
		{HEAD "\"years\":[]}", "f: years: has too many or too few"},
		{HEAD "\"years\":[{\"year\":2026},{\"year\":2028}]}",
			"f: years[1].year: is missing, or does not follow"},
		{HEAD "\"holiday\":1,\"years\":[{\"year\":2026}]}", "f: unknown key \"holiday\""},
		{HEAD "\"year\":[]}", "f: unknown key \"year\", did you mean years?"},
		{ENTRY("\"from\":\"2026-02-30\""), "f: years[0].days[0].from: is no date"},
		{ENTRY("\"from\":\"2027-02-03\""),
			"f: years[0].days[0]: does not lie within the year 2026"},
		{ENTRY("\"from\":\"2026-02-03\",\"to\":\"2026-02-02\""),
			"f: years[0].days[0].to: is before"},
		{ENTRY("\"from\":\"2026-02-03\",\"to\":\"2026-12-02\""),
			"f: years[0].days[0].to: is more than"},
		{ENTRY("\"from\":\"2026-02-03\",\"kind\":\"rest\""), "duplicate key"},
		{"{\"zone\":\"+07:00\",\"hours\":[{\"from\":\"17:00\",\"to\":\"07:30\"}]}",
			"f: hours[0]: ends before it begins"},
		{"{\"zone\":\"+07:00\",\"hours\":[{\"from\":\"17:61\",\"to\":\"07:30\"}]}",
			"f: hours[0].from: is no time of day"},
		{"{\"zone\":\"+07:00\",\"hours\":[{\"from\":\"07:30\",\"to\":\"17:00\"}],"
		 "\"weekly_off\":[\"sunday\",\"sunday\"]}",
			"f: weekly_off: entry 2"},
		{HEAD "\"fixed\":[\"02-30\"]}", "f: fixed: entry 1"},
	};
	struct calendar *calendar = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct errbuf eb = {0};

		assert_int_not_equal(
			calendar_parse(cases[i].text, strlen(cases[i].text), "f", &calendar, &eb),
			ERR_OK);
		assert_null(calendar);
		if (!strstr(eb.text, cases[i].says))
			fail_msg("\"%s\" is not in \"%s\"", cases[i].says, eb.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_working_days),
		cmocka_unit_test(test_every_year_has_its_days),
		cmocka_unit_test(test_office_hours),
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_working_terms_against_counting),
		cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_thaw),
		cmocka_unit_test(test_unknown_years),
		cmocka_unit_test(test_term_words),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
