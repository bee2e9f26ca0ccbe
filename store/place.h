/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hamlets, committees, agencies, schools, enterprises: what a Zalo group, a list of residents or an
 * audience belongs to, and who holds which rights there.
 */
#ifndef BINHYEN_STORE_PLACE_H
#define BINHYEN_STORE_PLACE_H

#include "store/store.h"

#define PLACE_CODE_BYTES 32  /* "thon-3": a-z 0-9 and - */
#define PLACE_NAME_BYTES 128 /* UTF-8 NFC */

#define PLACE_KIND_TABLE(X) \
	X(COMMUNE, "commune") \
	X(HAMLET, "hamlet") \
	X(COMMITTEE, "committee") \
	X(AGENCY, "agency") \
	X(SCHOOL, "school") \
	X(ENTERPRISE, "enterprise") \
	X(SUBUNIT, "subunit")
enum place_kind {
#define X(name, text) PLACE_##name,
	PLACE_KIND_TABLE(X)
#undef X
		PLACE_KIND_COUNT
};
const char *place_kind_text(enum place_kind kind);
/* ERR_INVALID for a word that is none. */
MUST_CHECK
enum err place_kind_of(const char *text, enum place_kind *ret_kind);

struct place {
	int64_t id;
	char code[PLACE_CODE_BYTES];
	char name[PLACE_NAME_BYTES];
	enum place_kind kind;
	int64_t parent_id; /* 0 none */
	int64_t created_ms;
	int64_t closed_ms; /* merged or gone since then; 0 it is not */
};
/* Adds (id 0: *ret_id is its number), or changes name, kind and parent of the one with that id. */
MUST_CHECK
enum err place_save(struct store *store, const struct place *place, int64_t *ret_id);
MUST_CHECK
enum err place_find(struct store *store, const char *code, struct place *ret_place);
/* ERR_NOT_FOUND also for one that is closed: for what is new. */
MUST_CHECK
enum err place_find_open(struct store *store, const char *code, struct place *ret_place);
MUST_CHECK
enum err place_load(struct store *store, int64_t id, struct place *ret_place);
typedef void (*place_fn)(void *arg, const struct place *place);
/* Newest first. */
MUST_CHECK
enum err place_list(struct store *store, int64_t before_id, int limit, place_fn fn, void *arg);
/* Residents of its list, and how many of them are known on Zalo. */
MUST_CHECK
enum err place_counts(
	struct store *store, int64_t id, int64_t *ret_residents, int64_t *ret_on_zalo);

/* What hangs on it and would have to go first: places below it that are open, groups of the
 * account, and bulletins under way or in the making that name it. */
struct place_ties {
	int64_t below, groups, bulletins;
};
MUST_CHECK
enum err place_ties(struct store *store, const struct place *place, struct place_ties *ret_ties);
/* Its list and the places below it become those of another one. */
struct place_moved {
	int64_t residents, below;
};
MUST_CHECK
enum err place_move(
	struct store *store, int64_t from_id, int64_t into_id, struct place_moved *ret_moved);
/* into_id 0: none. Who held rights there holds them no more. */
MUST_CHECK
enum err place_close(struct store *store, int64_t id, int64_t into_id);

/* Who holds rights there now. person_id: of group_person.h. A place has one head at a time. */
enum place_role { PLACE_ROLE_NONE, PLACE_ROLE_DEPUTY, PLACE_ROLE_HEAD };
/* NONE ends what he holds; another role replaces it. ERR_EXISTS: there is a head already. */
MUST_CHECK
enum err place_role_set(
	struct store *store, int64_t place_id, int64_t person_id, enum place_role role);
MUST_CHECK
enum err place_role_get(
	struct store *store, int64_t place_id, int64_t person_id, enum place_role *ret_role);
/* ERR_NOT_FOUND: nobody. */
MUST_CHECK
enum err place_head(struct store *store, int64_t place_id, int64_t *ret_person_id);

#endif
