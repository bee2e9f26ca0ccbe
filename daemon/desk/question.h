/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far a report is, asked by its code. From the phone that wrote it the code is enough; from any
 * other it takes the PIN too, which that phone (MK CODE) or an officer had drawn. A code is short
 * and stands in every receipt: it proves nothing.
 *
 * A code that there is not, one without a PIN, a wrong PIN and a right one while it is locked are
 * answered with the same words and after the same work: the same statements in the same order
 * (tests/unit/desk/test_question.c counts them), so that nobody learns which codes exist. Wrong
 * ones cost time: by sender and by code a minute after some free ones, doubling up to a day, over
 * all senders a second, doubling up to five minutes; asked meanwhile, nothing is looked up. Ten
 * wrong PINs end a PIN. All of it is in the store and outlives a restart.
 *
 * The answer names neither category nor words nor place: phones are shared. Refusals and answers to
 * one sender are limited, the questions are all kept in the inbox.
 */
#ifndef BINHYEN_DESK_QUESTION_H
#define BINHYEN_DESK_QUESTION_H

#include "store/report.h"

struct desk;

#define DESK_PIN_TRIES	    10
#define DESK_SENDER_FREE    3
#define DESK_CODE_FREE	    5
#define DESK_ALL_FREE	    50
#define DESK_GUARD_MS	    DAY_MS /* after so long without a wrong one it is forgotten */
#define DESK_ALL_GUARD_MS   HOUR_MS
#define DESK_SAID_MAX	    6 /* replies to one sender */
#define DESK_SAID_WINDOW_MS HOUR_MS

struct desk_question {
	int64_t party_id;	/* who asks, and is answered */
	int64_t other_party_id; /* the same sender as an anonymous one; 0 none */
	const char *code;	/* in capitals */
	const char *pin;	/* "" none given */
	bool wants_pin;		/* asks for a new PIN, not for the state */
	/* By USSD the answer is a screen, which leaves nothing on the phone: it is appended here
	 * instead of being sent. That of a quiet report needs its PIN then, also from its phone.
	 * NULL: sent. */
	struct buf *said;
};
/* *ret_is_known: it was answered with what was asked for. */
MUST_CHECK
enum err desk_ask(struct desk *desk, const struct desk_question *question, bool *ret_is_known);

/* A new PIN for the sender of a report, to be told to him in person. */
MUST_CHECK
enum err desk_report_pin(struct desk *desk, int64_t report_id, const char *actor, char ret_pin[8],
	struct errbuf *eb);

#endif
