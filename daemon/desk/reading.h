/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one way to what reports say and that they exist. Whoever shows a report, a number of one, a
 * count of them or a message that belongs to one, asks here; http/ reads nothing of it elsewhere.
 *
 *     who reads                    sees
 *     the office (no officers)     all of it
 *     holds the key                all of it
 *     leader or clerk without      the line of the register; of a confined report that a page of
 *                                  it was printed of a blank line, so that no running number is
 *                                  missing; of another nothing
 *     anybody else                 nothing
 *
 * Ids of rows are numbered over all reports, so that one that is missing would tell of what is
 * hidden: officers are shown them masked (reading_mask).
 */
#ifndef BINHYEN_DESK_READING_H
#define BINHYEN_DESK_READING_H

#include "store/attachment.h"
#include "store/event.h"
#include "store/identity.h"
#include "store/inbox.h"
#include "store/officer.h"
#include "store/outbox.h"
#include "store/report.h"
#include "store/report_clock.h"
#include "store/retention.h"

struct desk;

struct reader {
	bool is_office;	    /* the box has no officers: whoever is at it */
	int64_t officer_id; /* 0: nobody is logged in */
	enum officer_role role;
	const struct keypair *pair; /* of his session; borrowed */
};
/* How he opens what he may read. */
struct key_holder reader_holder(const struct reader *reader);

enum sight {
	SIGHT_NONE,
	SIGHT_BLANK, /* that there is a number, and when it was given */
	SIGHT_LINE,  /* the line of the register */
	SIGHT_WORDS
};
MUST_CHECK
enum err reading_sight(struct desk *desk, const struct reader *reader, const struct report *report,
	enum sight *ret_sight);
/* What a blank line shows: everything else is as of any other one. */
#define READING_BLANK_STATE "moved"

/* Each gives the report as its reader sees it. ERR_NOT_FOUND also for what he does not see. */
MUST_CHECK
enum err reading_find(struct desk *desk, const struct reader *reader, enum report_book book,
	int year, int number, struct report *ret_report, enum sight *ret_sight);
MUST_CHECK
enum err reading_load(struct desk *desk, const struct reader *reader, int64_t id,
	struct report *ret_report, enum sight *ret_sight);
typedef void (*reading_fn)(void *arg, const struct report *report, enum sight sight);
/* Those that fit, as their reader sees them; NULL: any. */
struct reading_filter {
	const char *state, *urgency, *category, *hamlet;
};
/* Newest first. */
struct reading_list {
	struct reading_filter filter;
	int64_t before_id; /* 0: from the newest */
	int limit;
	reading_fn fn;
	void *arg;
};
/* One call looks at some hundred rows and so much more as it takes to find one page among those
 * that don't fit, but at no more than READING_LOOKS_MAX: then the page is not full, and what comes
 * after it is found by the next call. *ret_before_id: where that begins, 0 at the end. */
#define READING_LOOKS_MAX 2000 /* some 20 ms of the loop */
MUST_CHECK
enum err reading_list(struct desk *desk, const struct reader *reader,
	const struct reading_list *ask, int64_t *ret_before_id);
/* Open reports that nobody has merged into another, the most dangerous first, and of those the
 * oldest. */
MUST_CHECK
enum err reading_open(
	struct desk *desk, const struct reader *reader, int limit, reading_fn fn, void *arg);
/* Questions on procedures and law that no entry answered, the newest first. */
MUST_CHECK
enum err reading_questions(struct desk *desk, const struct reader *reader, int64_t before_id,
	int limit, reading_fn fn, void *arg);
/* In the order in which they were received; one call looks at READING_SPAN_ROWS (report_span). */
#define READING_SPAN_ROWS 100 /* some milliseconds */
MUST_CHECK
enum err reading_span(struct desk *desk, const struct reader *reader, struct report_span *span,
	reading_fn fn, void *arg, bool *ret_is_end);
/* May he know of it? Of a report that is none (0) everybody may. */
MUST_CHECK
enum err reading_knows(
	struct desk *desk, const struct reader *reader, int64_t report_id, bool *ret_knows);

/* ERR_DENIED: he sees its line only. */
MUST_CHECK
enum err reading_entries(struct desk *desk, const struct reader *reader, int64_t report_id,
	report_entry_fn fn, void *arg);
MUST_CHECK
enum err reading_guess(struct desk *desk, const struct reader *reader, int64_t report_id,
	struct report_guess *ret_guess, struct buf *words);
MUST_CHECK
enum err reading_attachments(struct desk *desk, const struct reader *reader, int64_t report_id,
	attachment_fn fn, void *arg);
/* One of any report; ERR_NOT_FOUND also for what he may not read. ret_media NULL: not opened. */
MUST_CHECK
enum err reading_attachment(struct desk *desk, const struct reader *reader, int64_t id,
	struct attachment *ret_attachment, struct media_reader **ret_media);

/* Reports of a state; what he does not know of is not counted. */
MUST_CHECK
enum err reading_count(
	struct desk *desk, const struct reader *reader, const char *state, int64_t *ret_count);
/* How well was guessed, without the reports about officers that he can't read. */
MUST_CHECK
enum err reading_guess_counts(
	struct desk *desk, const struct reader *reader, report_guess_fn fn, void *arg);

/* Reports whose step of retention is due then, most overdue first; what he knows no line of is left
 * out. */
struct reading_due {
	enum retention_step step;
	int64_t until_ms;
	int limit;
	reading_fn fn;
	void *arg;
};
MUST_CHECK
enum err reading_due(struct desk *desk, const struct reader *reader, const struct reading_due *ask);
/* Who holds a report that he reads, and why; ERR_NOT_FOUND: nobody. */
MUST_CHECK
enum err reading_hold(struct desk *desk, const struct reader *reader, int64_t report_id,
	struct retention_holder *ret_holder, struct buf *reason);

/* Identities that were opened, newest first. reason NULL: he sees the report's line only; borrowed
 * for the call. */
typedef void (*reading_reveal_fn)(
	void *arg, const struct reveal *reveal, const struct report *report, const char *reason);
struct reading_reveals {
	int64_t before_id; /* 0: from the newest */
	int limit;
	reading_reveal_fn fn;
	void *arg;
};
MUST_CHECK
enum err reading_reveals(
	struct desk *desk, const struct reader *reader, const struct reading_reveals *ask);

/* Clocks that run and end before then, soonest first. */
struct reading_clocks {
	int64_t until_ms;
	int limit;
	report_clock_fn fn;
	void *arg;
};
MUST_CHECK
enum err reading_clocks(
	struct desk *desk, const struct reader *reader, const struct reading_clocks *ask);
/* How clocks were kept, without those of reports about officers that he can't read. */
MUST_CHECK
enum err reading_clock_tally(struct desk *desk, const struct reader *reader,
	const struct clock_period *period, clock_tally_fn fn, void *arg);

/* Messages, newest first, without those of reports that he does not know of. */
MUST_CHECK
enum err reading_inbox(struct desk *desk, const struct reader *reader, int64_t before_id, int limit,
	inbox_row_fn fn, void *arg);
MUST_CHECK
enum err reading_outbox(struct desk *desk, const struct reader *reader, int64_t before_id,
	int limit, outbox_row_fn fn, void *arg);
/* Is there such a message of the outbox, as he knows? ERR_NOT_FOUND. */
MUST_CHECK
enum err reading_message(struct desk *desk, const struct reader *reader, int64_t outbox_id);
MUST_CHECK
enum err reading_inbox_count(
	struct desk *desk, const struct reader *reader, enum inbox_state state, int64_t *ret_count);
MUST_CHECK
enum err reading_outbox_count(struct desk *desk, const struct reader *reader,
	enum outbox_state state, int64_t *ret_count);

/* A row of the log as he may know of it; kind, actor and data live as long as those of `event`. Ids
 * within data are as they are. */
struct reading_event {
	const char *kind, *actor, *data;
	char subject[64];
};
MUST_CHECK
enum err reading_event(struct desk *desk, const struct reader *reader, const struct event *event,
	struct reading_event *ret_shown);

/* An id as he is shown it, and back. The office sees it as it is. */
enum reading_kind {
	READING_REPORT,
	READING_PARTY,
	READING_INBOX,
	READING_OUTBOX,
	READING_ATTACHMENT,
	READING_CLOCK,
	READING_REVEAL,
	READING_EVENT,
	READING_RESIDENT
};
int64_t reading_mask(
	struct desk *desk, const struct reader *reader, enum reading_kind kind, int64_t id);
int64_t reading_unmask(
	struct desk *desk, const struct reader *reader, enum reading_kind kind, int64_t masked);

#endif
