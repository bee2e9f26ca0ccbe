/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is in a Zalo group, asks to be, or shall be. Known by the registry's hash of his Zalo user
 * id, so that who is on a place's list can be told from who is not; officers see the number of the
 * row, an alias ("thành viên #12"), and a name only while they have to decide about his request.
 */
#ifndef BINHYEN_STORE_GROUP_PERSON_H
#define BINHYEN_STORE_GROUP_PERSON_H

#include "daemon/base/buf.h"
#include "store/store.h"

#define ZALO_USER_ID_BYTES    40
#define GROUP_PERSON_NAME_MAX 256

#define GROUP_PERSON_STATE_TABLE(X) \
	X(FOUNDER) /* named when the group was ordered */ \
	X(INVITED) /* not seen in the group yet */ \
	X(ASKING)  /* waits to be let in */ \
	X(MEMBER) \
	X(GONE) /* left, was removed, or took his request back */ \
	X(REJECTED)
enum group_person_state {
#define X(name) GROUP_PERSON_##name,
	GROUP_PERSON_STATE_TABLE(X)
#undef X
		GROUP_PERSON_STATE_COUNT
};
const char *group_person_state_text(enum group_person_state state);

struct group_person {
	int64_t id;
	int64_t group_id;
	enum group_person_state state;
	bool is_confirmed; /* an officer let him in, or invited him */
	int64_t first_ms;
	int64_t seen_ms;
	int64_t asked_ms; /* when Zalo was asked who he is; 0 never */
	bool has_name;
	/* Only from group_person_list: */
	bool is_listed; /* on the list of the group's place */
	bool has_role;	/* its head or a deputy */
};

/* Finds or adds him. ret_is_new: was not known in this group. */
MUST_CHECK
enum err group_person_get(struct store *store, int64_t group_id, const char *user_id,
	enum group_person_state first, struct group_person *ret_person, bool *ret_is_new);
MUST_CHECK
enum err group_person_load(struct store *store, int64_t id, struct group_person *ret_person);
/* Writes state, is_confirmed, seen_ms and asked_ms; the name goes with the request. */
MUST_CHECK
enum err group_person_save(struct store *store, const struct group_person *person);
/* His Zalo user id. ERR_WRONG_KEY when the row was tampered with. */
MUST_CHECK
enum err group_person_user(struct store *store, int64_t id, struct buf *out);
MUST_CHECK
enum err group_person_set_name(struct store *store, int64_t id, const char *name);
/* ERR_NOT_FOUND: none is kept. */
MUST_CHECK
enum err group_person_name(struct store *store, int64_t id, struct buf *out);
/* Whoever is in this state but was not seen since is GONE. */
MUST_CHECK
enum err group_person_unseen(
	struct store *store, int64_t group_id, enum group_person_state state, int64_t since_ms);

typedef void (*group_person_fn)(void *arg, const struct group_person *person);
/* Oldest first, after `after_id`. */
MUST_CHECK
enum err group_person_list(struct store *store, int64_t group_id, enum group_person_state state,
	int64_t after_id, int limit, group_person_fn fn, void *arg);
/* Somebody in that state who is on no list, has no role and was not asked about since. */
MUST_CHECK
enum err group_person_unasked(struct store *store, int64_t group_id, enum group_person_state state,
	int64_t asked_before_ms, struct group_person *ret_person);
/* The list of the place has grown: who is in its group may be known now. */
MUST_CHECK
enum err group_person_ask_again(struct store *store, int64_t place_id);
/* How many there are, and how many of them have no business there: neither on the list nor with a
 * role nor confirmed by an officer. */
MUST_CHECK
enum err group_person_counts(struct store *store, int64_t group_id, enum group_person_state state,
	int64_t *ret_count, int64_t *ret_strangers);

/* Requests in all groups that nobody has answered yet. */
MUST_CHECK
enum err group_requests_open(struct store *store, int64_t *ret_count);

/* Of the place's list: known on Zalo but not in the group, and not known on Zalo. */
MUST_CHECK
enum err group_missing_counts(struct store *store, int64_t group_id, int64_t place_id,
	int64_t *ret_missing, int64_t *ret_unknown);
typedef void (*group_missing_fn)(void *arg, int64_t resident_id, bool is_on_zalo);
MUST_CHECK
enum err group_missing_list(struct store *store, int64_t group_id, int64_t place_id,
	int64_t after_id, int limit, group_missing_fn fn, void *arg);

#endif
