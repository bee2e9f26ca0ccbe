/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who is on the list of one place, as an officer who looks after it sees it, and who had a number
 * shown. There is no way to look for a person over all places, nor by his number: the registry and
 * the correspondents who write reports must not be compared.
 */
#ifndef BINHYEN_STORE_RESIDENT_LIST_H
#define BINHYEN_STORE_RESIDENT_LIST_H

#include "daemon/base/buf.h"
#include "store/resident.h"

struct resident_row {
	int64_t id;
	bool on_zalo;
	char role[RESIDENT_ROLE_BYTES];
	char consent[8]; /* "phone", "office": how he agreed; "list": a list of the commune */
	char tail[4];	 /* the last three digits of his number */
	char name[RESIDENT_NAME_BYTES];
	char household[RESIDENT_HOUSEHOLD_BYTES]; /* "" none */
};
typedef void (*resident_row_fn)(void *arg, const struct resident_row *row);
/* By id, from after_id on. */
MUST_CHECK
enum err resident_list(struct store *store, int64_t place_id, int64_t after_id, int limit,
	resident_row_fn fn, void *arg);
/* ERR_NOT_FOUND: he is not on that list. */
MUST_CHECK
enum err resident_row_load(
	struct store *store, int64_t place_id, int64_t id, struct resident_row *ret_row);

#define RESIDENT_REASON_MAX 400 /* bytes */
struct resident_shown {
	int64_t id, place_id, at_ms;
	char actor[64];
	char reason[RESIDENT_REASON_MAX + 1];
	bool is_forgotten; /* whose number it was has left the registry: no reason any more */
};
/* ERR_TOO_BIG: the reason. */
MUST_CHECK
enum err resident_shown_add(struct store *store, int64_t resident_id, int64_t place_id,
	const char *actor, const char *reason);
/* How many numbers he had shown since then. */
MUST_CHECK
enum err resident_shown_count(
	struct store *store, const char *actor, int64_t since_ms, int64_t *ret_count);
typedef void (*resident_shown_fn)(void *arg, const struct resident_shown *shown);
/* Newest first, before that id. */
MUST_CHECK
enum err resident_shown_list(
	struct store *store, int64_t before_id, int limit, resident_shown_fn fn, void *arg);

#endif
