/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a correspondent is in the menus, and what he has said so far: sealed, and erased with the
 * session. One each, whichever door he came by. */
#ifndef BINHYEN_STORE_MENU_SESSION_H
#define BINHYEN_STORE_MENU_SESSION_H

#include "daemon/base/buf.h"
#include "store/store.h"

#include <stdbool.h>

#define MENU_STATE_MAX (24 * 1024) /* bytes: what is said in a form, as JSON */

struct menu_session {
	int64_t party_id;
	int64_t updated_ms;
	bool is_live;	/* the last screen waits for an answer */
	bool has_draft; /* what was said is worth to be offered again */
};
/* Appends the state to `out`: wipe it. ERR_NOT_FOUND. */
MUST_CHECK
enum err menu_session_load(
	struct store *store, int64_t party_id, struct menu_session *ret_session, struct buf *out);
/* Adds or replaces. ERR_TOO_BIG: more than MENU_STATE_MAX. */
MUST_CHECK
enum err menu_session_save(
	struct store *store, const struct menu_session *session, const char *state);
/* Where a conversation begins: the rows of the inbox and the outbox that are written now. */
struct menu_mark {
	int64_t inbox_id, outbox_id;
};
struct menu_mark menu_session_mark(struct store *store);
/* He chose to stay hidden: what he wrote and was sent since then is of `to_id` as well. */
MUST_CHECK
enum err menu_session_hide(
	struct store *store, const struct menu_mark *since, int64_t party_id, int64_t to_id);
/* Fine when there is none. */
MUST_CHECK
enum err menu_session_end(struct store *store, int64_t party_id);
/* Ends those that were not touched since; how many. */
MUST_CHECK
enum err menu_session_prune(struct store *store, int64_t before_ms, int64_t *ret_count);
/* How many there are, and with a draft. */
MUST_CHECK
enum err menu_session_count(struct store *store, int64_t *ret_count, int64_t *ret_drafts);

#endif
