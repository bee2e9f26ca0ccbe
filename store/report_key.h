/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who can read a report: whoever holds its secret key. Its public key lies in the clear beside it,
 * so that the box goes on sealing to it while nobody is logged in.
 *
 * A box without officers holds the keys of all reports itself, sealed by the box key. It is claimed
 * once, by the public key of an escrow pair; from then on each new key is sealed to the escrow and
 * to the officers whom desk/ names, and the box's own copies are handed over one by one and erased.
 */
#ifndef BINHYEN_STORE_REPORT_KEY_H
#define BINHYEN_STORE_REPORT_KEY_H

#include "daemon/base/buf.h"
#include "store/keypair.h"
#include "store/store.h"

/* What stands for an officer's id. */
#define KEY_HOLDER_ESCROW (-1)
#define KEY_HOLDER_BOX	  0

/* Somebody who reads. */
struct key_holder {
	int64_t id;		    /* an officer, KEY_HOLDER_ESCROW or KEY_HOLDER_BOX */
	const struct keypair *pair; /* borrowed; NULL for the box */
};
extern const struct key_holder key_holder_box;

/* Draws the key pair of a report that has none: to the escrow when the box is claimed, otherwise to
 * the box. The caller hands it to others and frees it. */
MUST_CHECK
enum err report_key_make(struct store *store, int64_t report_id, struct keypair **ret_pair);
MUST_CHECK
enum err report_key_give(struct store *store, int64_t report_id, const struct keypair *pair,
	int64_t officer_id, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES]);
/* The same for the escrow as well: escrow.h decides when. */
MUST_CHECK
enum err report_key_seal_to(struct store *store, int64_t report_id, const struct keypair *pair,
	int64_t holder_id, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES]);
/* Nothing happens when he does not hold it. The escrow keeps what it has. */
MUST_CHECK
enum err report_key_withdraw(struct store *store, int64_t report_id, int64_t officer_id);
/* The same of all reports; how many. */
MUST_CHECK
enum err report_key_withdraw_all(struct store *store, int64_t officer_id, int64_t *ret_count);
/* ERR_DENIED: it is not his to read. ERR_WRONG_KEY: damaged. */
MUST_CHECK
enum err report_key_open(struct store *store, const struct key_holder *holder, int64_t report_id,
	struct keypair **ret_pair);
/* The same of a row of report_key that was read elsewhere, in any thread. */
struct vault;
MUST_CHECK
enum err report_key_unseal(const struct vault *vault, const struct key_holder *holder,
	int64_t report_id, const void *sealed, size_t len, const void *public_key,
	struct keypair **ret_pair);
MUST_CHECK
enum err report_key_held(struct store *store, int64_t holder_id, int64_t report_id, bool *ret_is);
/* The next report after `after_id` whose key he holds; ERR_NOT_FOUND at the end. */
MUST_CHECK
enum err report_key_next(
	struct store *store, int64_t holder_id, int64_t after_id, int64_t *ret_report_id);
typedef void (*report_key_fn)(void *arg, int64_t holder_id);
MUST_CHECK
enum err report_key_holders(struct store *store, int64_t report_id, report_key_fn fn, void *arg);

/* One copy of the box's less, the oldest, once the box is claimed: the escrow gets it, `share`
 * hands it on, and the copy is erased. ERR_NOT_FOUND: the box holds none. */
typedef enum err (*report_key_share_fn)(void *arg, int64_t report_id, const struct keypair *pair);
MUST_CHECK
enum err report_key_hand_over(
	struct store *store, report_key_share_fn share, void *arg, int64_t *ret_report_id);

/* Words of a report, for whoever holds its key (envelope.h). place: "table.column". */
MUST_CHECK
enum err report_seal(struct store *store, int64_t report_id, const char *place, int64_t row,
	const void *data, size_t len, struct buf *out);

/* At open: reports of before, sealed by the box key, get keys and are sealed anew, some at a time.
 */
MUST_CHECK
enum err report_key_upgrade(struct store *store, struct errbuf *eb);
/* The same of the reasons that officers gave (reason_upgrade.c). */
MUST_CHECK
enum err reason_upgrade(struct store *store, struct errbuf *eb);

#endif
