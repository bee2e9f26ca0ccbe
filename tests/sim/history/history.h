/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One history: the daemon without its loop, the world around it (world.h), and what was found
 * broken. */
#ifndef BINHYEN_TESTS_SIM_HISTORY_HISTORY_H
#define BINHYEN_TESTS_SIM_HISTORY_HISTORY_H

#include "daemon/desk/alarm.h"
#include "daemon/desk/legal.h"
#include "config/menu.h"
#include "store/outbox.h"
#include "store/report.h"
#include "store/vault.h"
#include "tests/sim/history/world.h"

#include <stdio.h>

#define STAFF_COUNT	7
#define DIAL_PHONES	3
#define DIAL_CALLS	400
#define DIAL_WORDS	200
#define DIAL_TEXT_BYTES 1024

/* Residents who dial: what the gateway knows (dial.c). */
struct dial_call {
	int phone, session;
	char text[DIAL_TEXT_BYTES];
	/* As it was committed first. */
	bool has_answer, is_end;
	char answer[DIAL_TEXT_BYTES];
	int64_t at_ms;
	int jumps;
};
struct dial_phone {
	int session; /* 0 none */
	int64_t began_ms;
	char next[DIAL_TEXT_BYTES]; /* all that was typed, up to what is asked now */
	bool is_shown;		    /* he has seen the answer to it */
};
struct dial {
	struct rng rng; /* of its own, so that the rest of a history is as it was */
	struct dial_phone phones[DIAL_PHONES];
	struct dial_call calls[DIAL_CALLS];
	char codes[DIAL_CALLS][REPORT_CODE_LEN + 1]; /* that an END showed */
	int call_count, code_count, word_count, session_count, text_count;
	int phone; /* whose turn it is */
};

struct history {
	uint64_t seed;
	struct world world;
	char dir[64], path[128];
	const struct law *law;	   /* borrowed: that ships */
	const struct menus *menus; /* likewise */
	struct dial dial;
	struct vault *vault;
	struct store *store;
	struct desk *desk;
	struct intake *intake;
	struct dispatch *dispatch;
	bool is_due;
	/* From the claim on; some histories have none, some in their middle. */
	bool is_claimed;
	int64_t claimed_after; /* so many reports */
	struct key_holder staff[STAFF_COUNT];
	struct keypair *pairs[STAFF_COUNT];
	int restarts, aborts, undone, taken;
	struct alarm alarms[WORLD_TEXTS];
	int alarm_count;
	int faults;			     /* invariants found broken */
	int64_t ended[OUTBOX_CANCELLED + 1]; /* rows of the outbox by their last state */
};

#define BROKEN(h, ...) \
	do { \
		fprintf(stderr, "seed %llu: ", (unsigned long long)(h)->seed); \
		fprintf(stderr, __VA_ARGS__); \
		fputc('\n', stderr); \
		(h)->faults++; \
	} while (0)

/* Ends the program: the history itself is broken, not what it looks at. */
void must(struct history *h, enum err err, const char *what);

/* ---- the daemon (life.c) ----------------------------------------------------------------------
 */
void daemon_start(struct history *h);
/* The power is cut: what was not committed never was. */
void daemon_die(struct history *h);
void daemon_wake(void *history);
/* What binhyend does once a minute. */
void look_at_clocks(struct history *h);
/* The end of a turn as turn_loop.c makes it, now and then with a disk that is full. */
void end_turn(struct history *h);

/* ---- what people and machines do (acts.c, jump.c) ---------------------------------------------
 */
void read_slots(struct history *h);
void answer_some_report(struct history *h);
void take_some_alarm(struct history *h);
void decide_some_report(struct history *h);
/* The clock is set; what notices it first is a look, or a message that comes in; and the turn may
 * well fail. */
void jump(struct history *h);
/* Now and then somebody dials (dial.c). */
void dial_some(struct history *h);

/* ---- the officers (staff.c) -------------------------------------------------------------------
 */
struct numbers;
/* The office logs in for the first time: a turn of its own, which succeeds. */
void staff_claim(struct history *h);
/* After each start of the daemon: the chief works at the desk. */
void staff_sit(struct history *h);
void staff_tick(struct history *h);
/* Who reads every report of these histories. */
const struct key_holder *staff_reader(const struct history *h);
/* Each report is read by exactly those who may. */
void check_staff(struct history *h, const struct numbers *n);
void staff_free(struct history *h);

/* ---- the books (books_report.c, books_network.c, books_store.c) -------------------------------
 */

/* The reports there are, newest first. */
struct numbers {
	int64_t ids[2 * WORLD_TEXTS];
	int years[2 * WORLD_TEXTS], number[2 * WORLD_TEXTS];
	int count;
};
void take_numbers(struct history *h, struct numbers *n);
void check_reports(struct history *h, const struct numbers *n);
/* Closes all of them. */
void check_hidden(struct history *h, const struct numbers *n);
void check_networks(struct history *h);
void check_caps(struct history *h);
void check_clocks(struct history *h);
void check_alarms(struct history *h);
void check_store(struct history *h);
/* What was shown to who dialled is there, once. */
void check_dialled(struct history *h, const struct numbers *n);

#endif
