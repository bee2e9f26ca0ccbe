/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What it takes to ask for the state of a report by its code. The PIN of a report is kept as a hash
 * that is keyed with the box key and bound to the report: of six digits an unkeyed hash, however
 * slow, would be tried through in hours by who has the file, and a slow one would hold up the loop
 * for everybody who texts a wrong one. Whoever has the box key besides the file can read the
 * addresses anyway.
 */
#ifndef BINHYEN_STORE_REPORT_CODE_H
#define BINHYEN_STORE_REPORT_CODE_H

#include "daemon/base/buf.h"
#include "store/store.h"

#define REPORT_PIN_LEN 6

/* Draws a new PIN, which replaces an older one and its wrong tries. The only time that it is told.
 */
MUST_CHECK
enum err report_pin_draw(struct store *store, int64_t report_id, char ret_pin[REPORT_PIN_LEN + 1]);
/*
 * Is it the PIN of the report? Does the same work, statement by statement, whether there is such a
 * report (0: none), whether it has a PIN, and whether it fits. A wrong one of six characters is
 * counted; after `tries_max` of them no PIN fits until a new one is drawn.
 */
MUST_CHECK
enum err report_pin_check(
	struct store *store, int64_t report_id, const char *pin, int tries_max, bool *ret_fits);

/* Wrong codes so far in one scope. key: who asked, or for what; "" for all. */
#define CODE_SCOPE_TABLE(X) X(SENDER, "sender") X(CODE, "code") X(ALL, "all")
enum code_scope {
#define X(name, text) CODE_SCOPE_##name,
	CODE_SCOPE_TABLE(X)
#undef X
};
#define CODE_SCOPE_COUNT (CODE_SCOPE_ALL + 1)
struct code_guard {
	int wrong;
	int64_t last_ms;  /* of the last wrong one */
	int64_t until_ms; /* nothing is looked up before */
	int said;	  /* refusals that were sent within the window that began at said_ms */
	int64_t said_ms;
};
/* All zero when nothing is known. */
MUST_CHECK
enum err code_guard_load(
	struct store *store, enum code_scope scope, const char *key, struct code_guard *ret_guard);
MUST_CHECK
enum err code_guard_save(struct store *store, enum code_scope scope, const char *key,
	const struct code_guard *guard);
/* Forgets those whose last wrong one is older. */
MUST_CHECK
enum err code_guard_prune(struct store *store, int64_t before_ms);

/* Answers that wait for the sender of a quiet report to ask. */
MUST_CHECK
enum err report_held_add(struct store *store, int64_t report_id, const char *text);
MUST_CHECK
enum err report_held_count(struct store *store, int64_t report_id, int64_t *ret_count);
/* The oldest, which is erased here; ERR_NOT_FOUND. */
MUST_CHECK
enum err report_held_take(struct store *store, int64_t report_id, struct buf *out);

#endif
