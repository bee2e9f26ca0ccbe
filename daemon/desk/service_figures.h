/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What residents asked of the box itself, by which door and about what, how much of it was answered
 * without a person, and which entries on procedures were wanted. Who asked is kept nowhere; in a
 * commune a single question may tell all the same, so counts of less than FIGURES_SMALL are hidden,
 * and what they could be had from by subtraction.
 */
#ifndef BINHYEN_DESK_SERVICE_FIGURES_H
#define BINHYEN_DESK_SERVICE_FIGURES_H

#include "config/procedure.h"
#include "daemon/desk/bulletin_figures.h"
#include "store/service_tally.h"

#define SERVICE_TOPICS_MAX 48 /* keywords and acts of menus, twice what there are */

struct service_line {
	char name[SERVICE_WHAT_BYTES];
	int64_t counts[SERVICE_OUTCOMES]; /* FIGURES_HIDDEN */
};
struct service_entry {
	char code[PROCEDURE_CODE_BYTES];
	int64_t asked; /* FIGURES_HIDDEN */
};
struct service_figures {
	int64_t since_day; /* the first day that is counted, in Vietnam */
	int64_t sums[SERVICE_OUTCOMES];
	struct service_line doors[SERVICE_DOORS];
	struct service_line topics[SERVICE_TOPICS_MAX]; /* most asked first */
	int topic_count;
	struct service_entry entries[PROCEDURES_MAX]; /* most asked first */
	int entry_count;
	int64_t missed; /* questions that no entry answered; FIGURES_HIDDEN */
};
/* Of so many days, today's included. */
MUST_CHECK
enum err desk_service_figures(struct desk *desk, int days, struct service_figures *ret_figures);

#endif
