/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clocks of all reports that the caller may know of: what is late or ends soon, and how they were
 * kept. */
#include "daemon/http/legal_json.h"

#include "daemon/base/date.h"
#include "daemon/base/str.h"
#include "daemon/desk/small_cells.h"

#include <string.h>

#define DAYS_DEFAULT 3
#define DAYS_MAX     366
/* Of a hamlet the share in time is told, when so many of its clocks have ended, and no count: how
 * many reports a hamlet had is told by the month only (daemon/desk/figures.h), and a year would be
 * the sum to subtract from. */
#define CELL_MIN  FIGURES_SMALL
#define CELLS_MAX 256 /* hamlets of a commune; a sum has all of them */

/* ---- what is late or ends soon ---------------------------------------------------------------
 */

struct due_list {
	struct http_request *req;
	json_t *rows;
	int64_t now_ms;
};

static void due_add(void *arg, const struct report_clock *clock)
{
	struct due_list *due = arg;

	json_array_append_new(due->rows, json_clock(due->req, clock, due->now_ms));
}

void clocks_get(struct http_request *req)
{
	const char *text = http_argument(req, "days");
	struct desk *desk = req->http->options.desk;
	struct due_list due = {.req = req, .rows = json_array()};
	struct reader reader = http_reader(req);
	struct http_page page = {.limit = 0};
	struct errbuf eb = {0};
	int64_t days = DAYS_DEFAULT;
	enum err err = due.rows ? http_page_get(req, &page, &eb) : ERR_NOMEM;

	if (!err && text && str_to_int64(text, 0, DAYS_MAX, &days) != ERR_OK)
		err = errbuf_set(&eb, ERR_INVALID, "days must be a number from 0 to %d", DAYS_MAX);
	if (!err)
		err = desk_legal_now(desk, &due.now_ms);
	if (!err)
		err = reading_clocks(desk, &reader,
			&(struct reading_clocks){
				due.now_ms + days * DAY_MS, page.limit, due_add, &due});
	if (err) {
		json_decref(due.rows);
		http_reply_err(req, err, &eb);
		return;
	}
	http_reply_json(req, MHD_HTTP_OK,
		json_pack("{s:o, s:o}", "now", json_time(due.now_ms), "clocks", due.rows));
}

/* ---- how clocks were kept --------------------------------------------------------------------
 */

struct cell {
	char hamlet[32];
	int64_t met, late, running;
};

struct kept {
	json_t *rows;
	char class[REPORT_CLASS_BYTES], code[24]; /* of the cells */
	struct cell cells[CELLS_MAX], sum;
	int count;
};

static void cell_add(struct cell *to, const struct cell *cell)
{
	to->met += cell->met;
	to->late += cell->late;
	to->running += cell->running;
}

/* Rounded down: 100 is all of them. */
static json_t *percent_json(const struct cell *cell)
{
	int64_t ended = cell->met + cell->late;

	return ended ? json_integer(100 * cell->met / ended) : json_null();
}

/* hamlet: NULL = the sum. */
static void row_add(struct kept *kept, const struct cell *cell, const char *hamlet)
{
	json_t *row = json_pack("{s:s, s:s, s:s?, s:o}", "class",
		kept->class[0] ? kept->class : "tiep_nhan", "clock", kept->code, "hamlet", hamlet,
		"percent", percent_json(cell));

	json_object_set_new(row, "met", hamlet ? json_null() : json_integer(cell->met));
	json_object_set_new(row, "late", hamlet ? json_null() : json_integer(cell->late));
	json_object_set_new(row, "running", hamlet ? json_null() : json_integer(cell->running));
	json_array_append_new(kept->rows, row);
}

/* The hamlets of a clock, then its sum, which has those that are not shown by themselves as well.
 */
static void kept_close(struct kept *kept)
{
	for (int i = 0; i < kept->count; i++) {
		if (kept->cells[i].met + kept->cells[i].late >= CELL_MIN)
			row_add(kept, &kept->cells[i], kept->cells[i].hamlet);
	}
	if (kept->code[0])
		row_add(kept, &kept->sum, NULL);
	kept->count = 0;
	kept->sum = (struct cell){.met = 0};
}

/* Rows come by class, clock, hamlet. */
static void kept_add(void *arg, const struct clock_tally *tally)
{
	struct kept *kept = arg;
	struct cell cell = {.met = tally->met, .late = tally->late, .running = tally->running};

	if (!str_eq(kept->class, tally->class) || !str_eq(kept->code, tally->code)) {
		kept_close(kept);
		snprintf(kept->class, sizeof(kept->class), "%s", tally->class);
		snprintf(kept->code, sizeof(kept->code), "%s", tally->code);
	}
	snprintf(cell.hamlet, sizeof(cell.hamlet), "%s", tally->hamlet);
	cell_add(&kept->sum, &cell);
	if (kept->count < CELLS_MAX)
		kept->cells[kept->count++] = cell;
}

enum err http_clock_year(
	struct http_request *req, int64_t year, struct clock_period *ret_period, int64_t *ret_year)
{
	int64_t now_ms = 0;
	enum err err = desk_legal_now(req->http->options.desk, &now_ms);

	if (err)
		return err;
	year = year ? year : clock_local_year(now_ms);
	*ret_period = (struct clock_period){
		.from_ms = date_day((struct date){(int)year, 1, 1}) * DAY_MS - VIETNAM_OFFSET_MS,
		.to_ms = date_day((struct date){(int)year + 1, 1, 1}) * DAY_MS - VIETNAM_OFFSET_MS,
		.now_ms = now_ms};
	*ret_year = year;
	return ERR_OK;
}

json_t *json_clock_tally(
	struct http_request *req, const struct clock_period *period, enum err *ret_err)
{
	struct reader reader = http_reader(req);
	struct kept *kept = calloc(1, sizeof(*kept));
	json_t *rows = json_array();

	*ret_err = kept && rows ? ERR_OK : ERR_NOMEM;
	if (!*ret_err) {
		kept->rows = rows;
		*ret_err = reading_clock_tally(
			req->http->options.desk, &reader, period, kept_add, kept);
	}
	if (!*ret_err)
		kept_close(kept);
	free(kept);
	return rows;
}

void statistics_clocks_get(struct http_request *req)
{
	const char *text = http_argument(req, "year");
	struct clock_period period = {.now_ms = 0};
	struct errbuf eb = {0};
	int64_t year = 0;
	json_t *rows = NULL;
	enum err err = ERR_OK;

	if (text && str_to_int64(text, 2000, 2199, &year) != ERR_OK)
		err = errbuf_set(&eb, ERR_INVALID, "year must be a number from 2000 to 2199");
	if (!err)
		err = http_clock_year(req, year, &period, &year);
	if (!err)
		rows = json_clock_tally(req, &period, &err);
	if (err) {
		json_decref(rows);
		http_reply_err(req, err, &eb);
		return;
	}
	http_reply_json(
		req, MHD_HTTP_OK, json_pack("{s:I, s:o}", "year", (json_int_t)year, "rows", rows));
}
