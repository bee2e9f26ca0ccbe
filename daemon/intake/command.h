/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The few words that mean something to Binhyen at the beginning of a text, as the poster shows
 * them. Whatever is not exactly one of them is an ordinary report; nobody has to know any.
 *
 *     TC ACD234            how far is my report?             "tra cứu ACD234"
 *     TC ACD234 123456     the same from another phone, with its PIN
 *     MK ACD234            a (new) PIN for it, to the phone that wrote it   "PIN ACD234"
 *     TT words             a question about procedures or law   "thủ tục words"
 *     #ACD234 text         more for that report
 *     AN text              anonymous                         "ẩn danh text"
 *     IM text              never write back to this phone    both: "AN IM text"
 *
 * AN and IM begin ordinary sentences too ("an trom", "an ninh", "im lang"). They count in capitals,
 * or with a punctuation mark behind them, unless a word follows that makes one word with them. Who
 * wants to stay hidden and is taken for named is worse off than the other way round: in doubt they
 * count. Pure.
 */
#ifndef BINHYEN_INTAKE_COMMAND_H
#define BINHYEN_INTAKE_COMMAND_H

#include "daemon/base/err.h"

#include <stdbool.h>

#define COMMAND_CODE_LEN 6 /* of a report */
#define COMMAND_PIN_MAX	 8 /* digits; a PIN has six, and what is longer is wrong */

enum command_kind { COMMAND_NONE, COMMAND_STATUS, COMMAND_PIN, COMMAND_PROCEDURE };

struct command {
	enum command_kind kind;
	char code[COMMAND_CODE_LEN + 1]; /* in capitals; "" none */
	char pin[COMMAND_PIN_MAX + 1];	 /* "" none */
	bool is_anonymous, is_quiet;
	const char *words; /* what follows, within the text */
};

/* text: UTF-8 or not, any length; borrowed as long as `words` is used. Never fails. */
void command_parse(const char *text, struct command *ret_command);
/* How far a report of his is, or its PIN. */
bool command_asks_state(const struct command *command);

#endif
