/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How people come into the registry of residents by themselves:
 *
 *     "DK thon 3 Nguyen Van A" by SMS   he is on the list of that place: that is his consent. He is
 *                                       not: he waits until an officer of the place has looked.
 *     an officer enters him             with his consent on paper
 *
 * The wording that he agrees to stands on the poster and in the answer (phrases enrol_wording and
 * enrol_done); its version is kept with each consent. Whoever enrols after having refused bulletins
 * gets them again; a number that an officer blocked stays blocked.
 *
 * Nothing ties the registry to correspondents: who enrols is known while his message is handled;
 * afterwards there is no event, no log line and no time finer than a day that could be compared
 * with those of his message.
 */
#ifndef BINHYEN_DESK_ENROLMENT_H
#define BINHYEN_DESK_ENROLMENT_H

#include "daemon/desk/officer.h"
#include "store/enrolment.h"

#define ENROLMENT_WORDING 1 /* version of enrol_wording: changed words are another one */

struct desk_enrolment {
	int64_t party_id;  /* who is answered */
	const char *phone; /* E.164 */
	const char *words; /* what follows "DK": hamlet and name; "" nothing */
};
/* ERR_NOT_FOUND: the words are something else, and belong into a report. */
MUST_CHECK
enum err desk_enrol(struct desk *desk, const struct desk_enrolment *in);

/* Where the words say somebody lives. place_id 0: a hamlet that the box has not, in `said`. */
struct enrolment_said {
	int64_t place_id;
	char said[ENROLMENT_SAID_MAX];
	const char *name; /* within the words; "" none */
};
MUST_CHECK
enum err desk_enrolment_read(struct desk *desk, const char *words, struct enrolment_said *ret_said);

/* Texts NULL: as he asked; the role is then "member". */
struct desk_enrolment_in {
	const char *name, *place, *role, *household;
};
/* ERR_NOT_FOUND: nothing waits under that number; ERR_DENIED: of a place that is not the area
 * officer's; ERR_INVALID: the place has to be said. He is told. */
MUST_CHECK
enum err desk_enrolment_accept(struct desk *desk, int64_t id, const struct desk_enrolment_in *in,
	const struct desk_actor *actor, struct errbuf *eb);
MUST_CHECK
enum err desk_enrolment_decline(
	struct desk *desk, int64_t id, const struct desk_actor *actor, struct errbuf *eb);
/* Asks him for what is not clear: his hamlet, his name, or both; he goes on waiting, and what he
 * writes then is put in its place. ERR_STATE: he was asked today. */
enum enrolment_ask { ENROLMENT_ASK_HAMLET, ENROLMENT_ASK_NAME, ENROLMENT_ASK_BOTH };
MUST_CHECK
enum err desk_enrolment_ask(struct desk *desk, int64_t id, enum enrolment_ask what,
	const struct desk_actor *actor, struct errbuf *eb);
/* Who agreed in the office. */
MUST_CHECK
enum err desk_enrolment_enter(struct desk *desk, const char *phone,
	const struct desk_enrolment_in *in, const struct desk_actor *actor, struct errbuf *eb);
/* May he see it? An area officer those of his places, and those whose place nobody knows. */
MUST_CHECK
enum err desk_enrolment_is_his(
	struct desk *desk, int64_t place_id, int64_t officer_id, bool *ret_is_his);

#endif
