/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A danger is rung until somebody takes it on.
 *
 *     at once          who is first in the roster now (without a roster: the phones of the
 *                      configuration)
 *     after 2 minutes  the next in the roster
 *     after 5          the one after him
 *     after 10         every officer
 *
 * Where the roster has no next, chief and deputies are, and when they were, every officer; where
 * there is nobody else, those who were rung are rung again. With nobody on duty every officer is
 * rung at once, and then chief and deputies again. Each step is one commit with its messages: it
 * happens once, whatever crashes, and the time that is left of it survives a jump of the clock.
 * Taken on, what has not left is not sent, and who was rung is told who took it.
 *
 * That nobody is on duty is an alarm itself: chief and deputies are told, where no chief can be
 * every officer, once until somebody is on duty again.
 *
 * Dangers that come while no message of the last alarm has left (an outage) join it: an officer
 * gets one message about forty reports, and receipts do not wait behind forty. An officer is rung
 * by a new alarm at the earliest ALARM_GAP_MS after the one before; where a sender has reported
 * many dangers within the hour, his next ones wait longer, and never share an alarm with those of
 * others: so he can't bury or delay them.
 *
 * "OK 123" counts only from a phone at which alarm 123 was rung. The numbers are drawn, not
 * counted, and after some wrong ones nothing counts from that phone for an hour, since the sender
 * of an SMS can be forged; who is said to have answered is told so and can take it back with "HUY
 * 123".
 */
#ifndef BINHYEN_DESK_ALARM_H
#define BINHYEN_DESK_ALARM_H

#include "daemon/desk/desk.h"
#include "daemon/desk/roster.h"
#include "store/alarm.h"

/* After the beginning, the last for every officer. */
#define ALARM_STEPS 3

/* Rings about a report: a new alarm, or one more report of one that nobody has heard of yet. */
MUST_CHECK
enum err alarm_begin(struct desk *desk, const struct report *report);

/* Is there nobody who would be rung first: by the roster, or without one by the configuration? Only
 * once there is a chief who could mend it. Reads, and writes nothing. */
MUST_CHECK
enum err alarm_nobody_on_duty(struct desk *desk, const struct roster *roster, bool *ret_is_nobody);

/* The steps that are due, and whether anybody is on duty. *ret_next_ms: when to call again at the
 * latest. */
MUST_CHECK
enum err alarm_tick(struct desk *desk, int64_t *ret_next_ms);

/* Somebody in the office (actor) has the report in hand: he answered it, decided that there is no
 * danger, or says so. Over once that holds for each report of the alarm. ERR_NOT_FOUND: none was
 * rung about it. note: his words for the register, "" none. */
MUST_CHECK
enum err alarm_report_seen(
	struct desk *desk, int64_t report_id, const char *actor, const char *note);
/* The same where nothing need have been rung. */
MUST_CHECK
enum err alarm_in_hand(struct desk *desk, int64_t report_id, const char *actor);
/* A report is no longer everybody's to know of: no message that has not left names it, and none
 * that comes. *ret_rang: nobody had taken it on. */
MUST_CHECK
enum err alarm_let_go(struct desk *desk, int64_t report_id, bool *ret_rang);
/* The whole alarm. ERR_STATE: somebody has it. */
MUST_CHECK
enum err alarm_acknowledge(
	struct desk *desk, int64_t alarm_id, const char *actor, const char *note);

/*
 * What somebody texted: is it an answer to an alarm? number 100..999, is_back for "HUY"; note: what
 * stands behind the number. ERR_NOT_FOUND: it is none of his to give, and an ordinary report.
 */
struct alarm_answer {
	int number;
	bool is_back;
	const char *note;
};
MUST_CHECK
enum err alarm_answered(
	struct desk *desk, int64_t party_id, bool is_duty_group, const struct alarm_answer *answer);

/* The roster as it is; the holidays are those of the desk. */
MUST_CHECK
enum err desk_roster(struct desk *desk, struct roster **ret_roster); /* free() it */

#endif
