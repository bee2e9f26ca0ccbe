/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Model and box side by side. */
#ifndef BINHYEN_TESTS_SIM_DESK_COMPARE_H
#define BINHYEN_TESTS_SIM_DESK_COMPARE_H

#include "daemon/base/rng.h"
#include "tests/sim/desk/box.h"

struct history {
	uint64_t seed;
	struct box *box;
	struct model m;
	struct rng rng; /* of the act at hand */
	bool is_traced;
	int faults;
	char fault[512]; /* the first */
};

/* Notes what is different. */
void history_fault(struct history *h, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* One line of the trace. */
void history_trace(struct history *h, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
#define HISTORY_IS(h, is, fmt, ...) \
	do { \
		if (!(is)) \
			history_fault(h, fmt, __VA_ARGS__); \
	} while (0)

int history_report_of(const struct history *h, int64_t id); /* index; NOBODY */

/* After an act; everything, of everybody, at the end. */
void compare(struct history *h, bool is_end);
/* compare_outbox.c: what was queued since the last time. */
void compare_outbox(struct history *h);
/* In which state they are, of residents and, at the end, of officers. */
void compare_rows(struct history *h, bool is_end);

#endif
