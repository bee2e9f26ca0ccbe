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
	bool is_told; /* by hamlet and category */
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
	struct figures_row *hamlet = NULL;
	enum category category = CATEGORY_OTHER;

	c->f->reports[c->period] += cell->reports;
	c->f->answered[c->period] += cell->answered;
	if (!c->is_told)
		return;
	hamlet = hamlet_row(c->f, cell->hamlet);
	if (!category_from_code(cell->category, &category))
		c->f->categories[category].counts[c->period] += cell->reports;
	if (hamlet)
		hamlet->counts[c->period] += cell->reports;
}

/* Also a hamlet with no report has its row: who has one would be told by that. */
static void add_hamlet(void *arg, const struct place_cell *cell)
{
	if (cell->kind == PLACE_HAMLET || cell->kind == PLACE_COMMUNE)
		(void)hamlet_row(arg, cell->code);
}

static bool is_whole_month(const struct figures *f, int period, int64_t today)
{
	struct date begin = date_of_day(f->days[period]);
	int64_t end = next_begin(f->days[period], FIGURES_BY_MONTH);

	return begin.day == 1 && (f->days[period + 1] == end || f->days[period + 1] > today);
}

static void hide_rows(struct figures_row *rows, int count, int period, bool is_told)
{
	int64_t *cells[FIGURES_PLACES_MAX];

	for (int i = 0; i < count; i++) {
		cells[i] = &rows[i].counts[period];
		if (!is_told)
			*cells[i] = FIGURES_HIDDEN;
	}
	figures_hide(cells, count);
}

static int64_t day_ms(int64_t day)
{
	return day * DAY_MS - VIETNAM_OFFSET_MS;
}

static enum err count(struct desk *desk, struct figures *f, enum figures_by by)
{
	int64_t today = clock_local_day(desk_now(desk));
	enum err err;

	(void)hamlet_row(f, "");
	err = place_cells(desk->store, add_hamlet, f);
	for (int i = 0; !err && i < f->periods; i++) {
		struct counting c = {f, i, by == FIGURES_BY_MONTH && is_whole_month(f, i, today)};

		err = report_cells(
			desk->store, day_ms(f->days[i]), day_ms(f->days[i + 1]), count_cell, &c);
	}
	/* The last period may have brought a hamlet that is in the list of places no more. */
	for (int i = 0; !err && i < f->periods; i++) {
		bool is_told = by == FIGURES_BY_MONTH && is_whole_month(f, i, today);

		hide_rows(f->categories, CATEGORY_COUNT, i, is_told);
		hide_rows(f->hamlets, f->hamlet_count, i, is_told);
	}
	return err;
}

enum err desk_figures(struct desk *desk, int64_t from_day, int64_t to_day, enum figures_by by,
	struct figures *ret_figures)
{
	struct figures *f = calloc(1, sizeof(*f));
	enum err err = f ? set_periods(f, from_day, to_day, by) : ERR_NOMEM;

	for (int i = 0; !err && i < CATEGORY_COUNT; i++)
		err = str_copy(
			f->categories[i].code, PLACE_CODE_BYTES, category_code((enum category)i));
	if (!err)
		err = count(desk, f, by);
	if (!err)
		*ret_figures = *f;
	free(f);
	return err;
}
