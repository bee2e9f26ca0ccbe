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
