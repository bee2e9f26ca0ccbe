/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moments as feeds write them. Pure. */
#ifndef BINHYEN_DESK_FEED_TIME_H
#define BINHYEN_DESK_FEED_TIME_H

#include <stdint.h>

/* RFC 3339 ("2026-11-22T14:05:09+07:00": Atom, CAP) or RFC 822 with a year of two or four digits
 * ("Sun, 22 Nov 2026 14:05:09 GMT": RSS) in ms since 1970; 0 when it is neither: a date that can't
 * be read is none, since the rest of the item is still news. */
int64_t feed_time(const char *text);

#endif
