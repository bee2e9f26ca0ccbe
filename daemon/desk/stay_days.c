/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/stay_days.h"

#include "daemon/base/base.h"
#include "daemon/base/date.h"
#include "daemon/base/str.h"

#include <stdlib.h>
#include <string.h>

#define DATE_BACK_DAYS 60 /* a date without a year may be so long ago */
#define STAY_BACK_DAYS 30 /* who tells of a stay that began earlier has mistyped */

static bool is_real(int year, int month, int day)
{
	return year >= DATE_YEAR_MIN && year <= DATE_YEAR_MAX && month >= 1 && month <= 12 &&
	       day >= 1 && day <= date_month_days(year, month);
}

static void add_day(struct stay_days *d, int64_t day)
{
	if (d->count < STAY_DATES_MAX)
		d->days[d->count++] = day;
}

/* Without a year the nearest one: DATE_BACK_DAYS back, and most of a year ahead. */
static void add_date(struct stay_days *d, int day, int month, int year)
{
	int this_year = date_of_day(d->today).year;

	if (year) {
		if (is_real(year, month, day))
			add_day(d, date_day((struct date){year, month, day}));
		else
			d->faults |= STAY_BAD_DATES;
		return;
	}
	for (int y = this_year - 1; y <= this_year + 1; y++) {
		int64_t at;

		if (!is_real(y, month, day))
			continue;
		at = date_day((struct date){y, month, day});
		if (at < d->today - DATE_BACK_DAYS)
			continue;
		add_day(d, at);
		return;
	}
	d->faults |= STAY_BAD_DATES;
}

static bool is_until(const struct stay_tokens *tokens, size_t i)
{
	return i && (str_eq(stay_word_at(tokens, i - 1), "den") ||
			    str_eq(stay_word_at(tokens, i - 1), "toi") ||
			    (i > 1 && str_eq(stay_word_at(tokens, i - 2), "den")));
}

void stay_days_date(struct stay_days *d, const struct stay_tokens *tokens, size_t i)
{
	const struct stay_token *token = &tokens->items[i];
	int month = token->month, year = token->year;

	if (!d->count && is_until(tokens, i))
		d->is_end_first = true;
	for (size_t k = i + 1; !month && k < tokens->count; k++) {
		if (tokens->items[k].kind == STAY_DATE) {
			month = tokens->items[k].month;
			year = tokens->items[k].year;
		}
	}
	add_date(d, token->day, month, year);
}

size_t stay_days_words(struct stay_days *d, const struct stay_tokens *tokens, size_t i)
{
	static const char *const today[] = {
		"hom nay", "toi nay", "dem nay", "chieu nay", "sang nay", "trua nay", NULL};
	static const char *const tomorrow[] = {
		"ngay mai", "hom sau", "sang mai", "toi mai", "mai", NULL};
	static const char *const before[] = {"hom qua", "toi qua", "dem qua", NULL};
	static const char *const nights[] = {"dem", "hom", "ngay", NULL};
	static const char *const weeks[] = {"tuan", NULL};
	const struct {
		const char *const *phrases;
		int days;
	} table[] = {{today, 0}, {tomorrow, 1}, {before, -1}};
	const char *word = stay_word_at(tokens, i);
	size_t len;

	for (size_t k = 0; k < ARRAY_LEN(table); k++) {
		len = stay_phrase_at(tokens, i, table[k].phrases);
		/* "Mai" alone is a name as well. */
		if (len > 1 || (len == 1 && is_until(tokens, i))) {
			if (!d->count && is_until(tokens, i))
				d->is_end_first = true;
			add_day(d, d->today + table[k].days);
			return len;
		}
	}
	if (!word[0] || strlen(word) > 2 || word[strspn(word, "0123456789")])
		return 0;
	if (stay_phrase_at(tokens, i + 1, nights))
		d->nights = (int)strtol(word, NULL, 10);
	else if (stay_phrase_at(tokens, i + 1, weeks))
		d->nights = 7 * (int)strtol(word, NULL, 10);
	else
		return 0;
	return 2;
}

void stay_days_settle(const struct stay_days *d, struct stay_words *words)
{
	words->faults |= d->faults;
	if (d->count >= 2) {
		words->from_day = d->days[0];
		words->to_day = d->days[d->count - 1];
	} else if (d->count == 1) {
		words->from_day = d->is_end_first ? d->today : d->days[0];
		words->to_day = d->is_end_first ? d->days[0] : 0;
	}
	if (d->nights && !words->to_day) {
		words->from_day = words->from_day ? words->from_day : d->today;
		words->to_day = words->from_day + d->nights;
	}
	if (!words->to_day)
		words->faults |= STAY_NO_DATES;
	else if (words->to_day < words->from_day || words->from_day < d->today - STAY_BACK_DAYS)
		words->faults |= STAY_BAD_DATES;
	else if (words->to_day - words->from_day > STAY_DAYS_MAX)
		words->faults |= STAY_TOO_LONG;
}
