/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one menu engine behind SMS digits, Zalo texts and the USSD callback. How far somebody is, and
 * what he has said, is in the store with each answer (store/menu_session.h), so that a conversation
 * goes on after a restart, and a draft is offered again for MENU_DRAFT_MS when it broke off.
 *
 *     keyword or dialling ──→ start, or "go on with your draft?"
 *     1..5  an item      9  more of a list or text     0  back (out, where it begins)     00  start
 *
 * What is no answer to the screen goes one of two ways: a slip (digits, a few letters) repeats the
 * screen with a hint, and the third one in a row ends with the telephone number of the duty desk;
 * anything else is ERR_NOT_FOUND, and becomes a report as if there were no menu. So does whatever
 * tells of a danger, wherever it is written. Keywords (keyword.h) are heard before.
 */
#ifndef BINHYEN_INTAKE_MENU_H
#define BINHYEN_INTAKE_MENU_H

#include "config/menu.h"
#include "daemon/base/buf.h"
#include "store/party.h"
#include "store/service_tally.h"

#define MENU_IDLE_MS  (30 * MINUTE_MS) /* later only digits are still an answer */
#define MENU_DRAFT_MS (24 * HOUR_MS)
#define MENU_SLIPS    3

struct intake;

struct menu_caller {
	enum service_door door;
	int64_t party_id, other_id; /* as in struct sender */
	enum party_kind kind;
	const char *address; /* canonical */
	const char *channel;
	int64_t sent_ms;
	int64_t inbox_id; /* of this answer; 0 = it had several parts */
	bool has_marks;	  /* he writes with the marks of Vietnamese */
};
struct menu_reply {
	struct buf text; /* to be initialised, and wiped, by the caller; "" nothing is to be said */
	bool is_end;	 /* nothing more is expected of him */
};
/* text: what he wrote, NFC; NULL: he dialled. ERR_NOT_FOUND: not an answer to a menu. */
MUST_CHECK
enum err menu_answer(struct intake *intake, const struct menu_caller *caller, const char *text,
	struct menu_reply *ret_reply);

/* Forgets conversations that nobody went on with. */
MUST_CHECK
enum err menu_tick(struct intake *intake);

#endif
