/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/register.h"
#include "daemon/desk/reading.h"

#include "daemon/desk/desk_private.h"
#include "daemon/desk/register_private.h"
#include "store/event.h"
#include "store/report_link.h"
#include "store/vault.h"

#include <stdlib.h>
#include <string.h>

#define GATHER_ROWS 500		     /* that one step looks at: some milliseconds */
#define PRINT_ROWS  25		     /* reports that one step prints, with some questions each */
#define ROWS_MAX    ((size_t)100000) /* more fill no page either */

enum stage { ENTERING, GATHERING, PRINTING };

/* In the order of the page: by number, and what has none in the order in which it came. */
struct place_in_page {
	int64_t id;
	enum report_book book;
	int year, entry_no; /* 0 none */
};

struct desk_edition {
	struct desk *desk;
	struct desk_register_period period;
	enum desk_register_format format;
	enum stage stage;
	int64_t enter_id; /* see report_enter() */
	int64_t last_id;  /* the newest report when all had their numbers: what came later is left
			     to the next edition */
	struct report_span span;
	struct place_in_page *rows;
	size_t count, size, printed;
	size_t shown;
	struct buf page;
	struct register_sheet sheet;
	struct register_line line;
	const struct reader *reader; /* of this step */
	const struct report *report; /* whose changes are being written */
	bool has_hidden_tie;	     /* it: nothing of what it was tied to is written then */
	enum err err;
};

/* ---- what is printed -------------------------------------------------------------------------
 */

static void keep_newest(void *arg, const struct report *report)
{
	*(int64_t *)arg = report->id;
}

static enum err enter_some(struct desk_edition *e)
{
	struct store *store = e->desk->store;
	enum err err = report_enter(store, e->sheet.to_ms, &e->enter_id);

	if (err || e->enter_id)
		return err;
	e->stage = GATHERING;
	return report_list(store, 0, 1, keep_newest, &e->last_id);
}

static enum err grow(struct desk_edition *e)
{
	size_t size = e->size ? 2 * e->size : 256;
	struct place_in_page *rows;

	if (e->count == ROWS_MAX)
		return ERR_TOO_BIG;
	rows = reallocarray(e->rows, size, sizeof(*rows));
	if (!rows)
		return ERR_NOMEM;
	e->rows = rows;
	e->size = size;
	return ERR_OK;
}

static void gather(void *arg, const struct report *report)
{
	struct desk_edition *e = arg;

	if (report->id > e->last_id)
		return;
	if (!e->err && e->count == e->size)
		e->err = grow(e);
	if (e->err)
		return;
	e->rows[e->count++] = (struct place_in_page){
		report->id, report->book, report->year, report->entry_no};
}

static int by_number(const void *a, const void *b)
{
	const struct place_in_page *x = a, *y = b;

	if (x->book != y->book)
		return x->book < y->book ? -1 : 1;
	if (x->year != y->year)
		return x->year < y->year ? -1 : 1;
	if (!x->entry_no != !y->entry_no)
		return x->entry_no ? -1 : 1;
	if (x->entry_no != y->entry_no)
		return x->entry_no < y->entry_no ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static enum err gather_some(struct desk_edition *e)
{
	bool is_end = false;
	enum err err = report_span(e->desk->store, &e->span, GATHER_ROWS, gather, e, &is_end);

	if (!err)
		err = e->err;
	if (err || !is_end)
		return err;
	if (e->count)
		qsort(e->rows, e->count, sizeof(*e->rows), by_number);
	e->stage = PRINTING;
	return ERR_OK;
}

/* ---- printing --------------------------------------------------------------------------------
 */

/* What changed what the line says, or was added to it: what has a name in the phrases. Who looked
 * at what is no business of this page. */
static void write_change(void *arg, const struct event_seen *event)
{
	struct desk_edition *e = arg;
	bool is_tie = str_eq(event->kind, "report.linked") ||
		      str_eq(event->kind, "report.unlinked") ||
		      str_eq(event->kind, "report.merged") ||
		      str_eq(event->kind, "report.unmerged");

	if (e->err || !str_starts(event->kind, "report.") || (is_tie && e->has_hidden_tie))
		return;
	e->err = register_line_of_change(e->desk, e->report, event, &e->line);
	if (e->err == ERR_NOT_FOUND)
		e->err = ERR_OK;
	else if (!e->err)
		e->err = register_sheet_line(&e->sheet, &e->line);
}

#define TIES_MAX 64 /* more than officers link by hand */

struct ties {
	int64_t ids[TIES_MAX];
	int count;
};

static void keep_tie(void *arg, const struct report_link *link)
{
	struct ties *ties = arg;

	if (ties->count < TIES_MAX)
		ties->ids[ties->count++] = link->other_id;
}

/* Is it tied to a report that the reader may not know of? */
static enum err find_hidden_tie(struct desk_edition *e, const struct report *report)
{
	struct ties ties = {.count = 0};
	enum err err = report_links(e->desk->store, report->id, keep_tie, &ties);

	if (!err && report->merged_into && ties.count < TIES_MAX)
		ties.ids[ties.count++] = report->merged_into;
	e->has_hidden_tie = ties.count == TIES_MAX;
	for (int i = 0; !err && i < ties.count; i++) {
		bool knows = false;

		err = reading_knows(e->desk, e->reader, ties.ids[i], &knows);
		e->has_hidden_tie |= !knows;
	}
	return err;
}

static enum err print_report(struct desk_edition *e, const struct report *report)
{
	char subject[32];
	enum err err = find_hidden_tie(e, report);

	if (!err)
		err = register_line_of_report(e->desk, e->reader, report, &e->line);
	if (!err)
		err = register_sheet_line(&e->sheet, &e->line);
	if (err)
		return err;
	e->report = report;
	snprintf(subject, sizeof(subject), "report/%lld", (long long)report->id);
	err = event_of_subject(e->desk->store, subject, write_change, e);
	return err ? err : e->err;
}

/* That there is a number, and nothing of what it is. */
static enum err print_blank(struct desk_edition *e, const struct report *report)
{
	enum err err = register_line_of_blank(report, &e->line);

	return err ? err : register_sheet_line(&e->sheet, &e->line);
}

static enum err print_row(struct desk_edition *e, int64_t id)
{
	enum sight sight = SIGHT_NONE;
	struct report report;
	enum err err = report_load(e->desk->store, id, &report);

	if (!err)
		err = reading_sight(e->desk, e->reader, &report, &sight);
	if (!err && sight == SIGHT_BLANK)
		err = print_blank(e, &report);
	else if (!err && sight != SIGHT_NONE)
		err = print_report(e, &report);
	e->shown += sight != SIGHT_NONE;
	return err;
}

/* The edition is an event, so that the chain knows what was printed: once the page is whole. */
static enum err seal(struct desk_edition *e, const char *actor)
{
	uint8_t hash[VAULT_HASH_BYTES];
	char data[256];
	enum err err;

	register_sheet_hash(&e->sheet, hash, e->sheet.hash);
	e->sheet.reports = e->shown;
	err = register_sheet_end(&e->sheet);
	if (err)
		return err;
	snprintf(data, sizeof(data),
		"{\"from_day\":%lld,\"to_day\":%lld,\"format\":\"%s\",\"reports\":%zu,\"hash\":\"%s\"}",
		(long long)e->period.from_day, (long long)e->period.to_day,
		e->format == DESK_REGISTER_HTML ? "html" : "csv", e->shown, e->sheet.hash);
	return event_add(e->desk->store, "register.printed", "register", actor, data);
}

static enum err print_some(struct desk_edition *e, const char *actor, bool *ret_is_done)
{
	size_t end = e->count - e->printed > PRINT_ROWS ? e->printed + PRINT_ROWS : e->count;
	enum err err = ERR_OK;

	while (!err && e->printed < end)
		err = print_row(e, e->rows[e->printed++].id);
	if (err || e->printed < e->count)
		return err;
	err = seal(e, actor);
	if (!err)
		*ret_is_done = true;
	return err;
}

/* ---- an edition ------------------------------------------------------------------------------
 */

enum err desk_edition_new(struct desk *desk, const struct desk_register_period *period,
	enum desk_register_format format, struct desk_edition **ret_edition, struct errbuf *eb)
{
	int64_t from_ms = period->from_day * DAY_MS - VIETNAM_OFFSET_MS;
	int64_t to_ms = (period->to_day + 1) * DAY_MS - VIETNAM_OFFSET_MS;
	struct desk_edition *e;
	enum err err;

	if (period->to_day < period->from_day ||
		period->to_day - period->from_day >= DESK_REGISTER_DAYS_MAX)
		return errbuf_set(eb, ERR_INVALID, "the register is printed for 1 to %d days",
			DESK_REGISTER_DAYS_MAX);
	e = calloc(1, sizeof(*e));
	if (!e)
		return errbuf_wrap(eb, errbuf_kind(eb, ERR_NOMEM), "the register");
	e->desk = desk;
	e->period = *period;
	e->format = format;
	e->span = (struct report_span){from_ms, 0, to_ms};
	buf_init(&e->page, DESK_REGISTER_BYTES);
	e->sheet = (struct register_sheet){.out = &e->page,
		.is_html = format == DESK_REGISTER_HTML,
		.from_ms = from_ms,
		.to_ms = to_ms,
		.made_ms = desk_now(desk)};
	for (int i = 0; i < REGISTER_COLUMNS; i++)
		buf_init(&e->line.cells[i], 4096);
	err = register_sheet_begin(&e->sheet);
	if (err) {
		desk_edition_free(e);
		return errbuf_wrap(eb, errbuf_kind(eb, err), "the register");
	}
	*ret_edition = e;
	return ERR_OK;
}

enum err desk_edition_step(struct desk_edition *e, const struct reader *reader, const char *actor,
	bool *ret_is_done, struct errbuf *eb)
{
	static const struct reader office = {.is_office = true};
	enum err err = ERR_BUG;

	e->reader = reader ? reader : &office;
	switch (e->stage) {
	case ENTERING:
		err = enter_some(e);
		break;
	case GATHERING:
		err = gather_some(e);
		break;
	case PRINTING:
		err = print_some(e, actor, ret_is_done);
		break;
	}
	e->reader = NULL;
	return err == ERR_TOO_BIG ? errbuf_set(eb, err,
					    "that is more than one page holds; take a shorter time")
				  : err;
}

struct buf *desk_edition_page(struct desk_edition *e)
{
	return &e->page;
}

void desk_edition_free(struct desk_edition *e)
{
	if (!e)
		return;
	for (int i = 0; i < REGISTER_COLUMNS; i++)
		buf_done(&e->line.cells[i]);
	buf_done(&e->page);
	free(e->rows);
	free(e);
}
