/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between event_seal.c, opening, turns and walks: for the files of store/ only. */
#ifndef BINHYEN_STORE_EVENT_SEAL_PRIVATE_H
#define BINHYEN_STORE_EVENT_SEAL_PRIVATE_H

#include "store/event_seal.h"
#include "store/internal.h"

/* The sealed value of row `name` of event_seal on any connection; ERR_NOT_FOUND, ERR_WRONG_KEY.
 * An empty one is id 0. */
MUST_CHECK
enum err event_seal_read(
	sqlite3 *db, const struct vault *vault, const char *name, struct event_head *ret_head);
/* Where the keyed rows begin, on any connection: is_born_keyed as the key check says. */
MUST_CHECK
enum err event_keyed_from(
	sqlite3 *db, const struct vault *vault, bool is_born_keyed, int64_t *ret_from);

/* At opening, statements prepared: begins to key, looks at the end of the log. */
MUST_CHECK
enum err event_seal_open(struct store *store);
/* Before the commit of a turn that added events. */
MUST_CHECK
enum err event_seal_head(struct store *store);

#endif
