/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The append-only, hash-chained log: audit, and the stream for the province. Facts without
 * identity: `data` holds ids, states and counts as a JSON object, never a number, a name or a text.
 * Each row's hash covers the one before it.
 */
#ifndef BINHYEN_STORE_EVENT_H
#define BINHYEN_STORE_EVENT_H

#include "store/store.h"

#define EVENT_DATA_MAX 1024

/* kind: "report.received", "outbox.in_doubt", ... ; subject: "report/12" or "" ; actor: "system" or
 * "officer:NAME". */
MUST_CHECK
enum err event_add(struct store *store, const char *kind, const char *subject, const char *actor,
	const char *data);
/* Walks the chain; ERR_CORRUPT and *ret_bad_id = the first row that does not fit. */
MUST_CHECK
enum err event_verify(struct store *store, int64_t *ret_count, int64_t *ret_bad_id);

/* One event, whose texts live for the call. */
struct event_seen {
	int64_t id, at_ms;
	const char *kind, *actor, *data;
};
typedef void (*event_fn)(void *arg, const struct event_seen *event);
/* What happened to one subject, oldest first; fn must not ask for events itself. */
MUST_CHECK
enum err event_of_subject(struct store *store, const char *subject, event_fn fn, void *arg);

#endif
