/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a commune has decided about how its bulletins go out; made of the configuration. */
#ifndef BINHYEN_DESK_DELIVERY_RULES_H
#define BINHYEN_DESK_DELIVERY_RULES_H

#include "config/operators.h"
#include "daemon/desk/plan.h"
#include "daemon/desk/quiet.h"

struct delivery_rules {
	struct quiet quiet;	   /* not for emergencies */
	enum plan_sms normal_sms;  /* who gets text messages of what is not urgent */
	int digest_day;		   /* of those that are gathered: 1 Monday to 7, 0 every day */
	int64_t budget;		   /* đồng in a month of Vietnam; 0: none is set */
	int64_t reserve;	   /* of it, only for emergencies */
	int price[OPERATOR_COUNT]; /* đồng a segment to a number of it */
	int64_t zalo_window_ms;	   /* so long after he wrote a Zalo user may be written to */
};
#define DELIVERY_PRICE_GUESS 300 /* where the price is not known */

#endif
