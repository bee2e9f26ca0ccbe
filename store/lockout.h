/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long somebody has to wait before he may try again: counted for each login name, whether or
 * not an officer has it, and for each peer that tries, on the disk, so that a restart forgives
 * nothing. A try is counted before it is made and taken back when it ends well.
 *
 * A name has a few tries free, a peer more of them, since several officers may share a machine;
 * each one after them doubles the delay up to LOCKOUT_WAIT_MAX_MS. Who stays away long enough
 * begins anew.
 */
#ifndef BINHYEN_STORE_LOCKOUT_H
#define BINHYEN_STORE_LOCKOUT_H

#include "store/store.h"

enum lockout_kind { LOCKOUT_NAME, LOCKOUT_PEER };

#define LOCKOUT_NAME_FREE   4
#define LOCKOUT_PEER_FREE   20
#define LOCKOUT_WAIT_MIN_MS (2 * SECOND_MS)
#define LOCKOUT_WAIT_MAX_MS (15 * MINUTE_MS)
#define LOCKOUT_FORGET_MS   (12 * HOUR_MS)

/* *ret_wait_ms: 0 = now. */
MUST_CHECK
enum err lockout_wait(
	struct store *store, enum lockout_kind kind, const char *who, int64_t *ret_wait_ms);
/* *ret_failures: with this one. */
MUST_CHECK
enum err lockout_try(
	struct store *store, enum lockout_kind kind, const char *who, int64_t *ret_failures);
/* The try ended well: a name begins anew, a peer has one less. */
MUST_CHECK
enum err lockout_forgive(struct store *store, enum lockout_kind kind, const char *who);

#endif
