/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The people of one place, for those who look after it: the leaders, and the area officer whose
 * place it is. One place at a time, no search, no number but its last three digits, and each look
 * is in the log. A whole number is shown to one officer who says why, RESIDENT_SHOWN_A_DAY times a
 * day at most. Nothing here leads to what anybody reported, nor from there to here.
 */
#ifndef BINHYEN_DESK_RESIDENT_LIST_H
#define BINHYEN_DESK_RESIDENT_LIST_H

#include "daemon/desk/officer.h"
#include "gateway/sms_text.h"
#include "store/place.h"
#include "store/resident_list.h"

#define RESIDENT_PAGE_MAX    200
#define RESIDENT_REASON_MIN  10 /* letters */
#define RESIDENT_SHOWN_A_DAY 20 /* of one officer: who needs more calls a meeting */

/* ERR_NOT_FOUND: no such open place; ERR_DENIED: it is not his. */
MUST_CHECK
enum err desk_residents_place(struct desk *desk, const char *code, const struct desk_actor *actor,
	struct place *ret_place, struct errbuf *eb);
/* The look is noted with how many he saw. */
MUST_CHECK
enum err desk_residents_look(struct desk *desk, const struct place *place, int64_t after_id,
	const struct desk_actor *actor, resident_row_fn fn, void *arg);

/* Somebody on the list of a place that was looked up so. */
struct resident_at {
	const struct place *place;
	int64_t id;
};
/* Of the texts those that are not NULL. ERR_NOT_FOUND: he is not on that list. */
struct resident_edit {
	const char *name, *role, *household;
};
MUST_CHECK
enum err desk_resident_edit(struct desk *desk, const struct resident_at *at,
	const struct resident_edit *edit, const struct desk_actor *actor, struct errbuf *eb);
/* Off the list; why: "asked", "moved", "died", "mistake". *ret_is_forgotten: it was his last one.
 */
MUST_CHECK
enum err desk_resident_leave(struct desk *desk, const struct resident_at *at, const char *why,
	const struct desk_actor *actor, bool *ret_is_forgotten, struct errbuf *eb);
/* His number; wipe it. ERR_RATE: enough for today. */
MUST_CHECK
enum err desk_resident_phone(struct desk *desk, const struct resident_at *at, const char *reason,
	const struct desk_actor *actor, char ret_phone[MSISDN_BYTES], struct errbuf *eb);

#endif
