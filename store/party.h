/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A correspondent: somebody or something that has an address on a channel. Looked up by keyed hash,
 * address sealed. */
#ifndef BINHYEN_STORE_PARTY_H
#define BINHYEN_STORE_PARTY_H

#include "daemon/base/buf.h"
#include "store/store.h"

/* name, text in the database */
#define PARTY_KIND_TABLE(X) \
	X(PHONE, "phone")		  /* E.164 with '+': "+84900001234" */ \
	X(SENDER_NAME, "name")		  /* alphanumeric sender or short code: never answered */ \
	X(ZALO_USER, "zalo_user")	  /* user id within the OA, decimal digits */ \
	X(ZALO_GROUP, "zalo_group")	  /* group id */ \
	X(OFFICE, "office")		  /* entered by an officer; no address to answer to */ \
	X(RESIDENT, "resident")		  /* of the registry, at his phone: recipient.h */ \
	X(RESIDENT_ZALO, "resident_zalo") /* of the registry, in Zalo */
enum party_kind {
#define X(name, text) PARTY_##name,
	PARTY_KIND_TABLE(X)
#undef X
};
const char *party_kind_text(enum party_kind kind);

enum party_state { PARTY_ACTIVE, PARTY_STOPPED, PARTY_BLOCKED, PARTY_ARCHIVED };

struct party {
	int64_t id;
	enum party_kind kind;
	enum party_state state;
	int64_t created_ms;
	int64_t last_in_ms; /* 0 = never wrote */
	bool is_anonymous;
	bool has_marks; /* he last wrote with the marks of Vietnamese */
};

#define PARTY_ADDRESS_MAX \
	64 /* bytes; the longest is a Zalo id of some 20 digits, an E.164 number has 16 */

/* Finds or creates. `address` must already be in the canonical form above; ERR_INVALID when empty
 * or too long. */
MUST_CHECK
enum err party_get(
	struct store *store, enum party_kind kind, const char *address, struct party *ret_party);
/* The same without creating: ERR_NOT_FOUND. */
MUST_CHECK
enum err party_find(
	struct store *store, enum party_kind kind, const char *address, struct party *ret_party);

/*
 * Who writes anonymously is a correspondent of his own, found by a hash with another key: neither
 * an officer nor a query can tell that he is also the one who wrote under his number. When the last
 * of his reports is closed and nothing waits to be sent to him, his address is destroyed.
 */
MUST_CHECK
enum err party_get_anonymous(
	struct store *store, enum party_kind kind, const char *address, struct party *ret_party);
MUST_CHECK
enum err party_find_anonymous(
	struct store *store, enum party_kind kind, const char *address, struct party *ret_party);
/* Who writes anonymously from this one's address, so that a phone that asked for silence is silent
 * whatever name it wrote under. Nobody is to be told the answer. ERR_NOT_FOUND: nobody does, or his
 * address was destroyed. */
MUST_CHECK
enum err party_find_hidden_of(struct store *store, int64_t id, struct party *ret_party);
/* The next one after `after_id` whose address is to be destroyed; ERR_NOT_FOUND. */
MUST_CHECK
enum err party_next_forgotten(struct store *store, int64_t after_id, int64_t *ret_id);
/* Its address is no more, in any row: not to be answered, and not to be found again. */
MUST_CHECK
enum err party_forget(struct store *store, int64_t id);

MUST_CHECK
enum err party_load(struct store *store, int64_t id, struct party *ret_party);
MUST_CHECK
enum err party_touch(struct store *store, int64_t id, int64_t in_ms);

/* How he writes: he is answered so. */
MUST_CHECK
enum err party_set_marks(struct store *store, int64_t id, bool has_marks);

/* The reference of the next long message to him (3GPP TS 23.040 §9.2.3.24.1), 0..255: one after the
 * other, so that no two that may meet on his phone have the same, also over restarts. */
MUST_CHECK
enum err party_next_ref(struct store *store, int64_t id, int *ret_ref);

/* When he was last asked in a group to write privately; 0 never. */
MUST_CHECK
enum err party_invited(struct store *store, int64_t id, int64_t *ret_at_ms);
MUST_CHECK
enum err party_set_invited(struct store *store, int64_t id, int64_t at_ms);

/* Opens the address for sending: the one reader is relay/dispatch. Wipe `out` afterwards.
 * ERR_NOT_FOUND: it was destroyed. */
MUST_CHECK
enum err party_address(struct store *store, int64_t id, struct buf *out);

#endif
