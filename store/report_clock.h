/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The legal clocks of reports. Times are legal time (legal_time.h).
 *
 *     RUNNING ⇄ FROZEN
 *        │         │
 *        ├─────────┴──→ ENDED     the report got another class, or nothing is left to be done
 *        ├──→ MET                 stopped in time
 *        └──→ LATE                stopped after its end
 *
 * A RUNNING clock whose end has passed is late already; it stays RUNNING until what it waits for is
 * done. Those of a report that is merged into another one neither warn nor are listed.
 */
#ifndef BINHYEN_STORE_REPORT_CLOCK_H
#define BINHYEN_STORE_REPORT_CLOCK_H

#include "store/store.h"

#define CLOCK_STATE_TABLE(X) X(RUNNING) X(FROZEN) X(MET) X(LATE) X(ENDED)
enum clock_state {
#define X(name) CLOCK_STATE_##name,
	CLOCK_STATE_TABLE(X)
#undef X
		CLOCK_STATES
};
const char *clock_state_text(enum clock_state state);

struct report_clock {
	int64_t id;
	int64_t report_id;
	int64_t class_id;  /* the decision that began it; 0: the coming in of the report */
	int64_t regime_id; /* the record that it runs under */
	char code[24];	   /* of the clock in that record */
	enum clock_state state;
	char moment[16]; /* it runs from */
	int64_t started_ms;
	int64_t due_ms;	    /* the last moment that is in time */
	int64_t warn_ms;    /* when to warn next; 0 no more */
	int stage;	    /* extensions */
	bool is_told;	    /* officers know that it is late */
	bool is_watched;    /* another body keeps it */
	bool is_days;	    /* it ends with a day: told in office hours */
	char certainty[12]; /* of the days that it counts */
	int64_t frozen_ms;  /* since; 0 not */
	int64_t ended_ms;   /* 0 not */
	char ended_by[16];  /* what stopped it */
	int64_t outbox_id;  /* what stops it once it is SENT; 0 nothing on its way */
};
MUST_CHECK
enum err report_clock_add(struct store *store, const struct report_clock *in, int64_t *ret_id);
/* Everything but what it is of; checks the move (ERR_STATE). */
MUST_CHECK
enum err report_clock_save(struct store *store, const struct report_clock *clock);
MUST_CHECK
enum err report_clock_load(struct store *store, int64_t id, struct report_clock *ret_clock);

typedef void (*report_clock_fn)(void *arg, const struct report_clock *clock);
/* Of a report, oldest first. */
MUST_CHECK
enum err report_clock_of(struct store *store, int64_t report_id, report_clock_fn fn, void *arg);
/* RUNNING ones whose end has passed and nobody knows, respectively that are to be warned of. With
 * is_open also those that are told in office hours only. */
MUST_CHECK
enum err report_clock_late(struct store *store, int64_t now_ms, bool is_open, int limit,
	report_clock_fn fn, void *arg);
MUST_CHECK
enum err report_clock_warn(struct store *store, int64_t now_ms, bool is_open, int limit,
	report_clock_fn fn, void *arg);
/* RUNNING ones that end before until_ms, soonest first; those after one of them, 0: from the first.
 */
MUST_CHECK
enum err report_clock_until(struct store *store, int64_t until_ms, int64_t after_id, int limit,
	report_clock_fn fn, void *arg);
/* RUNNING ones whose message has left, or never will; of one, *ret_sent_ms 0 = never. NOT_FOUND. */
MUST_CHECK
enum err report_clock_noticed(
	struct store *store, struct report_clock *ret_clock, int64_t *ret_sent_ms);

/* What was done to a clock. kind: "freeze", "thaw", "extend", "move", "end". */
struct clock_change {
	int64_t clock_id;
	const char *kind;
	int64_t at_ms;
	int64_t was_ms, due_ms; /* its end before and after */
	const char *code;	/* of an extension; else "" */
	const char *actor;
	int64_t note_id; /* 0 none */
};
MUST_CHECK
enum err clock_change_add(struct store *store, const struct clock_change *change);
typedef void (*clock_change_fn)(void *arg, const struct clock_change *change);
MUST_CHECK
enum err clock_change_list(struct store *store, int64_t clock_id, clock_change_fn fn, void *arg);

/* How clocks were kept, by class, clock and hamlet of the report; those that were ENDED count not,
 * nor those of reports that were merged, nor those of reports about officers whose key `holder_id`
 * does not hold (CLOCK_TALLY_ALL: all of them count, CLOCK_TALLY_OPEN: none of them does, nor
 * of the conduct of officials, which is confined once there are officers). Of reports received
 * within the period. */
struct clock_tally {
	const char *class, *code, *hamlet; /* borrowed for the call; class "" = of the coming in */
	int64_t met, late;		   /* late: stopped late, or running past its end */
	int64_t running;		   /* in time so far, frozen ones too */
};
struct clock_period {
	int64_t from_ms, to_ms; /* to_ms: the first moment after it */
	int64_t now_ms;
};
#define CLOCK_TALLY_ALL	 (-1)
#define CLOCK_TALLY_OPEN (-2)
typedef void (*clock_tally_fn)(void *arg, const struct clock_tally *tally);
MUST_CHECK
enum err report_clock_tally(struct store *store, const struct clock_period *period,
	int64_t holder_id, clock_tally_fn fn, void *arg);

#endif
