/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The enrolment registry: who lives or works at a place, as the commune's own lists say. Its hashes
 * use another subkey than `party` (vault.h), so that no query can tell which resident wrote a
 * report. Numbers and names are sealed; no function of this file gives a number back.
 */
#ifndef BINHYEN_STORE_RESIDENT_H
#define BINHYEN_STORE_RESIDENT_H

#include "store/store.h"

#define RESIDENT_NAME_BYTES	 128
#define RESIDENT_HOUSEHOLD_BYTES 64
#define RESIDENT_ROLE_BYTES	 24 /* "member", "household_head"; a-z and _ */

struct resident_new {
	const char *phone; /* E.164 */
	const char *name;  /* UTF-8 NFC */
	int64_t place_id;
	const char *role;
	/* What the commune calls his household by, within the place; "" none, NULL as it is. */
	const char *household;
};
enum resident_change { RESIDENT_SAME, RESIDENT_ADDED, RESIDENT_CHANGED };
/* Puts him on the list of the place, or changes name and role of who is on it. */
MUST_CHECK
enum err resident_put(
	struct store *store, const struct resident_new *in, enum resident_change *ret_change);
/* Takes him off the list, and forgets him when it was his last. ERR_NOT_FOUND. */
MUST_CHECK
enum err resident_leave(struct store *store, const char *phone, int64_t place_id);
/* Takes him off every list and forgets him, if he was on one. */
MUST_CHECK
enum err resident_forget(struct store *store, const char *phone);
/* His number is another one now. Was that in the registry, too, it was his: he is at the places of
 * both, with the old number's role where both are. ERR_NOT_FOUND: the old number is not in it. */
MUST_CHECK
enum err resident_move(struct store *store, const char *from, const char *to);
MUST_CHECK
enum err resident_find(struct store *store, const char *phone, int64_t *ret_id);
MUST_CHECK
enum err resident_of_zalo(struct store *store, const char *user_id, int64_t *ret_id);
/* Remembers that this Zalo user is he; whoever had that user id before loses it. */
MUST_CHECK
enum err resident_set_zalo(struct store *store, int64_t id, const char *user_id);
MUST_CHECK
enum err resident_has_zalo(struct store *store, int64_t id, bool *ret_has);
MUST_CHECK
enum err resident_is_at(struct store *store, int64_t id, int64_t place_id, bool *ret_is_at);
/* Is somebody of that name on the place's list? `equal` compares a listed name with `arg`. A hint
 * for a person, never a proof. */
MUST_CHECK
enum err resident_is_named(struct store *store, int64_t place_id,
	bool (*equal)(void *arg, const char *name), void *arg, bool *ret_is_named);
MUST_CHECK
enum err resident_count(struct store *store, int64_t *ret_count);

#endif
