/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a private text may ask of the box itself, instead of being a report: a table, so that one
 * more keyword is one more row. They are tried in its order; the menu is late, since within a
 * conversation any text may be its answer, and behind it are answers without a keyword. Asking for
 * a report's state (TC, MK) comes before, since what could not be answered is kept (intake.c).
 */
#ifndef BINHYEN_INTAKE_KEYWORD_H
#define BINHYEN_INTAKE_KEYWORD_H

#include "daemon/base/err.h"
#include "store/party.h"

struct command;
struct intake;
struct sender;

struct wish {
	const char *text; /* as it came */
	const struct command *command;
	const struct sender *sender;
	enum party_kind from_kind;
	const char *from; /* canonical */
	const char *channel;
	int64_t sent_ms;
	int64_t inbox_id; /* 0: it had several parts */
};

/* *ret_reason: for inbox_move(). ERR_NOT_FOUND: nothing, it is a report. */
MUST_CHECK
enum err intake_take_wish(struct intake *intake, const struct wish *wish, const char **ret_reason);

/* intake_question.c: a question about procedures is answered by the entry that fits. */
MUST_CHECK
enum err intake_take_question(struct intake *intake, const struct wish *wish);

#endif
