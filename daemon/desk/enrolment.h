/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How people come into the registry of residents by themselves:
 *
 *     "DK thon 3 Nguyen Van A" by SMS   he is on the list of that place: that is his consent. He is
 *                                       not: he waits until an officer of the place has looked.
 *     "DK ..." by Zalo                  he is told a code, and texts it from his phone ("DK
 * 12345678"), which goes on as if he had texted the words himself and ties his Zalo to him; without
 * a phone he goes to the office an officer enters him             with his consent on paper
 *
 * and how one who is in it keeps his place when his number changes:
 *
 *     "DOI SO" from the old phone       he is told a code and texts it from the new one ("DOI SO
 *                                       12345678"): the new number is the old one from then on
 *     "DOI SO thon 3 Nguyen Van A"      from the new phone, since the old one is lost: he waits
 * until an officer of the place has looked, who says the old number
 *
 * A code holds until the next evening (store/enrol_code.h) and wrong ones cost time like those of
 * reports. No answer tells whether a number is in the registry: who asks for a code gets one, and
 * what it led to reads the same. What he refused he refuses by the new number, and what an officer
 * blocked stays blocked by both.
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
#include "store/enrol_code.h"
#include "store/enrolment.h"

#define ENROL_WORDS_MAX	  512 /* bytes of hamlet and name that wait for a code */
#define DESK_CODES_MAX	  3   /* codes told to one sender within DESK_SAID_WINDOW_MS */
#define ENROLMENT_WORDING 1   /* version of enrol_wording: changed words are another one */

struct desk_enrolment {
	int64_t party_id;  /* who is answered */
	const char *phone; /* E.164 */
	const char *words; /* what follows "DK": hamlet and name, or a code; "" nothing */
};
/* ERR_NOT_FOUND: the words are something else, and belong into a report. */
MUST_CHECK
enum err desk_enrol(struct desk *desk, const struct desk_enrolment *in);
/* By Zalo; user_id: who he is there. ERR_NOT_FOUND as above. */
MUST_CHECK
enum err desk_enrol_zalo(
	struct desk *desk, int64_t party_id, const char *user_id, const char *words);
/* After "DOI SO": nothing, a code, or hamlet and name. ERR_NOT_FOUND as above. */
MUST_CHECK
enum err desk_change_phone(struct desk *desk, const struct desk_enrolment *in);
/* Forgets codes whose time is over: once a minute. */
MUST_CHECK
enum err desk_enrolments_tick(struct desk *desk);

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
	/* The number by which he is in the registry so far, at that place: it becomes the new one,
	 * and what he agreed to and refused stays as it was. */
	const char *old_phone;
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

/* Shared by the files about enrolments. What he texted from his phone, with the Zalo user id that
 * is his, too; NULL none. */
struct enrolment_asked {
	const struct desk_enrolment *in;
	const char *user_id;
	int version;
	bool is_move;
};
MUST_CHECK
enum err enrolment_ask(struct desk *desk, const struct enrolment_asked *asked);
/* "12345678", alone, also with blanks in between. */
bool enrolment_is_code(const char *words, char ret_code[ENROL_CODE_LEN + 1]);
/* He texted a code that another address of his was told. */
MUST_CHECK
enum err enrolment_take_code(struct desk *desk, const struct desk_enrolment *in, const char *code);

#endif
