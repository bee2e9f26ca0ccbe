/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message of a resident becomes a new report, or more of one that he has. The rule, in this
 * order; "his" is by the party that wrote, private messages and those of groups apart; a report
 * that is closed never gets more, since its number, class and clocks are settled:
 *
 *   1. It names the code of a report of his that is not closed (#CODE), or, naming none, quotes a
 *      message about one (where the channel tells that): more of that one.
 *   2. He writes within DESK_PRIVATE_MS of the last words of a quiet or anonymous report of his:
 *      more of that one, whatever it is about: he expects to be as hidden as before. (A message
 *      that says itself AN or IM is hidden anyway, and goes on with 3.)
 *   3. Of his reports that are not closed, the one that was spoken of last (by him or to him) gets
 *      it, when he wrote to it within the dialogue's minutes (desk_options), or when an officer's
 *      words are the last in it and not older than DESK_REPLY_MS; but not when
 *        - it asks for silence (IM) and that report does not,
 *        - its words tell of an incident (order, crime, social_evil, traffic, fire, dispute) and
 *          the report is about a service (question, residence, suggestion, good_deed): what the
 *          law has registered by itself is not buried in it. Nothing finer: a guess is often
 *          wrong, and thanks or a number plate below a theft are no matter of their own;
 *        - they tell of a danger and an officer has decided that the report is none.
 *   4. Everything else is a new report, and so are words about the conduct of officials that would
 *      be more of a report that is not about it: others may have to read them than the rest. It is
 *      linked (FOLLOWS) to the report that it did not become more of, or to the closed one of his
 *      that it names or quotes; and (NAMES) to one that it names and that is not his: whoever reads
 *      a code on a poster or over a shoulder adds nothing to it.
 *
 * Whichever it is, the words are an entry with its time, there is an event, the duty side is told,
 * the state is "open" again, and a danger rings and is answered with the emergency numbers. A
 * message that seems to be older than the last words (the clock was set back) is a new report.
 * Nothing here depends on anything but the rows of the store and the clock, so that a restart
 * changes nothing.
 */
#ifndef BINHYEN_DESK_THREAD_H
#define BINHYEN_DESK_THREAD_H

#include "store/report.h"

struct desk;

#define DESK_PRIVATE_MS (24 * HOUR_MS)
#define DESK_REPLY_MS	(3 * DAY_MS)
/* A new report of who wrote a quiet one within this is quiet too: his phone is no safer. */
#define DESK_QUIET_MS (7 * DAY_MS)
/* Further words are acknowledged when he was silent for so long before: a burst is answered once,
 * and an answering machine not at all. */
#define DESK_THANK_MS (10 * MINUTE_MS)
/* Of one sender, newest first, that are looked at. */
#define DESK_THREAD_REPORTS 16

struct desk_message {
	const struct report_new *report; /* what a new report would be */
	const char *code;		 /* of the report that it names; "" none */
	int64_t quoted_id;		 /* the report that it quotes a message about; 0 none */
	bool is_group;
	bool is_explicit; /* it says itself that it is anonymous or quiet */
};
/* The report that the message went to, with all that follows from it. */
MUST_CHECK
enum err desk_report_take(struct desk *desk, const struct desk_message *message,
	struct report *ret_report, bool *ret_is_more);

/* Does this anonymous party have a report that a message without the word for it would go to? */
MUST_CHECK
enum err desk_is_private_dialogue(struct desk *desk, int64_t party_id, bool *ret_is);

/* Did he ask for silence lately? Then nothing is sent to him that he did not ask for by PIN. */
MUST_CHECK
enum err desk_is_hushed(struct desk *desk, int64_t party_id, bool *ret_is);

#endif
