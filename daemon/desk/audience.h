/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who a bulletin is for, as officers say it and as the store draws it (store/audience.h):
 *
 *     all          everybody in the registry
 *     places       codes of places, with all that lies in them
 *     kinds        every place of a kind: "hamlet", "agency", "school", "enterprise", "subunit"
 *     roles        of those only who has one of these roles there: "head" for the heads
 *     not_on_zalo  of those only whom Zalo does not reach
 *     lists        codes of saved lists; their people come in addition
 *     reached      the number of a bulletin: exactly those whom it reached
 *
 * Saved audiences are lists of people, or rules: a rule is put in the place of its name when the
 * bulletin is written, so that what is approved does not change with it.
 */
#ifndef BINHYEN_DESK_AUDIENCE_H
#define BINHYEN_DESK_AUDIENCE_H

#include "daemon/desk/officer.h"
#include "store/audience.h"
#include "store/bulletin.h"

#define AUDIENCE_NAMES_MAX 64	  /* places, kinds, roles or lists of one audience */
#define AUDIENCE_TEST	   "test" /* the saved list to which a bulletin can go before everybody */

/* Checks a JSON object, and appends it as canonical JSON: keys and names in order, nothing twice,
 * nothing empty, saved rules in place of their names. ERR_INVALID, ERR_NOT_FOUND with the reason.
 */
MUST_CHECK
enum err desk_audience_read(
	struct desk *desk, const char *json, struct buf *out, struct errbuf *eb);

/* Draws the audience of a bulletin as it stands, for a preview or the ledger. */
MUST_CHECK
enum err desk_audience_draw(struct desk *desk, const struct bulletin *bulletin,
	struct audience_counts *ret_counts, struct errbuf *eb);

/* Adds, or changes the one with that code. rule: a JSON object, NULL or "" a list of people. */
MUST_CHECK
enum err desk_audience_put(struct desk *desk, const char *code, const char *name, const char *rule,
	const struct desk_actor *actor, struct audience *ret_audience, struct errbuf *eb);
/* ERR_NOT_FOUND. Bulletins that name it can't be sent any more. */
MUST_CHECK
enum err desk_audience_remove(
	struct desk *desk, const char *code, const struct desk_actor *actor, struct errbuf *eb);
/* phone: of somebody in the registry, in any habit of writing. ERR_NOT_FOUND: of nobody there. */
MUST_CHECK
enum err desk_audience_member(
	struct desk *desk, const char *code, const char *phone, bool is_member, struct errbuf *eb);

#endif
