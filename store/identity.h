/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who had the identity behind a report opened, why, and until when it stays open to him. */
#ifndef BINHYEN_STORE_IDENTITY_H
#define BINHYEN_STORE_IDENTITY_H

#include "store/report_key.h"

#define REVEAL_REASON_MAX 1000 /* bytes */

struct reveal {
	int64_t id;
	int64_t report_id;
	char actor[64];
	int64_t at_ms;
	int64_t until_ms;
	int64_t told_ms; /* when the chief was told; 0 not yet */
};

/* The reason is sealed to the report. */
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
/* Why; "" once its report was erased. ERR_DENIED: not for him to read. */
MUST_CHECK
enum err reveal_reason(struct store *store, const struct key_holder *holder,
	const struct reveal *reveal, struct buf *reason);

/* Who is told of them, as far as he may know of their reports. */
struct reveal_overseer {
	int64_t officer_id;  /* 0: whoever has no key */
	bool knows_register; /* of every report that is not about an officer */
};
/* How many `actor` had since then. */
MUST_CHECK
enum err reveal_count_of(struct store *store, const char *actor, int64_t since_ms,
	const struct reveal_overseer *who, int64_t *ret_count);
/* Those before that moment of which nobody was told; *ret_last_id: up to which one, whoever may
 * know of it. */
MUST_CHECK
enum err reveal_untold(struct store *store, int64_t before_ms, const struct reveal_overseer *who,
	int64_t *ret_count, int64_t *ret_last_id);
MUST_CHECK
enum err reveal_set_told(struct store *store, int64_t last_id);

#endif
