/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports about officers are kept from those whom they are about (entitlement.h). What the first
 * guess takes for one is kept so before anybody could see it; a decider then says whom it is about,
 * or that it is none.
 */
#ifndef BINHYEN_DESK_CONFINEMENT_H
#define BINHYEN_DESK_CONFINEMENT_H

#include "store/report.h"

struct desk;

/* The book that a new report belongs into: another than the register for one that seems to be about
 * an officer, once the box has officers. */
MUST_CHECK
enum err confinement_book(
	struct desk *desk, const struct report_new *in, enum report_book *ret_book);

/* Do these words name the chief, while `report` is one that he reads, or may come to read? Then
 * they must not be put into it: who has its key reads all of it. */
MUST_CHECK
enum err confinement_is_beyond(
	struct desk *desk, const struct report_new *in, const struct report *report, bool *ret_is);

/* Its category or its subjects have changed. may_release: a person decided; a guess can only
 * confine. Keys follow (entitlement_settle). */
MUST_CHECK
enum err confinement_settle(
	struct desk *desk, int64_t report_id, bool may_release, const char *actor);

/* The ranks of officers have changed: the same for every report that is about somebody. */
MUST_CHECK
enum err confinement_settle_all(struct desk *desk, const char *actor);

/* It becomes confined, or no longer is. It is parted from reports that others may read than it,
 * since who answers one of them writes to the senders of all, and of what becomes confined nothing
 * that waits is told to whoever is on duty. *ret_rang: it was rung about, and nobody had taken it
 * on. Keys are not touched. */
MUST_CHECK
enum err confinement_turn(struct desk *desk, struct report *report, bool is_confined,
	const char *actor, bool *ret_rang);

/* Whom a report is about: all of them, by their login names; none: nobody. ERR_NOT_FOUND,
 * ERR_TOO_BIG. */
MUST_CHECK
enum err confinement_set_subjects(struct desk *desk, int64_t report_id, const char *const *logins,
	size_t count, const char *actor, struct errbuf *eb);

#endif
