/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is not to get bulletins. On the side of the registry: by its hash of a phone or a Zalo id,
 * never by party, and also for numbers that are in no list yet, so that a later import does not
 * bring them back.
 */
#ifndef BINHYEN_STORE_REFUSAL_H
#define BINHYEN_STORE_REFUSAL_H

#include "store/store.h"

enum refusal_address { REFUSAL_PHONE, REFUSAL_ZALO_USER };
#define REFUSAL_KIND_TABLE(X) \
	X(ASKED, "asked")     /* he said so */ \
	X(BLOCKED, "blocked") /* an officer: a number that is wrong, or not to be texted */
enum refusal_kind {
#define X(name, text) REFUSAL_##name,
	REFUSAL_KIND_TABLE(X)
#undef X
};

/* topic: a category, "" all. *ret_is_new false: it stood there already. phone: E.164. */
MUST_CHECK
enum err refusal_put(struct store *store, enum refusal_address kind, const char *address,
	enum refusal_kind why, const char *topic, bool *ret_is_new);
/* topic NULL: every one of that kind. How many ended. */
MUST_CHECK
enum err refusal_end(struct store *store, enum refusal_address kind, const char *address,
	enum refusal_kind why, const char *topic, int64_t *ret_count);
/* Does he refuse this topic, or all? */
MUST_CHECK
enum err refusal_of(struct store *store, enum refusal_address kind, const char *address,
	const char *topic, bool *ret_refuses);
/* How many addresses refuse: all topics, and one or some. */
MUST_CHECK
enum err refusal_counts(
	struct store *store, int64_t *ret_all, int64_t *ret_topic, int64_t *ret_blocked);
/* What somebody refused by one phone, he refuses by the other from now on, and the old number,
 * which may become somebody else's, no longer does. A block is copied: nobody gets rid of it so. */
MUST_CHECK
enum err refusal_move(struct store *store, const char *from, const char *to);

#endif
