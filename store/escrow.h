/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The escrow: a key pair whose secret lies as words in the safe of the commune, and which every
 * report is sealed to. When its words were lost, or seen by somebody, it is drawn anew:
 *
 *     drawn anew ──→ each report is wanting ──→ filled by whoever reads it ──→ none is wanting
 *
 * A report keeps its copy for the former escrow until the new one has its own, so that there is no
 * moment at which less can be brought back than before.
 */
#ifndef BINHYEN_STORE_ESCROW_H
#define BINHYEN_STORE_ESCROW_H

#include "store/report_key.h"

/* The public key of the escrow; ERR_NOT_FOUND: the box is not claimed. */
MUST_CHECK
enum err escrow_public(struct store *store, uint8_t ret_public[KEYPAIR_PUBLIC_BYTES]);
/* Claims the box. ERR_EXISTS: it was before; ERR_INVALID: no public key. */
MUST_CHECK
enum err escrow_claim(struct store *store, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES]);
/* Another one takes its place. ERR_NOT_FOUND: the box is not claimed. */
MUST_CHECK
enum err escrow_replace(struct store *store, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES]);
/* Is this the escrow, or a former one that has copies still? */
MUST_CHECK
enum err escrow_is_known(
	struct store *store, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], bool *ret_is);

/* The next wanting report after `after_id` that this officer can read; ERR_NOT_FOUND: none. */
MUST_CHECK
enum err escrow_wanting_next(
	struct store *store, int64_t officer_id, int64_t after_id, int64_t *ret_report_id);
/* Gives the key of a wanting report to the escrow, in the place of what the former one had. */
MUST_CHECK
enum err escrow_fill(struct store *store, int64_t report_id, const struct keypair *pair);
/* When nothing is wanting any more the former ones are forgotten: *ret_is. */
MUST_CHECK
enum err escrow_settle(struct store *store, bool *ret_is);

/* Somebody typed the words, and they were right. */
MUST_CHECK
enum err escrow_set_checked(struct store *store);
/* Since the escrow was drawn. */
MUST_CHECK
enum err escrow_is_checked(struct store *store, bool *ret_is);

#endif
