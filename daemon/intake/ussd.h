/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The menu by USSD: a gateway of an operator calls with what the resident typed, and shows him what
 * it is answered (sms.md §6). Everything comes from the local store; the caller answers after the
 * commit.
 *
 * A call is known by (session, step): the same one again gets the same answer and does nothing. In
 * a session whose text is cumulative ("", "1", "1*3", ...) the part behind what came before is what
 * he typed now, whatever stars are in it, and text that is there with the first call belongs to
 * what he dialled. A call that does not fit what came before is answered like a slip.
 *
 * Text that is no answer to the screen is a report at once, as by SMS, and ends the session with
 * its number and code. No SMS repeats them: who dials may have a reason to leave no trace.
 */
#ifndef BINHYEN_INTAKE_USSD_H
#define BINHYEN_INTAKE_USSD_H

#include "daemon/base/buf.h"

#include <stdbool.h>

#define USSD_SESSION_MS (10 * MINUTE_MS) /* gateways end theirs within three */
#define USSD_NAME_MAX	128		 /* bytes of a session's name, and of a step's */

struct intake;

struct ussd_call {
	const char *session; /* its name at the gateway */
	const char *phone;   /* E.164 */
	const char *text;    /* cumulative, or (step) what he typed now */
	const char *step;    /* number of the call where text is not cumulative; NULL: it is */
};
/* ERR_INVALID: too long, no UTF-8, or the session is another phone's. */
MUST_CHECK
enum err intake_ussd(struct intake *intake, const struct ussd_call *call, struct buf *ret_answer,
	bool *ret_is_end);

/* Forgets old sessions. */
MUST_CHECK
enum err ussd_tick(struct intake *intake);

#endif
