/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a message means. Everything that arrives, by whatever channel, enters here as a struct
 * inbound, in the turn in which it was read, and is a row of the inbox before anything else.
 * Nothing is refused and nothing is dropped.
 */
#ifndef BINHYEN_INTAKE_INTAKE_H
#define BINHYEN_INTAKE_INTAKE_H

#include "daemon/desk/desk.h"
#include "store/attachment.h"
#include "store/inbox.h"

struct intake;

struct intake_options {
	struct store *store;		     /* borrowed */
	struct desk *desk;		     /* borrowed */
	const struct procedures *procedures; /* borrowed; NULL: no question answers itself */
	const struct menus *menus;	     /* borrowed; NULL: there are none */
	const char *menu_phone; /* of the duty desk, as residents are told it; "" or NULL none */
	int64_t incomplete_after_ms; /* a long SMS that stays incomplete is handed over after this;
					0 = 10 minutes */
};
MUST_CHECK
enum err intake_new(const struct intake_options *options, struct intake **ret_intake);
void intake_free(struct intake *intake);
/* Another telephone number of the duty desk; copied. */
void intake_set_menu_phone(struct intake *intake, const char *phone);
/* The entries that answer questions, to be searched; NULL none. Borrowed. */
struct procedure_index;
const struct procedure_index *intake_procedures(const struct intake *intake);

/* What an officer was told by a visitor or on the telephone, or enters for somebody. It is a report
 * of its own, whatever else the sender has. The channel is "office". */
struct inbound_entry {
	const char *source;		/* "walk_in", "call", "on_behalf" */
	const char *receiver;		/* who took it down */
	const char *hamlet;		/* code of a place; "" unknown */
	const char *category, *urgency; /* his decision; NULL = guessed */
	const char *actor;
	bool is_quiet, is_anonymous;
};

struct inbound {
	const char *channel; /* as in struct inbox_new */
	const char *external_id;
	enum inbox_kind kind; /* TEXT (also for a part: concat tells), CALL, MEDIA, OTHER */
	enum party_kind from_kind;
	const char *from; /* canonical address */
	int64_t sent_ms;  /* by the other side's clock, or when the officer was told; 0 unknown */
	const char *sim; /* that took it from the air, where it may be delivered twice; NULL none */
	const char *text; /* UTF-8; "" when there is none */
	const char *raw;  /* what to keep in the inbox when it is more than the text (a Zalo row);
			     NULL = text */
	size_t raw_bytes;
	struct sms_concat concat; /* total 0: whole */
	const char *quoted; /* external id of the message that it answers; NULL or "" none, or not
			       told */
	const char *group;  /* id of the Zalo group in which it was written; NULL = privately */
	const struct inbound_entry *entry; /* an officer entered it; NULL = it came by itself */
	const struct attachment_new *attachments; /* to be fetched */
	size_t attachment_count;
};

/*
 * Handles one message in a savepoint of its own. ERR_OK: it is (will be, with this turn) safe.
 * ERR_EXISTS: it was here before, equally safe. When handling fails for a reason of its own, the
 * message goes to quarantine and the answer is ERR_OK; an error means that it could not be kept at
 * all (disk) and must stay where it came from.
 */
MUST_CHECK
enum err intake_accept(struct intake *intake, const struct inbound *in);

/* Hands over long messages that stayed incomplete. ret_next_ms: when to call again at the latest
 * (INT64_MAX = no need). */
MUST_CHECK
enum err intake_tick(struct intake *intake, int64_t *ret_next_ms);

#endif
