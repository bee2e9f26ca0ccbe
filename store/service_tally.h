/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What residents asked of the box itself, by which door, and what came of it, by day in Vietnam for
 * somewhat more than a year. Who asked is not kept. */
#ifndef BINHYEN_STORE_SERVICE_TALLY_H
#define BINHYEN_STORE_SERVICE_TALLY_H

#include "store/store.h"

#define SERVICE_TALLY_DAYS 400
#define SERVICE_WHAT_BYTES 32
#define SERVICE_MENU	   "menu" /* a conversation began, about nothing in particular yet */

enum service_door { SERVICE_SMS, SERVICE_USSD, SERVICE_ZALO, SERVICE_DOORS };
const char *service_door_text(enum service_door door); /* "sms" */

/* ASKED: he began; ANSWERED by the box itself; PERSON: it became a report, for an officer; LOST: he
 * did not find his way. */
enum service_outcome {
	SERVICE_ASKED,
	SERVICE_ANSWERED,
	SERVICE_PERSON,
	SERVICE_LOST,
	SERVICE_OUTCOMES
};
const char *service_outcome_text(enum service_outcome outcome); /* "asked" */

/* One more today. what: a keyword or an act, as "procedure". */
MUST_CHECK
enum err service_tally_add(struct store *store, enum service_door door, const char *what,
	enum service_outcome outcome);
/* From that day on, today's included, by door and what. */
typedef void (*service_tally_fn)(
	void *arg, const char *door, const char *what, const char *outcome, int64_t count);
MUST_CHECK
enum err service_tally_since(struct store *store, int64_t day, service_tally_fn fn, void *arg);

#endif
