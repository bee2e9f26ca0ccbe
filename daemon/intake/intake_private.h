/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files of intake/ that handle messages. */
#ifndef BINHYEN_INTAKE_INTAKE_PRIVATE_H
#define BINHYEN_INTAKE_INTAKE_PRIVATE_H

#include "daemon/intake/command.h"
#include "daemon/intake/intake.h"
#include "daemon/intake/keyword.h"
#include "store/service_tally.h"

/* 39 parts of 70 characters of up to 4 bytes; a Zalo text has 2,000 characters. */
#define INTAKE_TEXT_MAX INBOX_BODY_MAX

struct intake {
	struct store *store;
	struct desk *desk;
	struct procedure_index *procedures; /* NULL none */
	const struct menus *menus;	    /* NULL none */
	char menu_phone[24];		    /* "" none */
	int64_t incomplete_after_ms;
};

static inline int64_t intake_now(struct intake *intake)
{
	return clock_wall_ms(store_clock(intake->store));
}

/* Who wrote, and as whom. */
struct sender {
	struct party party;
	int64_t other_id; /* the same person named, respectively anonymous; 0 not known */
};
/* quoted_party: who wrote the report that he quotes a message about; 0 none. */
MUST_CHECK
enum err intake_find_sender(struct intake *intake, enum party_kind kind, const char *address,
	const struct command *command, int64_t quoted_party, struct sender *ret_sender);

/* intake_quote.c: the report that the message quoted by this one is about, and whose it is; 0 none,
 * or not known. */
struct quoted {
	int64_t report_id, party_id;
};
MUST_CHECK
enum err intake_find_quoted(
	struct intake *intake, const struct inbound *in, struct quoted *ret_quoted);

struct report_message {
	struct report_new report; /* its text as it came */
	enum inbox_kind kind;
	const struct command *command;
	int64_t quoted_id; /* the report that it quotes a message about; 0 none */
	bool is_group;
	const struct inbound_entry *entry; /* NULL none */
	const char *category;		   /* he chose it by the menu; NULL: guessed */
	bool is_danger;			   /* likewise */
	bool is_new; /* not more of another of his, whatever the rules of thread.h say */
};
/* Guesses what it is about and gives it to the desk. */
MUST_CHECK
enum err intake_take_report(
	struct intake *intake, const struct report_message *message, struct report *ret_report);
/* keyword.c: what was asked of the box itself, and what came of it; counted without who asked. */
enum service_door intake_door(enum party_kind kind);
MUST_CHECK
enum err intake_count(struct intake *intake, enum service_door door, const char *what,
	enum service_outcome outcome);
/* An officer takes an alarm on, by his phone or in the duty group. ERR_NOT_FOUND: it is something
 * else. */
MUST_CHECK
enum err intake_take_answer(
	struct intake *intake, const char *text, const struct sender *sender, bool is_duty_group);
/* The whole of a message of which parts were missing. ret_report: where it is now. */
MUST_CHECK
enum err intake_amend_report(
	struct intake *intake, int64_t report_id, const char *text, struct report *ret_report);

/* intake_set.c: a part of a long SMS, in the inbox as inbox_id. */
MUST_CHECK
enum err intake_part(struct intake *intake, const struct inbound *in, int64_t inbox_id,
	const struct sender *sender);
/* Hands over what stayed incomplete, and ends what never becomes complete. */
MUST_CHECK
enum err intake_sets_tick(struct intake *intake, int64_t now_ms);

#endif
