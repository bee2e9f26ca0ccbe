/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by desk.c and the files of desk/legal*.c. */
#ifndef BINHYEN_DESK_LEGAL_PRIVATE_H
#define BINHYEN_DESK_LEGAL_PRIVATE_H

#include "daemon/base/clock_trust.h"
#include "daemon/desk/desk_private.h"
#include "daemon/desk/legal.h"

/* legal_time.c */
struct legal_now {
	int64_t ms;	 /* legal time */
	int64_t wall_ms; /* what the clock shows */
	enum clock_trust_level trust;
	bool is_settled; /* the clock is known to be right, and legal time is what it shows */
};
MUST_CHECK
enum err legal_now(struct desk *desk, struct legal_now *ret_now);
/* Legal time follows what is known of the clock by now; what began meanwhile moves along. */
MUST_CHECK
enum err legal_time_correct(struct desk *desk);
/* Can what was done with a report have been done then: not in the future, and not before the minute
 * in which it came in? ERR_INVALID. */
MUST_CHECK
enum err legal_when(
	struct desk *desk, const struct report *report, int64_t at_ms, struct errbuf *eb);
/* An error of a desk without law. */
MUST_CHECK
enum err legal_need(const struct desk *desk, struct errbuf *eb);
/* May this actor do what `roles` may? All while the box has no officers. ERR_DENIED. */
MUST_CHECK
enum err legal_may(struct desk *desk, const char *actor, unsigned roles, struct errbuf *eb);
/* An officer's words as an entry of the report; *ret_id 0 for none. TOO_BIG past DESK_REASON_MAX.
 */
MUST_CHECK
enum err legal_note(
	struct desk *desk, int64_t report_id, const char *text, int64_t *ret_id, struct errbuf *eb);

/* legal_clock.c */
struct legal_clocks {
	struct report_clock items[DESK_CLOCKS_MAX];
	int count;
};
MUST_CHECK
enum err legal_clocks(struct desk *desk, int64_t report_id, struct legal_clocks *ret_clocks);
bool legal_is_open(const struct report_clock *clock); /* RUNNING or FROZEN */
/* The record that it runs under, as it was kept. regime_done() it. */
MUST_CHECK
enum err legal_record(struct desk *desk, int64_t regime_id, struct regime *ret_regime);
/* Of which decision, under which record, from when. */
struct legal_start {
	int64_t report_id, class_id, regime_id;
	int64_t at_ms;
};
MUST_CHECK
enum err legal_clock_start(struct desk *desk, const struct legal_start *start,
	const struct regime_clock *def, struct report_clock *ret_clock);
/* What it waited for was done then. */
MUST_CHECK
enum err legal_clock_stop(struct desk *desk, struct report_clock *clock, int64_t at_ms,
	const char *by, const char *actor, int64_t note_id);
/* It counts no more. */
MUST_CHECK
enum err legal_clock_end(struct desk *desk, struct report_clock *clock, const char *by,
	const char *actor, int64_t note_id);
/* Its moment was another one. */
MUST_CHECK
enum err legal_clock_move(struct desk *desk, struct report_clock *clock,
	const struct regime_clock *def, int64_t at_ms, const char *actor);
/* The next warning after a moment; 0 none. */
int64_t legal_clock_warning(const struct desk *desk, const struct regime_clock *def,
	const struct report_clock *clock, int64_t after_ms);
/* Stops every open clock of the report that waits for this. */
MUST_CHECK
enum err legal_clocks_stop(struct desk *desk, int64_t report_id, enum regime_end end, int64_t at_ms,
	const char *actor, int64_t note_id);

/* legal_class.c */
/* A report came in: its moment, and the clock of its classification. */
MUST_CHECK
enum err legal_received(struct desk *desk, const struct report *report);
/* The reporter was answered. */
MUST_CHECK
enum err legal_answered(struct desk *desk, const struct report *report, const char *actor);
/* Sets a moment and starts or moves the clocks of the class that run from it. */
MUST_CHECK
enum err legal_moment_set(struct desk *desk, const struct report_class *class,
	enum regime_moment moment, int64_t at_ms, const char *actor);
/* {"class":"...","code":"..."}; code may be "". */
MUST_CHECK
enum err legal_event(struct desk *desk, const char *kind, int64_t report_id, const char *actor,
	const char *class, const char *code);

/* legal_outcome.c */
/* Tells the reporter a phrase of number, code and date; *ret_outbox_id 0: he can't be told. */
MUST_CHECK
enum err legal_tell(struct desk *desk, const struct report *report, const char *key,
	int64_t date_ms, int64_t *ret_outbox_id);

#endif
