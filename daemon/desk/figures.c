/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/figures.h"

#include "daemon/base/clock.h"
#include "daemon/base/date.h"
#include "daemon/base/str.h"
#include "daemon/desk/desk_private.h"

static int64_t next_begin(int64_t day, enum figures_by by)
{
	struct date date = date_of_day(day);

	if (by == FIGURES_BY_DAY)
		return day + 1;
	if (by == FIGURES_BY_WEEK)
		return day + 8 - date_weekday(day);
	return day + date_month_days(date.year, date.month) - date.day + 1;
}

static enum err set_periods(struct figures *f, int64_t from_day, int64_t to_day, enum figures_by by)
{
	int64_t day = from_day;

	if (to_day < from_day)
		return ERR_INVALID;
	while (day <= to_day) {
		if (f->periods == FIGURES_PERIODS_MAX)
			return ERR_TOO_BIG;
		f->days[f->periods++] = day;
		day = next_begin(day, by);
	}
	f->days[f->periods] = to_day + 1;
	return ERR_OK;
}

/* ---- counting --------------------------------------------------------------------------------
 */

struct counting {
	struct figures *f;
	int period;
};

/* Past the room for hamlets they are counted in the total only. */
static struct figures_row *hamlet_row(struct figures *f, const char *code)
{
	for (int i = 0; i < f->hamlet_count; i++) {
		if (str_eq(f->hamlets[i].code, code))
			return &f->hamlets[i];
	}
	if (f->hamlet_count == FIGURES_PLACES_MAX ||
		str_copy(f->hamlets[f->hamlet_count].code, PLACE_CODE_BYTES, code))
		return NULL;
	return &f->hamlets[f->hamlet_count++];
}

static void count_cell(void *arg, const struct report_cell *cell)
{
	struct counting *c = arg;
	struct figures_row *hamlet = hamlet_row(c->f, cell->hamlet);
	enum category category = CATEGORY_OTHER;

	c->f->reports[c->period] += cell->reports;
	c->f->answered[c->period] += cell->answered;
	if (!category_from_code(cell->category, &category))
		c->f->categories[category].counts[c->period] += cell->reports;
	if (hamlet)
		hamlet->counts[c->period] += cell->reports;
}

static void hide_period(struct figures *f, int period)
{
	int64_t *categories[CATEGORY_COUNT], *hamlets[FIGURES_PLACES_MAX];

	for (int i = 0; i < CATEGORY_COUNT; i++)
		categories[i] = &f->categories[i].counts[period];
	for (int i = 0; i < f->hamlet_count; i++)
		hamlets[i] = &f->hamlets[i].counts[period];
	figures_hide(categories, CATEGORY_COUNT);
	figures_hide(hamlets, f->hamlet_count);
}

static int64_t day_ms(int64_t day)
{
	return day * DAY_MS - VIETNAM_OFFSET_MS;
}

enum err desk_figures(struct desk *desk, int64_t from_day, int64_t to_day, enum figures_by by,
	struct figures *ret_figures)
{
	struct figures *f = calloc(1, sizeof(*f));
	enum err err = f ? set_periods(f, from_day, to_day, by) : ERR_NOMEM;

	for (int i = 0; !err && i < CATEGORY_COUNT; i++)
		err = str_copy(
			f->categories[i].code, PLACE_CODE_BYTES, category_code((enum category)i));
	for (int i = 0; !err && i < f->periods; i++)
		err = report_cells(desk->store, day_ms(f->days[i]), day_ms(f->days[i + 1]),
			count_cell, &(struct counting){f, i});
	for (int i = 0; !err && i < f->periods; i++)
		hide_period(f, i);
	if (!err)
		*ret_figures = *f;
	free(f);
	return err;
}
