/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions about procedures and law that an entry answers: by SMS its short words, by Zalo the
 * long ones with their legal basis and the day on which they were checked. What the commune has not
 * confirmed, and what has expired, says so. An answer belongs to no report; how often an entry was
 * asked for is counted without who asked.
 */
#ifndef BINHYEN_DESK_PROCEDURE_H
#define BINHYEN_DESK_PROCEDURE_H

#include "config/procedure.h"

#include "daemon/base/buf.h"

struct desk;

/* Answers to one sender within DESK_SAID_WINDOW_MS; what he asks beyond is counted and not
 * answered. */
#define DESK_PROCEDURE_SAID_MAX 10

MUST_CHECK
enum err desk_procedure_answer(struct desk *desk, int64_t party_id, const struct procedure *entry);
/* The same where the words go another way (desk_procedure_words): it is only counted. */
MUST_CHECK
enum err desk_procedure_told(struct desk *desk, const struct procedure *entry);
/* Who asked for nothing is told how to ask. */
MUST_CHECK
enum err desk_procedure_hint(struct desk *desk, int64_t party_id);
/* Counts a question that no entry answers. Always ERR_NOT_FOUND, or why it could not. */
MUST_CHECK
enum err desk_procedure_missed(struct desk *desk);

/*
 * Does the commune stand by an entry? Its file may say so; else an officer has confirmed on the
 * page what it says, which is kept with a hash of it: other words under the same code are not
 * confirmed.
 */
struct procedure_standing {
	bool is_confirmed;
	bool is_changed;       /* it was confirmed on the page, and reads otherwise now */
	int64_t checked_day;   /* when it was read against the law */
	int64_t confirmed_ms;  /* on the page; 0 it was not */
	char confirmed_by[64]; /* "officer:truong.ca" */
};
MUST_CHECK
enum err desk_procedure_standing(
	struct desk *desk, const struct procedure *entry, struct procedure_standing *ret_standing);
/* ERR_INVALID: checked_day lies ahead, or more than a year back. */
#define PROCEDURE_CHECKED_DAYS 366
MUST_CHECK
enum err desk_procedure_confirm(struct desk *desk, const struct procedure *entry,
	int64_t checked_day, const char *actor, struct errbuf *eb);
/* ERR_STATE: it was not confirmed on the page. */
MUST_CHECK
enum err desk_procedure_unconfirm(
	struct desk *desk, const struct procedure *entry, const char *actor, struct errbuf *eb);

/* Has it expired, on the day that the box believes it is? */
bool desk_procedure_is_old(struct desk *desk, const struct procedure *entry);
/* The words that go by SMS, respectively by Zalo. */
MUST_CHECK
enum err desk_procedure_words(
	struct desk *desk, const struct procedure *entry, bool is_sms, struct buf *out);

/* Once a day: tells those who keep entries of theirs that have expired. */
MUST_CHECK
enum err desk_procedures_tick(struct desk *desk, const struct procedures *procedures);

#define DESK_PROCEDURE_SOON_DAYS 30 /* time to read the law anew */
struct desk_procedures_state {
	int expired, soon; /* will have within that time */
	const char *first; /* code of one that has expired; "" none */
};
void desk_procedures_state(struct desk *desk, const struct procedures *procedures,
	struct desk_procedures_state *ret_state);

#endif
