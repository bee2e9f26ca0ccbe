/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between the files about alarms. */
#ifndef BINHYEN_DESK_ALARM_PRIVATE_H
#define BINHYEN_DESK_ALARM_PRIVATE_H

#include "daemon/desk/alarm.h"
#include "daemon/desk/desk_private.h"

#define CREW_MAX 128 /* phones that are rung; a commune has some twenty officers */

/* Somebody who can be rung. */
struct crew_member {
	int64_t officer_id; /* 0: a phone of the configuration */
	enum officer_role role;
	int rank; /* in the roster now; 0 = not on duty */
	int64_t party_id;
};
struct crew {
	struct crew_member members[CREW_MAX];
	int count;
	bool has_roster;
};
/* alarm_crew.c: who is there now. */
MUST_CHECK
enum err crew_load(struct desk *desk, struct crew **ret_crew); /* free() it */
/* Whom a step of the ladder rings: marks them in `chosen`; how many. was_rung: as was told of each
 * member. */
int crew_choose(
	const struct crew *crew, int step, const bool was_rung[CREW_MAX], bool chosen[CREW_MAX]);

/* alarm_words.c: the text of an alarm's messages by SMS at a step. */
MUST_CHECK
enum err alarm_words(struct desk *desk, const struct alarm *alarm, int step, struct buf *out);
/* To the duty group, as its step says. */
MUST_CHECK
enum err alarm_tell_group(struct desk *desk, const struct alarm *alarm, const char *phrase_key,
	const char *who, int64_t minutes);
/* "officer:LOGIN", "phone", "group": as others are told it, with or without marks. */
MUST_CHECK
enum err alarm_who(struct desk *desk, const char *taken_by, enum phrase_form form, struct buf *out);
/* One line to a correspondent about the alarm; `who` may be NULL. */
MUST_CHECK
enum err alarm_text(struct desk *desk, int number, int64_t party_id, const char *phrase_key,
	const char *who, enum lane lane);

/* The first report that it is about, 0 none (any more). */
MUST_CHECK
enum err alarm_first_report(struct desk *desk, int64_t alarm_id, int64_t *ret_report_id);
/* What has not left is not sent any more. */
MUST_CHECK
enum err alarm_cancel_page(struct desk *desk, const struct alarm_page *page);

/* Rings the step: its messages and its place in the ladder. */
MUST_CHECK
enum err alarm_ring(struct desk *desk, const struct alarm *alarm, int step, int64_t next_ms);
MUST_CHECK
enum err alarm_event(struct desk *desk, const struct alarm *alarm, const char *kind,
	const char *actor, const char *name, int64_t value);

#endif
