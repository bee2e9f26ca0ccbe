/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much went over a line that may be paid by the byte: sums by day, kept for somewhat more than
 * a year. A day is one of Vietnam. */
#ifndef BINHYEN_STORE_TRAFFIC_H
#define BINHYEN_STORE_TRAFFIC_H

#include "store/store.h"

#define TRAFFIC_KEEP_DAYS 400

struct traffic {
	int64_t up_bytes;
	int64_t down_bytes;
};

/* Adds to today's sum of `name` ("zalo") and forgets what is older than TRAFFIC_KEEP_DAYS. */
MUST_CHECK
enum err traffic_add(struct store *store, const char *name, const struct traffic *more);
/* From that day on, today's included. */
MUST_CHECK
enum err traffic_since(struct store *store, const char *name, int64_t day, struct traffic *ret_sum);

#endif
