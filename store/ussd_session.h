/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sessions of an USSD gateway, and what each of their calls was answered: the same call gets the
 * same answer. Words are sealed; sessions are forgotten soon. */
#ifndef BINHYEN_STORE_USSD_SESSION_H
#define BINHYEN_STORE_USSD_SESSION_H

#include "daemon/base/buf.h"
#include "store/store.h"

#include <stdbool.h>

#define USSD_HISTORY_MAX 1024 /* bytes: of a whole session, of 182 characters a screen at most */
#define USSD_ANSWER_MAX	 1024

struct ussd_session {
	int64_t id;
	int64_t party_id;
	int64_t updated_ms;
	bool is_over; /* it was told so */
};
/* By its name at the gateway; appends what came so far. ERR_NOT_FOUND. */
MUST_CHECK
enum err ussd_session_find(struct store *store, const char *name, struct ussd_session *ret_session,
	struct buf *history);
/* *ret_id: of the new one. */
MUST_CHECK
enum err ussd_session_add(struct store *store, const char *name, int64_t party_id, int64_t *ret_id);
MUST_CHECK
enum err ussd_session_save(
	struct store *store, const struct ussd_session *session, const char *history);

/* step: what tells one call of a session from the next. ERR_NOT_FOUND: it is new. */
MUST_CHECK
enum err ussd_answer_find(struct store *store, int64_t session_id, const char *step,
	struct buf *answer, bool *ret_is_end);
MUST_CHECK
enum err ussd_answer_add(
	struct store *store, int64_t session_id, const char *step, const char *answer, bool is_end);

/* Forgets those that were not called since, and their answers. */
MUST_CHECK
enum err ussd_session_prune(struct store *store, int64_t before_ms);

#endif
