/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stay notices:
 *
 *     DRAFT ──complete──→ RECEIVED ──clerk──→ ENTERED ──clerk──→ RECORDED
 *       └──given up──→ UNCLEAR              any of them ──clerk──→ DECLINED
 *
 * The words of a notice are sealed to a key of its own (envelope.h), whose secret half is sealed to
 * each officer whom desk/ names; the box keeps a copy only while it has no officers. A draft lies
 * under the box key, since more words have to be read together with it; but not the identity
 * numbers in it, which are sealed to the same key of its own as they come, and marked in the words.
 */
#ifndef BINHYEN_STORE_STAY_H
#define BINHYEN_STORE_STAY_H

#include "store/report_key.h"

#define STAY_STATE_TABLE(X) \
	X(DRAFT, "DRAFT") \
	X(UNCLEAR, "UNCLEAR") \
	X(RECEIVED, "RECEIVED") \
	X(ENTERED, "ENTERED") X(RECORDED, "RECORDED") X(DECLINED, "DECLINED")
enum stay_state {
#define X(name, text) STAY_##name,
	STAY_STATE_TABLE(X)
#undef X
};
const char *stay_state_text(enum stay_state state);

/* When it came, against the law's hours: NIGHT is right for who arrived late in the evening. */
enum stay_timing { STAY_IN_TIME, STAY_NIGHT, STAY_LATE };
const char *stay_timing_text(enum stay_timing timing);

struct stay {
	int64_t id;
	enum stay_state state;
	int64_t party_id; /* 0: erased */
	int64_t received_ms, changed_ms;
	int guests;
	int64_t from_day, to_day; /* 0: not known */
	enum stay_timing timing;
	bool is_erased;
};

/* ---- drafts ---- */
MUST_CHECK
enum err stay_draft_find(struct store *store, int64_t party_id, int64_t *ret_id);
/* Appended. ERR_NOT_FOUND. */
MUST_CHECK
enum err stay_draft_text(struct store *store, int64_t id, struct buf *out);
/* id 0: a new one. until_ms: when it is given up. */
MUST_CHECK
enum err stay_draft_put(struct store *store, int64_t id, int64_t party_id, const char *text,
	int64_t until_ms, int64_t *ret_id);
MUST_CHECK
enum err stay_draft_drop(struct store *store, int64_t id);

#define STAY_NUMBERS_MAX 60 /* of one notice, those that were corrected as well */
/* Seals a number of a draft, which goes by `*ret_number`, 1 and up, from now on; the same one twice
 * is the same number as long as the daemon runs. *ret_pair: the key that opens it, which the caller
 * hands on and frees; NULL when it was handed on with an earlier one. ERR_TOO_BIG: there are
 * STAY_NUMBERS_MAX. */
MUST_CHECK
enum err stay_number_add(struct store *store, int64_t id, const char *digits, int *ret_number,
	struct keypair **ret_pair);
MUST_CHECK
enum err stay_number_count(struct store *store, int64_t id, int *ret_count);
/* Appended. ERR_NOT_FOUND: there is none of that number. */
MUST_CHECK
enum err stay_number_open(
	struct store *store, const struct keypair *pair, int64_t id, int number, struct buf *out);

/* ---- notices ---- */

/* A draft becomes a notice, whose words nobody opens but who is given `*ret_pair`: the caller hands
 * it on and frees it; NULL when it was handed on with the first number. stay: id, state, guests,
 * days and timing. */
MUST_CHECK
enum err stay_seal(struct store *store, const struct stay *stay, const void *words, size_t len,
	struct keypair **ret_pair);
MUST_CHECK
enum err stay_load(struct store *store, int64_t id, struct stay *ret_stay);
typedef void (*stay_fn)(void *arg, const struct stay *stay);
/* The newest first, without drafts. */
MUST_CHECK
enum err stay_list(struct store *store, int64_t before_id, int limit, stay_fn fn, void *arg);
/* That wait for a clerk. */
MUST_CHECK
enum err stay_waiting(struct store *store, int64_t *ret_count);
/* How many have come since the clerks were told. */
MUST_CHECK
enum err stay_untold(struct store *store, int64_t *ret_count);
MUST_CHECK
enum err stay_tell(struct store *store);
/* ERR_STATE: from there it does not go. erase_ms: when nothing of a person is needed any more; 0
 * not yet. */
MUST_CHECK
enum err stay_move(struct store *store, int64_t id, enum stay_state to, int64_t erase_ms);
/* Appended. ERR_DENIED: not his to read; ERR_NOT_FOUND: erased. */
MUST_CHECK
enum err stay_words(struct store *store, const struct keypair *pair, int64_t id, struct buf *out);
/* One whose time is over: a draft to be given up, or one to be erased. ERR_NOT_FOUND. */
MUST_CHECK
enum err stay_due(struct store *store, int64_t now_ms, struct stay *ret_stay);
MUST_CHECK
enum err stay_erase(struct store *store, int64_t id);

/* ---- keys ---- */
MUST_CHECK
enum err stay_key_give(struct store *store, int64_t id, const struct keypair *pair,
	int64_t officer_id, const uint8_t public_key[KEYPAIR_PUBLIC_BYTES]);
/* The box keeps it. */
MUST_CHECK
enum err stay_key_keep(struct store *store, int64_t id, const struct keypair *pair);
MUST_CHECK
enum err stay_key_open(struct store *store, const struct key_holder *holder, int64_t id,
	struct keypair **ret_pair);
/* Does he hold it under this public key? */
MUST_CHECK
enum err stay_key_held(struct store *store, int64_t id, int64_t officer_id,
	const uint8_t public_key[KEYPAIR_PUBLIC_BYTES], bool *ret_is);
/* The next after `after_id` that he holds. ERR_NOT_FOUND. */
MUST_CHECK
enum err stay_key_next(struct store *store, int64_t holder_id, int64_t after_id, int64_t *ret_id);
/* The box's copy of one; all that an officer holds. */
MUST_CHECK
enum err stay_key_release(struct store *store, int64_t id);
MUST_CHECK
enum err stay_key_withdraw(struct store *store, int64_t officer_id);

#endif
