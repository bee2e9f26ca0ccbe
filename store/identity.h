/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who had the identity behind a report opened, why, and until when it stays open to him. */
#ifndef BINHYEN_STORE_IDENTITY_H
#define BINHYEN_STORE_IDENTITY_H

#include "daemon/base/buf.h"
#include "store/store.h"

#define REVEAL_REASON_MAX 1000 /* bytes */

struct reveal {
	int64_t id;
	int64_t report_id;
	int year, number; /* of the report in the register */
	char actor[64];
	int64_t at_ms;
	int64_t until_ms;
	int64_t told_ms;    /* when the chief was told; 0 not yet */
	const char *reason; /* "" once its report was erased; for the callback only */
};

/* The reason is sealed. */
MUST_CHECK
enum err reveal_add(struct store *store, int64_t report_id, const char *actor, const char *reason,
	int64_t until_ms);
/* Until when it is open to him; ERR_NOT_FOUND when it is not. */
MUST_CHECK
enum err reveal_open(
	struct store *store, int64_t report_id, const char *actor, int64_t *ret_until_ms);

typedef void (*reveal_fn)(void *arg, const struct reveal *reveal);
/* Newest first, before that id. */
MUST_CHECK
enum err reveal_list(struct store *store, int64_t before_id, int limit, reveal_fn fn, void *arg);

/* How many he had since then. */
MUST_CHECK
enum err reveal_count_of(
	struct store *store, const char *actor, int64_t since_ms, int64_t *ret_count);
/* Those before that moment of which the chief was not told; *ret_last_id: up to which one. */
MUST_CHECK
enum err reveal_untold(
	struct store *store, int64_t before_ms, int64_t *ret_count, int64_t *ret_last_id);
MUST_CHECK
enum err reveal_set_told(struct store *store, int64_t last_id);

#endif
