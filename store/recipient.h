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
#include "store/vault.h"

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
/* By what he is known where he writes himself: for recipient_standing(), and kept nowhere. */
MUST_CHECK
enum err recipient_writer(
	struct store *store, int64_t resident_id, uint8_t ret_writer[VAULT_HASH_BYTES]);
/* What tells whether he may be written to in Zalo now; all 0: nothing is known. */
struct recipient_standing {
	int64_t wrote_ms, heard_ms;  /* last; of his own messages, and as Zalo tells it */
	int64_t closed_ms, until_ms; /* as in party_channel.h */
};
MUST_CHECK
enum err recipient_standing(struct store *store, const uint8_t writer[VAULT_HASH_BYTES],
	struct recipient_standing *ret_standing);
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
/* What waits for the correspondent at one phone goes to another from now on. */
MUST_CHECK
enum err recipient_move(struct store *store, const char *from, const char *to);

#endif
