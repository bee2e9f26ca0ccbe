/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The append-only, hash-chained log: audit, and the stream for the province. Facts without
 * identity: `data` holds ids, states and counts as a JSON object, never a number, a name or a text.
 * Each row's hash covers the one before it and is keyed with the box key, so that who has only the
 * file can't make one. event_seal.h vouches for where the chain ends, event_walk.h goes through it.
 */
#ifndef BINHYEN_STORE_EVENT_H
#define BINHYEN_STORE_EVENT_H

#include "store/store.h"
#include "store/vault.h"

#define EVENT_DATA_MAX 1024

/* The one way into the log. kind: "report.received", "outbox.in_doubt", ... ; subject: "report/12"
 * or "" ; actor: "system" or "officer:NAME". */
MUST_CHECK
enum err event_add(struct store *store, const char *kind, const char *subject, const char *actor,
	const char *data);
/* Walks the chain; ERR_CORRUPT and *ret_bad_id = the first row that does not fit. */
MUST_CHECK
enum err event_verify(struct store *store, int64_t *ret_count, int64_t *ret_bad_id);

struct event {
	int64_t id, at_ms;
	const char *kind, *subject, *actor, *data; /* within a callback only */
	uint8_t hash[VAULT_HASH_BYTES];
};
typedef void (*event_row_fn)(void *arg, const struct event *event);
/* Newest first; before_id 0 = from the top. */
MUST_CHECK
enum err event_list(struct store *store, int64_t before_id, int limit, event_row_fn fn, void *arg);
/* Oldest first, from the one after after_id. */
MUST_CHECK
enum err event_list_after(
	struct store *store, int64_t after_id, int limit, event_row_fn fn, void *arg);

/* A place in the chain. id 0: before the first row, its hash zeros. */
struct event_head {
	int64_t id, at_ms;
	uint8_t hash[VAULT_HASH_BYTES];
};
/* The last row there is. */
MUST_CHECK
enum err event_last(struct store *store, struct event_head *ret_head);
/* Row `id`; ERR_NOT_FOUND. */
MUST_CHECK
enum err event_place(struct store *store, int64_t id, struct event_head *ret_head);

/* The first 16 hexadecimal digits of a hash, in groups that can be read aloud: "3F2A 91BC 77D0
 * 1E5F". */
#define EVENT_DIGITS_BYTES 20
void event_digits(const uint8_t hash[VAULT_HASH_BYTES], char ret_digits[EVENT_DIGITS_BYTES]);

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
