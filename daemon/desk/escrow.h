/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The escrow secret in words, for the safe of the commune: printed once, typed again when a new
 * officer must be admitted to old reports and nobody who can read them is left (design.md §5).
 *
 * 128 bits and 2 bits of a hash are 13 words; 2 more are the check words of a Reed-Solomon code
 * over GF(1024), which finds any one wrong word by itself, also one that is another word of the
 * list, and two neighbours in the wrong order. More than that the hash finds 3 times in 4, and the
 * public key, which is known, always.
 */
#ifndef BINHYEN_DESK_ESCROW_H
#define BINHYEN_DESK_ESCROW_H

#include "daemon/base/buf.h"
#include "store/keypair.h"

#define ESCROW_WORDS	 15
#define ESCROW_TEXT_MAX	 (ESCROW_WORDS * 7) /* bytes of what escrow_words() writes */
#define ESCROW_TYPED_MAX 1024		    /* bytes of what may be typed */

/* Draws a secret. Appends its words, a blank between them, to `words`: wipe it. */
MUST_CHECK
enum err escrow_new(struct buf *words, struct keypair **ret_pair);
/*
 * Capitals, marks, numbers before the words ("1."), commas, dashes, any blanks and line ends do not
 * matter. ERR_INVALID: `eb` says in English what is wrong, and *ret_wrong is the number of the word
 * to look at (1..), 0 when it can't be told which.
 */
MUST_CHECK
enum err escrow_read(
	const char *typed, struct keypair **ret_pair, int *ret_wrong, struct errbuf *eb);

/* The code itself, for tests: a secret as words and back. */
MUST_CHECK
enum err escrow_words(const uint8_t secret[KEYPAIR_SEED_BYTES], struct buf *out);
MUST_CHECK
enum err escrow_secret(const char *typed, uint8_t ret_secret[KEYPAIR_SEED_BYTES], int *ret_wrong,
	struct errbuf *eb);

#endif
