/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which officer is given the key of which report. Routing around a conflict of interest is not
 * handing out the key: nothing that is written here can be got around by asking otherwise.
 *
 *     chief, deputy   every report
 *     area officer    reports of his places, and those of which nobody knows the place yet: until
 *                     they are assigned any of them may be his
 *     duty officer    every report that is not closed: at night he is the commune's police; what is
 *                     closed needs nobody on duty
 *     assignee        his, whatever his role
 *     clerk           none: he keeps the lines of the register, not the words
 *     chairman        reports about a chief, and none else
 *     it              none
 *
 * A report about an officer is confined (report.h): its subjects and those under them get no key,
 * and of the others only leaders, the assignee, and for one about a chief the chairman. What the
 * first guess takes for one goes to the chief alone until somebody decides; when its words name the
 * chief, to the chairman alone. The escrow has the key of every report.
 */
#ifndef BINHYEN_DESK_ENTITLEMENT_H
#define BINHYEN_DESK_ENTITLEMENT_H

#include "store/officer.h"
#include "store/report.h"

struct desk;

/* What the rights to one report follow from. */
struct entitlement {
	const struct report *report; /* borrowed */
	int64_t place_id;	     /* of its hamlet; 0 unknown */
	int64_t subjects[REPORT_SUBJECTS_MAX];
	int subject_count;
	bool is_about_chief;
};
MUST_CHECK
enum err entitlement_of(
	struct desk *desk, const struct report *report, struct entitlement *ret_entitlement);
/* May he hold its key? */
MUST_CHECK
enum err entitlement_has(struct desk *desk, const struct entitlement *e,
	const struct officer *officer, bool *ret_has);
/* Is it about him, or about somebody above him? Whoever has nothing to do with reports is not. */
MUST_CHECK
enum err entitlement_is_barred(struct desk *desk, const struct entitlement *e,
	const struct officer *officer, bool *ret_is);

/* Hands the key of a report to all who may hold it. */
MUST_CHECK
enum err entitlement_share(
	struct desk *desk, const struct report *report, const struct keypair *pair);
/*
 * Something about the report has changed: those who may hold its key no longer lose it, and those
 * who may get it from `by`, when he can read the report; NULL, or one who can't: nobody gets it.
 * Written into `event` when somebody's rights change.
 */
MUST_CHECK
enum err entitlement_settle(
	struct desk *desk, int64_t report_id, const struct key_holder *by, const char *actor);

/* The same by who works at the desk just now, once the box has officers. */
MUST_CHECK
enum err entitlement_changed(struct desk *desk, int64_t report_id, const char *actor);

#endif
