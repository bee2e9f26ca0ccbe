/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * By which ways a bulletin goes to somebody, and when each is given up (mission: 15; sms.md §5.3):
 *
 *     emergency   heads by SMS, then Zalo; everybody else by Zalo and SMS, whichever is free first
 *     urgent      group → Zalo → SMS: who is not reached within minutes, or at once while Zalo is
 *                 away, is texted
 *     normal      group → Zalo; text messages only to who is not on Zalo, where that is paid for,
 *                 of each or gathered (delivery_digest.c)
 *
 * An emergency does not rely on a post in a group, which nobody need open. Pure functions: the
 * preview and the delivery ask the same ones.
 */
#ifndef BINHYEN_DESK_PLAN_H
#define BINHYEN_DESK_PLAN_H

#include "store/ledger.h"

/* Text messages of what is not urgent. */
#define PLAN_SMS_TABLE(X) X(OFF, "off") X(NOT_ON_ZALO, "not_on_zalo") X(DIGEST, "digest")
enum plan_sms {
#define X(name, text) PLAN_SMS_##name,
	PLAN_SMS_TABLE(X)
#undef X
};

/* Of the commune, and of the bulletin. */
struct plan_rule {
	enum delivery_urgency urgency;
	int steps; /* the ways that it may go */
	enum plan_sms normal_sms;
};

/* What is known of a recipient. */
struct plan_known {
	int wave;	  /* by his role */
	bool is_known;	  /* he is in the registry */
	bool on_zalo;	  /* Zalo lets him be written to now */
	int64_t group_id; /* in which he would read it; 0 none */
};
void plan_make(
	const struct plan_rule *rule, const struct plan_known *known, struct ledger_plan *ret_plan);

/* How long Zalo is waited for before a text message is spent on who could be told there. */
int64_t plan_patience_ms(enum delivery_urgency urgency);
/* So long after it began, the hamlets whose heads have not said that everybody knows go up;
 * INT64_MAX never. */
int64_t plan_confirm_ms(enum delivery_urgency urgency);

#endif
