/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who works with the reports: the officers of the commune's police, its chairman who watches them,
 * and whoever looks after the machine. Officers are no residents: their names are in clear. Their
 * phones are sealed under the box key, because alarms go out while nobody is logged in. What an
 * officer proves himself with lies in officer_login (login.h).
 *
 * A row is never deleted and a login name never given twice: what he did stays his.
 */
#ifndef BINHYEN_STORE_OFFICER_H
#define BINHYEN_STORE_OFFICER_H

#include "daemon/base/buf.h"
#include "store/store.h"

#define OFFICER_LOGIN_BYTES 33	/* a-z 0-9 . _ - */
#define OFFICER_NAME_BYTES  128 /* UTF-8 NFC */
#define OFFICER_PHONE_MAX   20	/* E.164 */
#define OFFICER_KEY_BYTES   32	/* public key of crypto_box */
#define OFFICER_RANKS_MAX   16	/* superiors above one another */

#define OFFICER_ROLE_TABLE(X) \
	X(CHIEF, "chief")	/* trưởng công an xã */ \
	X(DEPUTY, "deputy")	/* phó trưởng công an */ \
	X(AREA, "area")		/* cảnh sát khu vực: his places */ \
	X(DUTY, "duty")		/* trực ban */ \
	X(CLERK, "clerk")	/* tiếp dân, văn thư */ \
	X(CHAIRMAN, "chairman") /* chủ tịch UBND: reads, and decides about the chief */ \
	X(IT, "it")		/* the machine; no report */
enum officer_role {
#define X(name, text) OFFICER_##name,
	OFFICER_ROLE_TABLE(X)
#undef X
		OFFICER_ROLE_COUNT
};
const char *officer_role_text(enum officer_role role);
/* ERR_INVALID for a word that is none. */
MUST_CHECK
enum err officer_role_of(const char *text, enum officer_role *ret_role);

/* LOCKED: may not log in until the chief lets him; his reports and shifts stay his. REMOVED is
 * final. */
#define OFFICER_STATE_TABLE(X) \
	X(ACTIVE, "active") \
	X(LOCKED, "locked") \
	X(REMOVED, "removed")
enum officer_state {
#define X(name, text) OFFICER_##name,
	OFFICER_STATE_TABLE(X)
#undef X
		OFFICER_STATE_COUNT
};
const char *officer_state_text(enum officer_state state);

struct officer {
	int64_t id;
	char login[OFFICER_LOGIN_BYTES];
	char name[OFFICER_NAME_BYTES];
	enum officer_role role;
	enum officer_state state;
	bool has_phone;
	int64_t superior_id; /* who is above him; 0 nobody */
	bool has_key;
	uint8_t public_key[OFFICER_KEY_BYTES]; /* only when has_key */
	int64_t created_ms;
	int64_t changed_ms;
};

bool officer_is_login(const char *login);

struct officer_new {
	const char *login;
	const char *name;
	enum officer_role role;
	const char *phone; /* E.164; "" none */
	int64_t superior_id;
};
/* ERR_INVALID: login or name; ERR_EXISTS: the login is or was somebody's; ERR_NOT_FOUND: no such
 * superior. */
MUST_CHECK
enum err officer_add(struct store *store, const struct officer_new *in, int64_t *ret_id);
MUST_CHECK
enum err officer_load(struct store *store, int64_t id, struct officer *ret_officer);
MUST_CHECK
enum err officer_find(struct store *store, const char *login, struct officer *ret_officer);
typedef void (*officer_fn)(void *arg, const struct officer *officer);
/* Newest first, the removed too. fn must not call this again. */
MUST_CHECK
enum err officer_list(struct store *store, int64_t before_id, int limit, officer_fn fn, void *arg);
/* Is there, or was there ever, an officer? Until then the box is unclaimed. */
MUST_CHECK
enum err officer_any(struct store *store, bool *ret_any);
/* How many of that role are active. */
MUST_CHECK
enum err officer_active(struct store *store, enum officer_role role, int64_t *ret_count);

/* Writes name, role and superior. ERR_INVALID: name, or he would be his own superior;
 * ERR_NOT_FOUND.
 */
MUST_CHECK
enum err officer_set(struct store *store, const struct officer *officer);
/* ERR_NOT_FOUND, also for one who is removed. Removing ends his places. */
MUST_CHECK
enum err officer_set_state(struct store *store, int64_t id, enum officer_state state);
MUST_CHECK
enum err officer_set_key(
	struct store *store, int64_t id, const uint8_t public_key[OFFICER_KEY_BYTES]);
/* His secret key is lost: what was sealed to it could be opened by nobody. */
MUST_CHECK
enum err officer_drop_key(struct store *store, int64_t id);

/* "" : none any more. */
MUST_CHECK
enum err officer_set_phone(struct store *store, int64_t id, const char *phone);
/* ERR_NOT_FOUND: he has none. */
MUST_CHECK
enum err officer_phone(struct store *store, int64_t id, struct buf *out);

/* Does `above_id` stand above `id`, at any distance? Not above himself. */
MUST_CHECK
enum err officer_is_above(struct store *store, int64_t above_id, int64_t id, bool *ret_is_above);

/* The places of an area officer. */
MUST_CHECK
enum err officer_place_set(struct store *store, int64_t id, int64_t place_id, bool is_his);
MUST_CHECK
enum err officer_has_place(struct store *store, int64_t id, int64_t place_id, bool *ret_has);
typedef void (*officer_place_fn)(void *arg, int64_t id);
/* fn gets each place of the officer, respectively each officer of the place, of any state. */
MUST_CHECK
enum err officer_places(struct store *store, int64_t id, officer_place_fn fn, void *arg);
MUST_CHECK
enum err officer_of_place(struct store *store, int64_t place_id, officer_place_fn fn, void *arg);

#endif
