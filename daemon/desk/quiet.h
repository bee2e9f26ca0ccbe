/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hours of the night, in Vietnam, in which nobody is woken by what can wait (law.md §7: 22:00
 * to 07:00, by policy). Pure.
 */
#ifndef BINHYEN_DESK_QUIET_H
#define BINHYEN_DESK_QUIET_H

#include <stdint.h>

struct quiet {
	int from_h, until_h; /* 22 and 7; the same: never */
};
/* When the quiet time in which this moment lies is over; 0: it is in none. */
int64_t quiet_end_ms(const struct quiet *quiet, int64_t wall_ms);
/* When the next one begins, or this one did; INT64_MAX never. */
int64_t quiet_begin_ms(const struct quiet *quiet, int64_t wall_ms);
/* When so much time outside of them has passed. */
int64_t quiet_after_ms(const struct quiet *quiet, int64_t wall_ms, int64_t work_ms);

#endif
