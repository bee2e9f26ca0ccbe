/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A shift as people write it in a table, and back. */
#ifndef BINHYEN_DESK_ROSTER_TEXT_H
#define BINHYEN_DESK_ROSTER_TEXT_H

#include "store/duty.h"

/* As it stands in a row; "" where nothing does. */
struct roster_row {
	const char *day;	/* "mon".."sun", "T2".."T7", "CN", "holiday", "lễ", "2026-11-24",
				   "24/11/2026" */
	const char *from;	/* "7:00", "07h00" */
	const char *to;		/* not later than `from`: on the day after */
	const char *rank;	/* "" is 1 */
	const char *officer;	/* his login; "-" nobody, with instead_of */
	const char *instead_of; /* a login; only on a date */
};

/* ERR_INVALID, and in eb what is wrong and what is allowed; ERR_NOT_FOUND: no such officer. */
MUST_CHECK
enum err roster_row_parse(struct store *store, const struct roster_row *row,
	struct duty_shift *ret_shift, struct errbuf *eb);

#define ROSTER_DAY_BYTES  16
#define ROSTER_TIME_BYTES 8
/* "mon", "holiday", "2026-11-24"; "07:00". */
void roster_day_format(const struct duty_shift *shift, char ret_text[ROSTER_DAY_BYTES]);
void roster_time_format(int minute, char ret_text[ROSTER_TIME_BYTES]);

#endif
