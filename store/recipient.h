/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Residents as recipients of bulletins. Each has correspondents of his own for it, one at his phone
 * and one in Zalo, which are found by the registry's hash and have no address: that is read from
 * the registry when a message leaves. So the correspondents that write reports and those that
 * bulletins go to are different rows, and nothing in the database joins them.
 */
#ifndef BINHYEN_STORE_RECIPIENT_H
#define BINHYEN_STORE_RECIPIENT_H

#include "store/party.h"

/* Finds or creates him as a correspondent. ERR_NOT_FOUND: he is not in the registry (any more), or
 * not known on Zalo. */
MUST_CHECK
enum err recipient_party(
	struct store *store, int64_t resident_id, enum party_kind kind, int64_t *ret_party_id);
/* The correspondent at this phone; ERR_NOT_FOUND when no bulletin ever went there. */
MUST_CHECK
enum err recipient_at(struct store *store, const char *phone, int64_t *ret_party_id);
/* Appends his phone or his Zalo user id. Wipe it. ERR_NOT_FOUND as above. */
MUST_CHECK
enum err recipient_phone(struct store *store, int64_t resident_id, struct buf *out);
MUST_CHECK
enum err recipient_zalo(struct store *store, int64_t resident_id, struct buf *out);
/* The same of a correspondent, for party_address(). */
MUST_CHECK
enum err recipient_address(struct store *store, const struct party *party, struct buf *out);
/* The resident behind a correspondent of these kinds. */
MUST_CHECK
enum err recipient_resident(struct store *store, int64_t party_id, int64_t *ret_resident_id);
/* His correspondents can't be found again: he is taken out of the registry, if nothing holds him
 * there. */
MUST_CHECK
enum err recipient_forget(struct store *store, int64_t resident_id);

#endif
