/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How one row of the log hangs on the one before it: for the files of store/ only. */
#ifndef BINHYEN_STORE_EVENT_CHAIN_H
#define BINHYEN_STORE_EVENT_CHAIN_H

#include "store/event.h"
#include "store/internal.h"

#define EVENT_COLUMNS "id, at_ms, kind, subject, actor, data, hash"

/* keyed_from: the first id whose hash is keyed; INT64_MAX none. */
void event_link(const struct vault *vault, int64_t keyed_from,
	const uint8_t before[VAULT_HASH_BYTES], const struct event *row,
	uint8_t ret_hash[VAULT_HASH_BYTES]);
/* The columns of EVENT_COLUMNS; false when the hash is none. */
bool event_read(sqlite3_stmt *stmt, struct event *ret_row);

/* A walk from the first row on: what was good so far. */
struct event_check {
	const struct vault *vault;
	int64_t keyed_from;
	struct event_head last;
};
/* The next row in the order of their ids: does it follow? */
bool event_check_next(struct event_check *check, sqlite3_stmt *stmt);

#endif
