/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The register as lists: the newest first, in the order of a period, and what is still open. */
#include "daemon/desk/reading_private.h"

#include "daemon/base/str.h"

/* ---- the newest first ------------------------------------------------------------------------
 */

struct rows {
	struct report rows[ROWS_A_LOOK];
	int count;
};

static void keep_report(void *arg, const struct report *report)
{
	struct rows *rows = arg;

	if (rows->count < ROWS_A_LOOK)
		rows->rows[rows->count++] = *report;
}

static bool is_wanted(const char *wanted, const char *text)
{
	return !wanted || str_eq(wanted, text);
}

/* By what is shown: a blank line is found as what it looks like. */
static bool fits(const struct reading_filter *filter, const struct report *report)
{
	return is_wanted(filter->state, report->state) &&
	       is_wanted(filter->urgency, report->urgency) &&
	       is_wanted(filter->category, report->category) &&
	       is_wanted(filter->hamlet, report->hamlet);
}

struct walk {
	struct desk *desk;
	const struct reader *reader;
	const struct reading_list *ask;
	int64_t before_id; /* of the last one that was looked at, or was given */
	int looked, given;
	bool is_end;
};

static bool is_done(const struct walk *walk)
{
	return walk->is_end || walk->given >= walk->ask->limit || walk->looked >= READING_LOOKS_MAX;
}

static void give_fitting(struct walk *walk, const struct report *report, enum sight sight)
{
	if (!fits(&walk->ask->filter, report))
		return;
	walk->ask->fn(walk->ask->arg, report, sight);
	walk->given++;
}

static enum err give_shown(struct walk *walk, struct rows *rows)
{
	for (int i = 0; i < rows->count && walk->given < walk->ask->limit; i++) {
		enum sight sight = SIGHT_NONE;
		enum err err = reading_show(walk->desk, walk->reader, &rows->rows[i], &sight);

		if (err && err != ERR_NOT_FOUND)
			return err;
		walk->looked++;
		walk->before_id = rows->rows[i].id;
		if (!err)
			give_fitting(walk, &rows->rows[i], sight);
	}
	return ERR_OK;
}

/* Of who keeps the register: all rows, without what is hidden from him. */
static enum err walk_all(struct walk *walk)
{
	struct rows *rows = malloc(sizeof(*rows));
	enum err err = rows ? ERR_OK : ERR_NOMEM;

	while (!err && !is_done(walk)) {
		rows->count = 0;
		err = report_list(
			walk->desk->store, walk->before_id, ROWS_A_LOOK, keep_report, rows);
		if (!err)
			err = give_shown(walk, rows);
		if (!err && walk->given < walk->ask->limit)
			walk->is_end = rows->count < ROWS_A_LOOK;
	}
	free(rows);
	return err;
}

/* Of everybody else: what he holds the key of. */
static enum err walk_held(struct walk *walk)
{
	while (!is_done(walk)) {
		struct report report;
		enum err err = report_held_before(
			walk->desk->store, walk->reader->officer_id, walk->before_id, &report);

		if (err && err != ERR_NOT_FOUND)
			return err;
		walk->is_end = err == ERR_NOT_FOUND;
		if (walk->is_end)
			break;
		walk->looked++;
		walk->before_id = report.id;
		give_fitting(walk, &report, SIGHT_WORDS);
	}
	return ERR_OK;
}

enum err reading_list(struct desk *desk, const struct reader *reader,
	const struct reading_list *ask, int64_t *ret_before_id)
{
	struct walk walk = {
		.desk = desk, .reader = reader, .ask = ask, .before_id = ask->before_id};
	enum err err = ERR_OK;

	if (reader->is_office || (reader->officer_id && reading_keeps_register(reader)))
		err = walk_all(&walk);
	else if (reader->officer_id)
		err = walk_held(&walk);
	else
		walk.is_end = true;
	if (!err)
		*ret_before_id = walk.is_end ? 0 : walk.before_id;
	return err;
}

/* ---- a period --------------------------------------------------------------------------------
 */

_Static_assert(READING_SPAN_ROWS <= ROWS_A_LOOK, "a look has room for them");

static enum err give_span(
	struct desk *desk, const struct reader *reader, struct rows *rows, reading_fn fn, void *arg)
{
	for (int i = 0; i < rows->count; i++) {
		enum sight sight = SIGHT_NONE;
		enum err err = reading_show(desk, reader, &rows->rows[i], &sight);

		if (err && err != ERR_NOT_FOUND)
			return err;
		if (!err)
			fn(arg, &rows->rows[i], sight);
	}
	return ERR_OK;
}

enum err reading_span(struct desk *desk, const struct reader *reader, struct report_span *span,
	reading_fn fn, void *arg, bool *ret_is_end)
{
	struct rows *rows = malloc(sizeof(*rows));
	bool is_end = false;
	enum err err = rows ? ERR_OK : ERR_NOMEM;

	if (!err) {
		rows->count = 0;
		err = report_span(desk->store, span, READING_SPAN_ROWS, keep_report, rows, &is_end);
	}
	if (!err)
		err = give_span(desk, reader, rows, fn, arg);
	if (!err)
		*ret_is_end = is_end;
	free(rows);
	return err;
}

/* ---- what is open ----------------------------------------------------------------------------
 */

struct open_look {
	struct rows rows;
	struct report_open_ask ask;
	int looked, given, limit;
	reading_fn fn;
	void *arg;
};

static enum err give_open(struct desk *desk, const struct reader *reader, struct open_look *look)
{
	for (int i = 0; i < look->rows.count && look->given < look->limit; i++) {
		struct report *report = &look->rows.rows[i];
		enum sight sight = SIGHT_NONE;
		enum err err;

		look->ask.after_ms = report->received_ms;
		look->ask.after_id = report->id;
		look->looked++;
		err = reading_show(desk, reader, report, &sight);
		if (err && err != ERR_NOT_FOUND)
			return err;
		/* Of a blank line nobody is to see that it is open. */
		if (err || sight == SIGHT_BLANK)
			continue;
		look->fn(look->arg, report, sight);
		look->given++;
	}
	return ERR_OK;
}

static enum err walk_open(struct desk *desk, const struct reader *reader, struct open_look *look)
{
	enum err err;

	look->ask.after_ms = look->ask.after_id = 0;
	do {
		look->rows.count = 0;
		err = report_open_list(desk->store, &look->ask, keep_report, &look->rows);
		if (!err)
			err = give_open(desk, reader, look);
	} while (!err && look->rows.count == ROWS_A_LOOK && look->given < look->limit &&
		 look->looked < READING_LOOKS_MAX);
	return err;
}

enum err reading_open(
	struct desk *desk, const struct reader *reader, int limit, reading_fn fn, void *arg)
{
	static const char *const urgencies[] = {"danger", "urgent", "normal"};
	bool is_all = reader->is_office || (reader->officer_id && reading_keeps_register(reader));
	struct open_look *look = is_all || reader->officer_id ? calloc(1, sizeof(*look)) : NULL;
	enum err err = ERR_OK;

	if (!is_all && !reader->officer_id)
		return ERR_OK;
	if (!look)
		return ERR_NOMEM;
	look->ask.holder_id = is_all ? 0 : reader->officer_id;
	look->ask.limit = ROWS_A_LOOK;
	look->limit = limit;
	look->fn = fn;
	look->arg = arg;
	for (size_t i = 0; !err && i < ARRAY_LEN(urgencies); i++) {
		look->ask.urgency = urgencies[i];
		err = walk_open(desk, reader, look);
	}
	free(look);
	return err;
}
