/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a report is in law, and the clocks that run for it (config/regime.h). Every report has the
 * clock of its classification from its coming in; an officer's decision ends that one and starts
 * those of the class, each from its lawful moment and under the record that was in force when the
 * report came in. Officers are warned before an end and told once when it has passed, many of them
 * in one message; what ends with a day is told in office hours.
 *
 * Each function runs within the caller's turn and leaves the savepoint to him, but for the tick. A
 * desk without law (desk_options.law NULL) has no clocks: what changes something is ERR_STATE.
 */
#ifndef BINHYEN_DESK_LEGAL_H
#define BINHYEN_DESK_LEGAL_H

#include "config/law.h"
#include "store/report_class.h"
#include "store/report_clock.h"

struct desk;

#define DESK_REASON_MAX 2000		 /* bytes of an officer's words */
#define DESK_BUNDLE_MS	(15 * MINUTE_MS) /* between two messages about clocks */
#define DESK_CLOCKS_MAX 64 /* of one report: some eight a class, and it changes seldom */

/* The time by which clocks run, now. */
MUST_CHECK
enum err desk_legal_now(struct desk *desk, int64_t *ret_ms);
const struct law *desk_law(const struct desk *desk);

struct desk_classify {
	const char *class;
	bool is_urgent;	    /* flagrant, very serious, the suspect may flee */
	const char *reason; /* needed when there is a class already; NULL or "" none */
	bool tells;	    /* the reporter gets what the record says he is told */
	const char *actor;
};
MUST_CHECK
enum err desk_classify(
	struct desk *desk, int64_t report_id, const struct desk_classify *in, struct errbuf *eb);

/* What is done to one clock of a report, by the code of the clock. A reason is needed. */
struct desk_clock_act {
	const char *code;
	const char *extension; /* of an extension: its code; "" the next that may be granted */
	const char *reason;
	const char *actor;
};
MUST_CHECK
enum err desk_clock_freeze(
	struct desk *desk, int64_t report_id, const struct desk_clock_act *act, struct errbuf *eb);
MUST_CHECK
enum err desk_clock_thaw(
	struct desk *desk, int64_t report_id, const struct desk_clock_act *act, struct errbuf *eb);
MUST_CHECK
enum err desk_clock_extend(
	struct desk *desk, int64_t report_id, const struct desk_clock_act *act, struct errbuf *eb);
/* What it waits for has been done. */
MUST_CHECK
enum err desk_clock_done(
	struct desk *desk, int64_t report_id, const struct desk_clock_act *act, struct errbuf *eb);

/* "accepted", "transferred", "discovered" happened then: legal time, not in the future, and not
 * before the report came in; discovered up to a year before. ERR_INVALID. */
MUST_CHECK
enum err desk_legal_moment(struct desk *desk, int64_t report_id, const char *moment, int64_t at_ms,
	const char *actor, struct errbuf *eb);

struct desk_outcome {
	const char *kind;      /* a word of report_class.h */
	const char *addressee; /* of a transfer; "" the one of the record */
	const char *receipt;   /* number under which he received it; "" not known (yet) */
	int64_t at_ms;	       /* legal time, since the report came in; 0 now */
	const char *note;      /* "" none */
	bool tells;	       /* the reporter is told that it was passed on, or is over */
	const char *actor;
};
/* Passed on and kept leave the report open; the others close it. */
MUST_CHECK
enum err desk_report_outcome(
	struct desk *desk, int64_t report_id, const struct desk_outcome *in, struct errbuf *eb);

/* A moment that an officer writes: "2026-11-22", or with "14:05" behind a blank or a T. A day alone
 * is its end, but not later than now. ERR_INVALID. */
MUST_CHECK
enum err desk_legal_at(struct desk *desk, const char *text, int64_t *ret_ms, struct errbuf *eb);

/* Warns, tells what is late, stops what was sent, sets legal time right. ret_next_ms: when to call
 * again at the latest (INT64_MAX = no need). Its own savepoint. */
MUST_CHECK
enum err desk_legal_tick(struct desk *desk, int64_t *ret_next_ms);

#endif
