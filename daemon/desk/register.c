/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/desk/reading.h"
#include "daemon/desk/register.h"

#include "daemon/desk/desk_private.h"
#include "daemon/desk/register_private.h"
#include "store/event.h"
#include "store/officer.h"
#include "store/place.h"
#include "store/report_class.h"
#include "store/report_clock.h"
#include "store/report_link.h"
#include "store/vault.h"

#include <string.h>

/* A code in Vietnamese: the phrase "<group>_<code>", else the code itself. */
static enum err words_of(const char *group, const char *code, struct buf *out)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	char key[64];
	enum err err;

	snprintf(key, sizeof(key), "%s_%s", group, code);
	err = phrase(key, PHRASE_FULL, none, out);
	return err == ERR_NOT_FOUND ? buf_adds(out, code) : err;
}

static enum err change_name(const char *kind, struct buf *out)
{
	const struct phrase_field none[] = {{NULL, NULL}};
	char key[64];

	snprintf(key, sizeof(key), "change_%s", kind);
	return phrase(key, PHRASE_FULL, none, out);
}

static enum err place_name(struct desk *desk, const char *code, struct buf *out)
{
	struct place place;
	enum err err = code[0] ? place_find(desk->store, code, &place) : ERR_OK;

	if (err == ERR_NOT_FOUND)
		return buf_adds(out, code);
	return err || !code[0] ? err : buf_adds(out, place.name);
}

static enum err officer_name(struct desk *desk, int64_t id, struct buf *out)
{
	struct officer officer;
	enum err err = id ? officer_load(desk->store, id, &officer) : ERR_OK;

	return err || !id ? err : buf_adds(out, officer.name);
}

static enum err moment(int64_t at_ms, struct buf *out)
{
	char time[CLOCK_TEXT_BYTES];

	if (!at_ms)
		return ERR_OK;
	clock_format(at_ms, time);
	/* 2026-11-22T14:05:09+07:00 as people write it. */
	return buf_addf(out, "%.5s %.2s/%.2s/%.4s", time + 11, time + 8, time + 5, time);
}

/* What stands behind the state: merged, quiet, anonymous. */
static enum err remarks(struct desk *desk, const struct reader *reader, const struct report *report,
	struct buf *out)
{
	char number[REPORT_NUMBER_BYTES];
	struct report main = {.id = 0};
	enum sight sight = SIGHT_NONE;
	enum err err = ERR_OK;

	if (report->is_anonymous)
		err = words_of("register", "anonymous", out);
	if (!err && report->is_quiet)
		err = buf_adds(out, out->len ? "; " : "");
	if (!err && report->is_quiet)
		err = words_of("register", "quiet", out);
	if (err || !report->merged_into)
		return err;
	err = reading_load(desk, reader, report->merged_into, &main, &sight);
	if (err == ERR_NOT_FOUND || (!err && sight == SIGHT_BLANK))
		return ERR_OK;
	if (!err)
		err = buf_adds(out, out->len ? "; " : "");
	if (!err)
		err = words_of("register", "merged", out);
	report_number_text(&main, number);
	return err ? err : buf_addf(out, " %s/%d", number, main.year);
}

static enum err class_name(struct desk *desk, const struct report *report, struct buf *out)
{
	struct report_class class;
	enum err err = report_class_load(desk->store, report->id, &class);

	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	return words_of("legal", class.class, out);
}

struct law_cells {
	int64_t due_ms; /* of the clock that ends first; 0 none */
	struct report_outcome outcome;
	bool has_outcome;
};

static void see_clock(void *arg, const struct report_clock *clock)
{
	struct law_cells *law = arg;

	if (clock->state == CLOCK_STATE_RUNNING && (!law->due_ms || clock->due_ms < law->due_ms))
		law->due_ms = clock->due_ms;
}

static void see_outcome(void *arg, const struct report_outcome *outcome)
{
	struct law_cells *law = arg;

	law->outcome = *outcome;
	law->has_outcome = true;
}

/* The last one: of what kind, to whom, and the receipt of it. */
static enum err outcome_words(const struct law_cells *law, struct buf *out)
{
	const struct report_outcome *outcome = &law->outcome;
	enum err err;

	if (!law->has_outcome)
		return ERR_OK;
	err = words_of("outcome", report_outcome_text(outcome->kind), out);
	if (!err && outcome->addressee[0])
		err = buf_addf(out, ": %s", outcome->addressee);
	if (!err && outcome->receipt[0])
		err = buf_addf(out, " (%s)", outcome->receipt);
	if (!err && outcome->at_ms)
		err = buf_adds(out, ", ");
	return err ? err : moment(outcome->at_ms, out);
}

static enum err fill_law(struct desk *desk, const struct report *report, struct register_line *line)
{
	struct law_cells law = {.due_ms = 0};
	enum err err = class_name(desk, report, &line->cells[6]);

	if (!err)
		err = report_clock_of(desk->store, report->id, see_clock, &law);
	if (!err)
		err = report_outcome_list(desk->store, report->id, see_outcome, &law);
	if (!err)
		err = moment(law.due_ms, &line->cells[10]);
	return err ? err : outcome_words(&law, &line->cells[11]);
}

/* The running number, and what the report is called by. */
static enum err number_cells(const struct report *report, struct register_line *line)
{
	char number[REPORT_NUMBER_BYTES];
	enum err err = ERR_OK;

	report_number_text(report, number);
	if (report->entry_no)
		err = buf_addf(&line->cells[0], "%d", report->entry_no);
	return err ? err : buf_addf(&line->cells[1], "%s/%d", number, report->year);
}

static enum err fill_report(struct desk *desk, const struct reader *reader,
	const struct report *report, struct register_line *line)
{
	enum err err = number_cells(report, line);

	if (!err)
		err = moment(report->received_ms, &line->cells[2]);
	if (!err)
		err = words_of("source", report->source, &line->cells[3]);
	if (!err)
		err = report->receiver[0] ? buf_adds(&line->cells[4], report->receiver)
					  : words_of("register", "machine", &line->cells[4]);
	if (!err)
		err = words_of("category", report->category, &line->cells[5]);
	if (!err)
		err = place_name(desk, report->hamlet, &line->cells[7]);
	if (!err)
		err = officer_name(desk, report->assignee_id, &line->cells[8]);
	if (!err)
		err = words_of("progress", report->state, &line->cells[9]);
	if (!err)
		err = fill_law(desk, report, line);
	return err ? err : remarks(desk, reader, report, &line->cells[12]);
}

static void reset(struct register_line *line, bool is_change)
{
	for (int i = 0; i < REGISTER_COLUMNS; i++)
		buf_reset(&line->cells[i]);
	line->is_change = is_change;
}

struct edition {
	struct desk *desk;
	const struct reader *reader;
	struct register_sheet *sheet;
	struct register_line line;
	struct report *reports;
	size_t count, size;
	const struct report *report; /* whose changes are being written */
	bool has_hidden_tie;	     /* it: nothing of what it was tied to is written then */
	enum err err;
};

static void keep_report(void *arg, const struct report *report)
{
	struct edition *e = arg;

	if (e->err)
		return;
	if (e->count == e->size) {
		size_t size = e->size ? 2 * e->size : 256;
		struct report *grown = realloc(e->reports, size * sizeof(*grown));

		if (!grown) {
			e->err = ERR_NOMEM;
			return;
		}
		e->reports = grown;
		e->size = size;
	}
	e->reports[e->count++] = *report;
}

/* What changed what the line says, or was added to it: what has a name in the phrases. Who looked
 * at what is no business of this page. */
static void write_change(void *arg, const struct event_seen *event)
{
	struct edition *e = arg;
	struct register_line *line = &e->line;
	enum err err = e->err;

	bool is_tie = str_eq(event->kind, "report.linked") ||
		      str_eq(event->kind, "report.unlinked") ||
		      str_eq(event->kind, "report.merged") ||
		      str_eq(event->kind, "report.unmerged");

	if (err || !str_starts(event->kind, "report.") || (is_tie && e->has_hidden_tie))
		return;
	reset(line, true);
	err = change_name(event->kind + strlen("report."), &line->cells[3]);
	if (err) {
		e->err = err == ERR_NOT_FOUND ? ERR_OK : err;
		return;
	}
	err = number_cells(e->report, line);
	if (!err)
		err = moment(event->at_ms, &line->cells[2]);
	if (!err)
		err = str_eq(event->actor, "system")
			      ? words_of("register", "machine", &line->cells[4])
			      : buf_adds(&line->cells[4], event->actor);
	if (!err)
		err = register_change_detail(event->data, &line->cells[5]);
	if (!err)
		err = register_sheet_line(e->sheet, line);
	e->err = err;
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
static enum err find_hidden_tie(struct edition *e, const struct report *report)
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

static enum err write_report(struct edition *e, const struct report *report)
{
	char subject[32];
	enum err err = find_hidden_tie(e, report);

	if (err)
		return err;

	reset(&e->line, false);
	err = fill_report(e->desk, e->reader, report, &e->line);
	if (!err)
		err = register_sheet_line(e->sheet, &e->line);
	if (err)
		return err;
	e->report = report;
	snprintf(subject, sizeof(subject), "report/%lld", (long long)report->id);
	err = event_of_subject(e->desk->store, subject, write_change, e);
	return err ? err : e->err;
}

/* That there is a number, and nothing of what it is. */
static enum err write_blank(struct edition *e, const struct report *report)
{
	enum err err;

	reset(&e->line, false);
	err = number_cells(report, &e->line);
	if (!err)
		err = moment(report->received_ms, &e->line.cells[2]);
	if (!err)
		err = words_of("progress", READING_BLANK_STATE, &e->line.cells[9]);
	return err ? err : register_sheet_line(e->sheet, &e->line);
}

static enum err write_all(struct edition *e, int64_t from_ms, int64_t to_ms)
{
	enum err err = report_enter(e->desk->store, to_ms);
	size_t shown = 0;

	if (!err)
		err = report_period(e->desk->store, from_ms, to_ms, keep_report, e);
	if (!err)
		err = e->err;
	for (size_t i = 0; !err && i < e->count; i++) {
		enum sight sight = SIGHT_NONE;

		err = reading_sight(e->desk, e->reader, &e->reports[i], &sight);
		if (!err && sight == SIGHT_BLANK)
			err = write_blank(e, &e->reports[i]);
		else if (!err && sight != SIGHT_NONE)
			err = write_report(e, &e->reports[i]);
		shown += sight != SIGHT_NONE;
	}
	e->count = shown;
	return err;
}

/* The edition is an event, so that the chain knows what was printed. */
static enum err seal(struct edition *e, const struct desk_register_period *period,
	enum desk_register_format format, const char *actor)
{
	uint8_t hash[VAULT_HASH_BYTES];
	char data[256];

	register_sheet_hash(e->sheet, hash, e->sheet->hash);
	snprintf(data, sizeof(data),
		"{\"from_day\":%lld,\"to_day\":%lld,\"format\":\"%s\",\"reports\":%zu,\"hash\":\"%s\"}",
		(long long)period->from_day, (long long)period->to_day,
		format == DESK_REGISTER_HTML ? "html" : "csv", e->count, e->sheet->hash);
	return event_add(e->desk->store, "register.printed", "register", actor, data);
}

enum err desk_register(struct desk *desk, const struct desk_register_period *period,
	enum desk_register_format format, const char *actor, struct buf *out, struct errbuf *eb)
{
	int64_t from_ms = period->from_day * DAY_MS - VIETNAM_OFFSET_MS;
	int64_t to_ms = (period->to_day + 1) * DAY_MS - VIETNAM_OFFSET_MS;
	struct register_sheet sheet = {.out = out,
		.is_html = format == DESK_REGISTER_HTML,
		.from_ms = from_ms,
		.to_ms = to_ms,
		.made_ms = desk_now(desk)};
	static const struct reader office = {.is_office = true};
	struct edition e = {
		.desk = desk, .reader = period->reader ? period->reader : &office, .sheet = &sheet};
	enum err err;

	if (period->to_day < period->from_day ||
		period->to_day - period->from_day >= DESK_REGISTER_DAYS_MAX)
		return errbuf_set(eb, ERR_INVALID, "the register is printed for 1 to %d days",
			DESK_REGISTER_DAYS_MAX);
	for (int i = 0; i < REGISTER_COLUMNS; i++)
		buf_init(&e.line.cells[i], 4096);
	err = register_sheet_begin(&sheet);
	if (!err)
		err = write_all(&e, from_ms, to_ms);
	if (!err)
		err = seal(&e, period, format, actor);
	sheet.reports = e.count;
	if (!err)
		err = register_sheet_end(&sheet);
	for (int i = 0; i < REGISTER_COLUMNS; i++)
		buf_done(&e.line.cells[i]);
	free(e.reports);
	return err == ERR_TOO_BIG ? errbuf_set(eb, err,
					    "that is more than one page holds; take a shorter time")
				  : err;
}
