/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of figures: reports over time by hamlet and category, and the plan's targets against
 * what is. */
#include "daemon/http/legal_json.h"

#include "daemon/base/date.h"
#include "daemon/base/str.h"
#include "daemon/desk/figures.h"
#include "store/report_clock.h"

/* config/targets/plan.json */
extern const char plan_targets[];
extern const unsigned long plan_targets_bytes;

struct asked {
	int64_t from_day, to_day;
	enum figures_by by;
};

static json_t *day_json(int64_t day)
{
	char text[DATE_BYTES];

	date_format(day, text);
	return json_string(text);
}

static json_t *count_json(int64_t count)
{
	return count == FIGURES_HIDDEN ? json_null() : json_integer(count);
}

/* ---- what is asked ---------------------------------------------------------------------------
 */

static enum err by_of(const char *text, enum figures_by *ret_by)
{
	static const char *const words[] = {"day", "week", "month"};

	for (size_t i = 0; text && i < ARRAY_LEN(words); i++) {
		if (!str_eq(text, words[i]))
			continue;
		*ret_by = (enum figures_by)i;
		return ERR_OK;
	}
	return text ? ERR_INVALID : ERR_OK;
}

/* This year by months, unless something else is asked for. */
static enum err read_query(struct http_request *req, struct asked *ret_asked, struct errbuf *eb)
{
	int64_t now_ms = clock_wall_ms(store_clock(req->http->options.store));
	int64_t today = (now_ms + VIETNAM_OFFSET_MS) / DAY_MS;
	struct asked asked = {.from_day = date_day((struct date){clock_local_year(now_ms), 1, 1}),
		.to_day = today,
		.by = FIGURES_BY_MONTH};
	const char *from = http_argument(req, "from"), *to = http_argument(req, "to");

	if ((from && date_parse(from, &asked.from_day)) || (to && date_parse(to, &asked.to_day)))
		return errbuf_set(eb, ERR_INVALID, "from and to are dates such as 2026-11-01");
	if (by_of(http_argument(req, "by"), &asked.by))
		return errbuf_set(eb, ERR_INVALID, "by is day, week or month");
	*ret_asked = asked;
	return ERR_OK;
}

/* ---- reports ---------------------------------------------------------------------------------
 */

static json_t *counts_json(const struct figures *f, const int64_t *counts)
{
	json_t *list = json_array();

	for (int i = 0; i < f->periods; i++)
		json_array_append_new(list, count_json(counts[i]));
	return list;
}

static json_t *rows_json(
	const struct figures *f, const struct figures_row *rows, int count, const char *member)
{
	json_t *list = json_array();

	for (int i = 0; i < count; i++)
		json_array_append_new(list, json_pack("{s:s, s:o}", member, rows[i].code, "counts",
						    counts_json(f, rows[i].counts)));
	return list;
}

static json_t *figures_json(const struct figures *f)
{
	json_t *begins = json_array();

	for (int i = 0; i < f->periods; i++)
		json_array_append_new(begins, day_json(f->days[i]));
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "periods", begins, "reports",
		counts_json(f, f->reports), "answered", counts_json(f, f->answered), "categories",
		rows_json(f, f->categories, CATEGORY_COUNT, "category"), "hamlets",
		rows_json(f, f->hamlets, f->hamlet_count, "hamlet"));
}

/* ---- targets ---------------------------------------------------------------------------------
 */

struct reality {
	int64_t done[PLACE_KIND_COUNT], of[PLACE_KIND_COUNT]; /* places, by their kind */
	int64_t households, on_zalo;
	int64_t met, late;
	json_t *hamlets;
	int64_t *cells[2][FIGURES_PLACES_MAX]; /* to be hidden in it */
	int64_t numbers[2][FIGURES_PLACES_MAX];
	char codes[FIGURES_PLACES_MAX][PLACE_CODE_BYTES];
	int count;
};

static void place_count(void *arg, const struct place_cell *cell)
{
	struct reality *r = arg;

	r->of[cell->kind]++;
	r->done[cell->kind] += cell->people > 0;
	if (cell->kind != PLACE_HAMLET)
		return;
	r->households += cell->households;
	r->on_zalo += cell->on_zalo;
	if (r->count == FIGURES_PLACES_MAX ||
		str_copy(r->codes[r->count], PLACE_CODE_BYTES, cell->code))
		return;
	r->numbers[0][r->count] = cell->households;
	/* All but a few of a hamlet: those few are as easily found. */
	r->numbers[1][r->count] = cell->households - cell->on_zalo < FIGURES_SMALL &&
						  cell->households > cell->on_zalo
					  ? FIGURES_HIDDEN
					  : cell->on_zalo;
	r->cells[0][r->count] = &r->numbers[0][r->count];
	r->cells[1][r->count] = &r->numbers[1][r->count];
	r->count++;
}

static void clock_count(void *arg, const struct clock_tally *tally)
{
	struct reality *r = arg;

	r->met += tally->met;
	r->late += tally->late;
}

static json_t *hamlets_json(struct reality *r)
{
	json_t *list = json_array();

	figures_hide(r->cells[0], r->count);
	for (int i = 0; i < r->count; i++) {
		if (r->numbers[0][i] == FIGURES_HIDDEN)
			r->numbers[1][i] = FIGURES_HIDDEN;
	}
	figures_hide(r->cells[1], r->count);
	for (int i = 0; i < r->count; i++)
		json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "hamlet", r->codes[i],
						    "households", count_json(r->numbers[0][i]),
						    "on_zalo", count_json(r->numbers[1][i])));
	return list;
}

static json_t *target_json(const struct reality *r, const json_t *plan)
{
	const char *measure = json_string_value(json_object_get(plan, "of"));
	json_t *target = json_pack("{s:O, s:O, s:O}", "code", json_object_get(plan, "code"), "name",
		json_object_get(plan, "name"), "steps", json_object_get(plan, "steps"));
	int64_t done = 0, of = 0;
	enum place_kind kind;

	if (str_eq(measure, "household")) {
		done = r->on_zalo;
		of = r->households;
	} else if (str_eq(measure, "clock")) {
		done = r->met;
		of = r->met + r->late;
	} else if (!place_kind_of(measure, &kind)) {
		done = r->done[kind];
		of = r->of[kind];
	}
	json_object_set_new(target, "done", json_integer(done));
	json_object_set_new(target, "of", json_integer(of));
	/* Rounded down: 100 is all of them. */
	json_object_set_new(target, "percent", of ? json_integer(100 * done / of) : json_null());
	return target;
}

static enum err add_targets(struct http_request *req, const struct asked *asked, json_t *answer)
{
	struct http_options *options = &req->http->options;
	struct reality *r = calloc(1, sizeof(*r));
	json_t *plan = json_loadb(plan_targets, plan_targets_bytes, 0, NULL), *item;
	struct clock_period period = {
		.from_ms = asked->from_day * DAY_MS - VIETNAM_OFFSET_MS,
		.to_ms = (asked->to_day + 1) * DAY_MS - VIETNAM_OFFSET_MS,
	};
	json_t *targets = json_array();
	size_t i;
	enum err err = r && plan && targets ? desk_legal_now(options->desk, &period.now_ms)
					    : ERR_NOMEM;

	if (!err)
		err = place_cells(options->store, place_count, r);
	/* The same for everybody, whatever he can read, and also before there are officers. */
	if (!err)
		err = report_clock_tally(options->store, &period, CLOCK_TALLY_OPEN, clock_count, r);
	if (!err) {
		json_array_foreach (plan, i, item)
			json_array_append_new(targets, target_json(r, item));
		json_object_set(answer, "targets", targets);
		json_object_set_new(answer, "households", hamlets_json(r));
	}
	json_decref(plan);
	json_decref(targets);
	free(r);
	return err;
}

void figures_get(struct http_request *req)
{
	static const char *const words[] = {"day", "week", "month"};
	struct figures *figures = malloc(sizeof(*figures));
	struct errbuf eb = {0};
	struct asked asked = {0};
	json_t *answer = NULL;
	enum err err = figures ? read_query(req, &asked, &eb) : ERR_NOMEM;

	if (!err)
		err = desk_figures(
			req->http->options.desk, asked.from_day, asked.to_day, asked.by, figures);
	if (err == ERR_TOO_BIG)
		errbuf_set(&eb, err, "more than %d periods: ask for weeks or months",
			FIGURES_PERIODS_MAX);
	else if (err == ERR_INVALID && !eb.text[0])
		errbuf_set(&eb, err, "from is after to");
	if (!err) {
		answer = figures_json(figures);
		err = answer ? add_targets(req, &asked, answer) : ERR_NOMEM;
	}
	free(figures);
	if (err) {
		json_decref(answer);
		http_reply_err(req, err, &eb);
		return;
	}
	json_object_set_new(answer, "from", day_json(asked.from_day));
	json_object_set_new(answer, "to", day_json(asked.to_day));
	json_object_set_new(answer, "by", json_string(words[asked.by]));
	http_reply_json(req, MHD_HTTP_OK, answer);
}
