/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A report out of a conversation in the menu, for every act that ends with one. */
#ifndef BINHYEN_INTAKE_MENU_REPORT_H
#define BINHYEN_INTAKE_MENU_REPORT_H

#include "daemon/intake/intake_private.h"
#include "daemon/intake/menu_act.h"

struct menu_report {
	const char *text;
	const char *category; /* "" or NULL: guessed */
	const char *hamlet;   /* code of a place; "" or NULL unknown */
	bool is_danger;
	bool is_anonymous; /* nothing of the conversation is his any more */
	bool is_quiet;
	bool is_question; /* about a procedure, and no entry answered it */
};
/* Always a report of its own, with its receipt, relay and alarm. */
MUST_CHECK
enum err menu_report_open(
	struct menu_talk *talk, const struct menu_report *in, struct report *ret_report);
/* The receipt is the answer; by USSD also what is shown at the end. Sets is_said, said, outcome. */
MUST_CHECK
enum err menu_report_told(struct menu_talk *talk, const struct report *report);
/* For a CHOICE of where it is: the hamlets, and that it is elsewhere. None: the box has no hamlets.
 */
MUST_CHECK
enum err menu_report_hamlets(struct menu_talk *talk, struct menu_choices *out);

#endif
