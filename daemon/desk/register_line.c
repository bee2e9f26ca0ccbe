/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cells of the register's lines: of a report, of what was changed of one, and of one of which
 * only the number is shown. */
#include "daemon/desk/reading.h"
#include "daemon/desk/register.h"

#include "daemon/desk/desk_private.h"
#include "daemon/desk/register_private.h"
#include "store/place.h"
#include "store/report_class.h"
#include "store/report_clock.h"

#include <string.h>

enum err register_words(const char *group, const char *code, struct buf *out)
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

enum err register_place(struct desk *desk, const char *code, struct buf *out)
{
	struct place place;
	enum err err = code[0] ? place_find(desk->store, code, &place) : ERR_OK;

	if (err == ERR_NOT_FOUND)
		return buf_adds(out, code);
	return err || !code[0] ? err : buf_adds(out, place.name);
}

enum err register_officer(struct desk *desk, int64_t id, struct buf *out)
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
		err = register_words("register", "anonymous", out);
	if (!err && report->is_quiet)
		err = buf_adds(out, out->len ? "; " : "");
	if (!err && report->is_quiet)
		err = register_words("register", "quiet", out);
	if (err || !report->merged_into)
		return err;
	err = reading_load(desk, reader, report->merged_into, &main, &sight);
	if (err == ERR_NOT_FOUND || (!err && sight == SIGHT_BLANK))
		return ERR_OK;
	if (!err)
		err = buf_adds(out, out->len ? "; " : "");
	if (!err)
		err = register_words("register", "merged", out);
	report_number_text(&main, number);
	return err ? err : buf_addf(out, " %s/%d", number, main.year);
}

static enum err class_name(struct desk *desk, const struct report *report, struct buf *out)
{
	struct report_class class;
	enum err err = report_class_load(desk->store, report->id, &class);

	if (err)
		return err == ERR_NOT_FOUND ? ERR_OK : err;
	return register_words("legal", class.class, out);
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
	err = register_words("outcome", report_outcome_text(outcome->kind), out);
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

static void reset(struct register_line *line, bool is_change)
{
	for (int i = 0; i < REGISTER_COLUMNS; i++)
		buf_reset(&line->cells[i]);
	line->is_change = is_change;
}

enum err register_line_of_report(struct desk *desk, const struct reader *reader,
	const struct report *report, struct register_line *line)
{
	enum err err;

	reset(line, false);
	err = number_cells(report, line);

	if (!err)
		err = moment(report->received_ms, &line->cells[2]);
	if (!err)
		err = register_words("source", report->source, &line->cells[3]);
	if (!err)
		err = report->receiver[0] ? buf_adds(&line->cells[4], report->receiver)
					  : register_words("register", "machine", &line->cells[4]);
	if (!err)
		err = register_words("category", report->category, &line->cells[5]);
	if (!err)
		err = register_place(desk, report->hamlet, &line->cells[7]);
	if (!err)
		err = register_officer(desk, report->assignee_id, &line->cells[8]);
	if (!err)
		err = register_words("progress", report->state, &line->cells[9]);
	if (!err)
		err = fill_law(desk, report, line);
	return err ? err : remarks(desk, reader, report, &line->cells[12]);
}

enum err register_line_of_change(struct desk *desk, const struct report *report,
	const struct event_seen *event, struct register_line *line)
{
	enum err err;

	reset(line, true);
	err = change_name(event->kind + strlen("report."), &line->cells[3]);
	if (!err)
		err = number_cells(report, line);
	if (!err)
		err = moment(event->at_ms, &line->cells[2]);
	if (!err)
		err = str_eq(event->actor, "system")
			      ? register_words("register", "machine", &line->cells[4])
			      : buf_adds(&line->cells[4], event->actor);
	return err ? err : register_change_detail(desk, event->kind, event->data, &line->cells[5]);
}

enum err register_line_of_blank(const struct report *report, struct register_line *line)
{
	enum err err;

	reset(line, false);
	err = number_cells(report, line);
	if (!err)
		err = moment(report->received_ms, &line->cells[2]);
	return err ? err : register_words("progress", READING_BLANK_STATE, &line->cells[9]);
}
