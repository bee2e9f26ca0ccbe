/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reception register (sổ tiếp nhận, Criminal Procedure Code art. 146) as a page to print and as
 * a table for a spreadsheet. One line a report in the order of the running numbers, and below it,
 * as lines of their own, what was changed or added since: nothing is renumbered and nothing
 * overwritten. It names nobody who reported and none of his words.
 *
 * What it prints for the first time gets its running number with that, whoever prints and whatever
 * he is shown (report_enter): a report about an officer that is kept from others before a page was
 * printed of it has none, and those others find none missing. One that is found to be such only
 * afterwards leaves a blank line where it is printed already.
 *
 * Each edition is an event with the hash of its lines, which stands in the footer together with the
 * event's number: a page can be held against the chain, and the chain finds what was altered.
 */
#ifndef BINHYEN_DESK_REGISTER_H
#define BINHYEN_DESK_REGISTER_H

#include "daemon/base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct desk;
struct desk_edition;
struct reader;

/* Days since 1970-01-01 in Vietnam, the last one included. */
struct desk_register_period {
	int64_t from_day, to_day;
};
#define DESK_REGISTER_DAYS_MAX 366
/* 10,000 reports of a year with some lines each. */
#define DESK_REGISTER_BYTES (16 * 1024 * 1024)

enum desk_register_format { DESK_REGISTER_HTML, DESK_REGISTER_CSV };

/*
 * An edition is made step by step, a few milliseconds each, for a year of reports takes seconds:
 *
 *     numbers for what has none ──→ what belongs to the period ──→ its lines ──→ hash and event
 *
 * The steps of the first stage write, and so does the last one of all: whoever calls commits after
 * each step before he asks for the next. What comes in after the first stage is not of this
 * edition. Each line is as of the moment in which it was printed, and as its reader is shown it
 * then.
 */

/* ERR_INVALID: the period ends before it begins, or is longer than a year. */
MUST_CHECK
enum err desk_edition_new(struct desk *desk, const struct desk_register_period *period,
	enum desk_register_format format, struct desk_edition **ret_edition, struct errbuf *eb);
/* reader: who is shown it (reading.h), of this step; NULL: all of it. *ret_is_done: the page is
 * whole, and its event written. ERR_TOO_BIG: take a shorter period. */
MUST_CHECK
enum err desk_edition_step(struct desk_edition *edition, const struct reader *reader,
	const char *actor, bool *ret_is_done, struct errbuf *eb);
/* The page, once it is done: the edition's, which may be taken with buf_take(). */
struct buf *desk_edition_page(struct desk_edition *edition);
void desk_edition_free(struct desk_edition *edition);

/* A cell of a table that a spreadsheet takes for text: in quotes, and one that begins like a
 * formula (= + - @, a tab, the end of a line) behind an apostrophe. */
MUST_CHECK
enum err desk_csv_cell(const char *text, struct buf *out);

#endif
