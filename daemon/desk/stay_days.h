/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From when to when, of what a stay notice says in dates, "hôm nay" and "2 đêm"; for stay_words.c.
 */
#ifndef BINHYEN_DESK_STAY_DAYS_H
#define BINHYEN_DESK_STAY_DAYS_H

#include "daemon/desk/stay_token.h"

#define STAY_DATES_MAX 8

struct stay_days {
	int64_t today; /* set by who begins; the rest 0 */
	int64_t days[STAY_DATES_MAX];
	int count;
	bool is_end_first; /* the only date is that of the end */
	int nights;	   /* "2 đêm"; 0 not said */
	unsigned faults;
};

/* The token i, which is a DATE. */
void stay_days_date(struct stay_days *days, const struct stay_tokens *tokens, size_t i);
/* "hôm nay", "2 đêm": how many words from i on say it; 0: none. */
size_t stay_days_words(struct stay_days *days, const struct stay_tokens *tokens, size_t i);
/* from_day, to_day, and the faults of dates. */
void stay_days_settle(const struct stay_days *days, struct stay_words *words);

#endif
