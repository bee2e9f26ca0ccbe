/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files (hồ sơ) at the one-stop office, as its last export had them: of each a keyed hash of its
 * code, how far it is, and two dates. Nobody can list them, and nothing tells whose they are.
 */
#ifndef BINHYEN_STORE_DOSSIER_H
#define BINHYEN_STORE_DOSSIER_H

#include "daemon/base/err.h"

#include <stdint.h>

struct store;

#define DOSSIER_STATE_TABLE(X) \
	X(RECEIVED, "RECEIVED") \
	X(WORKING, "WORKING") \
	X(LACKING, "LACKING")	/* something has to be brought */ \
	X(READY, "READY")	/* can be fetched */ \
	X(RETURNED, "RETURNED") /* was fetched */ \
	X(REFUSED, "REFUSED") \
	X(FORWARDED, "FORWARDED") /* to another body */
enum dossier_state {
#define X(name, text) DOSSIER_##name,
	DOSSIER_STATE_TABLE(X)
#undef X
		DOSSIER_STATES
};
const char *dossier_state_text(enum dossier_state state);

struct dossier {
	enum dossier_state state;
	int64_t due_day, changed_day; /* 0 not known */
	int64_t seen_ms;	      /* when an export last had it */
};
/* code: as the office writes it, in one spelling (desk/dossier.h). */
enum dossier_change { DOSSIER_SAME, DOSSIER_ADDED, DOSSIER_CHANGED };
MUST_CHECK
enum err dossier_put(struct store *store, const char *code, const struct dossier *in,
	enum dossier_change *ret_change);
MUST_CHECK
enum err dossier_find(struct store *store, const char *code, struct dossier *ret_dossier);
/* Those that no export has had since. */
MUST_CHECK
enum err dossier_forget(struct store *store, int64_t before_ms);
/* How many of a state; *ret_newest_ms: when the last export came, 0 never. */
MUST_CHECK
enum err dossier_counts(
	struct store *store, int64_t ret_counts[DOSSIER_STATES], int64_t *ret_newest_ms);

#endif
